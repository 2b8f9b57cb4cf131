import BPU
import Quantization

/// Pass 3, copies: maps that a depthwise convolution reads are written once for each copy its unit wants.
///
/// Where the documented run re-lays such a map through DDR instead, the step gets a storage for that, if `stages`.
enum DepthwiseLayout {
    static func run(_ list: inout StepList, march: MarchDescription, stages: Bool) throws(CompilerError) {
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
}
