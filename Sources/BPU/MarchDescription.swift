/// Where the value of a machine parameter comes from.
package enum Provenance: String, Sendable {
    /// Stated by the vendor's public documentation.
    case documented
    /// Chosen so that the timing model reproduces the documented run of MobileNetV2 at batch 256. A fit, not a hardware fact.
    case fitted
    /// Chosen by us because nothing is public.
    case assumed
}

/// One machine parameter with its unit and where it comes from.
package struct MachineParameter: Sendable {
    package let name: String
    package let value: Double
    package let unit: String
    package let provenance: Provenance
    package let note: String
}

/// One accelerator generation as this compiler and simulator model it: memory sizes, rates, fixed costs and operator limits.
///
/// The real chips' internals are not public. `parameters` lists every number with its provenance, and reports print that list.
package struct MarchDescription: Sendable {
    /// `bayes`, `bernoulli2`: the spelling of compiler options.
    package let name: String
    package let roundsShifts: Bool
    package let supportsInt16: Bool
    /// Bytes of on-chip memory for feature maps that stay between layers.
    package let featureMemory: Int
    /// Bytes of on-chip memory through which maps in DDR are streamed.
    package let stagingMemory: Int
    /// Bytes of on-chip memory for weights.
    package let weightMemory: Int
    /// Bytes per microsecond between DDR and on-chip memory, loads and stores together.
    package let bandwidth: Double
    /// Microseconds before the first byte of a transfer's descriptor.
    package let descriptorStart: Double
    /// Microseconds to launch a layer.
    package let layerLaunch: Double
    package let convolutionRate: Double
    package let depthwiseRate: Double
    /// Elements per microsecond of additions, pooling, moves and conversions.
    package let vectorRate: Double
    /// Microseconds before the first result of each frame, by kind of instruction.
    package let convolutionStart: Double
    package let depthwiseStart: Double
    package let vectorStart: Double
    package let limits: OperatorLimits

    /// Weights and channel records of a layer each start and end at multiples of this many bytes.
    package var constantAlignment: Int { 512 }
    /// Address granularity of the interlock between the transfer engine and the computing engine.
    package var bankBytes: Int { 4096 }

    package var chipMemory: Int { featureMemory + stagingMemory + weightMemory }
    package var stagingBase: Int { featureMemory }
    package var weightBase: Int { featureMemory + stagingMemory }

    package static let all = [bayes, bernoulli2]

    package static func named(_ name: String) -> MarchDescription? { all.first { $0.name == name } }

    package static let bayes = MarchDescription(
        name: "bayes", roundsShifts: true, supportsInt16: true, featureMemory: 3_932_160, stagingMemory: 1 << 20, weightMemory: 1 << 20,
        bandwidth: 9018, descriptorStart: 0.444, layerLaunch: 1.9, convolutionRate: 3.98e6, depthwiseRate: 5.66e6, vectorRate: 4.0e5,
        convolutionStart: 20.0 / 256, depthwiseStart: 40.0 / 256, vectorStart: 10.0 / 256, limits: .bayes)

    package static let bernoulli2 = MarchDescription(
        name: "bernoulli2", roundsShifts: false, supportsInt16: false, featureMemory: 1 << 20, stagingMemory: 1 << 19, weightMemory: 1 << 19,
        bandwidth: 6400, descriptorStart: 0.444, layerLaunch: 1.9, convolutionRate: 0.9e6, depthwiseRate: 0.45e6, vectorRate: 1.0e5,
        convolutionStart: 20.0 / 256, depthwiseStart: 40.0 / 256, vectorStart: 10.0 / 256, limits: .bernoulli2)

    /// Every number of the timing and memory model, for reports.
    package var parameters: [MachineParameter] {
        let fit: Provenance = name == "bayes" ? .fitted : .assumed
        func parameter(_ name: String, _ value: Double, _ unit: String, _ provenance: Provenance, _ note: String) -> MachineParameter {
            MachineParameter(name: name, value: value, unit: unit, provenance: provenance, note: note)
        }
        return [
            parameter(
                "feature memory", Double(featureMemory), "bytes", fit, "the documented run keeps maps of 3.75 MiB on chip and spills those of 4 MiB"),
            parameter("staging memory", Double(stagingMemory), "bytes", .assumed, "double buffers of streamed maps"),
            parameter("weight memory", Double(weightMemory), "bytes", .assumed, "two layers' weights, or tiles of them"),
            parameter("DDR bandwidth", bandwidth, "bytes/us", fit, "loads and stores together"),
            parameter("descriptor start", descriptorStart, "us", fit, "per transfer and frame; hidden for chained descriptors of one layer"),
            parameter("layer launch", layerLaunch, "us", fit, "from the documented run at batch 1"),
            parameter("convolution rate", convolutionRate, "MAC/us", fit, "effective, far below the peak"),
            parameter("depthwise rate", depthwiseRate, "MAC/us", fit, "effective"),
            parameter("vector rate", vectorRate, "elements/us", .assumed, "additions, pooling, moves"),
            parameter("convolution start", convolutionStart, "us/frame", fit, "claims no agreement closer than a factor of 2"),
            parameter("depthwise start", depthwiseStart, "us/frame", fit, "claims no agreement closer than a factor of 2"),
            parameter("vector start", vectorStart, "us/frame", .assumed, ""),
        ]
    }

    /// How many copies of its input the depthwise unit reads, one for each of the kernel rows in flight.
    ///
    /// Fitted: the documented run's traffic implies these factors; what they are for in hardware is not public.
    /// - Parameter height: rows of the input map.
    package func depthwiseCopies(stride: Int, height: Int) -> Int {
        if stride > 1 { return height >= 8 ? 4 : height > 2 ? 2 : 1 }
        return height >= 16 ? 2 : 1
    }

    /// Whether the input of a depthwise convolution read from DDR is first written back twice, then read again (fitted, as above).
    package func depthwiseStages(stride: Int, height: Int) -> Bool { stride == 1 && height >= 8 && height < 16 }

    /// Descriptors for one frame of a map held in `copies`: one writes a pair of copies, each further copy needs its own.
    package func descriptors(copies: Int) -> Int { max(1, copies - 1) }
}
