/// One piece of a LaTeX formula. Blanks carry no meaning in mathematics and are kept only for `\text`.
enum MathToken: Equatable {
    /// `\alpha`, `\,`, `\\`: without its backslash.
    case command(String)
    case character(Character)
    /// A run of digits with at most one decimal point inside.
    case number(String)
    case open, close, sub, sup, align, prime, blank

    static func scan(_ source: String) -> [MathToken] {
        var tokens: [MathToken] = []
        var rest = Substring(source)
        while let character = rest.popFirst() {
            switch character {
            case "\\": tokens.append(.command(command(&rest)))
            case "{": tokens.append(.open)
            case "}": tokens.append(.close)
            case "_": tokens.append(.sub)
            case "^": tokens.append(.sup)
            case "&": tokens.append(.align)
            case "'": tokens.append(.prime)
            case "%": rest = rest.drop { !$0.isNewline }
            case "0"..."9": tokens.append(.number(number(character, &rest)))
            case _ where character.isWhitespace:
                if tokens.last != .blank { tokens.append(.blank) }
            default: tokens.append(.character(character))
            }
        }
        return tokens
    }

    private static func command(_ rest: inout Substring) -> String {
        let name = rest.prefix { $0.isASCII && $0.isLetter }
        guard name.isEmpty else {
            rest = rest.dropFirst(name.count)
            if rest.first == "*", name == "operatorname" {
                rest = rest.dropFirst()
                return name + "*"
            }
            return String(name)
        }
        return rest.popFirst().map(String.init) ?? ""
    }

    private static func number(_ first: Character, _ rest: inout Substring) -> String {
        var digits = String(first)
        var hasPoint = false
        while let next = rest.first {
            let isPoint = next == "." && !hasPoint && rest.dropFirst().first.map { ("0"..."9").contains($0) } ?? false
            guard ("0"..."9").contains(next) || isPoint else { break }
            hasPoint = hasPoint || isPoint
            digits.append(next)
            rest = rest.dropFirst()
        }
        return digits
    }
}
