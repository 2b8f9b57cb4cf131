#if canImport(Glibc)
    import Glibc
#endif

// The class bytearray: what changes it.

extension VM {
    /// Makes class bytearray.
    func makeByteArrayClass() {
        let signature = "cls, source=..., encoding=..., errors=..."
        let body: NativeBody = { (vm, a) throws(PythonError) -> Value in
            vm.wrap(vm.byteArray(try vm.constructorContent(a, "bytearray")), in: a[0], vm.classOfTag[Int(Tag.byteArray)])
        }
        let type = makeBuiltinClass("bytearray", layout: Tag.byteArray, construct: NativeFunction("bytearray", signature, body: body)) { vm, type in
            vm.defineByteOperations(type, "bytearray", Tag.byteArray)
            vm.defineMutation(type)
            vm.defineConstant(type, "__hash__", .none)
            vm.defineStatic(type, "__new__", signature, body)
        }
        classOfTag[Int(Tag.byteArray)] = type
        builtinClasses["bytearray"] = type
    }

    private func defineMutation(_ type: ClassPointer) {
        func add(_ name: String, _ signature: String, _ body: @escaping BytesMethods.Body) {
            defineBytes(type, "bytearray", Tag.byteArray, name, signature, body)
        }
        add("append", "self, item, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let byte = try vm.byteValue(a[1])
            let end = vm.byteBuffer(receiver).count
            vm.replaceBytes(receiver, end..<end, with: CollectionOfOne(byte))
            return .none
        }
        add("extend", "self, iterable, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let content = try vm.extensionContent(a[1])
            let end = vm.byteBuffer(receiver).count
            vm.replaceBytes(receiver, end..<end, with: content)
            return .none
        }
        add("insert", "self, index, item, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let byte = try vm.byteValue(a[2])
            var place = try vm.index(a[1])
            let count = vm.byteBuffer(receiver).count
            place = place < 0 ? max(0, place + count) : min(place, count)
            vm.replaceBytes(receiver, place..<place, with: CollectionOfOne(byte))
            return .none
        }
        add("pop", "self, index=-1, /") { (vm, receiver, a) throws(PythonError) -> Value in
            var place = try vm.index(a[1])
            let content = vm.byteBuffer(receiver)
            if content.isEmpty { throw vm.indexError("pop from empty bytearray") }
            if place < 0 { place += content.count }
            guard place >= 0, place < content.count else { throw vm.indexError("pop index out of range") }
            let byte = content[place]
            vm.replaceBytes(receiver, place..<(place + 1), with: EmptyCollection())
            return .int(Int(byte))
        }
        add("remove", "self, value, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let byte = try vm.byteValue(a[1])
            guard let place = vm.byteBuffer(receiver).firstIndex(of: byte) else { throw vm.valueError("value not found in bytearray") }
            vm.replaceBytes(receiver, place..<(place + 1), with: EmptyCollection())
            return .none
        }
        add("reverse", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let object = receiver.object(as: BytesObject.self)
            var content = UnsafeMutableBufferPointer(start: object.pointee.bytes, count: object.pointee.count)
            content.reverse()
            return .none
        }
        add("clear", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
            vm.replaceBytes(receiver, 0..<vm.byteBuffer(receiver).count, with: EmptyCollection())
            return .none
        }
        add("copy", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in vm.byteArray(vm.byteBuffer(receiver)) }
        add("__iadd__", "self, value, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let other = vm.payload(a[1])
            guard other.tag == Tag.bytes || other.tag == Tag.byteArray else {
                throw vm.typeError("can't concat \(vm.typeName(a[1])) to \(vm.typeName(a[0]))")
            }
            let end = vm.byteBuffer(receiver).count
            try vm.checkRoom(2 * (end + vm.byteBuffer(other).count), stride: 1)
            vm.replaceBytes(receiver, end..<end, with: Array(vm.byteBuffer(other)))
            return a[0].retained()
        }
        add("__imul__", "self, value, /") { (vm, receiver, a) throws(PythonError) -> Value in
            guard let count = try vm.repeatCount(a[1]) else { return .notImplemented }
            let repeated = try BytesMethods.times(vm, receiver, count)
            defer { vm.heap.release(repeated) }
            vm.replaceBytes(receiver, 0..<vm.byteBuffer(receiver).count, with: vm.byteBuffer(repeated))
            return a[0].retained()
        }
        add("__setitem__", "self, key, value, /") { (vm, receiver, a) throws(PythonError) -> Value in
            try vm.setByteItem(receiver, a[1], a[2])
            return .none
        }
        add("__delitem__", "self, key, /") { (vm, receiver, a) throws(PythonError) -> Value in
            try vm.deleteByteItem(receiver, a[1])
            return .none
        }
    }

    /// What `extend` adds.
    private func extensionContent(_ value: Value) throws(PythonError) -> [UInt8] {
        let source = payload(value)
        if source.tag == Tag.bytes || source.tag == Tag.byteArray { return Array(byteBuffer(source)) }
        let iterator: Value
        do { iterator = try makeIterator(value) } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            throw typeError("can't extend bytearray with \(typeName(value))")
        }
        defer { heap.release(iterator) }
        var content: [UInt8] = []
        try iterate(iterator) { (item) throws(PythonError) -> Bool in
            content.append(try byteValue(item))
            return true
        }
        return content
    }

    /// Puts `content` (which must not lie in the array itself) in place of a range; grows by half.
    private func replaceBytes(_ receiver: Value, _ range: Range<Int>, with content: some Collection<UInt8>) {
        let object = receiver.object(as: BytesObject.self)
        let added = content.count
        let count = object.pointee.count - range.count + added
        if count > object.pointee.capacity {
            let capacity = count + count / 2
            let grown = heap.resized(object.pointee.bytes, capacity, least: count)
            object.pointee.bytes = grown.memory.assumingMemoryBound(to: UInt8.self)
            object.pointee.capacity = grown.bytes
        }
        let bytes = object.pointee.bytes
        memmove(bytes + range.lowerBound + added, bytes + range.upperBound, object.pointee.count - range.upperBound)
        var place = range.lowerBound
        for byte in content {
            bytes[place] = byte
            place += 1
        }
        object.pointee.count = count
    }

    private func setByteItem(_ receiver: Value, _ key: Value, _ value: Value) throws(PythonError) {
        if key.tag != Tag.slice {
            let place = try BytesMethods.position(self, receiver, key)
            let byte = try byteValue(value)
            // `__index__` may have shortened the array.
            if place >= byteBuffer(receiver).count { throw indexError("bytearray index out of range") }
            receiver.object(as: BytesObject.self).pointee.bytes[place] = byte
            return
        }
        let source = payload(value)
        let content: [UInt8]
        if source.tag == Tag.bytes || source.tag == Tag.byteArray {
            content = Array(byteBuffer(source))
        } else if isInteger(source) || source.isString {
            throw typeError("can assign only bytes, buffers, or iterables of ints in range(0, 256)")
        } else {
            content = try bytesContent(value, "bytearray")
        }
        let slice = try unpackSlice(key).adjusted(to: byteBuffer(receiver).count)
        if slice.step != 1, content.isEmpty {
            try deleteByteItem(receiver, key)
            return
        }
        if slice.step == 1 {
            replaceBytes(receiver, slice.start..<(slice.start + slice.count), with: content)
            return
        }
        if content.count != slice.count {
            throw valueError("attempt to assign bytes of size \(content.count) to extended slice of size \(slice.count)")
        }
        let bytes = receiver.object(as: BytesObject.self).pointee.bytes
        for place in 0..<slice.count { bytes[slice.start + place * slice.step] = content[place] }
    }

    private func deleteByteItem(_ receiver: Value, _ key: Value) throws(PythonError) {
        if key.tag != Tag.slice {
            let place = try BytesMethods.position(self, receiver, key)
            replaceBytes(receiver, place..<(place + 1), with: EmptyCollection())
            return
        }
        let slice = try unpackSlice(key).adjusted(to: byteBuffer(receiver).count)
        if slice.step == 1 {
            replaceBytes(receiver, slice.start..<(slice.start + slice.count), with: EmptyCollection())
            return
        }
        let dropped = Set((0..<slice.count).map { slice.start + $0 * slice.step })
        let kept = byteBuffer(receiver).enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
        replaceBytes(receiver, 0..<byteBuffer(receiver).count, with: kept)
    }
}
