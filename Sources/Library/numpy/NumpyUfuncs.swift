import Interpreter
import Kernels
import Tensors

/// A function of two arrays, element by element.
struct NumpyBinaryUfunc: Sendable {
    /// Which dtype the operands are brought to before the loop runs.
    enum Domain: Sendable { case any, numeric, floating, integer, comparison, logical }
    let name: String
    let domain: Domain
    let body: @Sendable (Tensor, Tensor) throws -> Tensor

    init(_ name: String, _ domain: Domain, _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor) {
        self.name = name
        self.domain = domain
        self.body = body
    }

    static let all: [NumpyBinaryUfunc] = [
        .init("add", .any) { a, b in a.dtype == .bool ? try a.logicalOr(b) : try a.add(b) },
        .init("subtract", .any) { a, b in try a.sub(b) },
        .init("multiply", .any) { a, b in a.dtype == .bool ? try a.logicalAnd(b) : try a.mul(b) },
        .init("true_divide", .floating) { a, b in try a.div(b) },
        .init("divide", .floating) { a, b in try a.div(b) },
        .init("floor_divide", .numeric) { a, b in try quotient(a, b) { x, y in try x.floorDivide(y) } },
        .init("remainder", .numeric) { a, b in try quotient(a, b) { x, y in try x.remainder(y) } },
        .init("mod", .numeric) { a, b in try quotient(a, b) { x, y in try x.remainder(y) } },
        .init("fmod", .numeric) { a, b in try quotient(a, b) { x, y in try x.fmod(y) } },
        .init("power", .numeric) { a, b in try a.pow(b) },
        .init("maximum", .any) { a, b in a.dtype == .bool ? try a.logicalOr(b) : try a.maximum(b) },
        .init("minimum", .any) { a, b in a.dtype == .bool ? try a.logicalAnd(b) : try a.minimum(b) },
        .init("fmax", .any) { a, b in try a.isnan().whereSelect(b, try b.isnan().whereSelect(a, try a.maximum(b))) },
        .init("fmin", .any) { a, b in try a.isnan().whereSelect(b, try b.isnan().whereSelect(a, try a.minimum(b))) },
        .init("arctan2", .floating) { a, b in try a.atan2(b) },
        .init("hypot", .floating) { a, b in try hypotenuse(a, b) },
        .init("logaddexp", .floating) { a, b in try a.maximum(b).add(try a.sub(b).abs().neg().exp().log1p()) },
        .init("copysign", .floating) { a, b in try b.signbit().whereSelect(try a.abs().neg(), try a.abs()) },
        .init("bitwise_and", .integer) { a, b in try a.bitwiseAnd(b) },
        .init("bitwise_or", .integer) { a, b in try a.bitwiseOr(b) },
        .init("bitwise_xor", .integer) { a, b in try a.bitwiseXor(b) },
        .init("left_shift", .integer) { a, b in try a.bitwiseLeftShift(b) },
        .init("right_shift", .integer) { a, b in try a.bitwiseRightShift(b) },
        .init("logical_and", .logical) { a, b in try a.logicalAnd(b) },
        .init("logical_or", .logical) { a, b in try a.logicalOr(b) },
        .init("logical_xor", .logical) { a, b in try a.logicalXor(b) },
        .init("equal", .comparison) { a, b in try a.eq(b) },
        .init("not_equal", .comparison) { a, b in try a.ne(b) },
        .init("less", .comparison) { a, b in try a.lt(b) },
        .init("less_equal", .comparison) { a, b in try a.le(b) },
        .init("greater", .comparison) { a, b in try a.gt(b) },
        .init("greater_equal", .comparison) { a, b in try a.ge(b) },
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// numpy gives 0 where integers are divided by 0.
    private static func quotient(_ a: Tensor, _ b: Tensor, _ body: (Tensor, Tensor) throws -> Tensor) throws -> Tensor {
        if a.dtype.isFloatingPoint { return try body(a, b) }
        let zero = try Tensor.full([], 0, dtype: a.dtype)
        let isZero = try b.eq(zero)
        guard try isZero.any().item().asDouble != 0 else { return try body(a, b) }
        let safe = try isZero.whereSelect(try Tensor.full([], 1, dtype: a.dtype), b)
        return try isZero.whereSelect(zero, try body(a, safe))
    }

    /// Scaled, so that no square overflows.
    private static func hypotenuse(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        let (x, y) = (try a.to(.float64), try b.to(.float64))
        let scale = try x.abs().maximum(try y.abs())
        let usable = try scale.eq(try .full([], 0, dtype: .float64)).logicalOr(try scale.isinf()).whereSelect(
            try .full([], 1, dtype: .float64), scale)
        let (u, v) = (try x.div(usable), try y.div(usable))
        return try u.mul(u).add(try v.mul(v)).sqrt().mul(usable).to(a.dtype)
    }
}

/// A function of one array, element by element.
struct NumpyUnaryUfunc: Sendable {
    /// `exact` keeps integers as they are, `rounding` leaves them untouched, `test` gives bool.
    enum Domain: Sendable { case exact, rounding, floating, test }
    let name: String
    let domain: Domain
    let body: @Sendable (Tensor) throws -> Tensor

    init(_ name: String, _ domain: Domain, _ body: @escaping @Sendable (Tensor) throws -> Tensor) {
        self.name = name
        self.domain = domain
        self.body = body
    }

    static let all: [NumpyUnaryUfunc] = [
        .init("negative", .exact) { try $0.neg() },
        .init("positive", .exact) { try $0.clone() },
        .init("absolute", .exact) { $0.dtype == .bool ? try $0.clone() : try $0.abs() },
        .init("abs", .exact) { $0.dtype == .bool ? try $0.clone() : try $0.abs() },
        .init("fabs", .floating) { try $0.abs() },
        .init("sign", .exact) { x in try x.isnan().whereSelect(x, try x.sign()) },
        .init("square", .exact) { x in x.dtype == .bool ? try x.to(.int8) : try x.mul(x) },
        .init("floor", .rounding) { try $0.floor() },
        .init("ceil", .rounding) { try $0.ceil() },
        .init("trunc", .rounding) { try $0.trunc() },
        .init("fix", .rounding) { try $0.trunc() },
        .init("rint", .floating) { try $0.round() },
        .init("reciprocal", .exact) { x in try Tensor.full([], 1, dtype: x.dtype).div(x).to(x.dtype) },
        .init("sqrt", .floating) { try $0.sqrt() },
        .init("cbrt", .floating) { x in try x.abs().pow(try .full([], .double(1.0 / 3), dtype: x.dtype)).mul(try x.sign()) },
        .init("exp", .floating) { try $0.exp() },
        .init("exp2", .floating) { try $0.exp2() },
        .init("expm1", .floating) { try $0.expm1() },
        .init("log", .floating) { try $0.log() },
        .init("log2", .floating) { try $0.log2() },
        .init("log10", .floating) { try $0.log10() },
        .init("log1p", .floating) { try $0.log1p() },
        .init("sin", .floating) { try $0.sin() },
        .init("cos", .floating) { try $0.cos() },
        .init("tan", .floating) { try $0.tan() },
        .init("arcsin", .floating) { try $0.asin() },
        .init("arccos", .floating) { try $0.acos() },
        .init("arctan", .floating) { try $0.atan() },
        .init("sinh", .floating) { try $0.sinh() },
        .init("cosh", .floating) { try $0.cosh() },
        .init("tanh", .floating) { try $0.tanh() },
        .init("arcsinh", .floating) { try $0.asinh() },
        .init("arccosh", .floating) { try $0.acosh() },
        .init("arctanh", .floating) { try $0.atanh() },
        .init("deg2rad", .floating) { x in try x.mul(try .full([], .double(.pi / 180), dtype: x.dtype)) },
        .init("radians", .floating) { x in try x.mul(try .full([], .double(.pi / 180), dtype: x.dtype)) },
        .init("rad2deg", .floating) { x in try x.mul(try .full([], .double(180 / .pi), dtype: x.dtype)) },
        .init("degrees", .floating) { x in try x.mul(try .full([], .double(180 / .pi), dtype: x.dtype)) },
        .init("isnan", .test) { try $0.isnan() },
        .init("isinf", .test) { try $0.isinf() },
        .init("isfinite", .test) { try $0.isfinite() },
        .init("signbit", .test) { try $0.signbit() },
        .init("logical_not", .test) { try $0.logicalNot() },
        .init("invert", .exact) { try $0.bitwiseNot() },
        .init("bitwise_not", .exact) { try $0.bitwiseNot() },
    ]

    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

extension Tensor {
    /// Whether the sign bit is set; −0.0 has it.
    func signbit() throws -> Tensor {
        let zero = try Tensor.full([], 0, dtype: dtype)
        guard dtype.isFloatingPoint else { return try lt(zero) }
        let one = try Tensor.full([], 1, dtype: dtype)
        return try lt(zero).logicalOr(try eq(zero).logicalAnd(try one.div(self).lt(zero)))
    }
}

extension Numpy {
    /// Runs a binary function on operands of any kind. The result is never a view.
    func apply(_ function: NumpyBinaryUfunc, _ a: NumpyOperand, _ b: NumpyOperand, dtype wanted: DType? = nil) throws -> Tensor {
        _ = try broadcast(a.tensor, b.tensor)
        var dtype = wanted ?? NumpyOperand.common(a, b)
        switch function.domain {
        case .any:
            if dtype == .bool, function.name == "subtract" { throw booleanSubtract() }
        case .numeric:
            if dtype == .bool { dtype = .int8 }
            if function.name == "power", !dtype.isFloatingPoint { try refuseNegativePowers(b, of: dtype) }
        case .floating:
            if !dtype.isFloatingPoint { dtype = function.name.hasSuffix("divide") ? .float64 : dtype.numpyFloating }
        case .integer:
            if dtype.isFloatingPoint { throw unsupportedTypes(function.name) }
            if dtype == .bool, function.name.hasSuffix("shift") { dtype = .int8 }
        case .logical: return try function.body(try truthful(a.tensor), try truthful(b.tensor))
        case .comparison:
            // A number beyond the array's dtype still compares by value.
            if a.weak == .integer || b.weak == .integer, !dtype.isFloatingPoint { dtype = .int64 }
        }
        return try function.body(try converted(a, to: dtype), try converted(b, to: dtype))
    }

    private func truthful(_ tensor: Tensor) throws -> Tensor { try tensor.ne(try .full([], 0, dtype: tensor.dtype)) }

    private func booleanSubtract() -> PythonError {
        vm.typeError(
            "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.")
    }

    func unsupportedTypes(_ name: String) -> PythonError {
        vm.typeError(
            "ufunc '\(name)' not supported for the input types, and the inputs could not be safely coerced to any supported types "
                + "according to the casting rule ''safe''")
    }

    private func refuseNegativePowers(_ exponent: NumpyOperand, of dtype: DType) throws {
        let exponents = exponent.tensor
        guard exponents.dtype.isSigned, exponents.count > 0 else { return }
        if try exponents.lt(try .full([], 0, dtype: exponents.dtype)).any().item().asDouble != 0 {
            throw vm.valueError("Integers to negative integer powers are not allowed.")
        }
    }

    func apply(_ function: NumpyUnaryUfunc, _ operand: NumpyOperand, dtype wanted: DType? = nil) throws -> Tensor {
        var tensor = operand.tensor
        if let wanted { tensor = try tensor.to(wanted) }
        switch function.domain {
        case .exact:
            if tensor.dtype == .bool, function.name == "negative" {
                throw vm.typeError(
                    "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.")
            }
            if tensor.dtype.isFloatingPoint, function.name == "invert" || function.name == "bitwise_not" { throw unsupportedTypes("invert") }
            return try function.body(tensor)
        case .rounding: return tensor.dtype.isFloatingPoint ? try function.body(tensor) : try tensor.clone()
        case .floating: return try function.body(try tensor.to(tensor.dtype.numpyFloating))
        case .test: return try function.body(tensor)
        }
    }

    // MARK: the functions of the module

    func addUfuncs(_ module: NativeModule) {
        for function in NumpyBinaryUfunc.all {
            module.function(
                function.name, "x1, x2, /, out=None, *, where=True, dtype=None",
                native { [self] a in
                    let first = try requiredOperand(a[0], function.name)
                    let second = try requiredOperand(a[1], function.name)
                    return try delivered(
                        try apply(function, first, second, dtype: try optionalDType(a[4])), out: a[2], mask: a[3],
                        inputs: [first.tensor, second.tensor])
                })
        }
        for function in NumpyUnaryUfunc.all {
            module.function(
                function.name, "x, /, out=None, *, where=True, dtype=None",
                native { [self] a in
                    let operand = try requiredOperand(a[0], function.name)
                    return try delivered(
                        try apply(function, operand, dtype: try optionalDType(a[3])), out: a[1], mask: a[2], inputs: [operand.tensor])
                })
        }
    }

    /// Hands out a result, or writes it into `out=` where the mask allows.
    func delivered(_ computed: Tensor, out: Value, mask: Value = .true, inputs: [Tensor] = []) throws -> Value {
        let isMasked = !(mask.isBool && mask.asBool)
        if out.isNone && !isMasked { return try result(computed) }
        let target: Tensor
        if out.isNone {
            target = try Tensor.zeros(computed.shape, dtype: computed.dtype)
        } else {
            guard let given = try tensor(out), given.rank > 0 || !isScalar(out) else { throw vm.typeError("return arrays must be of ArrayType") }
            target = given
        }
        let common = try? broadcastSizes(computed.shape, target.shape)  // nil: told apart below
        guard common == target.shape else {
            if common == nil, !inputs.isEmpty {
                let shapes = (inputs + [target]).map { Numpy.compact($0.shape) }.joined(separator: " ")
                throw vm.valueError("operands could not be broadcast together with shapes \(shapes) ")
            }
            throw vm.valueError(
                "non-broadcastable output operand with shape \(Numpy.compact(target.shape)) doesn't match the broadcast shape \(Numpy.compact(computed.shape))"
            )
        }
        var values = try computed.to(target.dtype)
        if isMasked { values = try truthful(try requiredOperand(mask, "where").tensor).whereSelect(values, target) }
        _ = try target.copy_(values)
        return out.isNone ? try result(target) : out.retained()
    }
}
