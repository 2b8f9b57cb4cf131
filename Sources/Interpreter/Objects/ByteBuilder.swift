#if canImport(Glibc)
    import Glibc
#endif

/// bytes or bytearray under construction: the memory that is written to becomes the object's. Appending raises MemoryError when
/// there is no room, and answers interrupts.
struct ByteBuilder: ~Copyable {
    private let vm: VM
    private var bytes: UnsafeMutablePointer<UInt8>?
    private(set) var count = 0
    private var capacity: Int

    init(_ vm: VM, capacity: Int = 0) throws(PythonError) {
        try vm.checkRoom(capacity, stride: 1)
        self.vm = vm
        self.capacity = max(capacity, 64)
        bytes = vm.heap.memory(self.capacity).assumingMemoryBound(to: UInt8.self)
    }

    deinit { free(bytes) }

    /// Makes room for `extra` more bytes.
    @inline(__always)
    mutating func reserve(_ extra: Int) throws(PythonError) {
        if count + extra > capacity { try grow(count + extra) }
    }

    @inline(never)
    private mutating func grow(_ needed: Int) throws(PythonError) {
        try vm.heed()
        try vm.checkRoom(needed, stride: 1)
        let grown = vm.heap.resized(bytes, max(needed, capacity + capacity / 2), least: needed)
        bytes = grown.memory.assumingMemoryBound(to: UInt8.self)
        capacity = grown.bytes
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) throws(PythonError) {
        try reserve(1)
        bytes.unsafelyUnwrapped[count] = byte
        count += 1
    }

    mutating func append(_ byte: UInt8, times: Int) throws(PythonError) {
        if times <= 0 { return }
        try reserve(times)
        let place = bytes.unsafelyUnwrapped + count
        try vm.inParts(times, of: VM.copyPart) { (place + $0.lowerBound).update(repeating: byte, count: $0.count) }
        count += times
    }

    mutating func append(_ content: UnsafeBufferPointer<UInt8>) throws(PythonError) {
        guard let base = content.baseAddress, content.count > 0 else { return }
        try reserve(content.count)
        try vm.copyBytes(bytes.unsafelyUnwrapped + count, base, content.count)
        count += content.count
        try vm.heed()
    }

    mutating func append(_ content: Slice<UnsafeBufferPointer<UInt8>>) throws(PythonError) {
        try append(UnsafeBufferPointer(rebasing: content))
    }

    /// The object, owned by the caller; `tag` is of bytes or bytearray.
    consuming func finish(_ tag: UInt64) -> Value {
        let fitted = count < capacity ? vm.heap.resized(bytes, count).assumingMemoryBound(to: UInt8.self) : bytes.unsafelyUnwrapped
        bytes = nil
        return vm.adoptBytes(fitted, count, tag)
    }
}

extension VM {
    /// A bytes or bytearray of memory from the heap, taken over, with room for `count` bytes and at least one.
    func adoptBytes(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int, _ tag: UInt64) -> Value {
        let memory = heap.allocate(MemoryLayout<BytesObject>.stride, tag)
        let object = memory.assumingMemoryBound(to: BytesObject.self)
        object.pointee.count = count
        object.pointee.capacity = max(1, count)
        object.pointee.bytes = bytes
        object.pointee.hash = 0
        return Value(tag: tag, pointer: memory)
    }

    /// bytes with a copy of content that may be long.
    package func longBytes(_ content: UnsafeBufferPointer<UInt8>) throws(PythonError) -> Value {
        if content.count <= VM.copyPart { return bytes(content) }
        var out = try ByteBuilder(self, capacity: content.count)
        try out.append(content)
        return out.finish(Tag.bytes)
    }

    /// `count` bytes, each as `byte` says for its position.
    @inline(__always)
    func makeBytes(_ count: Int, _ tag: UInt64, _ byte: (Int) -> UInt8) throws(PythonError) -> Value {
        try checkRoom(count, stride: 1)
        let bytes = heap.memory(count).assumingMemoryBound(to: UInt8.self)
        return try building(adoptBytes(bytes, count, tag)) { (value) throws(PythonError) in
            var start = 0
            while start < count {
                let end = count - start > VM.copyPart ? start + VM.copyPart : count
                for position in start..<end { bytes[position] = byte(position) }
                start = end
                try heed()
            }
        }
    }
}
