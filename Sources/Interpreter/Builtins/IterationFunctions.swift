import Bytecode
import Syntax

// Built-in functions over iterables: len, iter, next, all, any, min, max, sum, sorted.

extension VM {
    func installIterationFunctions() {
        installFunction("len", "obj, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.length(a[0])) }
        installFunction("all", "iterable, /") { (vm, a) throws(PythonError) -> Value in
            var result = true
            try vm.iterate(a[0]) { (item) throws(PythonError) -> Bool in
                result = try vm.isTrue(item)
                return result
            }
            return .bool(result)
        }
        installFunction("any", "iterable, /") { (vm, a) throws(PythonError) -> Value in
            var result = false
            try vm.iterate(a[0]) { (item) throws(PythonError) -> Bool in
                result = try vm.isTrue(item)
                return !result
            }
            return .bool(result)
        }
        installFunction("sorted", "iterable, /, *, key=None, reverse=False") { (vm, a) throws(PythonError) -> Value in
            let isReversed = try vm.isTrue(a[2])
            return try vm.building(vm.makeList(from: a[0])) { (list) throws(PythonError) in
                try vm.sortList(list.list, key: a[1], reverse: isReversed)
            }
        }
        installFunction("sum", "iterable, /, start=0") { (vm, a) throws(PythonError) -> Value in try vm.sum(a[0], start: a[1]) }
        for (name, operation) in [("min", CompareOperator.less), ("max", .greater)] {
            installFunction(name, "*args, key=None, default=...") { (vm, a) throws(PythonError) -> Value in
                try vm.extreme(name, operation, a[2].tuple, key: a[0], fallback: a[1])
            }
        }
    }

    func installIteratorFunctions() {
        installFunction("iter", "object, sentinel=..., /") { (vm, a) throws(PythonError) -> Value in
            guard a.has(1) else { return try vm.makeIterator(a[0]) }
            guard vm.isCallable(a[0]) else { throw vm.typeError("iter(v, w): v must be callable") }
            return vm.iterator(.sentinel, a[0].retained(), second: a[1].retained())
        }
        installFunction("next", "iterator, default=..., /") { (vm, a) throws(PythonError) -> Value in
            if a[0].tag == Tag.iterator || a[0].tag == Tag.generator {
                let item = try vm.next(a[0])
                if !item.isUndefined { return item }
                if a.has(1) { return a[1].retained() }
                throw vm.stopIteration(a[0].tag == Tag.generator ? vm.generatorReturn : .none)
            }
            let method = vm.special(vm.typeOf(a[0]), .next)
            if method.isUndefined { throw vm.typeError("'\(vm.typeName(a[0]))' object is not an iterator") }
            do throws(PythonError) {
                return try vm.call(method, a[0])
            } catch {
                guard a.has(1), vm.matches(error, "StopIteration") else { throw error }
                vm.discard(error)
                return a[1].retained()
            }
        }
    }

    // MARK: min and max

    private func extreme(
        _ name: String, _ operation: CompareOperator, _ given: TuplePointer, key: Value, fallback: Value
    ) throws(PythonError) -> Value {
        if given.pointee.count == 0 { throw typeError("\(name) expected at least 1 argument, got 0") }
        if given.pointee.count > 1, !fallback.isUndefined {
            throw typeError("Cannot specify a default for \(name)() with multiple positional arguments")
        }
        var best = Value.undefined
        var bestKey = Value.undefined
        defer { heap.release(bestKey) }
        func consider(_ item: Value) throws(PythonError) {
            let rank = key.isNone ? item.retained() : try call(key, item)
            var wins = true
            if !best.isUndefined {
                do {
                    wins = try precedes(operation, rank, bestKey)
                } catch {
                    heap.release(rank)
                    throw error
                }
            }
            if wins {
                item.retain()
                heap.replace(&best, with: item)
                heap.replace(&bestKey, with: rank)
            } else {
                heap.release(rank)
            }
        }
        do {
            if given.pointee.count > 1 {
                for index in 0..<given.pointee.count { try consider(given.items[index]) }
            } else {
                try iterate(given.items[0]) { (item) throws(PythonError) -> Bool in
                    try consider(item)
                    return true
                }
            }
        } catch {
            heap.release(best)
            throw error
        }
        if !best.isUndefined { return best }
        if fallback.isUndefined { throw valueError("\(name)() arg is an empty sequence") }
        return fallback.retained()
    }

    /// `a < b` or `a > b`, as a truth value.
    @inline(__always)
    private func precedes(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(PythonError) -> Bool {
        if (a.tag | b.tag) == 0 { return operation == .less ? a.asInt < b.asInt : a.asInt > b.asInt }
        if a.isFloat, b.isFloat { return operation == .less ? a.asDouble < b.asDouble : a.asDouble > b.asDouble }
        let result = try compare(operation, a, b)
        if result.isBool { return result.asBool }
        defer { heap.release(result) }
        return try isTrue(result)
    }

    // MARK: sum

    private func sum(_ iterable: Value, start: Value) throws(PythonError) -> Value {
        switch payload(start).tag {
        case Tag.string: throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
        case Tag.bytes: throw typeError("sum() can't sum bytes [use b''.join(seq) instead]")
        case Tag.byteArray: throw typeError("sum() can't sum bytearray [use b''.join(seq) instead]")
        default: break
        }
        var total = start.retained()
        do {
            try iterate(iterable) { (item) throws(PythonError) -> Bool in
                if (total.tag | item.tag) == 0 {
                    let (value, overflow) = total.asInt.addingReportingOverflow(item.asInt)
                    if !overflow {
                        total = .int(value)
                        return true
                    }
                } else if total.isFloat, item.isFloat {
                    total = .float(total.asDouble + item.asDouble)
                    return true
                } else if total.isFloat, item.isInt {
                    total = .float(total.asDouble + Double(item.asInt))
                    return true
                }
                heap.replace(&total, with: try binary(.add, total, item))
                return true
            }
        } catch {
            heap.release(total)
            throw error
        }
        return total
    }
}

extension VM {
    /// `operator.length_hint(value, default)`
    package func lengthHint(_ value: Value, default fallback: Int) throws(PythonError) -> Int {
        if !special(typeOf(value), .length).isUndefined || payload(value).tag < Tag.frozenSet && payload(value).tag >= Tag.string {
            do {
                return try length(value)
            } catch {
                guard matches(error, "TypeError") else { throw error }
                discard(error)
            }
        }
        let method = special(typeOf(value), .lengthHint)
        if method.isUndefined { return fallback }
        let result: Value
        do {
            result = try call(method, value)
        } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            return fallback
        }
        defer { heap.release(result) }
        if result.tag == Tag.notImplemented { return fallback }
        guard result.isInt || result.isBool else { throw typeError("__length_hint__ must be an integer, not \(typeName(result))") }
        if result.asInt < 0 { throw valueError("__length_hint__() should return >= 0") }
        return result.asInt
    }

    /// Calls a built-in function by name.
    package func callBuiltin(_ name: String, _ argument: Value) throws(PythonError) -> Value {
        guard let index = BuiltinNames.index(of: name) else { preconditionFailure("built-in \(name) is not in the table") }
        return try call(builtins[index], argument)
    }

    /// Has items by position, as far as can be told.
    package func isSequence(_ value: Value) -> Bool {
        let plain = payload(value)
        return !special(typeOf(value), .getItem).isUndefined && plain.tag != Tag.dict
    }
}
