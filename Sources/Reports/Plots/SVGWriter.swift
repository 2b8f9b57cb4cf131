/// SVG text written element by element, with numbers in one fixed short form.
struct SVGWriter {
    private(set) var text = ""
    private var open: [String] = []

    /// At most two decimals, no trailing zeros, never an exponent. Coordinates far outside any picture are pulled in.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = Int((min(max(value, -1e7), 1e7) * 100).rounded())
        let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
        var result = hundredths < 0 ? "-" : ""
        result += String(whole)
        if rest != 0 { result += rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)" }
        return result
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default:
                // XML has no place for other control characters.
                if scalar.value >= 0x20 || scalar == "\n" || scalar == "\t" { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    private static func attributes(_ list: [(String, String)]) -> String { list.map { " \($0.0)=\"\($0.1)\"" }.joined() }

    mutating func begin(_ name: String, _ attributes: [(String, String)] = []) {
        text += "<\(name)\(SVGWriter.attributes(attributes))>\n"
        open.append(name)
    }

    mutating func end() {
        guard let name = open.popLast() else { return }
        text += "</\(name)>\n"
    }

    mutating func element(_ name: String, _ attributes: [(String, String)], content: String? = nil) {
        text += "<\(name)\(SVGWriter.attributes(attributes))" + (content.map { ">\($0)</\(name)>\n" } ?? "/>\n")
    }
}
