import Foundation
import Testing

/// The binary under test on a terminal of its own, as a user meets it: keys go in, a screen comes out.
final class PseudoTerminal {
    let screen: TerminalScreen
    /// Every byte that came.
    private(set) var output: [UInt8] = []
    private let master: Int32
    private let process: pid_t
    private var status: Int32?

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameters:
    ///   - folder: where the session works; its history lies there too unless `environment` says otherwise.
    init(_ arguments: [String] = [], executable: String? = nil, folder: URL, columns: Int = 80, height: Int = 24, environment: [String: String] = [:])
        throws
    {
        screen = TerminalScreen(columns: columns, height: height)
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (number, lock) = (Int32(-1), Int32(0))
        // The requests TIOCSPTLCK and TIOCGPTN, whose macros Swift does not read.
        guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw Failure(description: "no pseudo-terminal")
        }
        var values = [
            "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": folder.path, "PATH": "/usr/local/bin:/usr/bin:/bin", "TMPDIR": folder.path,
            "QNB_HISTORY": folder.appending(path: "history").path, "INPUTRC": "/dev/null",
        ]
        values.merge(environment) { _, new in new }
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        process = try Self.spawn(try executable ?? Self.binary().path, arguments, terminal: "/dev/pts/\(number)", folder: folder.path, values)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(master)
    }

    /// The environment's QNB, or `qnb` in the products folder that the test bundle lies in.
    static func binary() throws -> URL {
        if let given = ProcessInfo.processInfo.environment["QNB"] { return URL(filePath: given) }
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let url = URL(filePath: bundle).deletingLastPathComponent().appending(path: "qnb")
        guard FileManager.default.isExecutableFile(atPath: url.path) else { throw Failure(description: "no executable at \(url.path)") }
        return url
    }

    /// Starts a process that leads a session of its own; the terminal it opens first becomes its controlling one.
    private static func spawn(_ path: String, _ arguments: [String], terminal: String, folder: String, _ environment: [String: String]) throws
        -> pid_t
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Threads of the test library block signals, and a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        let newSession: Int32 = 0x80
        posix_spawnattr_setflags(&attributes, Int16(newSession | POSIX_SPAWN_SETSIGMASK))
        var argv = (["sh", "-c", "cd \"$0\" && exec \"$@\"", folder, path] + arguments).map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var process = pid_t()
        let code = posix_spawn(&process, "/bin/sh", &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw Failure(description: "\(path) did not start: \(String(cString: strerror(code)))") }
        return process
    }

    // MARK: Keys

    func type(_ keys: String) {
        let bytes = Array(keys.utf8)
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { write(master, $0.baseAddress, min($0.count, 512)) }
            if count > 0 { offset += count } else { return }
            // The terminal's buffer is small: what comes back must be taken, or both sides wait.
            read(milliseconds: 0)
        }
    }

    /// Runs a line and waits for the prompt of the next cell.
    func run(_ line: String, then number: Int, seconds: Double = 60) throws {
        type(line + "\r")
        try expectPrompt(number, seconds: seconds)
    }

    /// Changes the size and waits until the session has answered with a new picture.
    func resize(columns: Int, height: Int) throws {
        read(milliseconds: 50)
        let before = output.count
        var size = winsize(ws_row: UInt16(height), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        screen.resize(columns: columns, height: height)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        try expect("answer to the new size") { _ in self.output.count > before }
        var seen = before
        while output.count > seen {
            seen = output.count
            read(milliseconds: 100)
        }
    }

    func send(_ signal: Int32) { kill(process, signal) }

    // MARK: Waiting

    /// Reads until a condition holds on the screen.
    func expect(_ what: String, seconds: Double = 60, _ condition: (TerminalScreen) -> Bool) throws {
        let end = Date.now.addingTimeInterval(seconds)
        while !condition(screen) {
            guard Date.now < end else {
                throw Failure(description: "no \(what) in \(seconds) s; the screen shows\n" + screen.all.joined(separator: "\n"))
            }
            if !read(milliseconds: 50), !condition(screen) {
                throw Failure(description: "the session ended without \(what); the screen shows\n" + screen.all.joined(separator: "\n"))
            }
        }
    }

    /// Waits for an empty prompt of a cell, the cursor behind it.
    func expectPrompt(_ number: Int, seconds: Double = 60) throws {
        try expect("prompt \(number)", seconds: seconds) { $0.rows[$0.row] == "In [\(number)]:" && $0.column == "In [\(number)]: ".count }
    }

    /// Waits for a row that begins with a text.
    func expectRow(_ text: String, seconds: Double = 60) throws {
        try expect("row '\(text)'", seconds: seconds) { $0.all.contains { $0.hasPrefix(text) } }
    }

    /// Takes what comes within a time; false when the other end is closed.
    @discardableResult
    func read(milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        var timeout = milliseconds
        while poll(&descriptor, 1, timeout) > 0 {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return false }
            output += buffer[..<count]
            screen.feed(Array(buffer[..<count]))
            timeout = 0
        }
        return true
    }

    /// Waits for the process to end; its exit status, 128 + signal when it was killed.
    func finish(seconds: Double = 30) throws -> Int32 {
        if let status { return status }
        let end = Date.now.addingTimeInterval(seconds)
        var code: Int32 = 0
        while waitpid(process, &code, WNOHANG) == 0 {
            guard Date.now < end else { throw Failure(description: "the session has not ended in \(seconds) s") }
            read(milliseconds: 10)
        }
        read(milliseconds: 10)
        let result = code & 0x7F == 0 ? (code >> 8) & 0xFF : 128 + (code & 0x7F)
        status = result
        return result
    }
}
