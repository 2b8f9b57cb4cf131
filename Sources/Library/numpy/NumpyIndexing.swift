import Interpreter
import Tensors

/// `a[…]` and `a[…] = v` with numpy's rules and messages.
struct NumpyIndex {
    enum Item {
        case integer(Int)
        case slice(SliceBounds)
        case newAxis, ellipsis
        case mask(Tensor)
        case positions(Tensor)
    }

    private(set) var items: [Item] = []
    private let numpy: Numpy
    private var vm: VM { numpy.vm }

    init(_ key: Value, _ numpy: Numpy) throws {
        self.numpy = numpy
        if key.tag == Tag.tuple {
            for position in 0..<key.tuple.pointee.count { items.append(try read(key.tuple.items[position])) }
        } else {
            items.append(try read(key))
        }
    }

    private func read(_ key: Value) throws -> Item {
        let plain = vm.payload(key)
        switch plain.tag {
        case Tag.int: return .integer(plain.asInt)
        case Tag.none: return .newAxis
        case Tag.ellipsis: return .ellipsis
        case Tag.slice: return .slice(try vm.unpackSlice(plain))
        case Tag.bool: return .mask(try .full([], .bool(plain.asBool), dtype: .bool))
        case Tag.float, Tag.string: throw invalid()
        default: break
        }
        guard let operand = try operandOrNil(key) else {
            if !vm.special(vm.typeOf(key), .index).isUndefined { return .integer(try vm.index(key)) }
            throw invalid()
        }
        let tensor = operand.tensor
        if tensor.dtype == .bool { return .mask(tensor) }
        if tensor.dtype.isFloatingPoint {
            // An empty list has no dtype to complain about.
            guard tensor.count == 0, plain.tag == Tag.list || plain.tag == Tag.tuple else {
                if numpy.isScalar(key) { throw invalid() }
                throw vm.indexError("arrays used as indices must be of integer (or boolean) type")
            }
        } else if tensor.rank == 0 {
            return .integer(Int(try tensor.item().asInt))
        }
        return .positions(try tensor.to(.int64))
    }

    private func operandOrNil(_ key: Value) throws -> NumpyOperand? { try numpy.operand(key) }

    private func invalid() -> PythonError {
        vm.indexError(
            "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices")
    }

    // MARK: the basic part

    /// The view that integers, slices and new axes select, and the index arrays left over, one entry per dimension of it.
    func basic(of tensor: Tensor) throws -> (view: Tensor, arrays: [Tensor?]) {
        var consumed = 0
        var ellipses = 0
        for item in items {
            switch item {
            case .integer, .slice, .positions: consumed += 1
            case .mask(let mask): consumed += mask.rank
            case .ellipsis: ellipses += 1
            case .newAxis: break
            }
        }
        if ellipses > 1 { throw vm.indexError("an index can only have a single ellipsis ('...')") }
        if consumed > tensor.rank {
            throw vm.indexError("too many indices for array: array is \(tensor.rank)-dimensional, but \(consumed) were indexed")
        }
        var walk = Walk(tensor, hasArrays: items.contains { if case .positions = $0 { true } else if case .mask = $0 { true } else { false } })
        for item in items { try walk.take(item, skipping: tensor.rank - consumed, vm) }
        walk.keep(tensor.rank - walk.axis)
        return (walk.view(), walk.arrays)
    }

    /// Sizes, strides and offset as they take shape from left to right.
    private struct Walk {
        let tensor: Tensor
        let hasArrays: Bool
        var axis = 0
        var offset: Int
        var sizes: [Int] = []
        var strides: [Int] = []
        var arrays: [Tensor?] = []

        init(_ tensor: Tensor, hasArrays: Bool) {
            self.tensor = tensor
            self.hasArrays = hasArrays
            tensor.storage.linearize()
            offset = tensor.layout.offset
        }

        mutating func keep(_ count: Int) {
            for _ in 0..<count {
                sizes.append(tensor.shape[axis])
                strides.append(tensor.strides[axis])
                arrays.append(nil)
                axis += 1
            }
        }

        mutating func take(_ item: Item, skipping: Int, _ vm: VM) throws {
            switch item {
            case .newAxis:
                sizes.append(1)
                strides.append(0)
                arrays.append(nil)
            case .ellipsis: keep(skipping)
            case .integer(let index):
                let size = tensor.shape[axis]
                guard index >= -size, index < size else { throw vm.indexError("index \(index) is out of bounds for axis \(axis) with size \(size)") }
                // Beside index arrays an integer is one of them, and broadcasts.
                if hasArrays {
                    arrays.append(try .full([], .int(Int64(index < 0 ? index + size : index)), dtype: .int64))
                    sizes.append(size)
                    strides.append(tensor.strides[axis])
                } else {
                    offset += (index < 0 ? index + size : index) * tensor.strides[axis]
                }
                axis += 1
            case .slice(let bounds):
                let selected = bounds.adjusted(to: tensor.shape[axis])
                if selected.count > 0 { offset += selected.start * tensor.strides[axis] }
                sizes.append(selected.count)
                // A single element is reached without the step, which may be anything.
                strides.append(selected.count > 1 ? tensor.strides[axis] * selected.step : tensor.strides[axis])
                arrays.append(nil)
                axis += 1
            case .mask(let mask):
                try takeMask(mask, vm)
            case .positions(let positions):
                let size = tensor.shape[axis]
                if positions.count > 0 {
                    let low = Int(try positions.min().item().asInt)
                    let high = Int(try positions.max().item().asInt)
                    if low < -size || high >= size {
                        throw vm.indexError("index \(low < -size ? low : high) is out of bounds for axis \(axis) with size \(size)")
                    }
                }
                keep(1)
                arrays[arrays.count - 1] = positions
            }
        }

        private mutating func takeMask(_ mask: Tensor, _ vm: VM) throws {
            for d in 0..<mask.rank where mask.shape[d] != tensor.shape[axis + d] {
                throw vm.indexError(
                    "boolean index did not match indexed array along axis \(axis + d); size of axis is \(tensor.shape[axis + d]) "
                        + "but size of corresponding boolean axis is \(mask.shape[d])")
            }
            if mask.rank == 0 {
                let count = try mask.item().asDouble != 0 ? 1 : 0
                sizes.append(1)
                strides.append(0)
                arrays.append(try .zeros([count], dtype: .int64))
                return
            }
            let positions = try mask.nonzero()
            for d in 0..<mask.rank {
                keep(1)
                arrays[arrays.count - 1] = try positions.select(1, d).contiguous()
            }
        }

        func view() -> Tensor { tensor.viewedThrough(Layout(sizes: sizes, strides: strides, offset: offset)) }
    }
}

extension Tensor {
    /// The same memory through another layout, without gradients.
    func viewedThrough(_ layout: Layout) -> Tensor { Tensor(storage: storage, layout: layout, dtype: dtype) }
}

extension Numpy {
    func item(_ tensor: Tensor, _ key: Value) throws -> Value {
        let (view, arrays) = try NumpyIndex(key, self).basic(of: tensor)
        if arrays.allSatisfy({ $0 == nil }) {
            // Integers alone give a scalar; a trailing ellipsis keeps a 0-d array.
            return view.rank == 0 && !holdsEllipsis(key) ? try scalar(view) : array(view)
        }
        return array(try advanced(view, arrays))
    }

    private func holdsEllipsis(_ key: Value) -> Bool {
        if key.tag == Tag.ellipsis { return true }
        guard key.tag == Tag.tuple else { return false }
        return (0..<key.tuple.pointee.count).contains { key.tuple.items[$0].tag == Tag.ellipsis }
    }

    private func advanced(_ view: Tensor, _ arrays: [Tensor?]) throws -> Tensor {
        try checkBroadcast(arrays)
        return try view.index(arrays)
    }

    private func checkBroadcast(_ arrays: [Tensor?]) throws {
        let given = arrays.compactMap { $0 }
        var sizes: [Int] = []
        for one in given {
            do { sizes = try broadcastSizes(sizes, one.shape) } catch {
                throw vm.indexError(
                    "shape mismatch: indexing arrays could not be broadcast together with shapes "
                        + given.map { Numpy.compact($0.shape) }.joined(separator: " ") + " ")
            }
        }
    }

    func setItem(_ tensor: Tensor, _ key: Value, _ value: Value) throws {
        let (view, arrays) = try NumpyIndex(key, self).basic(of: tensor)
        guard let operand = try operand(value) else {
            throw vm.typeError("cannot put a value of type '\(vm.fullTypeName(value))' into an array of numbers")
        }
        var values = try converted(operand, to: tensor.dtype)
        if arrays.allSatisfy({ $0 == nil }) {
            // numpy drops leading dimensions of size 1 that the target does not have.
            while values.rank > view.rank, values.shape[0] == 1 { values = try values.squeeze([0]) }
            guard (try? broadcastSizes(values.shape, view.shape)) == view.shape else {  // nil says as much as a mismatch
                throw vm.valueError(
                    "could not broadcast input array from shape \(Numpy.compact(values.shape)) into shape \(Numpy.compact(view.shape))")
            }
            if values.storage === view.storage { values = try values.clone() }
            _ = try view.copy_(values)
            return
        }
        try checkBroadcast(arrays)
        if values.storage === view.storage { values = try values.clone() }
        do { _ = try view.indexPut_(arrays, values) } catch {
            throw vm.valueError(
                "shape mismatch: value array of shape \(Numpy.compact(values.shape)) could not be broadcast to indexing result: \(error.message)")
        }
    }
}
