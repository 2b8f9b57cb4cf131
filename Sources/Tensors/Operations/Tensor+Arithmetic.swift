import Kernels

/// Arithmetic with promotion and broadcasting. Each operation names its gradient rule.
extension Tensor {
    private func forbidBoolSubtraction(_ other: Tensor) throws(TensorError) {
        if dtype == .bool && other.dtype == .bool {
            throw TensorError(
                .notImplemented,
                "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.")
        }
        if dtype == .bool || other.dtype == .bool, !(dtype == .bool ? isWrappedNumber : other.isWrappedNumber) {
            throw TensorError(
                .notImplemented,
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
            )
        }
    }

    private static func check(alpha: Scalar, for dtype: DType) throws(TensorError) {
        if alpha.category == .floatingPoint && dtype.category != .floatingPoint {
            throw .runtime("For integral input tensors, argument alpha must not be a floating point number.")
        }
    }

    /// self + alpha * other
    package func add(_ other: Tensor, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        let dtype = Elementwise.resultType(self, other)
        try Tensor.check(alpha: alpha, for: dtype)
        return try Elementwise.binary(.add, self, other, dtype: dtype, p: alpha.asDouble).recorded([self, other]) { .add(alpha: alpha) }
    }

    package func add_(_ other: Tensor, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        try Tensor.check(alpha: alpha, for: Elementwise.resultType(self, other))
        return try arithmeticInPlace(.add, other, p: alpha.asDouble) { .add(alpha: alpha) }
    }

    /// self - alpha * other
    package func sub(_ other: Tensor, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        try forbidBoolSubtraction(other)
        let dtype = Elementwise.resultType(self, other)
        try Tensor.check(alpha: alpha, for: dtype)
        return try Elementwise.binary(.subtract, self, other, dtype: dtype, p: alpha.asDouble).recorded([self, other]) { .sub(alpha: alpha) }
    }

    package func sub_(_ other: Tensor, alpha: Scalar = 1) throws(TensorError) -> Tensor {
        try forbidBoolSubtraction(other)
        return try arithmeticInPlace(.subtract, other, p: alpha.asDouble) { .sub(alpha: alpha) }
    }

    package func mul(_ other: Tensor) throws(TensorError) -> Tensor {
        try Elementwise.binary(.multiply, self, other).recorded([self, other]) { .mul(self, other) }
    }

    package func mul_(_ other: Tensor) throws(TensorError) -> Tensor {
        let original = try original(neededBy: other)
        return try arithmeticInPlace(.multiply, other) { .mul(original, other) }
    }

    /// The old values where the rule of an in-place operation will need them; else `self`.
    private func original(neededBy other: Tensor) throws(TensorError) -> Tensor {
        guard EngineState.gradEnabled, other.requiresGrad else { return self }
        let kept = try copied()
        kept.ownNode = node
        return kept
    }

    /// How a quotient is rounded.
    package enum Rounding: String, Sendable { case trunc, floor }

    package func div(_ other: Tensor, rounding: Rounding? = nil) throws(TensorError) -> Tensor {
        var dtype = Elementwise.resultType(self, other)
        guard let rounding else {
            if !dtype.isFloatingPoint { dtype = EngineState.defaultDType }
            return try Elementwise.binary(.divide, self, other, dtype: dtype).recorded([self, other]) { .div(self, other) }
        }
        try checkDivisor(other, dtype)
        return try Elementwise.binary(rounding == .trunc ? .truncDivide : .floorDivide, self, other, dtype: dtype)
            .recorded([self, other]) { .constant(.trunc, operands: 2) }
    }

    package func div_(_ other: Tensor, rounding: Rounding? = nil) throws(TensorError) -> Tensor {
        if rounding == nil && !dtype.isFloatingPoint { throw .cannotCast(EngineState.defaultDType, to: dtype) }
        if rounding != nil { try checkDivisor(other, Elementwise.resultType(self, other)) }
        let function: BinaryFunction =
            switch rounding {
            case nil: .divide
            case .trunc: .truncDivide
            case .floor: .floorDivide
            }
        let original = try original(neededBy: other)
        return try arithmeticInPlace(function, other) { rounding == nil ? .div(original, other) : .constant(.trunc, operands: 2) }
    }

    private func checkDivisor(_ other: Tensor, _ dtype: DType) throws(TensorError) {
        guard dtype.category != .floatingPoint else { return }
        if dtype == .bool { return }
        let divisor = try other.converted(to: dtype).packed()
        if Kernels.containsZero(dtype, Elementwise.plan(divisor, [divisor]), divisor.pointer) { throw .runtime("ZeroDivisionError") }
    }

    package func floorDivide(_ other: Tensor) throws(TensorError) -> Tensor { try div(other, rounding: .floor) }

    /// Python's %: the sign of the divisor.
    package func remainder(_ other: Tensor) throws(TensorError) -> Tensor {
        let dtype = Elementwise.resultType(self, other)
        try checkDivisor(other, dtype)
        return try Elementwise.binary(.remainder, self, other, dtype: dtype).recorded([self, other]) { .remainder(self, other) }
    }

    /// C's fmod: the sign of the dividend.
    package func fmod(_ other: Tensor) throws(TensorError) -> Tensor {
        let dtype = Elementwise.resultType(self, other)
        try checkDivisor(other, dtype)
        return try Elementwise.binary(.fmod, self, other, dtype: dtype).recorded([self, other]) { .fmod(self, other) }
    }

    package func remainder_(_ other: Tensor) throws(TensorError) -> Tensor { try arithmeticInPlace(.remainder, other) { .remainder(self, other) } }

    package func pow(_ exponent: Tensor) throws(TensorError) -> Tensor {
        let dtype = Elementwise.resultType([self, exponent])
        if !dtype.isFloatingPoint, exponent.rank == 0, try exponent.item().asInt < 0 {
            throw .runtime("Integers to negative integer powers are not allowed.")
        }
        if exponent.isWrappedNumber && dtype.isFloatingPoint {
            let power = try exponent.item()
            return try Elementwise.unary(.power, try converted(to: dtype), p: power.asDouble).recorded([self]) { .pow(self, power) }
        }
        return try Elementwise.binary(.power, self, exponent, dtype: dtype).recorded([self, exponent]) { .powTensor(self, exponent) }
    }

    package func pow_(_ exponent: Tensor) throws(TensorError) -> Tensor {
        let power = exponent.isWrappedNumber ? try exponent.item() : nil
        if let power {
            let original = try original(neededBy: self)
            return try arithmeticInPlace(.power, exponent, operands: []) { .pow(original, power) }
        }
        return try applyInPlace { old throws(TensorError) in try old.pow(exponent) }
    }

    package func maximum(_ other: Tensor) throws(TensorError) -> Tensor {
        try Elementwise.binary(.maximum, self, other).recorded([self, other]) { .extremum(.maximum, self, other) }
    }

    package func minimum(_ other: Tensor) throws(TensorError) -> Tensor {
        try Elementwise.binary(.minimum, self, other).recorded([self, other]) { .extremum(.minimum, self, other) }
    }

    package func atan2(_ other: Tensor) throws(TensorError) -> Tensor {
        var dtype = Elementwise.resultType(self, other)
        if !dtype.isFloatingPoint { dtype = EngineState.defaultDType }
        return try Elementwise.binary(.atan2, self, other, dtype: dtype).recorded([self, other]) { .atan2(self, other) }
    }

    private func arithmeticInPlace(
        _ function: BinaryFunction, _ other: Tensor, operands: [Tensor]? = nil, p: Double = 1, gradient: () -> Gradient
    ) throws(TensorError) -> Tensor {
        let dtype = Elementwise.resultType(self, other)
        guard dtype.canCast(to: self.dtype) else { throw .cannotCast(dtype, to: self.dtype) }
        let sizes = try broadcastSizes(shape, other.shape)
        guard sizes == shape else {
            throw .runtime("output with shape \(bracketed(shape)) doesn't match the broadcast shape \(bracketed(sizes))")
        }
        return try inPlace(operands ?? [other]) { () throws(TensorError) in
            let aliased = other.storage === storage && other.layout != layout
            _ = try Elementwise.binary(function, self, aliased ? try other.copied() : other, dtype: dtype, into: self, p: p)
        } gradient: {
            gradient()
        }
    }

    // MARK: Bits

    private func bitwise(_ function: BinaryFunction, _ other: Tensor, _ name: String) throws(TensorError) -> Tensor {
        let dtype = Elementwise.resultType(self, other)
        if dtype.isFloatingPoint { throw .notImplemented("\(name)_cpu", dtype) }
        return try Elementwise.binary(function, self, other, dtype: dtype)
    }

    package func bitwiseAnd(_ other: Tensor) throws(TensorError) -> Tensor { try bitwise(.bitwiseAnd, other, "bitwise_and") }
    package func bitwiseOr(_ other: Tensor) throws(TensorError) -> Tensor { try bitwise(.bitwiseOr, other, "bitwise_or") }
    package func bitwiseXor(_ other: Tensor) throws(TensorError) -> Tensor { try bitwise(.bitwiseXor, other, "bitwise_xor") }
    package func bitwiseLeftShift(_ other: Tensor) throws(TensorError) -> Tensor { try bitwise(.shiftLeft, other, "lshift") }
    package func bitwiseRightShift(_ other: Tensor) throws(TensorError) -> Tensor { try bitwise(.shiftRight, other, "rshift") }

    package func bitwiseNot() throws(TensorError) -> Tensor {
        if dtype == .bool { return try logicalNot() }
        if dtype.isFloatingPoint { throw .notImplemented("bitwise_not_cpu", dtype) }
        return try Elementwise.unary(.bitwiseNot, self)
    }

    // MARK: Comparisons and logic

    package func compare(_ comparison: Comparison, _ other: Tensor) throws(TensorError) -> Tensor { try Elementwise.compare(comparison, self, other) }
    package func eq(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.equal, other) }
    package func ne(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.notEqual, other) }
    package func lt(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.less, other) }
    package func le(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.lessEqual, other) }
    package func gt(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.greater, other) }
    package func ge(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.greaterEqual, other) }
    package func logicalAnd(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.logicalAnd, other) }
    package func logicalOr(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.logicalOr, other) }
    package func logicalXor(_ other: Tensor) throws(TensorError) -> Tensor { try compare(.logicalXor, other) }
    package func logicalNot() throws(TensorError) -> Tensor { try compare(.equal, try Tensor.wrapped(0)) }

    /// Whether sizes and all elements are equal.
    package func equal(_ other: Tensor) throws(TensorError) -> Bool {
        if shape != other.shape { return false }
        return try eq(other).all().item() == .bool(true)
    }

    /// Whether |self - other| <= atol + rtol |other| everywhere.
    package func isclose(_ other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false) throws(TensorError) -> Tensor {
        guard dtype == other.dtype else { throw .runtime("\(dtype.typeName) did not match \(other.dtype.typeName)") }
        var close = try eq(other)
        if equalNaN { close = try close.logicalOr(try isnan().logicalAnd(try other.isnan())) }
        let wide = try converted(to: .float64)
        let wideOther = try other.converted(to: .float64)
        let error = try wide.sub(wideOther).abs()
        let bound = try wideOther.abs().mul(try .wrapped(.double(rtol))).add(try .wrapped(.double(atol)))
        return try close.logicalOr(try error.le(bound).logicalAnd(try error.isfinite()))
    }

    private func floatTest(_ test: FloatTest, _ integers: Bool) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { return try Tensor.full(shape, .bool(integers), dtype: .bool) }
        let result = try Tensor.emptyMatching([self], shape, dtype: .bool)
        Kernels.test(test, dtype, Elementwise.plan(result, [self]), result.physicalPointer.assumingMemoryBound(to: UInt8.self), physicalPointer)
        return result
    }

    package func isnan() throws(TensorError) -> Tensor { try floatTest(.isNaN, false) }
    package func isinf() throws(TensorError) -> Tensor { try floatTest(.isInfinite, false) }
    package func isfinite() throws(TensorError) -> Tensor { try floatTest(.isFinite, true) }

    // MARK: Selection and combination

    /// Elements of `a` where `self` is true, of `b` elsewhere.
    package func whereSelect(_ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
        guard dtype == .bool else { throw .runtime("where expected condition to be a boolean tensor, but got a tensor with dtype \(dtype.typeName)") }
        let dtype = Elementwise.resultType([a, b])
        for number in [a, b] where number.isWrappedNumber { try number.item().check(fits: dtype) }
        return try Elementwise.select(self, a, b, dtype: dtype).recorded([a, b]) { .whereSelect(self) }
    }

    package func maskedFill(_ mask: Tensor, _ value: Tensor) throws(TensorError) -> Tensor {
        guard mask.dtype == .bool else { throw .notAMask("masked_fill_", mask.dtype.nativeName) }
        guard value.rank == 0 else {
            throw .runtime("masked_fill only supports a 0-dimensional value tensor, but got tensor with \(value.rank) dimension(s).")
        }
        try value.item().check(fits: dtype)
        let sizes = try broadcastSizes(shape, mask.shape)
        let result = try Elementwise.select(mask, value, self, dtype: dtype)
        return (result.shape == sizes ? result : try result.expand(sizes)).recorded([self, value]) { .maskedFill(mask) }
    }

    package func maskedFill_(_ mask: Tensor, _ value: Tensor) throws(TensorError) -> Tensor {
        guard mask.dtype == .bool else { throw .notAMask("masked_fill_", mask.dtype.nativeName) }
        if value.rank == 0 { try value.item().check(fits: dtype) }
        return try inPlace([value]) { () throws(TensorError) in
            try assignElements(from: try Elementwise.select(mask, value, self, dtype: dtype))
        } gradient: {
            .maskedFill(mask)
        }
    }

    /// self + value * a * b
    package func addcmul(_ a: Tensor, _ b: Tensor, value: Scalar = 1) throws(TensorError) -> Tensor {
        try Elementwise.ternary(.addProduct, self, a, b, p: value.asDouble).recorded([self, a, b]) { .addcmul(a, b, value) }
    }

    /// self + value * a / b
    package func addcdiv(_ a: Tensor, _ b: Tensor, value: Scalar = 1) throws(TensorError) -> Tensor {
        if !a.dtype.isFloatingPoint && !b.dtype.isFloatingPoint {
            throw .runtime(
                "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes."
            )
        }
        return try Elementwise.ternary(.addQuotient, self, a, b, p: value.asDouble).recorded([self, a, b]) { .addcdiv(a, b, value) }
    }

    package func addcmul_(_ a: Tensor, _ b: Tensor, value: Scalar = 1) throws(TensorError) -> Tensor {
        try inPlace([a, b]) { () throws(TensorError) in
            _ = try Elementwise.ternary(.addProduct, self, a, b, p: value.asDouble, into: self)
        } gradient: {
            .addcmul(a, b, value)
        }
    }

    package func addcdiv_(_ a: Tensor, _ b: Tensor, value: Scalar = 1) throws(TensorError) -> Tensor {
        try inPlace([a, b]) { () throws(TensorError) in
            _ = try Elementwise.ternary(.addQuotient, self, a, b, p: value.asDouble, into: self)
        } gradient: {
            .addcdiv(a, b, value)
        }
    }

    /// self + weight * (end - self)
    package func lerp(_ end: Tensor, weight: Tensor) throws(TensorError) -> Tensor {
        guard dtype == end.dtype else {
            throw .runtime("expected dtype \(dtype.typeName.lowercased()) for `end` but got dtype \(end.dtype.typeName.lowercased())")
        }
        return try Elementwise.ternary(.lerp, self, end, weight).recorded([self, end, weight]) { .lerp(self, end, weight) }
    }

    package func lerp_(_ end: Tensor, weight: Tensor) throws(TensorError) -> Tensor {
        try inPlace([end, weight]) { () throws(TensorError) in
            _ = try Elementwise.ternary(.lerp, self, end, weight, into: self)
        } gradient: {
            .lerp(self, end, weight)
        }
    }

    /// Limits to [min, max], either of which may be absent.
    package func clamp(min: Scalar? = nil, max: Scalar? = nil) throws(TensorError) -> Tensor {
        if min == nil && max == nil { throw .runtime("torch.clamp: At least one of 'min' or 'max' must not be None") }
        var target = dtype
        for bound in [min, max] { if let bound { target = Elementwise.resultType([try Tensor.full([1], 0, dtype: target), try .wrapped(bound)]) } }
        let (low, high) = (min?.asDouble ?? -.infinity, max?.asDouble ?? .infinity)
        return try Elementwise.unary(.clamp, try converted(to: target), p: low, q: high).recorded([self]) { .clamp(self, low, high) }
    }

    package func clamp(min: Tensor?, max: Tensor?) throws(TensorError) -> Tensor {
        var result = self
        if let min { result = try result.maximum(min) }
        if let max { result = try result.minimum(max) }
        return result
    }

    package func clamp_(min: Scalar? = nil, max: Scalar? = nil) throws(TensorError) -> Tensor {
        let (low, high) = (min?.asDouble ?? -.infinity, max?.asDouble ?? .infinity)
        return try inPlace { () throws(TensorError) in
            _ = try Elementwise.unary(.clamp, self, into: self, p: low, q: high)
        } gradient: {
            .clamp(self, low, high)
        }
    }

    // MARK: In-place assignment

    package func copy_(_ source: Tensor) throws(TensorError) -> Tensor {
        try inPlace([source]) { () throws(TensorError) in
            try assignElements(from: source)
        } gradient: {
            .copy()
        }
    }

    package func fill_(_ value: Scalar) throws(TensorError) -> Tensor {
        try value.check(fits: dtype)
        return try inPlace {
            fillElements(value)
        } gradient: {
            .constant(.fill, operands: 1)
        }
    }

    package func zero_() throws(TensorError) -> Tensor { try fill_(0) }

    /// Another dtype; `self` if it has it already.
    package func to(_ target: DType, copy: Bool = false) throws(TensorError) -> Tensor {
        if dtype == target && !copy { return self }
        if dtype == target { return try clone() }
        return try converted(to: target).recorded([self]) { .linear(.toCopy) { g in g } }
    }

    package func clone() throws(TensorError) -> Tensor { try copied().recorded([self]) { .linear(.clone) { g in g } } }

    /// Logical order without gaps; `self` if it is so.
    package func contiguous() throws(TensorError) -> Tensor {
        if isContiguous { return self }
        return try packed().recorded([self]) { .linear(.clone) { g in g } }
    }
}
