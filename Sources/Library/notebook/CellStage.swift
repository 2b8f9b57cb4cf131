import Notebooks

/// Between a cell and the notebook: `clear_output(wait=True)` takes effect when the next output comes.
final class CellStage: OutputSink {
    private let sink: any OutputSink
    private var clearsAtNext = false
    var isMuted = false

    init(_ sink: any OutputSink) { self.sink = sink }

    func write(_ text: String, to stream: OutputStream) {
        beginOutput()
        sink.write(text, to: stream)
    }

    func show(_ display: Display) {
        guard !isMuted else { return }
        beginOutput()
        sink.show(display)
    }

    func clear() { clear(waits: false) }

    func settle() -> Bool { sink.settle() }

    func clear(waits: Bool) {
        clearsAtNext = waits
        if !waits { sink.clear() }
    }

    private func beginOutput() {
        guard clearsAtNext else { return }
        clearsAtNext = false
        sink.clear()
    }
}
