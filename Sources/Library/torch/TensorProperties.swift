import Interpreter
import Tensors

// Attributes of tensors, and what asks about them.

extension OperationTable {
    func defineProperties() {
        defineDescriptions()
        defineGradientAttributes()
        defineUserAttributes()
        defineQuestions()
    }

    private func defineDescriptions() {
        property("shape", { torch, x in torch.size(x.shape) })
        property("dtype", { torch, x in torch.dtype(x.dtype) })
        property("device", { torch, _ in torch.cpu.retained() })
        property("layout", { torch, _ in torch.strided.retained() })
        property("ndim", { _, x in .int(x.rank) })
        property("itemsize", { _, x in .int(x.dtype.size) })
        property("nbytes", { _, x in .int(x.count * x.dtype.size) })
        property("is_cuda", { _, _ in .false })
        property("is_cpu", { _, _ in .true })
        property("is_sparse", { _, _ in .false })
        property("is_quantized", { _, _ in .false })
        property("is_meta", { _, _ in .false })
        property("T", { torch, x in torch.value(try x.permute(Array((0..<x.rank).reversed()))) })
        property("mT", { torch, x in torch.value(try x.transpose(-2, -1)) })
        property("H", { torch, x in torch.value(try x.transpose(0, 1)) })
        property("real", { torch, x in torch.value(x) })
        property("_version", { _, x in .int(x.version) })
        property("names", { torch, x in torch.vm.tuple([Value](repeating: .none, count: x.rank)) })
        value("size", "dim=None", .method) { c in
            if let dim = try c.intOrNil(1) { return .int(try c.x.size(dim)) }
            return torch.size(try c.x.shape)
        }
        value("stride", "dim=None", .method) { c in
            let x = try c.x
            if let dim = try c.intOrNil(1) { return .int(x.strides[try x.normalized(dim)]) }
            return c.vm.tuple(x.strides.map { .int($0) })
        }
        value("dim", "", .method) { c in .int(try c.x.rank) }
        value("ndimension", "", .method) { c in .int(try c.x.rank) }
        value("numel") { c in .int(try c.x.count) }
        value("nelement", "", .method) { c in .int(try c.x.count) }
        value("element_size", "", .method) { c in .int(try c.x.dtype.size) }
        value("storage_offset", "", .method) { c in .int(try c.x.layout.offset) }
        value("data_ptr", "", .method) { c in .int(Int(bitPattern: try c.x.pointer)) }
        value("untyped_storage", "", .method) { c in torch.storage(try c.x.storage) }
        value("get_device", "", .method) { _ in .int(-1) }
    }

    private func defineGradientAttributes() {
        property(
            "requires_grad", { _, x in .bool(x.requiresGrad) },
            set: { torch, x, value in
                try x.setRequiresGrad(try torch.vm.isTrue(value), refusal: "only Tensors of floating point and complex dtype can require gradients")
            })
        property("is_leaf", { _, x in .bool(x.isLeaf) })
        property("grad", { torch, x in torch.value(x.grad) }, set: { torch, x, value in try torch.setGradient(x, value) })
        property(
            "data", { torch, x in torch.value(x.detach()) },
            set: { torch, x, value in
                guard let other = torch.tensor(value) else {
                    throw torch.vm.typeError("Variable data has to be a tensor, but got \(torch.vm.typeName(value))")
                }
                x.setData(other)
            })
        property("grad_fn", { torch, x in x.node.map { torch.gradientNode($0) } ?? .none })
        property("output_nr", { _, _ in .int(0) })
        property("retains_grad", { _, x in .bool(x.retainsGrad) })
        inPlace("requires_grad_", "requires_grad=True") { c in
            try c.x.setRequiresGrad(c.flag(1), refusal: "only Tensors of floating point dtype can require gradients")
        }
        inPlace("retain_grad_", "") { c in try c.x.retainGrad() }
        value("retain_grad", "", .method) { c in
            try c.x.retainGrad()
            return .none
        }
        value("backward", "gradient=None, retain_graph=None, create_graph=False, inputs=None", .method) { c in
            let x = try c.x
            try x.backward(gradient: try c.tensorOrNil(1), retainGraph: c.has(2) ? try c.flag(2) : nil, createGraph: c.flag(3))
            return .none
        }
        value("register_hook", "hook", .method) { c in
            let x = try c.x
            guard x.requiresGrad else { throw c.vm.runtimeError("cannot register a hook on a tensor that doesn't require gradient") }
            return try torch.registerHook(x, c.a[1])
        }
        value("register_post_accumulate_grad_hook", "hook", .method) { c in
            let (x, torch, held) = (try c.x, torch, Reference(c.a[1], c.vm.heap))
            let hook = TensorHook { variable in
                let argument = torch.value(variable)
                defer { torch.vm.heap.release(argument) }
                torch.vm.heap.release(try torch.vm.call(held.value, argument))
                return nil
            }
            try x.registerPostAccumulateGradHook(hook)
            return torch.handle { [weak x] in x?.removeHook(hook) }
        }
    }

    /// Attributes that programs set on a tensor are kept with the tensor.
    private func defineUserAttributes() {
        let torch = torch
        torch.vm.define(torch.tensorClass, "__setattr__", "self, name, value, /") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.requiredName(a[1])
            guard let tensor = torch.tensor(a[0]), a[0].tag == Tag.native, vm.lookup(vm.typeOf(a[0]), name).isUndefined else {
                try vm.genericSetAttribute(a[0], vm.typeOf(a[0]), name, a[2])
                return .none
            }
            let attributes = torch.attributes(tensor)
            vm.dictSet(attributes, name, a[2])
            return .none
        }
        torch.vm.define(torch.tensorClass, "__getattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.requiredName(a[1])
            if let tensor = torch.tensor(a[0]), let held = tensor.userAttributes as? Reference {
                let found = vm.dictValue(held.value.dict, name)
                if !found.isUndefined { return found.retained() }
            }
            throw vm.missingAttribute(a[0], name)
        }
        torch.vm.define(torch.tensorClass, "__delattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.requiredName(a[1])
            if let tensor = torch.tensor(a[0]), let held = tensor.userAttributes as? Reference {
                let old = vm.dictRemove(held.value.dict, name)
                defer { vm.heap.release(old) }
                if !old.isUndefined { return .none }
            }
            if vm.text(name) == "grad", let tensor = torch.tensor(a[0]) {
                tensor.grad = nil
                return .none
            }
            throw vm.missingAttribute(a[0], name)
        }
        property("__dict__", { torch, x in Value(tag: Tag.dict, pointer: torch.attributes(x)).retained() })
    }

    private func defineQuestions() {
        value("is_contiguous", "memory_format=None", .method) { c in .bool(try c.x.isContiguous) }
        value("is_floating_point") { c in .bool(try c.x.dtype.isFloatingPoint) }
        value("is_complex") { _ in .false }
        value("is_nonzero") { c in .bool(try torch.truth(try c.x)) }
        value("is_signed", "", .method) { c in
            let dtype = try c.x.dtype
            return .bool(dtype != .uint8 && dtype != .bool)
        }
        value("is_same_size", "other", .method) { c in .bool(try c.x.shape == c.tensor(1).shape) }
        value("is_set_to", "tensor", .method) { c in
            let (x, y) = (try c.x, try c.tensor(1))
            return .bool(x.storage === y.storage && x.layout.offset == y.layout.offset && x.shape == y.shape && x.strides == y.strides)
        }
        value("is_pinned", "", .method) { _ in .false }
        value("is_inference", "", .method) { _ in .false }
        value("has_names", "", .method) { _ in .false }
        value("pin_memory", "", .method) { c in c.a[0].retained() }
        value("share_memory_", "", .method) { c in c.a[0].retained() }
        function("is_tensor", "obj") { c in .bool(torch.tensor(c.a[0]) != nil) }
        function("is_storage", "obj") { _ in .false }
    }
}

extension TorchBinding {
    /// The dict of attributes that programs set on a tensor, made when first asked for.
    func attributes(_ tensor: Tensor) -> UnsafeMutablePointer<DictObject> {
        if let held = tensor.userAttributes as? Reference { return held.value.dict }
        let dict = vm.dict()
        tensor.userAttributes = Reference(dict, vm.heap)
        vm.heap.release(dict)
        return dict.dict
    }

    func setGradient(_ x: Tensor, _ value: Value) throws {
        if value.isNone {
            x.grad = nil
            return
        }
        guard let gradient = tensor(value) else {
            throw vm.typeError("assigned grad expected to be a Tensor or None but got grad of type \(vm.typeName(value))")
        }
        if gradient === x { throw vm.runtimeError("can't assign Variable as its own grad") }
        guard gradient.shape == x.shape else {
            throw vm.runtimeError(
                "attempting to assign a gradient of size '\(bracketed(gradient.shape))' to a tensor of size '\(bracketed(x.shape))'. Please ensure that the gradient and the tensor are the same size"
            )
        }
        guard gradient.dtype == x.dtype else {
            throw vm.runtimeError(
                "attempting to assign a gradient with dtype '\(gradient.dtype.nativeName)' to a tensor with dtype '\(x.dtype.nativeName)'. The gradient's dtype must be the tensor's; convert it with .to()"
            )
        }
        x.grad = gradient
    }

    /// `bool(tensor)`.
    func truth(_ x: Tensor) throws -> Bool {
        if x.count == 0 { throw vm.runtimeError("Boolean value of Tensor with no values is ambiguous") }
        if x.count > 1 { throw vm.runtimeError("Boolean value of Tensor with more than one value is ambiguous") }
        switch try x.item() {
        case .bool(let flag): return flag
        case .int(let number): return number != 0
        case .double(let number): return number != 0
        }
    }

    /// Registers a language function as gradient hook; returns the handle that removes it.
    func registerHook(_ x: Tensor, _ function: Value) throws -> Value {
        let torch = self
        let held = Reference(function, vm.heap)
        let hook = TensorHook { gradient in
            let vm = torch.vm
            let argument = torch.value(gradient)
            defer { vm.heap.release(argument) }
            let result = try vm.call(held.value, argument)
            defer { vm.heap.release(result) }
            if result.isNone { return nil }
            guard let replaced = torch.tensor(result) else {
                throw vm.typeError("hook must return None or a Tensor, not \(vm.typeName(result))")
            }
            return replaced
        }
        try x.registerHook(hook)
        return handle { [weak x] in x?.removeHook(hook) }
    }

    /// A `torch.utils.hooks.RemovableHandle`.
    func handle(_ remove: @escaping () -> Void) -> Value {
        let key = "torch.utils.hooks.RemovableHandle"
        let type =
            vm.builtinClasses[key]
            ?? {
                let made = vm.makeBuiltinClass("RemovableHandle", module: "torch.utils.hooks", layout: Tag.native, isBase: false) { vm, type in
                    vm.define(type, "remove", "self, /") { (vm, a) throws(PythonError) -> Value in
                        vm.nativeObject(a[0], as: RemovableHandle.self)?.remove()
                        return .none
                    }
                    vm.define(type, "__enter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
                    vm.define(type, "__exit__", "self, type, value, traceback, /") { (vm, a) throws(PythonError) -> Value in
                        vm.nativeObject(a[0], as: RemovableHandle.self)?.remove()
                        return .none
                    }
                }
                vm.builtinClasses[key] = made
                return made
            }()
        return vm.native(RemovableHandle(remove), type)
    }

    /// The bytes a tensor shares with its views, as an object.
    func storage(_ storage: Storage) -> Value {
        let key = "torch.storage.UntypedStorage"
        let type =
            vm.builtinClasses[key]
            ?? {
                let made = vm.makeBuiltinClass("UntypedStorage", module: "torch.storage", layout: Tag.native, isBase: false) { vm, type in
                    let count: (VM, Value) -> Value = { (vm, value) in .int(vm.nativeObject(value, as: Storage.self)?.byteCount ?? 0) }
                    for name in ["nbytes", "size", "__len__"] {
                        vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in count(vm, a[0]) }
                    }
                    vm.define(type, "data_ptr", "self, /") { (vm, a) throws(PythonError) -> Value in
                        .int(vm.nativeObject(a[0], as: Storage.self).map { Int(bitPattern: $0.pointer) } ?? 0)
                    }
                    vm.define(type, "__eq__", "self, other, /") { (vm, a) throws(PythonError) -> Value in
                        .bool(vm.nativeObject(a[0], as: Storage.self) === vm.nativeObject(a[1], as: Storage.self))
                    }
                }
                vm.builtinClasses[key] = made
                return made
            }()
        return vm.native(storage, type)
    }

    /// The one object for a vertex of the gradient graph; its class bears the operation's name.
    func gradientNode(_ node: Node) -> Value {
        if node.languageCell != 0 { return Value(tag: Tag.native, bits: UInt64(node.languageCell)).retained() }
        let value = vm.native(node, gradientNodeClass(named: node.name))
        value.header.pointee.extra = TorchBinding.nodeMark
        node.languageCell = UInt(value.bits)
        return value
    }

    private func gradientNodeClass(named name: String) -> ClassPointer {
        let key = "torch.autograd.graph." + name
        if let known = vm.builtinClasses[key] { return known }
        let made = vm.makeBuiltinClass(name, base: gradientNodeClass, module: "torch.autograd.graph", layout: Tag.native, isBase: false)
        made.info.isShownBare = true
        vm.builtinClasses[key] = made
        return made
    }

    private var gradientNodeClass: ClassPointer {
        let key = "torch.autograd.graph.Node"
        if let known = vm.builtinClasses[key] { return known }
        let torch = self
        let made = vm.makeBuiltinClass("Node", module: "torch.autograd.graph", layout: Tag.native, isBase: false) { vm, type in
            vm.define(type, "name", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(vm.nativeObject(a[0], as: Node.self)?.name ?? "") }
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                vm.string("<\(vm.nativeObject(a[0], as: Node.self)?.name ?? "Node") object at 0x\(String(a[0].bits, radix: 16))>")
            }
            vm.defineProperty(type, "next_functions") { (vm, value) throws(PythonError) -> Value in
                let next = vm.nativeObject(value, as: Node.self)?.next ?? []
                return vm.tuple(next.map { node in vm.tuple([node.map { torch.gradientNode($0) } ?? .none, .int(0)]) })
            }
        }
        vm.builtinClasses[key] = made
        return made
    }
}

/// Removes a hook once.
final class RemovableHandle {
    private var action: (() -> Void)?
    init(_ action: @escaping () -> Void) { self.action = action }

    func remove() {
        action?()
        action = nil
    }
}
