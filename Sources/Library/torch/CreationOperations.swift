import Interpreter
import Tensors

// Functions that make tensors.

extension OperationTable {
    /// Keywords every factory takes after its own.
    private static let options = "dtype=None, device=None, requires_grad=False, layout=None, pin_memory=False, out=None"
    /// The same for those that make a tensor like another one, or from data: in the place of `out`.
    private static let likeOptions = "dtype=None, device=None, requires_grad=False, layout=None, pin_memory=False, memory_format=None"

    func defineCreation() {
        defineFactories()
        defineLikes()
        defineSequences()
        defineFromData()
    }

    /// Applies `requires_grad`, which stands two behind `dtype`, and refuses devices that do not exist.
    func finishedLike(_ c: Call, _ dtypeIndex: Int, _ tensor: Tensor) throws -> Tensor {
        if c.has(dtypeIndex + 1) { _ = try torch.device(c.a[dtypeIndex + 1]) }
        if try c.flag(dtypeIndex + 2) { try tensor.setRequiresGrad(true) }
        return tensor
    }

    private func defineFactories() {
        // Parameters: 0 dtype … 5 out, 6 size, 7 the variadic sizes; `empty` has its memory_format before the sizes.
        let signature = "*size, \(OperationTable.options), size=None"
        typealias Factory = ([Int], DType?) throws(TensorError) -> Tensor
        let factories: [(String, Factory)] = [
            (
                "zeros",
                { (s, d) throws(TensorError) in
                    if s.contains(where: { $0 < 0 }) { throw .runtime("zeros: Dimension size must be non-negative.") }
                    return try .zeros(s, dtype: d)
                }
            ), ("ones", { (s, d) throws(TensorError) in try .ones(s, dtype: d) }),
        ]
        for (name, factory) in factories {
            create(name, signature) { c in try c.finished(0, try factory(try c.sizes(7, 6), try c.factoryDType(0))) }
        }
        create("empty", "*size, \(OperationTable.options), memory_format=None, size=None") { c in
            try c.finished(0, try .zeros(try c.sizes(8, 7), dtype: try c.factoryDType(0)))
        }
        create("full", "size, fill_value, *, \(OperationTable.options)") { c in
            try c.finished(2, try .full(try c.ints(0), try c.scalar(1), dtype: try c.factoryDType(2)))
        }
        create("eye", "n, m=None, *, \(OperationTable.options)") { c in
            try c.finished(2, try .eye(c.int(0), try c.intOrNil(1), dtype: try c.factoryDType(2)))
        }
    }

    private func defineLikes() {
        let options = "*, \(OperationTable.likeOptions)"
        create("zeros_like", "input, \(options)") { c in try finishedLike(c, 1, try c.x.zerosLike(dtype: try c.dtypeOrNil(1))) }
        create("ones_like", "input, \(options)") { c in try finishedLike(c, 1, try c.x.onesLike(dtype: try c.dtypeOrNil(1))) }
        create("empty_like", "input, \(options)") { c in try finishedLike(c, 1, try c.x.zerosLike(dtype: try c.dtypeOrNil(1))) }
        create("full_like", "input, fill_value, \(options)") { c in try finishedLike(c, 2, try c.x.fullLike(c.scalar(1), dtype: try c.dtypeOrNil(2)))
        }
        let own = "*size, \(OperationTable.likeOptions), size=None"
        op("new_zeros", own, .method) { c in try finishedLike(c, 1, try .zeros(try c.sizes(8, 7), dtype: try c.dtypeOrNil(1) ?? c.x.dtype)) }
        op("new_ones", own, .method) { c in try finishedLike(c, 1, try .ones(try c.sizes(8, 7), dtype: try c.dtypeOrNil(1) ?? c.x.dtype)) }
        op("new_empty", own, .method) { c in try finishedLike(c, 1, try .zeros(try c.sizes(8, 7), dtype: try c.dtypeOrNil(1) ?? c.x.dtype)) }
        op("new_full", "size, fill_value, \(options)", .method) { c in
            try finishedLike(c, 3, try .full(try c.ints(1), try c.scalar(2), dtype: try c.dtypeOrNil(3) ?? c.x.dtype))
        }
        op("new_tensor", "data, \(options)", .method) { c in
            try finishedLike(c, 2, try torch.makeTensor(c.a[1], dtype: try c.dtypeOrNil(2) ?? c.x.dtype))
        }
    }

    private func defineSequences() {
        create("arange", "start, end=None, step=1, *, \(OperationTable.options)") { c in
            let dtype = try c.factoryDType(3)
            if !c.has(1) { return try c.finished(3, try .arange(.int(0), try c.scalar(0), step: try c.scalar(2), dtype: dtype)) }
            return try c.finished(3, try .arange(try c.scalar(0), try c.scalar(1), step: try c.scalar(2), dtype: dtype))
        }
        create("linspace", "start, end, steps, *, \(OperationTable.options)") { c in
            try c.finished(3, try .linspace(try c.scalar(0), try c.scalar(1), steps: c.int(2), dtype: try c.factoryDType(3)))
        }
        create("logspace", "start, end, steps, base=10.0, *, \(OperationTable.options)") { c in
            let exponents = try Tensor.linspace(try c.scalar(0), try c.scalar(1), steps: c.int(2), dtype: .float64)
            return try c.finished(4, try Tensor.wrapped(.double(c.double(3))).pow(exponents).to(try c.factoryDType(4) ?? EngineState.defaultDType))
        }
        create("tril_indices", "row, col, offset=0") { c in try triangle(c, upper: false) }
        create("triu_indices", "row, col, offset=0") { c in try triangle(c, upper: true) }
    }

    private func triangle(_ c: Call, upper: Bool) throws -> Tensor {
        let ones = try Tensor.ones([c.int(0), c.int(1)], dtype: .int64)
        return try (upper ? ones.triu(c.int(2)) : ones.tril(c.int(2))).nonzero().t().contiguous()
    }

    private func defineFromData() {
        create("tensor", "data, *, \(OperationTable.likeOptions)") { c in
            try finishedLike(c, 1, try torch.makeTensor(c.a[0], dtype: try c.dtypeOrNil(1)))
        }
        for name in ["as_tensor", "asarray"] {
            create(name, "data, dtype=None, device=None") { c in
                let dtype = try c.dtypeOrNil(1)
                if let tensor = torch.tensor(c.a[0]) { return try tensor.to(dtype ?? tensor.dtype) }
                if let array = try torch.arrayTensor(c.a[0]) { return try array.to(dtype ?? array.dtype) }
                return try torch.makeTensor(c.a[0], dtype: dtype)
            }
        }
        create("from_numpy", "ndarray, /") { c in
            guard let array = try torch.arrayTensor(c.a[0]) else {
                throw c.vm.typeError("expected np.ndarray (got \(c.vm.typeName(c.a[0])))")
            }
            return array
        }
        create("scalar_tensor", "s, *, \(OperationTable.likeOptions)") { c in
            try finishedLike(c, 1, try .scalar(try c.scalar(0), dtype: try c.dtypeOrNil(1) ?? EngineState.defaultDType))
        }
    }
}

extension TorchBinding {
    /// The tensor that shares memory with an `numpy.ndarray`; nil for anything else.
    func arrayTensor(_ value: Value) throws(PythonError) -> Tensor? { vm.nativeObject(value, as: NumpyArray.self)?.tensor }

    /// `torch.tensor(data)`: numbers, nested sequences, arrays; always a copy.
    package func makeTensor(_ data: Value, dtype: DType?) throws(PythonError) -> Tensor {
        do {
            if let tensor = tensor(data) { return try tensor.detach().clone().to(dtype ?? tensor.dtype) }
            if let array = try arrayTensor(data) { return try array.clone().to(dtype ?? array.dtype) }
            var reader = NestedData(self)
            try reader.read(data)
            if let tensor = try reader.stacked() { return try tensor.to(dtype ?? tensor.dtype) }
            if let dtype, dtype != .float32 { for value in reader.values { try value.check(fits: dtype, typeName: dtype.name) } }
            return try .from(reader.values, reader.sizes, dtype: dtype)
        } catch {
            throw pythonError(error)
        }
    }
}

/// Reads nested sequences of numbers into flat values and sizes.
private struct NestedData {
    private let torch: TorchBinding
    private(set) var values: [Scalar] = []
    private(set) var sizes: [Int] = []
    /// Tensors of one or more elements met at the leaves.
    private var tensors: [Tensor] = []

    init(_ torch: TorchBinding) { self.torch = torch }

    mutating func read(_ data: Value) throws(PythonError) {
        try measure(data)
        try collect(data, 0)
    }

    /// Sizes along the first item of each level.
    private mutating func measure(_ data: Value) throws(PythonError) {
        var current = data.retained()
        defer { torch.vm.heap.release(current) }
        while let count = try length(current) {
            sizes.append(count)
            if sizes.count > 64 { throw torch.vm.valueError("too many dimensions 'list'") }
            if count == 0 { return }
            torch.vm.heap.replace(&current, with: try torch.vm.getItem(current, .int(0)))
        }
        if let tensor = torch.tensor(current) { sizes += tensor.shape } else if let array = try torch.arrayTensor(current) { sizes += array.shape }
    }

    /// The length of a sequence, nil for a number or tensor.
    private func length(_ value: Value) throws(PythonError) -> Int? {
        switch torch.vm.payload(value).tag {
        case Tag.list, Tag.tuple, Tag.range: return try torch.vm.length(value)
        default: return nil
        }
    }

    private mutating func collect(_ data: Value, _ depth: Int) throws(PythonError) {
        let vm = torch.vm
        guard let count = try length(data) else { return try leaf(data, depth) }
        guard depth < sizes.count, sizes[depth] == count else {
            guard depth < sizes.count else { throw vm.typeError("not a sequence") }
            throw vm.valueError("expected sequence of length \(sizes[depth]) at dim \(depth) (got \(count))")
        }
        for position in 0..<count {
            let item = try vm.getItem(data, .int(position))
            defer { vm.heap.release(item) }
            try collect(item, depth + 1)
        }
    }

    private mutating func leaf(_ value: Value, _ depth: Int) throws(PythonError) {
        let vm = torch.vm
        let found: Tensor?
        if let tensor = torch.tensor(value) { found = tensor } else { found = try torch.arrayTensor(value) }
        if let found, found.rank > 0 {
            guard Array(sizes[min(depth, sizes.count)...]) == found.shape else {
                throw vm.valueError("only one element tensors can be converted to Python scalars")
            }
            tensors.append(found)
            return
        }
        guard depth == sizes.count else { throw vm.typeError("expected sequence at dim \(depth)") }
        guard let scalar = try torch.scalarOrNil(value) else {
            if value.isString { throw vm.valueError("too many dimensions 'str'") }
            if value.isNone { throw vm.runtimeError("Could not infer dtype of NoneType") }
            throw vm.runtimeError("Could not infer dtype of \(vm.typeName(value))")
        }
        values.append(scalar)
    }

    /// The data as one tensor when its leaves are tensors, nil when they are numbers.
    func stacked() throws -> Tensor? {
        guard !tensors.isEmpty else { return nil }
        guard values.isEmpty else { throw torch.vm.valueError("only one element tensors can be converted to Python scalars") }
        var flat: [Tensor] = []
        for tensor in tensors { flat.append(try tensor.detach().flatten()) }
        return try Tensor.cat(flat).view(sizes)
    }
}
