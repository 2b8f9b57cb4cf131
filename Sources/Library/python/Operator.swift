import Interpreter
import Syntax

// _operator: the operators as functions, and the getters that sorting uses.

/// Declares the module `_operator`.
func registerOperator(_ vm: VM) {
    vm.registerNativeModule("_operator") { (vm, module) throws(PythonError) -> Void in
        addArithmetic(module)
        addComparisons(module)
        addItemFunctions(module)
        addItemGetter(module)
        addAttributeGetter(module)
        addMethodCaller(module)
    }
}

private func addArithmetic(_ module: NativeModule) {
    let binary: [(name: String, inPlace: String, operation: BinaryOperator)] = [
        ("add", "iadd", .add), ("sub", "isub", .subtract), ("mul", "imul", .multiply), ("matmul", "imatmul", .matrixMultiply),
        ("truediv", "itruediv", .trueDivide), ("floordiv", "ifloordiv", .floorDivide), ("mod", "imod", .modulo), ("pow", "ipow", .power),
        ("lshift", "ilshift", .leftShift), ("rshift", "irshift", .rightShift), ("and_", "iand", .and), ("or_", "ior", .or), ("xor", "ixor", .xor),
    ]
    for (name, inPlace, operation) in binary {
        module.function(name, "a, b, /") { (vm, a) throws(PythonError) -> Value in try vm.binary(operation, a[0], a[1]) }
        module.function(inPlace, "a, b, /") { (vm, a) throws(PythonError) -> Value in try vm.binary(operation, a[0], a[1], inPlace: true) }
    }
    for (name, inPlace) in [("concat", false), ("iconcat", true)] {
        module.function(name, "a, b, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.isSequence(a[0]) else { throw vm.typeError("'\(vm.typeName(a[0]))' object can't be concatenated") }
            return try vm.binary(.add, a[0], a[1], inPlace: inPlace)
        }
    }
    let unary: [(String, UnaryOperator)] = [("neg", .negative), ("pos", .positive), ("inv", .invert), ("invert", .invert), ("not_", .not)]
    for (name, operation) in unary {
        module.function(name, "a, /") { (vm, a) throws(PythonError) -> Value in try vm.unary(operation, a[0]) }
    }
    module.function("abs", "a, /") { (vm, a) throws(PythonError) -> Value in try vm.callBuiltin("abs", a[0]) }
    module.function("index", "a, /") { (vm, a) throws(PythonError) -> Value in try vm.integer(a[0]) }
    module.function("truth", "a, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.isTrue(a[0])) }
}

private func addComparisons(_ module: NativeModule) {
    let comparisons: [(String, CompareOperator)] = [
        ("lt", .less), ("le", .lessEqual), ("eq", .equal), ("ne", .notEqual), ("ge", .greaterEqual), ("gt", .greater),
        ("is_", .is), ("is_not", .isNot),
    ]
    for (name, operation) in comparisons {
        module.function(name, "a, b, /") { (vm, a) throws(PythonError) -> Value in try vm.compare(operation, a[0], a[1]) }
    }
}

private func addItemFunctions(_ module: NativeModule) {
    module.function("contains", "a, b, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.contains(a[0], a[1])) }
    module.function("getitem", "a, b, /") { (vm, a) throws(PythonError) -> Value in try vm.getItem(a[0], a[1]) }
    module.function("setitem", "a, b, c, /") { (vm, a) throws(PythonError) -> Value in
        try vm.setItem(a[0], a[1], a[2])
        return .none
    }
    module.function("delitem", "a, b, /") { (vm, a) throws(PythonError) -> Value in
        try vm.deleteItem(a[0], a[1])
        return .none
    }
    module.function("countOf", "a, b, /") { (vm, a) throws(PythonError) -> Value in
        var count = 0
        try vm.iterate(a[0]) { (item) throws(PythonError) -> Bool in
            if try vm.equals(item, a[1]) { count += 1 }
            return true
        }
        return .int(count)
    }
    module.function("indexOf", "a, b, /") { (vm, a) throws(PythonError) -> Value in
        var position = 0
        var isFound = false
        try vm.iterate(a[0]) { (item) throws(PythonError) -> Bool in
            isFound = try vm.equals(item, a[1])
            if !isFound { position += 1 }
            return !isFound
        }
        if !isFound { throw vm.valueError("sequence.index(x): x not in sequence") }
        return .int(position)
    }
    module.function("length_hint", "obj, default=0, /") { (vm, a) throws(PythonError) -> Value in
        guard vm.payload(a[1]).isInt || a[1].isBool else {
            throw vm.typeError("'\(vm.typeName(a[1]))' object cannot be interpreted as an integer")
        }
        return .int(try vm.lengthHint(a[0], default: a[1].asInt))
    }
    module.function("call", "obj, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
}

// MARK: getters

/// What an itemgetter, attrgetter or methodcaller was made with.
private final class Getter: ReferenceHolder {
    let heap: Heap
    /// Owned: the keys or names; for a methodcaller its name and arguments.
    private(set) var keys: Value
    /// Owned: a methodcaller's keywords, undefined otherwise.
    private(set) var keywords: Value
    /// Interned parts of each dotted name.
    let paths: [[StringPointer]]

    init(_ vm: VM, _ keys: Value, keywords: Value = .undefined, paths: [[StringPointer]] = []) {
        heap = vm.heap
        self.keys = keys.retained()
        self.keywords = keywords.retained()
        self.paths = paths
    }

    deinit { dropReferences() }

    func visitReferences(_ visit: (Value) -> Void) {
        visit(keys)
        visit(keywords)
    }

    func dropReferences() {
        heap.replace(&keys, with: .none)
        heap.replace(&keywords, with: .undefined)
    }
}

private func getter(_ vm: VM, _ value: Value) throws(PythonError) -> Getter {
    guard let getter = vm.nativeObject(value, as: Getter.self), getter.keys.tag == Tag.tuple else { throw vm.typeError("getter expected") }
    return getter
}

private func addItemGetter(_ module: NativeModule) {
    let construct = NativeFunction("itemgetter", "cls, item, /, *items") { (vm, a) throws(PythonError) -> Value in
        let keys = vm.makeTuple(1 + a[2].tuple.pointee.count) { ($0 == 0 ? a[1] : a[2].tuple.items[$0 - 1]).retained() }
        defer { vm.heap.release(keys) }
        return vm.native(Getter(vm, keys), a[0].classPointer)
    }
    module.nativeClass("itemgetter", construct: construct) { vm, type in
        vm.define(type, "__call__", "self, obj, /") { (vm, a) throws(PythonError) -> Value in
            let keys = try getter(vm, a[0]).keys.tuple
            if keys.pointee.count == 1 { return try vm.getItem(a[1], keys.items[0]) }
            return try collect(vm, keys.pointee.count) { (index) throws(PythonError) -> Value in try vm.getItem(a[1], keys.items[index]) }
        }
        defineRepr(vm, type) { (vm, getter) throws(PythonError) -> [String] in try texts(vm, getter.keys) }
    }
}

private func addAttributeGetter(_ module: NativeModule) {
    let construct = NativeFunction("attrgetter", "cls, attr, /, *attrs") { (vm, a) throws(PythonError) -> Value in
        let names = vm.makeTuple(1 + a[2].tuple.pointee.count) { ($0 == 0 ? a[1] : a[2].tuple.items[$0 - 1]).retained() }
        defer { vm.heap.release(names) }
        var paths: [[StringPointer]] = []
        for name in vm.borrowedItems(names) {
            guard vm.payload(name).tag == Tag.string else { throw vm.typeError("attribute name must be a string") }
            paths.append(vm.text(vm.payload(name)).split(separator: ".", omittingEmptySubsequences: false).map { vm.intern(String($0)) })
        }
        return vm.native(Getter(vm, names, paths: paths), a[0].classPointer)
    }
    module.nativeClass("attrgetter", construct: construct) { vm, type in
        vm.define(type, "__call__", "self, obj, /") { (vm, a) throws(PythonError) -> Value in
            let paths = try getter(vm, a[0]).paths
            if paths.count == 1 { return try follow(vm, a[1], paths[0]) }
            return try collect(vm, paths.count) { (index) throws(PythonError) -> Value in try follow(vm, a[1], paths[index]) }
        }
        defineRepr(vm, type) { (vm, getter) throws(PythonError) -> [String] in try texts(vm, getter.keys) }
    }
}

private func addMethodCaller(_ module: NativeModule) {
    let construct = NativeFunction("methodcaller", "cls, name, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        guard vm.payload(a[1]).tag == Tag.string else { throw vm.typeError("method name must be a string") }
        let keys = vm.makeTuple(1 + a[2].tuple.pointee.count) { ($0 == 0 ? a[1] : a[2].tuple.items[$0 - 1]).retained() }
        defer { vm.heap.release(keys) }
        return vm.native(Getter(vm, keys, keywords: a[3]), a[0].classPointer)
    }
    module.nativeClass("methodcaller", construct: construct) { vm, type in
        vm.define(type, "__call__", "self, obj, /") { (vm, a) throws(PythonError) -> Value in
            let state = try getter(vm, a[0])
            let keys = vm.borrowedItems(state.keys)
            let method = try vm.getAttribute(a[1], vm.intern(vm.payload(keys[0])))
            defer { vm.heap.release(method) }
            if state.keywords.dict.pointee.count == 0 { return try vm.call(method, arguments: Array(keys.dropFirst())) }
            let rest = vm.makeTuple(keys.count - 1) { keys[$0 + 1].retained() }
            defer { vm.heap.release(rest) }
            return try vm.callPacked(method, rest, state.keywords)
        }
        defineRepr(vm, type) { (vm, getter) throws(PythonError) -> [String] in
            var parts = try texts(vm, getter.keys)
            let keywords = getter.keywords.dict
            for index in 0..<keywords.pointee.used {
                guard let entry = keywords.pointee.entries?[index], !entry.key.isUndefined else { continue }
                parts.append("\(vm.text(entry.key))=\(try vm.reprText(entry.value))")
            }
            return parts
        }
    }
}

/// `operator.name(part, …)`
private func defineRepr(_ vm: VM, _ type: ClassPointer, _ parts: @escaping (VM, Getter) throws(PythonError) -> [String]) {
    let name = type.info.name
    type.info.module = "operator"
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        vm.string("operator.\(name)(\(try parts(vm, getter(vm, a[0])).joined(separator: ", ")))")
    }
}

private func texts(_ vm: VM, _ tuple: Value) throws(PythonError) -> [String] {
    var result: [String] = []
    for item in vm.borrowedItems(tuple) { result.append(try vm.reprText(item)) }
    return result
}

/// A tuple of `count` results of `item`.
private func collect(_ vm: VM, _ count: Int, _ item: (Int) throws(PythonError) -> Value) throws(PythonError) -> Value {
    var items: [Value] = []
    items.reserveCapacity(count)
    for index in 0..<count {
        do throws(PythonError) {
            items.append(try item(index))
        } catch {
            for item in items { vm.heap.release(item) }
            throw error
        }
    }
    return vm.tuple(items)
}

/// `object.a.b.c`
private func follow(_ vm: VM, _ object: Value, _ path: [StringPointer]) throws(PythonError) -> Value {
    var current = object.retained()
    for name in path {
        let previous = current
        defer { vm.heap.release(previous) }
        current = try vm.getAttribute(previous, name)
    }
    return current
}
