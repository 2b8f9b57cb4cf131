/// Pass 2, fuse: a ReLU or ReLU6 that follows a layer becomes the bounds of that layer's results.
///
///     _a_hz_conv2d; _r_hz_relu   →   _a_hz_conv2d with results of 0…127
///
/// Only where nothing else reads the layer's result. Exact: clamping twice is clamping to the intersection.
enum ClampFusion {
    static func run(_ list: inout StepList) throws(CompilerError) {
        var k = 0
        while k < list.steps.count {
            if let producer = fusable(list, k) {
                let clamp = list.steps[k]
                list.steps[producer].low = max(list.steps[producer].low, clamp.low)
                list.steps[producer].high = min(list.steps[producer].high, clamp.high)
                list.steps[producer].output = clamp.output
                list.steps.remove(at: k)
                removeRow(&list, clamp.row)
            } else {
                k += 1
            }
        }
        try list.verify(after: "fuse")
    }

    private static func fusable(_ list: StepList, _ k: Int) -> Int? {
        let step = list.steps[k]
        guard case .copy = step.operation, step.inputs[0].geometry == step.output.geometry else { return nil }
        guard step.low > step.output.geometry.element.minimum || step.high < step.output.geometry.element.maximum else { return nil }
        let storage = step.inputs[0].storage
        guard list.storages[storage].home == .workspace, list.uses[storage] == [k], let producer = list.producers[storage] else { return nil }
        let found = list.steps[producer]
        guard max(found.low, step.low) <= min(found.high, step.high), found.output.geometry == step.output.geometry else { return nil }
        switch found.operation {
        case .convolution, .add, .multiply, .maxPool, .averagePool, .rescale, .lookup, .copy: return producer
        case .image, .boxes: return nil
        }
    }

    private static func removeRow(_ list: inout StepList, _ row: Int) {
        list.rows.remove(at: row)
        for k in list.steps.indices where list.steps[k].row > row { list.steps[k].row -= 1 }
    }
}
