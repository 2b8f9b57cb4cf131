/// The smallest interval that holds what was given to it.
struct PlotInterval {
    private(set) var low = Double.infinity
    private(set) var high = -Double.infinity
    var isEmpty: Bool { low > high }

    mutating func include(_ value: Double, _ scale: PlotScale) {
        guard scale.accepts(value) else { return }
        low = min(low, value)
        high = max(high, value)
    }
}

/// What an axis shows when its ends are left to the data.
struct PlotLimits {
    private var interval = PlotInterval()
    /// Values at which the view ends without a margin: the base of bars, the edges of images.
    private var edges: Set<Double> = []
    private let axis: PlotAxis

    init(_ axis: PlotAxis) { self.axis = axis }

    mutating func include(_ values: [Double]) {
        for value in values { interval.include(value, axis.scale) }
    }

    mutating func stick(_ value: Double) { edges.insert(value) }

    /// The limits of both together, with the settings of `axis`.
    func joined(_ other: PlotLimits, axis: PlotAxis) -> PlotLimits {
        var result = PlotLimits(axis)
        for part in [self, other] where !part.interval.isEmpty { result.include([part.interval.low, part.interval.high]) }
        result.edges = edges.union(other.edges)
        return result
    }

    /// Both ends in data units, `low` < `high`.
    func ends() -> (low: Double, high: Double) {
        var (low, high) = automatic()
        if let given = axis.low, axis.scale.accepts(given) { low = given }
        if let given = axis.high, axis.scale.accepts(given) { high = given }
        if low == high { (low, high) = widened(low) }
        return low < high ? (low, high) : (high, low)
    }

    private func automatic() -> (low: Double, high: Double) {
        let scale = axis.scale
        if interval.isEmpty { return scale == .log ? (1, 10) : (0, 1) }
        if interval.low == interval.high { return widened(interval.low) }
        let (first, last) = (scale.forward(interval.low), scale.forward(interval.high))
        let margin = (last - first) * axis.margin
        guard margin.isFinite else { return (interval.low, interval.high) }
        return (
            edges.contains(interval.low) ? interval.low : scale.backward(first - margin),
            edges.contains(interval.high) ? interval.high : scale.backward(last + margin)
        )
    }

    /// Room around a single value.
    private func widened(_ value: Double) -> (low: Double, high: Double) {
        if axis.scale == .log { return (value / 10, value * 10) }
        let room = value == 0 ? 0.055 : abs(value) * 0.055
        return value + room > value - room && (value + room).isFinite ? (value - room, value + room) : (-0.055, 0.055)
    }
}

extension PlotAxes {
    /// The limits that the marks ask for.
    func limits() -> (x: PlotLimits, y: PlotLimits) {
        var (horizontal, vertical) = (PlotLimits(x), PlotLimits(y))
        for mark in marks { mark.shape.include(in: &horizontal, &vertical) }
        return (horizontal, vertical)
    }
}

extension PlotMark.Shape {
    fileprivate func include(in x: inout PlotLimits, _ y: inout PlotLimits) {
        switch self {
        case .line(let xs, let ys, _, _), .points(let xs, let ys, _, _, _), .polygon(let xs, let ys, _, _):
            // A point counts only when it can be drawn.
            for (a, b) in zip(xs, ys) where a.isFinite && b.isFinite {
                x.include([a])
                y.include([b])
            }
        case .boxes(let left, let right, let bottom, let top, _, _, let base):
            x.include(left + right)
            y.include(bottom + top)
            if base == "bottom" { bottom.forEach { y.stick($0) } }
            if base == "left" { left.forEach { x.stick($0) } }
        case .area(let xs, let lower, let upper, _, _, let isVertical):
            if isVertical {
                y.include(xs)
                x.include(lower + upper)
            } else {
                x.include(xs)
                y.include(lower + upper)
            }
        case .image(_, _, _, let left, let right, let bottom, let top, _):
            x.include([left, right])
            y.include([bottom, top])
            [left, right].forEach { x.stick($0) }
            [bottom, top].forEach { y.stick($0) }
        case .segments(let x0, let y0, let x1, let y1, _, _):
            x.include(x0 + x1)
            y.include(y0 + y1)
        case .rule(let at, let isVertical, _, _, _): if isVertical { x.include([at]) } else { y.include([at]) }
        case .span(let from, let to, let isVertical, _): if isVertical { x.include([from, to]) } else { y.include([from, to]) }
        case .text: break
        case .pie(_, _, let labels, _, _, _):
            // Names stand beside the circle.
            let width = labels.allSatisfy(\.isEmpty) ? 1.1 : 1.6
            x.include([-width, width])
            y.include([-1.15, 1.15])
            for edge in [-width, width] { x.stick(edge) }
            for edge in [-1.15, 1.15] { y.stick(edge) }
        }
    }
}
