#if canImport(Glibc)
    import Glibc
#endif

// str: split, rsplit, splitlines, partition, join, strip.

extension StringMethods {
    static func split(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let limit = try vm.index(a[2])
        let maximum = limit < 0 ? Int.max : limit
        if a[1].isNone { return try splitSpaces(vm, s, maximum) }
        let separator = try self.separator(vm, a[1])
        let size = separator.pointee.byteCount
        var parts = ListWriter(vm)
        var place = 0
        while parts.count < maximum {
            let found = try ByteSearch.first(vm, s.buffer, separator.buffer, from: place)
            if found < 0 { break }
            try parts.append(vm.longSubstring(s, place, found))
            place = found + size
            try vm.heed()
        }
        try parts.append(place == 0 ? Value(tag: Tag.string, pointer: s).retained() : vm.substring(s, place, s.pointee.byteCount))
        return parts.finish()
    }

    private static func separator(_ vm: VM, _ value: Value) throws(PythonError) -> StringPointer {
        let separator = try text(vm, value) { "must be str or None, not \($0)" }
        if separator.pointee.byteCount == 0 { throw vm.valueError("empty separator") }
        return separator
    }

    private static func splitSpaces(_ vm: VM, _ s: StringPointer, _ maximum: Int) throws(PythonError) -> Value {
        let bytes = s.bytes
        let end = s.pointee.byteCount
        var parts = ListWriter(vm)
        var place = 0
        while true {
            place = try skipSpaces(vm, s, place)
            if place == end { break }
            if parts.count == maximum {
                try parts.append(vm.substring(s, place, end))
                break
            }
            let start = place
            word: while place < end {
                let stop = end - place > VM.copyPart ? place + VM.copyPart : end
                while place < stop {
                    let byte = bytes[place]
                    if byte > 0x20, byte < 0x80 {
                        place += 1
                    } else if byte < 0x80 {
                        if isSpaceByte(byte) { break word }
                        place += 1
                    } else {
                        let (code, width) = UTF8Scalar.decode(bytes + place)
                        if UnicodeTable.isSpace(code) { break word }
                        place += width
                    }
                }
                try vm.heed()
            }
            try parts.append(vm.longSubstring(s, start, place))
            try vm.heed()
        }
        return parts.finish()
    }

    /// ASCII white space, the separators 0x1C…0x1F included.
    @inline(__always)
    static func isSpaceByte(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || (byte >= 0x1C && byte <= 0x1F) }

    @inline(__always)
    private static func skipSpaces(_ vm: VM, _ s: StringPointer, _ from: Int) throws(PythonError) -> Int {
        var place = from
        while place < s.pointee.byteCount {
            let byte = s.bytes[place]
            if byte < 0x80 {
                if !isSpaceByte(byte) { return place }
                place += 1
            } else {
                let (code, width) = UTF8Scalar.decode(s.bytes + place)
                if !UnicodeTable.isSpace(code) { return place }
                place += width
            }
            try vm.heed()
        }
        return place
    }

    /// Where white space before `end` begins.
    @inline(__always)
    private static func trimmedEnd(_ vm: VM, _ s: StringPointer, _ end: Int) throws(PythonError) -> Int {
        var place = end
        while place > 0 {
            let previous = UTF8Scalar.before(place, s.bytes)
            let code = UTF8Scalar.decode(s.bytes + previous).code
            if !(code < 0x80 ? isSpaceByte(UInt8(code)) : UnicodeTable.isSpace(code)) { return place }
            place = previous
            try vm.heed()
        }
        return place
    }

    static func rsplit(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let limit = try vm.index(a[2])
        let maximum = limit < 0 ? Int.max : limit
        if a[1].isNone { return try rsplitSpaces(vm, s, maximum) }
        let separator = try self.separator(vm, a[1])
        var parts = ListWriter(vm)
        var end = s.pointee.byteCount
        while parts.count < maximum {
            let found = try ByteSearch.last(vm, s.buffer, separator.buffer, from: 0, to: end)
            if found < 0 { break }
            try parts.append(vm.longSubstring(s, found + separator.pointee.byteCount, end))
            end = found
            try vm.heed()
        }
        try parts.append(end == s.pointee.byteCount ? Value(tag: Tag.string, pointer: s).retained() : vm.substring(s, 0, end))
        parts.reverse()
        return parts.finish()
    }

    private static func rsplitSpaces(_ vm: VM, _ s: StringPointer, _ maximum: Int) throws(PythonError) -> Value {
        var parts = ListWriter(vm)
        var end = s.pointee.byteCount
        while true {
            end = try trimmedEnd(vm, s, end)
            if end == 0 { break }
            if parts.count == maximum {
                try parts.append(vm.substring(s, 0, end))
                break
            }
            var start = end
            while start > 0 {
                let previous = UTF8Scalar.before(start, s.bytes)
                if UnicodeTable.isSpace(UTF8Scalar.decode(s.bytes + previous).code) { break }
                start = previous
                try vm.heed()
            }
            try parts.append(vm.longSubstring(s, start, end))
            end = start
        }
        parts.reverse()
        return parts.finish()
    }

    static func splitlines(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let keepsEnds = try vm.isTrue(a[1])
        let bytes = s.bytes
        let end = s.pointee.byteCount
        var parts = ListWriter(vm)
        var place = 0
        while place < end {
            let start = place
            var width = 0
            line: while place < end {
                let stop = end - place > VM.copyPart ? place + VM.copyPart : end
                while place < stop {
                    // Any line break is a control character or begins with 0xC2 or 0xE2.
                    let byte = bytes[place]
                    if byte < 0x80 ? UnicodeTable.isLineBreak(UInt32(byte)) : UnicodeTable.isLineBreak(UTF8Scalar.decode(bytes + place).code) {
                        width = UTF8Scalar.width(lead: byte)
                        if byte == 0x0D, place + 1 < end, bytes[place + 1] == 0x0A { width = 2 }
                        break line
                    }
                    place += UTF8Scalar.width(lead: byte)
                }
                try vm.heed()
            }
            try parts.append(vm.longSubstring(s, start, keepsEnds ? place + width : place))
            place += width
            try vm.heed()
        }
        return parts.finish()
    }

    static func partition(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let separator = try text(vm, a[1]) { "must be str, not \($0)" }
        if separator.pointee.byteCount == 0 { throw vm.valueError("empty separator") }
        let found = try ByteSearch.first(vm, s.buffer, separator.buffer, from: 0)
        if found < 0 {
            return vm.tuple([Value(tag: Tag.string, pointer: s).retained(), vm.emptyString.retained(), vm.emptyString.retained()])
        }
        return try parts(vm, s, separator, found)
    }

    static func rpartition(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let separator = try text(vm, a[1]) { "must be str, not \($0)" }
        if separator.pointee.byteCount == 0 { throw vm.valueError("empty separator") }
        let found = try ByteSearch.last(vm, s.buffer, separator.buffer, from: 0, to: s.pointee.byteCount)
        if found < 0 {
            return vm.tuple([vm.emptyString.retained(), vm.emptyString.retained(), Value(tag: Tag.string, pointer: s).retained()])
        }
        return try parts(vm, s, separator, found)
    }

    private static func parts(_ vm: VM, _ s: StringPointer, _ separator: StringPointer, _ found: Int) throws(PythonError) -> Value {
        let before = try vm.longSubstring(s, 0, found)
        let after: Value
        do throws(PythonError) {
            after = try vm.longSubstring(s, found + separator.pointee.byteCount, s.pointee.byteCount)
        } catch {
            vm.heap.release(before)
            throw error
        }
        return vm.tuple([before, Value(tag: Tag.string, pointer: separator).retained(), after])
    }

    // MARK: join

    static func join(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let source = a[1]
        if source.tag == Tag.list {
            return try join(vm, s, UnsafeBufferPointer(start: source.list.pointee.items, count: source.list.pointee.count))
        }
        if source.tag == Tag.tuple {
            return try join(vm, s, UnsafeBufferPointer(start: source.tuple.items, count: source.tuple.pointee.count))
        }
        let items = try vm.joinedItems(source)
        defer { for item in items { vm.heap.release(item) } }
        let borrowed = items
        return try borrowed.withUnsafeBufferPointer { (buffer) throws(PythonError) -> Value in try join(vm, s, buffer) }
    }

    private static func join(_ vm: VM, _ s: StringPointer, _ items: UnsafeBufferPointer<Value>) throws(PythonError) -> Value {
        if items.isEmpty { return vm.emptyString.retained() }
        if items.count == 1, items[0].isString { return items[0].retained() }
        var size = s.pointee.byteCount * (items.count - 1)
        var length = s.pointee.length * (items.count - 1)
        var isASCII = s.isASCII || items.count == 1
        for (place, item) in items.enumerated() {
            let part = vm.payload(item)
            guard part.isString else { throw vm.typeError("sequence item \(place): expected str instance, \(vm.typeName(item)) found") }
            size += part.string.pointee.byteCount
            length += part.string.pointee.length
            isASCII = isASCII && part.string.isASCII
            if place & 0x3FF == 0x3FF { try vm.heed() }
        }
        try vm.checkRoom(size, stride: 1)
        let result = Heap.makeString(vm.heap, byteCount: size, length: length, isASCII: isASCII)
        do throws(PythonError) {
            var out = result.string.bytes
            let gap = s.pointee.byteCount
            for (place, item) in items.enumerated() {
                if place > 0, gap > 0 {
                    if gap == 1 { out.pointee = s.bytes[0] } else { memcpy(out, s.bytes, gap) }
                    out += gap
                }
                let part = vm.payload(item).string
                try vm.copyBytes(out, part.bytes, part.pointee.byteCount)
                out += part.pointee.byteCount
                if place & 0x3FF == 0x3FF { try vm.heed() }
            }
        } catch {
            vm.heap.release(result)
            throw error
        }
        return result
    }

    // MARK: strip

    static func strip(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try strip(vm, s, a[1], "strip", left: true, right: true)
    }

    static func lstrip(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try strip(vm, s, a[1], "lstrip", left: true, right: false)
    }

    static func rstrip(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try strip(vm, s, a[1], "rstrip", left: false, right: true)
    }

    private static func strip(
        _ vm: VM, _ s: StringPointer, _ characters: Value, _ name: String, left: Bool, right: Bool
    ) throws(PythonError) -> Value {
        var start = 0
        var end = s.pointee.byteCount
        if characters.isNone {
            if left { start = try skipSpaces(vm, s, 0) }
            if right, start < end { end = try trimmedEnd(vm, s, end) }
        } else {
            let set = try text(vm, characters) { _ in "\(name) arg must be None or str" }
            let bytes = s.bytes
            while left, start < end {
                let width = UTF8Scalar.width(lead: bytes[start])
                if !occurs(bytes + start, width, in: set) { break }
                start += width
                try vm.heed()
            }
            while right, end > start {
                let previous = UTF8Scalar.before(end, bytes)
                if !occurs(bytes + previous, end - previous, in: set) { break }
                end = previous
                try vm.heed()
            }
        }
        if start == 0, end == s.pointee.byteCount { return Value(tag: Tag.string, pointer: s).retained() }
        return try vm.longSubstring(s, start, end)
    }

    /// Whether the character at `bytes` is one of `set`.
    @inline(__always)
    private static func occurs(_ bytes: UnsafeMutablePointer<UInt8>, _ width: Int, in set: StringPointer) -> Bool {
        ByteSearch.first(set.buffer, UnsafeBufferPointer(start: bytes, count: width), from: 0, to: set.pointee.byteCount) >= 0
    }
}

extension VM {
    /// The items of what `join` is given, owned; its own TypeError when not iterable.
    func joinedItems(_ source: Value) throws(PythonError) -> [Value] {
        let iterator: Value
        do { iterator = try makeIterator(source) } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            throw typeError("can only join an iterable")
        }
        defer { heap.release(iterator) }
        return try collect(iterator)
    }
}
