/// A JSON value that keeps the order of members and the spelling of numbers, so that a notebook file survives a round trip.
package indirect enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSON

        package init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    package static func int(_ value: Int) -> JSON { .number(String(value)) }

    /// The first member of that name; nil when absent or when the value is no object.
    package subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    package var int: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    package var array: [JSON]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Text indented by one blank per level, as Jupyter writes notebooks; `sortsKeys` orders members by name.
    package func pretty(sortsKeys: Bool = false) -> String {
        var text = ""
        write(to: &text, indent: 0, sortsKeys: sortsKeys)
        return text
    }

    private func write(to text: inout String, indent: Int, sortsKeys: Bool) {
        switch self {
        case .array(let values) where !values.isEmpty:
            text += "["
            for (index, value) in values.enumerated() {
                text += (index == 0 ? "\n" : ",\n") + String(repeating: " ", count: indent + 1)
                value.write(to: &text, indent: indent + 1, sortsKeys: sortsKeys)
            }
            text += "\n" + String(repeating: " ", count: indent) + "]"
        case .object(let members) where !members.isEmpty:
            text += "{"
            for (index, member) in (sortsKeys ? members.sorted { $0.name < $1.name } : members).enumerated() {
                text += (index == 0 ? "\n" : ",\n") + String(repeating: " ", count: indent + 1)
                Self.quote(member.name, isMarkerSafe: false, to: &text)
                text += ": "
                member.value.write(to: &text, indent: indent + 1, sortsKeys: sortsKeys)
            }
            text += "\n" + String(repeating: " ", count: indent) + "}"
        default: writeCompact(to: &text, isMarkerSafe: false)
        }
    }

    /// One line without blanks. With `isMarkerSafe`, blanks, `-`, `<`, `>` and everything beyond ASCII are escaped, so
    /// that the text can stand in an HTML comment.
    package func compact(isMarkerSafe: Bool = false) -> String {
        var text = ""
        writeCompact(to: &text, isMarkerSafe: isMarkerSafe)
        return text
    }

    private func writeCompact(to text: inout String, isMarkerSafe: Bool) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let number): text += number
        case .string(let value): Self.quote(value, isMarkerSafe: isMarkerSafe, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.writeCompact(to: &text, isMarkerSafe: isMarkerSafe)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                Self.quote(member.name, isMarkerSafe: isMarkerSafe, to: &text)
                text += ":"
                member.value.writeCompact(to: &text, isMarkerSafe: isMarkerSafe)
            }
            text += "}"
        }
    }

    private static func quote(_ value: String, isMarkerSafe: Bool, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20: text += hexEscape(scalar.value)
            case " ", "-", "<", ">": text += isMarkerSafe ? hexEscape(scalar.value) : String(scalar)
            case _ where isMarkerSafe && scalar.value > 0x7E: for unit in String(scalar).utf16 { text += hexEscape(UInt32(unit)) }
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func hexEscape(_ code: UInt32) -> String {
        let digits = String(code, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
