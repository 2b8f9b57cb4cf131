/// What a run tells while it goes on; the command line turns these into its progress display.
package enum RunEvent: Sendable {
    /// An earlier run was killed: its finished cells were put back into the notebook, and what the unfinished one had printed.
    case recovered(finished: [String], unfinished: String?)
    /// `replayed` are cells executed only for the state they leave.
    case started(cells: Int, replayed: [String], restored: Int)
    case cellStarted(CellReport)
    case output(cell: Int, OutputStream, String)
    case cellFinished(CellReport)
    /// The notebook was saved by someone else meanwhile; results were attached to the new text, except those of these cells.
    case merged(withoutOutput: [String])
    case warning(String)
}

/// One cell's execution as events, results and the run record report it.
package struct CellReport: Sendable, Equatable {
    package let index: Int
    package let name: String
    /// Line of the cell's opening fence.
    package let line: Int
    package let isReplay: Bool
    package var status: CellStatus
    package var seconds: Double
    /// Whether the stored block changed.
    package var isChanged: Bool
    package var error: CellError?
}

/// How a run ended.
package struct RunResult: Sendable {
    package var status: RunStatus
    /// For the user, in order, each complete.
    package var messages: [String]
    package var cells: [CellReport]
    /// The file that holds the results; nil when none was written or needed writing.
    package var writtenTo: String?
}

/// How a check ended.
package struct CheckResult: Sendable {
    package struct Difference: Sendable, Equatable {
        package let cell: String
        package let line: Int
        /// A unified diff of the stored against the new payload.
        package let diff: String
    }

    package var status: RunStatus
    package var messages: [String]
    package var differences: [Difference]
    package var cells: [CellReport]
}

/// What the top layer lends a run: files, clock, memory, facts about engine and machine.
package struct RunEnvironment: Sendable {
    package var files: any FileSystem
    /// Bumped by the engine only when results may change; part of the seal.
    package var epoch: Int
    /// Monotonic.
    package var seconds: @Sendable () -> Double
    package var residentBytes: @Sendable () -> Int?
    /// Engine, version, host, start time: copied into the run record.
    package var facts: [JSON.Member]

    package init(
        files: any FileSystem, epoch: Int, seconds: @escaping @Sendable () -> Double, residentBytes: @escaping @Sendable () -> Int? = { nil },
        facts: [JSON.Member] = []
    ) {
        self.files = files
        self.epoch = epoch
        self.seconds = seconds
        self.residentBytes = residentBytes
        self.facts = facts
    }
}
