import Markdown

/// A typed value as front matter, parameters and option lines hold it.
package indirect enum ScalarValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case list([ScalarValue])
    case map([Entry])

    package struct Entry: Sendable, Equatable {
        package let key: String
        package let value: ScalarValue

        package init(_ key: String, _ value: ScalarValue) {
            self.key = key
            self.value = value
        }
    }

    /// The type's name in the language of the cells.
    package var typeName: String {
        switch self {
        case .null: "None"
        case .bool: "a bool"
        case .int: "an int"
        case .float: "a float"
        case .string: "a str"
        case .list: "a list"
        case .map: "a dict"
        }
    }

    /// Types an unquoted scalar by YAML 1.2's core rules; `1e-3` is a float, `yes` is a string, integers beyond 64 bits are floats.
    package static func plain(_ text: String) -> ScalarValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        case ".inf", ".Inf", ".INF", "+.inf": return .float(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
        default: return number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> ScalarValue? {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        guard let first = digits.utf8.first, Ascii.isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            return Int((isNegative ? "-" : "") + digits.dropFirst(2), radix: radix).map { .int($0) }
        }
        let plain = digits.replacing("_", with: "")
        guard plain.utf8.allSatisfy({ Ascii.isDigit($0) || ".eE+-".utf8.contains($0) }), plain.utf8.contains(where: Ascii.isDigit) else {
            return nil
        }
        let signed = (isNegative ? "-" : "") + plain
        return Int(signed).map { .int($0) } ?? Double(signed).map { .float($0) }
    }

    /// One line without blanks that reads back with `JSON.parse`; safe inside an HTML comment.
    package var json: JSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .number(String(value))
        case .float(let value): value.isFinite ? .number("\(value)") : .string(value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf")
        case .string(let value): .string(value)
        case .list(let values): .array(values.map(\.json))
        case .map(let entries): .object(entries.map { JSON.Member($0.key, $0.value.json) })
        }
    }

    package init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .number(let text): self = Int(text).map { .int($0) } ?? .float(Double(text) ?? .nan)
        case .string(let value): self = .string(value)
        case .array(let values): self = .list(values.map { ScalarValue($0) })
        case .object(let members): self = .map(members.map { Entry($0.name, ScalarValue($0.value)) })
        }
    }
}
