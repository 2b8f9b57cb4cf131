import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// tuple: items, hash, comparison, and the class.

package typealias TuplePointer = UnsafeMutablePointer<TupleObject>

extension VM {
    /// `tuple[key]`
    @inline(__always)
    package func tupleItem(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        if key.isInt {
            let tuple = container.tuple
            var position = key.asInt
            if position < 0 { position &+= tuple.pointee.count }
            if UInt(bitPattern: position) < UInt(bitPattern: tuple.pointee.count) { return tuple.items[position].retained() }
            throw indexError("tuple index out of range")
        }
        return try tupleItemSlowly(container, key)
    }

    @inline(never)
    private func tupleItemSlowly(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        guard key.tag == Tag.slice else { return try tupleItem(container, .int(try itemIndex(key, "tuple"))) }
        let count = container.tuple.pointee.count
        let bounds = try unpackSlice(key).adjusted(to: count)
        if bounds.count == count, bounds.step == 1 { return container.retained() }
        let source = container.tuple.items + bounds.start
        return try newTuple(bounds.count) { source[$0 &* bounds.step] }
    }

    /// A tuple of `count` items, retained, that may be many; MemoryError when there is no room for them.
    @inline(__always)
    func newTuple(_ count: Int, _ item: (Int) -> Value) throws(PythonError) -> Value {
        if count == 0 { return emptyTuple.retained() }
        return try fillingTuple(count) { (items) throws(PythonError) in try copyItems(items, count, item) }
    }

    /// A tuple whose items `fill` writes; when it throws, none of them count as written.
    private func fillingTuple(
        _ count: Int, _ fill: (UnsafeMutablePointer<Value>) throws(PythonError) -> Void
    ) throws(PythonError) -> Value {
        try checkRoom(count)
        let result = Heap.makeTuple(heap, count)
        do throws(PythonError) {
            try fill(result.tuple.items)
        } catch {
            result.tuple.pointee.count = 0
            heap.release(result)
            throw error
        }
        return result
    }

    /// A tuple of `count` items, each owned as `item` returns it.
    package func makeTuple(_ count: Int, _ item: (Int) -> Value) -> Value {
        if count == 0 { return emptyTuple.retained() }
        let result = Heap.makeTuple(heap, count)
        let items = result.tuple.items
        for index in 0..<count { items[index] = item(index) }
        return result
    }

    /// A pair; takes over both references.
    @inline(__always)
    package func pair(_ first: Value, _ second: Value) -> Value {
        let result = Heap.makeTuple(heap, 2)
        let items = result.tuple.items
        items[0] = first
        items[1] = second
        return result
    }

    /// `tuple(iterable)`
    package func makeTuple(from iterable: Value) throws(PythonError) -> Value {
        switch iterable.tag {
        case Tag.tuple: return iterable.retained()
        case Tag.list:
            let items = iterable.list.pointee.items
            return try newTuple(iterable.list.pointee.count) { items[$0] }
        default: break
        }
        let content = try makeList(from: iterable)
        defer { heap.release(content) }
        let items = content.list.pointee.items
        return try newTuple(content.list.pointee.count) { items[$0] }
    }

    /// CPython's hash of a tuple: xxHash over the items' hashes, so that tuples of numbers hash alike.
    package func tupleHash(_ tuple: TuplePointer) throws(PythonError) -> Int {
        let prime1: UInt = 11_400_714_785_074_694_791
        let prime2: UInt = 14_029_467_366_897_019_727
        let prime5: UInt = 2_870_177_450_012_600_261
        let count = tuple.pointee.count
        var state = prime5
        for index in 0..<count {
            let lane = UInt(bitPattern: try hash(tuple.items[index]))
            state &+= lane &* prime2
            state = (state << 31) | (state >> 33)
            state = state &* prime1
            try heed()
        }
        state &+= UInt(bitPattern: count) ^ (prime5 ^ 3_527_539)
        return state == UInt.max ? 1_546_275_796 : Int(bitPattern: state)
    }

    /// Lexicographic comparison, as of lists.
    func compareTuples(_ operation: CompareOperator, _ a: TuplePointer, _ b: TuplePointer) throws(PythonError) -> Value {
        let countA = a.pointee.count
        let countB = b.pointee.count
        if countA != countB {
            if operation == .equal { return .false }
            if operation == .notEqual { return .true }
        }
        for position in 0..<min(countA, countB) {
            let left = a.items[position]
            let right = b.items[position]
            if try !equals(left, right) { return try compareDifferent(operation, left, right) }
            try heed()
        }
        return .bool(VM.holds(operation, countA - countB))
    }

    // MARK: the class

    func makeTupleClass() {
        let construct = NativeFunction("tuple", "cls, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            a.has(1) ? try vm.makeTuple(from: a[1]) : vm.emptyTuple.retained()
        }
        let type = makeBuiltinClass("tuple", layout: Tag.tuple, construct: construct) { (vm, type) in
            vm.fillTupleMethods(type)
            vm.fillTupleOperators(type)
        }
        classOfTag[Int(Tag.tuple)] = type
        builtinClasses["tuple"] = type
    }

    private func fillTupleMethods(_ type: ClassPointer) {
        defineStatic(type, "__new__", "cls, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            let requested = try vm.requestedClass(a[0], type)
            let content = a.has(1) ? try vm.makeTuple(from: vm.exactPayload(a[1])) : vm.emptyTuple.retained()
            return requested == type ? content : vm.instance(of: requested, payload: content)
        }
        defineClassGetItem(type)
        define(type, "__getnewargs__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.tuple([try vm.containerSelf(a[0], Tag.tuple, "__getnewargs__").retained()])
        }
        define(type, "index", "self, value, start=0, stop=9223372036854775807, /") { (vm, a) throws(PythonError) -> Value in
            let tuple = try vm.containerSelf(a[0], Tag.tuple, "index").tuple
            let (start, stop) = try vm.searchBounds(a, tuple.pointee.count)
            var position = start
            while position < min(stop, tuple.pointee.count) {
                if try vm.equals(tuple.items[position], a[1]) { return .int(position) }
                position += 1
                try vm.heed()
            }
            throw vm.valueError("tuple.index(x): x not in tuple")
        }
        define(type, "count", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let tuple = try vm.containerSelf(a[0], Tag.tuple, "count").tuple
            var count = 0
            for position in 0..<tuple.pointee.count {
                if try vm.equals(tuple.items[position], a[1]) { count += 1 }
                try vm.heed()
            }
            return .int(count)
        }
    }

    private func fillTupleOperators(_ type: ClassPointer) {
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.tag == Tag.tuple else { return .notImplemented }
                return try vm.compareTuples(operation, vm.containerSelf(a[0], Tag.tuple, name).tuple, other.tuple)
            }
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(try vm.tupleHash(vm.containerSelf(a[0], Tag.tuple, "__hash__").tuple))
        }
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(try vm.containerSelf(a[0], Tag.tuple, "__len__").tuple.pointee.count)
        }
        define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            try vm.tupleItem(vm.containerSelf(a[0], Tag.tuple, "__getitem__"), a[1])
        }
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.contains(vm.containerSelf(a[0], Tag.tuple, "__contains__"), a[1]))
        }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.iterator(.tuple, try vm.containerSelf(a[0], Tag.tuple, "__iter__").retained())
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.tupleRepr(vm.containerSelf(a[0], Tag.tuple, "__repr__"))
        }
        define(type, "__add__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let left = try vm.containerSelf(a[0], Tag.tuple, "__add__")
            let right = vm.payload(a[1])
            guard right.tag == Tag.tuple else { return .notImplemented }
            return try vm.concatenateTuples(left, right)
        }
        for name in ["__mul__", "__rmul__"] {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let tuple = try vm.containerSelf(a[0], Tag.tuple, name)
                guard let times = try vm.repetitions(a[1]) else { return .notImplemented }
                return try vm.repeatTuple(tuple, times)
            }
        }
    }

    private func concatenateTuples(_ a: Value, _ b: Value) throws(PythonError) -> Value {
        let countA = a.tuple.pointee.count
        let countB = b.tuple.pointee.count
        if countA == 0 { return b.retained() }
        if countB == 0 { return a.retained() }
        let (first, second) = (a.tuple.items, b.tuple.items)
        return try newTuple(countA + countB) { $0 < countA ? first[$0] : second[$0 - countA] }
    }

    private func repeatTuple(_ value: Value, _ times: Int) throws(PythonError) -> Value {
        let count = value.tuple.pointee.count
        if times == 1 { return value.retained() }
        if times <= 0 || count == 0 { return emptyTuple.retained() }
        let (total, overflow) = count.multipliedReportingOverflow(by: times)
        if overflow { throw memoryError() }
        return try fillingTuple(total) { (items) throws(PythonError) in try fillRepeated(items, total, value.tuple.items, count) }
    }

    private func tupleRepr(_ value: Value) throws(PythonError) -> Value {
        let count = value.tuple.pointee.count
        if count == 0 { return string("()") }
        return try guardingRepr(value, "(...)") { () throws(PythonError) -> Value in
            var text: [UInt8] = [UInt8(ascii: "(")]
            for position in 0..<count {
                if position > 0 { text.append(contentsOf: ", ".utf8) }
                try appendRepr(value.tuple.items[position], to: &text)
                try heed()
            }
            if count == 1 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: ")"))
            return string(text)
        }
    }
}
