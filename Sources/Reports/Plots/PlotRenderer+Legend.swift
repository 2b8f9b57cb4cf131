/// The key to the series, and the bar beside images.
extension PlotRenderer {
    private struct Measures {
        let size: Double
        var handle: Double { size * 2 }
        var gap: Double { size * 0.8 }
        var pad: Double { size * 0.4 }
        var row: Double { size * 1.45 }
    }

    mutating func draw(_ legend: PlotLegend, _ frame: PlotFrame) {
        let entries = frame.axes.marks.filter { ($0.label ?? "").isEmpty == false && $0.label?.hasPrefix("_") != true }
        guard !entries.isEmpty else { return }
        let m = Measures(size: legend.size)
        let columns = max(1, min(legend.columns, entries.count))
        let rows = (entries.count + columns - 1) / columns
        let widths = (0..<columns).map { column in
            entries[(column * rows)..<max(column * rows, min(entries.count, (column + 1) * rows))].map {
                TextMetrics.width($0.label ?? "", size: m.size)
            }.max() ?? 0
        }
        var width = widths.map { m.handle + m.gap + $0 }.reduce(0, +) + Double(columns - 1) * m.size * 2 + 2 * m.pad
        var height = Double(rows) * m.row + 2 * m.pad
        let titleHeight = legend.title == nil ? 0 : m.row
        if let title = legend.title { width = max(width, TextMetrics.width(title, size: m.size) + 2 * m.pad) }
        height += titleHeight
        let box = place(legend, (width, height), frame)
        if legend.showsFrame {
            svg.element(
                "rect", rectangle(box) + [("rx", "4"), theme.surface, ("fill-opacity", "0.8"), ("stroke", theme.ink), ("stroke-opacity", "0.2")])
        }
        if let title = legend.title {
            var text = PlotText(title, x: 0, y: 0)
            text.size = m.size
            text.horizontal = "center"
            text.vertical = "center"
            write(text, at: (box.left + width / 2, box.top + m.pad + m.row / 2))
        }
        var left = box.left + m.pad
        for column in 0..<columns {
            for (row, index) in (column * rows..<max(column * rows, min(entries.count, (column + 1) * rows))).enumerated() {
                let middle = box.top + m.pad + titleHeight + (Double(row) + 0.5) * m.row
                drawHandle(entries[index], PlotBox(left: left, top: middle - m.size * 0.35, width: m.handle, height: m.size * 0.7))
                var text = PlotText(entries[index].label ?? "", x: 0, y: 0)
                text.size = m.size
                text.vertical = "center"
                write(text, at: (left + m.handle + m.gap, middle))
            }
            left += m.handle + m.gap + widths[column] + m.size * 2
        }
    }

    /// A sample of how the series is drawn.
    private mutating func drawHandle(_ mark: PlotMark, _ box: PlotBox) {
        let middle = (x: box.left + box.width / 2, y: box.top + box.height / 2)
        let across = "M\(SVGWriter.number(box.left)) \(SVGWriter.number(middle.y))H\(SVGWriter.number(box.right))"
        switch mark.shape {
        case .line(_, _, let style, let marker):
            if let style, style.dash != .none { svg.element("path", [("d", across)] + stroke(style) + opacity(mark.opacity)) }
            if let marker { drawMarkers([middle], [min(marker.size, box.height * 1.4)], [marker.face], marker, mark.opacity) }
        case .points(_, _, let sizes, let colors, let marker):
            drawMarkers([middle], [min(sizes.first ?? 8, box.height * 1.4)], [colors[colors.count / 2]], marker, mark.opacity)
        case .boxes(_, _, _, _, let colors, let edge, _):
            svg.element("rect", rectangle(box) + fill(colors.first ?? nil) + (edge.map { stroke($0) } ?? []) + opacity(mark.opacity))
        case .area(_, _, _, let color, let edge, _), .polygon(_, _, let color, let edge):
            svg.element("rect", rectangle(box) + fill(color) + (edge.map { stroke($0) } ?? []) + opacity(mark.opacity))
        case .span(_, _, _, let color): svg.element("rect", rectangle(box) + fill(color) + opacity(mark.opacity))
        case .segments(_, _, _, _, let style, _), .rule(_, _, _, _, let style):
            svg.element("path", [("d", across)] + stroke(style) + opacity(mark.opacity))
        case .image, .text, .pie: break
        }
    }

    // MARK: placement

    private static let places: [(name: String, x: Double, y: Double)] = [
        ("upper right", 1, 0), ("upper left", 0, 0), ("lower left", 0, 1), ("lower right", 1, 1), ("center left", 0, 0.5), ("center right", 1, 0.5),
        ("lower center", 0.5, 1), ("upper center", 0.5, 0), ("center", 0.5, 0.5),
    ]

    private func place(_ legend: PlotLegend, _ size: (width: Double, height: Double), _ frame: PlotFrame) -> PlotBox {
        let pad = legend.size * 0.5
        func box(_ x: Double, _ y: Double) -> PlotBox {
            PlotBox(
                left: frame.box.left + pad + (frame.box.width - size.width - 2 * pad) * x,
                top: frame.box.top + pad + (frame.box.height - size.height - 2 * pad) * y,
                width: size.width, height: size.height)
        }
        let name = legend.location == "right" ? "center right" : legend.location
        if let given = PlotRenderer.places.first(where: { $0.name == name }) { return box(given.x, given.y) }
        if legend.location == "outside" { return PlotBox(left: frame.box.right + pad, top: frame.box.top, width: size.width, height: size.height) }
        // The place that covers the fewest points, the first of equals.
        let points = frame.axes.marks.flatMap { $0.shape.outline(frame) }
        var best = box(1, 0)
        var least = Int.max
        for candidate in PlotRenderer.places {
            let room = box(candidate.x, candidate.y)
            let covered = points.reduce(0) {
                $0 + ($1.x > room.left - 4 && $1.x < room.right + 4 && $1.y > room.top - 4 && $1.y < room.bottom + 4 ? 1 : 0)
            }
            if covered < least { (least, best) = (covered, room) }
            if covered == 0 { break }
        }
        return best
    }

    // MARK: colour bars

    mutating func draw(_ bar: PlotColorBar, _ frame: PlotFrame) {
        let box = PlotColorBarLayout.box(frame.box)
        var pixels: [UInt8] = []
        for step in 0..<128 {
            let color = bar.map.color(1 - (Double(step) + 0.5) / 128)
            pixels += [color.red, color.green, color.blue].map { UInt8(($0 * 255).rounded()) } + [255]
        }
        let encoded = PNGImage.base64(PNGImage.encode(pixels, width: 1, height: 128))
        svg.element("image", rectangle(box) + [("preserveAspectRatio", "none"), ("href", "data:image/png;base64," + encoded)])
        svg.element("rect", rectangle(box) + [("stroke", theme.ink), ("stroke-width", "1.1")])
        let ruler = PlotColorBarLayout.ruler(bar, height: box.height)
        for tick in ruler.ticks {
            let y = box.bottom - ruler.fraction(tick.value) * box.height
            guard y.isFinite else { continue }
            svg.element(
                "path",
                [
                    (
                        "d",
                        "M\(SVGWriter.number(box.right)) \(SVGWriter.number(y))h\(SVGWriter.number(PlotFrame.tickLength * (tick.isMinor ? 0.57 : 1)))"
                    ), ("stroke", theme.ink), ("stroke-width", "1.1"),
                ])
            if tick.label.isEmpty { continue }
            var text = PlotText(tick.label, x: 0, y: 0)
            text.vertical = "center"
            write(text, at: (box.right + PlotFrame.tickLength + PlotFrame.pad, y), exponent: tick.exponent)
        }
        if let power = ruler.powerText {
            let text = PlotText(power, x: 0, y: 0)
            write(text, at: (box.left, box.top - 6), exponent: ruler.power < 0 ? "\u{2212}\(-ruler.power)" : "\(ruler.power)")
        }
        if !bar.label.isEmpty {
            var text = PlotText(bar.label, x: 0, y: 0)
            text.horizontal = "center"
            text.vertical = "top"
            text.rotation = 90
            write(text, at: (box.right + PlotFrame.tickLength + PlotFrame.pad + ruler.labelExtent().width + 4, box.top + box.height / 2))
        }
    }
}

/// The strip to the right of a frame.
enum PlotColorBarLayout {
    private static let gap = 14.0
    private static let thickness = 18.0

    static func ruler(_ bar: PlotColorBar, height: Double) -> PlotRuler {
        var axis = PlotAxis()
        axis.scale = bar.isLogarithmic ? .log : .linear
        axis.ticks = bar.ticks
        var ruler = PlotRuler(axis, bar.low < bar.high ? (bar.low, bar.high) : (bar.low - 0.5, bar.low + 0.5))
        ruler.chooseTicks(length: height, isHorizontal: false)
        return ruler
    }

    static func width(_ bar: PlotColorBar, height: Double) -> Double {
        gap + thickness + PlotFrame.tickLength + PlotFrame.pad + ruler(bar, height: height).labelExtent().width
            + (bar.label.isEmpty ? 0 : PlotFigure.points(10) * 1.2 + 6)
    }

    static func box(_ frame: PlotBox) -> PlotBox { PlotBox(left: frame.right + gap, top: frame.top, width: thickness, height: frame.height) }
}

extension PlotMark.Shape {
    /// Points of the drawing in pixels, a few thousand at most, to find where it is empty.
    fileprivate func outline(_ frame: PlotFrame) -> [(x: Double, y: Double)] {
        func sampled(_ x: [Double], _ y: [Double], joined: Bool) -> [(x: Double, y: Double)] {
            let count = min(x.count, y.count)
            let every = max(1, count / 1500)
            let known = stride(from: 0, to: count, by: every).compactMap { frame.point(x[$0], y[$0]) }
            guard joined, known.count > 1 else { return known }
            // Long strokes between few points count along their way.
            let between = max(1, 200 / known.count)
            return zip(known, known.dropFirst()).flatMap { a, b in
                (0..<between).map { step in
                    let t = Double(step) / Double(between)
                    return (x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t)
                }
            } + [known[known.count - 1]]
        }
        switch self {
        case .line(let x, let y, let stroke, _): return sampled(x, y, joined: stroke != nil)
        case .points(let x, let y, _, _, _): return sampled(x, y, joined: false)
        case .polygon(let x, let y, _, _): return sampled(x, y, joined: true)
        case .boxes(let left, let right, let bottom, let top, _, _, _):
            return zip(zip(left, right), zip(bottom, top)).prefix(500).flatMap { pair -> [(x: Double, y: Double)] in
                let ((l, r), (b, t)) = pair
                return [0.1, 0.5, 0.9].flatMap { u in
                    stride(from: 0.0, through: 1, by: 0.125).compactMap { v in frame.point(l + (r - l) * u, b + (t - b) * v) }
                }
            }
        case .area(let x, let lower, let upper, _, _, let isVertical):
            return isVertical
                ? sampled(lower, x, joined: true) + sampled(upper, x, joined: true)
                : sampled(x, lower, joined: true) + sampled(x, upper, joined: true)
        case .segments(let x0, let y0, let x1, let y1, _, _): return sampled(x0, y0, joined: false) + sampled(x1, y1, joined: false)
        case .image, .rule, .span, .text, .pie: return []
        }
    }
}
