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
    private var prompt = ""
    private var continuation = ""
    private var layout: CellLayout?
    private var input: EditorInput?
    private var initialText = ""
    /// The list was shown for this text: the next Tab shows nothing new.
    private var hasCompleted = false

    package init(isColoured: Bool) {
        self.isColoured = isColoured
        screen = Screen(descriptor: 1)
        Self.active = self
        qnb_rl_setup("qnb") { ReadlineEditor.active?.redraw() }
        rl_initialize()
        bindKeys()
    }

    package func remember(_ cell: String) { add_history(cell) }

    private func bindKeys() {
        for key in [Int32(13), 10] { rl_bind_key(key) { _, _ in ReadlineEditor.active?.enter() ?? 0 } }
        for key in [Int32(127), 8] { rl_bind_key(key) { count, key in ReadlineEditor.active?.erase(count, key) ?? 0 } }
        rl_bind_key(9) { _, _ in ReadlineEditor.active?.tab() ?? 0 }
        rl_bind_key(12) { _, _ in ReadlineEditor.active?.clearScreen() ?? 0 }
        for sequence in ["\\e[A", "\\eOA"] { rl_bind_keyseq(sequence) { count, key in ReadlineEditor.active?.move(up: true, count, key) ?? 0 } }
        for sequence in ["\\e[B", "\\eOB"] { rl_bind_keyseq(sequence) { count, key in ReadlineEditor.active?.move(up: false, count, key) ?? 0 } }
        for sequence in ["\\e\\C-m", "\\e\\C-j"] { rl_bind_keyseq(sequence) { _, _ in ReadlineEditor.active?.newLine() ?? 0 } }
        rl_bind_keyseq("\\e[Z") { _, _ in ReadlineEditor.active?.dedent() ?? 0 }
    }

    // MARK: Reading

    package func readCell(number: Int, initialText: String, support: EditingSupport) -> EditorInput {
        self.support = support
        self.initialText = initialText
        prompt = "In [\(number)]: "
        continuation = String(repeating: " ", count: max(0, prompt.count - 5)) + "...: "
        input = nil
        layout = nil
        hasCompleted = false
        screen.reset()
        // The line before, and its place in the history, would otherwise come back for a moment.
        rl_replace_line("", 1)
        qnb_rl_set_point(0)
        using_history()
        signals.begin()
        defer { signals.end() }
        rl_callback_handler_install(prompt) { line in
            ReadlineEditor.active?.accept(line.map { String(cString: $0) })
            free(line)
        }
        if !initialText.isEmpty {
            rl_insert_text(initialText)
            redraw()
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
        qnb_rl_set_point(qnb_rl_end())
        draw()
    }

    private func newLine() -> Int32 {
        hasCompleted = false
        let (before, after) = split()
        // Blanks after the cursor would push the text of the next line to the right.
        let blanks = after.prefix { $0 == " " }.utf8.count
        if blanks > 0, !after.dropFirst(blanks).hasPrefix("\n"), blanks < after.utf8.count { rl_delete_text(qnb_rl_point(), qnb_rl_point() + Int32(blanks)) }
        rl_insert_text("\n" + Indentation.next(after: before))
        return 0
    }

    private func erase(_ count: Int32, _ key: Int32) -> Int32 {
        hasCompleted = false
        let removal = Indentation.removal(before: split().before)
        if removal <= 1 || count != 1 { return rl_rubout(count, key) }
        rl_delete_text(qnb_rl_point() - Int32(removal), qnb_rl_point())
        qnb_rl_set_point(qnb_rl_point() - Int32(removal))
        return 0
    }

    /// Shift-Tab: one stop less for the line of the cursor.
    private func dedent() -> Int32 {
        let before = split().before
        let start = before.utf8.count - (before.split(separator: "\n", omittingEmptySubsequences: false).last?.utf8.count ?? 0)
        let blanks = Array(text.utf8)[start...].prefix { $0 == 0x20 }.count
        let removed = min(blanks, Indentation.width)
        rl_delete_text(Int32(start), Int32(start + removed))
        qnb_rl_set_point(Int32(max(start, before.utf8.count - removed)))
        return 0
    }

    private func clearScreen() -> Int32 {
        screen.clear()
        draw()
        return 0
    }

    /// Moves between the cell's lines, and past its first or last one through the history.
    private func move(up: Bool, _ count: Int32, _ key: Int32) -> Int32 {
        let (before, after) = split()
        let column = before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
        if up {
            var lines = before.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count > 1 else { return rl_get_previous_history(count, key) }
            lines.removeLast()
            let target = lines.removeLast()
            let offset = lines.reduce(0) { $0 + $1.utf8.count + 1 } + target.prefix(column).utf8.count
            qnb_rl_set_point(Int32(offset))
        } else {
            let lines = after.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count > 1 else { return rl_get_next_history(count, key) }
            qnb_rl_set_point(Int32(before.utf8.count + lines[0].utf8.count + 1 + lines[1].prefix(column).utf8.count))
        }
        return 0
    }

    private func tab() -> Int32 {
        let before = split().before
        if Indentation.isIndentation(before) {
            let column = before.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
            rl_insert_text(String(repeating: " ", count: Indentation.width - column % Indentation.width))
            return 0
        }
        guard let support else { return 0 }
        let found = support.completions(text, point)
        guard !found.candidates.isEmpty else {
            screen.write("\u{07}")
            return 0
        }
        let typed = point - found.start
        let common = found.commonPrefix
        if common.utf8.count > typed || found.candidates.count == 1 {
            rl_begin_undo_group()
            rl_delete_text(Int32(found.start), qnb_rl_point())
            qnb_rl_set_point(Int32(found.start))
            rl_insert_text(common)
            rl_end_undo_group()
            if found.candidates.count == 1 { return 0 }
            if !hasCompleted {
                hasCompleted = true
                return 0
            }
        }
        list(found)
        return 0
    }

    private func list(_ found: Completions) {
        let cursor = qnb_rl_point()
        qnb_rl_set_point(qnb_rl_end())
        draw()
        screen.finish()
        qnb_rl_set_point(cursor)
        let text = CandidateList.text(found.candidates, width: screen.size.columns, isColoured: isColoured)
        screen.write(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
        screen.reset()
        draw()
    }

    // MARK: Drawing

    /// Readline asks for this after every key; while more keys are waiting the picture would be stale at once.
    private func redraw() {
        var waiting: Int32 = 0
        if ioctl(0, UInt(FIONREAD), &waiting) == 0, waiting > 0, layout != nil { return }
        draw()
    }

    private func draw() {
        let next = makeLayout()
        screen.draw(next)
        layout = next
    }

    private func makeLayout() -> CellLayout {
        let text = text
        let shownPrompt = qnb_rl_display_prompt().map { String(cString: $0) } ?? prompt
        return CellLayout(
            prompt: shownPrompt, continuation: continuation, text: text, cursor: point, styles: isColoured ? support?.highlight(text) ?? [] : [],
            width: screen.size.columns, isColoured: isColoured)
    }

    private func resize() {
        guard layout != nil else { return }
        rl_resize_terminal()
        screen.resized(to: makeLayout())
        draw()
    }
}
