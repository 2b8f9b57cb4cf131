import Synchronization
import Tensors

/// The base of all layers and models: named parameters, buffers and child modules in order of registration, and a forward function.
///
/// A class of the user's language that derives from `nn.Module` is represented by one `Module` whose `typeName`, `languageCell`
/// and `languageForward` the language sets; built-in layers override `forward`. Modules are used by one thread at a time.
open class Module {
    /// A registered entry that may be None, as `register_parameter("bias", None)` leaves it.
    package enum Entry<Value> {
        case some(Value)
        case none
        package var value: Value? { if case .some(let value) = self { value } else { nil } }
    }

    package private(set) var parameterEntries = OrderedTable<Entry<Tensor>>()
    package private(set) var bufferEntries = OrderedTable<Entry<Tensor>>()
    package private(set) var childEntries = OrderedTable<Entry<Module>>()
    package private(set) var nonPersistentBuffers: Set<String> = []
    package var training = true

    /// The class name `repr` and messages show.
    package var typeName: String
    /// Address of the language's object that owns this module, 0 when there is none (any more).
    package var languageCell: UInt = 0
    /// Makes a reference that keeps the language's object alive: a parent keeps one for each child.
    package var languageReference: (() -> AnyObject)?
    /// What keeps the language's objects of the children alive, by name.
    package private(set) var childReferences: [String: AnyObject] = [:]
    /// What the language keeps with this module.
    package var languageState: AnyObject?
    /// The forward function of a class written in the language, for callers on this side (`Sequential`).
    package var languageForward: (([Tensor]) throws -> Tensor)? { didSet { Module.noteInterception() } }
    package var languageExtraRepr: (() throws -> String)?

    /// Hooks around forward: may replace the inputs or the result. Removed by identity.
    package final class ForwardHook {
        package let body: (Module, [Tensor], Tensor) throws -> Tensor?
        package init(_ body: @escaping (Module, [Tensor], Tensor) throws -> Tensor?) { self.body = body }
    }
    package final class ForwardPreHook {
        package let body: (Module, [Tensor]) throws -> [Tensor]?
        package init(_ body: @escaping (Module, [Tensor]) throws -> [Tensor]?) { self.body = body }
    }
    /// Called with the gradients of the inputs and of the result; may replace the gradient of the first input.
    package final class BackwardHook {
        package let body: (Module, [Tensor?], [Tensor?]) throws -> Tensor?
        package init(_ body: @escaping (Module, [Tensor?], [Tensor?]) throws -> Tensor?) { self.body = body }
    }
    package var forwardHooks: [ForwardHook] = [] { didSet { Module.noteInterception() } }
    package var forwardPreHooks: [ForwardPreHook] = [] { didSet { Module.noteInterception() } }
    package var backwardHooks: [BackwardHook] = [] { didSet { Module.noteInterception() } }

    /// How often a hook or a method of the language has been set in any module: who has found a model without them need not look at all of its
    /// parts again while this stays the same.
    package static var interceptions: Int { interceptionCount.load(ordering: .relaxed) }
    private static let interceptionCount = Atomic<Int>(0)
    private static func noteInterception() { interceptionCount.wrappingAdd(1, ordering: .relaxed) }

    package init(typeName: String = "Module") { self.typeName = typeName }

    // MARK: Forward

    /// Computes the result; overridden by every layer.
    open func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        if let languageForward {
            do { return try languageForward(inputs) } catch { throw Module.passing(error) }
        }
        throw TensorError(.notImplemented, "Module [\(typeName)] is missing the required \"forward\" function")
    }

    package var hasHooks: Bool { !(forwardHooks.isEmpty && forwardPreHooks.isEmpty && backwardHooks.isEmpty) }

    /// `module(inputs)`: hooks and forward.
    package func callAsFunction(_ inputs: Tensor...) throws(TensorError) -> Tensor { try call(inputs) }

    package func call(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        if !hasHooks { return try forward(inputs) }
        var values = inputs
        for hook in forwardPreHooks {
            do { if let replaced = try hook.body(self, values) { values = replaced } } catch { throw Module.passing(error) }
        }
        var result = try forward(values)
        for hook in forwardHooks {
            do { if let replaced = try hook.body(self, values, result) { result = replaced } } catch { throw Module.passing(error) }
        }
        if !backwardHooks.isEmpty, let input = values.first(where: { $0.requiresGrad }), result.requiresGrad { try observe(input, result) }
        return result
    }

    private func observe(_ input: Tensor, _ result: Tensor) throws(TensorError) {
        let hooks = backwardHooks
        var outputGradient: Tensor?
        try result.registerHook(
            TensorHook { g in
                outputGradient = g
                return nil
            })
        try input.registerHook(
            TensorHook { [weak self] g in
                guard let self, outputGradient != nil else { return nil }
                var replaced: Tensor?
                for hook in hooks { replaced = try hook.body(self, [replaced ?? g], [outputGradient]) ?? replaced }
                return replaced
            })
    }

    static func passing(_ error: any Error) -> TensorError {
        if let error = error as? TensorError { return error }
        var result = TensorError(.runtime, "\(error)")
        result.foreign = error
        return result
    }

    // MARK: Registration

    private func check(_ name: String, _ kind: String) throws(TensorError) {
        if name.contains(".") { throw TensorError(.key, "\(kind) name can't contain \".\"" + (kind == "module" ? ", got: \(name)" : "")) }
        if name.isEmpty { throw TensorError(.key, "\(kind) name can't be empty string \"\"") }
    }

    /// `parameter` nil registers None.
    package func registerParameter(_ name: String, _ parameter: Tensor?) throws(TensorError) {
        try check(name, "parameter")
        bufferEntries[name] = nil
        setChild(name, nil)
        parameterEntries[name] = parameter.map { .some($0) } ?? Entry.none
    }

    package func registerBuffer(_ name: String, _ buffer: Tensor?, persistent: Bool = true) throws(TensorError) {
        try check(name, "buffer")
        parameterEntries[name] = nil
        setChild(name, nil)
        bufferEntries[name] = buffer.map { .some($0) } ?? Entry.none
        if persistent { nonPersistentBuffers.remove(name) } else { nonPersistentBuffers.insert(name) }
    }

    package func addModule(_ name: String, _ module: Module?) throws(TensorError) {
        try check(name, "module")
        parameterEntries[name] = nil
        bufferEntries[name] = nil
        setChild(name, module.map { .some($0) } ?? Entry.none)
    }

    private func setChild(_ name: String, _ entry: Entry<Module>?) {
        childEntries[name] = entry
        childReferences[name] = entry?.value?.languageReference?()
    }

    /// The language's objects are garbage: lets them go.
    package func dropChildReferences() { childReferences = [:] }

    /// `del module.name`
    package func removeEntry(_ name: String) {
        parameterEntries[name] = nil
        bufferEntries[name] = nil
        setChild(name, nil)
    }

    package func parameter(_ name: String) -> Tensor? { parameterEntries[name]?.value }
    package func buffer(_ name: String) -> Tensor? { bufferEntries[name]?.value }
    package func child(_ name: String) -> Module? { childEntries[name]?.value }
    package var children: [Module] { childEntries.pairs.compactMap { $0.value.value } }
    package var namedChildren: [(name: String, module: Module)] { childEntries.pairs.compactMap { pair in pair.value.value.map { (pair.key, $0) } } }

    // MARK: Traversal

    /// This module and all below, each once, with dotted names.
    package func namedModules(prefix: String = "") -> [(name: String, module: Module)] {
        var seen: Set<ObjectIdentifier> = []
        var result: [(name: String, module: Module)] = []
        func visit(_ module: Module, _ prefix: String) {
            guard seen.insert(ObjectIdentifier(module)).inserted else { return }
            result.append((prefix, module))
            for (name, child) in module.namedChildren { visit(child, prefix.isEmpty ? name : prefix + "." + name) }
        }
        visit(self, prefix)
        return result
    }

    package var modules: [Module] { namedModules().map(\.module) }

    private func members(_ prefix: String, recurse: Bool, removeDuplicates: Bool = true, _ entries: (Module) -> [(key: String, value: Entry<Tensor>)])
        -> [(name: String, tensor: Tensor)]
    {
        var seen: Set<ObjectIdentifier> = []
        var result: [(name: String, tensor: Tensor)] = []
        for (path, module) in recurse ? namedModules(prefix: prefix) : [(prefix, self)] {
            for (key, entry) in entries(module) {
                guard let tensor = entry.value, !removeDuplicates || seen.insert(ObjectIdentifier(tensor)).inserted else { continue }
                result.append((path.isEmpty ? key : path + "." + key, tensor))
            }
        }
        return result
    }

    package func namedParameters(prefix: String = "", recurse: Bool = true) -> [(name: String, tensor: Tensor)] {
        members(prefix, recurse: recurse) { $0.parameterEntries.pairs }
    }
    package func namedBuffers(prefix: String = "", recurse: Bool = true) -> [(name: String, tensor: Tensor)] {
        members(prefix, recurse: recurse) { $0.bufferEntries.pairs }
    }
    package var parameters: [Tensor] { namedParameters().map(\.tensor) }
    package var buffers: [Tensor] { namedBuffers().map(\.tensor) }

    /// The module at a dotted path; "" is this module.
    package func submodule(_ path: String) throws(TensorError) -> Module {
        var module = self
        for name in path.split(separator: ".") {
            guard let next = module.child(String(name)) else { throw TensorError(.key, "\(module.typeName) has no attribute `\(name)`") }
            module = next
        }
        return module
    }

    // MARK: State

    /// Sets training mode here and below.
    @discardableResult
    package func train(_ mode: Bool = true) -> Self {
        training = mode
        for child in children { child.train(mode) }
        return self
    }

    @discardableResult
    package func eval() -> Self { train(false) }

    @discardableResult
    package func requiresGrad_(_ value: Bool = true) throws(TensorError) -> Self {
        for parameter in parameters { try parameter.setRequiresGrad(value) }
        return self
    }

    package func zeroGrad(setToNone: Bool = true) throws(TensorError) {
        for parameter in parameters {
            if setToNone { parameter.grad = nil } else { _ = try parameter.grad?.detach().zero_() }
        }
    }

    /// Children first, then this module.
    package func apply(_ body: (Module) throws(TensorError) -> Void) throws(TensorError) {
        for child in children { try child.apply(body) }
        try body(self)
    }

    /// Converts floating parameters and buffers, in place: the tensors keep their identity.
    package func to(_ dtype: DType) throws(TensorError) {
        guard dtype.isFloatingPoint else {
            throw .type("nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.\(dtype.name)")
        }
        for tensor in parameters + buffers where tensor.dtype.isFloatingPoint {
            tensor.setData(try tensor.detach().to(dtype))
            if let grad = tensor.grad { tensor.grad = try grad.detach().to(dtype) }
        }
    }

    // MARK: Loading

    /// Called before `source` is copied into the entry `name`; may give `tensor` other sizes (observers start empty).
    open func willLoad(_ name: String, _ tensor: Tensor, from source: Tensor) throws(TensorError) {}

    /// Called after the entries of this module were loaded.
    open func didLoadState() throws(TensorError) {}

    // MARK: Copying

    /// Takes over the settings of `other`, a module of the same class: for attributes that programs change after construction.
    open func adoptSettings(of other: Module) {}

    /// A module of the same class and settings; `deepCopy` replaces its parameters, buffers and children.
    open func emptyCopy() throws(TensorError) -> Module { Module(typeName: typeName) }

    /// `copy.deepcopy`: what is shared inside stays shared in the copy. No random numbers are consumed.
    package func deepCopy(_ memo: CopyMemo = CopyMemo()) throws(TensorError) -> Module {
        if let known = memo.modules[ObjectIdentifier(self)] { return known }
        let generator = EngineState.defaultGenerator.engine
        let copy = try emptyCopy()
        EngineState.defaultGenerator.engine = generator
        memo.modules[ObjectIdentifier(self)] = copy
        copy.training = training
        copy.nonPersistentBuffers = nonPersistentBuffers
        copy.languageExtraRepr = languageExtraRepr
        (copy.forwardHooks, copy.forwardPreHooks, copy.backwardHooks) = (forwardHooks, forwardPreHooks, backwardHooks)
        (copy.parameterEntries, copy.bufferEntries, copy.childEntries) = (.init(), .init(), .init())
        for (name, entry) in parameterEntries.pairs {
            if let tensor = entry.value {
                copy.parameterEntries[name] = .some(try memo.copy(tensor))
            } else {
                copy.parameterEntries[name] = Entry.none
            }
        }
        for (name, entry) in bufferEntries.pairs {
            if let tensor = entry.value { copy.bufferEntries[name] = .some(try memo.copy(tensor)) } else { copy.bufferEntries[name] = Entry.none }
        }
        for (name, entry) in childEntries.pairs {
            if let child = entry.value { copy.setChild(name, .some(try child.deepCopy(memo))) } else { copy.setChild(name, Entry.none) }
        }
        return copy
    }

    // MARK: Description

    /// What stands between the parentheses of `repr`.
    open func extraRepr() -> String { "" }

    package func repr() throws(TensorError) -> String {
        let extra: String
        if let languageExtraRepr {
            do { extra = try languageExtraRepr() } catch { throw Module.passing(error) }
        } else {
            extra = extraRepr()
        }
        let extraLines = extra.isEmpty ? [] : extra.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let childLines = try childDescriptions()
        if extraLines.count == 1 && childLines.isEmpty { return "\(typeName)(\(extraLines[0]))" }
        let lines = extraLines + childLines
        return lines.isEmpty ? "\(typeName)()" : "\(typeName)(\n  " + lines.joined(separator: "\n  ") + "\n)"
    }

    func childDescriptions() throws(TensorError) -> [String] {
        var lines: [String] = []
        for (name, entry) in childEntries.pairs {
            let text = if let module = entry.value { try module.repr() } else { "None" }
            lines.append("(\(name)): " + Module.indented(text))
        }
        return lines
    }

    static func indented(_ text: String) -> String { text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ") }
}
