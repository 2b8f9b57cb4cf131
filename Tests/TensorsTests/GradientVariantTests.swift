import EngineTestSupport
import Tensors
import Testing

/// Rules with branches: every case of parameters, shapes and reductions that takes another path, against central differences.
@Suite(.takingTurns) struct GradientVariantTests {
    private struct List {
        var rules: [Rule] = []
        mutating func add(_ name: String, _ operands: Tensor..., function: @escaping ([Tensor]) throws -> Tensor) {
            rules.append(Rule(operation: .custom, name: name, operands: operands, function: function))
        }
    }

    private func agree(_ fill: (inout List) throws -> Void) throws {
        var list = List()
        try fill(&list)
        for rule in list.rules { try expectAgreement(rule, elements: 60) }
    }

    @Test func arithmetic() throws {
        let (a, b, positive) = (try values([3, 4]), try values([3, 4], seed: 2), try values([3, 4], 0.3, 2))
        try agree { list in
            for exponent in [0.0, 1, 2, 3, -1, -2, 0.5] { list.add("pow \(exponent)", positive) { try $0[0].pow(try number(exponent)) } }
            list.add("one operand twice", a) { try $0[0].mul($0[0]).add($0[0]).sub($0[0], alpha: 3) }
            list.add("div by a number", a) { try $0[0].div(try number(3)) }
            list.add("number over tensor", positive) { try number(2).div($0[0]) }
            list.add("square", a) { try $0[0].square() }
            try list.add("broadcast both ways", values([3, 1]), values([1, 4], 0.5, 1)) { try $0[0].div($0[1]).mul($0[1]).sub($0[1]) }
            try list.add("0-d and matrix", values([], 0.5, 1), a) { try $0[0].mul($0[1]).add($0[0]) }
            list.add("clamp below", a) { try $0[0].clamp(min: 0.13) }
            list.add("clamp by tensors", a, b) { try $0[0].clamp(min: $0[1], max: nil) }
            list.add("addcmul in place", a, b, positive) {
                let y = try $0[0].clone(); _ = try y.addcmul_($0[1], $0[2], value: 0.5); return y
            }
            list.add("in place on a view", a, b) {
                let y = try $0[0].clone(); _ = try y.t().narrow(0, 1, 2).mul_($0[1].t().narrow(0, 0, 2)); return y
            }
            list.add("lerp by a number", a, b) { try $0[0].lerp($0[1], weight: try number(0.3)) }
        }
    }

    @Test func activations() throws {
        let a = try values([3, 4])
        try agree { list in
            list.add("gelu tanh", a) { try $0[0].gelu(approximateTanh: true) }
            list.add("selu", a) { try $0[0].selu() }
            list.add("elu scaled", a) { try $0[0].elu(alpha: 0.7, scale: 1.3) }
            list.add("relu6", a) { try $0[0].mul(try number(5)).relu6() }
            list.add("softplus beta", a) { try $0[0].softplus(beta: 2, threshold: 1) }
            list.add("softsign", a) { try $0[0].softsign() }
            list.add("relu in place", a) {
                let y = try $0[0].clone(); return try y.relu_()
            }
            list.add("hardtanh in place", a) {
                let y = try $0[0].clone(); return try y.hardtanh_(-0.5, 0.8)
            }
            list.add("sigmoid in place", a) {
                let y = try $0[0].clone(); return try y.applyInPlace { (x) throws(TensorError) in try x.sigmoid() }
            }
            try list.add("prelu, one slope", a, values([1], 0.1, 0.5)) { try $0[0].prelu($0[1]) }
            try list.add("prelu per channel", values([2, 3, 2, 2]), values([3], 0.1, 0.5)) { try $0[0].prelu($0[1]) }
            list.add("softmax dim 0", a) { try $0[0].softmax(0) }
            list.add("logSoftmax dim 1", a) { try $0[0].logSoftmax(1) }
            for p in [0.3, 0.0, 1.0] {
                list.add("dropout \(p)", a) {
                    EngineState.defaultGenerator.manualSeed(4)
                    return try $0[0].dropout(p)
                }
            }
            try list.add("feature dropout", values([2, 3, 2, 2])) {
                EngineState.defaultGenerator.manualSeed(4)
                return try $0[0].featureDropout(0.5)
            }
        }
    }

    @Test func reductions() throws {
        let a = try values([3, 4])
        let cube = try values([2, 3, 4])
        let zeros = try Tensor.from([0.5, 0, 2, -1, 0, 0, 1, 3, 2, 0.7, 1.1, -2], [3, 4], dtype: .float64)
        try agree { list in
            list.add("sum of two dims", cube) { try $0[0].sum(dim: [0, -1], keepdim: true) }
            list.add("mean of two dims", cube) { try $0[0].mean(dim: [1, 2]) }
            list.add("prod of all", a) { try $0[0].prod() }
            list.add("prod kept", cube) { try $0[0].prod(dim: 1, keepdim: true) }
            list.add("prod with zeros", zeros) { try $0[0].prod(dim: 0) }
            for correction in [0.0, 1, 2] {
                list.add("variance correction \(correction)", cube) { try $0[0].variance(dim: [0, 2], correction: correction) }
                list.add("std correction \(correction)", cube) { try $0[0].std(correction: correction) }
            }
            for p in [0, 0.5, 1, 2, 3, Double.infinity, -Double.infinity] {
                try list.add("norm \(p)", values([3, 4], 0.3, 2)) { try $0[0].norm(p: p, dim: [1], keepdim: true) }
                list.add("norm \(p) of all", a) { try $0[0].norm(p: p) }
            }
            list.add("logsumexp of two dims", cube) { try $0[0].logsumexp(dim: [0, 2], keepdim: true) }
            list.add("max kept", cube) { try $0[0].max(dim: 1, keepdim: true).values }
            list.add("amax of two dims", cube) { try $0[0].amax(dim: [0, 1]) }
            list.add("amin kept", cube) { try $0[0].amin(dim: [2], keepdim: true) }
            list.add("median of all", a) { try $0[0].median() }
            list.add("median along", a) { try $0[0].median(dim: 1).values }
            list.add("kthvalue", a) { try $0[0].kthvalue(2, dim: 1, keepdim: true).values }
            list.add("sort descending", a) { try $0[0].sort(0, descending: true).values }
            list.add("topk smallest", a) { try $0[0].topk(2, dim: 0, largest: false).values }
            list.add("cummax", a) { try $0[0].cummax(1).values }
            list.add("cummin", a) { try $0[0].cummin(0).values }
            list.add("cumsum dim 0", cube) { try $0[0].cumsum(0) }
            list.add("cumprod dim 0", cube) { try $0[0].cumprod(0) }
            list.add("cumprod with zeros", zeros) { try $0[0].cumprod(1) }
        }
    }

    @Test func products() throws {
        let a = try values([3, 4])
        try agree { list in
            try list.add("matmul of batches", values([2, 1, 3, 4]), values([5, 4, 2])) { try $0[0].matmul($0[1]) }
            try list.add("vector times matrix", values([3]), a) { try $0[0].matmul($0[1]) }
            try list.add("batch times vector", values([2, 3, 4]), values([4])) { try $0[0].matmul($0[1]) }
            try list.add("transposed operands", values([4, 3]), values([2, 4])) { try $0[0].t().mm($0[1].t()) }
            try list.add("linear", a, values([2, 4]), values([2])) { try $0[0].linear($0[1], $0[2]) }
            try list.add("linear of three dims", values([2, 3, 4]), values([2, 4])) { try $0[0].linear($0[1]) }
            try list.add("addmm with a matrix", values([3, 2]), a, values([4, 2])) { try $0[0].addmm($0[1], $0[2]) }
            try list.add("outer", values([3]), values([4], seed: 3)) { try $0[0].outer($0[1]) }
            try list.add("large product", values([40, 33]), values([33, 37], seed: 3)) { try $0[0].mm($0[1]) }
        }
    }

    @Test func movement() throws {
        let a = try values([3, 4])
        let cube = try values([2, 3, 4])
        let mask = try a.gt(try number(0.2))
        try agree { list in
            list.add("narrow", cube) { try $0[0].narrow(2, 1, 2) }
            list.add("movedim", cube) { try $0[0].movedim([0], [2]) }
            list.add("overlapping strides", a) { try $0[0].asStrided([3, 2], [2, 2], offset: 1) }
            list.add("diagonal above", cube) { try $0[0].diagonal(offset: 1, 1, 2) }
            list.add("overlapping windows", a) { try $0[0].unfold(1, size: 3, step: 1) }
            list.add("uneven split", a) { try $0[0].split([1, 3], dim: 1)[1].mul(try $0[0].split(3, dim: 1)[1]) }
            list.add("chunk", cube) { try $0[0].chunk(2, dim: 2)[1] }
            list.add("strided slice", a) { try $0[0].slice(0, start: 1, end: 3, step: 2) }
            list.add("maskedSelect", a) { try $0[0].maskedSelect(mask) }
            list.add("index by two tensors", cube) { try $0[0].index([try .from(integers: [0, 1, 1]), nil, try .from(integers: [3, 0, 3])]) }
            list.add("index with repeats", a) { try $0[0].index([try .from(integers: [2, 2, 0])]) }
            try list.add("indexPut accumulating", a, values([3, 4], seed: 4)) {
                try $0[0].indexPut([try .from(integers: [0, 2, 0])], $0[1], accumulate: true)
            }
            try list.add("subscript written", a, values([2, 4], seed: 4)) {
                let y = try $0[0].clone()
                try y.setSubscript([.slice(start: 1, stop: 3, step: 1)], $0[1])
                return y
            }
            list.add("scatter a number", a) { try $0[0].scatter(0, try .from(integers: [0, 2], [1, 2]), try number(3)) }
            try list.add("scatterAdd with repeats", a, values([3, 2], seed: 4)) {
                try $0[0].scatterAdd(1, try .from(integers: [0, 0, 3, 1, 2, 2], [3, 2]), $0[1])
            }
            try list.add("indexAdd scaled", a, values([3, 2], seed: 4)) { try $0[0].indexAdd(1, try .from(integers: [3, 0]), $0[1], alpha: 2) }
            list.add("repeat with new dims", a) { try $0[0].repeating([2, 1, 3]) }
            list.add("repeatInterleave", a) { try $0[0].repeatInterleave(2, dim: 1) }
            list.add("flip of two dims", cube) { try $0[0].flip([0, 2]) }
            list.add("roll of all", a) { try $0[0].roll([5]) }
            list.add("triu above", cube) { try $0[0].triu(1) }
            list.add("tril below", cube) { try $0[0].tril(-1) }
            try list.add("cat of three", a, values([3, 1]), values([3, 2], seed: 3)) { try .cat($0, dim: 1) }
            list.add("pad with a value", cube) { try $0[0].pad([1, -1, 2, 0], value: 3) }
            try list.add("reflect two dims", values([1, 2, 4, 5])) { try $0[0].pad([2, 1, 1, 3], mode: .reflect) }
            list.add("replicate", cube) { try $0[0].pad([2, 1], mode: .replicate) }
            try list.add("circular two dims", values([1, 2, 4, 5])) { try $0[0].pad([2, 1, 1, 3], mode: .circular) }
        }
        // The padding row of an embedding gets no gradient: not a matter of differences.
        let table = try a.clone()
        try table.setRequiresGrad(true)
        try table.embedding(try .from(integers: [0, 2, 2, 1]), paddingIndex: 2).sum().backward()
        #expect(try #require(table.grad).doubles() == [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0])
    }

    @Test func convolutions() throws {
        let image = try values([2, 4, 6, 5])
        try agree { list in
            try list.add("one dimension", values([2, 3, 7]), values([4, 3, 3]), values([4])) {
                try $0[0].conv1d($0[1], $0[2], stride: [2], padding: [1])
            }
            try list.add("three dimensions", values([1, 2, 4, 3, 5]), values([2, 2, 2, 3, 2])) { try $0[0].conv3d($0[1], padding: [1, 1, 0]) }
            try list.add("dilated", image, values([3, 4, 3, 2]), values([3])) { try $0[0].conv2d($0[1], $0[2], padding: [2, 1], dilation: [2]) }
            try list.add("grouped and dilated", image, values([4, 2, 3, 3])) { try $0[0].conv2d($0[1], padding: [2], dilation: [2], groups: 2) }
            try list.add("1x1 with stride", image, values([3, 4, 1, 1]), values([3])) { try $0[0].conv2d($0[1], $0[2], stride: [2]) }
            try list.add("1x1", image, values([9, 4, 1, 1])) { try $0[0].conv2d($0[1]) }
            try list.add("1x1 over many pixels", values([4, 3, 20, 21]), values([5, 3, 1, 1]), values([5])) { try $0[0].conv2d($0[1], $0[2]) }
            try list.add("depthwise 5x5", values([1, 8, 6, 7]), values([8, 1, 5, 5]), values([8])) {
                try $0[0].conv2d($0[1], $0[2], padding: [2], groups: 8)
            }
            try list.add("depthwise, two per group", values([1, 4, 5, 5]), values([8, 1, 3, 3])) { try $0[0].conv2d($0[1], padding: [1], groups: 4) }
            // Images so small that most taps only see padding.
            try list.add("3x3 on 1x1", values([5, 4, 1, 1]), values([6, 4, 3, 3])) { try $0[0].conv2d($0[1], padding: [1]) }
            try list.add("3x3 on 2x2, stride 2", values([5, 4, 2, 2]), values([6, 4, 3, 3]), values([6])) {
                try $0[0].conv2d($0[1], $0[2], stride: [2], padding: [1])
            }
            try list.add("7x7 on 2x3", values([3, 2, 2, 3]), values([4, 2, 7, 7])) { try $0[0].conv2d($0[1], padding: [3]) }
            try list.add("dilated on 2x2", values([3, 4, 2, 2]), values([4, 2, 3, 3])) {
                try $0[0].conv2d($0[1], padding: [2], dilation: [2], groups: 2)
            }
            try list.add("only padding", values([2, 2, 1, 1]), values([3, 2, 2, 2]), values([3])) {
                try $0[0].conv2d($0[1], $0[2], stride: [3], padding: [2])
            }
            try list.add("transposed, one dimension", values([2, 3, 5]), values([3, 2, 3]), values([2])) {
                try $0[0].convolutionTransposed($0[1], $0[2], .init(stride: [2], padding: [1], dilation: [1], outputPadding: [1]), dimensions: 1)
            }
            try list.add("transposed, grouped, dilated", image, values([4, 3, 2, 3])) {
                try $0[0].convolutionTransposed($0[1], nil, .init(stride: [1], padding: [1], dilation: [2], groups: 2), dimensions: 2)
            }
            try list.add("one sample", values([4, 5, 5]), values([2, 4, 3, 3])) { try $0[0].conv2d($0[1]) }
        }
    }

    @Test func normalisations() throws {
        let image = try values([3, 4, 5, 2])
        let (scale, shift) = (try values([4], 0.5, 1.5), try values([4], seed: 5))
        func running() throws -> (Tensor, Tensor) { (try values([4], -0.3, 0.3), try values([4], 0.5, 2)) }
        try agree { list in
            list.add("batchNorm without weight", image) {
                try $0[0].batchNorm(runningMean: nil, runningVariance: nil, weight: nil, bias: nil, training: true)
            }
            list.add("batchNorm evaluating", image, scale, shift) {
                let (mean, variance) = try running()
                return try $0[0].batchNorm(runningMean: mean, runningVariance: variance, weight: $0[1], bias: $0[2], training: false)
            }
            try list.add("batchNorm of rows", values([7, 4]), scale, shift) {
                try $0[0].batchNorm(runningMean: nil, runningVariance: nil, weight: $0[1], bias: $0[2], training: true)
            }
            try list.add("batchNorm of sequences", values([3, 4, 5]), scale) {
                try $0[0].batchNorm(runningMean: nil, runningVariance: nil, weight: $0[1], bias: nil, training: true)
            }
            try list.add("layerNorm of two dims", image, values([5, 2], 0.5, 1.5), values([5, 2])) {
                try $0[0].layerNorm([5, 2], weight: $0[1], bias: $0[2])
            }
            list.add("groupNorm scaled", image, scale, shift) { try $0[0].groupNorm(2, weight: $0[1], bias: $0[2]) }
            for (name, sizes, groups, padding) in [
                ("pointwise", [8, 4, 1, 1], 1, 0), ("depthwise", [8, 1, 3, 3], 8, 1), ("general", [8, 4, 3, 3], 1, 1),
            ] {
                let input = groups == 8 ? try values([3, 8, 5, 2]) : image
                for training in [true, false] {
                    for clamp in ["none", "relu", "relu6", "relu in place"] {
                        try list.add(
                            "\(name) convolution, batchNorm, \(clamp), training \(training)", input, values(sizes, seed: 2), values([8], seed: 7),
                            values([8], 0.5, 1.5),
                            values([8], seed: 5)
                        ) {
                            let y = try $0[0].conv2d($0[1], $0[2], padding: [padding], groups: groups)
                            let z = try y.batchNorm(
                                runningMean: try values([8], -0.3, 0.3), runningVariance: try values([8], 0.5, 2), weight: $0[3], bias: $0[4],
                                training: training)
                            switch clamp {
                            case "relu": return try z.relu()
                            case "relu6": return try z.relu6()
                            case "relu in place": return try z.relu_()
                            default: return z
                            }
                        }
                    }
                    try list.add(
                        "\(name) joined, training \(training)", input, values(sizes, seed: 2), values([8], seed: 7), values([8], 0.5, 1.5),
                        values([8], seed: 5)
                    ) {
                        try $0[0].convolutionBatchNorm(
                            $0[1], $0[2], .init(stride: [1], padding: [padding], dilation: [1], groups: groups),
                            runningMean: try values([8], -0.3, 0.3),
                            runningVariance: try values([8], 0.5, 2), scale: $0[3], bias: $0[4], training: training, momentum: 0.1, epsilon: 1e-5,
                            range: .relu)
                    }
                }
            }
        }
    }

    @Test func poolsAndResizing() throws {
        let image = try values([2, 3, 6, 5])
        let volume = try values([1, 2, 4, 3, 5])
        let sequence = try values([2, 3, 7])
        try agree { list in
            list.add("maxPool padded", image) { try $0[0].maxPool(.init(kernel: [3], stride: [2], padding: [1])).values }
            list.add("maxPool dilated, ceil", image) { try $0[0].maxPool(.init(kernel: [2], stride: [2], dilation: [2], ceilMode: true)).values }
            list.add("maxPool of sequences", sequence) { try $0[0].maxPool(.init(kernel: [3], stride: [1]), dimensions: 1).values }
            list.add("maxPool of volumes", volume) { try $0[0].maxPool(.init(kernel: [2], stride: [1]), dimensions: 3).values }
            list.add("avgPool without padding counted", image) {
                try $0[0].avgPool(.init(kernel: [3], stride: [2], padding: [1]), countIncludePad: false)
            }
            list.add("avgPool with a divisor", image) { try $0[0].avgPool(.init(kernel: [2], ceilMode: true), divisor: 3) }
            list.add("avgPool of sequences", sequence) { try $0[0].avgPool(.init(kernel: [3], stride: [2]), dimensions: 1) }
            list.add("avgPool of volumes", volume) { try $0[0].avgPool(.init(kernel: [2]), dimensions: 3) }
            list.add("adaptive average to one", image) { try $0[0].adaptiveAvgPool([1, 1]) }
            list.add("adaptive average of sequences", sequence) { try $0[0].adaptiveAvgPool([3], dimensions: 1) }
            list.add("adaptive maximum of sequences", sequence) { try $0[0].adaptiveMaxPool([3], dimensions: 1).values }
            for mode in [Tensor.InterpolationMode.nearest, .nearestExact, .bicubic, .bilinear, .area] {
                list.add("\(mode.rawValue) larger", image) { try $0[0].interpolate(size: [9, 8], mode: mode) }
                list.add("\(mode.rawValue) smaller", image) { try $0[0].interpolate(size: [4, 2], mode: mode) }
            }
            list.add("bilinear, corners aligned", image) { try $0[0].interpolate(size: [9, 8], mode: .bilinear, alignCorners: true) }
            list.add("bicubic, corners aligned", image) { try $0[0].interpolate(size: [4, 8], mode: .bicubic, alignCorners: true) }
            list.add("linear", sequence) { try $0[0].interpolate(size: [10], mode: .linear) }
            list.add("trilinear", volume) { try $0[0].interpolate(size: [5, 4, 3], mode: .trilinear) }
            list.add("nearest of sequences", sequence) { try $0[0].interpolate(size: [4], mode: .nearest) }
        }
    }

    @Test func losses() throws {
        let (a, b) = (try values([3, 4]), try values([3, 4], seed: 2))
        let share = try values([3, 4], 0.1, 0.9, seed: 2)
        let labels = try Tensor.from(integers: [1, 3, 0])
        let weight = try values([4], 0.5, 2)
        try agree { list in
            for reduction in [LossReduction.none, .sum, .mean] {
                list.add("mse \(reduction)", a, b) { try $0[0].mseLoss($0[1], reduction) }
                list.add("l1 \(reduction)", a, b) { try $0[0].l1Loss($0[1], reduction) }
                list.add("smooth l1 \(reduction)", a, b) { try $0[0].smoothL1Loss($0[1], reduction, beta: 0.3) }
                list.add("smooth l1, beta 0 \(reduction)", a, b) { try $0[0].smoothL1Loss($0[1], reduction, beta: 0) }
                list.add("huber \(reduction)", a, b) { try $0[0].huberLoss($0[1], reduction, delta: 0.7) }
                try list.add("bce \(reduction)", values([3, 4], 0.2, 0.8), share) { try $0[0].binaryCrossEntropy($0[1], weight: weight, reduction) }
                list.add("bce with logits \(reduction)", a, share) {
                    try $0[0].binaryCrossEntropyWithLogits($0[1], weight: weight, posWeight: weight, reduction)
                }
                try list.add("kl \(reduction)", a, values([3, 4], 0.3, 2)) { try $0[0].klDiv($0[1], reduction) }
                list.add("kl of logarithms \(reduction)", a, b) { try $0[0].klDiv($0[1], reduction, logTarget: true) }
                list.add("nll \(reduction)", a) { try $0[0].nllLoss(labels, weight: weight, ignoreIndex: 3, reduction) }
                list.add("cross entropy \(reduction)", a) {
                    try $0[0].crossEntropy(labels, weight: weight, ignoreIndex: 3, reduction, labelSmoothing: 0.2)
                }
                list.add("cross entropy of shares \(reduction)", a, share) {
                    try $0[0].crossEntropy($0[1], weight: weight, reduction, labelSmoothing: 0.1)
                }
                try list.add("cross entropy of images \(reduction)", values([2, 3, 2, 2])) {
                    try $0[0].crossEntropy(try .from(integers: [0, 2, 1, 1, 2, 2, 0, 1], [2, 2, 2]), reduction)
                }
            }
        }
    }
}
