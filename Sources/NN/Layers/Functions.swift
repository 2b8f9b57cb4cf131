import Tensors

/// Constructors of the layers without parameters, named as PyTorch's classes; arguments have PyTorch's defaults.
package enum Layers {

    package static func identity() -> Module { FunctionLayer("Identity") { (_: Module, x: Tensor) throws(TensorError) in x } }
    package static func flatten(_ start: Int = 1, _ end: Int = -1) -> Module {
        FunctionLayer("Flatten", "start_dim=\(start), end_dim=\(end)") { (_: Module, x: Tensor) throws(TensorError) in try x.flatten(start, end) }
            .configured(.flatten(start, end))
    }
    package static func unflatten(_ dim: Int, _ sizes: [Int]) -> Module {
        FunctionLayer("Unflatten", "dim=\(dim), unflattened_size=\(TensorPrinter.tuple(sizes))") { (_: Module, x: Tensor) throws(TensorError) in
            try x.unflatten(dim, sizes)
        }
    }

    // MARK: Activations

    package static func relu(inPlace: Bool = false) -> Module { Rectifier(.relu, inPlace: inPlace) }
    package static func relu6(inPlace: Bool = false) -> Module { Rectifier(.relu6, inPlace: inPlace) }

    private static func activation(
        _ name: String, _ description: String = "", inPlace: Bool = false, _ f: @escaping (Tensor) throws(TensorError) -> Tensor
    ) -> Module {
        let text = [description, inPlace ? "inplace=True" : ""].filter { !$0.isEmpty }.joined(separator: ", ")
        return FunctionLayer(name, text) { (_: Module, x: Tensor) throws(TensorError) in inPlace ? try x.applyInPlace(f) : try f(x) }
    }

    package static func leakyReLU(_ slope: Double = 0.01, inPlace: Bool = false) -> Module {
        activation("LeakyReLU", "negative_slope=\(python(slope))", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.leakyRelu(slope) }
    }
    package static func elu(_ alpha: Double = 1, inPlace: Bool = false) -> Module {
        activation("ELU", "alpha=\(python(alpha))", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.elu(alpha: alpha) }
    }
    package static func selu(inPlace: Bool = false) -> Module {
        activation("SELU", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.selu() }
    }
    package static func sigmoid() -> Module { activation("Sigmoid") { (x: Tensor) throws(TensorError) in try x.sigmoid() } }
    package static func logSigmoid() -> Module { activation("LogSigmoid") { (x: Tensor) throws(TensorError) in try x.logSigmoid() } }
    package static func tanh() -> Module { activation("Tanh") { (x: Tensor) throws(TensorError) in try x.tanh() } }
    package static func silu(inPlace: Bool = false) -> Module {
        activation("SiLU", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.silu() }
    }
    package static func mish(inPlace: Bool = false) -> Module {
        activation("Mish", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.mish() }
    }
    package static func hardswish(inPlace: Bool = false) -> Module {
        activation("Hardswish", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.hardswish() }
    }
    package static func hardsigmoid(inPlace: Bool = false) -> Module {
        activation("Hardsigmoid", inPlace: inPlace) { (x: Tensor) throws(TensorError) in try x.hardsigmoid() }
    }
    package static func hardtanh(_ low: Double = -1, _ high: Double = 1, inPlace: Bool = false) -> Module {
        activation("Hardtanh", "min_val=\(python(low)), max_val=\(python(high))", inPlace: inPlace) { (x: Tensor) throws(TensorError) in
            try x.hardtanh(low, high)
        }
    }
    package static func gelu(approximate: String = "none") throws(TensorError) -> Module {
        guard approximate == "none" || approximate == "tanh" else { throw .runtime("approximate argument must be either none or tanh.") }
        return activation("GELU", "approximate='\(approximate)'") { (x: Tensor) throws(TensorError) in
            try x.gelu(approximateTanh: approximate == "tanh")
        }
    }
    package static func softplus(beta: Double = 1, threshold: Double = 20) -> Module {
        activation("Softplus", "beta=\(python(beta)), threshold=\(python(threshold))") { (x: Tensor) throws(TensorError) in
            try x.softplus(beta: beta, threshold: threshold)
        }
    }
    package static func softmax(_ dim: Int) -> Module {
        activation("Softmax", "dim=\(dim)") { (x: Tensor) throws(TensorError) in try x.softmax(dim) }
    }
    package static func logSoftmax(_ dim: Int) -> Module {
        activation("LogSoftmax", "dim=\(dim)") { (x: Tensor) throws(TensorError) in try x.logSoftmax(dim) }
    }

    // MARK: Dropout

    package static func dropout(_ p: Double = 0.5, inPlace: Bool = false) throws(TensorError) -> Module {
        guard p >= 0 && p <= 1 else { throw .value("dropout probability has to be between 0 and 1, but got \(python(p))") }
        return FunctionLayer("Dropout", "p=\(python(p)), inplace=\(python(inPlace))") { (m: Module, x: Tensor) throws(TensorError) in
            let training = m.training
            return inPlace
                ? try x.applyInPlace { (x: Tensor) throws(TensorError) in try x.dropout(p, training: training) }
                : try x.dropout(p, training: training)
        }
    }
    package static func dropout2d(_ p: Double = 0.5) throws(TensorError) -> Module {
        guard p >= 0 && p <= 1 else { throw .value("dropout probability has to be between 0 and 1, but got \(python(p))") }
        return FunctionLayer("Dropout2d", "p=\(python(p)), inplace=False") { (m: Module, x: Tensor) throws(TensorError) in
            try x.featureDropout(p, training: m.training)
        }
    }

    // MARK: Pooling

    /// One number, or a tuple, as the arguments were given.
    private static func spelled(_ values: [Int]) -> String { values.count == 1 ? "\(values[0])" : TensorPrinter.tuple(values) }

    package static func maxPool(_ p: Tensor.PoolParameters, dimensions: Int = 2) -> Module {
        FunctionLayer(
            "MaxPool\(dimensions)d",
            "kernel_size=\(spelled(p.kernel)), stride=\(spelled(p.stride)), padding=\(spelled(p.padding)), dilation=\(spelled(p.dilation)), ceil_mode=\(python(p.ceilMode))"
        ) { (_: Module, x: Tensor) throws(TensorError) in try x.maxPool(p, dimensions: dimensions).values }.configured(
            .pool(p, countIncludePad: false))
    }
    package static func avgPool(_ p: Tensor.PoolParameters, countIncludePad: Bool = true, dimensions: Int = 2) -> Module {
        // The one-dimensional layer prints tuples.
        func text(_ values: [Int]) -> String { dimensions == 1 ? TensorPrinter.tuple(values) : spelled(values) }
        return FunctionLayer("AvgPool\(dimensions)d", "kernel_size=\(text(p.kernel)), stride=\(text(p.stride)), padding=\(text(p.padding))") {
            (_: Module, x: Tensor) throws(TensorError) in
            try x.avgPool(p, countIncludePad: countIncludePad, dimensions: dimensions)
        }.configured(.pool(p, countIncludePad: countIncludePad))
    }
    private static func sizes(_ output: [Int?]) -> String {
        output.count == 1 ? (output[0].map(String.init) ?? "None") : "(" + output.map { $0.map(String.init) ?? "None" }.joined(separator: ", ") + ")"
    }
    package static func adaptiveAvgPool(_ output: [Int?], dimensions: Int = 2) -> Module {
        FunctionLayer("AdaptiveAvgPool\(dimensions)d", "output_size=\(sizes(output))") { (_: Module, x: Tensor) throws(TensorError) in
            try x.adaptiveAvgPool(output, dimensions: dimensions)
        }.configured(.adaptivePool(output))
    }
    package static func adaptiveMaxPool(_ output: [Int?], dimensions: Int = 2) -> Module {
        FunctionLayer("AdaptiveMaxPool\(dimensions)d", "output_size=\(sizes(output))") { (_: Module, x: Tensor) throws(TensorError) in
            try x.adaptiveMaxPool(output, dimensions: dimensions).values
        }
    }

    // MARK: Resizing and padding

    /// Exactly one of `size` and `scale` is given.
    package static func upsample(size: [Int]? = nil, scale: [Double]? = nil, mode: String = "nearest", alignCorners: Bool = false) -> Module {
        let what =
            scale.map { s in "scale_factor=\(s.count == 1 ? python(s[0]) : "(" + s.map(python).joined(separator: ", ") + ")")" }
            ?? "size=\(spelled(size ?? []))"
        return FunctionLayer("Upsample", "\(what), mode='\(mode)'") { (_: Module, x: Tensor) throws(TensorError) in
            try Functional.interpolate(x, size: size, scale: scale, mode: mode, alignCorners: alignCorners)
        }.configured(.upsample(size: size, scale: scale, mode: mode, alignCorners: alignCorners))
    }
    package static func pad(_ name: String, _ amounts: [Int], mode: Tensor.PaddingMode, value: Double = 0) -> Module {
        let text = TensorPrinter.tuple(amounts)
        return FunctionLayer(name, name.hasPrefix("Constant") ? "padding=\(text), value=\(python(value))" : text) {
            (_: Module, x: Tensor) throws(TensorError) in
            try x.pad(amounts, mode: mode, value: .double(value))
        }.configured(.pad(amounts, mode: mode.rawValue, value: value))
    }

    // MARK: Losses

    package static func crossEntropyLoss(
        weight: Tensor? = nil, ignoreIndex: Int = -100, _ reduction: LossReduction = .mean, labelSmoothing: Double = 0
    ) throws(TensorError) -> Module {
        try LossLayer("CrossEntropyLoss", weight: weight) { (m: Module, x: Tensor, t: Tensor) throws(TensorError) in
            try x.crossEntropy(t, weight: m.buffer("weight"), ignoreIndex: ignoreIndex, reduction, labelSmoothing: labelSmoothing)
        }
    }
    package static func nllLoss(weight: Tensor? = nil, ignoreIndex: Int = -100, _ reduction: LossReduction = .mean) throws(TensorError) -> Module {
        try LossLayer("NLLLoss", weight: weight) { (m: Module, x: Tensor, t: Tensor) throws(TensorError) in
            try x.nllLoss(t, weight: m.buffer("weight"), ignoreIndex: ignoreIndex, reduction)
        }
    }
    package static func mseLoss(_ reduction: LossReduction = .mean) throws(TensorError) -> Module {
        try LossLayer("MSELoss") { (_: Module, x: Tensor, t: Tensor) throws(TensorError) in try x.mseLoss(t, reduction) }
    }
    package static func l1Loss(_ reduction: LossReduction = .mean) throws(TensorError) -> Module {
        try LossLayer("L1Loss") { (_: Module, x: Tensor, t: Tensor) throws(TensorError) in try x.l1Loss(t, reduction) }
    }
    package static func smoothL1Loss(_ reduction: LossReduction = .mean, beta: Double = 1) throws(TensorError) -> Module {
        try LossLayer("SmoothL1Loss") { (_: Module, x: Tensor, t: Tensor) throws(TensorError) in try x.smoothL1Loss(t, reduction, beta: beta) }
    }
    package static func huberLoss(_ reduction: LossReduction = .mean, delta: Double = 1) throws(TensorError) -> Module {
        try LossLayer("HuberLoss") { (_: Module, x: Tensor, t: Tensor) throws(TensorError) in try x.huberLoss(t, reduction, delta: delta) }
    }
    package static func bceLoss(weight: Tensor? = nil, _ reduction: LossReduction = .mean) throws(TensorError) -> Module {
        try LossLayer("BCELoss", weight: weight) { (m: Module, x: Tensor, t: Tensor) throws(TensorError) in
            try x.binaryCrossEntropy(t, weight: m.buffer("weight"), reduction)
        }
    }
    package static func bceWithLogitsLoss(weight: Tensor? = nil, posWeight: Tensor? = nil, _ reduction: LossReduction = .mean) throws(TensorError)
        -> Module
    {
        try LossLayer("BCEWithLogitsLoss", weight: weight, posWeight: posWeight) { (m: Module, x: Tensor, t: Tensor) throws(TensorError) in
            try x.binaryCrossEntropyWithLogits(t, weight: m.buffer("weight"), posWeight: m.buffer("pos_weight"), reduction)
        }
    }
    package static func klDivLoss(_ reduction: LossReduction = .mean, batchMean: Bool = false, logTarget: Bool = false) throws(TensorError) -> Module
    {
        try LossLayer("KLDivLoss") { (_: Module, x: Tensor, t: Tensor) throws(TensorError) in
            try x.klDiv(t, reduction, batchMean: batchMean, logTarget: logTarget)
        }
    }
}

/// Parts of `nn.functional` that are more than one tensor method.
package enum Functional {
    /// Resizes to `size`, or by `scale`.
    package static func interpolate(_ x: Tensor, size: [Int]? = nil, scale: [Double]? = nil, mode: String = "nearest", alignCorners: Bool = false)
        throws(TensorError) -> Tensor
    {
        guard let how = Tensor.InterpolationMode(rawValue: mode) else {
            throw TensorError(.notImplemented, "Input Error: the modes are nearest | linear | bilinear (got \(mode))")
        }
        if let size {
            if scale != nil { throw .value("only one of size or scale_factor should be defined") }
            return try x.interpolate(size: size, mode: how, alignCorners: alignCorners)
        }
        guard let scale else { throw .value("either size or scale_factor should be defined") }
        guard x.rank >= 3 else { throw TensorError(.notImplemented, "Input Error: Only 3D, 4D and 5D input Tensors supported (got \(x.rank)D)") }
        for factor in scale where !(factor > 0 && factor < 1e6) {
            throw .runtime("Input and output sizes should be greater than 0, but got scale_factor \(factor.isNaN ? "nan" : python(factor))")
        }
        let factors = scale.count == 1 ? [Double](repeating: scale[0], count: x.rank - 2) : scale
        var sizes: [Int] = []
        for (d, factor) in factors.enumerated() where d + 2 < x.rank { sizes.append(Int((Double(x.shape[d + 2]) * factor).rounded(.down))) }
        return try x.interpolate(size: sizes, scales: factors, mode: how, alignCorners: alignCorners)
    }

    package static func oneHot(_ x: Tensor, classes: Int = -1) throws(TensorError) -> Tensor {
        guard x.dtype == .int64 else { throw .runtime("one_hot is only applicable to index tensor of type LongTensor.") }
        let values = try x.integers()
        let count = classes >= 0 ? classes : (values.max() ?? -1) + 1
        for value in values where value < 0 || value >= count {
            throw .runtime(value < 0 ? "Class values must be non-negative." : "Class values must be smaller than num_classes.")
        }
        return try Tensor.zeros(x.shape + [count], dtype: .int64).scatter(x.rank, try x.unsqueeze(-1), try .scalar(1))
    }

    /// x / max(norm, epsilon)
    package static func normalize(_ x: Tensor, p: Double = 2, dim: Int = 1, epsilon: Double = 1e-12) throws(TensorError) -> Tensor {
        try x.div(try x.norm(p: p, dim: [dim], keepdim: true).clamp(min: .double(epsilon)).expand(x.shape))
    }

    package static func cosineSimilarity(_ a: Tensor, _ b: Tensor, dim: Int = 1, epsilon: Double = 1e-8) throws(TensorError) -> Tensor {
        let sizes = try broadcastSizes(a.shape, b.shape)
        let (x, y) = (try a.expand(sizes), try b.expand(sizes))
        let (nx, ny) = (
            try x.norm(dim: [dim], keepdim: true).clamp(min: .double(epsilon)), try y.norm(dim: [dim], keepdim: true).clamp(min: .double(epsilon))
        )
        return try x.div(nx).mul(try y.div(ny)).sum(dim: [dim])
    }
}
