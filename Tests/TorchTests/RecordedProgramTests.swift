import Foundation
import Testing

/// One program of `Tests/Torch`: `name.py`, with what PyTorch printed for it in `name.out`.
struct TorchProgram: Sendable, CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Torch")
        .resolvingSymlinksInPath()

    static let all: [TorchProgram] = {
        // An unreadable folder yields no programs; `the suite is complete` reports it.
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".out") }.sorted().map { TorchProgram(name: String($0.dropLast(4))) }
    }()

    func expectation() throws -> String { try String(contentsOf: TorchProgram.folder.appending(path: "\(name).out"), encoding: .utf8) }

    /// The program's output and what it wrote to the error stream.
    func run() throws -> (output: String, error: String, status: Int32) {
        let process = Process()
        process.executableURL = TorchProgram.binary
        process.arguments = ["run", "\(name).py"]
        process.currentDirectoryURL = TorchProgram.folder
        let scratch = FileManager.default.temporaryDirectory.appending(path: "qnb-torch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }  // A leftover scratch folder harms nothing.
        let (output, error) = (scratch.appending(path: "stdout"), scratch.appending(path: "stderr"))
        for file in [output, error] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        try process.run()
        process.waitUntilExit()
        return (try String(contentsOf: output, encoding: .utf8), try String(contentsOf: error, encoding: .utf8), process.terminationStatus)
    }

    /// The binary named by `QNB`, or the one built beside the tests.
    private static let binary: URL = {
        if let given = ProcessInfo.processInfo.environment["QNB"] { return URL(filePath: given) }
        #if DEBUG
            let configuration = "debug"
        #else
            let configuration = "release"
        #endif
        return folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: ".build/\(configuration)/qnb")
    }()
}

@Suite("torch", .serialized)
struct RecordedProgramTests {
    @Test("prints what PyTorch prints", arguments: TorchProgram.all)
    func agrees(program: TorchProgram) throws {
        let expected = try program.expectation().split(separator: "\n", omittingEmptySubsequences: false)
        let (output, error, status) = try program.run()
        let actual = output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(status == 0, "\(program.name).py failed:\n\(error)")
        for (index, (line, wanted)) in zip(actual, expected).enumerated() {
            guard line != wanted else { continue }
            Issue.record("\(program.name).py, line \(index + 1) of its output\n  PyTorch: \(wanted)\n  here:    \(line)")
            return
        }
        #expect(actual.count == expected.count, "\(program.name).py printed \(actual.count) lines where PyTorch printed \(expected.count)")
    }

    @Test("is judged by a complete suite")
    func suiteIsComplete() throws {
        #expect(TorchProgram.all.count >= 10)
        let files = try FileManager.default.contentsOfDirectory(atPath: TorchProgram.folder.path)
        for file in files where file.hasSuffix(".py") && !["record.py", "compare.py"].contains(file) {
            #expect(files.contains(file.dropLast(3) + ".out"), "\(file) has no expectation: run Tests/Torch/record.py")
        }
    }
}
