import Foundation
import Testing

/// One program of `Tests/Language`: `group/name.py`, with what CPython 3.11 printed for it in `group/name.out`.
///
/// A program's file name has a hyphen in it; the other `.py` files of a group are modules that programs import.
struct LanguageProgram: Sendable, CustomTestStringConvertible {
    let group: String
    let name: String

    var testDescription: String { "\(group)/\(name)" }
    var file: String { "\(name).py" }
    var folder: URL { Self.suite.appending(path: group) }

    /// The folder `Tests/Language` of this working copy.
    static let suite = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Language")
        .resolvingSymlinksInPath()

    static let refusedGroup = "refused"

    func source() throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    func expectation() throws -> String {
        try String(contentsOf: folder.appending(path: "\(name).out"), encoding: .utf8)
    }

    /// The programs of `group`, by name.
    static func programs(of group: String) -> [LanguageProgram] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: suite.appending(path: group).path)) ?? []
        return files.filter { $0.hasSuffix(".py") && $0.contains("-") }.sorted()
            .map { LanguageProgram(group: group, name: String($0.dropLast(3))) }
    }

    /// Every program but the refused ones.
    static let all: [LanguageProgram] = {
        // An unreadable folder yields no programs here; `the suite is complete` reports it.
        let groups = (try? FileManager.default.contentsOfDirectory(atPath: suite.path)) ?? []
        return groups.sorted().filter { $0 != refusedGroup }.flatMap(programs(of:))
    }()
}
