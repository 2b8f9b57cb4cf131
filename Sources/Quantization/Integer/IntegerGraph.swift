/// A traced integer model: the contract between quantization and deployment.
///
/// It is a value without identity: typed, statically shaped tensors (`values`) and the layers that compute them, in an order in which every
/// operand precedes its use. It is neither differentiable nor editable by name; `torch.jit.trace` makes it, the BPU compiler reads it, and
/// `IntegerExecutor` runs it. What a layer computes is defined, element for element, by `IntegerReference`.
///
/// Invariants (`verify` checks them): value ids are indices into `values`; each value is an input or the result of exactly one layer;
/// shapes, types and array lengths agree with the operation.
package struct IntegerGraph: Equatable, Sendable, Codable {
    /// The traced class, `FxQATReadyMobileNetV2`.
    package var name: String
    package var march: March
    package var values: [IntegerValue]
    package var inputs: [IntegerInput]
    package var layers: [IntegerLayer]
    package var outputs: [IntegerOutput]

    package init(
        name: String, march: March, values: [IntegerValue] = [], inputs: [IntegerInput] = [], layers: [IntegerLayer] = [],
        outputs: [IntegerOutput] = []
    ) {
        self.name = name
        self.march = march
        self.values = values
        self.inputs = inputs
        self.layers = layers
        self.outputs = outputs
    }
}

/// A tensor of the graph. Real value = integer * scale; zero points are always 0.
package struct IntegerValue: Equatable, Sendable, Codable {
    /// In PyTorch's order: `[batch, channels, height, width]` for feature maps, `[batch, features]` after flattening.
    package var shape: [Int]
    package var type: IntegerType
    /// One scale, or one for each index of dimension 1 (int32 results of convolutions and linear layers).
    package var scales: [Float]

    package init(shape: [Int], type: IntegerType, scales: [Float]) {
        self.shape = shape
        self.type = type
        self.scales = scales
    }

    package var count: Int { shape.reduce(1, *) }
    package var byteCount: Int { count * type.byteCount }
}

/// A model input. The caller gives floats where `quantizes`, which become `value` as `sat(round(x / scale))`; else integers as they are.
package struct IntegerInput: Equatable, Sendable, Codable {
    /// `arg0`, `arg1`, …
    package var name: String
    package var value: Int
    package var quantizes: Bool

    package init(name: String, value: Int, quantizes: Bool) {
        self.name = name
        self.value = value
        self.quantizes = quantizes
    }
}

/// A model output: floats `integer * scale` where `dequantizes`, else the integers.
package struct IntegerOutput: Equatable, Sendable, Codable {
    package var value: Int
    package var dequantizes: Bool

    package init(value: Int, dequantizes: Bool) {
        self.value = value
        self.dequantizes = dequantizes
    }
}

/// One operation. `inputs` and `output` index the graph's `values`.
package struct IntegerLayer: Equatable, Sendable, Codable {
    /// Dotted path of the module that computes it: `features.3_generated_add_0`.
    package var path: String
    /// The documented name: `_features_3_generated_add_0_hz_conv2d`; unique in the graph.
    package var name: String
    package var operation: IntegerOperation
    package var inputs: [Int]
    package var output: Int

    package init(path: String, name: String, operation: IntegerOperation, inputs: [Int], output: Int) {
        self.path = path
        self.name = name
        self.operation = operation
        self.inputs = inputs
        self.output = output
    }
}

/// What a layer computes. Result types and shapes stand in its output value.
package enum IntegerOperation: Equatable, Sendable, Codable {
    /// `[x]`, or `[x, residual]` where `alignment` is not empty.
    case convolution(IntegerConvolution)
    /// `[x]` with x `[…, in]`: a 1×1 convolution whose weight is `[out, in]`; leading dimensions are kept.
    case linear(IntegerConvolution)
    /// `[a, b]` of equal shape.
    case add(IntegerAddition)
    /// `[a, b]` of equal shape: the int32 product, rescaled.
    case multiply(Rescale)
    /// `[x]`: sums of windows, rescaled.
    case averagePool(IntegerPooling, Rescale?)
    /// `[x]`: the scale is kept. Padding never wins.
    case maxPool(IntegerPooling)
    /// One rescale for each operand; nil where its scale is the result's. `axis` ≥ 0.
    case concatenate(axis: Int, [Rescale?])
    /// `[x]`: another scale or type.
    case requantize(Rescale)
    /// `[x]`: the maximum with 0, and the minimum with `high` where given; scale kept.
    case rectify(high: Int?)
    /// `[x]` of int8: `table[x + 128]`, 256 entries.
    case lookup(table: [Int8])
    /// `[x]`: the same elements in order, with the output's shape (flatten, reshape, squeeze).
    case reshape
    /// `[x]`: dimensions reordered; `order[i]` is the operand's dimension that becomes dimension i.
    case permute(order: [Int])
    /// `[x]`: elements `start`, `start + step`, … of dimension `axis`, as many as the output has.
    case slice(axis: Int, start: Int, step: Int)
    /// `[x]`: constant borders; amounts before and after each dimension.
    case pad(before: [Int], after: [Int], value: Int)
    /// `[x]`: each pixel repeated; `[batch, channels, h, w]` with integer factors.
    case nearestUpsample(scaleH: Int, scaleW: Int)

    /// The word after `_hz_` in layer names.
    package var keyword: String {
        switch self {
        case .convolution: "conv2d"
        case .linear: "linear"
        case .add: "add"
        case .multiply: "mul"
        case .averagePool: "avg_pool2d"
        case .maxPool: "max_pool2d"
        case .concatenate: "concat"
        case .requantize: "requantize"
        case .rectify: "relu"
        case .lookup: "lut"
        case .reshape: "reshape"
        case .permute: "transpose"
        case .slice: "slice"
        case .pad: "pad"
        case .nearestUpsample: "interpolate"
        }
    }
}

/// `acc = Σ x·w + bias (+ aligned residual)`, saturated to int32; then, per output channel, rescaled to the output's type, with the
/// maximum of 0 taken where `rectifies`. Without `rescale` the accumulator itself is the (int32) result, scale = x's scale · weight scale.
package struct IntegerConvolution: Equatable, Sendable, Codable {
    /// `[out, in / groups, kernelH, kernelW]`, row-major; `[out, in]` for linear layers.
    package var weight: [Int8]
    package var weightShape: [Int]
    /// `[out]`, at the accumulator's scale.
    package var bias: [Int32]
    /// `[out]`: the scales of the weight, for inspection and re-export; the arithmetic does not use them.
    package var weightScales: [Float]
    package var groups: Int
    /// Height, width.
    package var stride: [Int]
    /// Height, width; padding value 0.
    package var padding: [Int]
    package var dilation: [Int]
    /// `[out]`, or empty for int32 results.
    package var rescale: [Rescale]
    /// `[out]` where a residual is added, else empty.
    package var alignment: [Alignment]
    package var rectifies: Bool

    package init(
        weight: [Int8], weightShape: [Int], bias: [Int32], weightScales: [Float], groups: Int = 1, stride: [Int] = [1, 1], padding: [Int] = [0, 0],
        dilation: [Int] = [1, 1], rescale: [Rescale] = [], alignment: [Alignment] = [], rectifies: Bool = false
    ) {
        self.weight = weight
        self.weightShape = weightShape
        self.bias = bias
        self.weightScales = weightScales
        self.groups = groups
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.rescale = rescale
        self.alignment = alignment
        self.rectifies = rectifies
    }

    package var outChannels: Int { weightShape[0] }
    package var isDepthwise: Bool { weightShape.count == 4 && groups > 1 && groups == outChannels && weightShape[1] == 1 }
}

/// `acc = a·multiplierA + b·multiplierB` in int32, then rescaled; the operand with the larger scale has a power of two as multiplier.
package struct IntegerAddition: Equatable, Sendable, Codable {
    package var multiplierA, multiplierB: Int
    package var rescale: Rescale
    package var rectifies: Bool

    package init(multiplierA: Int, multiplierB: Int, rescale: Rescale, rectifies: Bool = false) {
        self.multiplierA = multiplierA
        self.multiplierB = multiplierB
        self.rescale = rescale
        self.rectifies = rectifies
    }
}

/// Windows of a pooling layer; height, width. Average pooling counts the padding.
package struct IntegerPooling: Equatable, Sendable, Codable {
    package var kernel, stride, padding: [Int]
    package var dilation: [Int]

    package init(kernel: [Int], stride: [Int], padding: [Int] = [0, 0], dilation: [Int] = [1, 1]) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
    }
}
