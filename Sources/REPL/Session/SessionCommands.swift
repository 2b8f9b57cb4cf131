import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// The `%` commands that concern the session itself. The others (`%time`, `%who`, …) are the language's, in `IPython.core.magics`.
struct SessionCommands {
    private let name: String
    private let argument: String

    /// nil when the cell is not one of these commands.
    init?(_ cell: String) {
        guard cell.hasPrefix("%"), !cell.hasPrefix("%%"), !cell.contains("\n") else { return nil }
        let words = cell.dropFirst().split(separator: " ", maxSplits: 1)
        guard let first = words.first, Self.table[String(first)] != nil else { return nil }
        name = String(first)
        argument = words.count > 1 ? words[1].trimmingPrefix { $0 == " " }.description : ""
    }

    func perform(in session: InteractiveSession) throws(SessionProblem) {
        guard let (_, action) = Self.table[name] else { return }
        try action(session, argument)
    }

    private typealias Action = @Sendable (InteractiveSession, String) throws(SessionProblem) -> Void

    private static let table: [String: (help: String, Action)] = [
        "save": ("Write the session as a notebook with its outputs: %save [-f] FILE [CELLS]", save),
        "notebook": ("Write the session as a notebook with its outputs: %notebook [-f] FILE", save),
        "load": ("Put a file, a cell or a notebook's labelled cell on the prompt", load),
        "hist": ("List the cells of this session; -g TEXT searches all sessions", listHistory),
        "history": ("List the cells of this session; -g TEXT searches all sessions", listHistory),
        "edit": ("Edit a cell in $EDITOR, then run it", edit),
        "full": ("Show the last value whole", full),
        "pdb": ("Debug after every error: %pdb on, %pdb off, or the other of the two", debugAlways),
        "debug": ("Look at the variables of the calls that the last error left", debug),
    ]

    /// For `%lsmagic`.
    static let described: [(name: String, help: String)] = table.map { ($0.key, $0.value.help) }.sorted { $0.0 < $1.0 }

    // MARK: Commands

    private static func save(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        let words = argument.split(separator: " ").map(String.init)
        let isForced = words.first == "-f"
        guard let given = words.dropFirst(isForced ? 1 : 0).first else { throw SessionProblem("%save needs a file name: %save session.qnb") }
        let path = given.hasSuffix(".qnb") || given.hasSuffix(".md") ? given : given + ".qnb"
        guard isForced || access(path, F_OK) != 0 else { throw SessionProblem("\(path) exists; %save -f \(given) replaces it") }
        let chosen = try selection(words.dropFirst(isForced ? 2 : 1).joined(separator: " "), in: session)
        guard !chosen.isEmpty else { throw SessionProblem("there is no cell to save yet") }
        do {
            try SavedSession(cells: chosen).write(to: path, environment: session.environment)
        } catch let problem as SessionProblem {
            throw problem
        } catch {
            throw SessionProblem("\(path) cannot be written: \(error)")
        }
        session.terminal.write("\(chosen.count) cell\(chosen.count == 1 ? "" : "s") written to \(path)\n", false)
    }

    /// `3`, `2-5`, `1 4-6`; everything when nothing is said.
    private static func selection(_ text: String, in session: InteractiveSession) throws(SessionProblem) -> [RecordedCell] {
        if text.isEmpty { return session.cells }
        var numbers: [Int] = []
        for part in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let ends = part.split(separator: "-", maxSplits: 1).map { Int($0) }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, first <= last, first >= 1, last <= session.cells.count else {
                throw SessionProblem("'\(part)' names no cells of this session, which are 1 to \(session.cells.count)")
            }
            numbers += first...last
        }
        return numbers.map { session.cells[$0 - 1] }
    }

    private static func load(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        guard !argument.isEmpty else { throw SessionProblem("%load needs a file, a cell's number or a label") }
        if let number = Int(argument) {
            session.initialText = try selection(String(number), in: session)[0].text
        } else if let cell = session.labelledCells.first(where: { $0.label == argument }) {
            session.initialText = cell.text
        } else if let bytes = readFile(argument), let text = String(validating: bytes, as: UTF8.self) {
            session.initialText = text.hasSuffix("\n") ? String(text.dropLast()) : text
        } else {
            throw SessionProblem("\(argument) is neither a readable file nor a cell of this session")
        }
    }

    private static func listHistory(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
        if words.first == "-g" {
            let wanted = words.count > 1 ? words[1] : ""
            // Read anew: other sessions go on writing. The searches themselves are no finds.
            for cell in session.allHistory() where (wanted.isEmpty || cell.contains(wanted)) && !cell.hasPrefix("%hist") {
                session.terminal.write(cell + "\n", false)
            }
            return
        }
        for cell in try selection(argument == "-n" ? "" : argument, in: session) {
            let label = session.terminal.styled(String(repeating: " ", count: max(0, 4 - String(cell.number).count)) + "\(cell.number): ", .faint)
            session.terminal.write(label + cell.text.replacing("\n", with: "\n      ") + "\n", false)
        }
    }

    private static func full(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        guard let text = session.wholeResult else { throw SessionProblem("no value was shown shortened yet") }
        session.terminal.write(text + "\n", false)
    }

    private static func debug(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        guard session.debug() else { throw SessionProblem("there is no error to look at") }
    }

    private static func debugAlways(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        switch argument {
        case "": session.debugsErrors.toggle()
        case "on", "1": session.debugsErrors = true
        case "off", "0": session.debugsErrors = false
        default: throw SessionProblem("%pdb takes on or off, not '\(argument)'")
        }
        session.terminal.write("Automatic pdb calling has been turned \(session.debugsErrors ? "ON" : "OFF")\n", false)
    }

    private static func edit(_ session: InteractiveSession, _ argument: String) throws(SessionProblem) {
        let text = argument.isEmpty ? session.cells.last?.text ?? "" : try selection(argument, in: session).map(\.text).joined(separator: "\n\n")
        var template = Array("/tmp/qnb-cell-XXXXXX.py".utf8CString)
        let descriptor = mkstemps(&template, 3)
        guard descriptor >= 0 else { throw SessionProblem("no temporary file can be made in /tmp") }
        let path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress.unsafelyUnwrapped) }
        defer { unlink(path) }
        let bytes = Array((text + "\n").utf8)
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        guard count == bytes.count else { throw SessionProblem("\(path) cannot be written") }
        let program = ["VISUAL", "EDITOR"].compactMap { (name: String) in getenv(name).map { String(cString: $0) } }.first { !$0.isEmpty } ?? "vi"
        let status = system("\(program) \(path)")
        guard status == 0 else { throw SessionProblem("\(program) ended with status \(status >> 8); nothing was run") }
        guard let edited = readFile(path), let cell = String(validating: edited, as: UTF8.self) else {
            throw SessionProblem("\(path) is gone or no text; nothing was run")
        }
        session.runCell(cell.hasSuffix("\n") ? String(cell.dropLast()) : cell, label: nil)
    }

    private static func readFile(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
