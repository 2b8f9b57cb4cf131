#if canImport(Glibc)
    import Glibc
#endif

// bytes and bytearray: repr, items, concatenation, searching.

extension VM {
    /// `b'…'`, or `bytearray(b'…')` under the name of the object's class.
    func bytesRepr(_ value: Value, in object: Value) throws(PythonError) -> Value {
        let content = byteBuffer(value)
        var out = StringBuilder(self, capacity: content.count + 16)
        if value.tag == Tag.byteArray {
            out.append(text: typeName(object))
            out.append(UInt8(ascii: "("))
        }
        let quote = VM.quote(for: content)
        out.append(UInt8(ascii: "b"))
        out.append(quote)
        for byte in content {
            // bytearray escapes single quotes even inside double ones.
            let isQuote = byte == quote || (byte == UInt8(ascii: "'") && value.tag == Tag.byteArray)
            if !isQuote, VM.isPlain(byte, quote) {
                out.append(byte)
            } else if isQuote || byte == 0x5C {
                out.append(0x5C)
                out.append(byte)
            } else {
                VM.appendEscape(UInt32(byte), to: &out)
            }
            try heed()
        }
        out.append(quote)
        if value.tag == Tag.byteArray { out.append(UInt8(ascii: ")")) }
        return out.finish()
    }
}

extension BytesMethods {
    static func order(_ vm: VM, _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>) throws(PythonError) -> Int {
        let order = try vm.compareBytes(a.baseAddress.unsafelyUnwrapped, b.baseAddress.unsafelyUnwrapped, min(a.count, b.count))
        return order != 0 ? order : a.count - b.count
    }

    static func item(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let content = vm.byteBuffer(receiver)
        if a[1].tag == Tag.slice {
            let slice = try vm.unpackSlice(a[1]).adjusted(to: content.count)
            if slice.step == 1 {
                if slice.count == content.count { return same(vm, receiver) }
                return try part(vm, receiver, slice.start, slice.start + slice.count)
            }
            let source = content.baseAddress.unsafelyUnwrapped + slice.start
            let step = slice.step
            return try vm.makeBytes(slice.count, receiver.tag) { source[$0 &* step] }
        }
        return .int(Int(content[try position(vm, receiver, a[1])]))
    }

    /// A subscript within bounds.
    static func position(_ vm: VM, _ receiver: Value, _ key: Value) throws(PythonError) -> Int {
        let isBytes = receiver.tag == Tag.bytes
        let count = vm.byteBuffer(receiver).count
        var place =
            key.isInt
            ? key.asInt
            : try vm.itemIndex(key) { "\(isBytes ? "byte" : "bytearray") indices must be integers or slices, not \(vm.typeName(key))" }
        if place < 0 { place += count }
        guard place >= 0, place < count else { throw vm.indexError(isBytes ? "index out of range" : "bytearray index out of range") }
        return place
    }

    static func concat(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let other = vm.payload(a[1])
        guard other.tag == Tag.bytes || other.tag == Tag.byteArray else {
            throw vm.typeError("can't concat \(vm.typeName(a[1])) to \(vm.typeName(a[0]))")
        }
        if receiver.tag == Tag.bytes, other.tag == Tag.bytes {
            if vm.byteBuffer(other).count == 0 { return receiver.retained() }
            if vm.byteBuffer(receiver).count == 0 { return other.retained() }
        }
        let (left, right) = (vm.byteBuffer(receiver), vm.byteBuffer(other))
        var out = try ByteBuilder(vm, capacity: left.count + right.count)
        try out.append(left)
        try out.append(right)
        return out.finish(receiver.tag)
    }

    static func times(_ vm: VM, _ receiver: Value, _ count: Int) throws(PythonError) -> Value {
        let content = vm.byteBuffer(receiver)
        if count == 1 { return same(vm, receiver) }
        if count <= 0 || content.count == 0 { return make(vm, receiver, EmptyCollection<UInt8>()) }
        let (total, overflow) = content.count.multipliedReportingOverflow(by: count)
        if overflow { throw vm.memoryError() }
        try vm.checkRoom(total, stride: 1)
        let bytes = vm.heap.memory(total).assumingMemoryBound(to: UInt8.self)
        return try vm.building(vm.adoptBytes(bytes, total, receiver.tag)) { (value) throws(PythonError) in
            try vm.fill(bytes, total, with: content.baseAddress.unsafelyUnwrapped, content.count)
        }
    }

    // MARK: search

    /// What is searched for: a byte given as an int, or a bytes-like object.
    private static func pattern(_ vm: VM, _ value: Value) throws(PythonError) -> [UInt8] {
        let plain = vm.payload(value)
        if plain.tag == Tag.bytes || plain.tag == Tag.byteArray { return Array(vm.byteBuffer(plain)) }
        if vm.special(vm.typeOf(value), .index).isUndefined {
            throw vm.typeError("argument should be integer or bytes-like object, not '\(vm.typeName(value))'")
        }
        return [try vm.byteValue(value)]
    }

    private static func locate(_ vm: VM, _ receiver: Value, _ a: Arguments, backwards: Bool) throws(PythonError) -> Int {
        let pattern = try pattern(vm, a[1])
        let (start, end) = try StringMethods.range(vm, vm.byteBuffer(receiver).count, a, from: 2)
        if start > end { return -1 }
        let content = vm.byteBuffer(receiver)
        return try pattern.withUnsafeBufferPointer { (pattern) throws(PythonError) -> Int in
            backwards
                ? try ByteSearch.last(vm, content, pattern, from: start, to: end) : try ByteSearch.first(vm, content, pattern, from: start, to: end)
        }
    }

    static func find(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        .int(try locate(vm, receiver, a, backwards: false))
    }

    static func rfind(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        .int(try locate(vm, receiver, a, backwards: true))
    }

    static func index(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let found = try locate(vm, receiver, a, backwards: false)
        if found < 0 { throw vm.valueError("subsection not found") }
        return .int(found)
    }

    static func rindex(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let found = try locate(vm, receiver, a, backwards: true)
        if found < 0 { throw vm.valueError("subsection not found") }
        return .int(found)
    }

    static func count(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let pattern = try pattern(vm, a[1])
        let (start, end) = try StringMethods.range(vm, vm.byteBuffer(receiver).count, a, from: 2)
        if start > end { return .int(0) }
        if pattern.isEmpty { return .int(end - start + 1) }
        let content = vm.byteBuffer(receiver)
        return .int(
            try pattern.withUnsafeBufferPointer { (pattern) throws(PythonError) -> Int in
                try ByteSearch.count(vm, content, pattern, from: start, to: end)
            })
    }

    static func contains(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let content = vm.byteBuffer(receiver)
        let plain = vm.payload(a[1])
        if plain.tag != Tag.bytes, plain.tag != Tag.byteArray, !vm.special(vm.typeOf(a[1]), .index).isUndefined {
            let byte = try vm.byteValue(a[1])
            return .bool(
                try withUnsafePointer(to: byte) { (pattern) throws(PythonError) -> Bool in
                    try ByteSearch.first(vm, vm.byteBuffer(receiver), UnsafeBufferPointer(start: pattern, count: 1), from: 0) >= 0
                })
        }
        return .bool(try ByteSearch.first(vm, content, try buffer(vm, a[1]), from: 0) >= 0)
    }

    static func startswith(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try affix(vm, receiver, a, "startswith", atEnd: false)
    }

    static func endswith(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try affix(vm, receiver, a, "endswith", atEnd: true)
    }

    private static func affix(_ vm: VM, _ receiver: Value, _ a: Arguments, _ name: String, atEnd: Bool) throws(PythonError) -> Value {
        let (start, end) = try StringMethods.range(vm, vm.byteBuffer(receiver).count, a, from: 2)
        let content = vm.byteBuffer(receiver)
        func matches(_ part: UnsafeBufferPointer<UInt8>) -> Bool {
            if start > end { return false }
            let place = atEnd ? end - part.count : start
            return place >= start && ByteSearch.hasPrefix(content, part, at: place, end: end)
        }
        let pattern = vm.payload(a[1])
        if pattern.tag == Tag.bytes || pattern.tag == Tag.byteArray { return .bool(matches(vm.byteBuffer(pattern))) }
        guard pattern.tag == Tag.tuple else {
            throw vm.typeError("\(name) first arg must be bytes or a tuple of bytes, not \(vm.typeName(a[1]))")
        }
        for place in 0..<pattern.tuple.pointee.count where matches(try buffer(vm, pattern.tuple.items[place])) { return .true }
        return .false
    }

    static func removeprefix(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let (content, prefix) = (vm.byteBuffer(receiver), try buffer(vm, a[1]))
        return ByteSearch.hasPrefix(content, prefix, at: 0, end: content.count)
            ? try part(vm, receiver, prefix.count, content.count) : same(vm, receiver)
    }

    static func removesuffix(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let (content, suffix) = (vm.byteBuffer(receiver), try buffer(vm, a[1]))
        let end = content.count - suffix.count
        return end >= 0 && ByteSearch.hasPrefix(content, suffix, at: end, end: content.count) ? try part(vm, receiver, 0, end) : same(vm, receiver)
    }

    static func replace(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let (old, new) = (try buffer(vm, a[1]), try buffer(vm, a[2]))
        let limit = try vm.index(a[3])
        let maximum = limit < 0 ? Int.max : limit
        let content = vm.byteBuffer(receiver)
        var out = try ByteBuilder(vm)
        var place = 0
        if old.isEmpty {
            let times = min(maximum, content.count + 1)
            for position in 0..<times {
                try out.append(new)
                if position < content.count { try out.append(content[position]) }
                try vm.heed()
            }
            if times < content.count { try out.append(content[times...]) }
            return out.finish(receiver.tag)
        }
        var done = 0
        while done < maximum {
            let found = try ByteSearch.first(vm, content, old, from: place)
            if found < 0 { break }
            try out.append(content[place..<found])
            try out.append(new)
            place = found + old.count
            done += 1
        }
        if done == 0 { return same(vm, receiver) }
        try out.append(content[place...])
        return out.finish(receiver.tag)
    }
}
