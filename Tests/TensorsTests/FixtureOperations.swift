import Foundation
import Tensors

typealias FixtureFunction = @Sendable (FixtureCase, [Tensor]) throws -> [Tensor]

private func one(_ f: @escaping @Sendable (FixtureCase, [Tensor]) throws -> Tensor) -> FixtureFunction { { c, x in [try f(c, x)] } }
private func map(_ f: @escaping @Sendable (Tensor) throws -> Tensor) -> FixtureFunction { { _, x in [try f(x[0])] } }
private func zip(_ f: @escaping @Sendable (Tensor, Tensor) throws -> Tensor) -> FixtureFunction { { _, x in [try f(x[0], x[1])] } }
private func bias(_ x: [Tensor]) -> Tensor? { x.count > 2 ? x[2] : nil }
private func pool(_ c: FixtureCase) -> Tensor.PoolParameters {
    .init(kernel: [c.int("kernel_size")], stride: [c.int("stride")], padding: [c.int("padding")], ceilMode: c.flag("ceil_mode"))
}
private func pool3d(_ c: FixtureCase) -> Tensor.PoolParameters {
    func lanes(_ name: String) -> [Int] { c.ints(name) ?? [c.int(name)] }
    return .init(
        kernel: lanes("kernel_size"), stride: lanes("stride"), padding: lanes("padding"), dilation: lanes("dilation"), ceilMode: c.flag("ceil_mode"))
}
private func sizes(_ c: FixtureCase) -> [Int?] { c.positional.map { ($0 as? NSNumber)?.intValue } }

/// The engine's function for every operation named in the fixtures.
let fixtureOperations: [String: FixtureFunction] = arithmeticFixtures.merging(functionFixtures) { a, _ in a }.merging(reductionFixtures) { a, _ in a }
    .merging(shapeFixtures) { a, _ in a }.merging(layerFixtures) { a, _ in a }.merging(lossFixtures) { a, _ in a }

private let arithmeticFixtures: [String: FixtureFunction] = [
    "add": zip { try $0.add($1) }, "sub": zip { try $0.sub($1) }, "mul": zip { try $0.mul($1) },
    "div": one { c, x in try x[0].div(x[1], rounding: c.text("rounding_mode").flatMap { Tensor.Rounding(rawValue: $0) }) },
    "maximum": zip { try $0.maximum($1) }, "minimum": zip { try $0.minimum($1) }, "atan2": zip { try $0.atan2($1) }, "fmod": zip { try $0.fmod($1) },
    "remainder": zip { try $0.remainder($1) }, "pow": zip { try $0.pow($1) }, "eq": zip { try $0.eq($1) }, "ne": zip { try $0.ne($1) },
    "lt": zip { try $0.lt($1) },
    "le": zip { try $0.le($1) }, "gt": zip { try $0.gt($1) }, "ge": zip { try $0.ge($1) }, "logical_and": zip { try $0.logicalAnd($1) },
    "logical_or": zip { try $0.logicalOr($1) }, "logical_xor": zip { try $0.logicalXor($1) }, "bitwise_and": zip { try $0.bitwiseAnd($1) },
    "bitwise_or": zip { try $0.bitwiseOr($1) }, "bitwise_xor": zip { try $0.bitwiseXor($1) },
    "where": one { _, x in try x[0].whereSelect(x[1], x[2]) },
    "masked_fill": one { _, x in try x[0].maskedFill(x[1], x[2]) },
    "addcmul": one { c, x in try x[0].addcmul(x[1], x[2], value: .double(c.double("value") ?? 1)) },
    "addcdiv": one { c, x in try x[0].addcdiv(x[1], x[2], value: .double(c.double("value") ?? 1)) },
    "lerp": one { _, x in try x[0].lerp(x[1], weight: x[2]) },
    "clamp": one { c, x in try x[0].clamp(min: c.double("min").map { .double($0) }, max: c.double("max").map { .double($0) }) },
    "matmul": zip { try $0.matmul($1) }, "bmm": zip { try $0.bmm($1) }, "addmm": one { _, x in try x[0].addmm(x[1], x[2]) },
    "linear": one { _, x in try x[0].linear(x[1], bias(x)) },
]

private let functionFixtures: [String: FixtureFunction] = [
    "neg": map { try $0.neg() }, "abs": map { try $0.abs() }, "sign": map { try $0.sign() }, "square": map { try $0.square() },
    "floor": map { try $0.floor() },
    "ceil": map { try $0.ceil() }, "round": map { try $0.round() }, "trunc": map { try $0.trunc() }, "frac": map { try $0.frac() },
    "exp": map { try $0.exp() },
    "exp2": map { try $0.exp2() }, "expm1": map { try $0.expm1() }, "sin": map { try $0.sin() }, "cos": map { try $0.cos() },
    "tan": map { try $0.tan() },
    "sinh": map { try $0.sinh() }, "cosh": map { try $0.cosh() }, "tanh": map { try $0.tanh() }, "asinh": map { try $0.asinh() },
    "atan": map { try $0.atan() },
    "erf": map { try $0.erf() }, "erfc": map { try $0.erfc() }, "sigmoid": map { try $0.sigmoid() }, "relu": map { try $0.relu() },
    "log": map { try $0.log() },
    "log2": map { try $0.log2() }, "log10": map { try $0.log10() }, "log1p": map { try $0.log1p() }, "sqrt": map { try $0.sqrt() },
    "rsqrt": map { try $0.rsqrt() },
    "reciprocal": map { try $0.reciprocal() }, "acosh": map { try $0.acosh() }, "asin": map { try $0.asin() }, "acos": map { try $0.acos() },
    "atanh": map { try $0.atanh() },
    "isnan": map { try $0.isnan() }, "isinf": map { try $0.isinf() }, "isfinite": map { try $0.isfinite() },
    "leaky_relu": map { try $0.leakyRelu(0.1) },
    "elu": map { try $0.elu(alpha: 1.3) }, "selu": map { try $0.selu() }, "logsigmoid": map { try $0.logSigmoid() }, "silu": map { try $0.silu() },
    "mish": map { try $0.mish() },
    "gelu": map { try $0.gelu() }, "gelu_tanh": map { try $0.gelu(approximateTanh: true) }, "hardswish": map { try $0.hardswish() },
    "hardsigmoid": map { try $0.hardsigmoid() },
    "softplus": map { try $0.softplus() }, "softshrink": map { try $0.softshrink() }, "hardshrink": map { try $0.hardshrink() },
    "relu6": map { try $0.relu6() },
    "hardtanh": map { try $0.hardtanh() }, "softsign": map { try $0.softsign() }, "prelu": zip { try $0.prelu($1) },
    "threshold": map { try $0.threshold(0.1, 20) },
]

private let reductionFixtures: [String: FixtureFunction] = [
    "sum": one { c, x in try x[0].sum(dim: c.dims, keepdim: c.flag("keepdim")) },
    "mean": one { c, x in try x[0].mean(dim: c.dims, keepdim: c.flag("keepdim")) },
    "prod": one { c, x in try x[0].prod(dim: c.int("dim")) }, "prod_all": map { try $0.prod() }, "amax": one { c, x in try x[0].amax(dim: c.dims) },
    "amin": one { c, x in try x[0].amin(dim: c.dims) },
    "max": { c, x in
        let (v, i) = try x[0].max(dim: c.int("dim")); return [v, i]
    },
    "min": { c, x in
        let (v, i) = try x[0].min(dim: c.int("dim")); return [v, i]
    }, "max_all": map { try $0.max() }, "min_all": map { try $0.min() },
    "argmax": one { c, x in try x[0].argmax(dim: c.int("dim")) }, "argmin": one { c, x in try x[0].argmin(dim: c.int("dim")) },
    "argmax_all": map { try $0.argmax() },
    "argmin_all": map { try $0.argmin() }, "any": one { c, x in try x[0].any(dim: c.int("dim")) },
    "all": one { c, x in try x[0].all(dim: c.int("dim")) },
    "any_all": map { try $0.any() }, "all_all": map { try $0.all() }, "cumsum": one { c, x in try x[0].cumsum(c.int("dim")) },
    "cumprod": one { c, x in try x[0].cumprod(c.int("dim")) }, "var": one { c, x in try x[0].variance(dim: c.dims) },
    "std": one { c, x in try x[0].std(dim: c.dims) },
    "var_all": map { try $0.variance() }, "std_all": map { try $0.std() }, "logsumexp": one { c, x in try x[0].logsumexp(dim: c.dims ?? []) },
    "norm": one { c, x in try x[0].norm(p: c.double("p") ?? 2, dim: c.dims) }, "softmax": one { c, x in try x[0].softmax(c.int("dim")) },
    "log_softmax": one { c, x in try x[0].logSoftmax(c.int("dim")) },
    "sort": { c, x in
        let (v, i) = try x[0].sort(c.int("dim")); return [v, i]
    },
    "topk": { c, x in
        let (v, i) = try x[0].topk(c.position(0), dim: c.int("dim")); return [v, i]
    }, "median_all": map { try $0.median() },
    "kthvalue": { c, x in
        let (v, i) = try x[0].kthvalue(c.position(0), dim: c.int("dim")); return [v, i]
    },
    "unique_dim": { c, x in
        let (v, i, n) = try x[0].unique(dim: c.int("dim")); return [v, i, n]
    },
    "unique_consecutive": { c, x in
        let (v, i, n) = try x[0].uniqueConsecutive(dim: c.double("dim").map { Int($0) }); return [v, i, n]
    },
    "unique": { _, x in
        let (v, i, n) = try x[0].unique(); return [v, i, n]
    },
]

private let shapeFixtures: [String: FixtureFunction] = [
    "view": one { c, x in try x[0].view(c.positions(0)) }, "reshape": one { c, x in try x[0].reshape(c.positions(0)) },
    "permute": one { c, x in try x[0].permute(c.positions(0)) },
    "transpose": one { c, x in try x[0].transpose(c.position(0), c.position(1)) }, "unsqueeze": one { c, x in try x[0].unsqueeze(c.position(0)) },
    "expand": one { c, x in try x[0].expand(c.positions(0)) }, "flip": one { c, x in try x[0].flip(c.positions(0)) },
    "roll": one { c, x in try x[0].roll(c.positions(0), c.positions(1)) },
    "repeat": one { c, x in try x[0].repeating(c.positions(0)) }, "tile": one { c, x in try x[0].tile(c.positions(0)) },
    "narrow": one { c, x in try x[0].narrow(c.position(0), c.position(1), c.position(2)) },
    "select": one { c, x in try x[0].select(c.position(0), c.position(1)) },
    "flatten": one { c, x in try x[0].flatten(c.position(0), c.position(1)) },
    "unfold": one { c, x in try x[0].unfold(c.position(0), size: c.position(1), step: c.position(2)) },
    "diagonal": map { try $0.diagonal() }, "triu": map { try $0.triu() }, "tril": one { c, x in try x[0].tril(c.position(0)) },
    "movedim": one { c, x in try x[0].movedim(c.positions(0), c.positions(1)) },
    "squeeze": one { c, x in try x[0].squeeze(c.positional.isEmpty ? nil : [c.position(0)]) },
    "chunk": { c, x in try x[0].chunk(c.position(0), dim: c.position(1)) },
    "split": { c, x in try x[0].split(c.positions(0), dim: c.position(1)) }, "cat": one { c, x in try .cat(x, dim: c.int("dim")) },
    "stack": one { c, x in try .stack(x, dim: c.int("dim")) },
    "pad": one { c, x in
        try x[0].pad(c.positional.compactMap { ($0 as? NSNumber)?.intValue }, mode: Tensor.PaddingMode(rawValue: c.text("mode") ?? "") ?? .constant)
    },
    "index_select": one { c, x in try x[0].indexSelect(c.int("dim"), x[1]) }, "gather": one { c, x in try x[0].gather(c.int("dim"), x[1]) },
    "scatter_add": one { c, x in try x[0].scatterAdd(c.int("dim"), x[1], x[2]) },
    "scatter": one { c, x in try x[0].scatter(c.int("dim"), x[1], x[2]) },
    "index": zip { try $0.subscripted([.tensor($1)]) }, "index_mask": zip { try $0.subscripted([.tensor($1)]) },
    "index_pair": one { _, x in try x[0].subscripted([.tensor(x[1]), .slice(start: nil, stop: nil, step: 1), .tensor(x[2])]) },
    "index_put": one { _, x in try x[0].indexPut([x[1]], x[2]) }, "masked_select": zip { try $0.maskedSelect($1) },
    "setitem": zip { x, v in
        let y = try x.clone(); try y.setSubscript([.slice(start: 1, stop: 3, step: 1), .integer(0)], v); return y
    },
    "embedding": zip { try $0.embedding($1) },
    "inplace_view": zip { x, v in
        let y = try x.clone(); _ = try y.select(0, 1).mul_(v); return try y.mul(y)
    },
]

private let layerFixtures: [String: FixtureFunction] = [
    "conv1d": one { c, x in try x[0].conv1d(x[1], bias(x), stride: [c.int("stride")], padding: [c.int("padding")]) },
    "conv2d": one { c, x in
        try x[0].conv2d(x[1], bias(x), stride: [c.int("stride")], padding: [c.int("padding")], dilation: [c.int("dilation")], groups: c.int("groups"))
    },
    "conv3d": one { c, x in try x[0].conv3d(x[1], bias(x), stride: [c.int("stride")], padding: [c.int("padding")]) },
    "conv_transpose2d": one { c, x in
        try x[0].convolutionTransposed(
            x[1], bias(x),
            .init(
                stride: [c.int("stride")], padding: [c.int("padding")], dilation: [1], groups: c.int("groups"),
                outputPadding: [c.int("output_padding")]), dimensions: 2)
    },
    "batch_norm": one { c, x in
        let training = c.flag("training")
        return try x[0].batchNorm(
            runningMean: try .full([x[1].count], training ? 0.0 : 0.3), runningVariance: try .full([x[1].count], training ? 1.0 : 1.7), weight: x[1],
            bias: x[2], training: training)
    },
    "layer_norm": one { _, x in try x[0].layerNorm([4, 5], weight: x[1], bias: x[2]) },
    "group_norm": one { c, x in try x[0].groupNorm(c.int("groups"), weight: x[1], bias: x[2]) },
    "max_pool2d": one { c, x in try x[0].maxPool(pool(c)).values },
    "avg_pool2d": one { c, x in try x[0].avgPool(pool(c), countIncludePad: !c.flag("exclude")) },
    "max_pool1d": one { c, x in try x[0].maxPool(pool(c), dimensions: 1).values },
    "adaptive_avg_pool2d": one { c, x in try x[0].adaptiveAvgPool(sizes(c)) },
    "max_pool3d": { c, x in
        let (v, i) = try x[0].maxPool(pool3d(c), dimensions: 3); return [v, i]
    },
    "avg_pool3d": one { c, x in
        try x[0].avgPool(pool3d(c), countIncludePad: !c.flag("exclude"), divisor: c.double("divisor").map { Int($0) }, dimensions: 3)
    },
    "adaptive_avg_pool3d": one { c, x in try x[0].adaptiveAvgPool(sizes(c), dimensions: 3) },
    "adaptive_max_pool3d": { c, x in
        let (v, i) = try x[0].adaptiveMaxPool(sizes(c), dimensions: 3); return [v, i]
    },
    "adaptive_max_pool2d": one { c, x in try x[0].adaptiveMaxPool(sizes(c)).values },
    "interpolate": one { c, x in
        let mode = Tensor.InterpolationMode(rawValue: c.text("mode") ?? "") ?? .nearest
        if let size = c.ints("size") { return try x[0].interpolate(size: size, mode: mode, alignCorners: c.flag("align_corners")) }
        let scale = c.double("scale_factor") ?? 1
        return try x[0].interpolate(size: x[0].shape[2...].map { Int(Double($0) * scale) }, scales: [scale], mode: mode)
    },
]

private let lossFixtures: [String: FixtureFunction] = [
    "mse_loss": one { c, x in try x[0].mseLoss(x[1], c.reduction) }, "l1_loss": one { c, x in try x[0].l1Loss(x[1], c.reduction) },
    "smooth_l1_loss": one { c, x in try x[0].smoothL1Loss(x[1], c.reduction) }, "huber_loss": one { c, x in try x[0].huberLoss(x[1], c.reduction) },
    "cross_entropy": one { c, x in try x[0].crossEntropy(x[1], c.reduction, labelSmoothing: c.double("label_smoothing") ?? 0) },
    "cross_entropy_weight": one { c, x in
        try x[0].crossEntropy(x[1], weight: x[2].detach(), c.reduction, labelSmoothing: c.double("label_smoothing") ?? 0)
    },
    "nll_loss": one { c, x in try x[0].nllLoss(x[1], c.reduction) }, "bce": one { c, x in try x[0].binaryCrossEntropy(x[1].detach(), c.reduction) },
    "bce_logits": one { c, x in try x[0].binaryCrossEntropyWithLogits(x[1].detach(), c.reduction) },
    "kl_div": one { c, x in try x[0].klDiv(x[1], c.reduction) },
]
