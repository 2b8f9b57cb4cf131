import Markdown
import Yams

/// A YAML value with the place it was written at, in lines and columns of the whole file.
package struct YAMLNode: Sendable, Equatable {
    package let value: ScalarValue
    package let line: Int
    package let column: Int
    /// The entries of a mapping with their own places; empty for other values.
    package let entries: [Entry]

    package struct Entry: Sendable, Equatable {
        package let key: String
        package let line: Int
        package let column: Int
        package let node: YAMLNode
    }

    package subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.node }
    package var isMapping: Bool { if case .map = value { true } else { false } }
}

/// Reads one YAML document with bounded work: libyaml limits nesting, aliases are few, expanded nodes are counted.
package enum YAMLReader {
    package struct Failure: Error, Sendable, Equatable {
        package let line: Int
        package let column: Int
        package let message: String
    }

    private static let maximumBytes = 1 << 20
    private static let maximumNodes = 100_000
    private static let maximumAliases = 32
    private static let maximumDepth = 200

    /// Nil for an empty document. `firstLine` is the line of the file on which `text` begins.
    package static func read(_ text: String, firstLine: Int = 1) throws(Failure) -> YAMLNode? {
        guard text.utf8.count <= maximumBytes else { throw Failure(line: firstLine, column: 1, message: "more than 1 MB of YAML") }
        try checkAliases(text, firstLine: firstLine)
        do {
            guard let root = try Yams.compose(yaml: text) else { return nil }
            var budget = maximumNodes
            return try convert(root, firstLine: firstLine, depth: 0, budget: &budget)
        } catch let failure as Failure {
            throw failure
        } catch let error as YamlError {
            throw describe(error, firstLine: firstLine)
        } catch {
            throw Failure(line: firstLine, column: 1, message: "\(error)")
        }
    }

    /// Aliases can double a document at each use; with at most 32 of them the expansion stays small.
    private static func checkAliases(_ text: String, firstLine: Int) throws(Failure) {
        var count = 0
        var line = firstLine
        var previous = UInt8(ascii: " ")
        for byte in text.utf8 {
            if byte == Ascii.newline { line += 1 }
            if previous == UInt8(ascii: "*"), Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == UInt8(ascii: "_") {
                count += 1
                guard count <= maximumAliases else { throw Failure(line: line, column: 1, message: "more than \(maximumAliases) aliases") }
            }
            previous = byte
        }
    }

    private static func convert(_ node: Node, firstLine: Int, depth: Int, budget: inout Int) throws -> YAMLNode {
        let line = (node.mark?.line ?? 1) + firstLine - 1
        let column = node.mark?.column ?? 1
        budget -= 1
        guard budget > 0 else { throw Failure(line: line, column: column, message: "more than \(maximumNodes) values") }
        guard depth < maximumDepth else { throw Failure(line: line, column: column, message: "nested too deeply") }
        switch node {
        case .scalar(let scalar):
            let value: ScalarValue = scalar.style == .plain || scalar.style == .any ? .plain(scalar.string) : .string(scalar.string)
            return YAMLNode(value: value, line: line, column: column, entries: [])
        case .sequence(let sequence):
            var values: [ScalarValue] = []
            for element in sequence { values.append(try convert(element, firstLine: firstLine, depth: depth + 1, budget: &budget).value) }
            return YAMLNode(value: .list(values), line: line, column: column, entries: [])
        case .mapping(let mapping):
            var entries: [YAMLNode.Entry] = []
            for (key, value) in mapping {
                guard case .scalar(let name) = key else {
                    throw Failure(line: line, column: column, message: "a mapping key must be a plain text")
                }
                entries.append(
                    YAMLNode.Entry(
                        key: name.string, line: (key.mark?.line ?? 1) + firstLine - 1, column: key.mark?.column ?? 1,
                        node: try convert(value, firstLine: firstLine, depth: depth + 1, budget: &budget)))
            }
            let value = ScalarValue.map(entries.map { ScalarValue.Entry($0.key, $0.node.value) })
            return YAMLNode(value: value, line: line, column: column, entries: entries)
        case .alias: throw Failure(line: line, column: column, message: "an alias that cannot be resolved")
        }
    }

    private static func describe(_ error: YamlError, firstLine: Int) -> Failure {
        func place(_ mark: Mark, _ problem: String) -> Failure {
            Failure(line: mark.line + firstLine - 1, column: mark.column, message: problem)
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return place(mark, problem)
        case .duplicatedKeysInMapping(let keys, let context):
            return place(context.mark, "a mapping gives \(keys.map { "'\($0)'" }.joined(separator: ", ")) twice")
        case .reader(let problem, let offset, _, let yaml):
            let before = yaml.utf8.prefix(offset ?? 0)
            return Failure(line: before.count { $0 == Ascii.newline } + firstLine, column: 1, message: problem)
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return Failure(line: firstLine, column: 1, message: "\(error)")
        }
    }
}
