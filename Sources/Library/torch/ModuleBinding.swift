import Interpreter
import NN
import Tensors

/// What `torch.nn` is in one machine: how Swift modules and the language's objects belong together.
///
/// An `nn.Module` object is an instance with attributes of its own whose payload is a native object around the Swift `Module`.
/// The module remembers its object; parents keep the objects of their children alive.
final class ModuleBinding {
    unowned let torch: TorchBinding
    /// Class of the payload and root of all module classes: `_ModuleBase`.
    let baseClass: ClassPointer
    /// `nn.Module`, written in the language, once defined.
    var moduleClass: ClassPointer?
    /// Classes of the layers written in Swift, by name.
    var layerClasses: [String: LayerClass] = [:]
    let forwardName: StringPointer
    /// Classes of modules other packages define in Swift.
    var classes: ((Module) -> ClassPointer?)?
    let vm: VM

    init(_ torch: TorchBinding) {
        self.torch = torch
        vm = torch.vm
        baseClass = vm.makeBuiltinClass("_ModuleBase", module: "torch.nn.modules.module", layout: Tag.native, hasInstanceAttributes: true)
        baseClass.info.isShownBare = true
        forwardName = vm.intern("forward")
    }

    // MARK: objects

    /// The Swift module behind an object; nil for anything else.
    @inline(__always)
    func module(_ value: Value) -> Module? {
        guard value.tag == Tag.instance else { return nil }
        let inner = value.object(as: InstanceObject.self).pointee.payload
        guard inner.tag == Tag.native, inner.header.pointee.extra == TorchBinding.moduleMark else { return nil }
        return unsafeDowncast(inner.object(as: NativeObject.self).pointee.object.takeUnretainedValue(), to: Module.self)
    }

    /// The object of a module, owned by the caller; made when the module came from Swift code.
    func value(_ module: Module) -> Value {
        if module.languageCell != 0 { return Value(tag: Tag.instance, bits: UInt64(module.languageCell)).retained() }
        let type = classes?(module) ?? layerClasses[module.typeName]?.type ?? containerClass(module) ?? moduleClass ?? baseClass
        let value = wrap(module, type)
        if let layer = layerClasses[module.typeName], layer.type == type { layer.describe(value, module) } else { state(module).isInitialized = true }
        return value
    }

    private func containerClass(_ module: Module) -> ClassPointer? {
        guard module is Sequential || module is ModuleList || module is ModuleDict || module is ParameterList else { return nil }
        guard let found = try? vm.importModule("torch.nn.modules.container") else { return nil }
        defer { vm.heap.release(found) }
        let name = module is Sequential ? "Sequential" : module.typeName
        return vm.moduleInfo(found).value(of: name).flatMap { $0.tag == Tag.classObject ? $0.classPointer : nil }
    }

    /// A new object of class `type` around `module`.
    func wrap(_ module: Module, _ type: ClassPointer) -> Value {
        let payload = vm.native(module, baseClass)
        payload.header.pointee.extra = TorchBinding.moduleMark
        let value = vm.instance(of: type, payload: payload)
        adopt(module, value, type)
        return value
    }

    /// Puts another Swift module behind an object: `__init__` of a layer replaces what `__new__` made.
    func replace(_ value: Value, with module: Module) {
        let native = value.object(as: InstanceObject.self).pointee.payload.object(as: NativeObject.self)
        let old = native.pointee.object
        if let former = old.takeUnretainedValue() as? Module {
            former.languageCell = 0
            former.languageReference = nil
            former.languageForward = nil
        }
        native.pointee.object = Unmanaged.passRetained(module)
        old.release()
        adopt(module, value, vm.typeOf(value))
    }

    private func adopt(_ module: Module, _ value: Value, _ type: ClassPointer) {
        module.languageCell = UInt(value.bits)
        let heap = vm.heap
        // While the cell is set the object lives: the machine reports its end.
        module.languageReference = { Reference(value, heap) }
        if type.info.isUserClass, !(module is Sequential && type.info.name == "Sequential") { module.typeName = type.info.name }
        updateForward(module, type)
    }

    /// Lets Swift code that calls the module reach a forward function or hooks of the language.
    func updateForward(_ module: Module, _ type: ClassPointer) {
        let isLanguage = vm.lookup(type, forwardName).tag == Tag.function || state(module).hasHooks
        guard isLanguage else {
            module.languageForward = nil
            return
        }
        let binding = self
        module.languageForward = { [unowned module] inputs in
            let vm = binding.vm
            let receiver = binding.value(module)
            defer { vm.heap.release(receiver) }
            let arguments = inputs.map { binding.torch.value($0) }
            defer { for argument in arguments { vm.heap.release(argument) } }
            let result = try vm.call(receiver, arguments: arguments)
            defer { vm.heap.release(result) }
            guard let tensor = binding.torch.tensor(result) else {
                throw vm.typeError("forward() of \(module.typeName) returned \(vm.typeName(result)) where a Tensor is needed")
            }
            return tensor
        }
    }

    func state(_ module: Module) -> ModuleState {
        if let state = module.languageState as? ModuleState { return state }
        let fresh = ModuleState()
        module.languageState = fresh
        return fresh
    }

    /// Calls a Swift layer's own forward, past the forward function of the language that called it.
    func forward(_ module: Module, _ inputs: [Tensor]) throws -> Tensor {
        guard let saved = module.languageForward else { return try module.forward(inputs) }
        module.languageForward = nil
        defer { module.languageForward = saved }
        return try module.forward(inputs)
    }
}

/// What the language keeps with a module.
final class ModuleState {
    /// `Module.__init__` ran.
    var isInitialized = false
    /// Hooks written in the language are registered: calls go the long way.
    var hasHooks = false
}

extension Module: ReferenceHolder {
    package func visitReferences(_ visit: (Value) -> Void) {
        for case let reference as Reference in childReferences.values { visit(reference.value) }
    }

    package func dropReferences() { dropChildReferences() }
}

extension VM {
    /// The object of a Swift module, owned by the caller.
    package func moduleValue(_ module: Module) -> Value { torch.modules.map { $0.value(module) } ?? .none }

    /// The Swift module behind an `nn.Module` object; nil for anything else.
    package func module(_ value: Value) -> Module? { torch.modules.flatMap { $0.module(value) } }
}
