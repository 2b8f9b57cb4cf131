import Foundation
import Testing

/// What a child process did: its two streams, how it ended, how long it took.
struct Execution: Sendable {
    enum End: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
        case timeout
    }

    let output: String
    let error: String
    let end: End
    /// From the start to the end, or from the interrupt to the end when one was sent.
    let duration: Duration

    /// The status a shell would show; nil for a process that had to be killed.
    var status: Int32? {
        switch end {
        case .exit(let code): code
        case .signal(let number): 128 + number
        case .timeout: nil
        }
    }
}

/// How to start a child process.
struct Invocation: Sendable {
    var executable: URL
    var arguments: [String]
    var folder: URL
    var timeout: Double = 20
    /// Sends SIGINT as soon as the child has printed this text.
    var interruptAfter: String?

    /// Runs on a thread of its own, at most `Workers.width` at a time.
    func run() async throws -> Execution {
        await Workers.shared.enter()
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { try runBlocking() })
            }
        }
        await Workers.shared.leave()
        return try result.get()
    }

    private func runBlocking() throws -> Execution {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "qnb-language-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }  // A leftover scratch folder harms nothing.
        let output = scratch.appending(path: "stdout")
        let error = scratch.appending(path: "stderr")
        for url in [output, error] { try Data().write(to: url) }
        let handles = try [output, error].map { try FileHandle(forWritingTo: $0) }
        // The child has its own; hundreds of runs would use up the descriptors of this process.
        defer { for handle in handles { handle.closeFile() } }
        let process = prepare(output: handles[0], error: handles[1])
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        let clock = ContinuousClock()
        var began = clock.now
        try startWithSignals(process)
        let deadline = DispatchTime.now() + timeout
        if let text = interruptAfter, wait(for: text, in: output, until: deadline) {
            began = clock.now
            kill(process.processIdentifier, SIGINT)
        }
        var end: Execution.End
        if ended.wait(timeout: deadline) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            ended.wait()
            end = .timeout
        } else {
            end = process.terminationReason == .exit ? .exit(process.terminationStatus) : .signal(process.terminationStatus)
        }
        let duration = clock.now - began
        return Execution(output: try text(of: output), error: try text(of: error), end: end, duration: duration)
    }

    /// Starts the child with no signal blocked: dispatch's threads block them all, and a child inherits that.
    private func startWithSignals(_ process: Process) throws {
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    private func prepare(output: FileHandle, error: FileHandle) -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8", "TZ": "UTC", "COLUMNS": "80", "NO_COLOR": "1"]
        ) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = error
        return process
    }

    private func wait(for text: String, in file: URL, until deadline: DispatchTime) -> Bool {
        while DispatchTime.now() < deadline {
            if let data = FileManager.default.contents(atPath: file.path), String(decoding: data, as: UTF8.self).contains(text) {
                return true
            }
            usleep(2_000)
        }
        return false
    }

    private func text(of file: URL) throws -> String {
        String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
}

/// Admits two child processes at a time: tests are many, machines may be small, and time limits must mean something.
actor Workers {
    static let shared = Workers()
    static let width = 2

    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if running < Self.width {
            running += 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            running -= 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// The binary under test: the environment's QNB, or `qnb` in the products folder the test bundle lies in.
enum Binary {
    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "no executable at \(path); build qnb, or set QNB to its path" }
    }

    static func locate() throws -> URL {
        let path: String
        if let given = ProcessInfo.processInfo.environment["QNB"] {
            path = given
        } else {
            let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            path = URL(filePath: bundle).deletingLastPathComponent().appending(path: "qnb").path
        }
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return URL(filePath: path)
    }

    /// Runs `qnb run FILE` in `folder`.
    static func run(_ file: String, in folder: URL, timeout: Double = 20, interruptAfter: String? = nil) async throws -> Execution {
        try await Invocation(
            executable: locate(), arguments: ["run", file], folder: folder, timeout: timeout, interruptAfter: interruptAfter
        ).run()
    }
}
