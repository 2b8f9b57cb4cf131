import Interpreter
import Reports
import Tensors

/// Turns what `matplotlib.pyplot` collects (dicts of numbers, texts and arrays) into a `PlotFigure`.
struct PlotReader {
    let vm: VM

    // MARK: fields

    /// A field of a dict, borrowed; nil when it is missing or None.
    func field(_ dict: Value, _ name: String) throws -> Value? {
        guard dict.tag == Tag.dict else { throw vm.typeError("a plot is described by dicts, not by '\(vm.typeName(dict))'") }
        let key = vm.internedValue(name)
        defer { vm.heap.release(key) }
        guard try vm.contains(dict, key) else { return nil }
        let value = try vm.getItem(dict, key)
        // The dict holds on to it.
        vm.heap.release(value)
        return value.isNone ? nil : value
    }

    func double(_ dict: Value, _ name: String) throws -> Double? { try field(dict, name).map { try vm.real($0) } }
    func double(_ dict: Value, _ name: String, or fallback: Double) throws -> Double { try double(dict, name) ?? fallback }
    func text(_ dict: Value, _ name: String) throws -> String? { try field(dict, name).map { try vm.strText($0) } }
    func flag(_ dict: Value, _ name: String) throws -> Bool { try field(dict, name).map { try vm.isTrue($0) } ?? false }

    func items<T>(_ value: Value, _ body: (Value) throws -> T) throws -> [T] {
        let items = try vm.collect(value)
        defer { for item in items { vm.heap.release(item) } }
        return try items.map(body)
    }

    func doubles(_ value: Value) throws -> [Double] {
        if let array = vm.nativeObject(value, as: NumpyArray.self) { return try array.tensor.doubles() }
        return try items(value) { try vm.real($0) }
    }

    func doubles(_ dict: Value, _ name: String) throws -> [Double] { try field(dict, name).map { try doubles($0) } ?? [] }
    func texts(_ dict: Value, _ name: String) throws -> [String]? { try field(dict, name).map { try items($0) { try vm.strText($0) } } }

    // MARK: colours and strokes

    /// A tuple of four components.
    func color(_ value: Value) throws -> PlotColor {
        let parts = try doubles(value)
        guard parts.count == 4 else { throw vm.valueError("a colour has four components, not \(parts.count)") }
        return PlotColor(red: parts[0], green: parts[1], blue: parts[2], alpha: parts[3])
    }

    func color(_ dict: Value, _ name: String) throws -> PlotColor? { try field(dict, name).map { try color($0) } }

    /// One colour for all or one each; or numbers from 0 to 1 with a palette.
    func colors(_ dict: Value) throws -> [PlotColor?] {
        if let values = try field(dict, "values"), let name = try text(dict, "cmap") {
            let map = try colorMap(name)
            return try doubles(values).map { map.color($0) }
        }
        guard let given = try field(dict, "colors") else { return [try color(dict, "color")] }
        return try items(given) { $0.isNone ? nil : try color($0) }
    }

    func colorMap(_ name: String) throws -> ColorMap {
        guard let map = ColorMap(name: name) else {
            throw vm.valueError(
                "'\(name)' is not a known colormap name; the known ones are \(ColorMap.names.joined(separator: ", ")) and each with _r")
        }
        return map
    }

    func stroke(_ dict: Value, color name: String = "line_color", width: String = "line_width") throws -> PlotStroke? {
        guard let size = try double(dict, width), size > 0 else { return nil }
        return PlotStroke(color: try color(dict, name), width: size, dash: PlotDash(rawValue: try text(dict, "dash") ?? "-") ?? .solid)
    }

    func marker(_ dict: Value) throws -> PlotMarker? {
        guard let shape = try text(dict, "marker") else { return nil }
        var marker = PlotMarker(
            shape: shape, size: try double(dict, "marker_size", or: 8), face: try color(dict, "marker_face"), edge: try color(dict, "marker_edge"),
            edgeWidth: try double(dict, "marker_edge_width", or: 0))
        marker.isHollow = try flag(dict, "hollow")
        return marker
    }

    // MARK: figures

    func figure(_ dict: Value) throws -> PlotFigure {
        var figure = PlotFigure(width: try double(dict, "width", or: 640), height: try double(dict, "height", or: 480))
        guard figure.width > 0, figure.height > 0, figure.width <= 20_000, figure.height <= 20_000 else {
            throw vm.valueError("figure size must be positive and at most 200 inches")
        }
        figure.title = try text(dict, "title")
        figure.titleSize = try double(dict, "title_size", or: figure.titleSize)
        figure.description = try text(dict, "description") ?? ""
        figure.background = try color(dict, "background")
        figure.axes = try field(dict, "axes").map { try items($0) { try axes($0) } } ?? []
        return figure
    }

    private func axes(_ dict: Value) throws -> PlotAxes {
        var axes = PlotAxes()
        let cell = try doubles(dict, "cell").map { Int($0) }
        if cell.count == 6 {
            axes.cell = .init(rows: cell[0], columns: cell[1], row: cell[2], column: cell[3], rowSpan: cell[4], columnSpan: cell[5])
        }
        let place = try doubles(dict, "rectangle")
        if place.count == 4 { axes.rectangle = (place[0], place[1], place[2], place[3]) }
        if let x = try field(dict, "x") { axes.x = try axis(x) }
        if let y = try field(dict, "y") { axes.y = try axis(y) }
        axes.title = try text(dict, "title")
        axes.titleSize = try double(dict, "title_size", or: axes.titleSize)
        axes.showsFrame = try flag(dict, "frame")
        axes.hiddenSpines = Set(try texts(dict, "hidden_spines") ?? [])
        axes.aspect = try double(dict, "aspect")
        axes.twinOf = try double(dict, "twin").map { Int($0) }
        axes.background = try color(dict, "background")
        axes.marks = try field(dict, "marks").map { try items($0) { try mark($0) } } ?? []
        if let legend = try field(dict, "legend") { axes.legend = try self.legend(legend) }
        if let bar = try field(dict, "colorbar") {
            var colorBar = PlotColorBar(
                map: try colorMap(try text(bar, "cmap") ?? "viridis"), low: try double(bar, "low", or: 0), high: try double(bar, "high", or: 1))
            colorBar.label = try text(bar, "label") ?? ""
            colorBar.isLogarithmic = try flag(bar, "log")
            colorBar.ticks = try field(bar, "ticks").map { try doubles($0) }
            axes.colorBar = colorBar
        }
        return axes
    }

    private func axis(_ dict: Value) throws -> PlotAxis {
        var axis = PlotAxis()
        axis.scale = try text(dict, "scale") == "log" ? .log : .linear
        axis.low = try double(dict, "low")
        axis.high = try double(dict, "high")
        axis.isInverted = try flag(dict, "inverted")
        axis.margin = try double(dict, "margin", or: 0.05)
        axis.label = try text(dict, "label") ?? ""
        axis.labelSize = try double(dict, "label_size", or: axis.labelSize)
        axis.ticks = try field(dict, "ticks").map { try doubles($0) }
        axis.tickLabels = try texts(dict, "tick_labels")
        axis.tickSize = max(1, try double(dict, "tick_size", or: axis.tickSize))
        axis.tickRotation = try double(dict, "rotation", or: 0)
        axis.showsTicks = try flag(dict, "shows_ticks")
        axis.showsLabels = try flag(dict, "shows_labels")
        axis.showsGrid = try flag(dict, "grid")
        axis.gridColor = try color(dict, "grid_color")
        axis.gridDash = PlotDash(rawValue: try text(dict, "grid_dash") ?? "-") ?? .solid
        axis.gridOpacity = try double(dict, "grid_alpha")
        return axis
    }

    private func legend(_ dict: Value) throws -> PlotLegend {
        var legend = PlotLegend()
        legend.location = try text(dict, "loc") ?? "best"
        legend.title = try text(dict, "title")
        legend.columns = Int(try double(dict, "columns", or: 1))
        legend.showsFrame = try flag(dict, "frame")
        legend.size = max(1, try double(dict, "size", or: legend.size))
        return legend
    }

    // MARK: marks

    private func mark(_ dict: Value) throws -> PlotMark {
        let kind = try text(dict, "kind") ?? ""
        guard let read = PlotReader.shapes[kind] else { throw vm.valueError("no such mark: '\(kind)'") }
        return PlotMark(
            try read(self, dict), label: try text(dict, "label"), opacity: try double(dict, "alpha", or: 1), order: try double(dict, "order", or: 0))
    }

    private static let shapes: [String: @Sendable (PlotReader, Value) throws -> PlotMark.Shape] = [
        "line": { r, d in .line(x: try r.doubles(d, "x"), y: try r.doubles(d, "y"), stroke: try r.stroke(d), marker: try r.marker(d)) },
        "points": { r, d in
            let marker = try r.marker(d) ?? PlotMarker(shape: "o", size: 8, face: nil)
            return .points(
                x: try r.doubles(d, "x"), y: try r.doubles(d, "y"), sizes: try r.doubles(d, "sizes"), colors: try r.colors(d), marker: marker)
        },
        "boxes": { r, d in
            .boxes(
                left: try r.doubles(d, "left"), right: try r.doubles(d, "right"), bottom: try r.doubles(d, "bottom"), top: try r.doubles(d, "top"),
                colors: try r.colors(d), edge: try r.stroke(d), sticksToBase: try r.text(d, "base"))
        },
        "area": { r, d in
            .area(
                x: try r.doubles(d, "x"), lower: try r.doubles(d, "lower"), upper: try r.doubles(d, "upper"), color: try r.color(d, "color"),
                edge: try r.stroke(d), isVertical: try r.flag(d, "vertical"))
        },
        "polygon": { r, d in .polygon(x: try r.doubles(d, "x"), y: try r.doubles(d, "y"), color: try r.color(d, "color"), edge: try r.stroke(d)) },
        "image": { r, d in try r.image(d) },
        "segments": { r, d in
            .segments(
                x0: try r.doubles(d, "x0"), y0: try r.doubles(d, "y0"), x1: try r.doubles(d, "x1"), y1: try r.doubles(d, "y1"),
                stroke: try r.stroke(d) ?? PlotStroke(color: nil, width: 1), cap: try r.double(d, "cap", or: 0))
        },
        "rule": { r, d in
            .rule(
                at: try r.double(d, "at", or: 0), isVertical: try r.flag(d, "vertical"), from: try r.double(d, "from", or: 0),
                to: try r.double(d, "to", or: 1),
                stroke: try r.stroke(d) ?? PlotStroke(color: nil, width: 1))
        },
        "span": { r, d in
            .span(
                from: try r.double(d, "from", or: 0), to: try r.double(d, "to", or: 0), isVertical: try r.flag(d, "vertical"),
                color: try r.color(d, "color"))
        },
        "text": { r, d in .text(try r.words(d)) },
        "pie": { r, d in
            .pie(
                fractions: try r.doubles(d, "fractions"), colors: try r.colors(d).compactMap { $0 }, labels: try r.texts(d, "labels") ?? [],
                values: try r.texts(d, "values_text") ?? [], start: try r.double(d, "start", or: 0), explode: try r.doubles(d, "explode"))
        },
    ]

    private func words(_ dict: Value) throws -> PlotText {
        var text = PlotText(try text(dict, "text") ?? "", x: try double(dict, "x", or: 0), y: try double(dict, "y", or: 0))
        text.isFraction = try flag(dict, "fraction")
        let target = try doubles(dict, "target")
        if target.count == 2 { text.target = (target[0], target[1]) }
        let offset = try doubles(dict, "offset")
        if offset.count == 2 { text.offset = (offset[0], offset[1]) }
        text.showsArrow = try flag(dict, "arrow")
        text.color = try color(dict, "color")
        text.arrowColor = try color(dict, "arrow_color")
        text.size = max(1, try double(dict, "size", or: text.size))
        text.horizontal = try self.text(dict, "horizontal") ?? "left"
        text.vertical = try self.text(dict, "vertical") ?? "baseline"
        text.rotation = try double(dict, "rotation", or: 0)
        text.isBold = try flag(dict, "bold")
        text.isItalic = try flag(dict, "italic")
        text.showsBox = try flag(dict, "boxed")
        text.box = try color(dict, "box")
        return text
    }

    /// Pixels from an array: rows × columns numbers from 0 to 1 with a palette, or rows × columns × 3 or 4 bytes.
    private func image(_ dict: Value) throws -> PlotMark.Shape {
        let extent = try doubles(dict, "extent")
        guard extent.count == 4, let value = try field(dict, "data"), let tensor = vm.nativeObject(value, as: NumpyArray.self)?.tensor else {
            throw vm.typeError("an image is an array with an extent")
        }
        let (rows, columns) = (tensor.shape.first ?? 0, tensor.rank > 1 ? tensor.shape[1] : 0)
        var pixels = [UInt8](repeating: 255, count: rows * columns * 4)
        if tensor.rank == 2 {
            let map = try colorMap(try text(dict, "cmap") ?? "viridis")
            let palette: [[UInt8]] = (0..<256).map { step in
                let color = map.color(Double(step) / 255)
                return [color.red, color.green, color.blue].map { UInt8(($0 * 255).rounded()) }
            }
            for (index, value) in try tensor.doubles().enumerated() {
                if value.isNaN {
                    pixels[index * 4 + 3] = 0
                    continue
                }
                let entry = palette[Int((min(max(value, 0), 1) * 255).rounded())]
                for k in 0..<3 { pixels[index * 4 + k] = entry[k] }
            }
        } else {
            let depth = tensor.shape[2]
            for (index, value) in try tensor.integers().enumerated() {
                pixels[index / depth * 4 + index % depth] = UInt8(min(max(value, 0), 255))
            }
        }
        return .image(
            pixels: pixels, columns: columns, rows: rows, left: extent[0], right: extent[1], bottom: extent[2], top: extent[3],
            isSmooth: try flag(dict, "smooth"))
    }
}
