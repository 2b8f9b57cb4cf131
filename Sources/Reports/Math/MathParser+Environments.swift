extension MathParser {
    /// How the columns of a table stand.
    enum Columns {
        case centered, left
        /// Right, left, right, left, as around the signs of `aligned`.
        case alternating
        /// `l`, `c`, `r` of `array`.
        case listed([Character])
    }

    /// What an environment draws around and how it sets its columns; nil for one that is not known.
    private static func layout(_ name: String) -> (open: String, close: String, columns: Columns, isDisplay: Bool)? {
        switch name {
        case "matrix", "smallmatrix": ("", "", .centered, false)
        case "pmatrix": ("(", ")", .centered, false)
        case "bmatrix": ("[", "]", .centered, false)
        case "Bmatrix": ("{", "}", .centered, false)
        case "vmatrix": ("|", "|", .centered, false)
        case "Vmatrix": ("‖", "‖", .centered, false)
        case "cases": ("{", "", .left, false)
        case "rcases": ("", "}", .left, false)
        case "aligned", "align", "align*", "alignedat", "split", "eqnarray", "eqnarray*", "flalign", "flalign*": ("", "", .alternating, true)
        case "gathered", "gather", "gather*", "equation", "equation*", "multline", "multline*": ("", "", .centered, true)
        case "array": ("", "", .listed([]), false)
        default: nil
        }
    }

    /// From after `\begin` to after its `\end{…}`.
    mutating func environment() throws(MathProblem) -> String {
        let name = try self.name()
        guard var layout = Self.layout(name) else { throw MathProblem("the environment \(name) is not supported, so this is the formula's source") }
        if name == "array" || name == "alignedat" {
            let columns = try self.name()
            if name == "array" { layout.columns = .listed(columns.filter { "lcr".contains($0) }) }
        }
        let rows = try nested { parser throws(MathProblem) in try parser.cells() }
        guard takes(.command("end")) else { throw MathProblem("\\begin{\(name)} without its \\end") }
        let end = try self.name()
        guard end == name else { throw MathProblem("\\begin{\(name)} is ended by \\end{\(end)}") }
        let table = Self.table(rows, columns: layout.columns, isDisplay: layout.isDisplay)
        if layout.open.isEmpty, layout.close.isEmpty { return table }
        return "<mrow>\(Self.fence(layout.open, form: "prefix"))\(table)\(Self.fence(layout.close, form: "postfix"))</mrow>"
    }

    /// The plain text of a group, blanks left out.
    private mutating func name() throws(MathProblem) -> String { try words().replacing("\u{A0}", with: "").replacing("&amp;", with: "&") }

    /// Rows of cells up to the token that ends the table, which stays.
    mutating func cells() throws(MathProblem) -> [[String]] {
        var rows: [[String]] = [[]]
        while true {
            while takes(.command("hline")) {}
            rows[rows.count - 1].append(try row())
            if takes(.align) { continue }
            if takes(.command("\\")) || takes(.command("cr")) {
                // A distance after a line end is for paper.
                if peek == .character("[") { _ = try option() }
                rows.append([])
                continue
            }
            // A line end after the last row begins no row.
            if rows.count > 1, rows[rows.count - 1] == [""] { rows.removeLast() }
            return rows
        }
    }

    static func table(_ rows: [[String]], columns: Columns, isDisplay: Bool) -> String {
        let body = rows.map { row in
            "<mtr>" + row.enumerated().map { "<mtd\(style($0, columns))>\($1)</mtd>" }.joined() + "</mtr>"
        }
        return "<mtable\(isDisplay ? " displaystyle=\"true\"" : "")>\(body.joined())</mtable>"
    }

    /// MathML Core leaves the sides of columns to the style sheet.
    private static func style(_ column: Int, _ columns: Columns) -> String {
        switch columns {
        case .centered: return ""
        case .left: return " class=\"ml\""
        case .alternating: return column % 2 == 0 ? " class=\"mr joined\"" : " class=\"ml joined\""
        case .listed(let sides):
            let side = sides.indices.contains(column) ? sides[column] : "c"
            return side == "l" ? " class=\"ml\"" : side == "r" ? " class=\"mr\"" : ""
        }
    }
}
