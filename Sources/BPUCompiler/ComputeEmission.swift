import BPU
import Quantization

/// The compute instructions of one tile.
enum ComputeEmission {
    /// - Parameter address: where the constants of `piece` are on chip.
    static func instructions(_ step: Step, _ views: TileViews, _ piece: ConstantTile?, at address: Int) -> [Instruction] {
        switch step.operation {
        case .image: return [.image(image(step, views))]
        case .convolution(let body):
            guard let piece else { preconditionFailure("\(step.name) has no constants") }
            let instruction = convolution(step, body, views, piece, address)
            return [body.isDepthwise ? .depthwise(instruction) : .convolution(instruction)]
        case .add(let body):
            var instruction = elementwise(step, views, body.rescale)
            (instruction.multiplierA, instruction.multiplierB) = (body.multiplierA, body.multiplierB)
            return [.add(instruction)]
        case .multiply(let rescale): return [.multiply(elementwise(step, views, rescale))]
        case .maxPool(let body): return [.maxPool(pooling(step, body, nil, views))]
        case .averagePool(let body, let rescale): return [.averagePool(pooling(step, body, rescale, views))]
        case .rescale(let rescale): return [.rescale(move(step, views, rescale))]
        case .lookup:
            var instruction = move(step, views, nil)
            instruction.operand = address
            return [.lookup(instruction)]
        case .copy: return [.move(move(step, views, nil))]
        case .boxes(let boxes, let rowRepeat): return boxes.map { box(step, $0, rows: rowRepeat.map { views.output.rows / $0 }, views) }
        }
    }

    private static func image(_ step: Step, _ views: TileViews) -> ImageConversion {
        let planes = views.inputs[0]
        let rows = views.output.rows
        var body = ImageConversion()
        body.frames = views.frames
        body.luma = planes.address
        body.chroma = planes.address + rows * planes.rowStride
        (body.lumaFrameStride, body.chromaFrameStride) = (planes.frameStride, planes.frameStride)
        (body.lumaRowStride, body.chromaRowStride) = (planes.rowStride, planes.rowStride)
        body.output = views.output
        return body
    }

    private static func narrowed(_ view: MapView, _ channels: Range<Int>) -> MapView {
        var view = view
        view.address += channels.lowerBound * view.element
        view.channels = channels.count
        return view
    }

    private static func convolution(_ step: Step, _ body: IntegerConvolution, _ views: TileViews, _ piece: ConstantTile, _ address: Int)
        -> Convolution
    {
        var result = Convolution()
        result.frames = views.frames
        result.input = narrowed(views.inputs[0], piece.inputChannels)
        result.output = narrowed(views.output, piece.channels)
        if !body.alignment.isEmpty, views.inputs.count > 1 {
            result.hasResidual = 1
            result.residual = narrowed(views.inputs[1], piece.channels)
        }
        result.weights = address
        result.records = address + piece.recordOffset
        (result.kernelH, result.kernelW) = (body.weightShape[2], body.weightShape[3])
        (result.strideH, result.strideW) = (body.stride[0], body.stride[1])
        (result.padH, result.padW) = (body.padding[0], body.padding[1])
        (result.dilationH, result.dilationW) = (body.dilation[0], body.dilation[1])
        result.inputHeight = step.inputs[0].geometry.height
        result.groups = piece.groups
        result.rescales = body.rescale.isEmpty ? 0 : 1
        (result.low, result.high) = (step.low, step.high)
        return result
    }

    private static func elementwise(_ step: Step, _ views: TileViews, _ rescale: Rescale) -> Elementwise {
        var body = Elementwise()
        body.frames = views.frames
        (body.a, body.b, body.output) = (views.inputs[0], views.inputs[1], views.output)
        (body.multiplier, body.preShift, body.postShift) = (rescale.multiplier, rescale.preShift, rescale.postShift)
        (body.low, body.high) = (step.low, step.high)
        return body
    }

    private static func pooling(_ step: Step, _ pool: IntegerPooling, _ rescale: Rescale?, _ views: TileViews) -> Pooling {
        var body = Pooling()
        body.frames = views.frames
        (body.input, body.output) = (views.inputs[0], views.output)
        (body.kernelH, body.kernelW) = (pool.kernel[0], pool.kernel[1])
        (body.strideH, body.strideW) = (pool.stride[0], pool.stride[1])
        (body.padH, body.padW) = (pool.padding[0], pool.padding[1])
        (body.dilationH, body.dilationW) = (pool.dilation[0], pool.dilation[1])
        body.inputHeight = step.inputs[0].geometry.height
        if let rescale {
            body.rescales = 1
            (body.multiplier, body.preShift, body.postShift) = (rescale.multiplier, rescale.preShift, rescale.postShift)
        }
        (body.low, body.high) = (step.low, step.high)
        return body
    }

    private static func move(_ step: Step, _ views: TileViews, _ rescale: Rescale?) -> Move {
        var body = Move()
        body.frames = views.frames
        (body.source, body.output) = (views.inputs[0], views.output)
        if let rescale { (body.multiplier, body.preShift, body.postShift) = (rescale.multiplier, rescale.preShift, rescale.postShift) }
        (body.low, body.high) = (step.low, step.high)
        return body
    }

    /// - Parameter rows: of the inputs' strip, where the boxes span all rows.
    private static func box(_ step: Step, _ box: BoxMove, rows: Int?, _ views: TileViews) -> Instruction {
        func boxed(_ whole: MapView, _ offset: Int, _ strides: [Int]) -> MapView {
            var view = whole
            view.address += offset
            (view.channels, view.rows, view.columns) = (box.extents[0], rows ?? box.extents[1], box.extents[2])
            (view.channelStride, view.rowStride, view.columnStride) = (strides[0], strides[1], strides[2])
            return view
        }
        var body = Move()
        body.frames = views.frames
        body.output = boxed(views.output, box.targetOffset, box.targetStrides)
        (body.low, body.high) = (step.low, step.high)
        guard let input = box.input else {
            body.operand = box.value
            return .fill(body)
        }
        body.source = boxed(views.inputs[input], box.sourceOffset, box.sourceStrides)
        guard let rescale = box.rescale else { return .move(body) }
        (body.multiplier, body.preShift, body.postShift) = (rescale.multiplier, rescale.preShift, rescale.postShift)
        return .rescale(body)
    }
}
