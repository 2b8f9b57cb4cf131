import BigInt

/// A range whose bounds do not fit 64 bits: a native object of class `range`, slow and exact.
final class LongRange {
    let start: BigInt
    let stop: BigInt
    let step: BigInt
    let count: BigInt

    init(start: BigInt, stop: BigInt, step: BigInt) {
        self.start = start
        self.stop = stop
        self.step = step
        let span = step > 0 ? stop - start : start - stop
        count = span > 0 ? (span - 1) / BigInt(step.magnitude) + 1 : 0
    }

    var reversed: LongRange {
        count == 0 ? LongRange(start: 0, stop: 0, step: 1) : LongRange(start: start + (count - 1) * step, stop: start - step, step: -step)
    }

    var description: String { step == 1 ? "range(\(start), \(stop))" : "range(\(start), \(stop), \(step))" }

    func hasSameValues(as other: LongRange) -> Bool {
        count == other.count && (count == 0 || start == other.start && (count == 1 || step == other.step))
    }
}

extension VM {
    func longRange(_ value: Value) -> LongRange? { value.tag == Tag.native ? nativeObject(value, as: LongRange.self) : nil }

    /// Any range in its long form.
    func anyRange(_ value: Value) -> LongRange? {
        guard value.tag == Tag.range else { return longRange(value) }
        let range = value.object(as: RangeObject.self).pointee
        return LongRange(start: BigInt(range.start), stop: BigInt(range.stop), step: BigInt(range.step))
    }

    /// The range object of these values: an ordinary one where the bounds fit.
    func range(_ long: LongRange) -> Value {
        if let start = Int(exactly: long.start), let stop = Int(exactly: long.stop), let step = Int(exactly: long.step) {
            return range(start, stop, step)
        }
        guard let type = builtinClasses["range"] else { preconditionFailure("class range is made before its first instance") }
        return native(long, type)
    }

    /// Index of an equal item: by arithmetic for numbers; everything else equals no int here.
    func position(of value: Value, in range: LongRange) throws(PythonError) -> BigInt? {
        let plain = payload(value)
        let wanted: BigInt
        switch plain.tag {
        case Tag.int, Tag.bool, Tag.bigInt: wanted = bigInt(plain)
        case Tag.float:
            guard let exact = BigInt(exactly: plain.asDouble) else { return nil }
            wanted = exact
        default: return nil
        }
        let (quotient, rest) = (wanted - range.start).quotientAndRemainder(dividingBy: range.step)
        return rest == 0 && quotient >= 0 && quotient < range.count ? quotient : nil
    }

    func item(_ key: Value, of range: LongRange) throws(PythonError) -> Value {
        if key.tag == Tag.slice { return try slice(key, of: range) }
        let plain = payload(key)
        var position =
            plain.tag == Tag.bigInt ? bigInt(plain) : BigInt(try index(key, "range indices must be integers or slices, not \(typeName(key))"))
        if position < 0 { position += range.count }
        guard position >= 0, position < range.count else { throw indexError("range object index out of range") }
        return int(range.start + position * range.step)
    }

    private func slice(_ key: Value, of range: LongRange) throws(PythonError) -> Value {
        let parts = key.object(as: SliceObject.self).pointee
        func part(_ value: Value) throws(PythonError) -> BigInt? {
            let plain = payload(value)
            if plain.isNone { return nil }
            return plain.tag == Tag.bigInt
                ? bigInt(plain) : BigInt(try index(value, "slice indices must be integers or None or have an __index__ method"))
        }
        let step = try part(parts.step) ?? 1
        if step == 0 { throw valueError("slice step cannot be zero") }
        let count = range.count
        let (low, high): (BigInt, BigInt) = step > 0 ? (0, count) : (-1, count - 1)
        func clipped(_ value: BigInt?, _ absent: BigInt) -> BigInt {
            guard let value else { return absent }
            let place = value < 0 ? value + count : value
            return min(max(place, low), high)
        }
        let first = clipped(try part(parts.start), step > 0 ? low : high)
        let last = clipped(try part(parts.stop), step > 0 ? high : low)
        return self.range(LongRange(start: range.start + first * range.step, stop: range.start + last * range.step, step: range.step * step))
    }

    func iterator(over range: LongRange) -> Value {
        var next = range.start
        var rest = range.count
        return nativeIterator(longRangeIteratorClass, holding: []) { (vm, _) throws(PythonError) -> Value in
            if rest == 0 { return .undefined }
            rest -= 1
            defer { next += range.step }
            return vm.int(next)
        }
    }

    private var longRangeIteratorClass: ClassPointer {
        if let type = builtinClasses["longrange_iterator"] { return type }
        let type = makeBuiltinClass("longrange_iterator", layout: Tag.native, isBase: false) { (vm, type) in vm.defineIteration(type) }
        builtinClasses["longrange_iterator"] = type
        return type
    }

    func hash(of range: LongRange) throws(PythonError) -> Int {
        let key = tuple([int(range.count), range.count == 0 ? .none : int(range.start), range.count <= 1 ? .none : int(range.step)])
        defer { heap.release(key) }
        return try tupleHash(key.tuple)
    }
}
