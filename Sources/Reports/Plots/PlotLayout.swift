/// Places the axes of a figure so that no label is cut off and frames in one row or column line up.
struct PlotLayout {
    private(set) var frames: [PlotFrame] = []
    private let figure: PlotFigure
    private let page: PlotBox
    static let edge = 10.0
    private static let gap = 12.0

    init(_ figure: PlotFigure) {
        self.figure = figure
        var page = PlotBox(left: 0, top: 0, width: figure.width, height: figure.height)
            .inset(left: PlotLayout.edge, top: PlotLayout.edge, right: PlotLayout.edge, bottom: PlotLayout.edge)
        if let title = figure.title {
            let height = TextMetrics.extent(title, size: figure.titleSize).height + 8
            page = page.inset(left: 0, top: height, right: 0, bottom: 0)
        }
        self.page = page
        frames = figure.axes.indices.map { frame($0) }
        // Ticks depend on the size of the frame, margins on the ticks: the second round settles it, the third
        // where a kept aspect has changed the frame once more.
        for _ in 0..<3 {
            for index in frames.indices { frames[index].chooseTicks() }
            place()
        }
        for index in frames.indices { frames[index].chooseTicks() }
    }

    private func frame(_ index: Int) -> PlotFrame {
        let axes = figure.axes[index]
        let (own, y) = axes.limits()
        var x = own
        // Twins share the horizontal axis: both see the data of both.
        let family = axes.twinOf ?? index
        for (other, candidate) in figure.axes.enumerated() where other != index && (candidate.twinOf == family || other == family) {
            let shared = candidate.limits().x
            x = shared.joined(x, axis: axes.x)
        }
        let base = axes.twinOf.map { figure.axes[$0].x } ?? axes.x
        var horizontal = x
        if axes.twinOf != nil { horizontal = x.joined(x, axis: base) }
        return PlotFrame(
            axes, box: outer(axes), x: PlotRuler(axes.twinOf == nil ? axes.x : hidden(base), horizontal.ends()), y: PlotRuler(axes.y, y.ends()))
    }

    /// The shared axis as the second of twins shows it: not at all.
    private func hidden(_ axis: PlotAxis) -> PlotAxis {
        var result = axis
        result.ticks = []
        result.label = ""
        result.showsGrid = false
        return result
    }

    /// The part of the page that belongs to the axes and their labels.
    private func outer(_ axes: PlotAxes) -> PlotBox {
        if let given = axes.rectangle {
            return PlotBox(
                left: given.left * figure.width, top: (1 - given.bottom - given.height) * figure.height, width: max(8, given.width * figure.width),
                height: max(8, given.height * figure.height))
        }
        let cell = axes.cell
        let (width, height) = (page.width / Double(max(1, cell.columns)), page.height / Double(max(1, cell.rows)))
        let (left, top) = (page.left + Double(cell.column) * width, page.top + Double(cell.row) * height)
        let half = PlotLayout.gap / 2
        let right = left + Double(cell.columnSpan) * width
        let bottom = top + Double(cell.rowSpan) * height
        let box = PlotBox(left: left, top: top, width: right - left, height: bottom - top)
        return box.inset(
            left: cell.column > 0 ? half : 0, top: cell.row > 0 ? half : 0, right: cell.column + cell.columnSpan < cell.columns ? half : 0,
            bottom: cell.row + cell.rowSpan < cell.rows ? half : 0)
    }

    private mutating func place() {
        let margins = frames.map { $0.margins() }
        var shared: [Key: Double] = [:]
        for (index, frame) in frames.enumerated() where frame.axes.rectangle == nil {
            let cell = frame.axes.cell
            let margin = margins[index]
            for (side, line, size) in [
                (0, cell.column, margin.left), (1, cell.row, margin.top), (2, cell.column + cell.columnSpan, margin.right),
                (3, cell.row + cell.rowSpan, margin.bottom),
            ] {
                let key = Key(rows: cell.rows, columns: cell.columns, side: side, line: line)
                shared[key] = max(shared[key] ?? 0, size)
            }
        }
        for (index, frame) in frames.enumerated() where frame.axes.rectangle == nil {
            let cell = frame.axes.cell
            func size(_ side: Int, _ line: Int) -> Double { shared[Key(rows: cell.rows, columns: cell.columns, side: side, line: line)] ?? 0 }
            frames[index].box = outer(frame.axes).inset(
                left: size(0, cell.column), top: size(1, cell.row), right: size(2, cell.column + cell.columnSpan),
                bottom: size(3, cell.row + cell.rowSpan))
        }
        for index in frames.indices where frames[index].axes.rectangle != nil { frames[index].box = outer(frames[index].axes) }
        for index in frames.indices { keepAspect(index) }
        for index in frames.indices {
            if let base = frames[index].axes.twinOf, frames.indices.contains(base) { frames[index].box = frames[base].box }
        }
    }

    private struct Key: Hashable {
        let rows, columns, side, line: Int
    }

    /// Shrinks the frame so that units have the wanted proportion, centred where it was.
    private mutating func keepAspect(_ index: Int) {
        let frame = frames[index]
        guard let aspect = frame.axes.aspect, aspect > 0, aspect.isFinite, frame.x.axis.scale == .linear, frame.y.axis.scale == .linear else {
            return
        }
        let ratio = (frame.y.high - frame.y.low) * aspect / (frame.x.high - frame.x.low)
        guard ratio > 0, ratio.isFinite else { return }
        var box = frame.box
        if box.height / box.width > ratio {
            let height = max(8, box.width * ratio)
            box.top += (box.height - height) / 2
            box.height = height
        } else {
            let width = max(8, box.height / ratio)
            box.left += (box.width - width) / 2
            box.width = width
        }
        frames[index].box = box
    }
}
