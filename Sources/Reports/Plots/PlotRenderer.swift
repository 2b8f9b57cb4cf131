/// Draws a figure as SVG. The same figure gives the same bytes.
package struct PlotRenderer {
    private let figure: PlotFigure
    let theme: PlotTheme
    var svg = SVGWriter()

    package static func svg(_ figure: PlotFigure, theme: PlotTheme = .adaptive) -> String {
        var renderer = PlotRenderer(figure: figure, theme: theme)
        renderer.draw()
        return renderer.svg.text
    }

    private init(figure: PlotFigure, theme: PlotTheme) {
        self.figure = figure
        self.theme = theme
    }

    private mutating func draw() {
        let (width, height) = (SVGWriter.number(figure.width), SVGWriter.number(figure.height))
        svg.begin(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height), ("viewBox", "0 0 \(width) \(height)"), ("role", "img"),
                ("font-family", PlotTheme.fontFamily), ("fill", "none"), ("stroke-linejoin", "round"),
            ])
        svg.element("title", [], content: SVGWriter.escaped(figure.description.isEmpty ? "Plot" : figure.description))
        if let style = theme.styleSheet { svg.element("style", [], content: style) }
        if theme == .light || figure.background != nil {
            svg.element("rect", [("width", width), ("height", height), ("fill", (figure.background ?? .white).hex)])
        }
        let layout = PlotLayout(figure)
        if let title = figure.title {
            var text = PlotText(title, x: figure.width / 2, y: PlotLayout.edge)
            text.size = figure.titleSize
            text.horizontal = "center"
            text.vertical = "top"
            write(text, at: (figure.width / 2, PlotLayout.edge))
        }
        for frame in layout.frames { draw(frame) }
        svg.end()
    }

    private mutating func draw(_ frame: PlotFrame) {
        let box = frame.box
        if let color = frame.axes.background {
            svg.element("rect", rectangle(box) + [("fill", color.hex)] + opacity(color.alpha, "fill-opacity"))
        }
        drawGrid(frame)
        // Marks outside the frame are cut off by a nested viewport: no identifiers to clash on a page with several plots.
        svg.begin(
            "svg",
            rectangle(box) + [
                (
                    "viewBox",
                    "\(SVGWriter.number(box.left)) \(SVGWriter.number(box.top)) \(SVGWriter.number(box.width)) \(SVGWriter.number(box.height))"
                )
            ])
        let ordered = frame.axes.marks.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }.map(\.element)
        for mark in ordered { draw(mark, frame) }
        svg.end()
        drawAxes(frame)
        // Words may stand outside the frame.
        for mark in ordered {
            switch mark.shape {
            case .text(let text): draw(text, frame, mark.opacity)
            case .pie(let fractions, let colors, let labels, let values, let start, let explode):
                drawPie(fractions, colors, labels, values, start, explode, frame, mark.opacity)
            case .line, .points, .boxes, .area, .polygon, .image, .segments, .rule, .span: break
            }
        }
        if let legend = frame.axes.legend { draw(legend, frame) }
        if let bar = frame.axes.colorBar { draw(bar, frame) }
    }

    // MARK: attributes

    func rectangle(_ box: PlotBox) -> [(String, String)] {
        [
            ("x", SVGWriter.number(box.left)), ("y", SVGWriter.number(box.top)), ("width", SVGWriter.number(box.width)),
            ("height", SVGWriter.number(box.height)),
        ]
    }

    func opacity(_ value: Double, _ name: String = "opacity") -> [(String, String)] { value < 1 ? [(name, SVGWriter.number(max(0, value)))] : [] }

    func fill(_ color: PlotColor?) -> [(String, String)] {
        guard let color else { return [("fill", theme.ink)] }
        return [("fill", ink(color))] + opacity(color.alpha, "fill-opacity")
    }

    func stroke(_ stroke: PlotStroke) -> [(String, String)] {
        var result = [("stroke", stroke.color.map { ink($0) } ?? theme.ink), ("stroke-width", SVGWriter.number(stroke.width))]
        if let color = stroke.color { result += opacity(color.alpha, "stroke-opacity") }
        if let pattern = dashes(stroke) { result.append(("stroke-dasharray", pattern)) }
        return result
    }

    /// Pure black follows the colour of text, so that it does not vanish on dark paper.
    func ink(_ color: PlotColor) -> String { color.hex == "#000000" ? theme.ink : color.hex }

    private func dashes(_ stroke: PlotStroke) -> String? {
        let unit: [Double]
        switch stroke.dash {
        case .solid, .none: return nil
        case .dashed: unit = [3.7, 1.6]
        case .dotted: unit = [1, 1.65]
        case .dashDot: unit = [6.4, 1.6, 1, 1.6]
        }
        return unit.map { SVGWriter.number($0 * max(stroke.width, 0.5)) }.joined(separator: " ")
    }

    // MARK: text

    /// Words at a pixel position.
    mutating func write(_ text: PlotText, at place: (x: Double, y: Double), opacity alpha: Double = 1, exponent: String? = nil) {
        let lines = TextMetrics.lines(text.text)
        let height = text.size * 1.2
        let block = height * Double(lines.count - 1)
        let shift: Double
        switch text.vertical {
        case "top": shift = text.size * 0.76
        case "center": shift = text.size * 0.36 - block / 2
        case "bottom": shift = -text.size * 0.22 - block
        default: shift = -block
        }
        var attributes = [("font-size", SVGWriter.number(text.size))] + fill(text.color) + opacity(alpha)
        if text.horizontal != "left" { attributes.append(("text-anchor", text.horizontal == "center" ? "middle" : "end")) }
        if text.isBold { attributes.append(("font-weight", "bold")) }
        if text.isItalic { attributes.append(("font-style", "italic")) }
        if text.rotation != 0 {
            attributes.append(("transform", "rotate(\(SVGWriter.number(-text.rotation)) \(SVGWriter.number(place.x)) \(SVGWriter.number(place.y)))"))
        }
        for (index, line) in lines.enumerated() {
            let y = place.y + shift + Double(index) * height
            var content = SVGWriter.escaped(line)
            if let exponent, index == lines.count - 1 {
                let raised = SVGWriter.number(text.size * 0.38)
                content += "<tspan dy=\"-\(raised)\" font-size=\"\(SVGWriter.number(text.size * 0.7))\">\(SVGWriter.escaped(exponent))</tspan>"
            }
            svg.element("text", [("x", SVGWriter.number(place.x)), ("y", SVGWriter.number(y))] + attributes, content: content)
        }
    }
}
