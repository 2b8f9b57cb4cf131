import Foundation

/// A value of the summary, as JSON and as a Python object.
package indirect enum ReportValue: Equatable, Sendable {
    case integer(Int)
    case real(Double)
    case text(String)
    case list([ReportValue])
    case table([(key: String, value: ReportValue)])

    package static func == (a: ReportValue, b: ReportValue) -> Bool { a.json == b.json }

    /// JSON whose numbers keep their kind: `1403592.0` stays a real.
    package var json: String {
        switch self {
        case .integer(let value): String(value)
        case .real(let value): value.isFinite ? "\(value)" : "null"
        case .text(let value): ReportValue.quoted(value)
        case .list(let values): "[" + values.map(\.json).joined(separator: ", ") + "]"
        case .table(let rows): "{" + rows.map { ReportValue.quoted($0.key) + ": " + $0.value.json }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: if scalar.value < 0x20 { result += "\\u" + String(format: "%04x", scalar.value) } else { result.unicodeScalars.append(scalar) }
            }
        }
        return result + "\""
    }
}

extension PerformanceReport {
    /// The version written where the vendor's tools write theirs.
    package static let toolVersion = "qnb open compiler 1"

    /// The documented dictionary, keys in the documented order.
    /// - Parameter modelFile: what to name as the source of the program.
    package func summary(modelFile: String) -> ReportValue {
        let frames = Double(header.frames)
        let total = loadedBytes + storedBytes
        let fps = rounded(framesPerSecond, 2)
        let seconds = latency / 1e6
        let intervalValues = intervals.map { ReportValue.real(rounded($0.utilization, 3)) }
        var rows: [(key: String, value: ReportValue)] = [
            ("BPU OPs per frame (effective)", .integer(operations / header.frames)), ("BPU OPs per run (effective)", .integer(operations)),
            ("BPU PE number", .integer(1)), ("BPU core number", .integer(1)), ("BPU march", .text(header.march.uppercased())),
            ("DDR bytes per frame", .real(Double(total) / frames)), ("DDR bytes per run", .integer(total)),
            ("DDR bytes per second", .integer(seconds > 0 ? Int(Double(total) / seconds) : 0)),
            ("DDR megabytes per frame", .real(rounded(Double(total) / frames / 1_048_576, 3))),
            ("DDR megabytes per run", .real(rounded(Double(total) / 1_048_576, 3))),
            ("DDR megabytes per second", .real(seconds > 0 ? rounded(Double(total) / seconds / 1_048_576, 1) : 0)), ("FPS", .real(fps)),
            ("HBDK version", .text(PerformanceReport.toolVersion)), ("compiling options", .text(header.options)),
            ("frame per run", .integer(header.frames)),
            ("frame per second", .real(fps)), ("input features", inputFeatures), ("interval computing unit utilization", .list(intervalValues)),
            ("interval computing units utilization", .list(intervalValues)),
        ]
        rows += [
            ("interval loading bandwidth (megabytes/s)", .list(intervals.map { .integer(bandwidth($0.loadedBytes)) })),
            ("interval number", .integer(intervals.count)),
            ("interval storing bandwidth (megabytes/s)", .list(intervals.map { .integer(bandwidth($0.storedBytes)) })),
            ("interval time (ms)", .real(1.0)), ("latency (ms)", .real(rounded(latency / 1000, 2))),
            ("latency (ms) by segments", .list([.real(rounded(latency / 1000, 3))])), ("latency (us)", .real(rounded(latency, 1))),
            ("layer details", layerDetails), ("loaded bytes per frame", perFrame(loadedBytes)), ("loaded bytes per run", .integer(loadedBytes)),
            ("model json CRC", .text(header.modelChecksum)), ("model json file", .text(modelFile)), ("model name", .text(header.name)),
            ("model param CRC", .text("00000000")), ("multicore sync time (ms)", .real(0.0)),
            ("run per second", .real(seconds > 0 ? rounded(1 / seconds, 2) : 0)),
            ("runtime version", .text(PerformanceReport.toolVersion)), ("stored bytes per frame", perFrame(storedBytes)),
            ("stored bytes per run", .integer(storedBytes)), ("worst FPS", .real(fps)),
        ]
        return .table([("summary", .table(rows))])
    }

    private func perFrame(_ bytes: Int) -> ReportValue {
        bytes % header.frames == 0 ? .integer(bytes / header.frames) : .real(Double(bytes) / Double(header.frames))
    }

    private var inputFeatures: ReportValue {
        var rows: [ReportValue] = [.list([.text("input name"), .text("input size")])]
        for input in header.inputs {
            let shape = input.shape.count == 4 ? [input.shape[0], input.shape[2], input.shape[3], input.shape[1]] : input.shape
            rows.append(.list([.text(input.name), .text(shape.map(String.init).joined(separator: "x"))]))
        }
        return .list(rows)
    }

    private var layerDetails: ReportValue {
        var rows: [ReportValue] = [.list(["layer", "ops", "computing cost (no DDR)", "load/store cost"].map { .text($0) })]
        for layer in layers {
            rows.append(
                .list([.text(layer.name), .text(grouped(layer.operations)), .text(costText(layer.compute)), .text(costText(layer.transfer))]))
        }
        return .list(rows)
    }

    /// `1156 us (2.5% of model)`: microseconds rounded, the share cut to one decimal; a true zero is `0`.
    package func costText(_ cost: Double) -> String {
        if cost == 0 { return "0" }
        let share = (cost / max(latency, 1e-9) * 1000).rounded(.down) / 10
        return "\(Int(cost.rounded())) us (\(share < 0.1 ? "0" : String(format: "%.1f", share))% of model)"
    }

    /// Thousands separated by commas.
    package func grouped(_ value: Int) -> String {
        var digits = Array(String(value))
        var at = digits.count - 3
        while at > 0 {
            digits.insert(",", at: at)
            at -= 3
        }
        return String(digits)
    }

    /// MiB/s of so many bytes in one interval.
    private func bandwidth(_ bytes: Double) -> Int { Int((bytes / (PerformanceReport.intervalMicroseconds / 1e6) / 1_048_576).rounded()) }

    private func rounded(_ value: Double, _ places: Int) -> Double {
        let scale = [1.0, 10, 100, 1000][places]
        return (value * scale).rounded() / scale
    }
}
