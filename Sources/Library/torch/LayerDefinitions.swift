import Interpreter
import NN
import Tensors

// The layers written in Swift, with PyTorch's signatures.

extension ModuleBinding {
    /// Makes the classes of all layers on top of `nn.Module` and binds them in `_nn`.
    func defineLayers(_ module: NativeModule) {
        guard let root = moduleClass, layerClasses.isEmpty else { return }
        var bases: [String: ClassPointer] = [:]
        func base(_ name: String, _ home: String, _ parent: ClassPointer) {
            let type = torch.vm.makeBuiltinClass(
                name, base: parent, module: "torch.nn.modules.\(home)", layout: Tag.native, hasInstanceAttributes: true)
            type.info.isShownBare = true
            type.info.construct = nil
            bases[name] = type
            module.set(name, type.value.retained())
        }
        base("_ConvNd", "conv", root)
        base("_ConvTransposeNd", "conv", bases["_ConvNd"] ?? root)
        base("_NormBase", "batchnorm", root)
        // State dicts of this version count batches: PyTorch fills the count in for older ones.
        if let type = bases["_NormBase"] { torch.vm.defineConstant(type, "_version", .int(2)) }
        base("_BatchNorm", "batchnorm", bases["_NormBase"] ?? root)
        base("_DropoutNd", "dropout", root)
        base("_MaxPoolNd", "pooling", root)
        base("_AvgPoolNd", "pooling", root)
        base("_AdaptiveAvgPoolNd", "pooling", root)
        base("_AdaptiveMaxPoolNd", "pooling", root)
        base("_Loss", "loss", root)
        base("_WeightedLoss", "loss", bases["_Loss"] ?? root)
        base("_ConstantPadNd", "padding", root)
        base("_ReflectionPadNd", "padding", root)
        base("_ReplicationPadNd", "padding", root)
        for definition in definitions() {
            let layer = LayerClass(self, definition, base: definition.base.flatMap { bases[$0] } ?? root)
            layerClasses[definition.name] = layer
            module.set(definition.name, layer.type.value.retained())
        }
    }

    private func definitions() -> [LayerClass.Definition] {
        convolutions() + normalizations() + activations() + pools() + paddings() + losses() + others()
    }

    // MARK: convolutions

    private func convolutions() -> [LayerClass.Definition] {
        let vm = torch.vm
        return [1, 2, 3].flatMap { n -> [LayerClass.Definition] in
            let names = ["kernel_size", "stride", "padding", "dilation"]
            let spread = Dictionary(uniqueKeysWithValues: names.map { ($0, n) })
            var plain = LayerClass.Definition(
                name: "Conv\(n)d", home: "conv",
                signature:
                    "in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None",
                spread: spread, hidden: ["bias"], base: "_ConvNd"
            ) { c in
                let padding = c.a[5].isString ? nil : try c.ints(5)
                return try Convolution(
                    dimensions: n, c.int(1), c.int(2), kernel: try c.dims(3, n), stride: try c.dims(4, n), padding: padding ?? [0],
                    paddingName: padding == nil ? try c.text(5) : nil, dilation: try c.dims(6, n), groups: c.int(7), bias: c.flag(8),
                    paddingMode: try c.text(9), dtype: try c.dtypeOrNil(11))
            }
            plain.extra = [("transposed", .false), ("output_padding", vm.makeTuple(n) { _ in .int(0) })]
            var transposed = LayerClass.Definition(
                name: "ConvTranspose\(n)d", home: "conv",
                signature:
                    "in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None",
                spread: spread.merging(["output_padding": n]) { a, _ in a }, hidden: ["bias"], inputs: ["input", "output_size=None"],
                base: "_ConvTransposeNd"
            ) { c in
                try Convolution(
                    dimensions: n, c.int(1), c.int(2), kernel: try c.dims(3, n), stride: try c.dims(4, n), padding: try c.dims(5, n),
                    dilation: try c.dims(9, n), groups: c.int(7), bias: c.flag(8), paddingMode: try c.text(10), transposed: true,
                    outputPadding: try c.dims(6, n), dtype: try c.dtypeOrNil(12))
            }
            transposed.extra = [("transposed", .true)]
            transposed.forward = { module, c in
                guard c.has(2), let layer = module as? Convolution, let weight = layer.parameter("weight") else { return nil }
                let x = try c.tensor(1)
                var p = layer.parameters_
                p.outputPadding = try Call.outputPadding(x.shape, Array(try c.ints(2).suffix(n)), layer.kernel, p)
                return c.torch.value(try x.convolutionTransposed(weight, layer.parameter("bias"), p, dimensions: n))
            }
            return [plain, transposed]
        }
    }

    // MARK: normalization

    private func normalizations() -> [LayerClass.Definition] {
        let batch = [1, 2, 3].map { n in
            LayerClass.Definition(
                name: "BatchNorm\(n)d", home: "batchnorm",
                signature: "num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None", base: "_BatchNorm"
            ) { c in
                try BatchNorm(
                    dimensions: n, c.int(1), epsilon: c.double(2), momentum: try c.doubleOrNil(3), affine: c.flag(4),
                    tracksRunningStatistics: c.flag(5),
                    dtype: try c.dtypeOrNil(7))
            }
        }
        return batch + [
            LayerClass.Definition(
                name: "LayerNorm", home: "normalization",
                signature: "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None",
                spread: ["normalized_shape": 1], hidden: ["bias"]
            ) { c in
                try LayerNorm(try c.ints(1), epsilon: c.double(2), affine: c.flag(3), bias: c.flag(4), dtype: try c.dtypeOrNil(6))
            },
            LayerClass.Definition(
                name: "GroupNorm", home: "normalization", signature: "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None"
            ) { c in
                try GroupNorm(c.int(1), c.int(2), epsilon: c.double(3), affine: c.flag(4), dtype: try c.dtypeOrNil(6))
            },
        ]
    }

    // MARK: activations

    private func activations() -> [LayerClass.Definition] {
        func layer(_ name: String, _ signature: String = "", _ make: @escaping (Call) throws -> Module) -> LayerClass.Definition {
            LayerClass.Definition(name: name, home: "activation", signature: signature, make: make)
        }
        return [
            layer("ReLU", "inplace=False") { c in Layers.relu(inPlace: try c.flag(1)) },
            layer("ReLU6", "inplace=False") { c in Layers.relu6(inPlace: try c.flag(1)) },
            layer("LeakyReLU", "negative_slope=0.01, inplace=False") { c in Layers.leakyReLU(try c.double(1), inPlace: try c.flag(2)) },
            layer("ELU", "alpha=1.0, inplace=False") { c in Layers.elu(try c.double(1), inPlace: try c.flag(2)) },
            layer("SELU", "inplace=False") { c in Layers.selu(inPlace: try c.flag(1)) },
            layer("Sigmoid") { _ in Layers.sigmoid() },
            layer("LogSigmoid") { _ in Layers.logSigmoid() },
            layer("Tanh") { _ in Layers.tanh() },
            layer("SiLU", "inplace=False") { c in Layers.silu(inPlace: try c.flag(1)) },
            layer("Mish", "inplace=False") { c in Layers.mish(inPlace: try c.flag(1)) },
            layer("Hardswish", "inplace=False") { c in Layers.hardswish(inPlace: try c.flag(1)) },
            layer("Hardsigmoid", "inplace=False") { c in Layers.hardsigmoid(inPlace: try c.flag(1)) },
            layer("Hardtanh", "min_val=-1.0, max_val=1.0, inplace=False") { c in
                Layers.hardtanh(try c.double(1), try c.double(2), inPlace: try c.flag(3))
            },
            layer("GELU", "approximate='none'") { c in try Layers.gelu(approximate: try c.text(1)) },
            layer("Softplus", "beta=1.0, threshold=20.0") { c in Layers.softplus(beta: try c.double(1), threshold: try c.double(2)) },
            layer("Softmax", "dim=None") { c in
                guard let dim = try c.intOrNil(1) else {
                    return FunctionLayer("Softmax", "dim=None") { (_: Module, x: Tensor) throws(TensorError) in
                        try x.softmax(x.rank == 0 || x.rank == 1 || x.rank == 3 ? 0 : 1)
                    }
                }
                return Layers.softmax(dim)
            },
            layer("LogSoftmax", "dim=None") { c in
                guard let dim = try c.intOrNil(1) else {
                    return FunctionLayer("LogSoftmax", "dim=None") { (_: Module, x: Tensor) throws(TensorError) in
                        try x.logSoftmax(x.rank == 0 || x.rank == 1 || x.rank == 3 ? 0 : 1)
                    }
                }
                return Layers.logSoftmax(dim)
            },
            layer("PReLU", "num_parameters=1, init=0.25, device=None, dtype=None") { c in
                try PReLU(c.int(1), initial: c.double(2), dtype: try c.dtypeOrNil(4))
            },
        ]
    }

    // MARK: pools

    private func pools() -> [LayerClass.Definition] {
        [1, 2, 3].flatMap { n -> [LayerClass.Definition] in
            var most = LayerClass.Definition(
                name: "MaxPool\(n)d", home: "pooling",
                signature: "kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False",
                fallback: ["stride": "kernel_size"], base: "_MaxPoolNd"
            ) { c in
                Layers.maxPool(try c.pool(1, 2, 3, dilation: 4, ceil: 6), dimensions: n)
            }
            most.forward = { module, c in
                let indices = c.vm.ownAttribute(c.a[0], c.vm.intern("return_indices"))
                guard !indices.isUndefined, try c.vm.isTrue(indices) else { return nil }
                let own: (String) -> Value = { c.vm.ownAttribute(c.a[0], c.vm.intern($0)) }
                func sizes(_ name: String) throws -> [Int] { try c.torch.ints(own(name)) ?? [] }
                let p = Tensor.PoolParameters(
                    kernel: try sizes("kernel_size"), stride: try sizes("stride"), padding: try sizes("padding"), dilation: try sizes("dilation"),
                    ceilMode: try c.vm.isTrue(own("ceil_mode")))
                let found = try c.tensor(1).maxPool(p, dimensions: n)
                return c.torch.tuple([found.values, found.indices])
            }
            let average = LayerClass.Definition(
                name: "AvgPool\(n)d", home: "pooling",
                signature: "kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True" + (n == 1 ? "" : ", divisor_override=None"),
                spread: n == 1 ? ["kernel_size": 1, "stride": 1, "padding": 1] : [:], fallback: ["stride": "kernel_size"], base: "_AvgPoolNd"
            ) { c in
                if n > 1, let divisor = try c.intOrNil(6) {
                    let p = try c.pool(1, 2, 3, dilation: nil, ceil: 4)
                    let counted = try c.flag(5)
                    let text = "kernel_size=\(Call.spelled(p.kernel)), stride=\(Call.spelled(p.stride)), padding=\(Call.spelled(p.padding))"
                    return FunctionLayer("AvgPool\(n)d", text) { (_: Module, x: Tensor) throws(TensorError) in
                        try x.avgPool(p, countIncludePad: counted, divisor: divisor, dimensions: n)
                    }
                }
                return Layers.avgPool(try c.pool(1, 2, 3, dilation: nil, ceil: 4), countIncludePad: try c.flag(5), dimensions: n)
            }
            let adaptiveAverage = LayerClass.Definition(
                name: "AdaptiveAvgPool\(n)d", home: "pooling", signature: "output_size", base: "_AdaptiveAvgPoolNd"
            ) { c in Layers.adaptiveAvgPool(try c.optionalInts(1), dimensions: n) }
            let adaptiveMost = LayerClass.Definition(
                name: "AdaptiveMaxPool\(n)d", home: "pooling", signature: "output_size, return_indices=False", base: "_AdaptiveMaxPoolNd"
            ) { c in Layers.adaptiveMaxPool(try c.optionalInts(1), dimensions: n) }
            return [most, average, adaptiveAverage, adaptiveMost]
        }
    }

    // MARK: padding

    private func paddings() -> [LayerClass.Definition] {
        var result: [LayerClass.Definition] = []
        let kinds: [(String, Tensor.PaddingMode, String)] = [
            ("ReflectionPad", .reflect, "_ReflectionPadNd"), ("ReplicationPad", .replicate, "_ReplicationPadNd"),
            ("ZeroPad", .constant, "_ConstantPadNd"),
            ("CircularPad", .circular, "_ConstantPadNd"),
        ]
        for n in [1, 2, 3] {
            for (name, mode, base) in kinds {
                result.append(
                    LayerClass.Definition(name: "\(name)\(n)d", home: "padding", signature: "padding", spread: ["padding": 2 * n], base: base) { c in
                        Layers.pad("\(name)\(n)d", try c.dims(1, 2 * n), mode: mode)
                    })
            }
            result.append(
                LayerClass.Definition(
                    name: "ConstantPad\(n)d", home: "padding", signature: "padding, value", spread: ["padding": 2 * n], base: "_ConstantPadNd"
                ) { c in Layers.pad("ConstantPad\(n)d", try c.dims(1, 2 * n), mode: .constant, value: try c.double(2)) })
        }
        return result
    }

    // MARK: losses

    private func losses() -> [LayerClass.Definition] {
        let old = "size_average=None"
        func loss(_ name: String, _ signature: String, base: String = "_Loss", hidden: Set<String> = [], _ make: @escaping (Call) throws -> Module)
            -> LayerClass.Definition
        {
            LayerClass.Definition(
                name: name, home: "loss", signature: signature, hidden: hidden.union(["size_average", "reduce", "weight", "pos_weight"]),
                inputs: ["input", "target"], base: base, make: make)
        }
        return [
            loss(
                "CrossEntropyLoss", "weight=None, \(old), ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0",
                base: "_WeightedLoss"
            ) { c in
                try Layers.crossEntropyLoss(
                    weight: try c.tensorOrNil(1), ignoreIndex: c.int(3), try c.reduction(5, average: 2, reduce: 4), labelSmoothing: c.double(6))
            },
            loss("NLLLoss", "weight=None, \(old), ignore_index=-100, reduce=None, reduction='mean'", base: "_WeightedLoss") { c in
                try Layers.nllLoss(weight: try c.tensorOrNil(1), ignoreIndex: c.int(3), try c.reduction(5, average: 2, reduce: 4))
            },
            loss("MSELoss", "\(old), reduce=None, reduction='mean'") { c in try Layers.mseLoss(try c.reduction(3, average: 1, reduce: 2)) },
            loss("L1Loss", "\(old), reduce=None, reduction='mean'") { c in try Layers.l1Loss(try c.reduction(3, average: 1, reduce: 2)) },
            loss("SmoothL1Loss", "\(old), reduce=None, reduction='mean', beta=1.0") { c in
                try Layers.smoothL1Loss(try c.reduction(3, average: 1, reduce: 2), beta: c.double(4))
            },
            loss("HuberLoss", "reduction='mean', delta=1.0") { c in try Layers.huberLoss(try c.reduction(1), delta: c.double(2)) },
            loss("BCELoss", "weight=None, \(old), reduce=None, reduction='mean'", base: "_WeightedLoss") { c in
                try Layers.bceLoss(weight: try c.tensorOrNil(1), try c.reduction(4, average: 2, reduce: 3))
            },
            loss("BCEWithLogitsLoss", "weight=None, \(old), reduce=None, reduction='mean', pos_weight=None") { c in
                try Layers.bceWithLogitsLoss(weight: try c.tensorOrNil(1), posWeight: try c.tensorOrNil(5), try c.reduction(4, average: 2, reduce: 3))
            },
            loss("KLDivLoss", "\(old), reduce=None, reduction='mean', log_target=False") { c in
                let isBatchMean = c.a[3].isString && c.vm.text(c.a[3]) == "batchmean"
                return try Layers.klDivLoss(
                    isBatchMean ? .mean : try c.reduction(3, average: 1, reduce: 2), batchMean: isBatchMean, logTarget: c.flag(4))
            },
        ]
    }

    // MARK: the rest

    private func others() -> [LayerClass.Definition] {
        var result = [
            LayerClass.Definition(
                name: "Linear", home: "linear", signature: "in_features, out_features, bias=True, device=None, dtype=None", hidden: ["bias"]
            ) { c in
                try Linear(c.int(1), c.int(2), bias: c.flag(3), dtype: try c.dtypeOrNil(5))
            },
            LayerClass.Definition(name: "Identity", home: "linear", signature: "*args, **kwargs") { _ in Layers.identity() },
            LayerClass.Definition(name: "Flatten", home: "flatten", signature: "start_dim=1, end_dim=-1") { c in
                Layers.flatten(try c.int(1), try c.int(2))
            },
            LayerClass.Definition(name: "Unflatten", home: "flatten", signature: "dim, unflattened_size") { c in
                Layers.unflatten(try c.int(1), try c.ints(2))
            },
            LayerClass.Definition(
                name: "Embedding", home: "sparse",
                signature:
                    "num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, device=None, dtype=None"
            ) { c in
                if c.has(4) { throw c.vm.error("NotImplementedError", "Embedding: max_norm is not supported") }
                return try Embedding(c.int(1), c.int(2), paddingIndex: try c.intOrNil(3), dtype: try c.dtypeOrNil(9))
            },
            LayerClass.Definition(
                name: "Upsample", home: "upsampling",
                signature: "size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None"
            ) { c in
                Layers.upsample(
                    size: try c.intsOrNil(1), scale: try c.doublesOrNil(2), mode: try c.text(3), alignCorners: c.has(4) ? try c.flag(4) : false)
            },
            LayerClass.Definition(name: "Dropout", home: "dropout", signature: "p=0.5, inplace=False", base: "_DropoutNd") { c in
                try Layers.dropout(c.probability(1), inPlace: c.flag(2))
            },
        ]
        for name in ["Dropout1d", "Dropout2d", "Dropout3d"] {
            result.append(
                LayerClass.Definition(name: name, home: "dropout", signature: "p=0.5, inplace=False", base: "_DropoutNd") { c in
                    let layer = try Layers.dropout2d(c.probability(1))
                    layer.typeName = name
                    return layer
                })
        }
        return result
    }
}

extension Call {
    /// `n` ints: one for all, or a sequence of `n`.
    func dims(_ i: Int, _ n: Int) throws -> [Int] {
        let given = try ints(i)
        if a[i].isInt { return [Int](repeating: given[0], count: n) }
        return given
    }

    /// The probability of dropping, in 0…1.
    func probability(_ i: Int) throws -> Double {
        let p = try double(i)
        guard (0...1).contains(p) else { throw vm.valueError("dropout probability has to be between 0 and 1, but got \(try vm.reprText(a[i]))") }
        return p
    }

    func optionalInts(_ i: Int) throws -> [Int?] {
        guard let items = torch.sequence(a[i]) else { return [try intOrNil(i)] }
        return try items.map { $0.isNone ? nil : try vm.index($0) }
    }

    /// A float or a sequence of floats.
    func doublesOrNil(_ i: Int) throws -> [Double]? {
        guard has(i) else { return nil }
        guard let items = torch.sequence(a[i]) else { return [try double(i)] }
        return try items.map { try vm.real($0) }
    }

    func pool(_ kernel: Int, _ stride: Int, _ padding: Int, dilation: Int?, ceil: Int) throws -> Tensor.PoolParameters {
        let size = try ints(kernel)
        return Tensor.PoolParameters(
            kernel: size, stride: try intsOrNil(stride) ?? size, padding: try ints(padding), dilation: try dilation.map { try ints($0) } ?? [1],
            ceilMode: try flag(ceil))
    }

    static func spelled(_ values: [Int]) -> String { values.count == 1 ? "\(values[0])" : TensorPrinter.tuple(values) }

    /// `reduction`, or what the older `size_average` and `reduce` say.
    func reduction(_ i: Int, average: Int? = nil, reduce: Int? = nil) throws -> LossReduction {
        if let average, let reduce, has(average) || has(reduce) {
            if has(reduce), try !flag(reduce) { return .none }
            return try has(average) && !flag(average) ? .sum : .mean
        }
        let text = try text(i)
        guard let reduction = LossReduction(rawValue: text) else { throw vm.valueError("\(text) is not a valid value for reduction") }
        return reduction
    }

    /// What a transposed convolution must add to reach `wanted`.
    static func outputPadding(_ input: [Int], _ wanted: [Int], _ kernel: [Int], _ p: ConvolutionParameters) throws -> [Int] {
        let spatial = input.suffix(kernel.count)
        guard wanted.count == kernel.count else {
            throw TensorError.value(
                "ConvTranspose\(kernel.count)D: for \(input.count)D input, output_size must have \(kernel.count) or \(kernel.count + 2) elements (got \(wanted.count))"
            )
        }
        var result: [Int] = []
        for (d, size) in spatial.enumerated() {
            let least = (size - 1) * p.stride[d] - 2 * p.padding[d] + p.dilation[d] * (kernel[d] - 1) + 1
            let extra = wanted[d] - least
            guard extra >= 0, extra < p.stride[d] else {
                throw TensorError.value(
                    "requested an output size of \(bracketed(wanted)), but valid sizes range from \(least) to \(least + p.stride[d] - 1) in dimension \(d) (for an input of \(bracketed(Array(spatial))))"
                )
            }
            result.append(extra)
        }
        return result
    }
}
