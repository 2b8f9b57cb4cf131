import Interpreter
import Syntax

// The class collections.deque.

func addDeque(_ module: NativeModule) {
    let vm = module.vm
    let type = vm.makeBuiltinClass("deque", module: "collections", layout: Tag.native)
    type.info.construct = NativeFunction("deque", "cls, iterable=..., maxlen=None") { (vm, a) throws(PythonError) -> Value in
        let deque = Deque(vm.heap, limit: try limit(vm, a[2]))
        if a.has(1) { try extend(vm, deque, a[1]) }
        return vm.native(deque, type)
    }
    module.set("deque", type.value.retained())
    vm.defineStatic(type, "__new__", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
        let requested = try vm.requestedClass(a[0], type)
        let made = vm.native(Deque(vm.heap), type)
        return requested == type ? made : vm.instance(of: requested, payload: made)
    }
    vm.define(type, "__init__", "self, iterable=..., maxlen=None") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        deque.limit = try limit(vm, a[2])
        deque.clear()
        if a.has(1) { try extend(vm, deque, a[1]) }
        return .none
    }
    vm.defineConstant(type, "__hash__", .none)
    vm.defineConstant(type, "__abc_tpflags__", .int(1 << 5))
    vm.defineClassGetItem(type)
    addEnds(vm, type)
    addMiddle(vm, type)
    addItems(vm, type)
    addIteration(module, type)
    addAlgebra(vm, type)
}

@inline(__always)
private func deque(_ vm: VM, _ value: Value) throws(PythonError) -> Deque {
    guard let deque = vm.nativeObject(value, as: Deque.self) else {
        throw vm.typeError("descriptor requires a 'collections.deque' object but received a '\(vm.typeName(value))'")
    }
    return deque
}

private func limit(_ vm: VM, _ value: Value) throws(PythonError) -> Int? {
    if value.isNone { return nil }
    guard vm.payload(value).isInt || value.isBool || vm.payload(value).tag == Tag.bigInt else { throw vm.typeError("an integer is required") }
    let limit = try vm.index(value)
    if limit < 0 { throw vm.valueError("maxlen must be non-negative") }
    return limit
}

private func extend(_ vm: VM, _ deque: Deque, _ iterable: Value, atFront: Bool = false) throws(PythonError) {
    var source = iterable.retained()
    defer { vm.heap.release(source) }
    // A deque extended by itself must not chase its own end.
    if vm.nativeObject(iterable, as: Deque.self) === deque { vm.heap.replace(&source, with: try vm.makeList(from: iterable)) }
    try vm.iterate(source) { (item) throws(PythonError) -> Bool in
        try deque.makeRoom(vm)
        if atFront { deque.prepend(item.retained()) } else { deque.append(item.retained()) }
        return true
    }
}

private func addEnds(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "append", "self, x, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        try deque.makeRoom(vm)
        deque.append(a[1].retained())
        return .none
    }
    vm.define(type, "appendleft", "self, x, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        try deque.makeRoom(vm)
        deque.prepend(a[1].retained())
        return .none
    }
    vm.define(type, "pop", "self, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        if deque.count == 0 { throw vm.indexError("pop from an empty deque") }
        return deque.takeLast()
    }
    vm.define(type, "popleft", "self, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        if deque.count == 0 { throw vm.indexError("pop from an empty deque") }
        return deque.takeFirst()
    }
    vm.define(type, "extend", "self, iterable, /") { (vm, a) throws(PythonError) -> Value in
        try extend(vm, deque(vm, a[0]), a[1])
        return .none
    }
    vm.define(type, "extendleft", "self, iterable, /") { (vm, a) throws(PythonError) -> Value in
        try extend(vm, deque(vm, a[0]), a[1], atFront: true)
        return .none
    }
    vm.define(type, "clear", "self, /") { (vm, a) throws(PythonError) -> Value in
        try deque(vm, a[0]).clear()
        return .none
    }
    vm.define(type, "rotate", "self, n=1, /") { (vm, a) throws(PythonError) -> Value in
        try deque(vm, a[0]).rotate(vm, vm.index(a[1]))
        return .none
    }
    vm.define(type, "reverse", "self, /") { (vm, a) throws(PythonError) -> Value in
        try deque(vm, a[0]).reverse(vm)
        return .none
    }
    vm.defineProperty(type, "maxlen", get: { (vm, value) throws(PythonError) -> Value in try deque(vm, value).limit.map { .int($0) } ?? .none })
}

/// First position of an equal item in start..<stop, nil when there is none.
private func position(_ vm: VM, _ deque: Deque, _ value: Value, _ start: Int, _ stop: Int) throws(PythonError) -> Int? {
    let version = deque.version
    var position = start
    while position < min(stop, deque.count) {
        let item = deque[position].retained()
        defer { vm.heap.release(item) }
        if try vm.equals(item, value) { return position }
        if deque.version != version { throw vm.runtimeError("deque mutated during iteration") }
        position += 1
        try vm.heed()
    }
    return nil
}

private func addMiddle(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "count", "self, x, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        var count = 0
        var next = 0
        while let found = try position(vm, deque, a[1], next, Int.max) {
            count += 1
            next = found + 1
        }
        return .int(count)
    }
    vm.define(type, "index", "self, x, start=0, stop=9223372036854775807, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        var start = try vm.index(a[2])
        var stop = try vm.index(a[3])
        if start < 0 { start = max(0, start + deque.count) }
        if stop < 0 { stop = max(0, stop + deque.count) }
        guard let found = try position(vm, deque, a[1], start, stop) else { throw vm.valueError("\(try vm.reprText(a[1])) is not in deque") }
        return .int(found)
    }
    vm.define(type, "remove", "self, x, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        guard let found = try position(vm, deque, a[1], 0, Int.max), found < deque.count else {
            throw vm.valueError("\(try vm.reprText(a[1])) is not in deque")
        }
        vm.heap.release(deque.remove(at: found))
        return .none
    }
    vm.define(type, "insert", "self, index, object, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        var place = try vm.index(a[1])
        if let limit = deque.limit, deque.count >= limit { throw vm.indexError("deque already at its maximum size") }
        if place < 0 { place = max(0, place + deque.count) }
        try deque.makeRoom(vm)
        deque.insert(a[2].retained(), at: min(place, deque.count))
        return .none
    }
}

/// A valid position from an index.
private func place(_ vm: VM, _ deque: Deque, _ key: Value) throws(PythonError) -> Int {
    var place = try vm.index(key, "sequence index must be integer, not '\(vm.typeName(key))'")
    if place < 0 { place += deque.count }
    guard place >= 0, place < deque.count else { throw vm.indexError("deque index out of range") }
    return place
}

private func addItems(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try deque(vm, a[0]).count) }
    vm.define(type, "__bool__", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try deque(vm, a[0]).count != 0) }
    vm.define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        return deque[try place(vm, deque, a[1])].retained()
    }
    vm.define(type, "__setitem__", "self, key, value, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        let place = try place(vm, deque, a[1])
        let old = deque[place]
        deque[place] = a[2].retained()
        vm.heap.release(old)
        return .none
    }
    vm.define(type, "__delitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
        let deque = try deque(vm, a[0])
        vm.heap.release(deque.remove(at: try place(vm, deque, a[1])))
        return .none
    }
    vm.define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
        .bool(try position(vm, deque(vm, a[0]), a[1], 0, Int.max) != nil)
    }
}

private func addIteration(_ module: NativeModule, _ type: ClassPointer) {
    let vm = module.vm
    for (method, name, step) in [("__iter__", "_deque_iterator", 1), ("__reversed__", "_deque_reverse_iterator", -1)] {
        let iterators = vm.makeBuiltinClass(name, module: "collections", layout: Tag.native, isBase: false) { vm, type in vm.defineIteration(type) }
        vm.define(type, method, "self, /") { (vm, a) throws(PythonError) -> Value in
            let deque = try deque(vm, a[0])
            let version = deque.version
            var position = step > 0 ? 0 : deque.count - 1
            return vm.nativeIterator(iterators, holding: [a[0].retained()]) { (vm, state) throws(PythonError) -> Value in
                if state.held[0].isNone { return .undefined }
                if deque.version != version { throw vm.runtimeError("deque mutated during iteration") }
                guard position >= 0, position < deque.count else {
                    state.hold(0, .none)
                    return .undefined
                }
                defer { position += step }
                return deque[position].retained()
            }
        }
    }
}

/// A deque of the same class with the items of `source` (a copy); its limit as well.
private func copy(_ vm: VM, _ value: Value) throws(PythonError) -> Value {
    let source = try deque(vm, value)
    let type = vm.typeOf(value)
    if value.tag == Tag.native {
        let result = Deque(vm.heap, limit: source.limit)
        try result.makeRoom(vm, for: source.count)
        for position in 0..<source.count {
            result.append(source[position].retained())
            try vm.heed()
        }
        return vm.native(result, type)
    }
    guard let limit = source.limit else { return try vm.call(type.value, value) }
    return try vm.call(type.value, value, .int(limit))
}

private func addAlgebra(_ vm: VM, _ type: ClassPointer) {
    for name in ["copy", "__copy__"] {
        vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in try copy(vm, a[0]) }
    }
    vm.define(type, "__add__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
        guard let other = vm.nativeObject(a[1], as: Deque.self) else {
            throw vm.typeError("can only concatenate deque (not \"\(vm.typeName(a[1]))\") to deque")
        }
        return try vm.building(copy(vm, a[0])) { (result) throws(PythonError) in
            let target = try deque(vm, result)
            try target.makeRoom(vm, for: target.limit == nil ? other.count : 1)
            for position in 0..<other.count {
                try target.makeRoom(vm)
                target.append(other[position].retained())
                try vm.heed()
            }
        }
    }
    vm.define(type, "__iadd__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
        try extend(vm, deque(vm, a[0]), a[1])
        return a[0].retained()
    }
    for name in ["__mul__", "__rmul__"] {
        vm.define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard let times = try vm.repetitions(a[1]) else { return .notImplemented }
            return try vm.building(copy(vm, a[0])) { (result) throws(PythonError) in try multiply(vm, deque(vm, result), times) }
        }
    }
    vm.define(type, "__imul__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
        guard let times = try vm.repetitions(a[1]) else { return .notImplemented }
        try multiply(vm, deque(vm, a[0]), times)
        return a[0].retained()
    }
    for (name, operation) in VM.orderings {
        vm.define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.nativeObject(a[1], as: Deque.self) != nil else { return .notImplemented }
            let left = try vm.makeList(from: a[0])
            defer { vm.heap.release(left) }
            let right = try vm.makeList(from: a[1])
            defer { vm.heap.release(right) }
            return try vm.compare(operation, left, right)
        }
    }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        try vm.guardingRepr(a[0], "[...]") { () throws(PythonError) -> Value in
            let items = try vm.makeList(from: a[0])
            defer { vm.heap.release(items) }
            let limit = try deque(vm, a[0]).limit.map { ", maxlen=\($0)" } ?? ""
            return vm.string("\(vm.typeName(a[0]))(\(try vm.reprText(items))\(limit))")
        }
    }
}

private func multiply(_ vm: VM, _ deque: Deque, _ times: Int) throws(PythonError) {
    if times <= 0 { return deque.clear() }
    let count = deque.count
    if count == 0 { return }
    let (total, overflow) = count.multipliedReportingOverflow(by: times)
    if overflow { throw vm.memoryError() }
    if deque.limit == nil { try deque.makeRoom(vm, for: total - count) }
    let items = (0..<count).map { deque[$0] }
    // A bounded deque keeps only its last items: rounds before those change nothing that stays.
    let rounds = deque.limit.map { min(times - 1, $0 / count + 1) } ?? times - 1
    for item in items { item.retain() }
    defer { for item in items { vm.heap.release(item) } }
    for _ in 0..<rounds {
        for item in items {
            try deque.makeRoom(vm)
            deque.append(item.retained())
        }
        try vm.heed()
    }
}
