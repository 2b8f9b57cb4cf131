import Interpreter
import Tensors

/// Arrays from values of the language: nested sequences, ranges, tensors, objects with `__array__`.
extension Numpy {
    /// Whether `np.asarray` reads the value as an array without being told to.
    func isArrayLike(_ value: Value) -> Bool {
        let plain = vm.payload(value)
        if plain.tag == Tag.list || plain.tag == Tag.tuple || plain.tag == Tag.range { return true }
        return vm.nativeObject(value, as: Tensor.self) != nil || !vm.lookup(vm.typeOf(value), vm.intern("__array__")).isUndefined
    }

    /// `np.asarray(value, dtype)`: memory is shared with arrays and tensors that already have the dtype.
    func tensor(from value: Value, dtype wanted: DType? = nil) throws -> Tensor {
        if let own = try tensor(value) { return try wanted.map { try own.to($0) } ?? own }
        if let tensor = vm.nativeObject(value, as: Tensor.self) {
            if tensor.requiresGrad { throw vm.runtimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.") }
            return try wanted.map { try tensor.detach().to($0) } ?? tensor.detach()
        }
        let plain = vm.payload(value)
        switch plain.tag {
        case Tag.int, Tag.bool, Tag.float:
            guard let operand = try operand(plain) else { break }
            if let wanted { return try converted(operand, to: wanted) }
            return operand.tensor
        case Tag.bigInt: throw vm.overflowError("Python int too large to convert to C long")
        case Tag.list, Tag.tuple: return try nested(plain, wanted)
        case Tag.range: return try range(plain, wanted)
        case Tag.string where wanted?.isFloatingPoint == true || wanted?.category == .integer:
            let number = vm.builtinClasses["float"].map { $0.value }
            guard let number else { break }
            let parsed = try vm.call(number, value)
            defer { vm.heap.release(parsed) }
            return try tensor(from: parsed, dtype: wanted)
        default: break
        }
        if !vm.lookup(vm.typeOf(value), vm.intern("__array__")).isUndefined {
            let made = try vm.callMethod(value, "__array__")
            defer { vm.heap.release(made) }
            guard let own = try tensor(made) else { throw vm.valueError("object __array__ method not producing an array") }
            return try wanted.map { try own.to($0) } ?? own
        }
        throw vm.typeError("cannot make an array of numbers from a value of type '\(vm.fullTypeName(value))'")
    }

    private func range(_ value: Value, _ wanted: DType?) throws -> Tensor {
        let range = value.object(as: RangeObject.self).pointee
        let count = try vm.length(value)
        let result = try Tensor.empty([count], dtype: .int64)
        let p = result.pointer.assumingMemoryBound(to: Int.self)
        for i in 0..<count { p[i] = range.start + i * range.step }
        return try wanted.map { try result.to($0) } ?? result
    }

    /// Collects the leaves of nested sequences, checking that all lie at one depth with one length per level.
    private func nested(_ value: Value, _ wanted: DType?) throws -> Tensor {
        var collector = NumpyLeaves(self)
        let shape = collector.shape(of: value, depth: 0)
        try collector.collect(value, shape, depth: 0)
        return try collector.tensor(shape, wanted)
    }

    // MARK: ranges

    /// `np.arange`: start + i·(step as rounded), as numpy fills it.
    func arange(_ start: Scalar, _ stop: Scalar, _ step: Scalar, _ wanted: DType?) throws -> Tensor {
        let isFloating = [start, stop, step].contains { $0.category == .floatingPoint }
        if step.asDouble == 0 { throw vm.zeroDivisionError(isFloating ? "float division by zero" : "division by zero") }
        let dtype = wanted ?? (isFloating ? .float64 : .int64)
        let length: Double
        if isFloating {
            length = ((stop.asDouble - start.asDouble) / step.asDouble).rounded(.up)
            guard length.isFinite else { throw vm.valueError("arange: cannot compute length") }
        } else {
            length = (Double(stop.asInt &- start.asInt) / Double(step.asInt)).rounded(.up)
        }
        guard length < 1e12 else { throw vm.valueError("Maximum allowed size exceeded") }
        let count = max(0, Int(length))
        if dtype.isFloatingPoint {
            let first = start.asDouble
            let delta = (first + step.asDouble) - first
            let result = try Tensor.empty([count], dtype: .float64)
            let p = result.pointer.assumingMemoryBound(to: Double.self)
            for i in 0..<count { p[i] = first + Double(i) * delta }
            return try result.to(dtype)
        }
        let result = try Tensor.empty([count], dtype: .int64)
        let p = result.pointer.assumingMemoryBound(to: Int64.self)
        let (first, delta) =
            isFloating ? (start.asInt, Scalar.double(start.asDouble + step.asDouble).asInt &- start.asInt) : (start.asInt, step.asInt)
        for i in 0..<count { p[i] = first &+ Int64(i) &* delta }
        return try result.to(dtype)
    }

    /// A number argument: a number of the language or a numpy scalar.
    func number(_ value: Value, _ function: String) throws -> Scalar {
        let operand = try requiredOperand(value, function)
        guard operand.tensor.count == 1 else { throw vm.typeError("\(function)() takes single numbers here, not arrays") }
        return try operand.tensor.item()
    }
}

/// The leaves of nested sequences in order, with the dtype they need together.
private struct NumpyLeaves {
    private let numpy: Numpy
    private var vm: VM { numpy.vm }
    private var dtype: DType?
    private var doubles: [Double] = []
    private var integers: [Int64] = []
    private var isFloating = false

    init(_ numpy: Numpy) { self.numpy = numpy }

    /// Sizes along the first elements.
    func shape(of value: Value, depth: Int) -> [Int] {
        let plain = vm.payload(value)
        if depth > 63 { return [] }
        switch plain.tag {
        case Tag.list:
            let count = plain.list.pointee.count
            return [count] + (count > 0 ? shape(of: plain.list.pointee.items[0], depth: depth + 1) : [])
        case Tag.tuple:
            let count = plain.tuple.pointee.count
            return [count] + (count > 0 ? shape(of: plain.tuple.items[0], depth: depth + 1) : [])
        default:
            if let array = vm.nativeObject(value, as: NumpyArray.self) { return array.tensor.shape }
            if let tensor = vm.nativeObject(value, as: Tensor.self) { return tensor.shape }
            if plain.tag == Tag.range { return [(try? vm.length(plain)) ?? 0] }  // a range's length cannot fail
            return []
        }
    }

    private func ragged(_ shape: [Int], _ depth: Int) -> PythonError {
        let detected = Array(shape[..<depth])
        return vm.valueError(
            "setting an array element with a sequence. The requested array has an inhomogeneous shape after \(depth) dimensions. "
                + "The detected shape was \(TensorPrinter.tuple(detected)) + inhomogeneous part.")
    }

    mutating func collect(_ value: Value, _ shape: [Int], depth: Int) throws {
        let plain = vm.payload(value)
        if plain.tag == Tag.list || plain.tag == Tag.tuple {
            let count = plain.tag == Tag.list ? plain.list.pointee.count : plain.tuple.pointee.count
            guard depth < shape.count, shape[depth] == count else { throw ragged(shape, min(depth, shape.count)) }
            for i in 0..<count {
                let item = plain.tag == Tag.list ? plain.list.pointee.items[i] : plain.tuple.items[i]
                try collect(item, shape, depth: depth + 1)
            }
            return
        }
        if plain.isInt || plain.isFloat || plain.isBool {
            guard depth == shape.count else { throw ragged(shape, depth) }
            append(plain)
            return
        }
        if numpy.isArrayLike(value) || vm.nativeObject(value, as: NumpyArray.self) != nil {
            let tensor = try numpy.tensor(from: value)
            guard tensor.shape == Array(shape[min(depth, shape.count)...]) else { throw ragged(shape, min(depth, shape.count)) }
            merge(tensor.dtype)
            for scalar in try tensor.scalars() { append(scalar) }
            return
        }
        if plain.tag == Tag.bigInt { throw vm.overflowError("Python int too large to convert to C long") }
        if plain.tag == Tag.string { throw vm.typeError("arrays of text are not available: dtypes are numbers and bool") }
        throw vm.typeError("cannot put a value of type '\(vm.fullTypeName(value))' into an array of numbers")
    }

    private mutating func merge(_ other: DType) { dtype = dtype?.numpyPromoted(with: other) ?? other }

    private mutating func append(_ value: Value) {
        if value.isFloat {
            merge(.float64)
            append(Scalar.double(value.asDouble))
        } else if value.isBool {
            merge(.bool)
            append(Scalar.bool(value.asBool))
        } else {
            merge(.int64)
            append(Scalar.int(Int64(value.asInt)))
        }
    }

    private mutating func append(_ value: Scalar) {
        if !isFloating, value.category == .floatingPoint {
            isFloating = true
            doubles = integers.map(Double.init)
        }
        if isFloating { doubles.append(value.asDouble) } else { integers.append(value.asInt) }
    }

    func tensor(_ shape: [Int], _ wanted: DType?) throws -> Tensor {
        let target = wanted ?? dtype ?? .float64
        if isFloating { return try Tensor.from(doubles, shape, dtype: target) }
        if let bounds = target.integerBounds, wanted != nil, let bad = integers.first(where: { Int($0) < bounds.low || Int($0) > bounds.high }) {
            throw vm.overflowError("Python integer \(bad) out of bounds for \(target.name)")
        }
        return try Tensor.from(integers: integers.map { Int($0) }, shape, dtype: target)
    }
}
