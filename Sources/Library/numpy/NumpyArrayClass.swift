import Interpreter
import Tensors

/// What only arrays have: items, length, iteration, in-place methods, constructors of scalars.
extension Numpy {
    func fillArrayClass(_ module: NativeModule) {
        let type = arrayClass
        let iterator = module.iteratorClass("_array_iterator", "cls, array, /") { [self] (vm, own, a) throws(PythonError) -> Value in
            try iterate(own, a[1])
        }
        vm.defineConstant(type, "__hash__", .none)
        vm.defineConstant(type, "__array_priority__", .float(0))
        define(type, "__len__", "self, /") { [self] a in
            let tensor = try receiver(a[0])
            if tensor.rank == 0 { throw vm.typeError("len() of unsized object") }
            return .int(tensor.shape[0])
        }
        define(type, "__getitem__", "self, key, /") { [self] a in
            let tensor = try receiver(a[0])
            if a[1].isInt, tensor.rank == 1 { return try element(tensor, a[1].asInt) }
            return try item(tensor, a[1])
        }
        define(type, "__setitem__", "self, key, value, /") { [self] a in
            try setItem(try receiver(a[0]), a[1], a[2])
            return .none
        }
        define(type, "__delitem__", "self, key, /") { [self] _ in throw vm.valueError("cannot delete array elements") }
        define(type, "__contains__", "self, item, /") { [self] a in
            guard let equal = NumpyBinaryUfunc.byName["equal"], let operand = try operand(a[1]) else { return .false }
            return .bool(try apply(equal, NumpyOperand(tensor: try receiver(a[0])), operand).any().item().asDouble != 0)
        }
        vm.define(type, "__iter__", "self, /") { [self] (vm, a) throws(PythonError) -> Value in try iterate(iterator, a[0]) }
        define(type, "fill", "self, value, /") { [self] a in
            try setItem(try receiver(a[0]), .ellipsis, a[1])
            return .none
        }
        define(type, "sort", "self, axis=-1, kind=None, order=None, *, stable=None") { [self] a in
            let tensor = try receiver(a[0])
            if tensor.rank == 0 { throw axisOutOfBounds(-1, 0) }
            _ = try tensor.copy_(try tensor.sort(try axis(a[1], tensor.rank)).values)
            return .none
        }
        define(type, "partition", "self, kth, axis=-1") { [self] a in
            let tensor = try receiver(a[0])
            _ = try tensor.copy_(try tensor.sort(try axis(a[2], tensor.rank)).values)
            return .none
        }
        define(type, "view", "self, dtype=None, /") { [self] a in array(try reinterpreted(try receiver(a[0]), try optionalDType(a[1]))) }
        property(type, "base") { _ in .none }
        type.info.construct = NativeFunction(
            "ndarray", "cls, shape, dtype=None",
            body: native { [self] a in
                array(try Tensor.zeros(try sizes(a[1]), dtype: try optionalDType(a[2]) ?? .float64))
            })
        type.info.isBase = false
    }

    /// The same bytes read as another dtype; the last axis grows or shrinks with the element size.
    private func reinterpreted(_ tensor: Tensor, _ dtype: DType?) throws -> Tensor {
        guard let dtype, dtype != tensor.dtype else { return tensor.viewedThrough(tensor.layout) }
        guard tensor.isContiguous, tensor.rank > 0 else {
            throw vm.valueError("To change to a dtype of a different size, the last axis must be contiguous")
        }
        let bytes = (tensor.shape[tensor.rank - 1] * tensor.dtype.size, tensor.layout.offset * tensor.dtype.size)
        guard bytes.0 % dtype.size == 0, bytes.1 % dtype.size == 0 else {
            throw vm.valueError(
                "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array.")
        }
        let sizes = Array(tensor.shape.dropLast()) + [bytes.0 / dtype.size]
        tensor.storage.linearize()
        return Tensor(
            storage: tensor.storage, layout: Layout(sizes: sizes, strides: Layout.contiguousStrides(sizes), offset: bytes.1 / dtype.size),
            dtype: dtype)
    }

    private func element(_ tensor: Tensor, _ index: Int) throws -> Value {
        let size = tensor.shape[0]
        guard index >= -size, index < size else { throw vm.indexError("index \(index) is out of bounds for axis 0 with size \(size)") }
        let position = index < 0 ? index + size : index
        if tensor.dtype == .float64 {
            return scalar(tensor.pointer.load(fromByteOffset: position * tensor.strides[0] * 8, as: Double.self))
        }
        return try scalar(tensor.viewedThrough(Layout(sizes: [], strides: [], offset: tensor.layout.offset + position * tensor.strides[0])))
    }

    private func iterate(_ iterator: ClassPointer, _ value: Value) throws(PythonError) -> Value {
        guard let tensor = vm.nativeObject(value, as: NumpyArray.self)?.tensor else { throw vm.typeError("an array is required") }
        if tensor.rank == 0 { throw vm.typeError("iteration over a 0-d array") }
        var position = 0
        let step = native { [self] _ in
            guard position < tensor.shape[0] else { return .undefined }
            defer { position += 1 }
            if tensor.rank == 1 { return try element(tensor, position) }
            let rest = Layout(
                sizes: Array(tensor.shape.dropFirst()), strides: Array(tensor.strides.dropFirst()),
                offset: tensor.layout.offset + position * tensor.strides[0])
            return array(tensor.viewedThrough(rest))
        }
        return vm.nativeIterator(iterator, holding: [value.retained()]) { (vm, state) throws(PythonError) -> Value in
            try step(vm, Arguments(base: state.held, count: 1))
        }
    }

    // MARK: scalars

    func fillScalarClasses() {
        define(genericClass, "__hash__", "self, /") { [self] a in
            let number = plain(try receiver(a[0]).item())
            return .int(try vm.hash(number))
        }
        define(genericClass, "__getitem__", "self, key, /") { [self] a in
            if a[1].tag == Tag.tuple, a[1].tuple.pointee.count == 0 { return a[0].retained() }
            if a[1].tag == Tag.ellipsis { return array(try receiver(a[0])) }
            throw vm.indexError("invalid index to scalar variable.")
        }
        for (dtype, type) in scalarClasses {
            let construct = NativeFunction(
                dtype.name, "cls, value=0, /",
                body: native { [self] a in
                    let made = try tensor(
                        from: a[1], dtype: a[1].isInt && dtype.category != .integer ? nil : (vm.payload(a[1]).tag == Tag.string ? dtype : nil))
                    let operand = NumpyOperand(tensor: made, weak: a[1].isInt ? .integer : nil)
                    return try result(try converted(operand, to: dtype))
                })
            type.info.construct = construct
            let make = construct.body
            vm.defineStatic(type, "__new__", "cls, value=0, /") { (vm, a) throws(PythonError) -> Value in try make(vm, a) }
        }
    }
}
