import Interpreter
import Tensors

/// Attributes and methods that arrays and scalars share.
extension Numpy {
    func addAttributes(_ type: ClassPointer) {
        property(type, "shape") { [self] v in shape(try receiver(v).shape) }
        property(type, "ndim") { [self] v in .int(try receiver(v).rank) }
        property(type, "size") { [self] v in .int(try receiver(v).count) }
        property(type, "dtype") { [self] v in dtypeValue(try receiver(v).dtype) }
        property(type, "itemsize") { [self] v in .int(try receiver(v).dtype.size) }
        property(type, "nbytes") { [self] v in
            let tensor = try receiver(v)
            return .int(tensor.count * tensor.dtype.size)
        }
        property(type, "strides") { [self] v in
            let tensor = try receiver(v)
            return shape(tensor.strides.map { $0 * tensor.dtype.size })
        }
        property(type, "T") { [self] v in
            let tensor = try receiver(v)
            return isScalar(v) ? v.retained() : array(try tensor.permute((0..<tensor.rank).reversed()))
        }
        property(type, "real") { [self] v in isScalar(v) ? v.retained() : array(try receiver(v)) }
    }

    func addConversions(_ type: ClassPointer) {
        define(type, "item", "self, *args") { [self] a in
            let tensor = try receiver(a[0])
            let given = a[1].tuple
            if given.pointee.count == 0 {
                guard tensor.count == 1 else { throw vm.valueError("can only convert an array of size 1 to a Python scalar") }
                return plain(try tensor.item())
            }
            let flat = given.pointee.count == 1 && tensor.rank != 1 ? try tensor.reshape([-1]) : tensor
            let key = given.pointee.count == 1 ? given.items[0] : a[1]
            let found = try item(flat, key)
            defer { vm.heap.release(found) }
            return plain(try receiver(found).item())
        }
        define(type, "tolist", "self, /") { [self] a in try list(try receiver(a[0])) }
        define(type, "astype", "self, dtype, order='K', casting='unsafe', subok=True, copy=True") { [self] a in
            let tensor = try receiver(a[0])
            let converted = try tensor.to(try dtype(a[1]), copy: try vm.isTrue(a[5]))
            return isScalar(a[0]) ? try scalar(converted) : array(converted)
        }
        define(type, "tobytes", "self, order='C'") { [self] a in
            let packed = try receiver(a[0]).contiguous()
            return vm.bytes(UnsafeRawBufferPointer(start: packed.pointer, count: packed.count * packed.dtype.size))
        }
        define(type, "__bool__", "self, /") { [self] a in
            let tensor = try receiver(a[0])
            guard tensor.count == 1 else {
                if tensor.count == 0 {
                    throw vm.valueError("The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty.")
                }
                throw vm.valueError("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")
            }
            return .bool(try tensor.item().asDouble != 0)
        }
        define(type, "__float__", "self, /") { [self] a in .float(try single(a[0]).asDouble) }
        define(type, "__int__", "self, /") { [self] a in
            let value = try single(a[0])
            guard case .double(let number) = value else { return .int(Int(value.asInt)) }
            if number.isNaN { throw vm.valueError("cannot convert float NaN to integer") }
            if number.isInfinite { throw vm.overflowError("cannot convert float infinity to integer") }
            return vm.int(exactly: number.rounded(.towardZero))
        }
        define(type, "__index__", "self, /") { [self] a in
            let tensor = try receiver(a[0])
            guard tensor.rank == 0, tensor.dtype.category == .integer else {
                if isScalar(a[0]) { throw vm.typeError("'\(vm.fullTypeName(a[0]))' object cannot be interpreted as an integer") }
                throw vm.typeError("only integer scalar arrays can be converted to a scalar index")
            }
            return .int(Int(try tensor.item().asInt))
        }
        define(type, "__round__", "self, ndigits=None") { [self] a in
            let tensor = try receiver(a[0])
            if a[1].isNone, isScalar(a[0]) {
                let whole = try rounded(tensor, 0).item()
                guard case .double(let number) = whole else { return .int(Int(whole.asInt)) }
                guard number.isFinite else {
                    throw number.isNaN
                        ? vm.valueError("cannot convert float NaN to integer") : vm.overflowError("cannot convert float infinity to integer")
                }
                return vm.int(exactly: number)
            }
            return try result(try rounded(tensor, a[1].isNone ? 0 : try vm.index(a[1])))
        }
        define(type, "__format__", "self, spec, /") { [self] a in
            let tensor = try receiver(a[0])
            let spec = vm.text(vm.payload(a[1]))
            if spec.isEmpty, !isScalar(a[0]) || tensor.dtype.isFloatingPoint == false || tensor.dtype == .float64 {
                return vm.string(try vm.strText(a[0]))
            }
            guard tensor.rank == 0 else { throw vm.typeError("unsupported format string passed to numpy.ndarray.__format__") }
            let number = plain(try tensor.item())
            return try vm.callMethod(number, "__format__", a[1])
        }
        define(type, "__repr__", "self, /") { [self] a in
            let tensor = try receiver(a[0])
            guard isScalar(a[0]) else { return vm.string(try printing.repr(tensor)) }
            let text = printing.scalar(try tensor.item(), tensor.dtype)
            return vm.string(tensor.dtype == .bool ? "np.\(text)_" : "np.\(tensor.dtype.name)(\(text))")
        }
        define(type, "__str__", "self, /") { [self] a in vm.string(try printing.str(try receiver(a[0]))) }
        define(type, "__array__", "self, dtype=None, copy=None") { [self] a in
            array(try optionalDType(a[1]).map { try receiver(a[0]).to($0) } ?? receiver(a[0]))
        }
    }

    /// The one element a conversion to a plain number needs.
    private func single(_ value: Value) throws -> Scalar {
        let tensor = try receiver(value)
        guard tensor.rank == 0 else { throw vm.typeError("only 0-dimensional arrays can be converted to Python scalars") }
        return try tensor.item()
    }

    /// Half to even at `decimals` places, integers unchanged for non-negative ones.
    func rounded(_ tensor: Tensor, _ decimals: Int) throws -> Tensor {
        if !tensor.dtype.isFloatingPoint, decimals >= 0 { return try tensor.clone() }
        if decimals == 0 { return try tensor.round() }
        guard abs(decimals) <= 308 else { return try tensor.clone() }
        var scale = 1.0
        for _ in 0..<abs(decimals) { scale *= 10 }
        let factor = try Tensor.full([], .double(scale), dtype: tensor.dtype.isFloatingPoint ? tensor.dtype : .float64)
        let values = try tensor.to(factor.dtype)
        let result = decimals > 0 ? try values.mul(factor).round().div(factor) : try values.div(factor).round().mul(factor)
        return try result.to(tensor.dtype)
    }

    /// Nested lists of plain numbers.
    private func list(_ tensor: Tensor) throws -> Value {
        let values = try tensor.scalars()
        if tensor.rank == 0 { return plain(values[0]) }
        var next = 0
        func level(_ depth: Int) -> Value {
            var items: [Value] = []
            items.reserveCapacity(tensor.shape[depth])
            for _ in 0..<tensor.shape[depth] {
                if depth == tensor.rank - 1 {
                    items.append(plain(values[next]))
                    next += 1
                } else {
                    items.append(level(depth + 1))
                }
            }
            return vm.list(items)
        }
        return level(0)
    }

    // MARK: shape

    /// `reshape` with at most one −1.
    func reshaped(_ tensor: Tensor, _ sizes: [Int]) throws -> Tensor {
        let unknown = sizes.filter { $0 < 0 }.count
        if unknown > 1 { throw vm.valueError("can only specify one unknown dimension") }
        try checkSize(sizes)
        var known = 1
        for size in sizes where size >= 0 {
            known *= size
        }
        let fits = unknown == 0 ? known == tensor.count : known > 0 && tensor.count % known == 0
        guard fits else { throw vm.valueError("cannot reshape array of size \(tensor.count) into shape \(Numpy.compact(sizes))") }
        return try tensor.reshape(sizes.map { $0 < 0 ? tensor.count / known : $0 })
    }

    private func checkOrder(_ value: Value) throws {
        let order = vm.payload(value)
        guard order.tag == Tag.string, ["C", "K", "A"].contains(vm.text(order)) else {
            throw vm.valueError("arrays here are in C order: order=\(try vm.reprText(value)) is not available")
        }
    }

    func addShapeMethods(_ type: ClassPointer) {
        define(type, "reshape", "self, *shape, order='C', copy=None") { [self] a in
            // `*shape` comes behind the named parameters.
            try checkOrder(a[1])
            return array(try reshaped(try receiver(a[0]), try variadicSizes(a[3], allowsUnknown: true)))
        }
        define(type, "ravel", "self, order='C'") { [self] a in
            try checkOrder(a[1])
            return array(try receiver(a[0]).reshape([-1]))
        }
        define(type, "flatten", "self, order='C'") { [self] a in
            try checkOrder(a[1])
            return array(try receiver(a[0]).reshape([-1]).clone())
        }
        property(type, "flat") { [self] v in array(try receiver(v).reshape([-1])) }
        define(type, "transpose", "self, *axes") { [self] a in
            let tensor = try receiver(a[0])
            let given = a[1].tuple
            if given.pointee.count == 0 || given.pointee.count == 1 && given.items[0].isNone {
                return array(try tensor.permute((0..<tensor.rank).reversed()))
            }
            let order = try variadicSizes(a[1], allowsUnknown: true)
            guard order.count == tensor.rank else { throw vm.valueError("axes don't match array") }
            var axes: [Int] = []
            for one in order {
                let axis = try axis(.int(one), tensor.rank)
                if axes.contains(axis) { throw vm.valueError("repeated axis in transpose") }
                axes.append(axis)
            }
            return array(try tensor.permute(axes))
        }
        define(type, "swapaxes", "self, axis1, axis2, /") { [self] a in
            let tensor = try receiver(a[0])
            return array(try tensor.transpose(try axis(a[1], tensor.rank), try axis(a[2], tensor.rank)))
        }
        define(type, "squeeze", "self, axis=None") { [self] a in
            let tensor = try receiver(a[0])
            guard let axes = try axes(a[1], tensor.rank) else { return array(try tensor.squeeze()) }
            for axis in axes where tensor.shape[axis] != 1 {
                throw vm.valueError("cannot select an axis to squeeze out which has size not equal to one")
            }
            return array(axes.isEmpty ? tensor : try tensor.squeeze(axes))
        }
        define(type, "repeat", "self, repeats, axis=None") { [self] a in
            var tensor = try receiver(a[0])
            let axis = a[2].isNone ? 0 : try axis(a[2], tensor.rank)
            if a[2].isNone { tensor = try tensor.reshape([-1]) }
            return array(try repeated(tensor, try requiredOperand(a[1], "repeat").tensor, axis))
        }
        define(type, "take", "self, indices, axis=None, out=None, mode='raise'") { [self] a in
            let tensor = try receiver(a[0])
            let source = a[2].isNone ? try tensor.reshape([-1]) : tensor
            let axis = a[2].isNone ? 0 : try axis(a[2], tensor.rank)
            return try result(try taken(source, try requiredOperand(a[1], "take").tensor, axis))
        }
    }

    private func repeated(_ tensor: Tensor, _ repeats: Tensor, _ axis: Int) throws -> Tensor {
        let size = tensor.shape[axis]
        let counts = try repeats.count == 1 ? [Int](repeating: Int(repeats.reshape([]).item().asInt), count: size) : repeats.integers()
        guard counts.count == size else {
            throw vm.valueError("operands could not be broadcast together with shape \(Numpy.compact([size])) \(Numpy.compact(repeats.shape))")
        }
        guard counts.allSatisfy({ $0 >= 0 }) else { throw vm.valueError("repeats may not contain negative values.") }
        var total = 0
        for count in counts {
            let (sum, overflows) = total.addingReportingOverflow(count)
            guard !overflows, sum < 1 << 40 else { throw vm.memoryError() }
            total = sum
        }
        var positions: [Int] = []
        positions.reserveCapacity(total)
        for (position, count) in counts.enumerated() { positions.append(contentsOf: repeatElement(position, count: count)) }
        return try tensor.indexSelect(axis, try .from(integers: positions))
    }

    /// Elements at `indices` along `axis`; the shape of the indices takes the axis's place.
    func taken(_ tensor: Tensor, _ indices: Tensor, _ axis: Int) throws -> Tensor {
        if indices.dtype.isFloatingPoint, indices.count > 0 {
            throw vm.typeError("Cannot cast array data from dtype('\(indices.dtype.name)') to dtype('int64') according to the rule 'safe'")
        }
        let size = tensor.shape[axis]
        let flat = try indices.to(.int64).integers()
        for index in flat where index < -size || index >= size {
            throw vm.indexError("index \(index) is out of bounds for axis \(axis) with size \(size)")
        }
        let chosen = try tensor.indexSelect(axis, try .from(integers: flat.map { $0 < 0 ? $0 + size : $0 }))
        return try chosen.reshape(Array(tensor.shape[..<axis]) + indices.shape + Array(tensor.shape[(axis + 1)...]))
    }

    // MARK: values

    func addValueMethods(_ type: ClassPointer) {
        define(type, "copy", "self, order='C'") { [self] a in
            isScalar(a[0]) ? a[0].retained() : array(try receiver(a[0]).clone().contiguous())
        }
        define(type, "__copy__", "self, /") { [self] a in isScalar(a[0]) ? a[0].retained() : array(try receiver(a[0]).clone()) }
        define(type, "__deepcopy__", "self, memo, /") { [self] a in isScalar(a[0]) ? a[0].retained() : array(try receiver(a[0]).clone()) }
        define(type, "round", "self, decimals=0, out=None") { [self] a in
            try delivered(try rounded(try receiver(a[0]), try vm.index(a[1])), out: a[2])
        }
        define(type, "clip", "self, min=None, max=None, out=None") { [self] a in
            try delivered(try clipped(NumpyOperand(tensor: try receiver(a[0])), a[1], a[2]), out: a[3])
        }
        define(type, "dot", "self, b, out=None") { [self] a in
            try delivered(try dot(try receiver(a[0]), try requiredOperand(a[1], "dot").tensor), out: a[2])
        }
        define(type, "argsort", "self, axis=-1, kind=None, order=None, *, stable=None") { [self] a in
            let (tensor, axis) = try alongAxis(try receiver(a[0]), a[1])
            return array(try tensor.argsort(axis))
        }
        define(type, "nonzero", "self, /") { [self] a in try positions(try receiver(a[0])) }
        define(type, "searchsorted", "self, v, side='left', sorter=None") { [self] a in
            guard a[3].isNone else { throw vm.valueError("searchsorted: sorter is not available; sort the array first") }
            return try result(try receiver(a[0]).searchsorted(try requiredOperand(a[1], "searchsorted").tensor, right: vm.strText(a[2]) == "right"))
        }
    }

    /// The axis an operation runs along; None means over all elements as one row.
    func alongAxis(_ tensor: Tensor, _ axis: Value) throws -> (Tensor, Int) {
        if axis.isNone || tensor.rank == 0 { return (try tensor.reshape([-1]), 0) }
        return (tensor, try self.axis(axis, tensor.rank))
    }

    func positions(_ tensor: Tensor) throws -> Value {
        if tensor.rank == 0 { throw vm.valueError("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.") }
        let found = try tensor.nonzero()
        return vm.tuple(try (0..<tensor.rank).map { array(try found.select(1, $0).contiguous()) })
    }

    func clipped(_ operand: NumpyOperand, _ low: Value, _ high: Value) throws -> Tensor {
        guard let maximum = NumpyBinaryUfunc.byName["maximum"], let minimum = NumpyBinaryUfunc.byName["minimum"] else { return operand.tensor }
        var current = operand
        if !low.isNone { current = NumpyOperand(tensor: try apply(maximum, current, try bound(low, current.tensor.dtype))) }
        if !high.isNone { current = NumpyOperand(tensor: try apply(minimum, current, try bound(high, current.tensor.dtype))) }
        return low.isNone && high.isNone ? try operand.tensor.clone() : current.tensor
    }

    private func bound(_ value: Value, _ dtype: DType) throws -> NumpyOperand { try requiredOperand(value, "clip") }
}
