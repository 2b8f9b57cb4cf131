import Foundation

/// Curves over the intervals of a run, as SVG.
struct IntervalCurves {
    var series: [(name: String, style: String, points: [Double])]
    var unit: String
    var top: Double
    /// Microseconds from left to right.
    var duration: Double

    /// What a reader who does not see the curves is told.
    var summary: String

    private let width = 1040.0
    private let height = 220.0
    private let left = 70.0
    private let bottom = 24.0

    var svg: String {
        var parts = ["<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" class=\"curves\" role=\"img\" aria-label=\"\(HTML.escaped(summary))\">"]
        for line in 0...4 {
            let value = top * Double(line) / 4
            let y = position(value)
            parts.append(
                "<line class=\"grid\" x1=\"\(left)\" x2=\"\(width)\" y1=\"\(y)\" y2=\"\(y)\"/><text x=\"0\" y=\"\(y + 4)\">\(Int(value))\(unit)</text>"
            )
        }
        for (k, one) in series.enumerated() {
            let count = Double(max(one.points.count, 1))
            // Steps: a value holds for its whole interval, the first as much as the last.
            let steps = one.points.enumerated().map { index, value in
                let (x0, x1) = (left + (width - left) * Double(index) / count, left + (width - left) * Double(index + 1) / count)
                return String(format: "%.1f,%.1f %.1f,%.1f", x0, position(value), x1, position(value))
            }
            parts.append(
                "<polyline class=\"\(one.style)\" fill=\"none\" stroke-width=\"1.5\" points=\"\(steps.joined(separator: " "))\"><title>\(one.name)</title></polyline>"
            )
            let x = left + 90 * Double(k)
            parts.append("<line class=\"\(one.style)\" stroke-width=\"3\" x1=\"\(x)\" x2=\"\(x + 18)\" y1=\"\(height - 6)\" y2=\"\(height - 6)\"/>")
            parts.append("<text x=\"\(x + 24)\" y=\"\(height - 2)\">\(one.name)</text>")
        }
        parts.append("<text x=\"\(width)\" y=\"\(height - 2)\" text-anchor=\"end\">0 to \(Int(duration.rounded())) µs</text></svg>")
        return parts.joined()
    }

    private func position(_ value: Double) -> Double { (height - bottom) - (height - bottom - 8) * min(max(value / top, 0), 1) }
}
