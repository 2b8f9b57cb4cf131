/// Text made safe for HTML.
package enum HTML {
    /// For element content and quoted attributes. Control characters that HTML forbids become U+FFFD.
    package static func escaped(_ text: some StringProtocol) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
            }
        }
        return result
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
