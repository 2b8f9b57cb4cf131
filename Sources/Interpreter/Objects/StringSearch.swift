// str: find, index, count, startswith, endswith, replace, removeprefix.

extension StringMethods {
    @inline(__always)
    private static func locate(_ vm: VM, _ s: StringPointer, _ a: Arguments, backwards: Bool) throws(PythonError) -> Int {
        let pattern = try text(vm, a[1]) { "must be str, not \($0)" }
        let (start, end) = try range(vm, s.pointee.length, a, from: 2)
        if start > end || pattern.pointee.length > end - start { return -1 }
        let first = vm.byteOffset(s, start)
        let last = vm.byteOffset(s, end)
        let found =
            backwards
            ? try ByteSearch.last(vm, s.buffer, pattern.buffer, from: first, to: last)
            : try ByteSearch.first(vm, s.buffer, pattern.buffer, from: first, to: last)
        return found < 0 ? -1 : vm.scalarIndex(s, found)
    }

    static func find(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value { .int(try locate(vm, s, a, backwards: false)) }

    static func rfind(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value { .int(try locate(vm, s, a, backwards: true)) }

    static func index(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let found = try locate(vm, s, a, backwards: false)
        if found < 0 { throw vm.valueError("substring not found") }
        return .int(found)
    }

    static func rindex(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let found = try locate(vm, s, a, backwards: true)
        if found < 0 { throw vm.valueError("substring not found") }
        return .int(found)
    }

    static func count(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let pattern = try text(vm, a[1]) { "must be str, not \($0)" }
        let (start, end) = try range(vm, s.pointee.length, a, from: 2)
        if start > end || pattern.pointee.length > end - start { return .int(0) }
        if pattern.pointee.byteCount == 0 { return .int(end - start + 1) }
        return .int(try ByteSearch.count(vm, s.buffer, pattern.buffer, from: vm.byteOffset(s, start), to: vm.byteOffset(s, end)))
    }

    static func startswith(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try affix(vm, s, a, "startswith", atEnd: false)
    }

    static func endswith(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try affix(vm, s, a, "endswith", atEnd: true)
    }

    @inline(__always)
    private static func affix(_ vm: VM, _ s: StringPointer, _ a: Arguments, _ name: String, atEnd: Bool) throws(PythonError) -> Value {
        let (start, end) = try range(vm, s.pointee.length, a, from: 2)
        let pattern = vm.payload(a[1])
        let first = vm.byteOffset(s, min(start, s.pointee.length))
        let last = vm.byteOffset(s, end)
        func matches(_ part: StringPointer) -> Bool {
            if start > end { return false }
            let place = atEnd ? last - part.pointee.byteCount : first
            return place >= first && ByteSearch.hasPrefix(s.buffer, part.buffer, at: place, end: last)
        }
        if pattern.isString { return .bool(matches(pattern.string)) }
        guard pattern.tag == Tag.tuple else {
            throw vm.typeError("\(name) first arg must be str or a tuple of str, not \(vm.typeName(a[1]))")
        }
        for place in 0..<pattern.tuple.pointee.count {
            let part = try text(vm, pattern.tuple.items[place]) { "tuple for \(name) must only contain str, not \($0)" }
            if matches(part) { return .true }
        }
        return .false
    }

    static func removeprefix(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let prefix = try text(vm, a[1]) { "removeprefix() argument must be str, not \($0)" }
        if ByteSearch.hasPrefix(s.buffer, prefix.buffer, at: 0, end: s.pointee.byteCount) {
            return try vm.longSubstring(s, prefix.pointee.byteCount, s.pointee.byteCount)
        }
        return Value(tag: Tag.string, pointer: s).retained()
    }

    static func removesuffix(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let suffix = try text(vm, a[1]) { "removesuffix() argument must be str, not \($0)" }
        let end = s.pointee.byteCount - suffix.pointee.byteCount
        if end >= 0, ByteSearch.hasPrefix(s.buffer, suffix.buffer, at: end, end: s.pointee.byteCount) { return try vm.longSubstring(s, 0, end) }
        return Value(tag: Tag.string, pointer: s).retained()
    }

    static func replace(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let old = try text(vm, a[1]) { "replace() argument 1 must be str, not \($0)" }
        let new = try text(vm, a[2]) { "replace() argument 2 must be str, not \($0)" }
        let count = try vm.index(a[3])
        return try replace(vm, s, old, new, limit: count < 0 ? .max : count)
    }

    private static func replace(
        _ vm: VM, _ s: StringPointer, _ old: StringPointer, _ new: StringPointer, limit: Int
    ) throws(PythonError) -> Value {
        let unchanged = Value(tag: Tag.string, pointer: s)
        if old.pointee.byteCount == 0 { return try interleave(vm, s, new, limit: limit) }
        let total = try ByteSearch.count(vm, s.buffer, old.buffer, from: 0, to: s.pointee.byteCount, limit: limit)
        if total == 0 || vm.sameString(old, new) { return unchanged.retained() }
        let (growth, overflow) = total.multipliedReportingOverflow(by: new.pointee.byteCount - old.pointee.byteCount)
        let size = s.pointee.byteCount + growth
        if overflow { throw vm.memoryError() }
        try vm.checkRoom(size, stride: 1)
        let result = Heap.makeString(
            vm.heap, byteCount: size, length: s.pointee.length + total * (new.pointee.length - old.pointee.length),
            isASCII: s.isASCII && new.isASCII)
        do throws(PythonError) {
            var out = result.string.bytes
            var place = 0
            for _ in 0..<total {
                let found = try ByteSearch.first(vm, s.buffer, old.buffer, from: place)
                try vm.copyBytes(out, s.bytes + place, found - place)
                out += found - place
                try vm.copyBytes(out, new.bytes, new.pointee.byteCount)
                out += new.pointee.byteCount
                place = found + old.pointee.byteCount
                try vm.heed()
            }
            try vm.copyBytes(out, s.bytes + place, s.pointee.byteCount - place)
        } catch {
            vm.heap.release(result)
            throw error
        }
        if !s.isASCII, UTF8Scalar.isASCII(result.string.bytes, size) { result.string.pointee.header.flags |= HeaderFlag.ascii }
        return result
    }

    /// `new` before each of the first `limit` code points, and at the end.
    private static func interleave(_ vm: VM, _ s: StringPointer, _ new: StringPointer, limit: Int) throws(PythonError) -> Value {
        let times = min(limit, s.pointee.length + 1)
        if times == 0 || new.pointee.byteCount == 0 { return Value(tag: Tag.string, pointer: s).retained() }
        let (growth, overflow) = times.multipliedReportingOverflow(by: new.pointee.byteCount)
        if overflow { throw vm.memoryError() }
        try vm.checkRoom(growth, stride: 1)
        var out = StringBuilder(vm, capacity: s.pointee.byteCount + growth)
        var place = 0
        for _ in 0..<times {
            out.append(new)
            if place == s.pointee.byteCount { break }
            let width = UTF8Scalar.width(lead: s.bytes[place])
            out.append(s.bytes + place, width, isASCII: width == 1)
            place += width
            try vm.heed()
        }
        out.append(s.bytes + place, s.pointee.byteCount - place, isASCII: s.isASCII)
        return out.finish()
    }
}
