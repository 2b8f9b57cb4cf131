import Foundation
import Testing

/// Programs over the library's packages, each beside what it must print (`record.py` in the same folder says where that comes from).
@Suite("The library")
struct LibraryTests {
    @Test("prints what PyTorch prints", arguments: programs(of: "Torch", expecting: "out"))
    func torch(program: String) async throws { try await agrees("Torch", program, expecting: "out") }

    @Test("prints what NumPy prints", arguments: programs(of: "Numpy", expecting: "out"))
    func numpy(program: String) async throws { try await agrees("Numpy", program, expecting: "out") }

    @Test("draws, transforms and loads images as Pillow and torchvision do", arguments: programs(of: "Vision", expecting: "out"))
    func vision(program: String) async throws { try await agrees("Vision", program, expecting: "out") }

    /// CIFAR-10 is not the repository's to carry: run where `QNB_DATA` names the folder that holds it.
    @Test("loads CIFAR-10 as torchvision does", .enabled(if: hasCIFAR10))
    func cifar10() async throws { try await agrees("Vision", "cifar10-loaders", expecting: "expected") }

    private static let hasCIFAR10 =
        ProcessInfo.processInfo.environment["QNB_DATA"].map {
            FileManager.default.fileExists(atPath: $0 + "/cifar-10-batches-py/data_batch_1")
        } ?? false

    @Test("quantises, calibrates, trains and converts as documented", arguments: programs(of: "Plugin", expecting: "out"))
    func plugin(program: String) async throws { try await agrees("Plugin", program, expecting: "out") }

    @Test("places ticks as Matplotlib does, keeps plots small, explains mistakes", arguments: programs(of: "Plots", expecting: "out"))
    func plots(program: String) async throws { try await agrees("Plots", program, expecting: "out") }

    @Test("draws the golden pictures", arguments: programs(of: "Plots", expecting: "svg"))
    func pictures(program: String) async throws { try await agrees("Plots", program, expecting: "svg") }

    private func agrees(_ folder: String, _ program: String, expecting kind: String) async throws {
        let home = Self.tests.appending(path: folder)
        let expected = try String(contentsOf: home.appending(path: "\(program).\(kind)"), encoding: .utf8)
        let execution = try await Binary.run("\(program).py", in: home, timeout: 240)
        #expect(execution.status == 0, "\(execution.error)")
        let isSame = execution.output.utf8.elementsEqual(expected.utf8)
        #expect(isSame, "Tests/\(folder)/\(program).py\n\(UnifiedDiff(expected: expected, actual: execution.output))")
    }

    private static let tests = LanguageProgram.suite.deletingLastPathComponent()

    /// Programs with an expectation of the kind beside them.
    static func programs(of folder: String, expecting kind: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: tests.appending(path: folder).path)) ?? []  // an empty list fails `suiteIsComplete`
        return files.filter { $0.hasSuffix(".\(kind)") }.map { String($0.dropLast(kind.utf8.count + 1)) }.sorted()
    }

    @Test("is judged by recorded programs")
    func suiteIsComplete() {
        #expect(Self.programs(of: "Torch", expecting: "out").count >= 17)
        #expect(Self.programs(of: "Numpy", expecting: "out").count >= 11)
        #expect(Self.programs(of: "Vision", expecting: "out").count >= 9)
        #expect(Self.programs(of: "Plugin", expecting: "out").count >= 4)
        #expect(Self.programs(of: "Plots", expecting: "out").count >= 3)
        #expect(Self.programs(of: "Plots", expecting: "svg").count >= 11)
    }
}
