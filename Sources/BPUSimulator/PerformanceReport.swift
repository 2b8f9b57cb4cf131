import BPU

/// The time and traffic of one run of a program, layer by layer and over time, by the timing model.
///
/// Simulated, with parameters fitted to the one documented run: not a measurement of hardware.
package struct PerformanceReport: Sendable {
    package struct Layer: Sendable {
        package var name: String
        package var operations: Int
        /// Microseconds of computation, and of transfers, when nothing is hidden.
        package var compute = 0.0
        package var transfer = 0.0
    }

    /// What happens in one stretch of the run.
    package struct Interval: Sendable {
        /// Share of the time the computing engine is busy, 0…1.
        package var utilization = 0.0
        package var loadedBytes = 0.0
        package var storedBytes = 0.0
    }

    package static let intervalMicroseconds = 1000.0
    package static let curveCount = 200

    package let header: ProgramHeader
    package let march: MarchDescription
    package private(set) var layers: [Layer]
    /// By the millisecond, as documented.
    package private(set) var intervals: [Interval]
    /// The run in `curveCount` equal parts, for drawing.
    package private(set) var curve: [Interval]
    /// Microseconds of one run.
    package let latency: Double
    package private(set) var loadedBytes = 0
    package private(set) var storedBytes = 0
    /// One past the highest address of the feature memory that is ever written.
    package private(set) var chipPeak = 0
    package let instructionCount: Int
    package let constantBytes: Int

    /// Verifies the program.
    package init(_ program: Program) throws(ProgramError) {
        march = try ProgramVerifier.verify(program)
        header = program.header
        instructionCount = program.instructions.count
        constantBytes = program.constants.count
        layers = program.header.layers.map { Layer(name: $0.name, operations: $0.operations) }
        let timeline = Timeline(program.instructions, march: march)
        latency = timeline.latency
        let count = max(1, Int((latency / PerformanceReport.intervalMicroseconds).rounded(.up)))
        intervals = Array(repeating: Interval(), count: count)
        curve = Array(repeating: Interval(), count: PerformanceReport.curveCount)
        let timing = InstructionTiming(march)
        var features = FeaturePeak(march)
        for (instruction, entry) in zip(program.instructions, timeline.entries) {
            account(instruction, entry, timing)
            features.see(instruction)
        }
        chipPeak = features.peak
    }

    package var operations: Int { layers.reduce(0) { $0 + $1.operations } }
    /// Frames per second.
    package var framesPerSecond: Double { latency > 0 ? Double(header.frames) / latency * 1e6 : 0 }

    /// Microseconds of one part of `curve`.
    package var curveMicroseconds: Double { max(latency, 1e-9) / Double(PerformanceReport.curveCount) }

    private mutating func account(_ instruction: Instruction, _ entry: Timeline.Entry, _ timing: InstructionTiming) {
        switch instruction {
        case .layer: break
        case .load(let body):
            loadedBytes += body.byteCount
            layers[entry.layer].transfer += timing.cost(instruction)
            spread(entry.end - Double(body.byteCount) / march.bandwidth, entry.end) { interval, part, _ in interval.loadedBytes += part * Double(body.byteCount) }
        case .store(let body):
            storedBytes += body.byteCount
            layers[entry.layer].transfer += timing.cost(instruction)
            spread(entry.end - Double(body.byteCount) / march.bandwidth, entry.end) { interval, part, _ in interval.storedBytes += part * Double(body.byteCount) }
        case .image, .convolution, .depthwise, .maxPool, .averagePool, .add, .multiply, .move, .rescale, .lookup, .fill:
            layers[entry.layer].compute += timing.cost(instruction)
            spread(entry.start, entry.end) { interval, part, size in interval.utilization += part * (entry.end - entry.start) / size }
        }
    }

    /// Calls `body` for every interval that start…end meets, with the part of it that lies there and the interval's length; parts add up to 1.
    private mutating func spread(_ start: Double, _ end: Double, _ body: (inout Interval, Double, Double) -> Void) {
        PerformanceReport.spread(start, end, over: &intervals, size: PerformanceReport.intervalMicroseconds, body)
        PerformanceReport.spread(start, end, over: &curve, size: curveMicroseconds, body)
    }

    private static func spread(_ start: Double, _ end: Double, over intervals: inout [Interval], size: Double, _ body: (inout Interval, Double, Double) -> Void) {
        let last = intervals.count - 1
        var index = min(max(0, Int(start / size)), last)
        guard end > start else { return body(&intervals[index], 1, size) }
        var at = start
        while index <= last {
            let limit = index == last ? end : min(end, Double(index + 1) * size)
            body(&intervals[index], (limit - at) / (end - start), size)
            if limit >= end { return }
            at = limit
            index += 1
        }
    }
}

/// Follows which addresses of the feature memory hold something.
private struct FeaturePeak {
    private let march: MarchDescription
    private(set) var peak = 0

    init(_ march: MarchDescription) { self.march = march }

    mutating func see(_ instruction: Instruction) {
        for view in outputs(instruction) where view.view.address < march.featureMemory { peak = max(peak, view.view.end(frames: view.frames)) }
    }

    private func outputs(_ instruction: Instruction) -> [(view: MapView, frames: Int)] {
        switch instruction {
        case .layer, .load, .store: []
        case .image(let body): [(body.output, body.frames)]
        case .convolution(let body), .depthwise(let body): [(body.output, body.frames)]
        case .maxPool(let body), .averagePool(let body): [(body.output, body.frames)]
        case .add(let body), .multiply(let body): [(body.output, body.frames)]
        case .move(let body), .rescale(let body), .lookup(let body), .fill(let body): [(body.output, body.frames)]
        }
    }
}
