extension MathParser {
    /// The atom with the subscript, superscript and primes that follow it.
    mutating func scripted(_ base: Atom) throws(MathProblem) -> Atom {
        var base = base
        var sub: String?
        var sup: String?
        var primes = 0
        while true {
            if takes(.sub) {
                guard sub == nil else { throw MathProblem("two subscripts at one place") }
                sub = try argument(of: "_")
            } else if takes(.sup) {
                guard sup == nil else { throw MathProblem("two superscripts at one place") }
                sup = try argument(of: "^")
            } else if takes(.prime) {
                primes += 1
            } else if takes(.command("limits")) {
                base.scripts = .limits
                base.html = base.html.replacing("<mo>", with: "<mo movablelimits=\"false\">", maxReplacements: 1)
            } else if takes(.command("nolimits")) {
                base.scripts = .beside
            } else {
                break
            }
        }
        if primes > 0 {
            let marks = "<mo lspace=\"0\" rspace=\"0\">\(String(repeating: "′", count: min(primes, 8)))</mo>"
            sup = sup.map { "<mrow>\(marks)\($0)</mrow>" } ?? marks
        }
        if sub != nil || sup != nil {
            base.html = Self.attach(sub, sup, to: base.html.isEmpty ? "<mrow></mrow>" : base.html, base.scripts)
        }
        // The sign of application says where a function's name ends; it is no part of what scripts hang on.
        if base.role == .function { base.html += "<mo>&#x2061;</mo>" }
        return base
    }

    private static func attach(_ sub: String?, _ sup: String?, to base: String, _ scripts: Scripts) -> String {
        switch (sub, sup, scripts) {
        case (let sub?, let sup?, .beside): return "<msubsup>\(base)\(sub)\(sup)</msubsup>"
        case (let sub?, let sup?, .limits): return "<munderover>\(base)\(sub)\(sup)</munderover>"
        case (let sub?, nil, .beside): return "<msub>\(base)\(sub)</msub>"
        case (let sub?, nil, .limits): return "<munder>\(base)\(sub)</munder>"
        case (nil, let sup?, .beside): return "<msup>\(base)\(sup)</msup>"
        case (nil, let sup?, .limits): return "<mover>\(base)\(sup)</mover>"
        case (nil, nil, _): return base
        }
    }
}
