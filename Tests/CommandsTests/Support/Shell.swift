import Foundation
import Testing

/// A scratch folder with the binary under test on the path of its shell.
final class Shell {
    let folder: URL

    struct Result: Sendable {
        /// Standard output and standard error in the order they came.
        let output: String
        let status: Int32
    }

    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "no executable at \(path); build qnb, or set QNB to its path" }
    }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "qnb-commands-\(UUID().uuidString)").resolvingSymlinksInPath()
        try FileManager.default.createDirectory(at: folder.appending(path: "work"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: folder.appending(path: "qnb"), withDestinationURL: try Self.binary())
    }

    deinit { try? FileManager.default.removeItem(at: folder) }  // A leftover scratch folder harms nothing.

    /// The environment's QNB, or `qnb` in the products folder that the test bundle lies in.
    static func binary() throws -> URL {
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

    var work: URL { folder.appending(path: "work") }

    func write(_ text: String, to name: String) throws {
        let url = work.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String { String(decoding: try Data(contentsOf: work.appending(path: name)), as: UTF8.self) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: work.appending(path: name).path) }

    /// Starts a command line of bash; both streams go to `output`.
    func start(_ command: String, output: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = work
        process.environment = [
            "PATH": "\(folder.path):/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
            "TMPDIR": folder.path,
        ]
        process.standardInput = FileHandle.nullDevice
        try Data().write(to: output)
        let file = try FileHandle(forWritingTo: output)
        process.standardOutput = file
        process.standardError = file
        // Dispatch's threads block all signals, and a child would inherit that.
        var (none, before) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
        return process
    }

    func run(_ command: String) throws -> Result {
        let output = folder.appending(path: "output-\(UUID().uuidString)")
        let process = try start(command, output: output)
        process.waitUntilExit()
        let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
        return Result(output: String(decoding: try Data(contentsOf: output), as: UTF8.self), status: status)
    }
}
