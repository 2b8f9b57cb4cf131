import Markdown

/// Reads JSON text (RFC 8259). Nesting is limited, so hostile input cannot exhaust the stack; of repeated members the last wins.
package struct JSONParser {
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package let line: Int
        package let column: Int
        package let message: String

        package var description: String { "\(line):\(column): \(message)" }
    }

    private let bytes: [UInt8]
    private var position = 0
    private static let maximumDepth = 256

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func parse(_ bytes: [UInt8]) throws(Failure) -> JSON {
        var parser = JSONParser(bytes)
        if bytes.starts(with: Ascii.byteOrderMark) { parser.position = 3 }
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.failure("text after the value") }
        return value
    }

    package static func parse(_ text: String) throws(Failure) -> JSON { try parse(Array(text.utf8)) }

    private func failure(_ message: String) -> Failure {
        let before = bytes[..<min(position, bytes.count)]
        let lineStart = before.lastIndex(of: Ascii.newline).map { $0 + 1 } ?? 0
        return Failure(line: before.count { $0 == Ascii.newline } + 1, column: position - lineStart + 1, message: message)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, [Ascii.space, Ascii.tab, Ascii.newline, Ascii.carriageReturn].contains(byte) { position += 1 }
    }

    private mutating func value(depth: Int) throws(Failure) -> JSON {
        guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
        skipBlanks()
        guard let byte = current else { throw failure("the text ends where a value is due") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N"): return try word("NaN", .number("NaN"))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("no value starts so")
        }
    }

    private mutating func word(_ text: String, _ value: JSON) throws(Failure) -> JSON {
        guard bytes[position...].starts(with: text.utf8) else { throw failure("no value starts so") }
        position += text.utf8.count
        return value
    }

    private mutating func number() throws(Failure) -> JSON {
        let start = position
        while let byte = current, Ascii.isDigit(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard Double(text) != nil else { throw failure("'\(text)' is no number") }
        return .number(text)
    }

    private mutating func array(depth: Int) throws(Failure) -> JSON {
        position += 1
        var values: [JSON] = []
        skipBlanks()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            guard let byte = current, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else { throw failure("',' or ']' is due") }
            position += 1
            if byte == UInt8(ascii: "]") { return .array(values) }
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        var places: [String: Int] = [:]
        skipBlanks()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            skipBlanks()
            guard current == UInt8(ascii: "\"") else { throw failure("a member's name is due") }
            let name = try string()
            skipBlanks()
            guard current == UInt8(ascii: ":") else { throw failure("':' is due") }
            position += 1
            let member = JSON.Member(name, try value(depth: depth + 1))
            if let place = places[name] {
                members[place] = member
            } else {
                places[name] = members.count
                members.append(member)
            }
            skipBlanks()
            guard let byte = current, byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else { throw failure("',' or '}' is due") }
            position += 1
            if byte == UInt8(ascii: "}") { return .object(members) }
        }
    }

    private mutating func string() throws(Failure) -> String {
        position += 1
        var units: [UInt8] = []
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case Ascii.backslash: try escape(into: &units)
            case 0..<0x20: throw failure("a control character in a string")
            default: units.append(byte)
            }
        }
        throw failure("a string is not closed")
    }

    private mutating func escape(into units: inout [UInt8]) throws(Failure) {
        guard let byte = current else { throw failure("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): units.append(0x0A)
        case UInt8(ascii: "t"): units.append(0x09)
        case UInt8(ascii: "r"): units.append(0x0D)
        case UInt8(ascii: "b"): units.append(0x08)
        case UInt8(ascii: "f"): units.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(byte)
        case UInt8(ascii: "u"): units.append(contentsOf: String(Character(try unicodeEscape())).utf8)
        default: throw failure("an unknown escape")
        }
    }

    /// A `\u` escape, joined with the next when it is the first half of a surrogate pair; a lone half reads as U+FFFD.
    private mutating func unicodeEscape() throws(Failure) -> Unicode.Scalar {
        let first = try fourDigits()
        if first >= 0xD800, first < 0xDC00, position + 1 < bytes.count, bytes[position] == Ascii.backslash, bytes[position + 1] == UInt8(ascii: "u") {
            let mark = position
            position += 2
            let second = try fourDigits()
            if second >= 0xDC00, second < 0xE000 {
                return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
            }
            position = mark
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private mutating func fourDigits() throws(Failure) -> UInt32 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ Ascii.isDigit($0) || (Ascii.isLetter($0) && ($0 | 0x20) <= 0x66) }),
            let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("four hex digits are due") }
        position += 4
        return code
    }
}
