import Foundation
import Testing

/// Random programs, run by the binary and by the machine's python3; every snippet must print the same.
@Suite("Generated programs")
struct FuzzTests {
    static let snippetsPerProgram = 250
    /// The seeds of a run; the environment's QNB_FUZZ_SEED replaces them by as many that follow it.
    static let seeds: [UInt64] = {
        let first = ProcessInfo.processInfo.environment["QNB_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_240
        return (0..<16).map { first + $0 }
    }()

    /// The python3 of this machine, if it is the version the language follows.
    static let reference: URL? = {
        let folders = ["/usr/bin"] + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return folders.map { URL(filePath: "\($0)/python3") }.first { url in
            guard FileManager.default.isExecutableFile(atPath: url.path) else { return false }
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = url
            process.arguments = ["-c", "import sys; print(*sys.version_info[:2])"]
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }  // An unusable python3 is none.
            let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return text == "3 11\n"
        }
    }()

    @Test("mean what they mean in CPython", .enabled(if: reference != nil, "needs python3 3.11 on this machine"), arguments: seeds)
    func agree(seed: UInt64) async throws {
        let python = try #require(Self.reference)
        let snippets = Self.snippets(seed: seed)
        let folder = FileManager.default.temporaryDirectory.appending(path: "qnb-fuzz-\(seed)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover scratch folder harms nothing.
        try Self.program(snippets).write(to: folder.appending(path: "fuzz.py"), atomically: true, encoding: .utf8)
        let expected = try await Invocation(executable: python, arguments: ["fuzz.py"], folder: folder, timeout: 60).run()
        try #require(expected.end == .exit(0), "the reference runs the generated program: \(expected.error.suffix(500))")
        let actual = try await Binary.run("fuzz.py", in: folder, timeout: 60)
        let differing = Self.firstDifference(expected.output, actual.output)
        if let (index, wanted, got) = differing {
            Issue.record(
                """
                seed \(seed), snippet \(index) of \(snippets.count):
                \(snippets[index].joined(separator: "\n"))
                \(UnifiedDiff(expected: wanted, actual: got))
                \(actual.error.suffix(1000))
                """)
        }
        #expect(actual.end == .exit(0), "seed \(seed): \(actual.end)\n\(actual.error.suffix(1000))")
    }

    static func snippets(seed: UInt64) -> [[String]] {
        var generator = SnippetGenerator(seed: seed)
        return (0..<snippetsPerProgram).map { _ in generator.snippet() }
    }

    /// One program of all snippets: each in a function of its own, announced by a line `#index`, its error printed.
    static func program(_ snippets: [[String]]) -> String {
        let head =
            SnippetGenerator.prelude + """
                def attempt(index, f):
                    print(f"#{index}")
                    try: f()
                    except Exception as error: print(type(error).__name__ + ":", error)

                """
        return head
            + snippets.enumerated().map { index, lines in
                "def s\(index)():\n" + lines.map { "    \($0)\n" }.joined() + "attempt(\(index), s\(index))\n"
            }.joined()
    }

    /// The first snippet whose output differs, with both outputs.
    static func firstDifference(_ expected: String, _ actual: String) -> (Int, String, String)? {
        let (left, right) = (parts(expected), parts(actual))
        for (index, part) in left.enumerated() {
            let other = index < right.count ? right[index] : "(nothing)"
            if !part.utf8.elementsEqual(other.utf8) { return (index, part, other) }
        }
        return nil
    }

    private static func parts(_ output: String) -> [String] {
        var parts: [String] = []
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#"), Int(line.dropFirst()) == parts.count {
                parts.append("")
            } else if !parts.isEmpty {
                parts[parts.count - 1] += line + "\n"
            }
        }
        return parts
    }
}
