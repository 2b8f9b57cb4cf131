import CReadline

#if canImport(Glibc)
    import Glibc
#endif

/// GNU readline over whole cells: its keys, history and search, but Enter, Tab, Backspace and the arrows know about lines, and
/// the screen is drawn with colours and continuation prompts.
///
/// Readline keeps its state in globals, so there is one editor in a process.
package final class ReadlineEditor: LineEditor {
    nonisolated(unsafe) private static var active: ReadlineEditor?

    private let screen: Screen
    private let signals = TerminalSignals()
    private let isColoured: Bool
    private var support: EditingSupport?
    private var prompt = EditorPrompt("")
    private var layout: CellLayout?
    private var input: EditorInput?
    /// What the history begins with, until it was read.
    private var earlierCells: (() -> [String])?
    /// The completions shown below the cell.
    private var menu: CompletionMenu?
    /// The text that the arrow keys brought from the history, and what it had to begin with.
    private var recalled: (text: String, prefix: String)?

    package init(isColoured: Bool) {
        self.isColoured = isColoured
        screen = Screen(descriptor: 1)
        Self.active = self
        qnb_rl_setup("qnb") { ReadlineEditor.active?.redraw() }
        rl_initialize()
        bindKeys()
    }

    package func remember(_ cell: String) { add_history(cell) }
    package func remember(earlier cells: @escaping () -> [String]) { earlierCells = cells }

    package func withSeparateHistory(_ body: () -> Void) {
        let outer = history_get_history_state()
        var empty = HISTORY_STATE()
        history_set_history_state(&empty)
        body()
        clear_history()
        history_set_history_state(outer)
        free(outer)
    }

    private func bindKeys() {
        for key in [Int32(13), 10] { rl_bind_key(key) { _, _ in ReadlineEditor.active?.enter() ?? 0 } }
        for key in [Int32(127), 8] { rl_bind_key(key) { count, key in ReadlineEditor.active?.erase(count, key) ?? 0 } }
        rl_bind_key(9) { _, _ in ReadlineEditor.active?.tab() ?? 0 }
        rl_bind_key(12) { _, _ in ReadlineEditor.active?.clearScreen() ?? 0 }
        for sequence in ["\\e[A", "\\eOA"] { rl_bind_keyseq(sequence) { count, key in ReadlineEditor.active?.move(up: true, count, key) ?? 0 } }
        for sequence in ["\\e[B", "\\eOB"] { rl_bind_keyseq(sequence) { count, key in ReadlineEditor.active?.move(up: false, count, key) ?? 0 } }
        for sequence in ["\\e\\C-m", "\\e\\C-j"] { rl_bind_keyseq(sequence) { _, _ in ReadlineEditor.active?.newLine() ?? 0 } }
        rl_bind_key(1) { _, _ in ReadlineEditor.active?.moveInLine(toEnd: false) ?? 0 }
        for sequence in ["\\e[H", "\\eOH", "\\e[1~"] { rl_bind_keyseq(sequence) { _, _ in ReadlineEditor.active?.moveInLine(toEnd: false) ?? 0 } }
        rl_bind_key(5) { _, _ in ReadlineEditor.active?.moveInLine(toEnd: true) ?? 0 }
        for sequence in ["\\e[F", "\\eOF", "\\e[4~"] { rl_bind_keyseq(sequence) { _, _ in ReadlineEditor.active?.moveInLine(toEnd: true) ?? 0 } }
        rl_bind_key(11) { _, _ in ReadlineEditor.active?.killLine(toEnd: true) ?? 0 }
        rl_bind_key(21) { _, _ in ReadlineEditor.active?.killLine(toEnd: false) ?? 0 }
        rl_bind_keyseq("\\e[Z") { _, _ in ReadlineEditor.active?.dedent() ?? 0 }
    }

    // MARK: Reading

    package func readCell(_ prompt: EditorPrompt, initialText: String, support: EditingSupport) -> EditorInput {
        self.support = support
        self.prompt = prompt
        input = nil
        layout = nil
        menu = nil
        recalled = nil
        screen.reset()
        // The line before, and its place in the history, would otherwise come back for a moment.
        rl_replace_line("", 1)
        qnb_rl_set_point(0)
        using_history()
        signals.begin()
        defer { signals.end() }
        rl_callback_handler_install(prompt.text) { line in
            ReadlineEditor.active?.accept(line.map { String(cString: $0) })
            free(line)
        }
        if !initialText.isEmpty {
            rl_insert_text(initialText)
            redraw()
        }
        if let cells = earlierCells {
            earlierCells = nil
            for cell in cells() { add_history(cell) }
            using_history()
        }
        while input == nil { wait() }
        return input ?? .end
    }

    /// Waits for a key or a signal and serves it.
    private func wait() {
        var descriptors = [pollfd(fd: 0, events: Int16(POLLIN), revents: 0), pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
        let ready = poll(&descriptors, signals.descriptor < 0 ? 1 : 2, -1)
        if ready < 0, errno != EINTR { return leave(.end) }
        for signal in signals.take() {
            switch signal {
            case .interrupt: return leave(.interrupted)
            case .end: return leave(.end)
            case .resize: resize()
            case .resume:
                rl_prep_terminal(1)
                screen.reset()
                redraw()
            }
        }
        if descriptors[0].revents != 0 { rl_callback_read_char() }
    }

    /// Ends reading from outside: nothing of the line is kept.
    private func leave(_ result: EditorInput) {
        moveToEnd()
        screen.write(result == .interrupted ? "^C" : "")
        screen.finish()
        rl_free_line_state()
        rl_callback_sigcleanup()
        rl_cleanup_after_signal()
        rl_callback_handler_remove()
        input = result
    }

    private func accept(_ line: String?) {
        if line == nil { screen.finish() }
        rl_callback_handler_remove()
        input = line.map { .cell($0) } ?? .end
    }

    // MARK: The text

    private var text: String { qnb_rl_buffer().map { String(cString: $0) } ?? "" }
    private var point: Int { Int(qnb_rl_point()) }

    private func split() -> (before: String, after: String) {
        let text = Array(text.utf8)
        let cut = min(max(0, point), text.count)
        return (String(decoding: text[..<cut], as: UTF8.self), String(decoding: text[cut...], as: UTF8.self))
    }

    // MARK: Keys

    /// Runs the cell when it is finished, else begins another line.
    private func enter() -> Int32 {
        let isAtEnd = split().after.allSatisfy { $0.isWhitespace }
        guard isAtEnd || !text.contains("\n"), support?.isFinished(text) ?? true else { return newLine() }
        moveToEnd()
        screen.finish()
        qnb_rl_set_done()
        return 0
    }

    private func moveToEnd() {
        menu = nil
        qnb_rl_set_point(qnb_rl_end())
        draw()
    }

    private func newLine() -> Int32 {
        let (before, after) = split()
        // Blanks after the cursor would push the text of the next line to the right.
        let blanks = after.prefix { $0 == " " }.utf8.count
        if blanks > 0, !after.dropFirst(blanks).hasPrefix("\n"), blanks < after.utf8.count {
            rl_delete_text(qnb_rl_point(), qnb_rl_point() + Int32(blanks))
        }
        rl_insert_text("\n" + Indentation.next(after: before))
        return 0
    }

    private func erase(_ count: Int32, _ key: Int32) -> Int32 {
        let removal = Indentation.removal(before: split().before)
        if removal <= 1 || count != 1 { return rl_rubout(count, key) }
        rl_delete_text(qnb_rl_point() - Int32(removal), qnb_rl_point())
        qnb_rl_set_point(qnb_rl_point() - Int32(removal))
        return 0
    }

    /// Shift-Tab: back in the menu, or one stop less for the line of the cursor.
    private func dedent() -> Int32 {
        if menu?.isCurrent(text, point) == true { return select(forward: false) }
        let before = split().before
        let start = before.utf8.count - (before.split(separator: "\n", omittingEmptySubsequences: false).last?.utf8.count ?? 0)
        let blanks = Array(text.utf8)[start...].prefix { $0 == 0x20 }.count
        let removed = min(blanks, Indentation.width)
        rl_delete_text(Int32(start), Int32(start + removed))
        qnb_rl_set_point(Int32(max(start, before.utf8.count - removed)))
        return 0
    }

    /// Where the cursor's line begins and ends.
    private var lineBounds: (start: Int, end: Int) {
        let (before, after) = split()
        let start = before.utf8.lastIndex(of: 0x0A).map { before.utf8.distance(from: before.startIndex, to: $0) + 1 } ?? 0
        return (start, before.utf8.count + after.utf8.prefix { $0 != 0x0A }.count)
    }

    /// Home and End: of the cursor's line, then of the cell.
    private func moveInLine(toEnd: Bool) -> Int32 {
        let (start, end) = lineBounds
        if toEnd {
            qnb_rl_set_point(point == end ? qnb_rl_end() : Int32(end))
        } else {
            qnb_rl_set_point(point == start ? 0 : Int32(start))
        }
        return 0
    }

    /// Ctrl-K and Ctrl-U: the rest or the beginning of the cursor's line; at its very end or beginning the line break.
    private func killLine(toEnd: Bool) -> Int32 {
        let (start, end) = lineBounds
        let (from, to) =
            toEnd ? (point, point == end ? min(point + 1, Int(qnb_rl_end())) : end) : (point == start ? max(0, point - 1) : start, point)
        rl_kill_text(Int32(from), Int32(to))
        qnb_rl_set_point(Int32(from))
        return 0
    }

    private func clearScreen() -> Int32 {
        screen.clear()
        draw()
        return 0
    }

    // MARK: History

    /// Moves between the cell's lines, and past its first or last one through the history.
    private func move(up: Bool, _ count: Int32, _ key: Int32) -> Int32 {
        let (before, after) = split()
        let column = before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
        if up {
            var lines = before.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count > 1 else { return recall(up: true, key) }
            lines.removeLast()
            let target = lines.removeLast()
            let offset = lines.reduce(0) { $0 + $1.utf8.count + 1 } + target.prefix(column).utf8.count
            qnb_rl_set_point(Int32(offset))
        } else {
            let lines = after.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count > 1 else { return recall(up: false, key) }
            qnb_rl_set_point(Int32(before.utf8.count + lines[0].utf8.count + 1 + lines[1].prefix(column).utf8.count))
        }
        return 0
    }

    /// The next older or newer cell that begins with what was typed before the first step.
    private func recall(up: Bool, _ key: Int32) -> Int32 {
        let current = text
        let prefix = recalled.flatMap { $0.text == current ? $0.prefix : nil } ?? split().before
        let place = Int(where_history())
        let length = Int(qnb_history_length())
        let places = up ? Array((0..<place).reversed()) : Array(min(place + 1, length)..<length)
        let found = places.first { index in
            guard let entry = history_get(Int32(index) + qnb_history_base()) else { return false }
            let cell = String(cString: entry.pointee.line)
            return cell.hasPrefix(prefix) && cell != current
        }
        if let found {
            _ = up ? rl_get_previous_history(Int32(place - found), key) : rl_get_next_history(Int32(found - place), key)
        } else if !up, place < length {
            // Back to what was being typed.
            rl_get_next_history(Int32(length - place), key)
        } else {
            ring()
        }
        qnb_rl_set_point(qnb_rl_end())
        recalled = (text, prefix)
        return 0
    }

    // MARK: Completion

    private func tab() -> Int32 {
        if menu?.isCurrent(text, point) == true { return select(forward: true) }
        let before = split().before
        if Indentation.isIndentation(before) {
            let column = before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
            rl_insert_text(String(repeating: " ", count: Indentation.width - column % Indentation.width))
            return 0
        }
        guard let support else { return 0 }
        let found = support.completions(text, point)
        guard !found.candidates.isEmpty else {
            ring()
            return 0
        }
        let common = found.commonPrefix
        if common.utf8.count > point - found.start || found.candidates.count == 1 { replace(from: found.start, with: common) }
        menu = found.candidates.count > 1 ? CompletionMenu(found, text: text, point: point) : nil
        return 0
    }

    /// Goes through the candidates of the menu, one a key.
    private func select(forward: Bool) -> Int32 {
        guard var menu else { return 0 }
        menu.select(forward: forward)
        if let candidate = menu.selectedText { replace(from: menu.start, with: candidate) }
        menu.follow(text, point)
        self.menu = menu
        return 0
    }

    private func replace(from start: Int, with candidate: String) {
        rl_begin_undo_group()
        rl_delete_text(Int32(start), qnb_rl_point())
        qnb_rl_set_point(Int32(start))
        rl_insert_text(candidate)
        rl_end_undo_group()
    }

    private func ring() { screen.write("\u{07}") }

    // MARK: Drawing

    /// Readline asks for this after every key; while more keys are waiting the picture would be stale at once.
    private func redraw() {
        var waiting: Int32 = 0
        if ioctl(0, UInt(FIONREAD), &waiting) == 0, waiting > 0, layout != nil { return }
        draw()
    }

    private func draw() {
        let next = makeLayout()
        if menu?.isCurrent(text, point) == false { menu = nil }
        let size = screen.size
        let room = max(3, size.rows - next.rows.count)
        let footer = menu.map { CandidateList.rows($0.candidates, selected: $0.selected, width: size.columns, height: room, isColoured: isColoured) }
        screen.draw(next, footer: footer ?? [])
        layout = next
    }

    private func makeLayout() -> CellLayout {
        let text = text
        let shownPrompt = qnb_rl_display_prompt().map { String(cString: $0) } ?? prompt.text
        return CellLayout(
            prompt: shownPrompt, continuation: prompt.continuation, text: text, cursor: point,
            styles: isColoured ? support?.highlight(text) ?? [] : [],
            width: screen.size.columns, isColoured: isColoured)
    }

    private func resize() {
        guard layout != nil else { return }
        menu = nil
        // First, because readline draws as soon as it knows of the size.
        screen.resized()
        rl_resize_terminal()
        draw()
    }
}
