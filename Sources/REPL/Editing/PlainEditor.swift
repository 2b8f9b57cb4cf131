#if canImport(Glibc)
    import Glibc
#endif

/// Line by line without a single control code, for terminals that know none (`TERM=dumb`).
package final class PlainEditor: LineEditor {
    private let signals = TerminalSignals()
    /// Bytes that were read and belong to lines not asked for yet.
    private var pending: [UInt8] = []

    package init() {}

    package func readCell(_ prompt: EditorPrompt, initialText: String, support: EditingSupport) -> EditorInput {
        var text = ""
        if !initialText.isEmpty { show(initialText + "\n") }
        signals.begin()
        defer { signals.end() }
        while true {
            show(text.isEmpty ? prompt.text : prompt.continuation)
            let line: String
            switch readLine() {
            case .cell(let read): line = read
            case .interrupted: return .interrupted
            case .end: return text.isEmpty ? .end : .cell(text)
            }
            if text.isEmpty, line.allSatisfy(\.isWhitespace) { return .cell(initialText) }
            text += text.isEmpty ? line : "\n" + line
            if support.isFinished(text) { return .cell(text) }
        }
    }

    package func remember(_ cell: String) {}
    package func remember(earlier cells: @escaping () -> [String]) {}
    package func withSeparateHistory(_ body: () -> Void) { body() }

    /// The next line without its end.
    private func readLine() -> EditorInput {
        while true {
            if let end = pending.firstIndex(of: 0x0A) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                return .cell(line.hasSuffix("\r") ? String(line.dropLast()) : line)
            }
            var descriptors = [pollfd(fd: 0, events: Int16(POLLIN), revents: 0), pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
            if poll(&descriptors, signals.descriptor < 0 ? 1 : 2, -1) < 0, errno != EINTR { return .end }
            let received = signals.take()
            if received.contains(.end) { return .end }
            if received.contains(.interrupt) {
                pending = []
                show("\n")
                return .interrupted
            }
            guard descriptors[0].revents != 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return lastLine() }
            pending += buffer[..<count]
        }
    }

    /// What stood before the end of the input.
    private func lastLine() -> EditorInput {
        guard !pending.isEmpty else { return .end }
        defer { pending = [] }
        return .cell(String(decoding: pending, as: UTF8.self))
    }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }
}
