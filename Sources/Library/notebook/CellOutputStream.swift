import Interpreter
import Notebooks

/// Carries what a cell prints to the notebook's sink, in pieces of bounded size and age.
///
/// A piece waits at most `delay`: the watch then asks the machine to flush. Text on one stream is sent before text on the other, so the order
/// stays. Bytes that end inside a character wait for the rest of it.
final class CellOutputStream: ProgramOutput {
    /// Nil between cells: what is printed then has no place in the notebook and goes to the error output.
    var sink: (any OutputSink)?
    let isTerminal = false

    private let watch: CellWatch
    private let now: () -> Double
    private var pending: [UInt8] = []
    private var stream = OutputStream.stdout
    private var lastFlush = 0.0

    private static let delay = 0.02
    private static let settlingDelay = 0.06
    private static let pieceBytes = 16 << 10

    init(watch: CellWatch, now: @escaping () -> Double) {
        self.watch = watch
        self.now = now
    }

    func write(_ bytes: UnsafeBufferPointer<UInt8>, toError: Bool) {
        let target = toError ? OutputStream.stderr : .stdout
        if target != stream {
            send(completely: true)
            stream = target
        }
        let wasEmpty = pending.isEmpty
        pending.append(contentsOf: bytes)
        if pending.count >= Self.pieceBytes || now() - lastFlush >= Self.delay {
            send(completely: false)
        } else if wasEmpty {
            watch.flush(after: Self.delay)
        }
    }

    func flush() {
        send(completely: false)
        settle()
    }

    /// Lets the notebook write finished cells while this one goes on.
    private func settle() {
        if let sink, sink.settle() { watch.flush(after: Self.settlingDelay) }
    }

    /// Has the machine settle once the cell that begins now has run for a moment.
    func begin() { watch.flush(after: Self.settlingDelay) }

    /// At the end of a cell: also the start of a character that was never finished.
    func finish() { send(completely: true) }

    private func send(completely: Bool) {
        guard !pending.isEmpty else { return }
        let count = completely ? pending.count : pending.count - Self.unfinished(pending)
        guard count > 0 else { return }
        // Whatever is no UTF-8 becomes U+FFFD.
        let text = String(decoding: pending[..<count], as: UTF8.self)
        pending.removeSubrange(..<count)
        lastFlush = now()
        if let sink {
            sink.write(text, to: stream)
        } else {
            StandardOutput.error(text)
        }
    }

    /// Bytes at the end that begin a character without ending it.
    private static func unfinished(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > back ? back : 0
        }
        return 0
    }
}

extension StandardOutput {
    /// Text for people outside any cell.
    fileprivate static func error(_ text: String) {
        let output = StandardOutput()
        var text = text
        text.withUTF8 { output.write($0, toError: true) }
    }
}
