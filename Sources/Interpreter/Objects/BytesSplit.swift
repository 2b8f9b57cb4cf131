#if canImport(Glibc)
    import Glibc
#endif

// bytes and bytearray: split, splitlines, partition, join, strip.

extension BytesMethods {
    @inline(__always)
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }

    private static func separator(_ vm: VM, _ value: Value) throws(PythonError) -> UnsafeBufferPointer<UInt8> {
        let separator = try buffer(vm, value)
        if separator.isEmpty { throw vm.valueError("empty separator") }
        return separator
    }

    static func split(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let limit = try vm.index(a[2])
        let maximum = limit < 0 ? Int.max : limit
        var parts = ListWriter(vm)
        var place = 0
        if !a[1].isNone {
            let separator = try separator(vm, a[1])
            let content = vm.byteBuffer(receiver)
            while parts.count < maximum {
                let found = try ByteSearch.first(vm, content, separator, from: place)
                if found < 0 { break }
                try parts.append(part(vm, receiver, place, found))
                place = found + separator.count
                try vm.heed()
            }
            try parts.append(part(vm, receiver, place, content.count))
            return parts.finish()
        }
        let content = vm.byteBuffer(receiver)
        while true {
            while place < content.count, isSpace(content[place]) { place += 1 }
            if place == content.count { break }
            let start = place
            if parts.count == maximum {
                try parts.append(part(vm, receiver, start, content.count))
                break
            }
            while place < content.count, !isSpace(content[place]) { place += 1 }
            try parts.append(part(vm, receiver, start, place))
            try vm.heed()
        }
        return parts.finish()
    }

    static func rsplit(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let limit = try vm.index(a[2])
        let maximum = limit < 0 ? Int.max : limit
        var parts = ListWriter(vm)
        if !a[1].isNone {
            let separator = try separator(vm, a[1])
            let content = vm.byteBuffer(receiver)
            var end = content.count
            while parts.count < maximum {
                let found = try ByteSearch.last(vm, content, separator, from: 0, to: end)
                if found < 0 { break }
                try parts.append(part(vm, receiver, found + separator.count, end))
                end = found
                try vm.heed()
            }
            try parts.append(part(vm, receiver, 0, end))
        } else {
            let content = vm.byteBuffer(receiver)
            var end = content.count
            while true {
                while end > 0, isSpace(content[end - 1]) { end -= 1 }
                if end == 0 { break }
                if parts.count == maximum {
                    try parts.append(part(vm, receiver, 0, end))
                    break
                }
                var start = end
                while start > 0, !isSpace(content[start - 1]) { start -= 1 }
                try parts.append(part(vm, receiver, start, end))
                end = start
                try vm.heed()
            }
        }
        parts.reverse()
        return parts.finish()
    }

    static func splitlines(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let keepsEnds = try vm.isTrue(a[1])
        let content = vm.byteBuffer(receiver)
        var parts = ListWriter(vm)
        var place = 0
        while place < content.count {
            let start = place
            while place < content.count, content[place] != 0x0A, content[place] != 0x0D { place += 1 }
            let end = place
            if place < content.count {
                place += content[place] == 0x0D && place + 1 < content.count && content[place + 1] == 0x0A ? 2 : 1
            }
            try parts.append(part(vm, receiver, start, keepsEnds ? place : end))
            try vm.heed()
        }
        return parts.finish()
    }

    static func partition(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let separator = try separator(vm, a[1])
        let content = vm.byteBuffer(receiver)
        let found = try ByteSearch.first(vm, content, separator, from: 0)
        if found < 0 { return vm.tuple([same(vm, receiver), make(vm, receiver, []), make(vm, receiver, [])]) }
        return try parts(vm, receiver, separator, found)
    }

    static func rpartition(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let separator = try separator(vm, a[1])
        let content = vm.byteBuffer(receiver)
        let found = try ByteSearch.last(vm, content, separator, from: 0, to: content.count)
        if found < 0 { return vm.tuple([make(vm, receiver, []), make(vm, receiver, []), same(vm, receiver)]) }
        return try parts(vm, receiver, separator, found)
    }

    private static func parts(_ vm: VM, _ receiver: Value, _ separator: UnsafeBufferPointer<UInt8>, _ found: Int) throws(PythonError) -> Value {
        let before = try part(vm, receiver, 0, found)
        let after: Value
        do throws(PythonError) {
            after = try part(vm, receiver, found + separator.count, vm.byteBuffer(receiver).count)
        } catch {
            vm.heap.release(before)
            throw error
        }
        return vm.tuple([before, make(vm, receiver, separator), after])
    }

    static func join(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let items = try vm.joinedItems(a[1])
        defer { for item in items { vm.heap.release(item) } }
        var out = try ByteBuilder(vm)
        for (place, item) in items.enumerated() {
            let plain = vm.payload(item)
            guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
                throw vm.typeError("sequence item \(place): expected a bytes-like object, \(vm.typeName(item)) found")
            }
            if place > 0 { try out.append(vm.byteBuffer(receiver)) }
            try out.append(vm.byteBuffer(plain))
        }
        return out.finish(receiver.tag)
    }

    static func strip(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try strip(vm, receiver, a[1], left: true, right: true)
    }

    static func lstrip(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try strip(vm, receiver, a[1], left: true, right: false)
    }

    static func rstrip(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try strip(vm, receiver, a[1], left: false, right: true)
    }

    private static func strip(_ vm: VM, _ receiver: Value, _ set: Value, left: Bool, right: Bool) throws(PythonError) -> Value {
        let characters = set.isNone ? nil : try buffer(vm, set)
        let content = vm.byteBuffer(receiver)
        func matches(_ byte: UInt8) -> Bool { characters?.contains(byte) ?? isSpace(byte) }
        var start = 0
        var end = content.count
        while left, start < end, matches(content[start]) { start += 1 }
        while right, end > start, matches(content[end - 1]) { end -= 1 }
        return start == 0 && end == content.count ? same(vm, receiver) : try part(vm, receiver, start, end)
    }
}
