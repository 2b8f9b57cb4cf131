import Checkpoints
import Interpreter
import Tensors

/// Declares `_numpy`: arrays, dtypes, scalars, element-wise functions, random streams, files. `stdlib/numpy` builds on it.
func registerNumpy(_ vm: VM) {
    vm.registerNativeModule("_numpy") { (vm, module) throws(PythonError) -> Void in
        let numpy = Numpy(module)
        numpy.fillDTypeClass()
        numpy.fillScalarClasses()
        numpy.fillArrayClass(module)
        for type in [numpy.genericClass, numpy.arrayClass] {
            numpy.addAttributes(type)
            numpy.addConversions(type)
            numpy.addShapeMethods(type)
            numpy.addValueMethods(type)
            numpy.addOperators(type)
        }
        numpy.addInPlaceOperators()
        numpy.addMatrixOperators(numpy.arrayClass)
        numpy.addReductions(module, [numpy.genericClass, numpy.arrayClass])
        numpy.addUfuncs(module)
        numpy.addCreation(module)
        numpy.addSelection(module)
        numpy.addPrinting(module)
        numpy.addRandom(module)
        numpy.addFiles(module)
    }
}

extension Numpy {
    func addCreation(_ module: NativeModule) {
        module.function(
            "array", "object, dtype=None, *, copy=True, order='K', subok=False, ndmin=0, like=None",
            native { [self] a in
                let made = try tensor(from: a[0], dtype: try optionalDType(a[1]))
                let isFresh = vm.payload(a[0]).tag == Tag.list || vm.payload(a[0]).tag == Tag.tuple
                var tensor = try vm.isTrue(a[2]) && !isFresh ? made.clone().contiguous() : made
                let missing = try vm.index(a[5]) - tensor.rank
                if missing > 0 { tensor = try tensor.reshape([Int](repeating: 1, count: min(missing, 64)) + tensor.shape) }
                return array(tensor)
            })
        module.function(
            "asarray", "a, dtype=None, order=None, *, copy=None",
            native { [self] a in
                if a[0].tag == Tag.native, vm.typeOf(a[0]) == arrayClass, a[1].isNone, !(a[3].isBool && a[3].asBool) { return a[0].retained() }
                let made = try tensor(from: a[0], dtype: try optionalDType(a[1]))
                if a[1].isNone == false, a[0].tag == Tag.native, vm.nativeObject(a[0], as: NumpyArray.self)?.tensor === made,
                    vm.typeOf(a[0]) == arrayClass
                {
                    return a[0].retained()
                }
                return array(a[3].isBool && a[3].asBool ? try made.clone() : made)
            })
        for (name, value) in [("zeros", Scalar.int(0)), ("ones", .int(1)), ("empty", .int(0))] {
            module.function(
                name, "shape, dtype=None, order='C'",
                native { [self] a in
                    array(try Tensor.full(try sizes(a[0]), value, dtype: try optionalDType(a[1]) ?? .float64))
                })
        }
        module.function(
            "full", "shape, fill_value, dtype=None, order='C'",
            native { [self] a in
                let fill = try requiredOperand(a[1], "full")
                let dtype = try optionalDType(a[2]) ?? fill.tensor.dtype
                let result = try Tensor.empty(try sizes(a[0]), dtype: dtype)
                _ = try broadcast(fill.tensor, result)
                _ = try result.copy_(try converted(fill, to: dtype))
                return array(result)
            })
        module.function(
            "arange", "start, stop=None, step=None, dtype=None",
            native { [self] a in
                let first = try number(a[0], "arange")
                let step = a[2].isNone ? Scalar.int(1) : try number(a[2], "arange")
                let dtype = try optionalDType(a[3])
                return array(a[1].isNone ? try arange(.int(0), first, step, dtype) : try arange(first, try number(a[1], "arange"), step, dtype))
            })
        module.function(
            "eye", "N, M=None, k=0, dtype=None",
            native { [self] a in
                let rows = try sizes(a[0])[0]
                let columns = try optionalInt(a[1]) ?? rows
                guard columns >= 0 else { throw vm.valueError("negative dimensions are not allowed") }
                try checkSize([rows, columns])
                let result = try Tensor.zeros([rows, columns], dtype: try optionalDType(a[3]) ?? .float64)
                let offset = try vm.index(a[2])
                let (row, column) = (max(0, -max(offset, -rows)), max(0, min(offset, columns)))
                let length = min(rows - row, columns - column)
                if length > 0 {
                    let diagonal = result.viewedThrough(Layout(sizes: [length], strides: [columns + 1], offset: row * columns + column))
                    _ = try diagonal.fill_(1)
                }
                return array(result)
            })
        module.function(
            "frombuffer", "buffer, dtype=None, count=-1, offset=0",
            native { [self] a in
                try fromBuffer(a[0], try optionalDType(a[1]) ?? .float64, count: try vm.index(a[2]), offset: try vm.index(a[3]))
            })
    }

    private func fromBuffer(_ value: Value, _ dtype: DType, count: Int, offset: Int) throws -> Value {
        let plain = vm.payload(value)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw vm.typeError("a bytes-like object is required, not '\(vm.typeName(value))'")
        }
        let bytes = vm.byteBuffer(plain)
        guard offset >= 0, offset <= bytes.count else {
            throw vm.valueError("offset must be non-negative and no greater than buffer length (\(bytes.count))")
        }
        let available = bytes.count - offset
        if count < 0, available % dtype.size != 0 { throw vm.valueError("buffer size must be a multiple of element size") }
        let length = count < 0 ? available / dtype.size : count
        guard length <= available / dtype.size else { throw vm.valueError("buffer is smaller than requested size") }
        let result = try Tensor.empty([length], dtype: dtype)
        if length > 0, let source = bytes.baseAddress { result.pointer.copyMemory(from: source + offset, byteCount: length * dtype.size) }
        return array(dtype == .bool ? try result.to(.uint8).ne(try .full([], 0, dtype: .uint8)) : result)
    }

    // MARK: joining, choosing, ordering

    func addSelection(_ module: NativeModule) {
        module.function(
            "concatenate", "arrays, /, axis=0, out=None, *, dtype=None",
            native { [self] a in
                try delivered(try joined(a[0], a[1], try optionalDType(a[3])), out: a[2])
            })
        module.function(
            "where", "condition, x=..., y=..., /",
            native { [self] a in
                let condition = try requiredOperand(a[0], "where").tensor
                let mask = try condition.ne(try .full([], 0, dtype: condition.dtype))
                guard a.has(1) else { return try positions(mask) }
                guard a.has(2) else { throw vm.valueError("either both or neither of x and y should be given") }
                let (x, y) = (try requiredOperand(a[1], "where"), try requiredOperand(a[2], "where"))
                let dtype = NumpyOperand.common(x, y)
                _ = try broadcast(try Tensor.empty(try broadcast(x.tensor, y.tensor), dtype: .bool), mask)
                return array(try mask.whereSelect(try converted(x, to: dtype), try converted(y, to: dtype)))
            })
        module.function("nonzero", "a", native { [self] a in try positions(try requiredOperand(a[0], "nonzero").tensor) })
        module.function(
            "clip", "a, a_min=None, a_max=None, out=None, *, min=None, max=None",
            native { [self] a in
                try delivered(
                    try clipped(try requiredOperand(a[0], "clip"), a[1].isNone ? a[4] : a[1], a[2].isNone ? a[5] : a[2]), out: a[3])
            })
        module.function(
            "sort", "a, axis=-1, kind=None",
            native { [self] a in
                let (tensor, axis) = try alongAxis(try requiredOperand(a[0], "sort").tensor, a[1])
                return array(try tensor.sort(axis).values)
            })
        module.function(
            "bincount", "x, /, weights=None, minlength=0",
            native { [self] a in
                let values = try requiredOperand(a[0], "bincount").tensor
                guard values.rank == 1 else { throw vm.valueError("object of too small depth for desired array") }
                guard !values.dtype.isFloatingPoint || values.count == 0 else {
                    throw vm.typeError("Cannot cast array data from dtype('\(values.dtype.name)') to dtype('int64') according to the rule 'safe'")
                }
                let counted = try values.to(.int64)
                let present = try counted.integers()
                if present.contains(where: { $0 < 0 }) { throw vm.valueError("'list' argument must have no negative elements") }
                let minimum = try vm.index(a[2])
                if max(minimum, present.max() ?? 0) >= 1 << 42 { throw vm.memoryError() }
                if minimum < 0 { throw vm.valueError("'minlength' must not be negative") }
                let weights = a[1].isNone ? nil : try requiredOperand(a[1], "bincount").tensor.to(.float64)
                if let weights, weights.shape != counted.shape { throw vm.valueError("The weights and list don't have the same length.") }
                return array(try counted.bincount(weights: weights, minlength: minimum))
            })
        module.function(
            "_unique", "a",
            native { [self] a in
                let flat = try requiredOperand(a[0], "unique").tensor.reshape([-1])
                let (ordered, order) = try flat.sort()
                return vm.tuple([array(ordered), array(order)])
            })
        module.function(
            "matmul", "x1, x2, /, out=None",
            native { [self] a in
                try delivered(try matmul(try requiredOperand(a[0], "matmul").tensor, try requiredOperand(a[1], "matmul").tensor), out: a[2])
            })
        module.function(
            "dot", "a, b, out=None",
            native { [self] a in
                try delivered(try dot(try requiredOperand(a[0], "dot").tensor, try requiredOperand(a[1], "dot").tensor), out: a[2])
            })
        module.function(
            "tile", "A, reps",
            native { [self] a in
                var tensor = try requiredOperand(a[0], "tile").tensor
                var repeats = try sizes(a[1])
                if repeats.count < tensor.rank { repeats = [Int](repeating: 1, count: tensor.rank - repeats.count) + repeats }
                if tensor.rank < repeats.count { tensor = try tensor.reshape([Int](repeating: 1, count: repeats.count - tensor.rank) + tensor.shape) }
                var sizes = repeats
                for (d, size) in tensor.shape.enumerated() {
                    let (product, overflows) = sizes[d].multipliedReportingOverflow(by: size)
                    guard !overflows else { throw vm.memoryError() }
                    sizes[d] = product
                }
                try checkSize(sizes)
                return array(try tensor.repeating(repeats))
            })
        module.function(
            "flip", "m, axis=None",
            native { [self] a in
                let tensor = try requiredOperand(a[0], "flip").tensor
                let axes = try axes(a[1], tensor.rank) ?? Array(0..<tensor.rank)
                var (strides, offset) = (tensor.strides, tensor.layout.offset)
                tensor.storage.linearize()
                for axis in axes {
                    offset += max(0, tensor.shape[axis] - 1) * strides[axis]
                    strides[axis] = -strides[axis]
                }
                return array(tensor.viewedThrough(Layout(sizes: tensor.shape, strides: strides, offset: offset)))
            })
        for (name, isUpper) in [("triu", true), ("tril", false)] {
            module.function(
                name, "m, k=0",
                native { [self] a in
                    let tensor = try requiredOperand(a[0], name).tensor
                    guard tensor.rank >= 2 else { throw vm.valueError("\(name): the array must have at least two dimensions") }
                    return array(isUpper ? try tensor.triu(try vm.index(a[1])) : try tensor.tril(try vm.index(a[1])))
                })
        }
        module.function(
            "broadcast_to", "array, shape",
            native { [self] a in
                let tensor = try requiredOperand(a[0], "broadcast_to").tensor
                let target = try sizes(a[1])
                guard (try? broadcastSizes(tensor.shape, target)) == target else {  // nil says as much as a mismatch
                    throw vm.valueError(
                        "operands could not be broadcast together with remapped shapes [original->remapped]: \(Numpy.compact(tensor.shape))  and requested shape \(Numpy.compact(target))"
                    )
                }
                return array(try tensor.expand(target))
            })
        module.function("promote_types", "type1, type2", native { [self] a in dtypeValue(try dtype(a[0]).numpyPromoted(with: try dtype(a[1]))) })
        module.function(
            "result_type", "*arrays_and_dtypes",
            native { [self] a in
                var current: NumpyOperand?
                for i in 0..<a[0].tuple.pointee.count {
                    let value = a[0].tuple.items[i]
                    let next: NumpyOperand
                    if let operand = try operand(value) {
                        next = operand
                    } else {
                        next = NumpyOperand(tensor: try .zeros([], dtype: try dtype(value)))
                    }
                    guard let present = current else {
                        current = next
                        continue
                    }
                    let isWeak = present.weak != nil && next.weak != nil
                    current = NumpyOperand(
                        tensor: try .zeros([], dtype: NumpyOperand.common(present, next)),
                        weak: isWeak ? max(present.weak ?? .boolean, next.weak ?? .boolean) : nil)
                }
                guard let current else { throw vm.valueError("at least one array or dtype is required") }
                return dtypeValue(current.tensor.dtype)
            })
        module.function("shares_memory", "a, b", native { [self] a in .bool(try receiver(a[0]).storage === receiver(a[1]).storage) })
        module.function(
            "_set_axis_error", "cls",
            native { [self] a in
                axisError = Reference(a[0], vm.heap)
                return .none
            })
    }

    private func joined(_ arrays: Value, _ axis: Value, _ wanted: DType?) throws -> Tensor {
        let items = try vm.collect(arrays)
        defer { for item in items { vm.heap.release(item) } }
        guard !items.isEmpty else { throw vm.valueError("need at least one array to concatenate") }
        var tensors = try items.map { try requiredOperand($0, "concatenate").tensor }
        if axis.isNone { tensors = try tensors.map { try $0.reshape([-1]) } }
        let rank = tensors[0].rank
        if rank == 0 { throw vm.valueError("zero-dimensional arrays cannot be concatenated") }
        let d = axis.isNone ? 0 : try self.axis(axis, rank)
        for (i, tensor) in tensors.enumerated() {
            if tensor.rank != rank {
                throw vm.valueError(
                    "all the input arrays must have same number of dimensions, but the array at index 0 has \(rank) dimension(s) and the array at index \(i) has \(tensor.rank) dimension(s)"
                )
            }
            for k in 0..<rank where k != d && tensor.shape[k] != tensors[0].shape[k] {
                throw vm.valueError(
                    "all the input array dimensions except for the concatenation axis must match exactly, but along dimension \(k), "
                        + "the array at index 0 has size \(tensors[0].shape[k]) and the array at index \(i) has size \(tensor.shape[k])")
            }
        }
        let dtype = wanted ?? tensors.dropFirst().reduce(tensors[0].dtype) { $0.numpyPromoted(with: $1.dtype) }
        return try Tensor.cat(try tensors.map { try $0.to(dtype) }, dim: d)
    }

    // MARK: printing

    func addPrinting(_ module: NativeModule) {
        module.function(
            "set_printoptions", "precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None, infstr=None, **options",
            native { [self] a in
                if let value = try optionalInt(a[0]) { printing.precision = min(max(0, value), 100) }
                if !a[1].isNone {
                    let limit = try number(a[1], "set_printoptions").asDouble
                    if limit.isNaN { throw vm.valueError("threshold must be non-NAN, try sys.maxsize for untruncated representation") }
                    printing.threshold = limit >= 9e18 ? Int.max : max(0, Int(limit))
                }
                if let value = try optionalInt(a[2]) { printing.edgeItems = min(max(0, value), 1 << 40) }
                if let value = try optionalInt(a[3]) { printing.lineWidth = min(max(1, value), 1 << 40) }
                if !a[4].isNone { printing.suppressesSmall = try vm.isTrue(a[4]) }
                if !a[5].isNone { printing.nanText = try vm.strText(a[5]) }
                if !a[6].isNone { printing.infinityText = try vm.strText(a[6]) }
                return .none
            })
        module.function(
            "get_printoptions", "",
            native { [self] _ in
                let result = vm.dict()
                let entries: [(String, Value)] = [
                    ("edgeitems", .int(printing.edgeItems)), ("threshold", .int(printing.threshold)), ("precision", .int(printing.precision)),
                    ("suppress", .bool(printing.suppressesSmall)), ("linewidth", .int(printing.lineWidth)), ("nanstr", vm.string(printing.nanText)),
                    ("infstr", vm.string(printing.infinityText)),
                ]
                for (name, value) in entries {
                    let key = vm.internedValue(name)
                    try vm.setItem(result, key, value)
                    vm.heap.release(key)
                    vm.heap.release(value)
                }
                return result
            })
        module.function(
            "array2string",
            "a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', *, suffix='', threshold=None, edgeitems=None",
            native { [self] a in
                var printer = printing
                if let value = try optionalInt(a[1]) { printer.lineWidth = max(1, value) }
                if let value = try optionalInt(a[2]) { printer.precision = min(max(0, value), 100) }
                if !a[3].isNone { printer.suppressesSmall = try vm.isTrue(a[3]) }
                if let value = try optionalInt(a[7]) { printer.threshold = max(0, value) }
                if let value = try optionalInt(a[8]) { printer.edgeItems = max(0, value) }
                return vm.string(
                    try printer.text(
                        try requiredOperand(a[0], "array2string").tensor, separator: try vm.strText(a[4]), prefix: try vm.strText(a[5]),
                        suffix: try vm.strText(a[6])))
            })
    }

    // MARK: files

    func addFiles(_ module: NativeModule) {
        module.function("_load", "path", native { [self] a in array(try NumpyFile.load(try vm.strText(a[0]))) })
        module.function(
            "_save", "path, array",
            native { [self] a in
                try NumpyFile.save(try receiver(a[1]), to: try vm.strText(a[0]))
                return .none
            })
        module.function("_encode", "array", native { [self] a in vm.bytes(try NumpyFile.encode(try receiver(a[0]))) })
        module.function(
            "_decode", "bytes",
            native { [self] a in
                let plain = vm.payload(a[0])
                guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
                    throw vm.typeError("a bytes-like object is required, not '\(vm.typeName(a[0]))'")
                }
                return array(try NumpyFile.decode(Array(vm.byteBuffer(plain))))
            })
        module.function(
            "_load_archive", "path",
            native { [self] a in
                vm.list(try NumpyFile.loadArchive(try vm.strText(a[0])).map { vm.tuple([vm.string($0.name), array($0.tensor)]) })
            })
        module.function(
            "_save_archive", "path, names, arrays",
            native { [self] a in
                let (names, arrays) = (try vm.collect(a[1]), try vm.collect(a[2]))
                defer { for value in names + arrays { vm.heap.release(value) } }
                var entries: [(name: String, tensor: Tensor)] = []
                for (name, value) in zip(names, arrays) { entries.append((try vm.strText(name), try receiver(value))) }
                try NumpyFile.saveArchive(entries, to: try vm.strText(a[0]))
                return .none
            })
    }
}
