/// A rectangle in pixels, y downwards.
struct PlotBox: Equatable {
    var left, top, width, height: Double
    var right: Double { left + width }
    var bottom: Double { top + height }

    func inset(left l: Double, top t: Double, right r: Double, bottom b: Double) -> PlotBox {
        PlotBox(left: left + l, top: top + t, width: max(8, width - l - r), height: max(8, height - t - b))
    }
}

/// One axis while it is drawn: its ends, and where values lie along `length` pixels.
struct PlotRuler {
    let axis: PlotAxis
    let low, high: Double
    private(set) var ticks: [PlotTick] = []
    /// The power of ten that every label is to be multiplied by.
    private(set) var power = 0

    init(_ axis: PlotAxis, _ ends: (low: Double, high: Double)) {
        self.axis = axis
        (low, high) = ends
    }

    /// 0 at the low end, 1 at the high end; not finite where the scale has no place for the value.
    func fraction(_ value: Double) -> Double {
        guard axis.scale.accepts(value) else { return .nan }
        let (a, b) = (axis.scale.forward(low), axis.scale.forward(high))
        let place = (axis.scale.forward(value) - a) / (b - a)
        return axis.isInverted ? 1 - place : place
    }

    /// Chooses ticks for an axis of that many pixels.
    mutating func chooseTicks(length: Double, isHorizontal: Bool) {
        let room = length / (axis.tickSize * (isHorizontal ? 3 : 2))
        let limit = min(max(Int(room), 1), 9)
        if let given = axis.ticks {
            let visible = given.enumerated().filter {
                axis.scale.accepts($0.element) && $0.element >= low - (high - low) * 1e-9 && $0.element <= high + (high - low) * 1e-9
            }
            let (texts, power) = PlotTicks.labels(visible.map(\.element), low, high)
            self.power = axis.tickLabels == nil ? power : 0
            ticks = zip(visible, texts).map { pair, text in
                let own = axis.tickLabels.map { pair.offset < $0.count ? $0[pair.offset] : "" }
                return PlotTick(value: pair.element, label: own ?? text)
            }
            return
        }
        if axis.scale == .log {
            ticks = PlotTicks.logarithmic(low, high, limit: limit)
            return
        }
        for intervals in stride(from: limit, through: 1, by: -1) {
            let values = PlotTicks.linear(low, high, limit: intervals)
            let (texts, power) = PlotTicks.labels(values, low, high)
            self.power = power
            ticks = zip(values, texts).map { PlotTick(value: $0, label: $1) }
            // Long labels side by side: fewer of them.
            let needed = texts.map { TextMetrics.width($0, size: axis.tickSize) + axis.tickSize * 0.5 }.reduce(0, +)
            if !isHorizontal || axis.tickRotation != 0 || !axis.showsLabels || needed <= length * 1.1 { break }
        }
        if let own = axis.tickLabels { for i in ticks.indices { ticks[i].label = i < own.count ? own[i] : "" } }
    }

    /// Width and height of the widest and highest label, as it lies rotated.
    func labelExtent() -> (width: Double, height: Double) {
        guard axis.showsLabels else { return (0, 0) }
        var result = (width: 0.0, height: 0.0)
        let (sine, cosine) = PlotGeometry.rotation(axis.tickRotation)
        for tick in ticks where !tick.label.isEmpty {
            var (width, height) = TextMetrics.extent(tick.label, size: axis.tickSize)
            if let exponent = tick.exponent { width += TextMetrics.width(exponent, size: axis.tickSize * 0.7) }
            height = max(axis.tickSize, height - axis.tickSize * 0.2)
            result.width = max(result.width, abs(cosine) * width + abs(sine) * height)
            result.height = max(result.height, abs(sine) * width + abs(cosine) * height)
        }
        return result
    }

    var powerText: String? { power == 0 ? nil : "×10" }
}

/// Axes with their place on the page.
struct PlotFrame {
    let axes: PlotAxes
    var x: PlotRuler
    var y: PlotRuler
    var box: PlotBox
    var isTwin: Bool { axes.twinOf != nil }

    init(_ axes: PlotAxes, box: PlotBox, x: PlotRuler, y: PlotRuler) {
        self.axes = axes
        self.box = box
        self.x = x
        self.y = y
    }

    func px(_ value: Double) -> Double { box.left + x.fraction(value) * box.width }
    func py(_ value: Double) -> Double { box.bottom - y.fraction(value) * box.height }

    /// A data position in pixels, nil when it has none.
    func point(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
        let place = (px(x), py(y))
        return place.0.isFinite && place.1.isFinite ? (min(max(place.0, -1e6), 1e6), min(max(place.1, -1e6), 1e6)) : nil
    }

    mutating func chooseTicks() {
        x.chooseTicks(length: box.width, isHorizontal: true)
        y.chooseTicks(length: box.height, isHorizontal: false)
    }

    static let tickLength = PlotFigure.points(3.5)
    static let pad = PlotFigure.points(3.5)

    /// Space that labels need outside the frame.
    func margins() -> (left: Double, top: Double, right: Double, bottom: Double) {
        let (xLabels, yLabels) = (x.labelExtent(), y.labelExtent())
        var side = y.axis.showsTicks && !y.ticks.isEmpty ? PlotFrame.tickLength : 0
        if yLabels.width > 0 { side += PlotFrame.pad + yLabels.width }
        if !y.axis.label.isEmpty { side += PlotFigure.points(4) + TextMetrics.extent(y.axis.label, size: y.axis.labelSize).height }
        var bottom = x.axis.showsTicks && !x.ticks.isEmpty ? PlotFrame.tickLength : 0
        if xLabels.height > 0 { bottom += PlotFrame.pad + xLabels.height }
        if !x.axis.label.isEmpty { bottom += PlotFigure.points(4) + TextMetrics.extent(x.axis.label, size: x.axis.labelSize).height }
        if x.powerText != nil, x.axis.label.isEmpty { bottom += x.axis.tickSize }
        var top = axes.title.map { PlotFigure.points(6) + TextMetrics.extent($0, size: axes.titleSize).height } ?? 0
        if y.powerText != nil, y.axis.showsLabels { top += y.axis.tickSize * 1.2 }
        // Half of the outermost labels hangs over.
        let overhang = max(xLabels.width / 2 * 0.7, 0)
        if isTwin { return (0, top, side, bottom) }
        var right = x.axis.tickRotation == 0 ? overhang * 0.6 : 0
        if let bar = axes.colorBar { right += PlotColorBarLayout.width(bar, height: box.height) }
        return (max(side, yLabels.width == 0 ? overhang : side), max(top, yLabels.height / 2), max(right, 0), bottom)
    }
}

enum PlotGeometry {
    /// Sine and cosine of an angle in degrees, exact at right angles.
    static func rotation(_ degrees: Double) -> (sine: Double, cosine: Double) {
        switch degrees.truncatingRemainder(dividingBy: 360) {
        case 0: return (0, 1)
        case 90, -270: return (1, 0)
        case 180, -180: return (0, -1)
        case 270, -90: return (-1, 0)
        default: return SineCosine.of(degrees * .pi / 180)
        }
    }
}
