import Interpreter

// _collections: defaultdict, OrderedDict, _count_elements. deque has a file of its own.

/// Declares the module `_collections`.
func registerCollections(_ vm: VM) {
    vm.registerNativeModule("_collections") { (vm, module) throws(PythonError) -> Void in
        guard let dictType = vm.builtinClasses["dict"] else { preconditionFailure("no class dict") }
        addDefaultDict(module, dictType)
        addOrderedDict(module, dictType)
        addDeque(module)
        let ownSet = vm.lookup(dictType, vm.intern("__setitem__"))
        module.function("_count_elements", "mapping, iterable, /") { (vm, a) throws(PythonError) -> Value in
            let plain = vm.payload(a[0])
            if plain.tag == Tag.dict, vm.lookup(vm.typeOf(a[0]), vm.intern("__setitem__")).isIdentical(to: ownSet) {
                try vm.iterate(a[1]) { (item) throws(PythonError) -> Bool in
                    try count(vm, plain.dict, item)
                    return true
                }
                return .none
            }
            try vm.iterate(a[1]) { (item) throws(PythonError) -> Bool in
                let old = try vm.callMethod(a[0], "get", item, .int(0))
                defer { vm.heap.release(old) }
                let new = try vm.binary(.add, old, .int(1))
                defer { vm.heap.release(new) }
                try vm.setItem(a[0], item, new)
                return true
            }
            return .none
        }
    }
}

/// `dict[item] += 1`, from 0.
private func count(_ vm: VM, _ dict: DictPointer, _ item: Value) throws(PythonError) {
    let hash = try vm.hash(item)
    let index = try vm.find(dict, item, hash)
    guard index >= 0, let entries = dict.pointee.entries else {
        vm.heap.insertNew(dict, hash, item.retained(), .int(1))
        return
    }
    let old = entries[index].value
    if old.isInt, old.asInt != Int.max {
        entries[index].value = .int(old.asInt + 1)
        return
    }
    old.retain()
    defer { vm.heap.release(old) }
    let new = try vm.binary(.add, old, .int(1))
    defer { vm.heap.release(new) }
    try vm.dictSet(dict, item, new)
}

// MARK: defaultdict

/// The instance slot that holds the factory.
private let factoryName = "default_factory"

private func addDefaultDict(_ module: NativeModule, _ dictType: ClassPointer) {
    let vm = module.vm
    let type = vm.makeBuiltinClass("defaultdict", base: dictType, module: "collections", layout: Tag.dict)
    func fill(_ vm: VM, _ object: Value, _ given: TuplePointer, _ keywords: DictPointer) throws(PythonError) {
        let factory = given.pointee.count > 0 ? given.items[0] : .none
        guard factory.isNone || vm.isCallable(factory) else { throw vm.typeError("first argument must be callable or None") }
        vm.setOwnAttribute(object, vm.intern(factoryName), factory)
        let rest = vm.makeTuple(max(0, given.pointee.count - 1)) { given.items[$0 + 1].retained() }
        defer { vm.heap.release(rest) }
        try vm.fillDict(vm.payload(object).dict, rest.tuple, keywords, "dict")
    }
    type.info.construct = NativeFunction("defaultdict", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        try vm.building(vm.instance(of: a[0].classPointer, payload: vm.dict())) { (result) throws(PythonError) in
            try fill(vm, result, a[1].tuple, a[2].dict)
        }
    }
    module.set("defaultdict", type.value.retained())
    vm.define(type, "__init__", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        guard vm.payload(a[0]).tag == Tag.dict, a[0].tag == Tag.instance else { throw vm.typeError("defaultdict expected") }
        try fill(vm, a[0], a[1].tuple, a[2].dict)
        return .none
    }
    func factory(_ vm: VM, _ object: Value) -> Value {
        let own = vm.ownAttribute(object, vm.intern(factoryName))
        return own.isUndefined ? .none : own
    }
    vm.defineProperty(
        type, factoryName, get: { (vm, value) throws(PythonError) -> Value in factory(vm, value).retained() },
        set: { (vm, value, new) throws(PythonError) -> Void in vm.setOwnAttribute(value, vm.intern(factoryName), new) })
    vm.define(type, "__missing__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
        let make = factory(vm, a[0])
        if make.isNone { throw vm.keyError(a[1]) }
        let value = try vm.call(make)
        return try vm.building(value) { (value) throws(PythonError) in try vm.setItem(a[0], a[1], value) }
    }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let content = try vm.dictRepr(vm.payload(a[0]))
        defer { vm.heap.release(content) }
        let make = factory(vm, a[0])
        // A factory that is a method of the dict itself would show the dict again.
        let text = try vm.guardingRepr(a[0], "...") { () throws(PythonError) -> Value in try vm.repr(make) }
        defer { vm.heap.release(text) }
        return vm.string("\(vm.typeName(a[0]))(\(vm.text(text)), \(vm.text(content)))")
    }
    for name in ["copy", "__copy__"] {
        vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.call(vm.typeOf(a[0]).value, factory(vm, a[0]), a[0])
        }
    }
    for (name, isReflected) in [("__or__", false), ("__ror__", true)] {
        vm.define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[1]).tag == Tag.dict else { return .notImplemented }
            let (first, second) = isReflected ? (a[1], a[0]) : (a[0], a[1])
            return try vm.building(vm.call(vm.typeOf(a[0]).value, factory(vm, a[0]), first)) { (result) throws(PythonError) in
                try vm.dictUpdate(vm.payload(result).dict, from: second)
            }
        }
    }
}

// MARK: OrderedDict

private func addOrderedDict(_ module: NativeModule, _ dictType: ClassPointer) {
    let vm = module.vm
    let type = vm.makeBuiltinClass("OrderedDict", base: dictType, module: "collections", layout: Tag.dict, hasInstanceAttributes: true)
    type.info.construct = NativeFunction("OrderedDict", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        try vm.building(vm.instance(of: a[0].classPointer, payload: vm.dict())) { (result) throws(PythonError) in
            try vm.fillDict(vm.payload(result).dict, a[1].tuple, a[2].dict, "OrderedDict")
        }
    }
    module.set("OrderedDict", type.value.retained())
    addOrder(vm, type)
    addOrderedViews(vm, type)
    addOrderedComparison(vm, type)
}

private func ordered(_ vm: VM, _ value: Value, _ method: String) throws(PythonError) -> DictPointer {
    try vm.containerSelf(value, Tag.dict, method).dict
}

private func addOrder(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "move_to_end", "self, key, last=True") { (vm, a) throws(PythonError) -> Value in
        let dict = try ordered(vm, a[0], "move_to_end")
        let index = try vm.find(dict, a[1], vm.hash(a[1]))
        if index < 0 { throw vm.keyError(a[1]) }
        if try vm.isTrue(a[2]) { vm.moveToEnd(dict, index) } else { vm.moveToFront(dict, index) }
        return .none
    }
    vm.define(type, "popitem", "self, last=True") { (vm, a) throws(PythonError) -> Value in
        let dict = try ordered(vm, a[0], "popitem")
        if dict.pointee.count == 0 { throw vm.error("KeyError", "dictionary is empty") }
        return try vm.isTrue(a[1]) ? vm.takeLastEntry(dict) : vm.takeFirstEntry(dict)
    }
    vm.define(type, "pop", "self, key, default=...") { (vm, a) throws(PythonError) -> Value in
        let found = try vm.dictRemove(ordered(vm, a[0], "pop"), a[1])
        if !found.isUndefined { return found }
        if a.has(2) { return a[2].retained() }
        throw vm.keyError(a[1])
    }
    for name in ["copy", "__copy__"] {
        vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in try vm.call(vm.typeOf(a[0]).value, a[0]) }
    }
    for (name, isReflected) in [("__or__", false), ("__ror__", true)] {
        vm.define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[1]).tag == Tag.dict else { return .notImplemented }
            let (first, second) = isReflected ? (a[1], a[0]) : (a[0], a[1])
            return try vm.building(vm.call(vm.typeOf(a[0]).value, first)) { (result) throws(PythonError) in
                try vm.dictUpdate(vm.payload(result).dict, from: second)
            }
        }
    }
}

private func addOrderedViews(_ vm: VM, _ type: ClassPointer) {
    for (name, kind) in [("keys", 3), ("values", 4), ("items", 5)] as [(String, UInt32)] {
        vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.dictView(try vm.containerSelf(a[0], Tag.dict, name), kind)
        }
    }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let dict = try vm.containerSelf(a[0], Tag.dict, "__repr__")
        let name = vm.typeName(a[0])
        if dict.dict.pointee.count == 0 { return vm.string("\(name)()") }
        return try vm.guardingRepr(dict, "...") { () throws(PythonError) -> Value in
            let view = vm.dictView(dict, 2)
            defer { vm.heap.release(view) }
            let items = try vm.makeList(from: view)
            defer { vm.heap.release(items) }
            return vm.string("\(name)(\(try vm.reprText(items)))")
        }
    }
}

private func addOrderedComparison(_ vm: VM, _ type: ClassPointer) {
    for (name, expected) in [("__eq__", true), ("__ne__", false)] {
        vm.define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let own = try ordered(vm, a[0], name)
            let other = vm.payload(a[1])
            guard other.tag == Tag.dict else { return .notImplemented }
            var same = try vm.sameDicts(own, other.dict)
            if same, vm.isInstance(a[1], type) {
                let mine = try vm.makeList(from: Value(tag: Tag.dict, pointer: own))
                defer { vm.heap.release(mine) }
                let theirs = try vm.makeList(from: other)
                defer { vm.heap.release(theirs) }
                same = try vm.equals(mine, theirs)
            }
            return .bool(same == expected)
        }
    }
}
