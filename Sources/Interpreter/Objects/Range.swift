import Syntax

// range: 64-bit arithmetic progressions. Those that need more are native objects (see LongRange).

package typealias RangePointer = UnsafeMutablePointer<RangeObject>

extension VM {
    /// Number of values.
    @inline(__always)
    package func rangeLength(_ range: RangePointer) -> Int {
        let (start, stop, step) = (range.pointee.start, range.pointee.stop, range.pointee.step)
        if step > 0 {
            if start >= stop { return 0 }
            let span = UInt(bitPattern: stop &- start) &- 1
            return Int(truncatingIfNeeded: min(step == 1 ? span : span / UInt(step), UInt(Int.max - 1)) + 1)
        }
        if start <= stop { return 0 }
        let span = UInt(bitPattern: start &- stop) &- 1
        return Int(truncatingIfNeeded: min(span / step.magnitude, UInt(Int.max - 1)) + 1)
    }

    /// The range of an argument list, which begins with the class: `range(stop)`, `range(start, stop[, step])`.
    private func makeRange(_ given: Arguments) throws(PythonError) -> Value {
        let count = given.count - 1
        if count == 1, given[1].isInt { return range(0, given[1].asInt, 1) }
        if count == 2, given[1].isInt, given[2].isInt { return range(given[1].asInt, given[2].asInt, 1) }
        if count == 0 { throw typeError("range expected at least 1 argument, got 0") }
        if count > 3 { throw typeError("range expected at most 3 arguments, got \(count)") }
        var bounds: [Value] = []
        defer { for bound in bounds { heap.release(bound) } }
        for position in 0..<count { bounds.append(try rangeBound(given[1 + position])) }
        if count == 1 { bounds.insert(.int(0), at: 0) }
        if count < 3 { bounds.append(.int(1)) }
        if bounds[2].isInt, bounds[2].asInt == 0 { throw valueError("range() arg 3 must not be zero") }
        if bounds.allSatisfy(\.isInt) { return range(bounds[0].asInt, bounds[1].asInt, bounds[2].asInt) }
        return range(LongRange(start: bigInt(bounds[0]), stop: bigInt(bounds[1]), step: bigInt(bounds[2])))
    }

    /// An integer bound of any size, owned.
    private func rangeBound(_ value: Value) throws(PythonError) -> Value {
        let plain = payload(value)
        if plain.tag == Tag.bigInt { return plain.retained() }
        if plain.isInt || plain.isBool { return .int(plain.asInt) }
        let method = special(typeOf(value), .index)
        if method.isUndefined { return .int(try index(value)) }
        let result = try call(method, value)
        if payload(result).tag == Tag.bigInt { return result }
        defer { heap.release(result) }
        return .int(try index(result))
    }

    func makeRangeClass() {
        let construct = NativeFunction("range", "cls, /, *arguments", takesAny: true) { (vm, a) throws(PythonError) -> Value in try vm.makeRange(a) }
        let type = makeBuiltinClass("range", layout: Tag.range, isBase: false, construct: construct) { (vm, type) in
            vm.fillRangeMethods(type)
            vm.fillRangeOperators(type)
        }
        classOfTag[Int(Tag.range)] = type
        builtinClasses["range"] = type
    }

    private func rangeSelf(_ value: Value, _ method: String) throws(PythonError) -> RangePointer {
        try containerSelf(value, Tag.range, method).object(as: RangeObject.self)
    }

    /// Position of an integer in a range, −1 when it is not in it.
    func rangePosition(_ range: RangePointer, of value: Int) -> Int {
        let (start, stop, step) = (range.pointee.start, range.pointee.stop, range.pointee.step)
        let inside = step > 0 ? value >= start && value < stop : value <= start && value > stop
        if !inside { return -1 }
        let distance = step > 0 ? UInt(bitPattern: value &- start) : UInt(bitPattern: start &- value)
        let (quotient, rest) = distance.quotientAndRemainder(dividingBy: step.magnitude)
        return rest == 0 ? Int(truncatingIfNeeded: quotient) : -1
    }

    /// Position of an equal item: by arithmetic for ints, by search for everything else.
    private func rangeSearch(_ range: RangePointer, _ value: Value) throws(PythonError) -> Int {
        if value.isInt || value.isBool { return rangePosition(range, of: value.asInt) }
        if value.tag == Tag.bigInt { return -1 }
        if value.isFloat {
            guard let exact = Int(exactly: value.asDouble) else { return -1 }
            return rangePosition(range, of: exact)
        }
        var item = range.pointee.start
        for position in 0..<rangeLength(range) {
            if try equals(.int(item), value) { return position }
            item &+= range.pointee.step
            if interruptFlag.pointee != 0 { try poll() }
        }
        return -1
    }

    private func fillRangeMethods(_ type: ClassPointer) {
        let names: [(String, (RangePointer) -> Int)] = [
            ("start", { $0.pointee.start }), ("stop", { $0.pointee.stop }), ("step", { $0.pointee.step }),
        ]
        for (name, read) in names {
            defineProperty(
                type, name,
                get: { (vm, value) throws(PythonError) -> Value in
                    if let long = vm.longRange(value) { return vm.int(name == "start" ? long.start : name == "stop" ? long.stop : long.step) }
                    return .int(read(try vm.rangeSelf(value, name)))
                })
        }
        define(type, "index", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) {
                if let position = try vm.position(of: a[1], in: long) { return vm.int(position) }
                throw vm.valueError("\(try vm.reprText(a[1])) is not in range")
            }
            let position = try vm.rangeSearch(vm.rangeSelf(a[0], "index"), a[1])
            if position >= 0 { return .int(position) }
            if a[1].isInt || a[1].isBool { throw vm.valueError("\(try vm.reprText(a[1])) is not in range") }
            throw vm.valueError("sequence.index(x): x not in sequence")
        }
        define(type, "count", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return .int(try vm.position(of: a[1], in: long) == nil ? 0 : 1) }
            return .int(try vm.rangeSearch(vm.rangeSelf(a[0], "count"), a[1]) >= 0 ? 1 : 0)
        }
    }

    private func fillRangeOperators(_ type: ClassPointer) {
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) {
                guard let count = Int(exactly: long.count) else { throw vm.overflowError("Python int too large to convert to C ssize_t") }
                return .int(count)
            }
            let range = try vm.rangeSelf(a[0], "__len__")
            let count = vm.rangeLength(range)
            if count == Int.max { throw vm.overflowError("Python int too large to convert to C ssize_t") }
            return .int(count)
        }
        define(type, "__bool__", "self, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return .bool(long.count != 0) }
            return .bool(vm.rangeLength(try vm.rangeSelf(a[0], "__bool__")) != 0)
        }
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return .bool(try vm.position(of: a[1], in: long) != nil) }
            return .bool(try vm.rangeSearch(vm.rangeSelf(a[0], "__contains__"), a[1]) >= 0)
        }
        define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return try vm.item(a[1], of: long) }
            return try vm.rangeItem(vm.rangeSelf(a[0], "__getitem__"), a[1])
        }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return vm.iterator(over: long) }
            return vm.iterator(.range, try vm.containerSelf(a[0], Tag.range, "__iter__").retained())
        }
        define(type, "__reversed__", "self, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return vm.iterator(over: long.reversed) }
            let range = try vm.rangeSelf(a[0], "__reversed__")
            return vm.iterator(.range, vm.reversedRange(range))
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return vm.string(long.description) }
            let range = try vm.rangeSelf(a[0], "__repr__").pointee
            return vm.string(range.step == 1 ? "range(\(range.start), \(range.stop))" : "range(\(range.start), \(range.stop), \(range.step))")
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            if let long = vm.longRange(a[0]) { return .int(try vm.hash(of: long)) }
            let range = try vm.rangeSelf(a[0], "__hash__")
            let count = vm.rangeLength(range)
            let key = vm.tuple([.int(count), count == 0 ? .none : .int(range.pointee.start), count <= 1 ? .none : .int(range.pointee.step)])
            defer { vm.heap.release(key) }
            return .int(try vm.tupleHash(key.tuple))
        }
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                guard operation == .equal || operation == .notEqual else { return .notImplemented }
                if let mine = vm.anyRange(a[0]), let other = vm.anyRange(a[1]), vm.longRange(a[0]) != nil || vm.longRange(a[1]) != nil {
                    return .bool(mine.hasSameValues(as: other) == (operation == .equal))
                }
                guard a[1].tag == Tag.range else { return .notImplemented }
                let same = vm.sameRanges(try vm.rangeSelf(a[0], name), a[1].object(as: RangeObject.self))
                return .bool(same == (operation == .equal))
            }
        }
    }

    /// Same values in the same order.
    private func sameRanges(_ a: RangePointer, _ b: RangePointer) -> Bool {
        let count = rangeLength(a)
        if count != rangeLength(b) { return false }
        if count == 0 { return true }
        return a.pointee.start == b.pointee.start && (count == 1 || a.pointee.step == b.pointee.step)
    }

    private func reversedRange(_ source: RangePointer) -> Value {
        let count = rangeLength(source)
        if count == 0 { return range(0, 0, 1) }
        let last = source.pointee.start &+ (count - 1) &* source.pointee.step
        // The end lies one step before the start; clipping it to 64 bits selects the same values.
        let (end, overflow) = source.pointee.start.subtractingReportingOverflow(source.pointee.step)
        return range(last, overflow ? (source.pointee.step > 0 ? Int.min : Int.max) : end, 0 &- source.pointee.step)
    }

    private func rangeItem(_ source: RangePointer, _ key: Value) throws(PythonError) -> Value {
        if key.tag == Tag.slice {
            let bounds = try unpackSlice(key).adjusted(to: rangeLength(source))
            let step = source.pointee.step
            let newStep = bounds.step.multipliedReportingOverflow(by: step)
            if newStep.overflow { throw overflowError("Python int too large to convert to C ssize_t") }
            return range(source.pointee.start &+ bounds.start &* step, source.pointee.start &+ bounds.stop &* step, newStep.partialValue)
        }
        var position: Int
        if payload(key).tag == Tag.bigInt { throw indexError("range object index out of range") }
        position = try index(key, "range indices must be integers or slices, not \(typeName(key))")
        let count = rangeLength(source)
        if position < 0 { position &+= count }
        guard position >= 0, position < count else { throw indexError("range object index out of range") }
        return .int(source.pointee.start &+ position &* source.pointee.step)
    }
}
