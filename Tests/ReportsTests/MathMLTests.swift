import Reports
import Testing

/// Formulas as they are drawn, and what is left as its source.
struct MathMLTests {
    /// What stands between the tags that every formula has.
    private func inner(_ source: String, isDisplay: Bool = false) -> String {
        let html = MathML.html(source, isDisplay: isDisplay)
        guard let start = html.firstRange(of: "<semantics><mrow>"), let end = html.firstRange(of: "</mrow><annotation") else { return html }
        return String(html[start.upperBound..<end.lowerBound])
    }

    @Test(arguments: [
        ("x", "<mi>x</mi>"),
        ("12.5", "<mn>12.5</mn>"),
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        ("x^12", "<msup><mi>x</mi><mn>1</mn></msup><mn>2</mn>"),
        (#"\frac ab"#, "<mfrac><mi>a</mi><mi>b</mi></mfrac>"),
        (#"a \over b"#, "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        (#"\sqrt[3]{x}"#, "<mroot><mrow><mi>x</mi></mrow><mrow><mn>3</mn></mrow></mroot>"),
        (#"\alpha\Gamma"#, "<mi>α</mi><mi mathvariant=\"normal\">Γ</mi>"),
        (#"\mathbb{R}\mathcal{L}\mathbf{x}"#, "<mrow><mi>ℝ</mi></mrow><mrow><mi>ℒ</mi></mrow><mrow><mi>𝐱</mi></mrow>"),
        (#"\mathrm{ReLU}"#, "<mrow><mi>ReLU</mi></mrow>"),
        (#"\hat y"#, "<mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo></mover>"),
        ("f'(x)", "<msup><mi>f</mi><mo lspace=\"0\" rspace=\"0\">′</mo></msup><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo>"),
        (#"\text{if } x"#, "<mtext>if\u{A0}</mtext><mi>x</mi>"),
        (#"a \not= b"#, "<mi>a</mi><mo>=\u{338}</mo><mi>b</mi>"),
        ("a<b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (#"{\bf x} y"#, "<mrow><mi>𝐱</mi></mrow><mi>y</mi>"),
    ])
    func formulasAreDrawn(_ source: String, _ expected: String) { #expect(inner(source) == expected) }

    @Test func aSignIsNoBinaryOperator() {
        #expect(inner("-a - b") == "<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">−</mo><mi>a</mi><mo>−</mo><mi>b</mi>")
        #expect(inner("(-a)").contains("<mo form=\"prefix\" lspace=\"0\" rspace=\"0\">−</mo>"))
    }

    @Test func limitsOfSumsStandAboveAndBelowThoseOfIntegralsBeside() {
        #expect(inner(#"\sum_{i=1}^n i"#).hasPrefix("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"))
        #expect(inner(#"\int_0^1 x"#).hasPrefix("<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>"))
        #expect(inner(#"\int\limits_0^1 x"#).hasPrefix("<munderover><mo movablelimits=\"false\">∫</mo>"))
        #expect(inner(#"\lim_{x \to 0} f"#).hasPrefix("<munder><mo movablelimits=\"true\" form=\"prefix\" lspace=\"0\" rspace=\"0\">lim</mo>"))
    }

    @Test func functionsAreSetApartFromTheirArguments() {
        #expect(inner(#"2\sin x"#) == "<mn>2</mn><mspace width=\"0.1667em\"/><mi>sin</mi><mo>&#x2061;</mo><mspace width=\"0.1667em\"/><mi>x</mi>")
        #expect(inner(#"\log(x)"#).hasPrefix("<mi>log</mi><mo>&#x2061;</mo><mo stretchy=\"false\">(</mo>"))
    }

    @Test func environmentsAreTables() {
        let matrix = inner(#"\begin{bmatrix} a & b \\ c & d \\ \end{bmatrix}"#)
        #expect(
            matrix.contains(
                "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable>"))
        #expect(matrix.contains(">[</mo>") && matrix.contains(">]</mo>"))
        let cases = inner(#"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}"#)
        #expect(cases.contains("<mtd class=\"ml\"><mn>1</mn></mtd>") && !cases.contains("}</mo>"))
        #expect(
            inner(#"\begin{aligned} a &= b \\ &= c \end{aligned}"#).contains(
                "<mtable displaystyle=\"true\"><mtr><mtd class=\"mr joined\"><mi>a</mi></mtd><mtd class=\"ml joined\"><mo>=</mo>"))
        #expect(inner(#"a &= b \\ c &= d"#).contains("<mtd class=\"mr joined\"><mi>c</mi></mtd>"))
        #expect(inner(#"\begin{array}{lr} a & b \end{array}"#).contains("<mtd class=\"ml\"><mi>a</mi></mtd><mtd class=\"mr\"><mi>b</mi></mtd>"))
        #expect(inner(#"\left\lfloor \frac{x}{s} \right\rceil"#).contains(">⌊</mo>"))
    }

    @Test(arguments: [
        (#"\foo{x}"#, #"\foo is not supported"#), ("x^2^3", "two superscripts"), ("{a", "a brace is not closed"), ("a}", "no opening one"),
        (#"\frac{a}"#, #"\frac lacks"#),
        (#"\left( a"#, #"\left without \right"#), (#"\begin{matrix} a"#, #"without its \end"#), (#"\begin{matrix} a \end{cases}"#, #"is ended by"#),
        (#"\begin{tikz}\end{tikz}"#, "tikz is not supported"),
        (#"a \right)"#, #"\right without"#), (#"\text{$x$}"#, "inside"),
    ])
    func whatIsNotUnderstoodStaysAsItsSource(_ source: String, _ reason: String) {
        let html = MathML.html(source, isDisplay: false)
        #expect(html.hasPrefix("<code class=\"tex\" title=\"") && html.contains(reason), "\(html)")
        #expect(!html.contains("<math"))
    }

    @Test func nothingNestsWithoutBoundAndNothingIsMarkup() {
        for piece in ["{", "\\frac", "\\left(", "\\begin{matrix}", "\\sqrt[", "x_{", "\\hat"] {
            let html = MathML.html(String(repeating: piece, count: 3000), isDisplay: true)
            #expect(html.hasPrefix("<span class=\"texline\"><code"), "\(piece)")
        }
        #expect(!MathML.html("<script>\"'&", isDisplay: false).contains("<script"))
        #expect(inner("\\text{<b>}") == "<mtext>&lt;b&gt;</mtext>")
        #expect(MathML.html("  ", isDisplay: true).isEmpty)
    }
}
