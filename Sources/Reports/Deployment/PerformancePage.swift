import BPUSimulator
import Foundation

/// The performance report as one HTML file without outside references: summary, curves, a sortable table of layers, and what is simulated.
package enum PerformancePage {
    package static func html(_ report: PerformanceReport) -> String {
        let title = escaped(report.header.name)
        return """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) – performance</title><style>\(style)</style></head><body><main>
            <h1>\(title)</h1>
            <p class="note"><b>Simulated, not measured.</b> The program ran on the timing model of an open compiler, whose parameters were fitted to one documented run
            (MobileNetV2, batch 256, BAYES). No hardware was involved; computing costs claim no agreement closer than a factor of 2.</p>
            <section class="cards">\(cards(report))</section>
            <h2>Computing unit</h2>\(utilization(report))
            <h2>DDR bandwidth</h2>\(bandwidth(report))
            <h2>Layers</h2>\(layers(report))
            <h2>Machine model</h2>\(parameters(report))
            <h2>Compilation</h2><pre>\(escaped(report.header.options))</pre>
            </main><script>\(script)</script></body></html>

            """
    }

    private static func cards(_ report: PerformanceReport) -> String {
        let frames = Double(report.header.frames)
        let rows: [(String, String)] = [
            ("Latency", String(format: "%.1f µs", report.latency)), ("Frames per second", String(format: "%.2f", report.framesPerSecond)),
            ("Frames per run", "\(report.header.frames)"), ("March", report.header.march.uppercased()),
            ("Operations per frame", report.grouped(report.operations / report.header.frames)),
            ("Loaded per frame", bytes(Double(report.loadedBytes) / frames)), ("Stored per frame", bytes(Double(report.storedBytes) / frames)),
            ("Constants", bytes(Double(report.constantBytes))), ("Feature memory used", bytes(Double(report.chipPeak)) + " of " + bytes(Double(report.march.featureMemory))),
            ("Instructions", report.grouped(report.instructionCount)),
        ]
        return rows.map { "<div class=\"card\"><span>\($0.0)</span><b>\($0.1)</b></div>" }.joined()
    }

    private static func bytes(_ count: Double) -> String {
        count < 1024 ? String(format: "%.0f B", count) : count < 1_048_576 ? String(format: "%.1f KiB", count / 1024) : String(format: "%.2f MiB", count / 1_048_576)
    }

    private static func utilization(_ report: PerformanceReport) -> String {
        let points = report.curve.map { $0.utilization * 100 }
        let top = [5.0, 10, 25, 50, 100].first { $0 >= points.max() ?? 0 } ?? 100
        return Curves(series: [("busy", "a", points)], unit: "%", top: top, duration: report.latency).svg
    }

    private static func bandwidth(_ report: PerformanceReport) -> String {
        let scale = 1e6 / report.curveMicroseconds / 1_048_576
        let loads = report.curve.map { $0.loadedBytes * scale }
        let stores = report.curve.map { $0.storedBytes * scale }
        return Curves(series: [("loads", "a", loads), ("stores", "b", stores)], unit: " MiB/s", top: max((loads + stores).max() ?? 0, 1) * 1.05, duration: report.latency).svg
    }

    private static func layers(_ report: PerformanceReport) -> String {
        var rows = ""
        for (k, layer) in report.layers.enumerated() {
            rows += "<tr><td>\(k + 1)</td><td>\(escaped(layer.name))</td>"
            rows += "<td data-v=\"\(layer.operations)\">\(report.grouped(layer.operations))</td>"
            rows += cell(layer.compute, report) + cell(layer.transfer, report) + "</tr>\n"
        }
        return """
            <table id="layers"><thead><tr><th>#</th><th>layer</th><th>ops</th><th>computing cost (no DDR)</th><th>load/store cost</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """
    }

    private static func cell(_ cost: Double, _ report: PerformanceReport) -> String {
        let share = min(100, cost / max(report.latency, 1e-9) * 100)
        return "<td data-v=\"\(cost)\"><i style=\"width:\(String(format: "%.2f", share * 3))px\"></i>\(report.costText(cost))</td>"
    }

    private static func parameters(_ report: PerformanceReport) -> String {
        let rows = report.march.parameters.map { parameter in
            let value = parameter.value == parameter.value.rounded() ? String(format: "%.0f", parameter.value) : String(format: "%.4g", parameter.value)
            return "<tr><td>\(parameter.name)</td><td>\(value) \(parameter.unit)</td><td>\(parameter.provenance.rawValue)</td><td>\(escaped(parameter.note))</td></tr>"
        }
        return "<table><thead><tr><th>parameter</th><th>value</th><th>from</th><th>note</th></tr></thead><tbody>\(rows.joined())</tbody></table>"
    }

    static func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;").replacingOccurrences(of: ">", with: "&gt;")
            .replacingOccurrences(of: "\"", with: "&quot;")
    }

    private static let style = """
        :root{color-scheme:light dark;--fg:#1e293b;--mut:#64748b;--line:#e2e8f0;--card:#f8fafc;--a:#2563eb;--b:#d97706}
        @media(prefers-color-scheme:dark){:root{--fg:#e2e8f0;--mut:#94a3b8;--line:#334155;--card:#1e293b;--a:#60a5fa;--b:#fbbf24}body{background:#0f172a}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);margin:0}main{max-width:1080px;margin:0 auto;padding:24px}
        .note{color:var(--mut);border-left:3px solid var(--b);padding-left:12px}.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:10px}
        .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:10px 12px}.card span{display:block;color:var(--mut);font-size:12px}
        table{border-collapse:collapse;width:100%;font-size:13px}th,td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:left}
        #layers th{cursor:pointer;user-select:none}td i{display:inline-block;height:8px;background:var(--a);margin-right:6px;border-radius:2px;max-width:120px}
        svg{width:100%;height:auto}svg text{fill:var(--mut);font-size:11px}.a{stroke:var(--a)}.b{stroke:var(--b)}.grid{stroke:var(--line)}
        pre{white-space:pre-wrap;background:var(--card);padding:10px;border-radius:8px}
        """

    private static let script = """
        document.querySelectorAll('#layers th').forEach((h,c)=>h.onclick=()=>{const b=document.querySelector('#layers tbody'),d=h.dataset.d=h.dataset.d==='1'?'-1':'1',
        v=r=>{const t=r.cells[c];return t.dataset.v??t.textContent},n=c!==1;
        [...b.rows].sort((x,y)=>d*(n?v(x)-v(y):v(x).localeCompare(v(y)))).forEach(r=>b.append(r))});
        """
}

/// Curves over the intervals of a run, as SVG.
private struct Curves {
    var series: [(name: String, style: String, points: [Double])]
    var unit: String
    var top: Double
    /// Microseconds from left to right.
    var duration: Double

    private let width = 1040.0
    private let height = 220.0
    private let left = 70.0
    private let bottom = 24.0

    var svg: String {
        var parts = ["<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\">"]
        for line in 0...4 {
            let value = top * Double(line) / 4
            let y = position(value)
            parts.append("<line class=\"grid\" x1=\"\(left)\" x2=\"\(width)\" y1=\"\(y)\" y2=\"\(y)\"/><text x=\"0\" y=\"\(y + 4)\">\(Int(value))\(unit)</text>")
        }
        for (k, one) in series.enumerated() {
            let count = Double(max(one.points.count, 1))
            // Steps: a value holds for its whole interval, the first as much as the last.
            let steps = one.points.enumerated().map { index, value in
                let (x0, x1) = (left + (width - left) * Double(index) / count, left + (width - left) * Double(index + 1) / count)
                return String(format: "%.1f,%.1f %.1f,%.1f", x0, position(value), x1, position(value))
            }
            parts.append("<polyline class=\"\(one.style)\" fill=\"none\" stroke-width=\"1.5\" points=\"\(steps.joined(separator: " "))\"><title>\(one.name)</title></polyline>")
            let x = left + 90 * Double(k)
            parts.append("<line class=\"\(one.style)\" stroke-width=\"3\" x1=\"\(x)\" x2=\"\(x + 18)\" y1=\"\(height - 6)\" y2=\"\(height - 6)\"/>")
            parts.append("<text x=\"\(x + 24)\" y=\"\(height - 2)\">\(one.name)</text>")
        }
        parts.append("<text x=\"\(width)\" y=\"\(height - 2)\" text-anchor=\"end\">0 to \(Int(duration.rounded())) µs</text></svg>")
        return parts.joined()
    }

    private func position(_ value: Double) -> Double { (height - bottom) - (height - bottom - 8) * min(max(value / top, 0), 1) }
}
