import Syntax

// dict.keys(), values(), items(): live views with set algebra.

extension VM {
    static let keysView: UInt32 = 0
    static let valuesView: UInt32 = 1
    static let itemsView: UInt32 = 2

    /// A view of a dict (retained): 0 keys, 1 values, 2 items; 3 more for an ordered dict's.
    package func dictView(_ dict: Value, _ kind: UInt32) -> Value {
        let memory = heap.allocate(MemoryLayout<DictViewObject>.stride, Tag.dictView, extra: kind)
        heap.containerGrowth &+= 1
        memory.assumingMemoryBound(to: DictViewObject.self).pointee.dict = dict.retained()
        return Value(tag: Tag.dictView, pointer: memory)
    }

    /// The dict behind a view, borrowed.
    func viewedDict(_ view: Value) -> Value { view.object(as: DictViewObject.self).pointee.dict }

    package func viewIterator(_ view: Value) -> Value {
        let dict = viewedDict(view)
        let kinds: [IteratorKind] = [.dictKeys, .dictValues, .dictItems]
        return iterator(kinds[Int(view.header.pointee.extra % 3)], dict.retained(), version: UInt64(dict.dict.pointee.count))
    }

    func reversedDictIterator(_ dict: Value, _ kind: IteratorKind) -> Value {
        iterator(kind, dict.retained(), index: dict.dict.pointee.used - 1, version: UInt64(dict.dict.pointee.count))
    }

    func makeDictViewClasses() {
        dictViewClasses = ["dict_keys", "dict_values", "dict_items"].enumerated().map { kind, name in
            makeBuiltinClass(name, layout: Tag.dictView, isBase: false, construct: VM.refusingConstruct(name)) { (vm, type) in
                vm.fillView(type, UInt32(kind))
                if UInt32(kind) != VM.valuesView { vm.fillViewAlgebra(type, UInt32(kind)) }
            }
        }
        // An ordered dict's views differ in name only.
        dictViewClasses += zip(["odict_keys", "odict_values", "odict_items"], dictViewClasses).map { name, base in
            makeBuiltinClass(name, base: base, module: "collections", layout: Tag.dictView, isBase: false)
        }
        classOfTag[Int(Tag.dictView)] = dictViewClasses[0]
        for type in dictViewClasses { builtinClasses[type.info.name] = type }
    }

    /// The constructor of classes that programs cannot instantiate.
    static func refusingConstruct(_ name: String) -> NativeFunction {
        NativeFunction(name, "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            throw vm.typeError("cannot create '\(name)' instances")
        }
    }

    private func viewSelf(_ value: Value, _ kind: UInt32, _ method: String) throws(PythonError) -> Value {
        if value.tag == Tag.dictView, value.header.pointee.extra % 3 == kind { return value }
        throw typeError("descriptor '\(method)' requires a '\(dictViewClasses[Int(kind)].info.name)' object but received a '\(typeName(value))'")
    }

    private func fillView(_ type: ClassPointer, _ kind: UInt32) {
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(vm.viewedDict(try vm.viewSelf(a[0], kind, "__len__")).dict.pointee.count)
        }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.viewIterator(try vm.viewSelf(a[0], kind, "__iter__"))
        }
        define(type, "__reversed__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let dict = vm.viewedDict(try vm.viewSelf(a[0], kind, "__reversed__"))
            let kinds: [IteratorKind] = [.dictKeysReversed, .dictValuesReversed, .dictItemsReversed]
            return vm.reversedDictIterator(dict, kinds[Int(kind)])
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let view = try vm.viewSelf(a[0], kind, "__repr__")
            return try vm.guardingRepr(view, "...") { () throws(PythonError) -> Value in
                let items = try vm.makeList(from: view)
                defer { vm.heap.release(items) }
                return vm.string("\(vm.typeName(view))(\(try vm.reprText(items)))")
            }
        }
        defineProperty(
            type, "mapping",
            get: { (vm, view) throws(PythonError) -> Value in
                let dict = vm.viewedDict(try vm.viewSelf(view, kind, "mapping"))
                guard let proxy = vm.builtinClasses["mappingproxy"] else { return dict.retained() }
                return try vm.call(proxy.value, dict)
            })
    }

    // MARK: keys and items as sets

    private func fillViewAlgebra(_ type: ClassPointer, _ kind: UInt32) {
        defineConstant(type, "__hash__", .none)
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.viewContains(vm.viewSelf(a[0], kind, "__contains__"), a[1]))
        }
        define(type, "isdisjoint", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            let view = try vm.viewSelf(a[0], kind, "isdisjoint")
            var result = true
            try vm.iterate(a[1]) { (item) throws(PythonError) -> Bool in
                if try vm.viewContains(view, item) { result = false }
                return result
            }
            return .bool(result)
        }
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                guard vm.payload(a[1]).isAnySet || vm.isSetView(a[1]) else { return .notImplemented }
                return .bool(try vm.compareViews(operation, vm.viewSelf(a[0], kind, name), a[1]))
            }
        }
        fillViewOperators(type)
    }

    private func fillViewOperators(_ type: ClassPointer) {
        let operations: [(String, String, (VM, Value, Value) throws(PythonError) -> Value)] = [
            ("__and__", "__rand__", { (vm, a, b) throws(PythonError) -> Value in try vm.viewIntersection(a, b) }),
            (
                "__or__", "__ror__",
                { (vm, a, b) throws(PythonError) -> Value in
                    try vm.building(vm.makeSet(from: vm.setSource(a))) { (result) throws(PythonError) in try vm.setUpdate(result, b) }
                }
            ),
            (
                "__sub__", "__rsub__",
                { (vm, a, b) throws(PythonError) -> Value in
                    try vm.building(vm.makeSet(from: vm.setSource(a))) { (result) throws(PythonError) in try vm.setSubtract(result, b) }
                }
            ),
            (
                "__xor__", "__rxor__",
                { (vm, a, b) throws(PythonError) -> Value in
                    try vm.building(vm.makeSet(from: vm.setSource(a))) { (result) throws(PythonError) in try vm.setExclusiveUpdate(result, b) }
                }
            ),
        ]
        for (name, reflected, operation) in operations {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in try operation(vm, a[0], a[1]) }
            define(type, reflected, "self, value, /") { (vm, a) throws(PythonError) -> Value in try operation(vm, a[1], a[0]) }
        }
    }

    func isSetView(_ value: Value) -> Bool { value.tag == Tag.dictView && value.header.pointee.extra % 3 != VM.valuesView }

    /// What a set of the view's items is made from: for keys the dict itself, as CPython does.
    private func setSource(_ value: Value) -> Value {
        value.tag == Tag.dictView && value.header.pointee.extra % 3 == VM.keysView ? viewedDict(value) : value
    }

    func viewContains(_ view: Value, _ item: Value) throws(PythonError) -> Bool {
        let dict = viewedDict(view).dict
        if view.header.pointee.extra % 3 == VM.keysView { return try find(dict, item, hash(item)) >= 0 }
        let plain = payload(item)
        guard plain.tag == Tag.tuple, plain.tuple.pointee.count == 2 else { return false }
        let found = try dictGet(dict, plain.tuple.items[0])
        if found.isUndefined { return false }
        found.retain()
        defer { heap.release(found) }
        return try equals(found, plain.tuple.items[1])
    }

    private func viewIntersection(_ a: Value, _ b: Value) throws(PythonError) -> Value {
        var view = a
        var other = b
        if !isSetView(view) { swap(&view, &other) }
        let count = viewedDict(view).dict.pointee.count
        if other.tag == Tag.set, count <= other.set.pointee.count { return try setIntersection(other, view) }
        if isSetView(other), viewedDict(other).dict.pointee.count > count { swap(&view, &other) }
        return try building(makeSet()) { (result) throws(PythonError) in
            try iterate(other) { (item) throws(PythonError) -> Bool in
                if try viewContains(view, item) { try setAdd(result, item) }
                return true
            }
        }
    }

    private func compareViews(_ operation: CompareOperator, _ view: Value, _ other: Value) throws(PythonError) -> Bool {
        let count = viewedDict(view).dict.pointee.count
        let otherCount = try length(other)
        // Sizes that rule a relation out spare the look at the items.
        switch operation {
        case .equal: return count != otherCount ? false : try allContained(view, other)
        case .notEqual: return count != otherCount ? true : try !allContained(view, other)
        case .less: return count >= otherCount ? false : try allContained(view, other)
        case .lessEqual: return count > otherCount ? false : try allContained(view, other)
        case .greater: return count <= otherCount ? false : try allContained(other, view)
        case .greaterEqual: return count < otherCount ? false : try allContained(other, view)
        case .in, .notIn, .is, .isNot: return false
        }
    }

    private func allContained(_ items: Value, _ container: Value) throws(PythonError) -> Bool {
        var result = true
        try iterate(items) { (item) throws(PythonError) -> Bool in
            result = try contains(container, item)
            return result
        }
        return result
    }
}
