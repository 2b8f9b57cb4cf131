import BPU
import Quantization

/// Pass 9, emit: what a program says about its inputs, outputs, segments and layers.
enum ProgramEmission {
    static func header(
        _ list: StepList, _ graph: IntegerGraph, _ options: CompilerOptions, march: MarchDescription, segments: SegmentTable, constants: [UInt8],
        workspaceBytes: Int
    ) -> ProgramHeader {
        let inputs = graph.inputs.indices.map { input(graph, $0, options, segments) }
        let outputs = graph.outputs.indices.map { output(graph, $0, options, segments) }
        var table = [ProgramHeader.Segment(kind: .constants, bytes: constants.count)]
        for input in inputs { table.append(ProgramHeader.Segment(kind: .input, bytes: bytes(input))) }
        for output in outputs {
            let geometry = MapGeometry(shape: output.shape, element: output.element, layout: output.layout)
            table.append(ProgramHeader.Segment(kind: .output, bytes: geometry.frameBytes * output.shape[0]))
        }
        table.append(ProgramHeader.Segment(kind: .workspace, bytes: workspaceBytes))
        let checksum = String(ProgramContainer.checksum(constants), radix: 16)
        return ProgramHeader(
            name: options.name, march: march.name, frames: list.frames, options: options.commandLine,
            modelChecksum: String(repeating: "0", count: 8 - checksum.count) + checksum, segments: table, inputs: inputs, outputs: outputs,
            layers: list.rows)
    }

    private static func element(_ type: IntegerType) -> Element {
        switch type {
        case .int8: .int8
        case .int16: .int16
        case .int32: .int32
        }
    }

    private static func input(_ graph: IntegerGraph, _ k: Int, _ options: CompilerOptions, _ segments: SegmentTable) -> ProgramInput {
        let value = graph.values[graph.inputs[k].value]
        let source = options.source(k)
        let stride = source == .ddr || value.shape.count != 4 ? 0 : (value.shape[3] + 15) / 16 * 16
        return ProgramInput(
            name: graph.inputs[k].name, source: source, layout: options.layout(k), shape: value.shape, element: element(value.type),
            scale: value.scales.first ?? 1,
            quantizes: graph.inputs[k].quantizes, segment: segments.input(k), lumaStride: stride)
    }

    private static func output(_ graph: IntegerGraph, _ k: Int, _ options: CompilerOptions, _ segments: SegmentTable) -> ProgramOutput {
        let value = graph.values[graph.outputs[k].value]
        return ProgramOutput(
            layout: options.outputLayout, shape: value.shape, element: element(value.type), scales: value.scales,
            dequantizes: graph.outputs[k].dequantizes,
            segment: segments.output(k))
    }

    private static func bytes(_ input: ProgramInput) -> Int {
        if input.source != .ddr { return input.shape[0] * input.shape[2] * 3 / 2 * input.lumaStride }
        return MapGeometry(shape: input.shape, element: input.element, layout: input.layout).frameBytes * input.shape[0]
    }
}
