import Interpreter
import Tensors

// From tensors to numbers, lists, text and other dtypes; and the special methods behind the language's own conversions.

extension OperationTable {
    func defineConversions() {
        defineToNumbers()
        defineTo()
        defineSpecialConversions()
        defineIteration()
    }

    private func defineToNumbers() {
        value("item", "", .method) { c in torch.number(try c.x.item()) }
        value("tolist", "", .method) { c in try torch.nestedList(try c.x) }
        value("numpy", "*, force=False", .method) { c in
            let x = try c.x
            if x.requiresGrad, try !c.flag(1) {
                throw c.vm.runtimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
            }
            return try torch.array(x.detach())
        }
        value("__array__", "dtype=None", .method) { c in try torch.array(try c.x.detach()) }
    }

    private func defineTo() {
        op("to", "*args, dtype=None, device=None, non_blocking=False, copy=False, memory_format=None", .method) { c in
            let x = try c.x
            var dtype = try c.dtypeOrNil(1)
            if c.has(2) { _ = try torch.device(c.a[2]) }
            let given = c.a[6].tuple
            for position in 0..<given.pointee.count {
                let value = given.items[position]
                if let named = torch.dtypeOrNil(value) {
                    dtype = named
                } else if let other = torch.tensor(value) {
                    dtype = other.dtype
                } else if value.isBool || value.isNone {
                    continue
                } else {
                    _ = try torch.device(value)
                }
            }
            return try x.to(dtype ?? x.dtype, copy: try c.flag(4))
        }
        for (name, dtype) in OperationTable.conversions {
            op(name, "memory_format=None", .method) { c in try c.x.to(dtype) }
        }
        op("type_as", "other", .method) { c in try c.x.to(try c.tensor(1).dtype) }
        value("type", "dtype=None, non_blocking=False", .method) { c in
            let x = try c.x
            if !c.has(1) { return c.vm.string("torch.\(x.dtype.typeName)Tensor") }
            if c.a[1].isString {
                let name = try c.text(1)
                guard let dtype = TorchBinding.dtypes.first(where: { name == "torch.\($0.typeName)Tensor" }) else {
                    throw c.vm.valueError("invalid type: '\(name)'")
                }
                return torch.value(try x.to(dtype))
            }
            return torch.value(try x.to(try c.dtypeOrNil(1) ?? x.dtype))
        }
        op("cpu", "memory_format=None", .method) { c in try c.x }
        op("cuda", "device=None, non_blocking=False, memory_format=None", .method) { c in throw torch.noCuda }
    }

    private static let conversions: [(String, DType)] = [
        ("float", .float32), ("double", .float64), ("int", .int32), ("long", .int64), ("short", .int16), ("char", .int8), ("byte", .uint8),
        ("bool", .bool),
    ]

    private func defineSpecialConversions() {
        value("__bool__", "", .method) { c in .bool(try torch.truth(try c.x)) }
        value("__len__", "", .method) { c in
            let x = try c.x
            if x.rank == 0 { throw c.vm.typeError("len() of a 0-d tensor") }
            return .int(x.shape[0])
        }
        func only(_ c: Call) throws -> Scalar {
            let x = try c.x
            guard x.count == 1 else { throw c.vm.valueError("only one element tensors can be converted to Python scalars") }
            return try x.item()
        }
        value("__float__", "", .method) { c in .float(try only(c).asDouble) }
        value("__int__", "", .method) { c in
            if case .double(let number) = try only(c) {
                if number.isNaN { throw c.vm.valueError("cannot convert float NaN to integer") }
                if number.isInfinite { throw c.vm.overflowError("cannot convert float infinity to integer") }
                return c.vm.int(exactly: number.rounded(.towardZero))
            }
            return .int(Int(try only(c).asInt))
        }
        value("__index__", "", .method) { c in
            let x = try c.x
            guard x.count == 1, !x.dtype.isFloatingPoint else {
                throw c.vm.typeError("only integer tensors of a single element can be converted to an index")
            }
            return .int(Int(try x.item().asInt))
        }
        value("__hash__", "", .method) { c in .int(Int(c.a[0].bits >> 4)) }
        value("__repr__", "*, tensor_contents=None", .method) { c in c.vm.string(try TensorPrinter.repr(try c.x, options: torch.printOptions)) }
        value("__format__", "format_spec, /", .method) { c in
            let x = try c.x
            guard c.a[1].isString else { throw c.vm.typeError("__format__() argument must be str, not \(c.vm.typeName(c.a[1]))") }
            if x.rank == 0 || x.count == 1 && x.rank == 0 {
                let number = torch.number(try x.item())
                return try c.vm.formatValue(number, c.a[1].string)
            }
            return try c.vm.objectFormat(c.a[0], c.a[1].string)
        }
        value("__deepcopy__", "memo", .method) { c in try torch.deepCopy(c) }
        value("__copy__", "", .method) { c in
            torch.value(try c.x.isParameter ? try .parameter(try c.x, requiresGrad: try c.x.requiresGrad) : try c.x.view(try c.x.shape))
        }
        value("__contains__", "element, /", .method) { c in
            if torch.tensor(c.a[1]) == nil, try torch.scalarOrNil(c.a[1]) == nil {
                throw c.vm.runtimeError(
                    "Tensor.__contains__ only supports Tensor or scalar, but you passed in a \(try c.vm.strText(c.vm.typeOf(c.a[1]).value)).")
            }
            return .bool(try c.x.eq(try c.operand(1)).any().item() == .bool(true))
        }
        value("__reversed__", "", .method) { c in
            let x = try c.x
            return torch.value(x.rank == 0 ? x : try x.flip([0]))
        }
        value("__dir__", "", .method) { c in
            c.vm.list(torch.memberNames().map { c.vm.string($0) })
        }
    }

    private func defineIteration() {
        let torch = torch
        let iterators = torch.vm.makeBuiltinClass("tensor_iterator", module: "torch", layout: Tag.native, isBase: false) { vm, type in
            vm.defineIteration(type)
        }
        value("__iter__", "", .method) { c in
            let x = try c.x
            if x.rank == 0 { throw c.vm.typeError("iteration over a 0-d tensor") }
            var position = 0
            return c.vm.nativeIterator(iterators, holding: []) { (vm, _) throws(PythonError) -> Value in
                guard position < x.shape[0] else { return .undefined }
                position += 1
                do throws(TensorError) { return torch.value(try x.select(0, position - 1)) } catch { throw torch.pythonError(error) }
            }
        }
    }
}

extension TorchBinding {
    /// A number of the language.
    func number(_ scalar: Scalar) -> Value {
        switch scalar {
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(Int(number))
        case .double(let number): .float(number)
        }
    }

    func nestedList(_ x: Tensor) throws -> Value {
        let flat = try x.scalars()
        var next = 0
        func build(_ depth: Int) -> Value {
            if depth == x.rank {
                next += 1
                return number(flat[next - 1])
            }
            return vm.list((0..<x.shape[depth]).map { _ in build(depth + 1) })
        }
        return build(0)
    }

    /// The `numpy.ndarray` that shares memory with a tensor.
    func array(_ x: Tensor) throws -> Value { try vm.numpyArray(x) }

    var noCuda: PythonError { vm.error("AssertionError", "Torch not compiled with CUDA enabled") }

    /// `copy.deepcopy` of a leaf, shared copies through the memo.
    func deepCopy(_ c: Call) throws -> Value {
        let x = try c.x
        guard c.a[1].tag == Tag.dict else { throw vm.typeError("__deepcopy__() expects the memo dict") }
        let key = Value.int(Int(bitPattern: UInt(c.a[0].bits)))
        let known = try vm.dictGet(c.a[1].dict, key)
        if !known.isUndefined { return known.retained() }
        guard x.isLeaf else {
            throw vm.runtimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  If you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001"
            )
        }
        let copy = try x.detach().clone()
        copy.isParameter = x.isParameter
        if x.requiresGrad { try copy.setRequiresGrad(true) }
        if !x.isParameter, let gradient = x.grad { copy.grad = try gradient.detach().clone() }
        let value = value(copy)
        if let held = x.userAttributes as? Reference {
            let copied = try vm.copyDict(held.value.dict)
            copy.userAttributes = Reference(copied, vm.heap)
            vm.heap.release(copied)
        }
        try vm.dictSet(c.a[1].dict, key, value)
        return value
    }

    /// Names of the methods and attributes of tensors, sorted.
    func memberNames() -> [String] {
        var names: Set<String> = []
        for type in tensorClass.info.order {
            vm.populate(type)
            let namespace = type.info.namespace
            for index in 0..<namespace.pointee.used {
                let entry = namespace.pointee.entries.unsafelyUnwrapped[index]
                if entry.key.isString { names.insert(vm.text(entry.key)) }
            }
        }
        return names.sorted()
    }

    /// A `torch.device` for a value that denotes one: an object, a string, or an index of a device.
    func device(_ value: Value) throws -> Device {
        if let device = vm.nativeObject(value, as: Device.self) {
            if device.type != "cpu" { throw noCuda }
            return device
        }
        if value.isString {
            let parsed = try parseDevice(vm.text(value))
            if parsed.type == "cuda" { throw noCuda }
            return parsed
        }
        if value.isInt { throw noCuda }
        throw vm.typeError("device(): argument 'type' (position 1) must be str, not \(vm.typeName(value))")
    }

    func parseDevice(_ text: String) throws -> Device {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let types = ["cpu", "cuda", "mps", "meta", "xpu", "xla", "hpu"]
        guard let first = parts.first, types.contains(first), parts.count <= 2 else {
            throw vm.runtimeError(
                "Expected one of cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, mtia, privateuseone device type at start of device string: \(parts.first ?? "")"
            )
        }
        if parts.count == 1 { return Device(first, nil) }
        guard let index = Int(parts[1]), index >= 0 else { throw vm.runtimeError("Invalid device string: '\(text)'") }
        return Device(first, index)
    }
}
