/// LaTeX mathematics as MathML Core, which browsers draw without a script or a font of ours.
///
/// What the subset lacks is shown as its source with the reason in a title: a formula is never drawn with a part missing.
package enum MathML {
    /// - Parameter isDisplay: a formula on its own line, with limits above and below its sums.
    package static func html(_ source: String, isDisplay: Bool) -> String {
        let shown = source.trimmed
        guard !shown.isEmpty else { return "" }
        let display = isDisplay ? " display=\"block\"" : ""
        do throws(MathProblem) {
            var parser = MathParser(shown, isDisplay: isDisplay)
            let body = try parser.formula()
            return
                "<math\(display)><semantics><mrow>\(body)</mrow><annotation encoding=\"application/x-tex\">\(HTML.escaped(shown))</annotation></semantics></math>"
        } catch {
            let code = "<code class=\"tex\" title=\"\(HTML.escaped(error.description))\">\(HTML.escaped(shown))</code>"
            return isDisplay ? "<span class=\"texline\">\(code)</span>" : code
        }
    }
}

/// Why a formula is shown as its source.
struct MathProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension String {
    /// Without blanks and line ends at either side.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
