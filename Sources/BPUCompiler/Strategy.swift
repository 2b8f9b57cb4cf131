import BPU

/// What an optimisation level allows a program to do. Each level allows what the one below does.
struct Strategy {
    /// Channels that are constant, or that no weight reads, are not computed.
    var leavesOutDeadChannels = true
    /// Standalone activations join the layer before them.
    var fusesClamps = true
    /// Maps stay on chip between layers where they fit.
    var keepsMaps = true
    /// The next tile is loaded while one is computed.
    var doubleBuffers = true
    /// Descriptors of one tile hide each other's start.
    var chains = true
    /// Depthwise inputs of middle size are re-laid through DDR, as the documented run does at O1.
    var stagesThroughDDR = false
    /// The batch may be processed in smaller chunks, so that more maps fit.
    var chunksBatch = true
    /// Groups of layers may have chunks of different size.
    var splitsModel = true

    static func named(_ optimization: Optimization) -> Strategy {
        switch optimization {
        case .o0:
            Strategy(
                leavesOutDeadChannels: false, fusesClamps: false, keepsMaps: false, doubleBuffers: false, chains: false, stagesThroughDDR: true,
                chunksBatch: false, splitsModel: false)
        case .o1: Strategy(leavesOutDeadChannels: false, stagesThroughDDR: true, chunksBatch: false, splitsModel: false)
        case .o2: Strategy(splitsModel: false)
        case .o3, .ddr, .fast, .balance: Strategy()
        }
    }
}

/// Consecutive steps that process the batch in chunks of `chunk` frames, and the on-chip addresses of the maps they keep.
struct SegmentPlan {
    var steps: Range<Int>
    var chunk: Int
    var addresses: [Int: Int] = [:]
}
