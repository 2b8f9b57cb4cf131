import BPU

/// What the optimiser tries to make small, and how hard it searches.
package enum Optimization: String, CaseIterable, Sendable {
    case o0 = "O0"
    case o1 = "O1"
    case o2 = "O2"
    case o3 = "O3"
    /// Fewest DDR bytes.
    case ddr
    /// Least latency; as O3.
    case fast
    /// Latency and DDR bytes together, weighed by the balance factor.
    case balance
}

/// Everything that decides a compilation besides the model.
package struct CompilerOptions: Sendable {
    package var name: String
    /// One for each input, or one for all.
    package var sources: [InputSource]
    /// One for each input, or empty: NHWC for images, NCHW for tensors.
    package var inputLayouts: [MapLayout]
    package var outputLayout: MapLayout
    package var optimization: Optimization
    /// Weight of DDR bytes against latency for `balance`, from 0.
    package var balanceFactor: Double
    /// The equivalent command line, for reports.
    package var commandLine: String

    package init(
        name: String, sources: [InputSource] = [.ddr], inputLayouts: [MapLayout] = [], outputLayout: MapLayout = .native,
        optimization: Optimization = .o2,
        balanceFactor: Double = 2, commandLine: String = ""
    ) {
        self.name = name
        self.sources = sources
        self.inputLayouts = inputLayouts
        self.outputLayout = outputLayout
        self.optimization = optimization
        self.balanceFactor = balanceFactor
        self.commandLine = commandLine
    }

    package func source(_ input: Int) -> InputSource { sources.count == 1 ? sources[0] : input < sources.count ? sources[input] : .ddr }

    package func layout(_ input: Int) -> MapLayout {
        if source(input) != .ddr { return .packed }
        return inputLayouts.count == 1 ? inputLayouts[0] : input < inputLayouts.count ? inputLayouts[input] : .native
    }
}
