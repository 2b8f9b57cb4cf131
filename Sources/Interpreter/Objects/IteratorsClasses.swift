import Syntax

// The classes of built-in iterators: hidden ones (list_iterator, …) and those with a name of their own
// (enumerate, zip, map, filter, reversed).

extension VM {
    func makeIteratorClasses() {
        func hidden(_ name: String) -> ClassPointer {
            makeBuiltinClass(name, layout: Tag.iterator, isBase: false, construct: VM.refusingConstruct(name)) { (vm, type) in vm.fillIterator(type) }
        }
        let reversed = makeReversedClass()
        let range = hidden("range_iterator")
        iteratorClasses = [
            hidden("list_iterator"), hidden("tuple_iterator"), hidden("str_ascii_iterator"), hidden("bytes_iterator"),
            hidden("bytearray_iterator"), range, hidden("dict_keyiterator"), hidden("dict_valueiterator"), hidden("dict_itemiterator"),
            hidden("dict_reversekeyiterator"), hidden("dict_reversevalueiterator"), hidden("dict_reverseitemiterator"),
            hidden("set_iterator"), hidden("iterator"), hidden("callable_iterator"), hidden("list_reverseiterator"), reversed, reversed, range,
            reversed, makeEnumerateClass(), makeZipClass(), makeMapClass(), makeFilterClass(),
        ]
        classOfTag[Int(Tag.iterator)] = iteratorClasses[0]
    }

    private func fillIterator(_ type: ClassPointer) {
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let result = try vm.nextBuiltin(vm.containerSelf(a[0], Tag.iterator, "__next__"))
            if result.isUndefined { throw vm.stopIteration() }
            return result
        }
        define(type, "__length_hint__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(try vm.iteratorLength(vm.containerSelf(a[0], Tag.iterator, "__length_hint__")))
        }
    }

    /// How many items an iterator over a built-in container has left.
    private func iteratorLength(_ iterator: Value) throws(PythonError) -> Int {
        let state = iterator.object(as: IteratorObject.self).pointee
        if state.source.isNone { return 0 }
        switch IteratorKind(rawValue: state.header.extra).unsafelyUnwrapped {
        case .list, .tuple, .bytes, .byteArray: return max(0, try length(state.source) - state.index)
        case .range, .reversedRange: return max(0, rangeLength(state.source.object(as: RangeObject.self)) - state.index)
        case .set: return state.limit < 0 ? 0 : try length(state.source) - visited(state)
        case .dictKeys, .dictValues, .dictItems: return max(0, try length(state.source) - state.limit)
        case .reversedList, .reversedTuple, .reversedSequence: return state.index + 1
        default: return 0
        }
    }

    /// Live entries of a set that an iterator has passed.
    private func visited(_ state: IteratorObject) -> Int {
        guard let entries = state.source.set.pointee.entries else { return 0 }
        return (0..<min(state.index, state.source.set.pointee.mask + 1)).count { entries[$0].isLive }
    }

    /// A public iterator class: `make` builds the iterator from the call's arguments (its slot 0 is the class).
    private func makeAdaptor(_ name: String, _ signature: String, _ make: @escaping NativeBody) -> ClassPointer {
        let construct = NativeFunction(name, signature, body: make)
        let type = makeBuiltinClass(name, layout: Tag.iterator, construct: construct) { (vm, type) in
            vm.fillIterator(type)
            vm.defineClassGetItem(type)
            vm.defineStatic(type, "__new__", signature) { (vm, a) throws(PythonError) -> Value in
                let requested = try vm.requestedClass(a[0], type)
                let made = try make(vm, a)
                return requested == type ? made : vm.instance(of: requested, payload: made)
            }
        }
        builtinClasses[name] = type
        return type
    }

    /// Iterators over each of the values, as a tuple.
    func makeIterators(_ values: TuplePointer) throws(PythonError) -> Value {
        var iterators: [Value] = []
        for index in 0..<values.pointee.count {
            do {
                iterators.append(try makeIterator(values.items[index]))
            } catch {
                for iterator in iterators { heap.release(iterator) }
                throw error
            }
        }
        return tuple(iterators)
    }

    private func makeEnumerateClass() -> ClassPointer {
        makeAdaptor("enumerate", "cls, iterable, start=0") { (vm, a) throws(PythonError) -> Value in
            let start = vm.payload(a[2])
            var index = 0
            var big = Value.undefined
            if start.tag == Tag.bigInt { big = start.retained() } else { index = try vm.index(a[2]) }
            do throws(PythonError) {
                return vm.iterator(.enumerate, try vm.makeIterator(a[1]), second: big, index: index)
            } catch {
                vm.heap.release(big)
                throw error
            }
        }
    }

    private func makeZipClass() -> ClassPointer {
        makeAdaptor("zip", "cls, /, *iterables, strict=False") { (vm, a) throws(PythonError) -> Value in
            let isStrict = try vm.isTrue(a[1])
            let sources = try vm.makeIterators(a[2].tuple)
            return vm.iterator(.zip, sources, limit: isStrict ? 1 : 0)
        }
    }

    private func makeMapClass() -> ClassPointer {
        makeAdaptor("map", "cls, /, *arguments") { (vm, a) throws(PythonError) -> Value in
            let given = vm.borrowedItems(a[1])
            guard given.count >= 2 else { throw vm.typeError("map() must have at least two arguments.") }
            let rest = vm.makeTuple(given.count - 1) { given[$0 + 1].retained() }
            defer { vm.heap.release(rest) }
            let sources = try vm.makeIterators(rest.tuple)
            return vm.iterator(.map, given[0].retained(), second: sources)
        }
    }

    private func makeFilterClass() -> ClassPointer {
        makeAdaptor("filter", "cls, function, iterable, /") { (vm, a) throws(PythonError) -> Value in
            let source = try vm.makeIterator(a[2])
            return vm.iterator(.filter, a[1].retained(), second: source)
        }
    }

    private func makeReversedClass() -> ClassPointer {
        makeAdaptor("reversed", "cls, sequence, /") { (vm, a) throws(PythonError) -> Value in try vm.makeReversed(a[1]) }
    }

    /// `reversed(value)`
    func makeReversed(_ value: Value) throws(PythonError) -> Value {
        switch value.tag {
        case Tag.list: return iterator(.reversedList, value.retained(), index: value.list.pointee.count - 1)
        case Tag.tuple: return iterator(.reversedTuple, value.retained(), index: value.tuple.pointee.count - 1)
        case Tag.string: return iterator(.reversedString, value.retained(), index: value.string.pointee.byteCount)
        case Tag.classObject:
            let hook = special(value.object(as: ClassObject.self), .classReversed)
            if !hook.isUndefined { return try call(unwrapStatic(hook), value) }
        default: break
        }
        let type = typeOf(value)
        let method = special(type, .reversed)
        if method.isNone { throw typeError("'\(type.info.name)' object is not reversible") }
        if !method.isUndefined { return try call(method, value) }
        guard !special(type, .getItem).isUndefined, !special(type, .length).isUndefined, payload(value).tag != Tag.dict, !payload(value).isAnySet
        else { throw typeError("'\(type.info.name)' object is not reversible") }
        return iterator(.reversedSequence, value.retained(), index: try length(value) - 1)
    }
}
