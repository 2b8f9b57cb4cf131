import Interpreter
import Tensors

// Operations that work element by element.

extension OperationTable {
    func defineElementwise() {
        defineFunctions()
        defineArithmetic()
        defineComparisons()
        defineBitwise()
        defineSelection()
        defineActivations()
        defineFills()
    }

    private func defineFunctions() {
        typealias Function = (Tensor) throws(TensorError) -> Tensor
        let functions: [(String, Function)] = [
            ("neg", { (x) throws(TensorError) in try x.neg() }), ("abs", { (x) throws(TensorError) in try x.abs() }),
            ("sign", { (x) throws(TensorError) in try x.sign() }), ("sgn", { (x) throws(TensorError) in try x.sign() }),
            ("square", { (x) throws(TensorError) in try x.square() }), ("floor", { (x) throws(TensorError) in try x.floor() }),
            ("ceil", { (x) throws(TensorError) in try x.ceil() }), ("trunc", { (x) throws(TensorError) in try x.trunc() }),
            ("fix", { (x) throws(TensorError) in try x.trunc() }), ("frac", { (x) throws(TensorError) in try x.frac() }),
            ("reciprocal", { (x) throws(TensorError) in try x.reciprocal() }), ("sqrt", { (x) throws(TensorError) in try x.sqrt() }),
            ("rsqrt", { (x) throws(TensorError) in try x.rsqrt() }), ("exp", { (x) throws(TensorError) in try x.exp() }),
            ("exp2", { (x) throws(TensorError) in try x.exp2() }), ("expm1", { (x) throws(TensorError) in try x.expm1() }),
            ("log", { (x) throws(TensorError) in try x.log() }), ("log2", { (x) throws(TensorError) in try x.log2() }),
            ("log10", { (x) throws(TensorError) in try x.log10() }), ("log1p", { (x) throws(TensorError) in try x.log1p() }),
            ("sin", { (x) throws(TensorError) in try x.sin() }), ("cos", { (x) throws(TensorError) in try x.cos() }),
            ("tan", { (x) throws(TensorError) in try x.tan() }), ("asin", { (x) throws(TensorError) in try x.asin() }),
            ("acos", { (x) throws(TensorError) in try x.acos() }), ("atan", { (x) throws(TensorError) in try x.atan() }),
            ("arcsin", { (x) throws(TensorError) in try x.asin() }), ("arccos", { (x) throws(TensorError) in try x.acos() }),
            ("arctan", { (x) throws(TensorError) in try x.atan() }), ("sinh", { (x) throws(TensorError) in try x.sinh() }),
            ("cosh", { (x) throws(TensorError) in try x.cosh() }), ("tanh", { (x) throws(TensorError) in try x.tanh() }),
            ("asinh", { (x) throws(TensorError) in try x.asinh() }), ("acosh", { (x) throws(TensorError) in try x.acosh() }),
            ("atanh", { (x) throws(TensorError) in try x.atanh() }), ("erf", { (x) throws(TensorError) in try x.erf() }),
            ("erfc", { (x) throws(TensorError) in try x.erfc() }), ("sigmoid", { (x) throws(TensorError) in try x.sigmoid() }),
            ("negative", { (x) throws(TensorError) in try x.neg() }), ("absolute", { (x) throws(TensorError) in try x.abs() }),
            ("logical_not", { (x) throws(TensorError) in try x.logicalNot() }), ("bitwise_not", { (x) throws(TensorError) in try x.bitwiseNot() }),
            ("deg2rad", { (x) throws(TensorError) in try x.mul(try .wrapped(.double(.pi / 180))) }),
            ("rad2deg", { (x) throws(TensorError) in try x.mul(try .wrapped(.double(180 / .pi))) }),
        ]
        for (name, function) in functions { elementwise(name, function) }
        op("positive") { c in try c.x }
        op("round", "*, decimals=0") { c in try c.x.round(decimals: c.int(1)) }
        inPlace("round_", "*, decimals=0") { c in
            let decimals = try c.int(1)
            _ = try c.x.applyInPlace { (x: Tensor) throws(TensorError) in try x.round(decimals: decimals) }
        }
        op("isnan") { c in try c.x.isnan() }
        op("isinf") { c in try c.x.isinf() }
        op("isfinite") { c in try c.x.isfinite() }
        op("logit", "eps=None") { c in
            var x = try c.x
            if let eps = try c.doubleOrNil(1) { x = try x.clamp(min: .double(eps), max: .double(1 - eps)) }
            return try x.div(try Tensor.wrapped(1).sub(x)).log()
        }
        op("nan_to_num", "nan=None, posinf=None, neginf=None") { c in
            let x = try c.x
            guard x.dtype.isFloatingPoint else { return try x.clone() }
            let limit = x.dtype == .float32 ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
            let (nan, high, low) = (try c.doubleOrNil(1) ?? 0, try c.doubleOrNil(2) ?? limit, try c.doubleOrNil(3) ?? -limit)
            let infinite = try x.isinf()
            let zero = try Tensor.wrapped(0)
            return try x.maskedFill(try x.isnan(), try .scalar(.double(nan), dtype: x.dtype))
                .maskedFill(try infinite.logicalAnd(try x.gt(zero)), try .scalar(.double(high), dtype: x.dtype))
                .maskedFill(try infinite.logicalAnd(try x.lt(zero)), try .scalar(.double(low), dtype: x.dtype))
        }
    }

    private func defineArithmetic() {
        for name in ["add", "sub", "subtract"] {
            let isSum = name == "add"
            op(name, "other, *, alpha=1") { c in
                let (x, other) = (try c.operand(0), try c.operand(1))
                let alpha = try c.scalar(2)
                return isSum ? try x.add(other, alpha: alpha) : try x.sub(other, alpha: alpha)
            }
            inPlace(name + "_", "other, *, alpha=1") { c in
                let alpha = try c.scalar(2)
                _ = isSum ? try c.x.add_(c.operand(1), alpha: alpha) : try c.x.sub_(c.operand(1), alpha: alpha)
            }
        }
        op("rsub", "other, *, alpha=1") { c in try c.operand(1).sub(try c.x, alpha: c.scalar(2)) }
        for name in ["mul", "multiply"] {
            op(name, "other") { c in try c.operand(0).mul(try c.operand(1)) }
            inPlace(name + "_", "other") { c in _ = try c.x.mul_(c.operand(1)) }
        }
        for name in ["div", "divide", "true_divide"] {
            op(name, "other, *, rounding_mode=None") { c in try c.operand(0).div(try c.operand(1), rounding: try rounding(c, 2)) }
            inPlace(name + "_", "other, *, rounding_mode=None") { c in _ = try c.x.div_(c.operand(1), rounding: try rounding(c, 2)) }
        }
        binary("floor_divide") { (x, y) throws(TensorError) in try x.floorDivide(y) }
        binary("remainder") { (x, y) throws(TensorError) in try x.remainder(y) }
        binary("fmod") { (x, y) throws(TensorError) in try x.fmod(y) }
        op("pow", "exponent") { c in try c.operand(0).pow(try c.operand(1)) }
        inPlace("pow_", "exponent") { c in _ = try c.x.pow_(c.operand(1)) }
        op("float_power", "exponent") { c in try c.operand(0).to(.float64).pow(try c.operand(1).to(.float64)) }
        for (name, isMaximum) in [("maximum", true), ("minimum", false), ("fmax", true), ("fmin", false)] {
            op(name, "other") { c in isMaximum ? try c.x.maximum(try c.tensor(1)) : try c.x.minimum(try c.tensor(1)) }
        }
        for name in ["atan2", "arctan2"] { binary(name) { (x, y) throws(TensorError) in try x.atan2(y) } }
        op("hypot", "other") { c in try c.x.square().add(try c.tensor(1).square()).sqrt() }
        op("addcmul", "tensor1, tensor2, *, value=1") { c in try c.x.addcmul(try c.tensor(1), try c.tensor(2), value: c.scalar(3)) }
        inPlace("addcmul_", "tensor1, tensor2, *, value=1") { c in _ = try c.x.addcmul_(c.tensor(1), c.tensor(2), value: c.scalar(3)) }
        op("addcdiv", "tensor1, tensor2, *, value=1") { c in try c.x.addcdiv(try c.tensor(1), try c.tensor(2), value: c.scalar(3)) }
        inPlace("addcdiv_", "tensor1, tensor2, *, value=1") { c in _ = try c.x.addcdiv_(c.tensor(1), c.tensor(2), value: c.scalar(3)) }
        op("lerp", "end, weight") { c in try c.x.lerp(try c.tensor(1), weight: try weight(c)) }
        inPlace("lerp_", "end, weight") { c in _ = try c.x.lerp_(c.tensor(1), weight: try weight(c)) }
    }

    private func weight(_ c: Call) throws -> Tensor {
        if let tensor = torch.tensor(c.a[2]) { return tensor }
        return try .scalar(.double(try c.double(2)), dtype: try c.x.dtype)
    }

    private func rounding(_ c: Call, _ i: Int) throws -> Tensor.Rounding? {
        guard let text = try c.textOrNil(i) else { return nil }
        switch text {
        case "floor": return .floor
        case "trunc": return .trunc
        default:
            throw c.vm.runtimeError("div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '\(text)'")
        }
    }

    private func defineComparisons() {
        typealias Comparison = (Tensor, Tensor) throws(TensorError) -> Tensor
        let comparisons: [(String, Comparison)] = [
            ("eq", { (x, y) throws(TensorError) in try x.eq(y) }), ("ne", { (x, y) throws(TensorError) in try x.ne(y) }),
            ("lt", { (x, y) throws(TensorError) in try x.lt(y) }), ("le", { (x, y) throws(TensorError) in try x.le(y) }),
            ("gt", { (x, y) throws(TensorError) in try x.gt(y) }), ("ge", { (x, y) throws(TensorError) in try x.ge(y) }),
            ("not_equal", { (x, y) throws(TensorError) in try x.ne(y) }), ("less", { (x, y) throws(TensorError) in try x.lt(y) }),
            ("less_equal", { (x, y) throws(TensorError) in try x.le(y) }), ("greater", { (x, y) throws(TensorError) in try x.gt(y) }),
            ("greater_equal", { (x, y) throws(TensorError) in try x.ge(y) }),
            ("logical_and", { (x, y) throws(TensorError) in try x.logicalAnd(y) }),
            ("logical_or", { (x, y) throws(TensorError) in try x.logicalOr(y) }),
            ("logical_xor", { (x, y) throws(TensorError) in try x.logicalXor(y) }),
        ]
        for (name, comparison) in comparisons { binary(name, comparison) }
        value("equal", "other") { c in .bool(try c.x.equal(try c.tensor(1))) }
        op("isclose", "other, rtol=1e-05, atol=1e-08, equal_nan=False") { c in
            try c.x.isclose(try c.tensor(1), rtol: c.double(2), atol: c.double(3), equalNaN: c.flag(4))
        }
        value("allclose", "other, rtol=1e-05, atol=1e-08, equal_nan=False") { c in
            let close = try c.x.isclose(try c.tensor(1), rtol: c.double(2), atol: c.double(3), equalNaN: c.flag(4))
            return .bool(try close.all().item() == .bool(true))
        }
    }

    private func binary(_ name: String, _ body: @escaping (Tensor, Tensor) throws(TensorError) -> Tensor) { binary(name, "other", body) }

    private func defineBitwise() {
        binary("bitwise_and") { (x, y) throws(TensorError) in try x.bitwiseAnd(y) }
        binary("bitwise_or") { (x, y) throws(TensorError) in try x.bitwiseOr(y) }
        binary("bitwise_xor") { (x, y) throws(TensorError) in try x.bitwiseXor(y) }
        binary("bitwise_left_shift") { (x, y) throws(TensorError) in try x.bitwiseLeftShift(y) }
        binary("bitwise_right_shift") { (x, y) throws(TensorError) in try x.bitwiseRightShift(y) }
    }

    private func defineSelection() {
        function("where", "condition, input=None, other=None, *, out=None") { c in
            let condition = try c.tensor(0)
            guard c.has(1) else { return torch.tuple(try nonzeroColumns(condition)) }
            return try c.written(try condition.whereSelect(try c.operand(1), try c.operand(2)), to: 3)
        }
        op("where", "condition, other", .method) { c in try c.tensor(1).whereSelect(try c.x, try c.operand(2)) }
        op("masked_fill", "mask, value") { c in try c.x.maskedFill(try c.tensor(1), try c.operand(2)) }
        inPlace("masked_fill_", "mask, value") { c in _ = try c.x.maskedFill_(c.tensor(1), c.operand(2)) }
        for name in ["clamp", "clip"] {
            op(name, "min=None, max=None") { c in
                if let bounds = try numericBounds(c) { return try c.x.clamp(min: bounds.0, max: bounds.1) }
                return try c.x.clamp(min: try c.tensorOrNil(1), max: try c.tensorOrNil(2))
            }
            inPlace(name + "_", "min=None, max=None") { c in
                if let bounds = try numericBounds(c) {
                    _ = try c.x.clamp_(min: bounds.0, max: bounds.1)
                } else {
                    let (low, high) = (try c.tensorOrNil(1), try c.tensorOrNil(2))
                    _ = try c.x.applyInPlace { (x: Tensor) throws(TensorError) in try x.clamp(min: low, max: high) }
                }
            }
        }
        op("clamp_min", "min") { c in try c.x.clamp(min: c.scalar(1)) }
        op("clamp_max", "max") { c in try c.x.clamp(max: c.scalar(1)) }
        inPlace("clamp_min_", "min") { c in _ = try c.x.clamp_(min: c.scalar(1)) }
        inPlace("clamp_max_", "max") { c in _ = try c.x.clamp_(max: c.scalar(1)) }
    }

    /// The bounds of a clamp when they are numbers, nil when one is a tensor.
    private func numericBounds(_ c: Call) throws -> (Scalar?, Scalar?)? {
        if torch.tensor(c.a[1]) != nil || torch.tensor(c.a[2]) != nil { return nil }
        if !c.has(1), !c.has(2) { throw c.vm.runtimeError("torch.clamp: At least one of 'min' or 'max' must not be None") }
        return (try c.scalarOrNil(1), try c.scalarOrNil(2))
    }

    private func defineActivations() {
        op("relu") { c in try c.x.relu() }
        inPlace("relu_") { c in _ = try c.x.relu_() }
        function("relu_", "input") { c in
            _ = try c.x.relu_()
            return c.a[0].retained()
        }
        elementwise("selu") { (x) throws(TensorError) in try x.selu() }
        op("prelu", "weight") { c in try c.x.prelu(try c.tensor(1)) }
        op("softmax", "dim, dtype=None") { c in try c.x.softmax(c.int(1), dtype: try c.dtypeOrNil(2)) }
        op("log_softmax", "dim, dtype=None") { c in try c.x.logSoftmax(c.int(1), dtype: try c.dtypeOrNil(2)) }
        create("dropout", "input, p, train") { c in try c.x.dropout(c.double(1), training: c.flag(2)) }
    }

    private func defineFills() {
        inPlace("fill_", "value") { c in _ = try c.x.fill_(c.scalar(1)) }
        inPlace("zero_") { c in _ = try c.x.zero_() }
        inPlace("copy_", "src, non_blocking=False") { c in _ = try c.x.copy_(c.operand(1)) }
        op("clone", "*, memory_format=None") { c in try c.x.clone() }
        op("detach") { c in try c.x.detach() }
        inPlace("detach_") { c in try c.x.detachInPlace() }
    }
}
