import Checkpoints
import Interpreter
import Tensors

/// What the module `_numpy` knows while it lives: its classes, and how values of the language become arrays and back.
///
/// Natives hold on to it. They are written as throwing closures that mix language, tensor and file errors; `native` maps them at the edge.
final class Numpy {
    unowned let vm: VM
    let arrayClass: ClassPointer
    let dtypeClass: ClassPointer
    /// `numpy.generic`, the root of the scalar classes.
    let genericClass: ClassPointer
    let scalarClasses: [DType: ClassPointer]
    let abstractClasses: [String: ClassPointer]
    var printing = NumpyPrinter()
    /// `numpy.exceptions.AxisError`, set by the part written in the language.
    var axisError: Reference?
    private var truths: [Reference] = []

    init(_ module: NativeModule) {
        vm = module.vm
        let classes = NumpyClassTree(module)
        genericClass = classes.generic
        scalarClasses = classes.scalars
        abstractClasses = classes.abstract
        arrayClass = module.nativeClass("ndarray")
        dtypeClass = module.nativeClass("dtype")
        arrayClass.info.module = "numpy"
        dtypeClass.info.module = "numpy"
    }

    // MARK: errors

    func pythonError(_ error: TensorError) -> PythonError {
        if let foreign = error.foreign as? PythonError { return foreign }
        // numpy knows ValueError where the engine says RuntimeError.
        return vm.error(error.kind == .runtime ? "ValueError" : error.kind.rawValue, error.message)
    }

    func axisOutOfBounds(_ axis: Int, _ rank: Int) -> any Error {
        let message = vm.string("axis \(axis) is out of bounds for array of dimension \(rank)")
        defer { vm.heap.release(message) }
        guard let axisError else { return vm.indexError(vm.text(message)) }
        do throws(PythonError) { return PythonError(try vm.call(axisError.value, message)) } catch { return error }
    }

    /// A native body that may throw language, tensor and file errors alike.
    func native(_ body: @escaping (Arguments) throws -> Value) -> NativeBody {
        { [self] (_, a) throws(PythonError) -> Value in
            do {
                return try body(a)
            } catch let error as PythonError {
                throw error
            } catch let error as TensorError {
                throw pythonError(error)
            } catch let error as CheckpointError {
                throw vm.error(error.kind.rawValue, error.message)
            } catch {
                throw vm.runtimeError("\(error)")
            }
        }
    }

    func define(_ type: ClassPointer, _ name: String, _ signature: String, _ body: @escaping (Arguments) throws -> Value) {
        vm.define(type, name, signature, native(body))
    }

    func property(_ type: ClassPointer, _ name: String, _ body: @escaping (Value) throws -> Value) {
        let getter = native { a in try body(a[0]) }
        vm.defineProperty(
            type, name,
            get: { (vm, value) throws(PythonError) -> Value in
                var value = value
                return try withUnsafeMutablePointer(to: &value) { (pointer) throws(PythonError) -> Value in
                    try getter(vm, Arguments(base: pointer, count: 1))
                }
            })
    }

    // MARK: values from tensors

    /// An `ndarray` over the tensor's memory.
    func array(_ tensor: Tensor) -> Value { vm.native(NumpyArray(tensor), arrayClass) }

    /// What operations return: an array, or a scalar when there are no dimensions.
    func result(_ tensor: Tensor) throws -> Value { tensor.rank == 0 ? try scalar(tensor) : array(tensor) }

    /// A scalar of the tensor's dtype with a memory of its own.
    func scalar(_ tensor: Tensor) throws -> Value {
        switch tensor.dtype {
        case .float64: return scalar(try tensor.item().asDouble)
        case .bool: return truth(try tensor.item().asDouble != 0)
        default:
            guard let type = scalarClasses[tensor.dtype] else { throw vm.typeError("no scalar class for \(tensor.dtype.name)") }
            return vm.native(NumpyArray(try tensor.clone()), type)
        }
    }

    func scalar(_ value: Double) -> Value {
        guard let type = scalarClasses[.float64] else { return .float(value) }
        return vm.instance(of: type, payload: .float(value))
    }

    func integer(_ value: Int) throws -> Value { try scalar(try Tensor.full([], .int(Int64(value)), dtype: .int64)) }

    /// `np.True_` or `np.False_`: one object each.
    func truth(_ value: Bool) -> Value {
        if truths.isEmpty, let type = scalarClasses[.bool] {
            for flag in [false, true] {
                guard let tensor = try? Tensor.full([], .bool(flag), dtype: .bool) else { return .bool(value) }  // 1 byte: cannot fail
                let made = vm.native(NumpyArray(tensor), type)
                truths.append(Reference(made, vm.heap))
                vm.heap.release(made)
            }
        }
        return truths.isEmpty ? .bool(value) : truths[value ? 1 : 0].value.retained()
    }

    /// The plain number of the language for an element.
    func plain(_ value: Scalar) -> Value {
        switch value {
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(Int(number))
        case .double(let number): .float(number)
        }
    }

    func shape(_ sizes: [Int]) -> Value { vm.tuple(sizes.map { .int($0) }) }

    // MARK: tensors from values

    /// The tensor behind an ndarray or a numpy scalar; nil for anything else.
    func tensor(_ value: Value) throws -> Tensor? {
        if let array = vm.nativeObject(value, as: NumpyArray.self) { return array.tensor }
        if isFloat64(value) { return try Tensor.full([], .double(vm.payload(value).asDouble), dtype: .float64) }
        return nil
    }

    @inline(__always)
    func isFloat64(_ value: Value) -> Bool {
        value.tag == Tag.instance && vm.payload(value).isFloat && vm.isInstance(value, genericClass)
    }

    func isScalar(_ value: Value) -> Bool { vm.isInstance(value, genericClass) }

    func receiver(_ value: Value) throws -> Tensor {
        guard let tensor = try tensor(value) else {
            throw vm.typeError("descriptor requires a 'numpy.ndarray' object but received a '\(vm.typeName(value))'")
        }
        return tensor
    }

    // MARK: arguments

    func optionalInt(_ value: Value) throws -> Int? { value.isNone || value.isUndefined ? nil : try vm.index(value) }

    /// An axis counted from the front.
    func axis(_ value: Value, _ rank: Int) throws -> Int {
        let axis = try vm.index(value)
        guard axis >= -rank, axis < rank else { throw axisOutOfBounds(axis, rank) }
        return axis < 0 ? axis + rank : axis
    }

    /// None → nil, one axis or a tuple of them.
    func axes(_ value: Value, _ rank: Int) throws -> [Int]? {
        if value.isNone || value.isUndefined { return nil }
        if vm.payload(value).tag == Tag.tuple || vm.payload(value).tag == Tag.list {
            let items = try vm.collect(value)
            defer { for item in items { vm.heap.release(item) } }
            var result: [Int] = []
            for item in items {
                let axis = try axis(item, rank)
                if result.contains(axis) { throw vm.valueError("duplicate value in 'axis'") }
                result.append(axis)
            }
            return result
        }
        return [try axis(value, rank)]
    }

    /// A shape: one size or a sequence of them.
    func sizes(_ value: Value, allowsUnknown: Bool = false) throws -> [Int] {
        let plain = vm.payload(value)
        var result: [Int] = []
        if plain.tag == Tag.tuple || plain.tag == Tag.list || vm.nativeObject(value, as: NumpyArray.self)?.tensor.rank == 1 {
            let items = try vm.collect(value)
            defer { for item in items { vm.heap.release(item) } }
            for item in items { result.append(try vm.index(item)) }
        } else {
            // A repr that fails leaves the type's name for the message.
            result = [
                try vm.index(value, "expected a sequence of integers or a single integer, got '\((try? vm.reprText(value)) ?? vm.typeName(value))'")
            ]
        }
        if !allowsUnknown, result.contains(where: { $0 < 0 }) { throw vm.valueError("negative dimensions are not allowed") }
        try checkSize(result)
        return result
    }

    /// Refuses shapes whose elements cannot be counted; unknown sizes do not matter.
    func checkSize(_ sizes: [Int]) throws {
        if sizes.count > 64 { throw vm.valueError("maximum supported dimension for an ndarray is currently 64, found \(sizes.count)") }
        var count = 8
        for size in sizes where size > 0 {
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            guard !overflows else {
                throw vm.valueError("array is too big; `arr.size * arr.dtype.itemsize` is larger than the maximum possible size.")
            }
            count = product
        }
    }

    /// Sizes given as one sequence or as several arguments, a tuple value.
    func variadicSizes(_ arguments: Value, allowsUnknown: Bool = false) throws -> [Int] {
        let given = arguments.tuple
        if given.pointee.count == 1 { return try sizes(given.items[0], allowsUnknown: allowsUnknown) }
        return try sizes(arguments, allowsUnknown: allowsUnknown)
    }

    /// `(2,3)` as numpy writes shapes in messages.
    static func compact(_ sizes: [Int]) -> String {
        sizes.count == 1 ? "(\(sizes[0]),)" : "(" + sizes.map(String.init).joined(separator: ",") + ")"
    }
}
