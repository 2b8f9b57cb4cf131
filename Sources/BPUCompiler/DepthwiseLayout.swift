import BPU
import Quantization

/// Pass 3, copies: maps that a depthwise convolution reads are written once for each copy its unit wants.
///
/// Where the documented run re-lays such a map through DDR instead, the step gets a storage for that, if `stages`.
enum DepthwiseLayout {
    static func run(_ list: inout StepList, march: MarchDescription, stages: Bool) throws(CompilerError) {
        separateImages(&list, march)
        for k in list.steps.indices {
            guard case .convolution(let body) = list.steps[k].operation, body.isDepthwise else { continue }
            let input = list.steps[k].inputs[0]
            guard list.storages[input.storage].home == .workspace else { continue }
            let copies = march.depthwiseCopies(stride: body.stride[0], height: input.geometry.height)
            list.storages[input.storage].copies = max(list.storages[input.storage].copies, copies)
            if stages, copies == 1, march.depthwiseStages(stride: body.stride[0], height: input.geometry.height) {
                list.storages.append(Storage(frameBytes: input.geometry.frameBytes, copies: 2))
                list.steps[k].stage = list.storages.count - 1
            }
        }
        try list.verify(after: "copies")
    }

    /// Images are converted into one copy; a depthwise convolution that wants more reads a map of its own.
    private static func separateImages(_ list: inout StepList, _ march: MarchDescription) {
        for k in list.steps.indices.reversed() {
            guard case .convolution(let body) = list.steps[k].operation, body.isDepthwise else { continue }
            let (step, input) = (list.steps[k], list.steps[k].inputs[0])
            guard let producer = list.producers[input.storage], case .image = list.steps[producer].operation,
                march.depthwiseCopies(stride: body.stride[0], height: input.geometry.height) > 1
            else { continue }
            list.storages.append(Storage(frameBytes: input.geometry.frameBytes))
            let copy = Operand(storage: list.storages.count - 1, geometry: input.geometry)
            let bounds = input.geometry.element
            list.steps[k].inputs[0] = copy
            list.steps.insert(
                Step(row: step.row, name: step.name, operation: .copy, inputs: [input], output: copy, low: bounds.minimum, high: bounds.maximum),
                at: k)
        }
    }
}
