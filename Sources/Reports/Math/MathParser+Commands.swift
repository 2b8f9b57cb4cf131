extension MathParser {
    /// What a command draws; its name has been passed, its arguments are read here.
    mutating func command(_ name: String, after previous: Role?) throws(MathProblem) -> Atom {
        if let symbol = symbol(name, after: previous) { return symbol }
        if let alphabet = MathAlphabet.commands[name] { return try styled(alphabet) }
        if let lasting = MathAlphabet.switches[name] {
            // Holds to the end of its group, which puts the old one back.
            alphabet = lasting
            return Atom(html: "", role: .space)
        }
        if let accent = MathSymbols.accents[name] {
            let mark = "<mo stretchy=\"\(accent.isStretchy)\">\(HTML.escaped(accent.mark))</mo>"
            return Atom(
                html: "<mover accent=\"true\">\(try argument(of: "\\" + name))\(mark)</mover>", scripts: name == "overbrace" ? .limits : .beside)
        }
        if let mark = MathSymbols.underAccents[name] {
            return Atom(
                html: "<munder accentunder=\"true\">\(try argument(of: "\\" + name))<mo stretchy=\"true\">\(mark)</mo></munder>",
                scripts: name == "underbrace" ? .limits : .beside)
        }
        if let size = MathSymbols.sizes[name] {
            let (text, role) = try delimiter(after: name)
            return Atom(html: "<mo stretchy=\"true\" minsize=\"\(size)\" maxsize=\"\(size)\"\(Self.tightness(role))>\(text)</mo>", role: role)
        }
        return try structure(name)
    }

    private static func tightness(_ role: Role) -> String { role == .ordinary ? " lspace=\"0\" rspace=\"0\"" : "" }

    private func symbol(_ name: String, after previous: Role?) -> Atom? {
        if let letter = MathSymbols.letters[name] { return Atom(html: "<mi>\(alphabet?.styled(letter) ?? letter)</mi>") }
        if let capital = MathSymbols.capitals[name] {
            let bold = alphabet.map { $0.styled(capital) } ?? capital
            return Atom(html: bold == capital ? "<mi mathvariant=\"normal\">\(capital)</mi>" : "<mi>\(bold)</mi>")
        }
        if let text = MathSymbols.ordinary[name] { return Atom(html: "<mi mathvariant=\"normal\">\(HTML.escaped(text))</mi>") }
        if let text = MathSymbols.binary[name] { return Self.binary(text, after: previous) }
        if let text = MathSymbols.relations[name] { return Atom(html: Self.operation(HTML.escaped(text)), role: .relation) }
        if let text = MathSymbols.large[name] { return Atom(html: Self.operation(text), role: .large, scripts: .limits) }
        if let text = MathSymbols.integrals[name] { return Atom(html: Self.operation(text), role: .large) }
        if MathSymbols.functions.contains(name) { return Atom(html: "<mi>\(name)</mi>", role: .function) }
        if let text = MathSymbols.limitFunctions[name] { return Self.limitFunction(text) }
        if let text = MathSymbols.delimiters[name] {
            let role = Self.role(ofDelimiter: text, command: name)
            return Atom(html: role == .ordinary ? Self.tight(text) : Self.delimiter(text), role: role)
        }
        if let width = MathSymbols.spaces[name] { return Atom(html: Self.space(width), role: .space) }
        if MathSymbols.silent.contains(name) { return Atom(html: "", role: .space) }
        if name == "colon" { return Atom(html: Self.operation(":"), role: .punctuation) }
        return nil
    }

    private static func limitFunction(_ text: String) -> Atom {
        Atom(html: "<mo movablelimits=\"true\" form=\"prefix\" lspace=\"0\" rspace=\"0\">\(text)</mo>", role: .function, scripts: .limits)
    }

    private static func role(ofDelimiter text: String, command: String) -> Role {
        if MathSymbols.opening.contains(text) || command.hasPrefix("l") && (text == "|" || text == "‖") { return .opening }
        if MathSymbols.closing.contains(text) || command.hasPrefix("r") && (text == "|" || text == "‖") { return .closing }
        return .ordinary
    }

    /// `\mathbf{x}`
    private mutating func styled(_ style: MathAlphabet) throws(MathProblem) -> Atom {
        let before = alphabet
        alphabet = style
        skipBlanks()
        let body = try peek == .open ? "<mrow>\(group())</mrow>" : nested { parser throws(MathProblem) in try parser.atom(after: nil).html }
        alphabet = before
        return Atom(html: body)
    }

    /// Commands that take arguments.
    private mutating func structure(_ name: String) throws(MathProblem) -> Atom {
        switch name {
        case "frac", "cfrac": return Atom(html: try fraction(name, style: nil))
        case "dfrac": return Atom(html: try fraction(name, style: true))
        case "tfrac": return Atom(html: try fraction(name, style: false))
        case "binom", "dbinom", "tbinom":
            let (top, bottom) = (try argument(of: "\\" + name), try argument(of: "\\" + name))
            return Atom(html: "<mrow><mo>(</mo><mfrac linethickness=\"0\">\(top)\(bottom)</mfrac><mo>)</mo></mrow>")
        case "sqrt":
            if let index = try option() { return Atom(html: "<mroot>\(try argument(of: "\\sqrt"))<mrow>\(index)</mrow></mroot>") }
            return Atom(html: "<msqrt>\(try argument(of: "\\sqrt"))</msqrt>")
        case "overset", "stackrel":
            let mark = try argument(of: "\\" + name)
            return Atom(html: "<mover>\(try argument(of: "\\" + name))\(mark)</mover>", role: .relation)
        case "underset":
            let mark = try argument(of: "\\underset")
            return Atom(html: "<munder>\(try argument(of: "\\underset"))\(mark)</munder>", role: .function)
        case "text", "textrm", "mbox", "textnormal", "hbox": return Atom(html: "<mtext>\(try words())</mtext>")
        case "textbf": return Atom(html: "<mtext class=\"b\">\(try words())</mtext>")
        case "textit", "emph": return Atom(html: "<mtext class=\"i\">\(try words())</mtext>")
        case "texttt": return Atom(html: "<mtext class=\"t\">\(try words())</mtext>")
        case "operatorname": return Atom(html: "<mi>\(try words())</mi>", role: .function)
        case "operatorname*": return Self.limitFunction(try words())
        case "phantom": return Atom(html: "<mphantom>\(try argument(of: "\\phantom"))</mphantom>")
        case "boxed": return Atom(html: "<mrow class=\"boxed\">\(try argument(of: "\\boxed"))</mrow>")
        case "mathop": return Atom(html: try argument(of: "\\mathop"), role: .large, scripts: .limits)
        case "bmod": return Atom(html: "<mo>mod</mo>", role: .binary)
        case "pmod":
            return Atom(
                html: "<mrow><mspace width=\"1em\"/><mo>(</mo><mi>mod</mi><mspace width=\"0.3333em\"/>\(try argument(of: "\\pmod"))<mo>)</mo></mrow>")
        case "not": return try negated()
        case "label", "tag":
            _ = try words()
            return Atom(html: "", role: .space)
        case "left": return Atom(html: try fence())
        case "begin": return Atom(html: try environment())
        default: throw MathProblem("\\\(name) is not supported, so this is the formula's source")
        }
    }

    private mutating func fraction(_ name: String, style: Bool?) throws(MathProblem) -> String {
        let (top, bottom) = (try argument(of: "\\" + name), try argument(of: "\\" + name))
        let fraction = "<mfrac>\(top)\(bottom)</mfrac>"
        return style.map { "<mstyle displaystyle=\"\($0)\">\(fraction)</mstyle>" } ?? fraction
    }

    private mutating func negated() throws(MathProblem) -> Atom {
        skipBlanks()
        var atom = try atom(after: .ordinary)
        guard atom.html.hasSuffix("</mo>") else { throw MathProblem("\\not applies to a relation") }
        atom.html.insert("\u{338}", at: atom.html.index(atom.html.endIndex, offsetBy: -5))
        return atom
    }

    /// Plain words between braces, escaped.
    mutating func words() throws(MathProblem) -> String {
        guard takes(.open) else { throw MathProblem("a group in braces is missing") }
        var text = ""
        var braces = 0
        while let token = take() {
            switch token {
            case .close where braces == 0: return HTML.escaped(text)
            case .close: braces -= 1
            case .open: braces += 1
            case .blank: text += "\u{A0}"
            case .number(let digits): text += digits
            case .character("$"): throw MathProblem("a formula inside \\text is not supported")
            case .character(let character): text.append(character)
            case .command(" "), .command("\\"): text += "\u{A0}"
            case .command(let name) where name.count == 1: text += name
            case .command(let name): throw MathProblem("\\\(name) inside \\text is not supported")
            case .sub: text += "_"
            case .sup: text += "^"
            case .align: text += "&"
            case .prime: text += "’"
            }
        }
        throw MathProblem("a brace is not closed")
    }

    // MARK: Delimiters

    /// A delimiter's text, empty for `.`, escaped.
    private mutating func delimiter(after name: String) throws(MathProblem) -> (text: String, role: Role) {
        skipBlanks()
        switch take() {
        case .character("."): return ("", .ordinary)
        case .character("<"): return ("⟨", .opening)
        case .character(">"): return ("⟩", .closing)
        case .character(let character) where "()[]|/".contains(character):
            return (String(character), Self.role(ofDelimiter: String(character), command: ""))
        case .command(let command):
            if let text = MathSymbols.delimiters[command] { return (text, Self.role(ofDelimiter: text, command: command)) }
            throw MathProblem("\\\(command) is no delimiter for \\\(name)")
        default: throw MathProblem("\\\(name) lacks its delimiter")
        }
    }

    /// `\left( … \middle| … \right)`
    private mutating func fence() throws(MathProblem) -> String {
        var html = Self.fence(try delimiter(after: "left").text, form: "prefix")
        while true {
            html += "<mrow>\(try row())</mrow>"
            if takes(.command("middle")) {
                html += "<mo stretchy=\"true\" lspace=\"0.1667em\" rspace=\"0.1667em\">\(try delimiter(after: "middle").text)</mo>"
            } else if takes(.command("right")) {
                return "<mrow>\(html)\(Self.fence(try delimiter(after: "right").text, form: "postfix"))</mrow>"
            } else {
                throw MathProblem("\\left without \\right")
            }
        }
    }

    static func fence(_ text: String, form: String) -> String {
        text.isEmpty ? "" : "<mo stretchy=\"true\" symmetric=\"true\" form=\"\(form)\" lspace=\"0\" rspace=\"0\">\(text)</mo>"
    }
}
