import Interpreter
import NN
import Tensors

// `_nn_functional`: the native part of `torch.nn.functional`.

extension OperationTable {
    func defineFunctional() {
        defineFunctionalActivations()
        defineFunctionalLayers()
        defineFunctionalPools()
        defineFunctionalShapes()
        defineFunctionalLosses()
    }

    /// A function with `inplace`, the last parameter at position `flag`.
    private func activation(_ name: String, _ signature: String, flag: Int, _ body: @escaping (Call) throws -> (Tensor) throws(TensorError) -> Tensor)
    {
        let torch = torch
        function(name, "input" + (signature.isEmpty ? "" : ", " + signature) + ", inplace=False") { c in
            let f = try body(c)
            let x = try c.x
            guard try c.flag(flag) else { return torch.value(try f(x)) }
            _ = try x.applyInPlace(f)
            return c.a[0].retained()
        }
    }

    private func defineFunctionalActivations() {
        let torch = torch
        function("relu", "input, inplace=False") { c in
            let x = try c.x
            guard try c.flag(1) else { return torch.value(try x.relu()) }
            _ = try x.relu_()
            return c.a[0].retained()
        }
        function("relu6", "input, inplace=False") { c in
            let x = try c.x
            guard try c.flag(1) else { return torch.value(try x.relu6()) }
            _ = try x.hardtanh_(0, 6)
            return c.a[0].retained()
        }
        activation("selu", "", flag: 1) { _ in { (x) throws(TensorError) in try x.selu() } }
        activation("silu", "", flag: 1) { _ in { (x) throws(TensorError) in try x.silu() } }
        activation("mish", "", flag: 1) { _ in { (x) throws(TensorError) in try x.mish() } }
        activation("hardswish", "", flag: 1) { _ in { (x) throws(TensorError) in try x.hardswish() } }
        activation("hardsigmoid", "", flag: 1) { _ in { (x) throws(TensorError) in try x.hardsigmoid() } }
        activation("leaky_relu", "negative_slope=0.01", flag: 2) { c in
            let slope = try c.double(1)
            return { (x) throws(TensorError) in try x.leakyRelu(slope) }
        }
        activation("elu", "alpha=1.0", flag: 2) { c in
            let alpha = try c.double(1)
            return { (x) throws(TensorError) in try x.elu(alpha: alpha) }
        }
        activation("hardtanh", "min_val=-1.0, max_val=1.0", flag: 3) { c in
            let (low, high) = (try c.double(1), try c.double(2))
            return { (x) throws(TensorError) in try x.hardtanh(low, high) }
        }
        activation("threshold", "threshold, value", flag: 3) { c in
            let (threshold, value) = (try c.double(1), try c.double(2))
            return { (x) throws(TensorError) in try x.threshold(threshold, value) }
        }
        create("gelu", "input, *, approximate='none'") { c in
            let how = try c.text(1)
            guard how == "none" || how == "tanh" else { throw c.vm.runtimeError("approximate argument must be either none or tanh.") }
            return try c.x.gelu(approximateTanh: how == "tanh")
        }
        create("softplus", "input, beta=1.0, threshold=20.0") { c in try c.x.softplus(beta: c.double(1), threshold: c.double(2)) }
        create("softsign", "input") { c in try c.x.softsign() }
        create("softshrink", "input, lambd=0.5") { c in try c.x.softshrink(c.double(1)) }
        create("hardshrink", "input, lambd=0.5") { c in try c.x.hardshrink(c.double(1)) }
        create("tanhshrink", "input") { c in try c.x.sub(try c.x.tanh()) }
        create("logsigmoid", "input") { c in try c.x.logSigmoid() }
        create("sigmoid", "input") { c in try c.x.sigmoid() }
        create("tanh", "input") { c in try c.x.tanh() }
        create("prelu", "input, weight") { c in try c.x.prelu(try c.tensor(1)) }
        for (name, isLog) in [("softmax", false), ("log_softmax", true), ("softmin", false)] {
            create(name, "input, dim=None, _stacklevel=3, dtype=None") { c in
                let x = name == "softmin" ? try c.x.neg() : try c.x
                let dim = try c.intOrNil(1) ?? (x.rank == 0 || x.rank == 1 || x.rank == 3 ? 0 : 1)
                let dtype = try c.dtypeOrNil(3)
                return isLog ? try x.logSoftmax(dim, dtype: dtype) : try x.softmax(dim, dtype: dtype)
            }
        }
        create("glu", "input, dim=-1") { c in
            let halves = try c.x.chunk(2, dim: c.int(1))
            guard halves.count == 2, halves[0].shape == halves[1].shape else {
                throw c.vm.runtimeError("Halving dimension must be even, but dimension \(try c.int(1)) is size \(try c.x.size(c.int(1)))")
            }
            return try halves[0].mul(try halves[1].sigmoid())
        }
        activation("dropout", "p=0.5, training=True", flag: 3) { c in
            let (p, training) = (try c.probability(1), try c.flag(2))
            return { (x) throws(TensorError) in try x.dropout(p, training: training) }
        }
        for name in ["dropout1d", "dropout2d", "dropout3d"] {
            activation(name, "p=0.5, training=True", flag: 3) { c in
                let (p, training) = (try c.probability(1), try c.flag(2))
                return { (x) throws(TensorError) in try x.featureDropout(p, training: training) }
            }
        }
    }

    private func defineFunctionalLayers() {
        create("linear", "input, weight, bias=None") { c in try c.x.linear(try c.tensor(1), try c.tensorOrNil(2)) }
        create("bilinear", "input1, input2, weight, bias=None") { c in
            let (x, y, w) = (try c.x, try c.tensor(1), try c.tensor(2))
            let outer = try x.unsqueeze(-1).mul(try y.unsqueeze(-2)).flatten(-2, -1)
            return try outer.linear(try w.flatten(1, 2), try c.tensorOrNil(3))
        }
        for n in [1, 2, 3] {
            create("conv\(n)d", "input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1") { c in
                var x = try c.x
                let weight = try c.tensor(1)
                var padding = [0]
                let dilation = try c.dims(5, n)
                if c.a[4].isString {
                    let name = try c.text(4)
                    guard name == "same" || name == "valid" else {
                        throw c.vm.runtimeError("Invalid padding string: '\(name)'")
                    }
                    if name == "same" {
                        guard try c.dims(3, n).allSatisfy({ $0 == 1 }) else {
                            throw c.vm.runtimeError("padding='same' is not supported for strided convolutions")
                        }
                        var amounts: [Int] = []
                        for d in stride(from: n - 1, through: 0, by: -1) {
                            let total = dilation[d] * ((weight.rank > d + 2 ? weight.shape[d + 2] : 1) - 1)
                            amounts += [total / 2, total - total / 2]
                        }
                        x = try x.pad(amounts)
                    }
                } else {
                    padding = try c.dims(4, n)
                }
                let p = ConvolutionParameters(stride: try c.dims(3, n), padding: padding, dilation: dilation, groups: try c.int(6))
                return try x.convolution(weight, try c.tensorOrNil(2), p, dimensions: n)
            }
            create("conv_transpose\(n)d", "input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1") { c in
                let p = ConvolutionParameters(
                    stride: try c.dims(3, n), padding: try c.dims(4, n), dilation: try c.dims(7, n), groups: try c.int(6),
                    outputPadding: try c.dims(5, n))
                return try c.x.convolutionTransposed(try c.tensor(1), try c.tensorOrNil(2), p, dimensions: n)
            }
        }
        create("batch_norm", "input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-05") { c in
            try c.x.batchNorm(
                runningMean: try c.tensorOrNil(1), runningVariance: try c.tensorOrNil(2), weight: try c.tensorOrNil(3), bias: try c.tensorOrNil(4),
                training: c.flag(5), momentum: c.double(6), epsilon: c.double(7))
        }
        create("instance_norm", "input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-05") {
            c in
            let x = try c.x
            guard x.rank >= 2 else { throw c.vm.valueError("instance_norm expects a batch and a channel dimension, got \(x.rank)D input") }
            return try x.groupNorm(x.shape[1], weight: try c.tensorOrNil(3), bias: try c.tensorOrNil(4), epsilon: c.double(7))
        }
        create("layer_norm", "input, normalized_shape, weight=None, bias=None, eps=1e-05") { c in
            try c.x.layerNorm(try c.ints(1), weight: try c.tensorOrNil(2), bias: try c.tensorOrNil(3), epsilon: c.double(4))
        }
        create("group_norm", "input, num_groups, weight=None, bias=None, eps=1e-05") { c in
            try c.x.groupNorm(c.int(1), weight: try c.tensorOrNil(2), bias: try c.tensorOrNil(3), epsilon: c.double(4))
        }
        create("embedding", "input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False") { c in
            if c.has(3) { throw c.vm.error("NotImplementedError", "embedding: max_norm is not supported") }
            return try c.tensor(1).embedding(try c.x, paddingIndex: try c.intOrNil(2))
        }
        create("one_hot", "tensor, num_classes=-1") { c in try Functional.oneHot(try c.x, classes: c.int(1)) }
        create("normalize", "input, p=2.0, dim=1, eps=1e-12") { c in
            try Functional.normalize(try c.x, p: c.double(1), dim: c.int(2), epsilon: c.double(3))
        }
        create("cosine_similarity", "x1, x2, dim=1, eps=1e-08") { c in
            try Functional.cosineSimilarity(try c.x, try c.tensor(1), dim: c.int(2), epsilon: c.double(3))
        }
        create("pairwise_distance", "x1, x2, p=2.0, eps=1e-06, keepdim=False") { c in
            try c.x.sub(try c.tensor(1)).add(try .wrapped(.double(c.double(3)))).norm(p: c.double(2), dim: [-1], keepdim: c.flag(4))
        }
    }

    private func defineFunctionalPools() {
        let torch = torch
        for n in [1, 2, 3] {
            function("max_pool\(n)d", "input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False") { c in
                let found = try c.x.maxPool(try c.pool(1, 2, 3, dilation: 4, ceil: 5), dimensions: n)
                return try c.flag(6) ? torch.tuple([found.values, found.indices]) : torch.value(found.values)
            }
            create("avg_pool\(n)d", "input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None") {
                c in
                try c.x.avgPool(try c.pool(1, 2, 3, dilation: nil, ceil: 4), countIncludePad: c.flag(5), divisor: try c.intOrNil(6), dimensions: n)
            }
            create("adaptive_avg_pool\(n)d", "input, output_size") { c in try c.x.adaptiveAvgPool(try c.optionalInts(1), dimensions: n) }
            function("adaptive_max_pool\(n)d", "input, output_size, return_indices=False") { c in
                let found = try c.x.adaptiveMaxPool(try c.optionalInts(1), dimensions: n)
                return try c.flag(2) ? torch.tuple([found.values, found.indices]) : torch.value(found.values)
            }
        }
    }

    private func defineFunctionalShapes() {
        for name in ["interpolate", "upsample"] {
            create(name, "input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False") {
                c in
                let x = try c.x
                var size = try c.intsOrNil(1)
                if size?.count == 1, c.a[1].isInt { size = [Int](repeating: size?[0] ?? 0, count: max(0, x.rank - 2)) }
                if try c.flag(6) { throw c.vm.error("NotImplementedError", "interpolate: antialias=True is not supported") }
                return try Functional.interpolate(x, size: size, scale: try c.doublesOrNil(2), mode: try c.text(3), alignCorners: c.flag(4))
            }
        }
        create("pad", "input, pad, mode='constant', value=None") { c in
            let name = try c.text(2)
            guard let mode = Tensor.PaddingMode(rawValue: name) else {
                throw c.vm.error("NotImplementedError", "Unrecognised padding mode \(name)")
            }
            return try c.x.pad(try c.ints(1), mode: mode, value: try c.scalarOrNil(3) ?? 0)
        }
        create("pixel_shuffle", "input, upscale_factor") { c in
            let (x, r) = (try c.x, try c.int(1))
            guard x.rank >= 3, r > 0, x.shape[x.rank - 3] % (r * r) == 0 else {
                throw c.vm.runtimeError(
                    "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=\(x.rank >= 3 ? x.shape[x.rank - 3] : 0) is not divisible by \(r * r)"
                )
            }
            let lead = Array(x.shape[..<(x.rank - 3)])
            let (channels, h, w) = (x.shape[x.rank - 3] / (r * r), x.shape[x.rank - 2], x.shape[x.rank - 1])
            let k = lead.count
            return try x.reshape(lead + [channels, r, r, h, w]).permute(Array(0..<k) + [k, k + 3, k + 1, k + 4, k + 2]).reshape(
                lead + [channels, h * r, w * r])
        }
        create("pixel_unshuffle", "input, downscale_factor") { c in
            let (x, r) = (try c.x, try c.int(1))
            guard x.rank >= 3, r > 0, x.shape[x.rank - 2] % r == 0, x.shape[x.rank - 1] % r == 0 else {
                throw c.vm.runtimeError("pixel_unshuffle expects height and width to be divisible by downscale_factor")
            }
            let lead = Array(x.shape[..<(x.rank - 3)])
            let (channels, h, w) = (x.shape[x.rank - 3], x.shape[x.rank - 2] / r, x.shape[x.rank - 1] / r)
            let k = lead.count
            return try x.reshape(lead + [channels, h, r, w, r]).permute(Array(0..<k) + [k, k + 2, k + 4, k + 1, k + 3]).reshape(
                lead + [channels * r * r, h, w])
        }
        create("channel_shuffle", "input, groups") { c in
            let (x, groups) = (try c.x, try c.int(1))
            guard x.rank >= 3, groups > 0, x.shape[1] % groups == 0 else {
                throw c.vm.runtimeError(
                    "Number of channels must be divisible by groups. Got \(x.rank > 1 ? x.shape[1] : 0) channels and \(groups) groups.")
            }
            return try x.reshape([x.shape[0], groups, x.shape[1] / groups] + x.shape[2...]).transpose(1, 2).reshape(x.shape)
        }
    }

    private func defineFunctionalLosses() {
        let old = "size_average=None"
        create("cross_entropy", "input, target, weight=None, \(old), ignore_index=-100, reduce=None, reduction='mean', label_smoothing=0.0") { c in
            try c.x.crossEntropy(
                try c.tensor(1), weight: try c.tensorOrNil(2), ignoreIndex: c.int(4), try c.reduction(6, average: 3, reduce: 5),
                labelSmoothing: c.double(7))
        }
        create("nll_loss", "input, target, weight=None, \(old), ignore_index=-100, reduce=None, reduction='mean'") { c in
            try c.x.nllLoss(try c.tensor(1), weight: try c.tensorOrNil(2), ignoreIndex: c.int(4), try c.reduction(6, average: 3, reduce: 5))
        }
        create("mse_loss", "input, target, \(old), reduce=None, reduction='mean'") { c in
            try c.x.mseLoss(try c.tensor(1), try c.reduction(4, average: 2, reduce: 3))
        }
        create("l1_loss", "input, target, \(old), reduce=None, reduction='mean'") { c in
            try c.x.l1Loss(try c.tensor(1), try c.reduction(4, average: 2, reduce: 3))
        }
        create("smooth_l1_loss", "input, target, \(old), reduce=None, reduction='mean', beta=1.0") { c in
            try c.x.smoothL1Loss(try c.tensor(1), try c.reduction(4, average: 2, reduce: 3), beta: c.double(5))
        }
        create("huber_loss", "input, target, reduction='mean', delta=1.0") { c in
            try c.x.huberLoss(try c.tensor(1), try c.reduction(2), delta: c.double(3))
        }
        create("binary_cross_entropy", "input, target, weight=None, \(old), reduce=None, reduction='mean'") { c in
            try c.x.binaryCrossEntropy(try c.tensor(1), weight: try c.tensorOrNil(2), try c.reduction(5, average: 3, reduce: 4))
        }
        create("binary_cross_entropy_with_logits", "input, target, weight=None, \(old), reduce=None, reduction='mean', pos_weight=None") { c in
            try c.x.binaryCrossEntropyWithLogits(
                try c.tensor(1), weight: try c.tensorOrNil(2), posWeight: try c.tensorOrNil(6), try c.reduction(5, average: 3, reduce: 4))
        }
        create("kl_div", "input, target, \(old), reduce=None, reduction='mean', log_target=False") { c in
            let isBatchMean = try c.text(4) == "batchmean"
            return try c.x.klDiv(
                try c.tensor(1), isBatchMean ? .mean : try c.reduction(4, average: 2, reduce: 3), batchMean: isBatchMean, logTarget: c.flag(5))
        }
    }
}
