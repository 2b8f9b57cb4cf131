/// Reads LaTeX mathematics and writes MathML Core in one pass.
///
/// A row is a list of atoms; each atom's role decides, together with its neighbour's, the space between them, where MathML's own
/// operator table would decide otherwise than TeX. Nesting is bounded, so that no input exhausts the stack.
struct MathParser {
    /// What an atom is to its neighbours.
    enum Role { case ordinary, function, large, binary, relation, opening, closing, punctuation, space }

    /// Where an atom's scripts go.
    enum Scripts { case beside, limits }

    struct Atom {
        var html: String
        var role = Role.ordinary
        var scripts = Scripts.beside
    }

    private var tokens: [MathToken]
    private(set) var position = 0
    var alphabet: MathAlphabet?
    private var depth = 0
    private let isDisplay: Bool
    private static let maximumDepth = 60
    private static let maximumTokens = 20_000

    init(_ source: String, isDisplay: Bool) {
        tokens = MathToken.scan(source)
        self.isDisplay = isDisplay
    }

    /// All of the source; rows and columns outside an environment are aligned as in `aligned`.
    mutating func formula() throws(MathProblem) -> String {
        guard tokens.count <= Self.maximumTokens else { throw MathProblem("the formula is too long") }
        let rows = try cells()
        switch peek {
        case nil: break
        case .close: throw MathProblem("a closing brace has no opening one")
        case .command(let name): throw MathProblem("\\\(name) without its beginning")
        default: throw MathProblem("the formula ends before its source does")
        }
        if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
        return Self.table(rows, columns: .alternating, isDisplay: isDisplay)
    }

    // MARK: Tokens

    var peek: MathToken? { position < tokens.count ? tokens[position] : nil }

    mutating func take() -> MathToken? {
        guard position < tokens.count else { return nil }
        position += 1
        return tokens[position - 1]
    }

    mutating func skipBlanks() { while peek == .blank { position += 1 } }

    /// Whether the next token that is no blank is this one, which is then passed.
    mutating func takes(_ token: MathToken) -> Bool {
        let start = position
        skipBlanks()
        if peek == token {
            position += 1
            return true
        }
        position = start
        return false
    }

    mutating func nested<T>(_ body: (inout MathParser) throws(MathProblem) -> T) throws(MathProblem) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw MathProblem("the formula is nested too deeply") }
        return try body(&self)
    }

    // MARK: Rows

    private var isAtRowEnd: Bool {
        switch peek {
        case nil, .close, .align, .command("\\"), .command("cr"), .command("right"), .command("middle"), .command("end"): true
        default: false
        }
    }

    /// Atoms up to a token that ends a row, which stays; `bracket` also ends it at `]`.
    mutating func row(endsAtBracket bracket: Bool = false) throws(MathProblem) -> String {
        try nested { parser throws(MathProblem) in try parser.unboundedRow(bracket) }
    }

    private mutating func unboundedRow(_ bracket: Bool) throws(MathProblem) -> String {
        var html = ""
        var previous: Role?
        while true {
            skipBlanks()
            if isAtRowEnd || (bracket && peek == .character("]")) { return html }
            switch peek {
            case .command("displaystyle"), .command("textstyle"), .command("scriptstyle"):
                let isLarge = take() == .command("displaystyle")
                return html + "<mstyle displaystyle=\"\(isLarge)\">\(try row(endsAtBracket: bracket))</mstyle>"
            case .command("over"):
                position += 1
                return "<mfrac><mrow>\(html)</mrow><mrow>\(try row(endsAtBracket: bracket))</mrow></mfrac>"
            default: break
            }
            let atom = try scripted(try atom(after: previous))
            if Self.needsThinSpace(previous, atom.role) { html += "<mspace width=\"0.1667em\"/>" }
            html += atom.html
            if atom.role != .space || previous == nil { previous = atom.role }
        }
    }

    private static func needsThinSpace(_ left: Role?, _ right: Role) -> Bool {
        switch (left, right) {
        case (.function, .ordinary), (.function, .function), (.function, .large), (.ordinary, .function), (.closing, .function): true
        default: false
        }
    }

    /// `{…}` as one element, or the next single atom.
    mutating func argument(of owner: String) throws(MathProblem) -> String {
        skipBlanks()
        switch peek {
        case .open: return "<mrow>\(try group())</mrow>"
        case .number(let digits):
            // TeX takes one digit: x^12 is x¹2.
            if digits.count > 1 { tokens[position] = .number(String(digits.dropFirst())) } else { position += 1 }
            return number(String(digits.prefix(1)))
        case nil, .close, .align, .sub, .sup: throw MathProblem("\(owner) lacks what it applies to")
        default: return try nested { parser throws(MathProblem) in try parser.atom(after: nil).html }
        }
    }

    /// What is between braces, which are passed.
    mutating func group() throws(MathProblem) -> String {
        guard takes(.open) else { throw MathProblem("a group in braces is missing") }
        let before = alphabet
        let body = try row()
        alphabet = before
        guard takes(.close) else { throw MathProblem("a brace is not closed") }
        return body
    }

    /// `[…]` if it is there.
    mutating func option() throws(MathProblem) -> String? {
        guard takes(.character("[")) else { return nil }
        let body = try row(endsAtBracket: true)
        guard takes(.character("]")) else { throw MathProblem("a bracket is not closed") }
        return body
    }

    // MARK: Atoms

    mutating func atom(after previous: Role?) throws(MathProblem) -> Atom {
        switch take() {
        case .open:
            position -= 1
            return Atom(html: "<mrow>\(try group())</mrow>")
        case .number(let digits): return Atom(html: number(digits))
        case .character(let character): return self.character(character, after: previous)
        case .command(let name): return try command(name, after: previous)
        case .sub, .sup, .prime:
            // A script without a base has an empty one.
            position -= 1
            return Atom(html: "<mrow></mrow>")
        case .close, .align, .blank, nil: throw MathProblem("something is missing at the end")
        }
    }

    func number(_ digits: String) -> String { "<mn>\(alphabet?.styled(digits) ?? digits)</mn>" }

    private mutating func character(_ character: Character, after previous: Role?) -> Atom {
        switch character {
        case "+", "*", "-", "−", "±", "×", "·", "÷":
            return Self.binary(character == "-" ? "−" : character == "*" ? "∗" : String(character), after: previous)
        case "=", "<", ">", ":", "≤", "≥", "≠", "≈", "∈", "→": return Atom(html: Self.operation(HTML.escaped(String(character))), role: .relation)
        case "(", "[": return Atom(html: Self.delimiter(String(character)), role: .opening)
        case ")", "]": return Atom(html: Self.delimiter(String(character)), role: .closing)
        case ",", ";": return Atom(html: Self.operation(String(character)), role: .punctuation)
        case "|", "/", "!", ".", "?", "@", "\"", "`": return Atom(html: Self.tight(HTML.escaped(String(character))))
        case "~": return Atom(html: Self.space("0.25em"), role: .space)
        case "∑", "∏": return Atom(html: Self.operation(String(character)), role: .large, scripts: .limits)
        case _ where character.isLetter: return letters(character)
        default: return Atom(html: Self.tight(HTML.escaped(String(character))))
        }
    }

    /// Upright letters side by side are one word.
    private mutating func letters(_ first: Character) -> Atom {
        guard let alphabet else { return Atom(html: "<mi>\(HTML.escaped(String(first)))</mi>") }
        var word = String(first)
        if alphabet == .normal {
            while case .character(let next) = peek, next.isLetter {
                word.append(next)
                position += 1
            }
        }
        let isUpright = alphabet == .normal && word.count == 1
        return Atom(html: "<mi\(isUpright ? " mathvariant=\"normal\"" : "")>\(HTML.escaped(alphabet.styled(word)))</mi>")
    }

    // MARK: Elements

    static func operation(_ text: String) -> String { "<mo>\(text)</mo>" }
    /// An operator without space around it.
    static func tight(_ text: String) -> String { "<mo lspace=\"0\" rspace=\"0\" stretchy=\"false\">\(text)</mo>" }
    static func delimiter(_ text: String) -> String { "<mo stretchy=\"false\">\(text)</mo>" }
    static func space(_ width: String) -> String { "<mspace width=\"\(width)\"/>" }

    /// With nothing on its left that it could join, a binary operator is a sign.
    static func binary(_ text: String, after previous: Role?) -> Atom {
        switch previous {
        case nil, .binary, .relation, .opening, .punctuation, .large, .function:
            Atom(html: "<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">\(text)</mo>", role: .ordinary)
        case .ordinary, .closing, .space: Atom(html: operation(text), role: .binary)
        }
    }
}
