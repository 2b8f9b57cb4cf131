import BPU
import BPUCompiler
import BPUSimulator
import Quantization

/// The integer reference run over a whole graph, and the simulator on the same inputs.
enum Reference {
    static func run(_ graph: IntegerGraph, _ inputs: [[Int32]]) -> [[Int32]] {
        var arrays = [IntegerArray](repeating: IntegerArray(shape: [], type: .int8, elements: []), count: graph.values.count)
        for (input, elements) in zip(graph.inputs, inputs) {
            arrays[input.value] = IntegerArray(shape: graph.values[input.value].shape, type: graph.values[input.value].type, elements: elements)
        }
        let reference = IntegerReference(march: graph.march)
        for layer in graph.layers {
            arrays[layer.output] = reference.run(layer.operation, layer.inputs.map { arrays[$0] }, graph.values[layer.output])
        }
        return graph.outputs.map { arrays[$0.value].elements }
    }

    /// Random elements over the whole range of the input's type.
    static func randomInput(_ value: IntegerValue, _ random: inout TestRandom) -> [Int32] {
        let span = value.type.maximum - value.type.minimum + 1
        return (0..<value.count).map { _ in Int32(random.below(span) + value.type.minimum) }
    }

    static func description(of march: March) -> MarchDescription { march == .bernoulli2 ? .bernoulli2 : .bayes }
}

/// Images as the pyramid delivers them, and the tensor the model was trained on.
struct TestImages {
    var nv12: [UInt8]
    var tensor: [Int32]

    init(frames: Int, height: Int, width: Int, _ random: inout TestRandom) {
        nv12 = (0..<frames * height * width * 3 / 2).map { _ in UInt8(random.below(256)) }
        tensor = []
        let frameBytes = height * width * 3 / 2
        for frame in 0..<frames {
            for channel in 0..<3 {
                for y in 0..<height {
                    for x in 0..<width {
                        let at = channel == 0 ? y * width + x : height * width + y / 2 * width + x / 2 * 2 + channel - 1
                        tensor.append(Int32(nv12[frame * frameBytes + at]) - 128)
                    }
                }
            }
        }
    }
}
