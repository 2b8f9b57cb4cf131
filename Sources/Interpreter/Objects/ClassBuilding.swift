import Bytecode

// The class statement.

extension VM {
    /// `__build_class__(body, name, *bases, **keywords)`
    func buildClassFromBody(_ body: Value, _ name: String, bases: [Value], keywords: DictPointer) throws(PythonError) -> Value {
        let function = body.object(as: FunctionObject.self)
        let namespace = dict()
        let resolved: [Value]
        let cell: Value
        do throws(PythonError) {
            cell = try call(body, namespace)
            resolved = try resolveBases(bases, namespace)
        } catch {
            heap.release(namespace)
            throw error
        }
        defer {
            for base in resolved { heap.release(base) }
            heap.release(cell)
        }
        let qualified = function.pointee.code.pointee.code.takeUnretainedValue().qualifiedName
        let made = try buildClass(
            name: name, qualifiedName: qualified, bases: resolved, namespace: namespace, keywords: keywords,
            module: function.pointee.module.pointee.info.takeUnretainedValue().name, cell: cell)
        return made
    }

    private static let metaclassConflict =
        "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases"

    /// Replaces bases that are not classes by what their `__mro_entries__` says. Owned results.
    private func resolveBases(_ bases: [Value], _ namespace: Value) throws(PythonError) -> [Value] {
        guard bases.contains(where: { $0.tag != Tag.classObject }) else { return bases.map { $0.retained() } }
        let original = tuple(bases.map { $0.retained() })
        defer { heap.release(original) }
        var resolved: [Value] = []
        for base in bases {
            if base.tag == Tag.classObject {
                resolved.append(base.retained())
                continue
            }
            let method = try findAttribute(base, intern("__mro_entries__"))
            if method.isUndefined {
                throw typeError(VM.metaclassConflict)
            }
            defer { heap.release(method) }
            let entries = try call(method, original)
            defer { heap.release(entries) }
            resolved += try collect(entries)
        }
        dictSet(namespace.dict, "__orig_bases__", original)
        return resolved
    }

    /// A class from its parts. Takes over `namespace`; bases are borrowed.
    package func buildClass(
        name: String, qualifiedName: String? = nil, bases: [Value], namespace: Value, keywords: DictPointer, module: String, cell: Value = .none
    ) throws(PythonError) -> Value {
        var parents: [ClassPointer] = []
        for base in bases {
            guard base.tag == Tag.classObject else {
                heap.release(namespace)
                throw typeError(VM.metaclassConflict)
            }
            parents.append(base.object(as: ClassObject.self))
        }
        if parents.isEmpty { parents = [objectClass] }
        let order: [ClassPointer]
        let layout: UInt64
        do throws(PythonError) {
            order = try linearize(parents)
            layout = try commonLayout(parents)
        } catch {
            heap.release(namespace)
            throw error
        }
        prepareNamespace(namespace.dict)
        let type = makeClass(
            name: name, qualifiedName: qualifiedName, module: module, bases: parents, order: order, namespace: namespace, layout: layout,
            isUserClass: true, hasInstanceAttributes: true)
        let info = type.info
        for parent in order where parent.info.layout == layout && info.construct == nil { info.construct = parent.info.construct }
        for text in ["__qualname__", "__module__"] {
            let given = dictRemove(namespace.dict, intern(text))
            if given.tag == Tag.string {
                if text == "__qualname__" { info.qualifiedName = self.text(given) } else { info.module = self.text(given) }
            }
            heap.release(given)
        }
        info.slotNames = try slotNames(namespace.dict, parents)
        if info.slotNames == nil {
            info.hiddenNames = try declaredSlots(namespace.dict).union(parents.flatMap { $0.info.slotNames ?? $0.info.hiddenNames })
        }
        if cell.tag == Tag.cell { heap.replace(&cell.object(as: CellObject.self).pointee.content, with: type.value.retained()) }
        do throws(PythonError) {
            try nameDescriptors(type)
            try callInitSubclass(type, order, keywords)
        } catch {
            heap.release(type.value)
            throw error
        }
        return type.value
    }

    /// What every class body gets: static `__new__`, class-level hooks, no hash beside `__eq__`.
    private func prepareNamespace(_ namespace: DictPointer) {
        func wrap(_ name: String, _ kind: DescriptorKind) {
            let value = dictValue(namespace, name)
            guard value.tag == Tag.function else { return }
            let wrapped = descriptor(kind, value.retained())
            dictSet(namespace, intern(name), wrapped)
            heap.release(wrapped)
        }
        wrap("__new__", .staticMethod)
        wrap("__init_subclass__", .classMethod)
        wrap("__class_getitem__", .classMethod)
        if !dictValue(namespace, "__eq__").isUndefined, dictValue(namespace, "__hash__").isUndefined {
            dictSet(namespace, "__hash__", .none)
        }
        if dictValue(namespace, "__doc__").isUndefined { dictSet(namespace, "__doc__", .none) }
    }

    /// The attributes that `__slots__` allows; nil when some class in the order has none and so leaves instances open.
    private func slotNames(_ namespace: DictPointer, _ parents: [ClassPointer]) throws(PythonError) -> Set<StringPointer>? {
        let declared = dictValue(namespace, "__slots__")
        if declared.isUndefined { return nil }
        var names: Set<StringPointer> = []
        for parent in parents where parent != objectClass {
            if !parent.info.isUserClass {
                if parent.info.hasInstanceAttributes { return nil }
                continue
            }
            guard let inherited = parent.info.slotNames else { return nil }
            names.formUnion(inherited)
        }
        names.formUnion(try declaredSlots(namespace))
        return names.contains(intern("__dict__")) ? nil : names
    }

    /// The names in a class body's own `__slots__`.
    private func declaredSlots(_ namespace: DictPointer) throws(PythonError) -> Set<StringPointer> {
        let declared = dictValue(namespace, "__slots__")
        if declared.isUndefined { return [] }
        if declared.tag == Tag.string { return [intern(declared)] }
        var names: Set<StringPointer> = []
        for item in try collect(declared) {
            defer { heap.release(item) }
            guard item.tag == Tag.string else { throw typeError("__slots__ items must be strings, not '\(typeName(item))'") }
            names.insert(intern(item))
        }
        return names
    }

    private func nameDescriptors(_ type: ClassPointer) throws(PythonError) {
        let namespace = type.info.namespace
        var found: [(Value, Value)] = []
        for index in 0..<namespace.pointee.used {
            let entry = namespace.pointee.entries.unsafelyUnwrapped[index]
            if entry.key.isUndefined || entry.value.tag != Tag.instance && entry.value.tag != Tag.native { continue }
            if !special(typeOf(entry.value), .setName).isUndefined { found.append((entry.key.retained(), entry.value.retained())) }
        }
        defer {
            for (key, value) in found {
                heap.release(key)
                heap.release(value)
            }
        }
        for (key, value) in found { heap.release(try call(special(typeOf(value), .setName), value, type.value, key)) }
    }

    private func callInitSubclass(_ type: ClassPointer, _ order: [ClassPointer], _ keywords: DictPointer) throws(PythonError) {
        let name = specialNames[Special.initSubclass.rawValue]
        for ancestor in order {
            populate(ancestor)
            let hook = dictValue(ancestor.info.namespace, name)
            if hook.isUndefined { continue }
            if ancestor == objectClass, keywords.pointee.count == 0 { return }
            let bound = try bind(hook, type.value, type)
            defer { heap.release(bound) }
            var named: [(String, Value)] = []
            for index in 0..<keywords.pointee.used {
                let entry = keywords.pointee.entries.unsafelyUnwrapped[index]
                if !entry.key.isUndefined { named.append((text(entry.key), entry.value)) }
            }
            heap.release(try call(bound, arguments: [], keywords: named))
            return
        }
    }

    /// C3: the order in which attributes are looked up behind the class itself.
    private func linearize(_ bases: [ClassPointer]) throws(PythonError) -> [ClassPointer] {
        for (index, base) in bases.enumerated() where bases[..<index].contains(base) {
            throw typeError("duplicate base class \(base.info.name)")
        }
        if bases.count == 1 { return bases[0].info.order }
        var sequences = bases.map { $0.info.order } + [bases]
        var order: [ClassPointer] = []
        while true {
            sequences.removeAll { $0.isEmpty }
            if sequences.isEmpty { return order }
            guard let next = sequences.lazy.map({ $0[0] }).first(where: { candidate in sequences.allSatisfy { !$0.dropFirst().contains(candidate) } })
            else {
                let names = sequences.map { $0[0].info.name }
                var unique: [String] = []
                for name in names where !unique.contains(name) { unique.append(name) }
                throw typeError(
                    "Cannot create a consistent method resolution\norder (MRO) for bases \(unique.joined(separator: ", "))")
            }
            order.append(next)
            for index in sequences.indices where sequences[index].first == next { sequences[index].removeFirst() }
        }
    }

    /// The layout that instances get from their bases.
    private func commonLayout(_ bases: [ClassPointer]) throws(PythonError) -> UInt64 {
        var layout = Tag.instance
        for base in bases {
            let info = base.info
            if !info.isBase { throw typeError("type '\(info.name)' is not an acceptable base type") }
            if info.layout == Tag.instance || info.layout == layout { continue }
            if layout != Tag.instance { throw typeError("multiple bases have instance lay-out conflict") }
            layout = info.layout
        }
        return layout
    }

    // MARK: unions of types

    /// `X | Y` between classes, as annotations and isinstance use it.
    func makeUnion(_ a: Value, _ b: Value) throws(PythonError) -> Value {
        var members: [Value] = []
        for value in [a, b] {
            if let union = nativeObject(value, as: UnionOfTypes.self) {
                for member in union.members where !members.contains(where: { $0.isIdentical(to: member.value) }) { members.append(member.value) }
            } else if value.tag == Tag.classObject || value.isNone || isGenericAlias(value) {
                let type = value.isNone ? typeOf(value).value : value
                if !members.contains(where: { $0.isIdentical(to: type) }) { members.append(type) }
            } else if !special(typeOf(value), .ror).isUndefined, value.tag == Tag.instance {
                return .notImplemented
            } else {
                return .notImplemented
            }
        }
        if members.count == 1 { return members[0].retained() }
        return native(UnionOfTypes(members.map { Reference($0, heap) }), unionClass())
    }

    private func unionClass() -> ClassPointer {
        if let type = builtinClasses["UnionType"] { return type }
        let type = makeBuiltinClass("UnionType", module: "types", layout: Tag.native, isBase: false) { vm, type in
            func members(_ value: Value) -> [Value] { vm.nativeObject(value, as: UnionOfTypes.self)?.members.map { $0.value } ?? [] }
            vm.defineProperty(type, "__args__") { (vm, value) throws(PythonError) -> Value in vm.tuple(members(value).map { $0.retained() }) }
            vm.define(type, "__or__", "self, other, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[0], a[1]) }
            vm.define(type, "__ror__", "self, other, /") { (vm, a) throws(PythonError) -> Value in try vm.makeUnion(a[1], a[0]) }
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                var parts: [String] = []
                for member in members(a[0]) { parts.append(try vm.typeText(member)) }
                return vm.string(parts.joined(separator: " | "))
            }
            vm.define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let one = members(a[0])
                let two = members(a[1])
                guard a[1].tag == Tag.native, !two.isEmpty else { return .notImplemented }
                return .bool(one.count == two.count && one.allSatisfy { member in two.contains { $0.isIdentical(to: member) } })
            }
            vm.define(type, "__instancecheck__", "self, instance, /") { (vm, a) throws(PythonError) -> Value in
                for member in members(a[0]) where try vm.isInstance(a[1], of: member) { return .true }
                return .false
            }
            vm.define(type, "__subclasscheck__", "self, subclass, /") { (vm, a) throws(PythonError) -> Value in
                guard a[1].tag == Tag.classObject else { throw vm.typeError("issubclass() arg 1 must be a class") }
                for member in members(a[0]) where try vm.isSubclass(a[1], of: member) { return .true }
                return .false
            }
        }
        type.info.construct = nil
        builtinClasses["UnionType"] = type
        return type
    }

    // MARK: views of namespaces

    /// A module's globals as a dict: a snapshot of the bindings.
    func globalsDict(_ module: UnsafeMutablePointer<ModuleObject>) -> Value {
        let info = module.pointee.info.takeUnretainedValue()
        let result = dict()
        for name in info.names.names {
            if let value = info.value(of: name) { dictSet(result.dict, name, value) }
        }
        return result
    }
}

/// The members of `X | Y`.
final class UnionOfTypes: ReferenceHolder {
    var members: [Reference]
    init(_ members: [Reference]) { self.members = members }
    func visitReferences(_ visit: (Value) -> Void) { for member in members { visit(member.value) } }
    func dropReferences() { members = [] }
}
