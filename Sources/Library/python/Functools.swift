import Interpreter

// _functools: partial, reduce, cmp_to_key. The cache of lru_cache is in FunctoolsCache.

/// Declares the module `_functools`.
func registerFunctools(_ vm: VM) {
    vm.registerNativeModule("_functools") { (vm, module) throws(PythonError) -> Void in
        addReduce(module)
        addPartial(module)
        addComparisonKey(module)
        addCache(module)
    }
}

private func addReduce(_ module: NativeModule) {
    module.function("reduce", "function, iterable, initial=..., /") { (vm, a) throws(PythonError) -> Value in
        let iterator: Value
        do throws(PythonError) {
            iterator = try vm.makeIterator(a[1])
        } catch {
            guard vm.matches(error, "TypeError") else { throw error }
            vm.discard(error)
            throw vm.typeError("reduce() arg 2 must support iteration")
        }
        defer { vm.heap.release(iterator) }
        var total = a.has(2) ? a[2].retained() : try vm.next(iterator)
        if total.isUndefined { throw vm.typeError("reduce() of empty iterable with no initial value") }
        do throws(PythonError) {
            while true {
                let item = try vm.next(iterator)
                if item.isUndefined { return total }
                defer { vm.heap.release(item) }
                vm.heap.replace(&total, with: try vm.call(a[0], total, item))
                if vm.interruptFlag.pointee != 0 { try vm.poll() }
            }
        } catch {
            vm.heap.release(total)
            throw error
        }
    }
}

// MARK: partial

/// A function with some of its arguments.
private final class Partial: ReferenceHolder {
    let heap: Heap
    private(set) var function: Value
    /// tuple
    private(set) var arguments: Value
    /// dict
    private(set) var keywords: Value

    /// Retains all three.
    init(_ vm: VM, _ function: Value, _ arguments: Value, _ keywords: Value) {
        heap = vm.heap
        self.function = function.retained()
        self.arguments = arguments.retained()
        self.keywords = keywords.retained()
    }

    deinit { dropReferences() }

    func visitReferences(_ visit: (Value) -> Void) {
        visit(function)
        visit(arguments)
        visit(keywords)
    }

    func dropReferences() {
        heap.replace(&function, with: .none)
        heap.replace(&arguments, with: .none)
        heap.replace(&keywords, with: .none)
    }
}

private func partial(_ vm: VM, _ value: Value) throws(PythonError) -> Partial {
    guard let partial = vm.nativeObject(value, as: Partial.self), partial.arguments.tag == Tag.tuple else {
        throw vm.typeError("a partial object is required, not '\(vm.typeName(value))'")
    }
    return partial
}

/// `a + b` of tuples.
private func joined(_ vm: VM, _ a: Value, _ b: Value) -> Value {
    let count = a.tuple.pointee.count
    if count == 0 { return b.retained() }
    return vm.makeTuple(count + b.tuple.pointee.count) { ($0 < count ? a.tuple.items[$0] : b.tuple.items[$0 - count]).retained() }
}

/// `{**a, **b}`
private func merged(_ vm: VM, _ a: Value, _ b: Value) throws(PythonError) -> Value {
    if b.dict.pointee.count == 0 { return a.retained() }
    return try vm.building(vm.copyDict(a.dict)) { (result) throws(PythonError) in try vm.dictUpdate(result.dict, from: b) }
}

private func addPartial(_ module: NativeModule) {
    let signature = "cls, /, *args, **kwargs"
    let type = module.vm.makeBuiltinClass("partial", module: "functools", layout: Tag.native, hasInstanceAttributes: true)
    let make: NativeBody = { (vm, a) throws(PythonError) -> Value in
        let requested = try vm.requestedClass(a[0], type)
        guard a[1].tuple.pointee.count > 0 else { throw vm.typeError("type 'partial' takes at least one argument") }
        var function = a[1].tuple.items[0]
        guard vm.isCallable(function) else { throw vm.typeError("the first argument must be callable") }
        var arguments = vm.makeTuple(a[1].tuple.pointee.count - 1) { a[1].tuple.items[$0 + 1].retained() }
        defer { vm.heap.release(arguments) }
        var keywords = try vm.copyDict(a[2].dict)
        defer { vm.heap.release(keywords) }
        if vm.typeOf(function) == type, let inner = vm.nativeObject(function, as: Partial.self) {
            function = inner.function
            vm.heap.replace(&arguments, with: joined(vm, inner.arguments, arguments))
            vm.heap.replace(&keywords, with: try merged(vm, inner.keywords, keywords))
        }
        let state = vm.native(Partial(vm, function, arguments, keywords), type)
        return vm.instance(of: requested, payload: state)
    }
    type.info.construct = NativeFunction("partial", signature, body: make)
    module.set("partial", type.value.retained())
    let vm = module.vm
    vm.defineStatic(type, "__new__", signature, make)
    vm.defineClassGetItem(type)
    vm.define(type, "__call__", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        let state = try partial(vm, a[0])
        let arguments = joined(vm, state.arguments, a[1])
        defer { vm.heap.release(arguments) }
        let keywords = try merged(vm, state.keywords, a[2])
        defer { vm.heap.release(keywords) }
        if keywords.dict.pointee.count == 0 { return try vm.call(state.function, arguments: vm.borrowedItems(arguments)) }
        return try vm.callPacked(state.function, arguments, keywords)
    }
    vm.defineProperty(type, "func", get: { (vm, value) throws(PythonError) -> Value in try partial(vm, value).function.retained() })
    vm.defineProperty(type, "args", get: { (vm, value) throws(PythonError) -> Value in try partial(vm, value).arguments.retained() })
    vm.defineProperty(type, "keywords", get: { (vm, value) throws(PythonError) -> Value in try partial(vm, value).keywords.retained() })
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let state = try partial(vm, a[0])
        let type = vm.typeOf(a[0]).info
        var parts = [try vm.reprText(state.function)]
        for item in vm.borrowedItems(state.arguments) { parts.append(try vm.reprText(item)) }
        let keywords = state.keywords.dict
        for index in 0..<keywords.pointee.used {
            guard let entry = keywords.pointee.entries?[index], !entry.key.isUndefined else { continue }
            parts.append("\(try vm.strText(entry.key))=\(try vm.reprText(entry.value))")
        }
        return vm.string("\(type.module).\(type.qualifiedName)(\(parts.joined(separator: ", ")))")
    }
}

// MARK: cmp_to_key

/// An item with the function that compares it.
private final class ComparisonKey: ReferenceHolder {
    let heap: Heap
    private(set) var item: Value
    private(set) var function: Value

    init(_ vm: VM, _ item: Value, _ function: Value) {
        heap = vm.heap
        self.item = item.retained()
        self.function = function.retained()
    }

    deinit { dropReferences() }

    func visitReferences(_ visit: (Value) -> Void) {
        visit(item)
        visit(function)
    }

    func dropReferences() {
        heap.replace(&item, with: .none)
        heap.replace(&function, with: .none)
    }
}

private func addComparisonKey(_ module: NativeModule) {
    let vm = module.vm
    let type = vm.makeBuiltinClass("KeyWrapper", module: "functools", layout: Tag.native, isBase: false)
    vm.defineConstant(type, "__hash__", .none)
    for (name, operation) in VM.orderings {
        vm.define(type, name, "self, other, /") { (vm, a) throws(PythonError) -> Value in
            guard let left = vm.nativeObject(a[0], as: ComparisonKey.self), let right = vm.nativeObject(a[1], as: ComparisonKey.self) else {
                throw vm.typeError("other argument must be K instance")
            }
            let order = try vm.call(left.function, left.item, right.item)
            defer { vm.heap.release(order) }
            return try vm.compare(operation, order, .int(0))
        }
    }
    vm.defineProperty(
        type, "obj",
        get: { (vm, value) throws(PythonError) -> Value in
            vm.nativeObject(value, as: ComparisonKey.self)?.item.retained() ?? .none
        })
    module.function("cmp_to_key", "mycmp") { (vm, a) throws(PythonError) -> Value in
        let compare = Reference(a[0], vm.heap)
        return vm.builtin("K", "obj") { (vm, a) throws(PythonError) -> Value in vm.native(ComparisonKey(vm, a[0], compare.value), type) }
    }
}
