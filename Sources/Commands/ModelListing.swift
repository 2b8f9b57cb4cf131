import BPU
import BPUSimulator
import Checkpoints
import Quantization
import Tensors

/// What `qnb model` prints about a file.
enum ModelListing {
    static func text(_ program: Program) throws -> String {
        let report = try PerformanceReport(program)
        let header = program.header
        var lines = ["program \(header.name) for \(header.march): \(header.frames) frame\(header.frames == 1 ? "" : "s") per run", "inputs"]
        for input in header.inputs {
            lines.append(
                "  \(input.name): \(input.source.rawValue) \(shape(input.shape)) int\(8 * input.element.byteCount), \(input.layout.rawValue), scale \(input.scale)"
            )
        }
        lines.append("outputs")
        for (k, output) in header.outputs.enumerated() {
            let scales = output.scales.count == 1 ? "scale \(output.scales[0])" : "\(output.scales.count) scales"
            lines.append(
                "  out\(k): \(shape(output.shape)) int\(8 * output.element.byteCount), \(scales)" + (output.dequantizes ? ", given as float32" : ""))
        }
        lines.append("memory")
        lines.append("  " + header.segments.map { "\($0.kind.rawValue) \(report.grouped($0.bytes)) B" }.joined(separator: ", "))
        lines.append("  feature memory used \(report.grouped(report.chipPeak)) of \(report.grouped(report.march.featureMemory)) B")
        lines.append("simulated run (a timing model fitted to one documented run, not hardware)")
        lines.append("  latency \(decimal(report.latency)) us, \(decimal(report.framesPerSecond)) frames/s")
        lines.append("  loaded \(report.grouped(report.loadedBytes)) B, stored \(report.grouped(report.storedBytes)) B")
        lines.append("instructions: \(report.grouped(program.instructions.count)) (\(mnemonics(program)))")
        lines.append("layers: name, operations, computing cost, load/store cost")
        for layer in report.layers {
            lines.append(
                "  \(layer.name)  \(report.grouped(layer.operations))  \(report.costText(layer.compute))  \(report.costText(layer.transfer))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A traced model or a checkpoint: both are zip archives, the traced model's first entry is `graph.json`.
    static func text(_ bytes: [UInt8], file: String) throws -> String {
        if bytes.count > 40, bytes[30..<40].elementsEqual("graph.json".utf8) { return text(try IntegerArchive.decode(bytes)) }
        var lines: [String] = []
        append(try Checkpoint.decode(bytes, file: file), name: "", to: &lines)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ graph: IntegerGraph) -> String {
        func described(_ id: Int) -> String {
            let value = graph.values[id]
            return "\(shape(value.shape)) \(value.type.rawValue), "
                + (value.scales.count == 1 ? "scale \(value.scales[0])" : "\(value.scales.count) scales")
        }
        var lines = ["traced model \(graph.name) for \(graph.march.rawValue)", "inputs"]
        lines += graph.inputs.map { "  \($0.name): \(described($0.value))" }
        lines.append("layers")
        lines += graph.layers.map { "  \($0.name): \($0.operation.keyword) -> \(described($0.output))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func append(_ value: CheckpointValue, name: String, to lines: inout [String]) {
        switch value {
        case .tensor(let tensor): lines.append("\(name.isEmpty ? "tensor" : name): \(tensor.dtype.name) \(shape(tensor.shape))")
        case .dictionary(let dictionary):
            for (key, item) in dictionary.pairs {
                let text =
                    switch key {
                    case .string(let text): text
                    case .int(let number): String(number)
                    case .none, .bool, .double, .bytes, .sequence, .dictionary, .tensor, .dtype, .size, .device: "\(key)"
                    }
                append(item, name: name.isEmpty ? text : name + "." + text, to: &lines)
            }
        case .sequence(let sequence):
            for (k, item) in sequence.items.enumerated() { append(item, name: "\(name)[\(k)]", to: &lines) }
        case .none: lines.append("\(name): None")
        case .bool(let value): lines.append("\(name): \(value ? "True" : "False")")
        case .int(let value): lines.append("\(name): \(value)")
        case .double(let value): lines.append("\(name): \(value)")
        case .string(let value): lines.append("\(name): '\(value)'")
        case .bytes(let value): lines.append("\(name): \(value.count) bytes")
        case .dtype(let value): lines.append("\(name): \(value.name)")
        case .size(let value): lines.append("\(name): \(value)")
        case .device(let value): lines.append("\(name): device '\(value)'")
        }
    }

    private static func shape(_ shape: [Int]) -> String { shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x") }

    private static func decimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private static func mnemonics(_ program: Program) -> String {
        var counts: [String: Int] = [:]
        for instruction in program.instructions { counts[instruction.format.mnemonic, default: 0] += 1 }
        return Instruction.formats.compactMap { format in counts[format.mnemonic].map { "\(format.mnemonic) \($0)" } }.joined(separator: ", ")
    }
}
