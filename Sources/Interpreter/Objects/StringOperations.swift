import Bytecode
import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// What the language's operators do with str: concatenation, repetition, comparison, `in`, items.

extension VM {
    /// `a + b`
    package func stringConcat(_ a: StringPointer, _ b: StringPointer) throws(PythonError) -> Value {
        if b.pointee.byteCount == 0 { return Value(tag: Tag.string, pointer: a).retained() }
        if a.pointee.byteCount == 0 { return Value(tag: Tag.string, pointer: b).retained() }
        try checkRoom(a.pointee.byteCount + b.pointee.byteCount, stride: 1)
        let value = Heap.makeString(
            heap, byteCount: a.pointee.byteCount + b.pointee.byteCount, length: a.pointee.length + b.pointee.length,
            isASCII: a.isASCII && b.isASCII)
        if a.pointee.byteCount + b.pointee.byteCount > VM.copyPart {
            return try building(value) { (value) throws(PythonError) in
                try copyBytes(value.string.bytes, a.bytes, a.pointee.byteCount)
                try copyBytes(value.string.bytes + a.pointee.byteCount, b.bytes, b.pointee.byteCount)
            }
        }
        memcpy(value.string.bytes, a.bytes, a.pointee.byteCount)
        memcpy(value.string.bytes + a.pointee.byteCount, b.bytes, b.pointee.byteCount)
        return value
    }

    /// `a += b` for two strs: takes over `a`, which grows in place when nobody else holds it. Amortised O(len(b)).
    package func appendString(_ a: Value, _ b: Value) throws(PythonError) -> Value {
        let string = a.string
        let addition = b.string
        if string.pointee.header.references != 1 || string.pointee.header.flags & HeaderFlag.interned != 0 || string == addition {
            defer { heap.release(a) }
            return try stringConcat(string, addition)
        }
        let count = string.pointee.byteCount
        let added = addition.pointee.byteCount
        if count + added <= string.pointee.capacity {
            extend(string, addition)
            return a
        }
        return try appendGrowing(a, addition)
    }

    @inline(never)
    private func appendGrowing(_ a: Value, _ addition: StringPointer) throws(PythonError) -> Value {
        let string = a.string
        let needed = string.pointee.byteCount + addition.pointee.byteCount
        let room = needed + needed / 2
        do throws(PythonError) {
            try checkRoom(room, stride: 1)
        } catch {
            heap.release(a)
            throw error
        }
        let grown: StringPointer
        if string.pointee.header.sizeClass == Heap.ownMemory {
            grown = heap.reallocateLarge(string, MemoryLayout<StringObject>.stride + room).assumingMemoryBound(to: StringObject.self)
            grown.pointee.capacity = room
        } else {
            grown =
                Heap.makeString(
                    heap, byteCount: string.pointee.byteCount, length: string.pointee.length, isASCII: string.isASCII, capacity: room
                ).string
            memcpy(grown.bytes, string.bytes, string.pointee.byteCount)
            heap.release(a)
        }
        extend(grown, addition)
        return Value(tag: Tag.string, pointer: grown)
    }

    /// Adds to a string with room for it that nobody else sees.
    @inline(__always)
    private func extend(_ string: StringPointer, _ addition: StringPointer) {
        memcpy(string.bytes + string.pointee.byteCount, addition.bytes, addition.pointee.byteCount)
        string.pointee.byteCount += addition.pointee.byteCount
        string.pointee.length += addition.pointee.length
        string.pointee.header.flags &= ~HeaderFlag.hashed
        if !addition.isASCII { string.pointee.header.flags &= ~HeaderFlag.ascii }
        if let samples = string.pointee.index {
            free(samples)
            string.pointee.index = nil
        }
    }

    /// `string * count`
    package func stringRepeat(_ string: StringPointer, _ count: Int) throws(PythonError) -> Value {
        let size = string.pointee.byteCount
        if count <= 0 || size == 0 { return emptyString.retained() }
        if count == 1 { return Value(tag: Tag.string, pointer: string).retained() }
        let (total, overflow) = size.multipliedReportingOverflow(by: count)
        if overflow { throw memoryError() }
        try checkRoom(total, stride: 1)
        let value = Heap.makeString(heap, byteCount: total, length: string.pointee.length * count, isASCII: string.isASCII)
        return try building(value) { (value) throws(PythonError) in try fill(value.string.bytes, total, with: string.bytes, size) }
    }

    /// Fills `total` bytes with copies of `size` bytes, doubling.
    func fill(_ out: UnsafeMutablePointer<UInt8>, _ total: Int, with source: UnsafePointer<UInt8>, _ size: Int) throws(PythonError) {
        if size == 1 {
            let byte = Int32(source[0])
            try inParts(total, of: VM.copyPart) { memset(out + $0.lowerBound, byte, $0.count) }
            return
        }
        try copyBytes(out, source, min(size, total))
        // Whole copies of the source are copied on, as many as one part holds.
        let most = max(size, VM.copyPart / size * size)
        var done = size
        while done < total {
            let step = min(done, total - done, most)
            try copyBytes(out + done, out, step)
            done += step
            try heed()
        }
    }

    /// Negative, 0, positive: order by code points.
    package func stringCompare(_ a: StringPointer, _ b: StringPointer) throws(PythonError) -> Int {
        let order = try compareBytes(a.bytes, b.bytes, min(a.pointee.byteCount, b.pointee.byteCount))
        return order != 0 ? order : a.pointee.byteCount - b.pointee.byteCount
    }

    /// `item in container` for a str container.
    package func stringContains(_ container: Value, _ item: Value) throws(PythonError) -> Bool {
        let needle = payload(item)
        guard needle.isString else { throw typeError("'in <string>' requires string as left operand, not \(typeName(item))") }
        return try ByteSearch.first(self, payload(container).string.buffer, needle.string.buffer, from: 0) >= 0
    }

    /// `container[key]` for a str container.
    package func stringItem(_ container: Value, _ key: Value) throws(PythonError) -> Value {
        let string = payload(container).string
        var position: Int
        if key.isInt {
            position = key.asInt
        } else if key.tag == Tag.slice {
            return try stringSlice(string, key)
        } else {
            position = try itemIndex(key) { "string indices must be integers, not '\(typeName(key))'" }
        }
        let length = string.pointee.length
        if position < 0 { position += length }
        guard position >= 0, position < length else { throw indexError("string index out of range") }
        if string.isASCII { return latinStrings[Int(string.bytes[position])].retained() }
        return self.string(codePoint: UTF8Scalar.decode(string.bytes + byteOffset(string, position)).code)
    }

    /// A subscript as an integer; IndexError beyond 64 bits.
    func itemIndex(_ key: Value, _ message: () -> String) throws(PythonError) -> Int {
        if special(typeOf(key), .index).isUndefined { throw typeError(message()) }
        let integer = try integer(key)
        defer { heap.release(integer) }
        if integer.tag == Tag.bigInt { throw indexError("cannot fit '\(typeName(key))' into an index-sized integer") }
        return integer.asInt
    }

    private func stringSlice(_ string: StringPointer, _ key: Value) throws(PythonError) -> Value {
        let slice = try unpackSlice(key).adjusted(to: string.pointee.length)
        if slice.count == 0 { return emptyString.retained() }
        if slice.step == 1 {
            if slice.count == string.pointee.length { return Value(tag: Tag.string, pointer: string).retained() }
            return try longSubstring(string, byteOffset(string, slice.start), byteOffset(string, slice.start + slice.count))
        }
        if string.isASCII {
            if slice.count == 1 { return latinStrings[Int(string.bytes[slice.start])].retained() }
            let source = string.bytes + slice.start
            try checkRoom(slice.count, stride: 1)
            return try building(Heap.makeString(heap, byteCount: slice.count, length: slice.count, isASCII: true)) { (value) throws(PythonError) in
                let out = value.string.bytes
                try inParts(slice.count) { for place in $0 { out[place] = source[place &* slice.step] } }
            }
        }
        var out = StringBuilder(self, capacity: slice.count)
        for place in 0..<slice.count {
            out.append(codePoint: UTF8Scalar.decode(string.bytes + byteOffset(string, slice.start + place * slice.step)).code)
            try heed()
        }
        return out.finish()
    }
}
