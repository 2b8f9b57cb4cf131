/// The documented limits of operators on one march; ranges are inclusive.
package struct OperatorLimits: Sendable {
    package var channels: ClosedRange<Int>
    /// Channels of a convolution whose result is a model output.
    package var outputChannels: ClosedRange<Int>
    package var kernel: ClosedRange<Int>
    /// kernel height × kernel width × input channels per group.
    package var weightsPerOutput: ClosedRange<Int>
    package var padding: ClosedRange<Int>
    package var dilation: ClosedRange<Int>
    package var residualStride: ClosedRange<Int>
    package var linearFeatures: ClosedRange<Int>?
    package var averageKernel: ClosedRange<Int>
    package var averageStride: ClosedRange<Int>
    package var averagePadding: ClosedRange<Int>
    package var maxKernel: ClosedRange<Int>
    package var maxStride: ClosedRange<Int>
    package var maxPadding: ClosedRange<Int>
    package var elementwiseChannels: ClosedRange<Int>
    package var concatenated: ClosedRange<Int>
    package var dimension: ClosedRange<Int>
    package var batch: ClosedRange<Int>
    package var hasLookup: Bool
    package var hasMultiply: Bool

    package static let bayes = OperatorLimits(
        channels: 1...8192, outputChannels: 1...16384, kernel: 1...31, weightsPerOutput: 1...65534, padding: 0...256, dilation: 1...16,
        residualStride: 1...2, linearFeatures: 1...8192, averageKernel: 1...256, averageStride: 1...256, averagePadding: 0...256,
        maxKernel: 1...256, maxStride: 1...256, maxPadding: 0...255, elementwiseChannels: 1...65536, concatenated: 1...1024,
        dimension: 1...65536, batch: 1...4096, hasLookup: true, hasMultiply: true)

    package static let bernoulli2 = OperatorLimits(
        channels: 1...8192, outputChannels: 1...16384, kernel: 1...31, weightsPerOutput: 1...65534, padding: 0...256, dilation: 1...16,
        residualStride: 1...2, linearFeatures: nil, averageKernel: 1...7, averageStride: 1...185, averagePadding: 0...256, maxKernel: 1...64,
        maxStride: 1...256, maxPadding: 0...255, elementwiseChannels: 1...2048, concatenated: 1...1024, dimension: 1...65536, batch: 1...4096,
        hasLookup: false, hasMultiply: true)
}
