/// Text made safe for HTML.
package enum HTML {
    /// For element content and quoted attributes. Control characters that HTML forbids become U+FFFD.
    package static func escaped(_ text: some StringProtocol) -> String { escaped(text, quotes: true) }

    /// For element content alone, where quotation marks, which code is full of, stand for themselves.
    package static func content(_ text: some StringProtocol) -> String { escaped(text, quotes: false) }

    private static func escaped(_ text: some StringProtocol, quotes: Bool) -> String {
        guard text.utf8.contains(where: isSpecial) else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 64)
        for byte in text.utf8 {
            guard isSpecial(byte) else {
                bytes.append(byte)
                continue
            }
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): if quotes { bytes += "&quot;".utf8 } else { bytes.append(byte) }
            case UInt8(ascii: "'"): if quotes { bytes += "&#39;".utf8 } else { bytes.append(byte) }
            default: bytes += "\u{FFFD}".utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"), 0x7F: true
        case 0x09, 0x0A, 0x0D: false
        default: byte < 0x20
        }
    }

    /// An identifier from a heading or label: letters and digits of any script, the rest as hyphens.
    package static func slug(_ text: String) -> String {
        var result = ""
        for character in text.lowercased() {
            if character.isLetter || character.isNumber {
                result.append(character)
            } else if !result.isEmpty, result.last != "-" {
                result.append("-")
            }
        }
        while result.last == "-" { result.removeLast() }
        return result.isEmpty ? "section" : result
    }
}

/// Identifiers of one page, each given out once.
struct PageIdentifiers {
    private var used: Set<String> = []

    mutating func unique(_ wanted: String) -> String {
        var name = wanted
        var number = 2
        while !used.insert(name).inserted {
            name = "\(wanted)-\(number)"
            number += 1
        }
        return name
    }
}
