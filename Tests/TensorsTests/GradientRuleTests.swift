import EngineTestSupport
import Tensors
import Testing

@Suite(.takingTurns) struct GradientRuleTests {
    private func rules() throws -> [Rule] {
        let a = try values([3, 4])
        let b = try values([3, 4], seed: 2)
        let positive = try values([3, 4], 0.3, 2)
        let unit = try values([3, 4], -0.8, 0.8)
        let image = try values([2, 4, 5, 6])
        let index = try Tensor.from(integers: [0, 2, 1, 1, 0, 2, 2, 0], [2, 4])
        let mask = try a.gt(try number(0.2))
        let labels = try Tensor.from(integers: [1, 3, 0])
        var list: [Rule] = []
        func unary(_ op: Operation, _ x: Tensor, _ f: @escaping (Tensor) throws -> Tensor) {
            list.append(Rule(operation: op, operands: [x]) { try f($0[0]) })
        }
        func binary(_ op: Operation, _ x: Tensor, _ y: Tensor, _ f: @escaping (Tensor, Tensor) throws -> Tensor) {
            list.append(Rule(operation: op, operands: [x, y]) { try f($0[0], $0[1]) })
        }
        func several(_ op: Operation, _ x: [Tensor], _ f: @escaping ([Tensor]) throws -> Tensor) {
            list.append(Rule(operation: op, operands: x, function: f))
        }
        try binary(.add, a, values([4])) { try $0.add($1, alpha: 1.5) }
        binary(.sub, a, b) { try $0.sub($1) }
        try binary(.mul, a, values([3, 1])) { try $0.mul($1) }
        binary(.div, a, positive) { try $0.div($1) }
        unary(.pow, positive) { try $0.pow(try number(2.5)) }
        binary(.powTensor, positive, b) { try $0.pow($1) }
        binary(.remainder, a, positive) { try $0.remainder($1) }
        binary(.fmod, a, positive) { try $0.fmod($1) }
        binary(.maximum, a, b) { try $0.maximum($1) }
        binary(.minimum, a, b) { try $0.minimum($1) }
        binary(.atan2, a, positive) { try $0.atan2($1) }
        unary(.neg, a) { try $0.neg() }
        unary(.abs, a) { try $0.abs() }
        unary(.reciprocal, positive) { try $0.reciprocal() }
        unary(.sqrt, positive) { try $0.sqrt() }
        unary(.rsqrt, positive) { try $0.rsqrt() }
        unary(.clamp, a) { try $0.clamp(min: -0.7, max: 0.9) }
        binary(.whereSelect, a, b) { try mask.whereSelect($0, $1) }
        several(.addcmul, [a, b, positive]) { try $0[0].addcmul($0[1], $0[2], value: 0.7) }
        several(.addcdiv, [a, b, positive]) { try $0[0].addcdiv($0[1], $0[2], value: 0.7) }
        several(.lerp, [a, b, unit]) { try $0[0].lerp($0[1], weight: $0[2]) }
        unary(.sign, a) { try $0.sign() }
        unary(.floor, a) { try $0.floor() }
        unary(.ceil, a) { try $0.ceil() }
        unary(.round, a) { try $0.round() }
        unary(.trunc, a) { try $0.trunc() }
        unary(.frac, a) { try $0.frac() }
        unary(.exp, a) { try $0.exp() }
        unary(.exp2, a) { try $0.exp2() }
        unary(.expm1, a) { try $0.expm1() }
        unary(.log, positive) { try $0.log() }
        unary(.log2, positive) { try $0.log2() }
        unary(.log10, positive) { try $0.log10() }
        unary(.log1p, positive) { try $0.log1p() }
        unary(.sin, a) { try $0.sin() }
        unary(.cos, a) { try $0.cos() }
        unary(.tan, unit) { try $0.tan() }
        unary(.asin, unit) { try $0.asin() }
        unary(.acos, unit) { try $0.acos() }
        unary(.atan, a) { try $0.atan() }
        unary(.sinh, a) { try $0.sinh() }
        unary(.cosh, a) { try $0.cosh() }
        unary(.tanh, a) { try $0.tanh() }
        unary(.asinh, a) { try $0.asinh() }
        try unary(.acosh, values([3, 4], 1.3, 3)) { try $0.acosh() }
        unary(.atanh, unit) { try $0.atanh() }
        unary(.erf, a) { try $0.erf() }
        unary(.erfc, a) { try $0.erfc() }
        unary(.relu, a) { try $0.relu() }
        unary(.hardtanh, a) { try $0.hardtanh(-1, 1) }
        unary(.leakyRelu, a) { try $0.leakyRelu(0.2) }
        unary(.elu, a) { try $0.elu(alpha: 1.2) }
        unary(.sigmoid, a) { try $0.sigmoid() }
        unary(.logSigmoid, a) { try $0.logSigmoid() }
        unary(.silu, a) { try $0.silu() }
        unary(.mish, a) { try $0.mish() }
        unary(.gelu, a) { try $0.gelu() }
        try unary(.hardswish, values([3, 4], -4, 4)) { try $0.hardswish() }
        try unary(.hardsigmoid, values([3, 4], -4, 4)) { try $0.hardsigmoid() }
        unary(.softplus, a) { try $0.softplus() }
        unary(.softshrink, a) { try $0.softshrink(0.33) }
        unary(.hardshrink, a) { try $0.hardshrink(0.33) }
        unary(.threshold, a) { try $0.threshold(0.11, 5) }
        try binary(.prelu, a, values([4], 0.1, 0.5)) { try $0.prelu($1) }
        unary(.softmax, a) { try $0.softmax(1) }
        unary(.logSoftmax, a) { try $0.logSoftmax(0) }
        unary(.sum, a) { try $0.sum(dim: [1]) }
        unary(.sumAll, a) { try $0.sum() }
        unary(.mean, a) { try $0.mean(dim: [0]) }
        unary(.meanAll, a) { try $0.mean() }
        unary(.prod, a) { try $0.prod(dim: 1) }
        unary(.maxAll, a) { try $0.max() }
        unary(.minAll, a) { try $0.min() }
        unary(.maxDim, a) { try $0.max(dim: 1).values }
        unary(.minDim, a) { try $0.min(dim: 0).values }
        unary(.amax, a) { try $0.amax(dim: [1]) }
        unary(.amin, a) { try $0.amin(dim: [0]) }
        unary(.variance, a) { try $0.variance(dim: [1]) }
        unary(.std, a) { try $0.std(dim: [0]) }
        unary(.norm, a) { try $0.norm(p: 3, dim: [1]) }
        unary(.logsumexp, a) { try $0.logsumexp(dim: [1]) }
        unary(.cumsum, a) { try $0.cumsum(1) }
        unary(.cumprod, a) { try $0.cumprod(1) }
        unary(.cummax, a) { try $0.cummax(1).values }
        unary(.cummin, a) { try $0.cummin(0).values }
        try binary(.mm, a, values([4, 2])) { try $0.mm($1) }
        try binary(.bmm, values([2, 3, 4]), values([2, 4, 2], seed: 3)) { try $0.bmm($1) }
        try binary(.mv, a, values([4])) { try $0.mv($1) }
        try binary(.dot, values([5]), values([5], seed: 2)) { try $0.dot($1) }
        try several(.addmm, [values([2]), a, values([4, 2], seed: 2)]) { try $0[0].addmm($0[1], $0[2], beta: 0.5, alpha: 1.5) }
        unary(.view, a) { try $0.view([2, 6]) }
        unary(.unsafeView, a) { try $0.t().reshape([12]) }
        unary(.permute, a) { try $0.permute([1, 0]) }
        unary(.transpose, a) { try $0.transpose(0, 1) }
        unary(.transposeMatrix, a) { try $0.t() }
        try unary(.expand, values([3, 1])) { try $0.expand([2, 3, 4]) }
        try unary(.squeeze, values([1, 3, 1])) { try $0.squeeze() }
        try unary(.squeezeDim, values([1, 3])) { try $0.squeeze([0]) }
        unary(.unsqueeze, a) { try $0.unsqueeze(1) }
        unary(.select, a) { try $0.select(1, 2) }
        unary(.slice, a) { try $0.slice(1, start: 0, end: 4, step: 2) }
        unary(.split, a) { try $0.split(2, dim: 1)[1] }
        unary(.unbind, a) { try $0.unbind(0)[1] }
        unary(.asStrided, a) { try $0.asStrided([2, 2], [4, 1], offset: 1) }
        unary(.diagonal, a) { try $0.diagonal() }
        unary(.unfold, a) { try $0.unfold(1, size: 2, step: 1) }
        unary(.clone, a) { try $0.clone() }
        unary(.toCopy, a) { try $0.to(.float32) }
        binary(.cat, a, b) { try .cat([$0, $1], dim: 1) }
        binary(.stack, a, b) { try .stack([$0, $1], dim: 1) }
        unary(.repeatTiles, a) { try $0.repeating([2, 1, 2]) }
        unary(.flip, a) { try $0.flip([1]) }
        unary(.roll, a) { try $0.roll([1], [1]) }
        unary(.pad, a) { try $0.pad([1, 2, -1, 1]) }
        unary(.padIndexed, a) { try $0.pad([2, 1], mode: .reflect) }
        unary(.index, a) { try $0.index([index]) }
        try binary(.indexPut, a, values([2, 4], seed: 4)) { try $0.indexPut([try .from(integers: [0, 2])], $1) }
        unary(.indexSelect, a) { try $0.indexSelect(0, try .from(integers: [2, 0, 2])) }
        unary(.gather, a) { try $0.gather(0, index) }
        try binary(.scatter, a, values([1, 4], seed: 4)) { try $0.scatter(0, try index.narrow(0, 0, 1), $1) }
        try binary(.scatterAdd, a, values([2, 4], seed: 4)) { try $0.scatterAdd(0, index, $1) }
        try binary(.indexAdd, a, values([2, 4], seed: 4)) { try $0.indexAdd(0, try .from(integers: [1, 1]), $1) }
        try binary(.maskedFill, a, values([])) { try $0.maskedFill(mask, $1) }
        unary(.triu, a) { try $0.triu() }
        unary(.tril, a) { try $0.tril() }
        unary(.sort, a) { try $0.sort(1).values }
        unary(.topk, a) { try $0.topk(2).values }
        unary(.fill, a) {
            let y = try $0.clone(); _ = try y.fill_(2); return y
        }
        binary(.copy, a, b) {
            let y = try $0.clone(); return try y.copy_($1)
        }
        try binary(.copySlices, a, values([4], seed: 3)) {
            let y = try $0.clone(); _ = try y.select(0, 1).mul_($1); return y
        }
        try several(.convolution, [image, values([6, 2, 3, 3]), values([6])]) { try $0[0].conv2d($0[1], $0[2], stride: [2], padding: [1], groups: 2) }
        try several(.convolution, [values([1, 8, 5, 4]), values([8, 1, 3, 3])]) { try $0[0].conv2d($0[1], stride: [2], padding: [1], groups: 8) }
        try several(.convolution, [image, values([4, 3, 3, 3]), values([3])]) {
            try $0[0].convolutionTransposed($0[1], $0[2], .init(stride: [2], padding: [1], dilation: [1], outputPadding: [1]), dimensions: 2)
        }
        try several(.batchNorm, [image, values([4]), values([4], seed: 5)]) {
            try $0[0].batchNorm(runningMean: nil, runningVariance: nil, weight: $0[1], bias: $0[2], training: true)
        }
        try several(.convolutionBatchNorm, [image, values([8, 4, 1, 1]), values([8], 0.5, 1), values([8], seed: 5)]) {
            try $0[0].convolutionBatchNorm(
                $0[1], nil, .init(stride: [1], padding: [0], dilation: [1]), runningMean: nil, runningVariance: nil, scale: $0[2], bias: $0[3],
                training: true, momentum: 0.1, epsilon: 1e-5, range: .relu6)
        }
        unary(.layerNorm, a) { try $0.layerNorm([4]) }
        unary(.groupNorm, image) { try $0.groupNorm(2) }
        unary(.maxPool, image) { try $0.maxPool(.init(kernel: [2])).values }
        unary(.avgPool, image) { try $0.avgPool(.init(kernel: [3], stride: [2], padding: [1])) }
        unary(.adaptiveAvgPool, image) { try $0.adaptiveAvgPool([2, 4]) }
        unary(.adaptiveMaxPool, image) { try $0.adaptiveMaxPool([2, 3]).values }
        unary(.upsample, image) { try $0.interpolate(size: [7, 9], mode: .bilinear) }
        unary(.embedding, a) { try $0.embedding(index) }
        unary(.nllLoss, a) { try $0.nllLoss(labels) }
        binary(.mseLoss, a, b) { try $0.mseLoss($1) }
        binary(.l1Loss, a, b) { try $0.l1Loss($1) }
        binary(.smoothL1Loss, a, b) { try $0.smoothL1Loss($1, beta: 0.5) }
        binary(.huberLoss, a, b) { try $0.huberLoss($1, delta: 0.5) }
        try binary(.bce, values([3, 4], 0.2, 0.8), values([3, 4], 0.1, 0.9, seed: 2)) { try $0.binaryCrossEntropy($1) }
        try binary(.bceWithLogits, a, values([3, 4], 0.1, 0.9, seed: 2)) { try $0.binaryCrossEntropyWithLogits($1) }
        binary(.klDiv, a, positive) { try $0.klDiv($1, .sum) }
        unary(.custom, a) { x in
            try x.detach().mul(try number(3)).recordingCustom([x]) { .custom("Triple", saved: []) { g, _ in [try g.mul(try number(3))] } }
        }
        return list
    }

    @Test func everyRuleAgreesWithCentralDifferences() throws {
        for rule in try rules() { try expectAgreement(rule) }
    }

    /// Rules that have a form of their own for gradients of gradients.
    @Test func gradientsOfGradientsAgreeWithCentralDifferences() throws {
        let wanted: Set<Operation> = [
            .convolution, .batchNorm, .convolutionBatchNorm, .maxPool, .avgPool, .adaptiveAvgPool, .adaptiveMaxPool, .upsample, .layerNorm,
        ]
        for rule in try rules() where wanted.contains(rule.operation) {
            // A grouped convolution's weight and a transposed one's are refused.
            if rule.operation == .convolution && rule.operands[1].shape[1] != rule.operands[0].shape[1] { continue }
            if rule.operation == .convolution && rule.operands[1].shape[0] == rule.operands[0].shape[1] { continue }
            func first(_ operands: [Tensor], _ createGraph: Bool) throws -> Tensor {
                let y = try weighted(try rule.function(operands))
                let gradients = try Autograd.grad([try y.mul(y)], operands, createGraph: createGraph)
                var total = try Tensor.zeros([], dtype: .float64)
                for (k, gradient) in gradients.enumerated() {
                    guard let gradient else { continue }
                    total = try total.add(try gradient.mul(try values(gradient.shape, 0.5, 1.5, seed: Double(k) + 3)).sum())
                }
                return total
            }
            func fresh() throws -> [Tensor] {
                let operands = try rule.operands.map { try $0.detach().clone() }
                for operand in operands { try operand.setRequiresGrad(true) }
                return operands
            }
            let operands = try fresh()
            try first(operands, true).backward()
            for (k, operand) in operands.enumerated() {
                let gradient = try #require(operand.grad, "\(rule.operation): operand \(k)").doubles()
                for i in stride(from: 0, to: operand.count, by: max(1, operand.count / 12)) {
                    func shifted(_ by: Double) throws -> Double {
                        let copies = try fresh()
                        _ = try copies[k].detach().view([-1]).select(0, i).add_(try number(by))
                        return try first(copies, false).item().asDouble
                    }
                    let difference = (try shifted(1e-5) - shifted(-1e-5)) / 2e-5
                    #expect(
                        abs(difference - gradient[i]) <= 1e-4 + 1e-4 * abs(difference),
                        "\(rule.operation): operand \(k) element \(i): rule \(gradient[i]), difference \(difference)")
                }
            }
        }
    }

    @Test func everyOperationHasARuleInTheTable() throws {
        let covered = Set(try rules().map(\.operation))
        // Nodes without a rule of their own, and names kept for `grad_fn` of composed operations.
        let composed: Set<Operation> = [.accumulate, .rsub, .reshapeAlias, .alias, .nativeDropout, .maskedSelect]
        for operation in Operation.allCases where !composed.contains(operation) {
            #expect(covered.contains(operation), "\(operation) is not checked")
        }
    }
}
