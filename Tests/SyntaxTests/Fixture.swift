import Diagnostics
import Foundation

/// A text file beside the tests, as `---`-separated cases of a text and what is expected of it.
struct Fixture {
    struct Case {
        let flags: String
        let text: String
        let expected: String
        /// 1-based line of the case in its file.
        let line: Int
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    let cases: [Case]

    init(_ name: String) throws {
        let content = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        var cases: [Case] = []
        var line = 1
        for (index, block) in content.split(separator: "\n---", omittingEmptySubsequences: false).enumerated() {
            defer { line += block.count { $0 == "\n" } + 1 }
            guard index > 0, let header = block.firstIndex(of: "\n"), let mark = block.firstRange(of: "#>") else { continue }
            let expected = block[mark.upperBound...].trimmingCharacters(in: .whitespacesAndNewlines)
            let flags = String(block[..<header])
            let text = String(block[block.index(after: header)..<mark.lowerBound])
            cases.append(Case(flags: flags, text: flags.contains("escaped") ? Self.unescaped(text) : text, expected: expected, line: line))
        }
        self.cases = cases
    }

    /// The escapes that `record.py` lets Python decode, on a one-line text.
    private static func unescaped(_ text: String) -> String {
        var result = ""
        var rest = text.hasSuffix("\n") ? text.dropLast() : text[...]
        while let character = rest.popFirst() {
            guard character == "\\", let letter = rest.popFirst() else {
                result.append(character)
                continue
            }
            switch letter {
            case "n": result += "\n"
            case "t": result += "\t"
            case "x", "u":
                let digits = rest.prefix(letter == "x" ? 2 : 4)
                rest = rest.dropFirst(digits.count)
                if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) { result.unicodeScalars.append(scalar) }
            case "\\", "'", "\"": result.append(letter)
            default: result += "\\\(letter)"
            }
        }
        return result
    }
}

/// Python sources of the machine's own library, when it has one; real code in quantity.
enum PythonLibrary {
    static func sources(limit: Int) -> [SourceText] {
        let root = "/usr/lib/python3.11"
        guard let walker = FileManager.default.enumerator(atPath: root) else { return [] }
        let paths = walker.compactMap { $0 as? String }.filter { $0.hasSuffix(".py") }.sorted()
        let step = max(1, paths.count / max(1, limit))
        return stride(from: 0, to: paths.count, by: step).compactMap { index in
            guard let contents = FileManager.default.contents(atPath: root + "/" + paths[index]) else { return nil }
            // Files in other encodings are not what is tested here.
            return try? SourceText(name: paths[index], fileContents: Array(contents))
        }
    }
}
