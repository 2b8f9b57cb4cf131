import Foundation

/// The programs that do not yet print what CPython prints: `Tests/Language/known-differences.txt`, one a line, with what
/// is missing. The list only shrinks: a listed program that agrees fails its test.
enum KnownDifferences {
    static let reasons: [String: String] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Language/known-differences.txt")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [:] }  // No file: no known differences.
        var reasons: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard let name = parts.first else { continue }
            reasons[String(name)] = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "not said"
        }
        return reasons
    }()
}
