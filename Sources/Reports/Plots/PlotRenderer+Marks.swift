/// What lies between the axes.
extension PlotRenderer {
    mutating func draw(_ mark: PlotMark, _ frame: PlotFrame) {
        let alpha = mark.opacity
        switch mark.shape {
        case .line(let x, let y, let stroke, let marker): drawLine(x, y, stroke, marker, frame, alpha)
        case .points(let x, let y, let sizes, let colors, let marker):
            let places = zip(x, y).map { frame.point($0, $1) }
            if places.count > PlotCloud.limit {
                drawCloud(places, sizes, colors, alpha, frame)
            } else {
                drawMarkers(places, sizes, colors, marker, alpha)
            }
        case .boxes(let left, let right, let bottom, let top, let colors, let edge, _):
            drawBoxes((left, right, bottom, top), colors, edge, frame, alpha)
        case .area(let x, let lower, let upper, let color, let edge, let isVertical):
            drawArea(x, lower, upper, color, edge, isVertical, frame, alpha)
        case .polygon(let x, let y, let color, let edge):
            let points = zip(x, y).compactMap { frame.point($0, $1) }
            guard points.count > 1 else { return }
            svg.element("path", [("d", outline(points) + "z")] + fill(color) + (edge.map { stroke($0) } ?? []) + opacity(alpha))
        case .image(let pixels, let columns, let rows, let left, let right, let bottom, let top, let isSmooth):
            drawImage(pixels, columns, rows, (left, right, bottom, top), isSmooth, frame, alpha)
        case .segments(let x0, let y0, let x1, let y1, let style, let cap): drawSegments(x0, y0, x1, y1, style, cap, frame, alpha)
        case .rule(let at, let isVertical, let from, let to, let style):
            let box = frame.box
            let place = isVertical ? frame.px(at) : frame.py(at)
            guard place.isFinite else { return }
            let line =
                isVertical
                ? [(place, box.bottom - from * box.height), (place, box.bottom - to * box.height)]
                : [(box.left + from * box.width, place), (box.left + to * box.width, place)]
            svg.element("path", [("d", outline(line.map { (x: $0.0, y: $0.1) }))] + stroke(style) + opacity(alpha))
        case .span(let from, let to, let isVertical, let color):
            let (a, b) = isVertical ? (frame.px(from), frame.px(to)) : (frame.py(from), frame.py(to))
            guard a.isFinite, b.isFinite else { return }
            var box = frame.box
            if isVertical { (box.left, box.width) = (min(a, b), abs(b - a)) } else { (box.top, box.height) = (min(a, b), abs(b - a)) }
            svg.element("rect", rectangle(box) + fill(color) + opacity(alpha))
        case .text, .pie: break
        }
    }

    // MARK: lines

    private func outline(_ points: [(x: Double, y: Double)]) -> String {
        var result = ""
        for (index, point) in points.enumerated() {
            result += index == 0 ? "M" : index == 1 ? "L" : " "
            result += SVGWriter.number(point.x) + " " + SVGWriter.number(point.y)
        }
        return result
    }

    /// One subpath for every stretch without gaps; a stretch of one point is drawn as a dot by round caps.
    private func path(_ points: [(x: Double, y: Double)?]) -> String {
        var result = ""
        for stretch in points.split(whereSeparator: { $0 == nil }) {
            let known = stretch.compactMap { $0 }
            result += outline(known) + (known.count == 1 ? "h0" : "")
        }
        return result
    }

    private mutating func drawLine(_ x: [Double], _ y: [Double], _ style: PlotStroke?, _ marker: PlotMarker?, _ frame: PlotFrame, _ alpha: Double) {
        let places = zip(x, y).map { frame.point($0, $1) }
        if let style, style.dash != .none {
            let data = path(PlotDecimation.line(places))
            if !data.isEmpty {
                svg.element("path", [("d", data)] + stroke(style) + [("stroke-linecap", style.dash == .solid ? "round" : "butt")] + opacity(alpha))
            }
        }
        if let marker { drawMarkers(places, [marker.size], [marker.face], marker, alpha) }
    }

    private mutating func drawSegments(
        _ x0: [Double], _ y0: [Double], _ x1: [Double], _ y1: [Double], _ style: PlotStroke, _ cap: Double, _ frame: PlotFrame, _ alpha: Double
    ) {
        var data = ""
        let half = cap / 2
        for index in 0..<min(min(x0.count, y0.count), min(x1.count, y1.count)) {
            guard let a = frame.point(x0[index], y0[index]), let b = frame.point(x1[index], y1[index]) else { continue }
            data += outline([a, b])
            guard cap > 0 else { continue }
            for end in [a, b] {
                data +=
                    a.x == b.x
                    ? outline([(end.x - half, end.y), (end.x + half, end.y)]) : outline([(end.x, end.y - half), (end.x, end.y + half)])
            }
        }
        if !data.isEmpty { svg.element("path", [("d", data)] + stroke(style) + opacity(alpha)) }
    }

    // MARK: markers

    private static let markerLimit = 5_800

    /// Marks at places; one size and colour for all or one each. Neighbours of one style share an element unless they are translucent.
    mutating func drawMarkers(_ places: [(x: Double, y: Double)?], _ sizes: [Double], _ colors: [PlotColor?], _ marker: PlotMarker, _ alpha: Double) {
        guard !sizes.isEmpty, !colors.isEmpty else { return }
        let isMixed = sizes.count > 1 || colors.count > 1
        let isOpaque = alpha >= 1 && !colors.contains { ($0?.alpha ?? 1) < 1 }
        let isDot = marker.edge == nil && !marker.isHollow && ["o", ".", ","].contains(marker.shape)
        let limit = isMixed ? 3_500 : isDot && isOpaque ? 18_000 : PlotRenderer.markerLimit
        let kept = PlotDecimation.points(places, limit: limit)
        guard !kept.isEmpty else { return }
        svg.begin("g")
        var index = 0
        while index < kept.count {
            let first = kept[index]
            let (size, color) = (
                sizes[sizes.count > 1 ? min(first, sizes.count - 1) : 0], colors[colors.count > 1 ? min(first, colors.count - 1) : 0]
            )
            var data = ""
            repeat {
                if let place = places[kept[index]] { data += PlotMarkers.path(marker.shape, place, size, isDot: isDot) }
                index += 1
                guard isOpaque, index < kept.count else { break }
                let next = kept[index]
                guard sizes.count == 1 || sizes[min(next, sizes.count - 1)] == size else { break }
                guard colors.count == 1 || colors[min(next, colors.count - 1)] == color else { break }
            } while true
            svg.element("path", [("d", data)] + markerStyle(marker, size, color, isDot: isDot) + opacity(alpha))
        }
        svg.end()
    }

    private mutating func drawCloud(
        _ places: [(x: Double, y: Double)?], _ sizes: [Double], _ colors: [PlotColor?], _ alpha: Double, _ frame: PlotFrame
    ) {
        guard !sizes.isEmpty, !colors.isEmpty else { return }
        var cloud = PlotCloud(frame.box)
        for (index, place) in places.enumerated() {
            guard let place else { continue }
            let color = colors[min(index, colors.count - 1)] ?? PlotColor(red: 0.5, green: 0.5, blue: 0.5)
            cloud.paint(place, diameter: sizes[min(index, sizes.count - 1)], color, opacity: alpha)
        }
        // Fewer levels of colour where a cloud of many colours would grow too large.
        var encoded: [UInt8] = []
        for levels in [16, 8, 5, 4] {
            let raster = cloud.raster(levels: levels)
            encoded = PNGImage.encode(raster.pixels, width: raster.columns, height: raster.rows)
            if encoded.count < 190_000 { break }
        }
        drawPixels(encoded, frame.box, isSmooth: true, 1)
    }

    func markerStyle(_ marker: PlotMarker, _ size: Double, _ color: PlotColor?, isDot: Bool) -> [(String, String)] {
        if isDot {
            let diameter = marker.shape == "." ? size / 2 : marker.shape == "," ? 1.4 : size
            return stroke(PlotStroke(color: color, width: diameter + marker.edgeWidth)) + [("stroke-linecap", "round")]
        }
        if PlotMarkers.isOpen(marker.shape) {
            return stroke(PlotStroke(color: color ?? marker.edge, width: max(marker.edgeWidth, PlotFigure.points(1.5))))
        }
        let edge = marker.edge ?? color
        let width = marker.isHollow ? max(marker.edgeWidth, PlotFigure.points(1)) : marker.edgeWidth
        return (marker.isHollow ? [] : fill(color)) + (width > 0 ? stroke(PlotStroke(color: edge, width: width)) : [])
    }

    // MARK: boxes and areas

    private mutating func drawBoxes(
        _ edges: ([Double], [Double], [Double], [Double]), _ colors: [PlotColor?], _ edge: PlotStroke?, _ frame: PlotFrame, _ alpha: Double
    ) {
        guard !colors.isEmpty else { return }
        let (left, right, bottom, top) = edges
        let count = min(min(left.count, right.count), min(bottom.count, top.count))
        let isUniform = colors.count == 1
        var data = ""
        for index in 0..<count {
            // Bars of a logarithmic axis stand on its end: their base at 0 has no place.
            let x0 = frame.x.axis.scale == .log && left[index] <= 0 ? frame.box.left : frame.px(left[index])
            let y0 = frame.y.axis.scale == .log && bottom[index] <= 0 ? frame.box.bottom : frame.py(bottom[index])
            let (x1, y1) = (frame.px(right[index]), frame.py(top[index]))
            guard x0.isFinite, x1.isFinite, y0.isFinite, y1.isFinite else { continue }
            func clipped(_ value: Double) -> Double { min(max(value, -1e5), 1e5) }
            let (a, b, c, d) = (clipped(min(x0, x1)), clipped(min(y0, y1)), clipped(abs(x1 - x0)), clipped(abs(y1 - y0)))
            let shape = "M\(SVGWriter.number(a)) \(SVGWriter.number(b))h\(SVGWriter.number(c))v\(SVGWriter.number(d))h\(SVGWriter.number(-c))z"
            if isUniform {
                data += shape
            } else {
                svg.element("path", [("d", shape)] + fill(colors[min(index, colors.count - 1)]) + (edge.map { stroke($0) } ?? []) + opacity(alpha))
            }
        }
        if !data.isEmpty { svg.element("path", [("d", data)] + fill(colors[0]) + (edge.map { stroke($0) } ?? []) + opacity(alpha)) }
    }

    private mutating func drawArea(
        _ x: [Double], _ lower: [Double], _ upper: [Double], _ color: PlotColor?, _ edge: PlotStroke?, _ isVertical: Bool, _ frame: PlotFrame,
        _ alpha: Double
    ) {
        let count = min(x.count, min(lower.count, upper.count))
        func place(_ index: Int, _ values: [Double]) -> (x: Double, y: Double)? {
            isVertical ? frame.point(values[index], x[index]) : frame.point(x[index], values[index])
        }
        var data = ""
        var above: [(x: Double, y: Double)?] = []
        var below: [(x: Double, y: Double)?] = []
        func flush() {
            if above.count > 1 {
                let outer = PlotDecimation.line(above).compactMap { $0 } + PlotDecimation.line(below).reversed().compactMap { $0 }
                data += outline(outer) + "z"
            }
            above.removeAll()
            below.removeAll()
        }
        for index in 0..<count {
            guard let top = place(index, upper), let bottom = place(index, lower) else {
                flush()
                continue
            }
            above.append(top)
            below.append(bottom)
        }
        flush()
        if !data.isEmpty { svg.element("path", [("d", data)] + fill(color) + (edge.map { stroke($0) } ?? []) + opacity(alpha)) }
    }

    // MARK: images

    private mutating func drawImage(
        _ pixels: [UInt8], _ columns: Int, _ rows: Int, _ edges: (Double, Double, Double, Double), _ isSmooth: Bool, _ frame: PlotFrame,
        _ alpha: Double
    ) {
        let (x0, x1) = (frame.px(edges.0), frame.px(edges.1))
        let (y0, y1) = (frame.py(edges.3), frame.py(edges.2))
        guard x0.isFinite, x1.isFinite, y0.isFinite, y1.isFinite, columns > 0, rows > 0, pixels.count == columns * rows * 4 else { return }
        let (width, height) = (abs(x1 - x0), abs(y1 - y0))
        var raster = PlotRaster(pixels: pixels, columns: columns, rows: rows).reduced(width: width, height: height)
            .flipped(horizontally: x1 < x0, vertically: y1 < y0)
        if !isSmooth { raster = raster.repeated(width: width, height: height) }
        let box = PlotBox(left: min(x0, x1), top: min(y0, y1), width: max(0.01, abs(x1 - x0)), height: max(0.01, abs(y1 - y0)))
        drawPixels(PNGImage.encode(raster.pixels, width: raster.columns, height: raster.rows), box, isSmooth: isSmooth, alpha)
    }

    private mutating func drawPixels(_ png: [UInt8], _ box: PlotBox, isSmooth: Bool, _ alpha: Double) {
        let encoded = PNGImage.base64(png)
        svg.element(
            "image",
            rectangle(box) + [("preserveAspectRatio", "none")]
                + (isSmooth ? [] : [("style", "image-rendering:pixelated"), ("image-rendering", "optimizeSpeed")])
                + opacity(alpha) + [("href", "data:image/png;base64," + encoded)])
    }

    // MARK: words

    mutating func draw(_ text: PlotText, _ frame: PlotFrame, _ alpha: Double) {
        func position(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
            text.isFraction ? (frame.box.left + x * frame.box.width, frame.box.bottom - y * frame.box.height) : frame.point(x, y)
        }
        let target = text.target.flatMap { frame.point($0.x, $0.y) }
        let offset = text.offset.flatMap { shift in target.map { (x: $0.x + shift.x, y: $0.y - shift.y) } }
        guard let place = offset ?? position(text.x, text.y), place.x.isFinite, place.y.isFinite else { return }
        let (width, height) = TextMetrics.extent(text.text, size: text.size)
        if text.showsArrow, let target { drawArrow(from: place, to: target, text, (width, height)) }
        if text.showsBox {
            let left = text.horizontal == "left" ? place.x : text.horizontal == "center" ? place.x - width / 2 : place.x - width
            let top = text.vertical == "top" ? place.y : text.vertical == "center" ? place.y - height / 2 : place.y - height + text.size * 0.25
            let pad = text.size * 0.35
            let box = PlotBox(left: left - pad, top: top - pad, width: width + 2 * pad, height: height + 2 * pad)
            let paint = text.box.map { fill($0) } ?? [theme.surface, ("fill-opacity", "0.85")]
            svg.element("rect", rectangle(box) + [("rx", "4")] + paint + [("stroke", theme.ink), ("stroke-opacity", "0.35")])
        }
        write(text, at: place, opacity: alpha)
    }

    private mutating func drawArrow(
        from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ text: PlotText, _ size: (width: Double, height: Double)
    ) {
        // From the middle of the words, beginning where the line leaves them.
        let left = text.horizontal == "left" ? start.x : text.horizontal == "center" ? start.x - size.width / 2 : start.x - size.width
        let top = text.vertical == "top" ? start.y : text.vertical == "center" ? start.y - size.height / 2 : start.y - size.height * 0.85
        let middle = (x: left + size.width / 2, y: top + size.height / 2)
        let (dx, dy) = (end.x - middle.x, end.y - middle.y)
        let length = (dx * dx + dy * dy).squareRoot()
        guard length > 1 else { return }
        let exit = min(dx == 0 ? .infinity : (size.width / 2 + 3) / abs(dx), dy == 0 ? .infinity : (size.height / 2 + 3) / abs(dy))
        guard exit < 1 else { return }
        let from = (x: middle.x + dx * exit, y: middle.y + dy * exit)
        let tip = (x: end.x - dx / length * 3, y: end.y - dy / length * 3)
        let (ux, uy) = (dx / length, dy / length)
        let (back, side) = (7.0, 3.5)
        let wings = [
            (x: tip.x - ux * back - uy * side, y: tip.y - uy * back + ux * side), tip,
            (x: tip.x - ux * back + uy * side, y: tip.y - uy * back - ux * side),
        ]
        svg.element(
            "path",
            [("d", outline([from, tip]) + outline(wings))] + stroke(PlotStroke(color: text.arrowColor, width: PlotFigure.points(1))) + [
                ("stroke-linecap", "round")
            ])
    }
}
