import Interpreter
import Tensors

/// numpy's rules for the dtype of a result.
extension DType {
    /// `np.promote_types`: the smallest dtype that holds all values of both (float64 for int32 with float32).
    func numpyPromoted(with other: DType) -> DType {
        if self == other { return self }
        if self == .bool { return other }
        if other == .bool { return self }
        if isFloatingPoint || other.isFloatingPoint {
            if isFloatingPoint && other.isFloatingPoint { return .float64 }
            let (float, integer) = isFloatingPoint ? (self, other) : (other, self)
            return float == .float32 && integer.size <= 2 ? .float32 : .float64
        }
        if self == .uint8 || other == .uint8 {
            let signed = self == .uint8 ? other : self
            return signed == .int8 ? .int16 : signed
        }
        return size >= other.size ? self : other
    }

    /// The floating dtype in which functions such as `exp` are computed. numpy has float16 for 8-bit integers; here they are float32.
    var numpyFloating: DType {
        switch self {
        case .float32, .float64: self
        case .bool, .uint8, .int8, .int16: .float32
        case .int32, .int64: .float64
        }
    }

    /// Smallest and greatest value of an integer dtype.
    var integerBounds: (low: Int, high: Int)? {
        switch self {
        case .uint8: (0, 255)
        case .int8: (-128, 127)
        case .int16: (-32_768, 32_767)
        case .int32: (-2_147_483_648, 2_147_483_647)
        case .int64: (Int.min, Int.max)
        case .bool, .float32, .float64: nil
        }
    }
}

/// An argument of an operation: its elements, and for plain numbers of the language their kind, which bends to the other operand's dtype.
struct NumpyOperand {
    var tensor: Tensor
    var weak: DTypeCategory?

    /// The dtype two operands share.
    static func common(_ a: NumpyOperand, _ b: NumpyOperand) -> DType {
        switch (a.weak, b.weak) {
        case (nil, nil), (_?, _?): a.tensor.dtype.numpyPromoted(with: b.tensor.dtype)
        case (nil, let kind?): bent(a.tensor.dtype, kind)
        case (let kind?, nil): bent(b.tensor.dtype, kind)
        }
    }

    private static func bent(_ dtype: DType, _ kind: DTypeCategory) -> DType {
        switch kind {
        case .boolean: dtype
        case .integer: dtype == .bool ? .int64 : dtype
        case .floatingPoint: dtype.isFloatingPoint ? dtype : .float64
        }
    }
}

extension Numpy {
    /// The operand's elements as `dtype`; a number of the language must fit it.
    func converted(_ operand: NumpyOperand, to dtype: DType) throws -> Tensor {
        if operand.weak == .integer, let bounds = dtype.integerBounds, case .int(let value) = try operand.tensor.item() {
            guard Int(value) >= bounds.low, Int(value) <= bounds.high else {
                throw vm.overflowError("Python integer \(value) out of bounds for \(dtype.name)")
            }
        }
        return try operand.tensor.to(dtype)
    }

    /// Reads an argument of an operation; nil for what has no array form.
    func operand(_ value: Value) throws -> NumpyOperand? {
        switch value.tag {
        case Tag.bool: return NumpyOperand(tensor: try .full([], .bool(value.asBool), dtype: .bool), weak: .boolean)
        case Tag.int: return NumpyOperand(tensor: try .full([], .int(Int64(value.asInt)), dtype: .int64), weak: .integer)
        case Tag.float: return NumpyOperand(tensor: try .full([], .double(value.asDouble), dtype: .float64), weak: .floatingPoint)
        case Tag.bigInt: throw vm.overflowError("Python int too large to convert to C long")
        default: break
        }
        if let tensor = try tensor(value) { return NumpyOperand(tensor: tensor) }
        if isArrayLike(value) { return NumpyOperand(tensor: try tensor(from: value)) }
        return nil
    }

    func requiredOperand(_ value: Value, _ function: String) throws -> NumpyOperand {
        if let operand = try operand(value) { return operand }
        throw vm.typeError("\(function)() does not take a value of type '\(vm.fullTypeName(value))'")
    }

    /// The sizes both broadcast to, in numpy's words when there are none.
    func broadcast(_ a: Tensor, _ b: Tensor) throws -> [Int] {
        do {
            let sizes = try broadcastSizes(a.shape, b.shape)
            try checkSize(sizes)
            return sizes
        } catch is TensorError {
            throw vm.valueError("operands could not be broadcast together with shapes \(Numpy.compact(a.shape)) \(Numpy.compact(b.shape)) ")
        }
    }
}
