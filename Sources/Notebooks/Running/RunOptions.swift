/// What the command line asks of a run.
package struct RunOptions: Sendable, Equatable {
    /// Typed by `Parameters.override`; a later one of the same name wins.
    package var parameters: [ScalarValue.Entry] = []
    package var only: [String] = []
    package var from: String?
    package var until: String?
    /// Runs every cell even where the evaluator could restore a state.
    package var isFresh = false
    /// Seconds per cell where the cell itself sets none.
    package var timeout: Double?
    package var allowsErrors = false
    package var seed: UInt64?
    package var overwritesEdited = false
    /// Images become `data:` URIs in the file.
    package var embeds = false
    /// Where to write instead of into the notebook itself.
    package var output: String?

    package init() {}
}

/// The process's exit status; the numbers are the command line's contract.
package enum RunStatus: Int32, Sendable, Equatable {
    case done = 0
    case failed = 1
    case unusable = 2
    case edited = 3
    case inputOutput = 74
    case timeout = 124
    case interrupted = 130
}
