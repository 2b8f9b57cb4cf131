/// What runs cells. The interpreter adopts it; tests script it. `Notebooks` knows nothing else about the language.
package protocol CellEvaluator: AnyObject {
    /// Called once, before any cell.
    func start(_ session: EvaluationSession)

    /// Runs one cell in the session's state, sending what it prints and shows to `sink` while it happens, on the calling thread.
    ///
    /// Must look at `control` often enough to stop within 100 ms of an interrupt or of the deadline, and then return
    /// `.interrupted` or `.timedOut`.
    func evaluate(_ cell: CellSource, sink: any OutputSink, control: EvaluationControl) -> CellOutcome

    /// Offers saved states: `keys[i]` names the state after cell `i`. Restores the longest one it has and returns how many cells that
    /// covers; 0 when it starts empty.
    func restore(_ keys: [String]) -> Int

    /// The state after a finished cell may be saved under this key.
    func didFinish(_ cell: CellSource, key: String)
}

extension CellEvaluator {
    package func restore(_ keys: [String]) -> Int { 0 }
    package func didFinish(_ cell: CellSource, key: String) {}
}

/// What is true for all cells of a run.
package struct EvaluationSession: Sendable, Equatable {
    /// The notebook's path as messages name it.
    package let file: String
    /// The folder that relative paths in cells start from.
    package let folder: String
    /// Front matter with overrides: what `params.name` reads.
    package let parameters: [ScalarValue.Entry]
    package let seed: UInt64?

    package init(file: String, folder: String, parameters: [ScalarValue.Entry], seed: UInt64?) {
        self.file = file
        self.folder = folder
        self.parameters = parameters
        self.seed = seed
    }
}

/// One cell as the evaluator gets it.
package struct CellSource: Sendable, Equatable {
    package let file: String
    /// 0-based among the cells of the notebook.
    package let index: Int
    /// Its label, or `cell-N`.
    package let name: String
    /// Dedented source, option lines included, so that its line `k` (from 1) is line `firstLine + k - 1` of the file.
    package let text: String
    package let firstLine: Int
    /// Characters that dedenting cut from each line; empty for none.
    package let cutColumns: [Int]
    package let seed: UInt64?

    package init(file: String, index: Int, name: String, text: String, firstLine: Int, cutColumns: [Int], seed: UInt64?) {
        self.file = file
        self.index = index
        self.name = name
        self.text = text
        self.firstLine = firstLine
        self.cutColumns = cutColumns
        self.seed = seed
    }

    /// A 1-based place in `text` as a place in the file.
    package func position(line: Int, column: Int) -> (line: Int, column: Int) {
        let cut = line >= 1 && line <= cutColumns.count ? cutColumns[line - 1] : 0
        return (firstLine + line - 1, column + cut)
    }
}

/// Takes outputs in the order they happen.
package protocol OutputSink: AnyObject {
    func write(_ text: String, to stream: OutputStream)
    func show(_ display: Display)
    /// Takes back everything the cell has written and shown so far.
    func clear()
    /// Called between two steps of a cell that has run for a moment: time to write what finished cells left. True asks for
    /// another call a moment later.
    func settle() -> Bool
}

extension OutputSink {
    package func settle() -> Bool { false }
}

/// How a cell ended.
package enum CellOutcome: Sendable, Equatable {
    case finished
    case failed(CellError)
    case interrupted(CellError?)
    case timedOut(CellError?)

    package var error: CellError? {
        switch self {
        case .finished: nil
        case .failed(let error): error
        case .interrupted(let error), .timedOut(let error): error
        }
    }
}

/// An exception that left a cell.
package struct CellError: Sendable, Equatable {
    /// The class name, then those of its bases: `raises:` matches any of them.
    package let typeNames: [String]
    package let message: String
    /// The text shown, first line `file.qnb:LINE:COL: Type: message`, then the code frame.
    package let traceback: String
    /// 1-based place in the file; 0 when unknown.
    package let line: Int
    package let column: Int

    package init(typeNames: [String], message: String, traceback: String, line: Int = 0, column: Int = 0) {
        self.typeNames = typeNames
        self.message = message
        self.traceback = traceback
        self.line = line
        self.column = column
    }

    package var typeName: String { typeNames.first ?? "Exception" }
}
