import Interpreter
import Tensors

// Subscripts, and the operations that index by name.

extension OperationTable {
    func defineIndexing() {
        let torch = torch
        torch.vm.define(torch.tensorClass, "__getitem__", "self, index, /") { (vm, a) throws(PythonError) -> Value in
            guard let x = torch.tensor(a[0]) else { throw vm.typeError("Tensor expected") }
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            let items = try torch.indexItems(a[1])
            do throws(TensorError) { return torch.value(try x.subscripted(items)) } catch { throw torch.pythonError(error) }
        }
        torch.vm.define(torch.tensorClass, "__setitem__", "self, index, value, /") { (vm, a) throws(PythonError) -> Value in
            guard let x = torch.tensor(a[0]) else { throw vm.typeError("Tensor expected") }
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            let items = try torch.indexItems(a[1])
            let value = try torch.assigned(a[2], like: x)
            do throws(TensorError) {
                try x.setSubscript(items, value)
                return .none
            } catch {
                throw torch.pythonError(error)
            }
        }
        torch.vm.define(torch.tensorClass, "__delitem__", "self, index, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.typeError("Tensor does not support deleting items")
        }
        defineNamedIndexing()
    }

    private func defineNamedIndexing() {
        op("index_select", "dim, index") { c in try c.x.indexSelect(c.int(1), try c.tensor(2)) }
        op("index_add", "dim, index, source, *, alpha=1") { c in try c.x.indexAdd(c.int(1), try c.tensor(2), try c.tensor(3), alpha: c.scalar(4)) }
        inPlace("index_add_", "dim, index, source, *, alpha=1") { c in
            _ = try c.x.indexAdd_(c.int(1), c.tensor(2), c.tensor(3), alpha: c.scalar(4))
        }
        op("index_fill", "dim, index, value") { c in
            let result = try c.x.clone()
            try fill(result, c)
            return result
        }
        inPlace("index_fill_", "dim, index, value") { c in try fill(try c.x, c) }
        op("index_copy", "dim, index, source") { c in
            let result = try c.x.clone()
            try copy(result, c)
            return result
        }
        inPlace("index_copy_", "dim, index, source") { c in try copy(try c.x, c) }
        op("index_put", "indices, values, accumulate=False") { c in try c.x.indexPut(try indices(c), try c.tensor(2), accumulate: c.flag(3)) }
        inPlace("index_put_", "indices, values, accumulate=False") { c in
            _ = try c.x.indexPut_(try indices(c), try c.tensor(2), accumulate: c.flag(3))
        }
        op("take", "index") { c in
            let index = try c.tensor(1)
            guard index.dtype == .int64 else {
                throw TensorError.runtime("take(): Expected a long tensor for index, but got \(index.dtype.typeName)")
            }
            return try c.x.flatten().index([try index.flatten()]).view(index.shape)
        }
        op("take_along_dim", "indices, dim=None") { c in
            guard let dim = try c.intOrNil(2) else { return try c.x.flatten().gather(0, try c.tensor(1).flatten()) }
            return try c.x.gather(dim, try c.tensor(1))
        }
        op("masked_select", "mask") { c in try c.x.maskedSelect(try c.tensor(1)) }
        op("masked_scatter", "mask, source") { c in
            let sizes = try broadcastSizes(try c.x.shape, try c.tensor(1).shape)
            let result = try c.x.expand(sizes).clone()
            try scatter(try c.tensor(2), into: result, where: try c.tensor(1))
            return result
        }
        inPlace("masked_scatter_", "mask, source") { c in try scatter(try c.tensor(2), into: try c.x, where: try c.tensor(1)) }
        value("nonzero", "*, as_tuple=False", .method) { c in
            try c.flag(1) ? torch.tuple(try nonzeroColumns(try c.x)) : torch.value(try c.x.nonzero())
        }
        function("nonzero", "input, *, as_tuple=False, out=None") { c in
            try c.flag(1) ? torch.tuple(try nonzeroColumns(try c.x)) : try c.written(try c.x.nonzero(), to: 2)
        }
        op("argwhere") { c in try c.x.nonzero() }
        op("gather", "dim, index, *, sparse_grad=False") { c in try c.x.gather(c.int(1), try c.tensor(2)) }
        defineScatter()
    }

    /// Puts the first elements of `source` in the places of `target` where `mask` is true.
    private func scatter(_ source: Tensor, into target: Tensor, where mask: Tensor) throws {
        guard mask.dtype == .bool else { throw TensorError.notAMask("masked_scatter_", mask.dtype.typeName) }
        guard source.dtype == target.dtype else {
            throw TensorError.runtime(
                "masked_scatter: expected self and source to have same dtypes but got \(target.dtype.typeName) and \(source.dtype.typeName)")
        }
        let mask = try mask.expand(target.shape)
        let count = Int(try mask.countNonzero().item().asInt)
        guard source.count >= count else { throw TensorError.runtime("Number of elements of source < number of ones in mask") }
        try target.setSubscript([.tensor(mask)], try source.flatten().narrow(0, 0, count))
    }

    private func defineScatter() {
        func source(_ c: Call) throws -> Tensor {
            if let tensor = torch.tensor(c.a[3]) { return tensor }
            return try .scalar(try c.scalar(c.has(3) ? 3 : 4), dtype: try c.x.dtype)
        }
        func reduced(_ c: Call) throws -> Bool {
            guard let reduce = try c.textOrNil(5) else { return false }
            guard reduce == "add" else { throw c.vm.error("NotImplementedError", "scatter() supports reduce='add' only, not '\(reduce)'") }
            return true
        }
        op("scatter", "dim, index, src=None, value=None, *, reduce=None") { c in
            try reduced(c) ? try c.x.scatterAdd(c.int(1), try c.tensor(2), try source(c)) : try c.x.scatter(c.int(1), try c.tensor(2), try source(c))
        }
        inPlace("scatter_", "dim, index, src=None, value=None, *, reduce=None") { c in
            _ = try reduced(c) ? try c.x.scatterAdd_(c.int(1), c.tensor(2), source(c)) : try c.x.scatter_(c.int(1), c.tensor(2), source(c))
        }
        op("scatter_add", "dim, index, src") { c in try c.x.scatterAdd(c.int(1), try c.tensor(2), try c.tensor(3)) }
        inPlace("scatter_add_", "dim, index, src") { c in _ = try c.x.scatterAdd_(c.int(1), c.tensor(2), c.tensor(3)) }
    }

    private func indices(_ c: Call) throws -> [Tensor?] {
        guard let items = torch.sequence(c.a[1]) else { throw c.mismatch(1, "tuple of Tensors") }
        return items.map { torch.tensor($0) }
    }

    private func position(_ c: Call) throws -> [IndexItem] {
        let dim = try c.x.normalized(c.int(1))
        return [IndexItem](repeating: .slice(start: nil, stop: nil, step: 1), count: dim) + [.tensor(try c.tensor(2))]
    }

    private func fill(_ x: Tensor, _ c: Call) throws { try x.setSubscript(try position(c), try .scalar(try c.scalar(3), dtype: x.dtype)) }
    private func copy(_ x: Tensor, _ c: Call) throws { try x.setSubscript(try position(c), try c.tensor(3)) }

    /// One index tensor per dimension, as `nonzero(as_tuple=True)` gives.
    func nonzeroColumns(_ x: Tensor) throws(TensorError) -> [Tensor] {
        let rows = try (x.rank == 0 ? try x.unsqueeze(0) : x).nonzero()
        var columns: [Tensor] = []
        for column in 0..<rows.shape[1] { columns.append(try rows.select(1, column).contiguous()) }
        return columns
    }
}

extension TorchBinding {
    /// A subscript as the engine reads it.
    func indexItems(_ index: Value) throws(PythonError) -> [IndexItem] {
        if index.tag == Tag.tuple {
            var items: [IndexItem] = []
            items.reserveCapacity(index.tuple.pointee.count)
            for position in 0..<index.tuple.pointee.count { items.append(try indexItem(index.tuple.items[position])) }
            return items
        }
        return [try indexItem(index)]
    }

    private func indexItem(_ value: Value) throws(PythonError) -> IndexItem {
        switch value.tag {
        case Tag.int: return .integer(value.asInt)
        case Tag.none: return .none
        case Tag.ellipsis: return .ellipsis
        case Tag.bool: return .boolean(value.asBool)
        case Tag.slice:
            let slice = value.object(as: SliceObject.self)
            let step = try bound(slice.pointee.step) ?? 1
            if step <= 0 { throw vm.valueError("step must be greater than zero") }
            return .slice(start: try bound(slice.pointee.start), stop: try bound(slice.pointee.stop), step: step)
        default: break
        }
        if let tensor = tensor(value) { return .tensor(tensor) }
        let inner = vm.payload(value)
        if inner.tag == Tag.list || inner.tag == Tag.tuple || inner.tag == Tag.range { return .tensor(try makeTensor(value, dtype: nil)) }
        if let array = try arrayTensor(value) { return .tensor(array) }
        if !vm.special(vm.typeOf(value), .index).isUndefined { return .integer(try vm.index(value)) }
        if value.isString { throw vm.typeError("new(): invalid data type 'str'") }
        throw vm.indexError(
            "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got \(vm.typeName(value)))")
    }

    private func bound(_ value: Value) throws(PythonError) -> Int? {
        if value.isNone { return nil }
        if value.isInt { return value.asInt }
        return try vm.index(value, "slice indices must be integers or None or have an __index__ method")
    }

    /// The right side of an item assignment.
    func assigned(_ value: Value, like x: Tensor) throws(PythonError) -> Tensor {
        if let tensor = tensor(value) { return tensor }
        if let scalar = try scalarOrNil(value) { return try wrapped(scalar) }
        if sequence(value) != nil { throw vm.typeError("can't assign a \(vm.typeName(value)) to a torch.\(x.dtype.typeName)Tensor") }
        if let array = try arrayTensor(value) { return array }
        throw vm.typeError("can't assign a \(vm.typeName(value)) to a torch.\(x.dtype.typeName)Tensor")
    }
}
