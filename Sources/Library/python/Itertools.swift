import Interpreter

// itertools: building blocks that end when their input does, and those that never end. Combinatorics and grouping have
// files of their own.

/// Declares the module `itertools`.
func registerItertools(_ vm: VM) {
    vm.registerNativeModule("itertools") { (vm, module) throws(PythonError) -> Void in
        addCounting(module)
        addChaining(module)
        addSelecting(module)
        addSlicing(module)
        addZipping(module)
        addGroupby(module)
        addTee(module)
        addCombinatorics(module)
    }
}

/// A number for `count`: anything that adds.
private func requireNumber(_ vm: VM, _ value: Value) throws(PythonError) {
    let plain = vm.payload(value)
    if plain.tag <= Tag.float || plain.isBool || plain.tag == Tag.bigInt { return }
    let float = try vm.attributeOrNil(value, vm.intern("__float__"))
    let index = try vm.attributeOrNil(value, vm.intern("__index__"))
    for found in [float, index] { if let found { vm.heap.release(found) } }
    if float == nil, index == nil { throw vm.typeError("a number is required") }
}

private func addCounting(_ module: NativeModule) {
    module.iteratorClass(
        "count", "cls, start=0, step=1",
        populate: { vm, type in
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                guard let state = vm.nativeObject(a[0], as: NativeIterator.self) else { throw vm.typeError("count expected") }
                let start = try vm.reprText(state.held[0])
                let step = state.held[1]
                return vm.string(step.isInt && step.asInt == 1 ? "count(\(start))" : "count(\(start), \(try vm.reprText(step)))")
            }
        },
        { (vm, type, a) throws(PythonError) -> Value in
            try requireNumber(vm, a[1])
            try requireNumber(vm, a[2])
            return vm.nativeIterator(type, holding: [a[1].retained(), a[2].retained()]) { (vm, state) throws(PythonError) -> Value in
                let current = state.held[0]
                state.held[0] = try vm.binary(.add, current, state.held[1])
                return current
            }
        })
    module.iteratorClass("cycle", "cls, iterable, /") { (vm, type, a) throws(PythonError) -> Value in
        let source = try vm.makeIterator(a[1])
        var position = 0
        return vm.nativeIterator(type, holding: [source, vm.list()]) { (vm, state) throws(PythonError) -> Value in
            let saved = state.held[1].list
            if !state.held[0].isNone {
                let item = try vm.next(state.held[0])
                if !item.isUndefined {
                    vm.listAppend(saved, item.retained())
                    return item
                }
                state.hold(0, .none)
            }
            if saved.pointee.count == 0 { return .undefined }
            let item = saved.pointee.items[position]
            position = position + 1 == saved.pointee.count ? 0 : position + 1
            return item.retained()
        }
    }
    addRepeat(module)
    addAccumulate(module)
}

private func addRepeat(_ module: NativeModule) {
    module.iteratorClass(
        "repeat", "cls, object, times=...",
        populate: { vm, type in
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                guard let state = vm.nativeObject(a[0], as: NativeIterator.self) else { throw vm.typeError("repeat expected") }
                let text = try vm.reprText(state.held[0])
                return vm.string(state.held[1].isNone ? "repeat(\(text))" : "repeat(\(text), \(state.held[1].asInt))")
            }
            vm.define(type, "__length_hint__", "self, /") { (vm, a) throws(PythonError) -> Value in
                guard let state = vm.nativeObject(a[0], as: NativeIterator.self), state.held[1].isInt else {
                    throw vm.typeError("len() of unsized object")
                }
                return state.held[1]
            }
        },
        { (vm, type, a) throws(PythonError) -> Value in
            let times: Value = a.has(2) ? .int(max(0, try vm.index(a[2]))) : .none
            return vm.nativeIterator(type, holding: [a[1].retained(), times]) { (vm, state) throws(PythonError) -> Value in
                if state.held[1].isInt {
                    let left = state.held[1].asInt
                    if left == 0 { return .undefined }
                    state.held[1] = .int(left - 1)
                }
                return state.held[0].retained()
            }
        })
}

private func addAccumulate(_ module: NativeModule) {
    module.iteratorClass("accumulate", "cls, iterable, func=None, *, initial=None") { (vm, type, a) throws(PythonError) -> Value in
        let source = try vm.makeIterator(a[1])
        let values = [source, a[2].retained(), Value.undefined, a[3].isNone ? .undefined : a[3].retained()]
        return vm.nativeIterator(type, holding: values) { (vm, state) throws(PythonError) -> Value in
            if !state.held[3].isUndefined {
                let initial = state.take(3)
                state.hold(2, initial)
                return initial.retained()
            }
            let item = try vm.next(state.held[0])
            if item.isUndefined { return .undefined }
            if state.held[2].isUndefined {
                state.hold(2, item)
                return item.retained()
            }
            defer { vm.heap.release(item) }
            let total = state.held[2].retained()
            defer { vm.heap.release(total) }
            let next = state.held[1].isNone ? try vm.binary(.add, total, item) : try vm.call(state.held[1], total, item)
            state.hold(2, next)
            return next.retained()
        }
    }
}

private func addChaining(_ module: NativeModule) {
    /// held: iterator over the iterables, iterator over the current one.
    let step: NativeIterator.Step = { (vm, state) throws(PythonError) -> Value in
        while true {
            if !state.held[1].isUndefined {
                let item = try vm.next(state.held[1])
                if !item.isUndefined { return item }
                state.hold(1, .undefined)
            }
            if state.held[0].isNone { return .undefined }
            let source = try vm.next(state.held[0])
            if source.isUndefined {
                state.hold(0, .none)
                return .undefined
            }
            defer { vm.heap.release(source) }
            state.hold(1, try vm.makeIterator(source))
        }
    }
    let type = module.iteratorClass("chain", "cls, /, *iterables") { (vm, type, a) throws(PythonError) -> Value in
        vm.nativeIterator(type, holding: [try vm.makeIterator(a[1]), .undefined], step)
    }
    module.vm.populate(type)
    module.vm.defineClassMethod(type, "from_iterable", "cls, iterable, /") { (vm, a) throws(PythonError) -> Value in
        vm.nativeIterator(type, holding: [try vm.makeIterator(a[1]), .undefined], step)
    }
    module.iteratorClass("starmap", "cls, function, iterable, /") { (vm, type, a) throws(PythonError) -> Value in
        let source = try vm.makeIterator(a[2])
        return vm.nativeIterator(type, holding: [a[1].retained(), source]) { (vm, state) throws(PythonError) -> Value in
            let packed = try vm.next(state.held[1])
            if packed.isUndefined { return .undefined }
            defer { vm.heap.release(packed) }
            let arguments = try vm.makeTuple(from: packed)
            defer { vm.heap.release(arguments) }
            return try vm.call(state.held[0], arguments: vm.borrowedItems(arguments))
        }
    }
}

private func addSelecting(_ module: NativeModule) {
    module.iteratorClass("compress", "cls, data, selectors") { (vm, type, a) throws(PythonError) -> Value in
        let data = try vm.makeIterator(a[1])
        let selectors: Value
        do throws(PythonError) {
            selectors = try vm.makeIterator(a[2])
        } catch {
            vm.heap.release(data)
            throw error
        }
        return vm.nativeIterator(type, holding: [data, selectors]) { (vm, state) throws(PythonError) -> Value in
            while true {
                let item = try vm.next(state.held[0])
                if item.isUndefined { return .undefined }
                do throws(PythonError) {
                    let selector = try vm.next(state.held[1])
                    if selector.isUndefined {
                        vm.heap.release(item)
                        return .undefined
                    }
                    defer { vm.heap.release(selector) }
                    if try vm.isTrue(selector) { return item }
                } catch {
                    vm.heap.release(item)
                    throw error
                }
                vm.heap.release(item)
            }
        }
    }
    addPredicate(module, "filterfalse") { (vm, state, item) throws(PythonError) -> Verdict in
        try test(vm, state.held[0], item) ? .skip : .yield
    }
    addPredicate(module, "takewhile") { (vm, state, item) throws(PythonError) -> Verdict in
        try test(vm, state.held[0], item) ? .yield : .stop
    }
    addPredicate(module, "dropwhile") { (vm, state, item) throws(PythonError) -> Verdict in
        if state.held[2].isNone { return .yield }
        if try test(vm, state.held[0], item) { return .skip }
        state.hold(2, .none)
        return .yield
    }
}

private enum Verdict { case yield, skip, stop }

/// The truth of `predicate(item)`; None and bool test the item itself.
private func test(_ vm: VM, _ predicate: Value, _ item: Value) throws(PythonError) -> Bool {
    if predicate.isNone { return try vm.isTrue(item) }
    let result = try vm.call(predicate, item)
    defer { vm.heap.release(result) }
    return try vm.isTrue(result)
}

/// An iterator class `name(predicate, iterable)`. held: predicate, source (none after `stop`), true.
private func addPredicate(
    _ module: NativeModule, _ name: String, _ judge: @escaping (VM, NativeIterator, Value) throws(PythonError) -> Verdict
) {
    module.iteratorClass(name, "cls, predicate, iterable, /") { (vm, type, a) throws(PythonError) -> Value in
        let source = try vm.makeIterator(a[2])
        return vm.nativeIterator(type, holding: [a[1].retained(), source, .true]) { (vm, state) throws(PythonError) -> Value in
            while !state.held[1].isNone {
                let item = try vm.next(state.held[1])
                if item.isUndefined { return .undefined }
                let verdict: Verdict
                do throws(PythonError) {
                    verdict = try judge(vm, state, item)
                } catch {
                    vm.heap.release(item)
                    throw error
                }
                if verdict == .yield { return item }
                vm.heap.release(item)
                if verdict == .stop { state.hold(1, .none) }
            }
            return .undefined
        }
    }
}
