/// Frame, grid, ticks and labels.
extension PlotRenderer {
    private static let lineWidth = PlotFigure.points(0.8)

    private func path(_ segments: [(Double, Double, Double, Double)]) -> String {
        segments.map { "M\(SVGWriter.number($0.0)) \(SVGWriter.number($0.1))L\(SVGWriter.number($0.2)) \(SVGWriter.number($0.3))" }.joined()
    }

    mutating func drawGrid(_ frame: PlotFrame) {
        let box = frame.box
        for (ruler, isHorizontal) in [(frame.x, true), (frame.y, false)] where ruler.axis.showsGrid {
            let lines = ruler.ticks.filter { !$0.isMinor }.compactMap { tick -> (Double, Double, Double, Double)? in
                let place = isHorizontal ? frame.px(tick.value) : frame.py(tick.value)
                guard place.isFinite else { return nil }
                return isHorizontal ? (place, box.top, place, box.bottom) : (box.left, place, box.right, place)
            }
            guard !lines.isEmpty else { continue }
            let style = PlotStroke(color: ruler.axis.gridColor, width: PlotRenderer.lineWidth, dash: ruler.axis.gridDash)
            svg.element("path", [("d", path(lines))] + stroke(style) + opacity(ruler.axis.gridOpacity ?? (ruler.axis.gridColor == nil ? 0.16 : 1)))
        }
    }

    mutating func drawAxes(_ frame: PlotFrame) {
        let axes = frame.axes
        drawTicks(frame)
        drawSpines(frame)
        let box = frame.box
        let margins = (x: frame.x.labelExtent(), y: frame.y.labelExtent())
        if !frame.x.axis.label.isEmpty {
            var offset = frame.x.axis.showsTicks && !frame.x.ticks.isEmpty ? PlotFrame.tickLength : 0
            if margins.x.height > 0 { offset += PlotFrame.pad + margins.x.height }
            var text = PlotText(frame.x.axis.label, x: 0, y: 0)
            text.size = frame.x.axis.labelSize
            text.horizontal = "center"
            text.vertical = "top"
            write(text, at: (box.left + box.width / 2, box.bottom + offset + PlotFigure.points(4)))
        }
        if !frame.y.axis.label.isEmpty {
            var offset = frame.y.axis.showsTicks && !frame.y.ticks.isEmpty ? PlotFrame.tickLength : 0
            if margins.y.width > 0 { offset += PlotFrame.pad + margins.y.width }
            var text = PlotText(frame.y.axis.label, x: 0, y: 0)
            text.size = frame.y.axis.labelSize
            text.horizontal = "center"
            text.vertical = frame.isTwin ? "top" : "bottom"
            text.rotation = 90
            let x = frame.isTwin ? box.right + offset + PlotFigure.points(4) : box.left - offset - PlotFigure.points(4)
            write(text, at: (x, box.top + box.height / 2))
        }
        if let title = axes.title {
            var text = PlotText(title, x: 0, y: 0)
            text.size = axes.titleSize
            text.horizontal = "center"
            text.vertical = "bottom"
            let lift = frame.y.powerText != nil && frame.y.axis.showsLabels ? frame.y.axis.tickSize * 1.2 : 0
            write(text, at: (box.left + box.width / 2, box.top - PlotFigure.points(6) - lift))
        }
    }

    private mutating func drawSpines(_ frame: PlotFrame) {
        guard frame.axes.showsFrame, !frame.isTwin else { return }
        let box = frame.box
        let style: [(String, String)] = [("stroke", theme.ink), ("stroke-width", SVGWriter.number(PlotRenderer.lineWidth))]
        let hidden = frame.axes.hiddenSpines
        if hidden.isEmpty {
            svg.element("rect", rectangle(box) + style)
            return
        }
        let sides: [(String, (Double, Double, Double, Double))] = [
            ("left", (box.left, box.top, box.left, box.bottom)), ("bottom", (box.left, box.bottom, box.right, box.bottom)),
            ("right", (box.right, box.top, box.right, box.bottom)), ("top", (box.left, box.top, box.right, box.top)),
        ]
        let shown = sides.filter { !hidden.contains($0.0) }.map(\.1)
        if !shown.isEmpty { svg.element("path", [("d", path(shown)), ("stroke-linecap", "square")] + style) }
    }

    private mutating func drawTicks(_ frame: PlotFrame) {
        let box = frame.box
        var marks: [(Double, Double, Double, Double)] = []
        let ySide = frame.isTwin ? box.right : box.left
        let yDirection = frame.isTwin ? 1.0 : -1.0
        for tick in frame.x.ticks where frame.x.axis.showsTicks {
            let place = frame.px(tick.value)
            guard place.isFinite else { continue }
            marks.append((place, box.bottom, place, box.bottom + PlotFrame.tickLength * (tick.isMinor ? 0.57 : 1)))
        }
        for tick in frame.y.ticks where frame.y.axis.showsTicks {
            let place = frame.py(tick.value)
            guard place.isFinite else { continue }
            marks.append((ySide, place, ySide + yDirection * PlotFrame.tickLength * (tick.isMinor ? 0.57 : 1), place))
        }
        if !marks.isEmpty {
            svg.element("path", [("d", path(marks)), ("stroke", theme.ink), ("stroke-width", SVGWriter.number(PlotRenderer.lineWidth))])
        }
        drawTickLabels(frame.x, isHorizontal: true, frame, ySide, yDirection)
        drawTickLabels(frame.y, isHorizontal: false, frame, ySide, yDirection)
    }

    private mutating func drawTickLabels(_ ruler: PlotRuler, isHorizontal: Bool, _ frame: PlotFrame, _ side: Double, _ direction: Double) {
        let axis = ruler.axis
        guard axis.showsLabels else { return }
        let distance = (axis.showsTicks ? PlotFrame.tickLength : 0) + PlotFrame.pad
        var lastEnd = -Double.infinity
        for tick in ruler.ticks where !tick.label.isEmpty {
            let place = isHorizontal ? frame.px(tick.value) : frame.py(tick.value)
            guard place.isFinite else { continue }
            var text = PlotText(tick.label, x: 0, y: 0)
            text.size = axis.tickSize
            text.rotation = axis.tickRotation
            if isHorizontal {
                // Chosen labels that would run into the one before are left out; given ones are the user's affair.
                let half = TextMetrics.width(tick.label + (tick.exponent ?? ""), size: axis.tickSize) / 2
                if axis.ticks == nil, axis.tickRotation == 0 {
                    if place - half < lastEnd { continue }
                    lastEnd = place + half + 2
                }
                text.vertical = "top"
                text.horizontal = axis.tickRotation == 0 || axis.tickRotation == 90 ? "center" : axis.tickRotation > 0 ? "right" : "left"
                if axis.tickRotation == 90 {
                    text.horizontal = "right"
                    text.vertical = "center"
                }
                write(text, at: (place, frame.box.bottom + distance), exponent: tick.exponent)
            } else {
                text.horizontal = direction < 0 ? "right" : "left"
                text.vertical = "center"
                write(text, at: (side + direction * distance, place), exponent: tick.exponent)
            }
        }
        if let power = ruler.powerText {
            var text = PlotText(power, x: 0, y: 0)
            text.size = axis.tickSize * 0.9
            text.horizontal = isHorizontal ? "right" : direction < 0 ? "left" : "right"
            text.vertical = isHorizontal ? "top" : "bottom"
            let place =
                isHorizontal
                ? (frame.box.right, frame.box.bottom + distance + axis.tickSize * 1.25) : (side, frame.box.top - PlotFigure.points(3))
            write(text, at: place, exponent: ruler.power < 0 ? "\u{2212}\(-ruler.power)" : "\(ruler.power)")
        }
    }
}
