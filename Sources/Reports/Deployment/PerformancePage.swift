import BPUSimulator
import Foundation

/// The performance report: summary, curves, a sortable table of layers, and what is simulated. One file without outside references.
package enum PerformancePage {
    package static func html(_ report: PerformanceReport) -> String {
        let sections = [
            ("Computing unit", utilization(report)), ("DDR bandwidth", bandwidth(report)), ("Layers", layers(report)),
            ("Machine model", parameters(report)),
            (
                "Compilation",
                "<pre class=\"out\" tabindex=\"0\" role=\"group\" aria-label=\"Options of the compiler\">\(HTML.escaped(report.header.options))</pre>"
            ),
        ]
        let body = sections.map { "<h2 id=\"\(HTML.slug($0.0))\">\($0.0)</h2>\n\($0.1)\n" }.joined()
        let contents = sections.map { "<li><a href=\"#\(HTML.slug($0.0))\">\($0.0)</a></li>" }.joined()
        let page = """
            <header class="tools"><button id="theme" type="button">light / dark</button></header>
            <div class="page wide"><main id="main">
            <h1>\(HTML.escaped(report.header.name))</h1>
            <p class="note"><b>Simulated, not measured.</b> The program ran on the timing model of an open compiler, whose parameters were fitted to one documented run
            (MobileNetV2, batch 256, BAYES). No hardware was involved; computing costs claim no agreement closer than a factor of 2.</p>
            <dl class="cards">\(cards(report))</dl>
            \(body)</main><nav class="toc" aria-label="Contents"><ol>\(contents)</ol></nav></div>
            """
        return PageFrame(title: report.header.name + " – performance", body: page).html
    }

    private static func cards(_ report: PerformanceReport) -> String {
        let frames = Double(report.header.frames)
        let rows: [(String, String)] = [
            ("Latency", String(format: "%.1f µs", report.latency)), ("Frames per second", String(format: "%.2f", report.framesPerSecond)),
            ("Frames per run", "\(report.header.frames)"), ("March", report.header.march.uppercased()),
            ("Operations per frame", report.grouped(report.operations / report.header.frames)),
            ("Loaded per frame", bytes(Double(report.loadedBytes) / frames)), ("Stored per frame", bytes(Double(report.storedBytes) / frames)),
            ("Constants", bytes(Double(report.constantBytes))),
            ("Feature memory used", bytes(Double(report.chipPeak)) + " of " + bytes(Double(report.march.featureMemory))),
            ("Instructions", report.grouped(report.instructionCount)),
        ]
        return rows.map { "<div class=\"card\"><dt>\($0.0)</dt><dd>\(HTML.escaped($0.1))</dd></div>" }.joined()
    }

    private static func bytes(_ count: Double) -> String {
        count < 1024
            ? String(format: "%.0f B", count)
            : count < 1_048_576 ? String(format: "%.1f KiB", count / 1024) : String(format: "%.2f MiB", count / 1_048_576)
    }

    private static func utilization(_ report: PerformanceReport) -> String {
        let points = report.curve.map { $0.utilization * 100 }
        let top = [5.0, 10, 25, 50, 100].first { $0 >= points.max() ?? 0 } ?? 100
        let highest = String(format: "%.1f", points.max() ?? 0)
        return IntervalCurves(
            series: [("busy", "a", points)], unit: "%", top: top, duration: report.latency,
            summary: "Share of the time the computing unit is busy, over the run; at most \(highest) percent."
        ).svg
    }

    private static func bandwidth(_ report: PerformanceReport) -> String {
        let scale = 1e6 / report.curveMicroseconds / 1_048_576
        let loads = report.curve.map { $0.loadedBytes * scale }
        let stores = report.curve.map { $0.storedBytes * scale }
        let highest = (loads + stores).max() ?? 0
        return IntervalCurves(
            series: [("loads", "a", loads), ("stores", "b", stores)], unit: " MiB/s", top: max(highest, 1) * 1.05, duration: report.latency,
            summary: "Loads and stores over the run; at most \(Int(highest.rounded())) MiB per second."
        ).svg
    }

    private static func layers(_ report: PerformanceReport) -> String {
        var rows = ""
        for (k, layer) in report.layers.enumerated() {
            rows += "<tr><td class=\"r\">\(k + 1)</td><th scope=\"row\">\(HTML.escaped(layer.name))</th>"
            rows += "<td class=\"r\" data-v=\"\(layer.operations)\">\(report.grouped(layer.operations))</td>"
            rows += cell(layer.compute, report) + cell(layer.transfer, report) + "</tr>\n"
        }
        return table(["#", "layer", "ops", "computing cost (no DDR)", "load/store cost"], rows, style: "sortable")
    }

    private static func cell(_ cost: Double, _ report: PerformanceReport) -> String {
        let share = min(100, cost / max(report.latency, 1e-9) * 100)
        return
            "<td data-v=\"\(cost)\"><i class=\"bar-of\" style=\"width:\(String(format: "%.2f", min(share * 3, 120)))px\"></i>\(HTML.escaped(report.costText(cost)))</td>"
    }

    private static func parameters(_ report: PerformanceReport) -> String {
        let rows = report.march.parameters.map { parameter in
            let value =
                parameter.value == parameter.value.rounded() ? String(format: "%.0f", parameter.value) : String(format: "%.4g", parameter.value)
            return
                "<tr><th scope=\"row\">\(parameter.name)</th><td>\(value) \(parameter.unit)</td><td>\(parameter.provenance.rawValue)</td><td>\(HTML.escaped(parameter.note))</td></tr>\n"
        }
        return table(["parameter", "value", "from", "note"], rows.joined(), style: "")
    }

    private static func table(_ header: [String], _ rows: String, style: String) -> String {
        let head = header.map { "<th scope=\"col\">\($0)</th>" }.joined()
        return
            "<div class=\"scroll\" tabindex=\"0\"><table\(style.isEmpty ? "" : " class=\"\(style)\"")><thead><tr>\(head)</tr></thead>\n<tbody>\(rows)</tbody></table></div>"
    }
}
