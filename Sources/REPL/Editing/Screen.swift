#if canImport(Glibc)
    import Glibc
#endif

/// Draws layouts over each other at the bottom of a terminal, touching only the rows that changed.
final class Screen {
    private let descriptor: Int32
    private var rows: [String] = []
    /// Columns that each of `rows` takes, as far as they belong to a cell.
    private var widths: [Int] = []
    private var cursorRow = 0
    private var cursorColumn = 0

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Columns and rows of the terminal; 80 × 24 where it does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Forgets what was drawn: the next layout starts at the cursor's row.
    func reset() {
        rows = []
        cursorRow = 0
    }

    /// Shows a layout and rows below it; of a layout taller than the terminal, the part around the cursor.
    func draw(_ layout: CellLayout, footer: [String] = []) {
        let size = size
        let height = max(2, size.rows - footer.count)
        let top = layout.rows.count <= height ? 0 : min(max(0, layout.cursorRow - height + 2), layout.rows.count - height)
        let shown = Array(layout.rows[top..<min(layout.rows.count, top + height)]) + footer
        var output = ""
        var at = cursorRow
        func go(to row: Int) {
            if row < at { output += "\u{1B}[\(at - row)A" }
            // Rows that do not exist yet are made by line feeds, which scroll.
            if row > at { output += String(repeating: "\n", count: row - at) }
            at = row
        }
        for (index, row) in shown.enumerated() where index >= rows.count || rows[index] != row {
            go(to: index)
            // Behind a full row the cursor still stands on its last character, which erasing would take.
            let isFull = top + index < layout.widths.count && layout.widths[top + index] >= size.columns
            output += "\r" + row + (isFull ? "" : "\u{1B}[K")
        }
        if rows.count > shown.count {
            go(to: shown.count - 1)
            output += "\r\n\u{1B}[J\u{1B}[1A"
        }
        go(to: layout.cursorRow - top)
        output += "\r" + (layout.cursorColumn > 0 ? "\u{1B}[\(layout.cursorColumn)C" : "")
        write(output)
        rows = shown
        widths = Array(layout.widths[top..<min(layout.rows.count, top + height)])
        cursorRow = layout.cursorRow - top
        cursorColumn = layout.cursorColumn
    }

    /// Leaves what was drawn standing; the cursor goes to a fresh line below it.
    func finish() {
        let below = max(0, rows.count - 1 - cursorRow)
        write((below > 0 ? "\u{1B}[\(below)B" : "") + "\r\n")
        reset()
    }

    /// Takes back what was drawn.
    func erase() {
        write((cursorRow > 0 ? "\u{1B}[\(cursorRow)A" : "") + "\r\u{1B}[J")
        reset()
    }

    /// Takes back what was drawn, after the terminal was made wider or narrower. Terminals break rows that have become too long and do not
    /// join those that were drawn apart.
    func resized() {
        let columns = max(1, size.columns)
        let above = widths.prefix(cursorRow).reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        cursorRow = above + cursorColumn / columns
        erase()
    }

    func clear() {
        write("\u{1B}[H\u{1B}[2J")
        reset()
    }

    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.unsafelyUnwrapped + offset, bytes.count - offset)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                offset += count
            }
        }
    }
}
