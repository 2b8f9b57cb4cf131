import Foundation
import Notebooks
import Testing

/// The engine on real files.
@Suite struct PosixTests {
    private final class Folder {
        let path = NSTemporaryDirectory() + "qnb-notebooks-\(UUID().uuidString)"
        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
        func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name)) }
        func read(_ name: String) -> String {
            FileManager.default.contents(atPath: path + "/" + name).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
    }

    private func run(_ path: String, _ evaluator: ScriptedEvaluator = ScriptedEvaluator()) -> RunResult {
        let now: @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime }
        let environment = RunEnvironment(files: PosixFileSystem(), epoch: 1, seconds: now)
        return NotebookRunner(path, options: RunOptions(), evaluator: evaluator, environment: environment, control: EvaluationControl(now: now)).run()
    }

    @Test func aLinkStaysALinkAndTheModeStays() throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/real", withIntermediateDirectories: true)
        try folder.write("```python\nprint \"x\\n\"\npng 1\n```\n", "real/a.qnb")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path + "/real/a.qnb")
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.qnb", withDestinationPath: "real/a.qnb")
        #expect(run(folder.path + "/link.qnb").status == .done)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/link.qnb") == "real/a.qnb")
        #expect(folder.read("real/a.qnb").contains("![picture 1](a.assets/cell-1-1.png)"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/real/a.qnb")[.posixPermissions] as? Int
        #expect(mode == 0o640)
        #expect(folder.names == ["link.qnb", "real"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/real").sorted() == ["a.assets", "a.qnb", "a.qnb-run.json"])
    }

    @Test func namesWithBlanksAndBracketsWork() throws {
        let folder = try Folder()
        try folder.write("```python\npng 1\ntable 30\n```\n", "my (best) [note] ü.qnb")
        #expect(run(folder.path + "/my (best) [note] ü.qnb").status == .done)
        #expect(folder.read("my (best) [note] ü.qnb").contains("](my%20%28best%29%20%5Bnote%5D%20ü.assets/cell-1-1.png)"))
        let loaded = try LoadedNotebook(folder.path + "/my (best) [note] ü.qnb", files: PosixFileSystem())
        #expect(loaded.staleness(files: PosixFileSystem(), epoch: 1).isFresh)
    }

    @Test func lockFailsWhileHeldAndWorksAfter() throws {
        let folder = try Folder()
        let files = PosixFileSystem()
        let path = folder.path + "/lock"
        let first = try #require(try files.lock(path))
        #expect(try files.lock(path) == nil)
        files.close(first)
        let second = try #require(try files.lock(path))
        files.close(second)
    }

    @Test func twoFilesSwapTheirNames() throws {
        let folder = try Folder()
        let files = PosixFileSystem()
        try folder.write("old", "a")
        try folder.write("new", "b")
        // Every file system of Linux that tests run on can.
        #expect(try files.exchange(folder.path + "/b", with: folder.path + "/a"))
        #expect(folder.read("a") == "new" && folder.read("b") == "old")
        #expect(try !files.exchange(folder.path + "/b", with: folder.path + "/missing"))
        for durability in [Durability.synced, .ordered, .restorable] {
            try files.replace(folder.path + "/a", with: Array("\(durability)".utf8), mode: 0o600, durability)
            #expect(folder.read("a") == "\(durability)")
        }
        try files.replace(folder.path + "/c", with: Array("first".utf8), mode: 0o600, .restorable)
        #expect(folder.read("c") == "first" && folder.names == ["a", "b", "c"])
    }

    @Test func failuresNameOperationPathAndReason() {
        #expect(throws: FileFailure("read it", "/nowhere/x", code: SystemError.missing)) { try PosixFileSystem().read("/nowhere/x") }
        #expect(throws: FileFailure.self) { try PosixFileSystem().read("/dev/zero") }
        #expect(FileFailure("read it", "/x", code: SystemError.missing).description == "/x: cannot read it: No such file or directory")
        #expect(run("/nowhere/x.qnb").status == .unusable)
    }

    @Test func stripAndFixWorkOnFiles() throws {
        let folder = try Folder()
        let text = "A\n\n```python\npng 1\n```\n"
        try folder.write(text, "a.qnb")
        _ = run(folder.path + "/a.qnb")
        let edit = NotebookEdit(files: PosixFileSystem())
        #expect(try edit.strip(folder.path + "/a.qnb"))
        #expect(folder.read("a.qnb") == text)
        #expect(folder.names == ["a.qnb", "a.qnb-run.json"])
        #expect(try !edit.strip(folder.path + "/a.qnb"))
        try folder.write(text + "<!-- qnb:end -->\n", "a.qnb")
        let repair = try edit.fix(folder.path + "/a.qnb")
        #expect(repair.dropped.map(\.line) == [6])
        #expect(folder.read("a.qnb") == text)
    }

    /// The targets hold for release builds on an idle machine; here a wide margin catches a change of order.
    @Test func timesStayInTheirOrder() throws {
        let folder = try Folder()
        let cells = (0..<200).map { "Prose \($0).\n\n```python\nprint \"value \($0)\\n\"\n```\n" }.joined(separator: "\n")
        try folder.write(cells, "a.qnb")
        let clock = ContinuousClock()
        let first = clock.measure { #expect(run(folder.path + "/a.qnb").status == .done) }
        let again = clock.measure { #expect(run(folder.path + "/a.qnb").status == .done) }
        var isFresh = false
        let stale = try clock.measure {
            isFresh = try LoadedNotebook(folder.path + "/a.qnb", files: PosixFileSystem()).staleness(files: PosixFileSystem(), epoch: 1).isFresh
        }
        #expect(isFresh)
        var linear: [Duration] = []
        for count in [2_500, 10_000] {
            let many = (0..<count).map { "```python\nprint \"value \($0)\\n\"\n```\n" }.joined(separator: "\n")
            try folder.write(many, "b.qnb")
            linear.append(clock.measure { #expect(run(folder.path + "/b.qnb").status == .done) })
        }
        print("200 cells written one by one \(first), again \(again), stale \(stale); 2 500 cells \(linear[0]), 10 000 cells \(linear[1])")
        #expect(first < .seconds(10))
        #expect(stale < .seconds(1))
        #expect(linear[1] < linear[0] * 16)
    }
}
