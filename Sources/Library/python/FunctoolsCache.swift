import Interpreter

/// The cache behind `functools.lru_cache`: results by arguments, the least recently used first.
private final class CallCache: ReferenceHolder {
    let heap: Heap
    private(set) var function: Value
    private(set) var infoType: Value
    /// Owned dict; entries are moved to its end when used.
    private(set) var results: Value
    /// nil: unbounded.
    let capacity: Int?
    let distinguishesTypes: Bool
    var hits = 0
    var misses = 0

    init(_ vm: VM, _ function: Value, capacity: Int?, distinguishesTypes: Bool, infoType: Value) {
        heap = vm.heap
        self.function = function.retained()
        self.infoType = infoType.retained()
        self.capacity = capacity
        self.distinguishesTypes = distinguishesTypes
        results = vm.dict()
    }

    deinit { dropReferences() }

    func visitReferences(_ visit: (Value) -> Void) {
        visit(function)
        visit(infoType)
        visit(results)
    }

    func dropReferences() {
        heap.replace(&function, with: .none)
        heap.replace(&infoType, with: .none)
        heap.replace(&results, with: .none)
    }

    /// The value behind the arguments, computed on a miss. Arguments: tuple and dict, borrowed.
    func call(_ vm: VM, _ arguments: Value, _ keywords: Value) throws(PythonError) -> Value {
        if capacity == 0 {
            misses += 1
            return try vm.callPacked(function, arguments, keywords)
        }
        let key = try makeKey(vm, arguments, keywords)
        defer { heap.release(key) }
        let hash = try vm.hash(key)
        let found = try vm.find(results.dict, key, hash)
        if found >= 0, let entries = results.dict.pointee.entries {
            hits += 1
            let value = entries[found].value.retained()
            if capacity != nil { vm.moveToEnd(results.dict, found) }
            return value
        }
        misses += 1
        let value =
            keywords.dict.pointee.count == 0
            ? try vm.call(function, arguments: vm.borrowedItems(arguments)) : try vm.callPacked(function, arguments, keywords)
        do throws(PythonError) {
            // The function may have cached the same call itself meanwhile.
            if try vm.find(results.dict, key, hash) < 0 {
                if let capacity, results.dict.pointee.count >= capacity { heap.release(vm.takeFirstEntry(results.dict)) }
                heap.insertNew(results.dict, hash, key.retained(), value.retained())
            }
        } catch {
            heap.release(value)
            throw error
        }
        return value
    }

    /// A single int or str stands for itself; anything else is a tuple of arguments, keywords and, if they count, types.
    private func makeKey(_ vm: VM, _ arguments: Value, _ keywords: Value) throws(PythonError) -> Value {
        let tuple = arguments.tuple
        let count = tuple.pointee.count
        if keywords.dict.pointee.count == 0, !distinguishesTypes {
            if count == 1, tuple.items[0].isInt || tuple.items[0].isString { return tuple.items[0].retained() }
            return arguments.retained()
        }
        var parts = vm.borrowedItems(arguments)
        var kinds = distinguishesTypes ? parts.map { vm.typeOf($0).value } : []
        if keywords.dict.pointee.count > 0 {
            // No argument is equal to the class that separates the two parts.
            parts.append(vm.objectClass.value)
            let dict = keywords.dict
            for index in 0..<dict.pointee.used {
                guard let entry = dict.pointee.entries?[index], !entry.key.isUndefined else { continue }
                parts.append(entry.key)
                parts.append(entry.value)
                if distinguishesTypes { kinds.append(vm.typeOf(entry.value).value) }
            }
        }
        parts += kinds
        return vm.makeTuple(parts.count) { parts[$0].retained() }
    }

    func clear() {
        hits = 0
        misses = 0
        if results.tag == Tag.dict { heap.clearDict(results.dict) }
    }
}

private func cache(_ vm: VM, _ value: Value) throws(PythonError) -> CallCache {
    guard let cache = vm.nativeObject(value, as: CallCache.self), cache.results.tag == Tag.dict else {
        throw vm.typeError("a cached function is required, not '\(vm.typeName(value))'")
    }
    return cache
}

func addCache(_ module: NativeModule) {
    let vm = module.vm
    let type = vm.makeBuiltinClass("_lru_cache_wrapper", module: "functools", layout: Tag.native, hasInstanceAttributes: true)
    type.info.construct = NativeFunction("lru_cache", "cls, user_function, maxsize, typed, cache_info_type") { (vm, a) throws(PythonError) -> Value in
        guard vm.isCallable(a[1]) else { throw vm.typeError("the first argument must be callable") }
        let capacity: Int? = a[2].isNone ? nil : max(0, try vm.index(a[2], "maxsize should be integer or None"))
        let state = CallCache(vm, a[1], capacity: capacity, distinguishesTypes: try vm.isTrue(a[3]), infoType: a[4])
        return vm.instance(of: type, payload: vm.native(state, type))
    }
    module.set("_lru_cache_wrapper", type.value.retained())
    vm.define(type, "__call__", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        try cache(vm, a[0]).call(vm, a[1], a[2])
    }
    vm.define(type, "__get__", "self, instance, owner=None, /") { (vm, a) throws(PythonError) -> Value in
        a[1].isNone ? a[0].retained() : vm.boundMethod(a[0].retained(), a[1].retained())
    }
    vm.define(type, "cache_info", "self, /") { (vm, a) throws(PythonError) -> Value in
        let cache = try cache(vm, a[0])
        let size = cache.results.dict.pointee.count
        let capacity: Value = cache.capacity.map { .int($0) } ?? .none
        return try vm.call(cache.infoType, .int(cache.hits), .int(cache.misses), capacity, .int(size))
    }
    vm.define(type, "cache_clear", "self, /") { (vm, a) throws(PythonError) -> Value in
        try cache(vm, a[0]).clear()
        return .none
    }
    for name in ["__copy__", "__deepcopy__"] {
        vm.define(type, name, "self, memo=None, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
    }
}
