import Markdown

/// Reads the value part of an option line or a command-line parameter: a YAML scalar, a flow list or a flow mapping, with Python's
/// `None` and quotes. Comments (` #…`) end a value of an option line.
///
/// Hand-made because a notebook has thousands of option lines and an error must point at its column.
package struct FlowReader {
    package struct Failure: Error, Sendable, Equatable {
        package let message: String
        /// 0-based, in characters from the start of the text.
        package let offset: Int
    }

    private let characters: [Character]
    private var position = 0
    private static let maximumDepth = 64

    private init(_ text: String) { characters = Array(text) }

    package static func read(_ text: String) throws(Failure) -> ScalarValue {
        var reader = FlowReader(text)
        reader.skipBlanks()
        let value = try reader.value(depth: 0, stops: [])
        reader.skipBlanks()
        guard reader.position == reader.characters.count || reader.isComment else { throw reader.failure("text after the value") }
        return value
    }

    private var isComment: Bool { current == "#" && (position == 0 || characters[position - 1] == " " || characters[position - 1] == "\t") }
    private var current: Character? { position < characters.count ? characters[position] : nil }
    private func failure(_ message: String) -> Failure { Failure(message: message, offset: position) }

    private mutating func skipBlanks() {
        while let character = current, character == " " || character == "\t" { position += 1 }
    }

    private mutating func value(depth: Int, stops: Set<Character>) throws(Failure) -> ScalarValue {
        guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
        switch current {
        case "[": return try list(depth: depth)
        case "{": return try map(depth: depth)
        case "\"": return .string(try doubleQuoted())
        case "'": return .string(try singleQuoted())
        default: return plain(stops: stops)
        }
    }

    private mutating func plain(stops: Set<Character>) -> ScalarValue {
        let start = position
        while let character = current, !stops.contains(character), !isComment {
            if character == ":", stops.contains(":") { break }
            position += 1
        }
        let text = String(characters[start..<position]).trimmingBlanks()
        return text == "None" ? .null : ScalarValue.plain(text)
    }

    private mutating func list(depth: Int) throws(Failure) -> ScalarValue {
        position += 1
        var values: [ScalarValue] = []
        while true {
            skipBlanks()
            if current == "]" {
                position += 1
                return .list(values)
            }
            values.append(try value(depth: depth + 1, stops: [",", "]"]))
            skipBlanks()
            if current == "," {
                position += 1
            } else if current != "]" {
                throw failure("a list needs ',' or ']' here")
            }
        }
    }

    private mutating func map(depth: Int) throws(Failure) -> ScalarValue {
        position += 1
        var entries: [ScalarValue.Entry] = []
        while true {
            skipBlanks()
            if current == "}" {
                position += 1
                return .map(entries)
            }
            let key = try value(depth: depth + 1, stops: [":", ",", "}"])
            skipBlanks()
            guard current == ":" else { throw failure("a mapping needs ':' here") }
            position += 1
            skipBlanks()
            entries.append(ScalarValue.Entry(key.text, try value(depth: depth + 1, stops: [",", "}"])))
            skipBlanks()
            if current == "," {
                position += 1
            } else if current != "}" {
                throw failure("a mapping needs ',' or '}' here")
            }
        }
    }

    private mutating func singleQuoted() throws(Failure) -> String {
        position += 1
        var text = ""
        while let character = current {
            position += 1
            if character != "'" {
                text.append(character)
            } else if current == "'" {
                text.append("'")
                position += 1
            } else {
                return text
            }
        }
        throw failure("a quote is not closed")
    }

    private mutating func doubleQuoted() throws(Failure) -> String {
        position += 1
        var text = ""
        while let character = current {
            position += 1
            switch character {
            case "\"": return text
            case "\\": text.unicodeScalars.append(try escape())
            default: text.append(character)
            }
        }
        throw failure("a quote is not closed")
    }

    private mutating func escape() throws(Failure) -> Unicode.Scalar {
        guard let character = current else { throw failure("a quote is not closed") }
        position += 1
        let simple: [Character: Unicode.Scalar] = ["n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "\"": "\"", "'": "'", "/": "/"]
        if let scalar = simple[character] { return scalar }
        let lengths: [Character: Int] = ["x": 2, "u": 4, "U": 8]
        guard let length = lengths[character], position + length <= characters.count,
            let code = UInt32(String(characters[position..<position + length]), radix: 16), let scalar = Unicode.Scalar(code)
        else { throw failure("an unknown escape") }
        position += length
        return scalar
    }
}

extension ScalarValue {
    /// The value as the text a user would write for it.
    package var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value): value.isNaN ? ".nan" : value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : "\(value)"
        case .string(let value): value
        case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
        case .map(let entries): "{" + entries.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
        }
    }
}
