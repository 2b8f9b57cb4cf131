/// Pies: sectors from fractions.
extension PlotRenderer {
    mutating func drawPie(
        _ fractions: [Double], _ colors: [PlotColor], _ labels: [String], _ values: [String], _ start: Double, _ explode: [Double],
        _ frame: PlotFrame,
        _ alpha: Double
    ) {
        guard !colors.isEmpty, let centre = frame.point(0, 0), let rim = frame.point(1, 0) else { return }
        let radius = abs(rim.x - centre.x)
        var angle = start
        for (index, fraction) in fractions.enumerated() where fraction.isFinite && fraction >= 0 {
            let end = angle + fraction * 360
            let (middleSine, middleCosine) = PlotGeometry.rotation((angle + end) / 2)
            let push = (index < explode.count ? explode[index] : 0) * radius
            let hub = (x: centre.x + middleCosine * push, y: centre.y - middleSine * push)
            svg.element("path", [("d", sector(hub, radius, angle, end, fraction))] + fill(colors[index % colors.count]) + opacity(alpha))
            var text = PlotText("", x: 0, y: 0)
            text.vertical = "center"
            if index < labels.count, !labels[index].isEmpty {
                text.text = labels[index]
                text.horizontal = middleCosine >= 0 ? "left" : "right"
                write(text, at: (hub.x + middleCosine * radius * 1.1, hub.y - middleSine * radius * 1.1))
            }
            if index < values.count, !values[index].isEmpty {
                text.text = values[index]
                text.horizontal = "center"
                text.color = colors[index % colors.count].luminance > 0.55 ? PlotColor(red: 0.12, green: 0.14, blue: 0.16) : .white
                write(text, at: (hub.x + middleCosine * radius * 0.6, hub.y - middleSine * radius * 0.6))
                text.color = nil
            }
            angle = end
        }
    }

    private func sector(_ hub: (x: Double, y: Double), _ radius: Double, _ from: Double, _ to: Double, _ fraction: Double) -> String {
        func n(_ value: Double) -> String { SVGWriter.number(value) }
        if fraction >= 0.999_999 {
            return
                "M\(n(hub.x - radius)) \(n(hub.y))a\(n(radius)) \(n(radius)) 0 1 0 \(n(radius * 2)) 0a\(n(radius)) \(n(radius)) 0 1 0 \(n(-radius * 2)) 0z"
        }
        let (s0, c0) = PlotGeometry.rotation(from)
        let (s1, c1) = PlotGeometry.rotation(to)
        return "M\(n(hub.x)) \(n(hub.y))L\(n(hub.x + c0 * radius)) \(n(hub.y - s0 * radius))"
            + "A\(n(radius)) \(n(radius)) 0 \(fraction > 0.5 ? 1 : 0) 0 \(n(hub.x + c1 * radius)) \(n(hub.y - s1 * radius))z"
    }
}
