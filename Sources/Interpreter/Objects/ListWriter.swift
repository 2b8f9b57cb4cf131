#if canImport(Glibc)
    import Glibc
#endif

/// A list under construction. Begins with room for twelve items, as most splits need no more.
struct ListWriter: ~Copyable {
    private let vm: VM
    private let list: UnsafeMutablePointer<ListObject>
    private var isFinished = false

    init(_ vm: VM, capacity: Int = 12) {
        self.vm = vm
        list = Heap.makeList(vm.heap, capacity: capacity).list
    }

    deinit {
        if !isFinished { vm.heap.release(Value(tag: Tag.list, pointer: list)) }
    }

    var count: Int { list.pointee.count }

    /// Takes over the reference, also when there is no room for it: then MemoryError.
    @inline(__always)
    mutating func append(_ value: Value) throws(PythonError) {
        if list.pointee.count == list.pointee.capacity { try grow(before: value) }
        list.pointee.items[list.pointee.count] = value
        list.pointee.count += 1
    }

    @inline(never)
    private func grow(before value: Value) throws(PythonError) {
        let capacity = list.pointee.capacity * 2
        do throws(PythonError) {
            try vm.checkRoom(capacity)
        } catch {
            vm.heap.release(value)
            throw error
        }
        let stride = MemoryLayout<Value>.stride
        let grown = vm.heap.resized(list.pointee.items, capacity * stride, least: (list.pointee.count + 1) * stride)
        list.pointee.items = grown.memory.assumingMemoryBound(to: Value.self)
        list.pointee.capacity = grown.bytes / stride
    }

    mutating func reverse() {
        var items = UnsafeMutableBufferPointer(start: list.pointee.items, count: list.pointee.count)
        items.reverse()
    }

    /// The list, owned by the caller.
    consuming func finish() -> Value {
        isFinished = true
        return Value(tag: Tag.list, pointer: list)
    }
}
