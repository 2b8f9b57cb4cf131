import Interpreter
import NN
import Tensors

// `_ModuleBase`: what `nn.Module` gets from Swift. Policy (hooks, state dicts, names) is written in the language on top of it.

extension ModuleBinding {
    func defineBase() {
        defineConstruction()
        defineAttributeAccess()
        defineCall()
        defineEntries()
        defineDescription()
    }

    private func receiver(_ vm: VM, _ value: Value) throws(PythonError) -> Module {
        guard let module = module(value) else { throw vm.typeError("nn.Module expected, not '\(vm.typeName(value))'") }
        return module
    }

    private func receiverOrNil(_ value: Value) -> Module? { module(value) }

    private func defineConstruction() {
        let binding = self
        vm.defineStatic(baseClass, "__new__", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else { throw vm.typeError("Module.__new__(X): X is not a type object") }
            let type = a[0].classPointer
            guard vm.isSubclass(type, binding.baseClass) else { throw vm.typeError("\(type.info.name) is not a subtype of Module") }
            let kind = vm.lookup(type, vm.intern("_payload_kind"))
            do {
                return binding.wrap(try ModuleBinding.payload(kind.isString ? vm.text(kind) : "", type.info.name), type)
            } catch {
                throw binding.torch.pythonError(error)
            }
        }
        vm.define(baseClass, "__init__", "self, /") { (vm, a) throws(PythonError) -> Value in
            binding.state(try binding.receiver(vm, a[0])).isInitialized = true
            return .none
        }
        vm.define(baseClass, "_empty_copy", "self, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let generator = EngineState.defaultGenerator.engine
            defer { EngineState.defaultGenerator.engine = generator }
            do {
                let copy = try module.emptyCopy()
                copy.training = module.training
                let state = binding.state(copy)
                state.isInitialized = true
                state.hasHooks = binding.state(module).hasHooks
                return binding.wrap(copy, vm.typeOf(a[0]))
            } catch {
                throw binding.torch.pythonError(error)
            }
        }
    }

    /// The Swift module of a class written in the language: a container, or a bare module.
    private static func payload(_ kind: String, _ name: String) throws -> Module {
        switch kind {
        case "Sequential": try Sequential([], typeName: name)
        case "ModuleList": try ModuleList()
        case "ModuleDict": try ModuleDict()
        case "ParameterList": try ParameterList()
        default: Module(typeName: name)
        }
    }

    // MARK: attributes

    private func defineAttributeAccess() {
        let binding = self
        vm.define(baseClass, "__getattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            if let module = binding.module(a[0]), a[1].isString, let found = binding.entry(module, vm.text(a[1])) { return found }
            throw vm.missingAttribute(a[0], try vm.requiredName(a[1]))
        }
        vm.define(baseClass, "__setattr__", "self, name, value, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            guard a[1].isString else { throw vm.typeError("attribute name must be string, not '\(vm.typeName(a[1]))'") }
            do {
                if try binding.register(module, a[0], vm.text(a[1]), a[2]) { return .none }
            } catch {
                throw binding.torch.pythonError(error)
            }
            let name = try vm.requiredName(a[1])
            try vm.genericSetAttribute(a[0], vm.typeOf(a[0]), name, a[2])
            try binding.settingChanged(module, a[0], vm.text(name))
            return .none
        }
        vm.define(baseClass, "__delattr__", "self, name, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let text = vm.text(try vm.requiredName(a[1]))
            if binding.hasEntry(module, text) {
                module.removeEntry(text)
            } else {
                try vm.genericDeleteAttribute(a[0], vm.typeOf(a[0]), try vm.requiredName(a[1]))
            }
            return .none
        }
        vm.defineProperty(
            baseClass, "training", get: { (vm, value) throws(PythonError) -> Value in .bool(try binding.receiver(vm, value).training) },
            set: { (vm, value, new) throws(PythonError) -> Void in try binding.receiver(vm, value).training = try vm.isTrue(new) })
    }

    private func hasEntry(_ module: Module, _ name: String) -> Bool {
        module.parameterEntries.contains(name) || module.bufferEntries.contains(name) || module.childEntries.contains(name)
    }

    /// A registered parameter, buffer or child, owned by the caller; nil when there is none of that name.
    func entry(_ module: Module, _ name: String) -> Value? {
        if let entry = module.parameterEntries[name] { return torch.value(entry.value) }
        if let entry = module.bufferEntries[name] { return torch.value(entry.value) }
        if let entry = module.childEntries[name] { return entry.value.map { value($0) } ?? Value.none }
        return nil
    }

    /// What assigning to an attribute registers. False when the attribute is a plain one.
    private func register(_ module: Module, _ object: Value, _ name: String, _ new: Value) throws -> Bool {
        if let tensor = torch.tensor(new), tensor.isParameter {
            try requireInitialized(module, "parameters")
            removeOwn(object, name)
            try module.registerParameter(name, tensor)
            return true
        }
        if module.parameterEntries.contains(name) {
            guard new.isNone else { throw refusal(new, "parameter", name, "torch.nn.Parameter") }
            try module.registerParameter(name, nil)
            return true
        }
        if let child = self.module(new) {
            try requireInitialized(module, "module")
            removeOwn(object, name)
            try module.addModule(name, child)
            return true
        }
        if module.childEntries.contains(name) {
            guard new.isNone else { throw refusal(new, "child module", name, "torch.nn.Module") }
            try module.addModule(name, nil)
            return true
        }
        if module.bufferEntries.contains(name) {
            let tensor = torch.tensor(new)
            guard tensor != nil || new.isNone else { throw refusal(new, "buffer", name, "torch.nn.Buffer, torch.Tensor") }
            try module.registerBuffer(name, tensor, persistent: !module.nonPersistentBuffers.contains(name))
            return true
        }
        return false
    }

    private func requireInitialized(_ module: Module, _ what: String) throws {
        if !state(module).isInitialized { throw vm.attributeError("cannot assign \(what) before Module.__init__() call") }
    }

    private func removeOwn(_ object: Value, _ name: String) {
        let key = vm.intern(name)
        if vm.ownAttribute(object, key).isUndefined { return }
        vm.heap.release(vm.dictRemove(vm.instanceDict(object), key))
    }

    private func refusal(_ new: Value, _ kind: String, _ name: String, _ wanted: String) -> PythonError {
        let shown = torch.tensor(new).map { "torch.\($0.dtype.typeName)Tensor" } ?? vm.typeName(new)
        return vm.typeError("cannot assign '\(shown)' as \(kind) '\(name)' (\(wanted) or None expected)")
    }

    // MARK: calling

    private func defineCall() {
        let binding = self
        let vm = self.vm
        let hooked = vm.intern("_call_with_hooks")
        vm.define(baseClass, "__call__", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let given = a[1].tuple
            let named = a[2].dict
            if let interceptor = binding.torch.interceptor {
                do { if let result = try interceptor.module(module, a[0], a[1], a[2]) { return result } } catch {
                    throw binding.torch.pythonError(error)
                }
            }
            if binding.state(module).hasHooks {
                let method = try vm.getAttribute(a[0], hooked)
                defer { vm.heap.release(method) }
                return try vm.call(method, a[1], a[2])
            }
            let forward = try vm.genericAttribute(a[0], vm.typeOf(a[0]), binding.forwardName)
            defer { vm.heap.release(forward) }
            if forward.isUndefined {
                throw vm.error("NotImplementedError", "Module [\(vm.typeName(a[0]))] is missing the required \"forward\" function")
            }
            if named.pointee.count == 0 {
                switch given.pointee.count {
                case 1: return try vm.call(forward, given.items[0])
                case 2: return try vm.call(forward, given.items[0], given.items[1])
                default: return try vm.call(forward, arguments: (0..<given.pointee.count).map { given.items[$0] })
                }
            }
            return try vm.callPacked(forward, a[1], a[2])
        }
        vm.define(baseClass, "_update_hooks", "self, active, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            binding.state(module).hasHooks = try vm.isTrue(a[1])
            binding.updateForward(module, vm.typeOf(a[0]))
            return .none
        }
        vm.define(baseClass, "_will_load", "self, name, source, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let name = vm.text(a[1])
            guard let source = binding.torch.tensor(a[2]), let own = module.parameter(name) ?? module.buffer(name) else { return .none }
            do throws(TensorError) { try module.willLoad(name, own, from: source) } catch { throw binding.torch.pythonError(error) }
            return .none
        }
        vm.define(baseClass, "_did_load", "self, /") { (vm, a) throws(PythonError) -> Value in
            do throws(TensorError) { try binding.receiverOrNil(a[0])?.didLoadState() } catch { throw binding.torch.pythonError(error) }
            return .none
        }
        vm.define(baseClass, "_run_sequence", "self, input, /") { (vm, a) throws(PythonError) -> Value in
            do { return try binding.runSequence(try binding.receiver(vm, a[0]), a[1]) } catch { throw binding.torch.pythonError(error) }
        }
    }

    /// The children one after another; a convolution with what normalises and rectifies it runs as one operation.
    private func runSequence(_ sequence: Module, _ input: Value) throws -> Value {
        let steps = sequence.children
        let fuser = sequence as? Sequential
        var current = input.retained()
        var i = 0
        do {
            while i < steps.count {
                if vm.interruptFlag.pointee != 0 { try vm.poll() }
                if let fuser, steps[i] is Convolution, let tensor = torch.tensor(current), let (result, consumed) = try fuser.fused(steps, i, tensor)
                {
                    vm.heap.replace(&current, with: torch.value(result))
                    i += consumed
                    continue
                }
                let step = value(steps[i])
                defer { vm.heap.release(step) }
                vm.heap.replace(&current, with: try vm.call(step, current))
                i += 1
            }
        } catch {
            vm.heap.release(current)
            throw error
        }
        return current
    }

    // MARK: entries

    private func defineEntries() {
        let binding = self
        let torch = torch
        vm.define(baseClass, "_entry_names", "self, kind, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            return vm.list(binding.names(module, try binding.key(vm, a[1])).map { vm.string($0) })
        }
        vm.define(baseClass, "_entry_items", "self, kind, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            return vm.list(binding.names(module, try binding.key(vm, a[1])).map { vm.tuple([vm.string($0), binding.entry(module, $0) ?? .none]) })
        }
        vm.define(baseClass, "_entry", "self, kind, name, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let name = try binding.key(vm, a[2])
            guard binding.names(module, try binding.key(vm, a[1])).contains(name), let found = binding.entry(module, name) else {
                throw vm.keyError(a[2])
            }
            return found
        }
        vm.define(baseClass, "_set_entry", "self, kind, name, value, persistent=True, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let name = try binding.key(vm, a[2])
            let kind = try binding.key(vm, a[1])
            do throws(TensorError) {
                switch kind {
                case "parameter": try module.registerParameter(name, torch.tensor(a[3]))
                case "buffer": try module.registerBuffer(name, torch.tensor(a[3]), persistent: a[4].isBool ? a[4].asBool : true)
                default: try module.addModule(name, binding.module(a[3]))
                }
            } catch {
                throw torch.pythonError(error)
            }
            return .none
        }
        vm.define(baseClass, "_delete_entry", "self, kind, name, /") { (vm, a) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, a[0])
            let name = try binding.key(vm, a[2])
            guard binding.names(module, try binding.key(vm, a[1])).contains(name) else { throw vm.keyError(a[2]) }
            module.removeEntry(name)
            return .none
        }
        vm.defineProperty(baseClass, "_non_persistent_buffers_set") { (vm, value) throws(PythonError) -> Value in
            let module = try binding.receiver(vm, value)
            let names = vm.list(module.nonPersistentBuffers.sorted().map { vm.string($0) })
            defer { vm.heap.release(names) }
            return try vm.callBuiltin("set", names)
        }
        vm.defineProperty(baseClass, "_is_initialized") { (vm, value) throws(PythonError) -> Value in
            .bool(binding.state(try binding.receiver(vm, value)).isInitialized)
        }
    }

    private func key(_ vm: VM, _ value: Value) throws(PythonError) -> String {
        guard value.isString else { throw vm.typeError("module name should be a string. Got \(vm.typeName(value))") }
        return vm.text(value)
    }

    private func names(_ module: Module, _ kind: String) -> [String] {
        switch kind {
        case "parameter": module.parameterEntries.keys
        case "buffer": module.bufferEntries.keys
        default: module.childEntries.keys
        }
    }

    private func defineDescription() {
        let binding = self
        vm.define(baseClass, "extra_repr", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(try binding.receiver(vm, a[0]).extraRepr())
        }
    }
}
