import BPU

/// Executes programs of the virtual accelerator, value by value.
///
/// It knows nothing of graphs, compilers or kernels: only instructions, memory and the arithmetic of the march. That its results equal the
/// quantized model's is therefore evidence for both. Reading bytes that nothing wrote is an error, on chip and in DDR.
package struct Simulator: Sendable {
    package let program: Program
    package let march: MarchDescription

    /// Verifies the program.
    package init(_ program: Program) throws(ProgramError) {
        march = try ProgramVerifier.verify(program)
        self.program = program
    }

    /// Runs the program on the contents of its input segments (`ProgramInput.pack`) and returns those of its output segments.
    ///
    /// - Parameter proceeds: asked before each instruction; an answer of no ends the run with `.interrupted`.
    package func run(segments inputs: [[UInt8]], proceeds: () -> Bool = { true }) throws(ProgramError) -> [[UInt8]] {
        let header = program.header
        guard inputs.count == header.inputs.count else {
            throw .argument("the model takes \(header.inputs.count) inputs, \(inputs.count) were given")
        }
        var memories: [ByteMemory] = []
        for (index, segment) in header.segments.enumerated() {
            switch segment.kind {
            case .constants: memories.append(try ByteMemory(program.constants))
            case .input:
                guard let position = header.inputs.firstIndex(where: { $0.segment == index }) else {
                    memories.append(try ByteMemory(count: segment.bytes))
                    continue
                }
                guard inputs[position].count == segment.bytes else {
                    throw .argument("input '\(header.inputs[position].name)' takes \(segment.bytes) bytes, \(inputs[position].count) were given")
                }
                memories.append(try ByteMemory(inputs[position]))
            case .output, .workspace: memories.append(try ByteMemory(count: segment.bytes))
            }
        }
        let execution = try Execution(march: march, segments: memories)
        for (index, instruction) in program.instructions.enumerated() {
            guard proceeds() else { throw .interrupted(instruction: index) }
            try execution.step(instruction, index)
        }
        var results: [[UInt8]] = []
        for (index, output) in header.outputs.enumerated() {
            guard execution.isWritten(output) else { throw .undefinedRead(instruction: program.instructions.count, what: "output \(index)") }
            results.append(memories[output.segment].contents)
        }
        return results
    }

    /// Runs the program on tensors.
    package func run(_ inputs: [ProgramTensor], proceeds: () -> Bool = { true }) throws(ProgramError) -> [[Int32]] {
        guard inputs.count == program.header.inputs.count else {
            throw .argument("the model takes \(program.header.inputs.count) inputs, \(inputs.count) were given")
        }
        var packed: [[UInt8]] = []
        for (input, tensor) in zip(program.header.inputs, inputs) { packed.append(try input.pack(tensor)) }
        let results = try run(segments: packed, proceeds: proceeds)
        var values: [[Int32]] = []
        for (output, bytes) in zip(program.header.outputs, results) { values.append(try output.unpack(bytes)) }
        return values
    }
}

/// Data for one input of a program.
package enum ProgramTensor: Sendable {
    /// Elements in PyTorch's order.
    case integers([Int32])
    /// NV12 frames without padding: height·width bytes of luma, then half as many of interleaved chroma.
    case nv12([UInt8])
}

extension ProgramInput {
    /// The bytes of the input's DDR segment.
    package func pack(_ tensor: ProgramTensor) throws(ProgramError) -> [UInt8] {
        switch (tensor, source) {
        case (.integers(let values), .ddr):
            let geometry = MapGeometry(shape: shape, element: element, layout: layout)
            guard values.count == shape.reduce(1, *) else {
                throw .argument("input '\(name)' takes \(shape.reduce(1, *)) elements, \(values.count) were given")
            }
            if let odd = values.first(where: { Int($0) < element.minimum || Int($0) > element.maximum }) {
                throw .argument("input '\(name)': \(odd) does not fit int\(8 * element.byteCount)")
            }
            return try geometry.pack(values, frames: shape[0])
        case (.nv12(let bytes), .pyramid), (.nv12(let bytes), .resizer):
            let (frames, height, width) = (shape[0], shape[2], shape[3])
            guard bytes.count == frames * height * width * 3 / 2 else {
                throw .argument(
                    "input '\(name)' takes \(frames) NV12 images of \(height)×\(width), which are \(frames * height * width * 3 / 2) bytes; \(bytes.count) were given"
                )
            }
            var packed = [UInt8](repeating: 0, count: frames * height * 3 / 2 * lumaStride)
            for row in 0..<frames * height * 3 / 2 {
                for column in 0..<width { packed[row * lumaStride + column] = bytes[row * width + column] }
            }
            return packed
        case (.integers, .pyramid), (.integers, .resizer):
            throw .argument("input '\(name)' comes from the \(source.rawValue): it takes NV12 images, not a tensor")
        case (.nv12, .ddr): throw .argument("input '\(name)' comes from DDR: it takes a tensor, not NV12 images")
        }
    }
}

extension ProgramOutput {
    /// Elements in PyTorch's order. `bytes` are the output's segment.
    package func unpack(_ bytes: [UInt8]) throws(ProgramError) -> [Int32] {
        try MapGeometry(shape: shape, element: element, layout: layout).unpack(bytes, frames: shape[0])
    }
}

extension MapGeometry {
    func pack(_ values: [Int32], frames: Int) throws(ProgramError) -> [UInt8] {
        let memory = try ByteMemory(count: frames * frameBytes)
        forEach(frames: frames) { index, address in memory.write(Int(values[index]), address, element.byteCount) }
        return memory.contents
    }

    func unpack(_ bytes: [UInt8], frames: Int) throws(ProgramError) -> [Int32] {
        let memory = try ByteMemory(bytes)
        var values = [Int32](repeating: 0, count: frames * channels * height * width)
        forEach(frames: frames) { index, address in values[index] = Int32(memory.read(address, element.byteCount)) }
        return values
    }

    /// Position in PyTorch's order and byte address of every element.
    private func forEach(frames: Int, _ body: (Int, Int) -> Void) {
        var index = 0
        for frame in 0..<frames {
            for channel in 0..<channels {
                for row in 0..<height {
                    let start = frame * frameBytes + channel * channelStride + row * rowStride
                    for column in 0..<width {
                        body(index, start + column * columnStride)
                        index += 1
                    }
                }
            }
        }
    }
}
