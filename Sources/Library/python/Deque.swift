import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// collections.deque: a ring of values.
final class Deque: ReferenceHolder {
    private let heap: Heap
    private var ring: UnsafeMutablePointer<Value>
    /// A power of two.
    private var capacity = Deque.smallest
    private static let smallest = 8
    private var first = 0
    private(set) var count = 0
    /// nil: unbounded.
    var limit: Int?
    /// Changes with every change of size: iterators notice.
    private(set) var version = 0

    init(_ heap: Heap, limit: Int? = nil) {
        self.heap = heap
        self.limit = limit
        ring = Deque.makeRing(heap, Deque.smallest)
    }

    private static func makeRing(_ heap: Heap, _ capacity: Int) -> UnsafeMutablePointer<Value> {
        heap.memory(capacity * MemoryLayout<Value>.stride).bindMemory(to: Value.self, capacity: capacity)
    }

    deinit {
        for position in 0..<count { heap.release(self[position]) }
        free(ring)
    }

    subscript(position: Int) -> Value {
        get { ring[(first + position) & (capacity - 1)] }
        set { ring[(first + position) & (capacity - 1)] = newValue }
    }

    func visitReferences(_ visit: (Value) -> Void) {
        for position in 0..<count { visit(self[position]) }
    }

    func dropReferences() { clear() }

    /// Makes room for `added` more items; MemoryError when it cannot be had.
    @inline(__always)
    func makeRoom(_ vm: VM, for added: Int = 1) throws(PythonError) {
        if capacity - count < added { try grow(vm, count + added) }
    }

    @inline(never)
    private func grow(_ vm: VM, _ needed: Int) throws(PythonError) {
        if needed > 1 << 48 { throw vm.memoryError() }
        var larger = capacity * 2
        while larger < needed { larger *= 2 }
        try vm.checkRoom(larger)
        let fresh = Deque.makeRing(heap, larger)
        for position in 0..<count { fresh[position] = self[position] }
        free(ring)
        ring = fresh
        first = 0
        capacity = larger
    }

    /// Takes over the reference; a full bounded deque loses its first item. There must be room.
    func append(_ value: Value) {
        if limit == 0 { return heap.release(value) }
        self[count] = value
        count += 1
        version &+= 1
        if let limit, count > limit { heap.release(takeFirst()) }
    }

    /// Takes over the reference; a full bounded deque loses its last item. There must be room.
    func prepend(_ value: Value) {
        if limit == 0 { return heap.release(value) }
        first = (first + capacity - 1) & (capacity - 1)
        ring[first] = value
        count += 1
        version &+= 1
        if let limit, count > limit { heap.release(takeLast()) }
    }

    /// The first item, owned by the caller. The deque must not be empty.
    func takeFirst() -> Value {
        let value = ring[first]
        first = (first + 1) & (capacity - 1)
        count -= 1
        version &+= 1
        return value
    }

    /// The last item, owned by the caller. The deque must not be empty.
    func takeLast() -> Value {
        count -= 1
        version &+= 1
        return self[count]
    }

    func clear() {
        // Emptied first: what is released may come back and look.
        let (old, begin, mask, size) = (ring, first, capacity - 1, count)
        ring = Deque.makeRing(heap, Deque.smallest)
        capacity = Deque.smallest
        count = 0
        first = 0
        version &+= 1
        for position in 0..<size { heap.release(old[(begin + position) & mask]) }
        free(old)
    }

    /// Moves every item `steps` to the right, the last ones to the front. An interrupt leaves it rotated by fewer.
    func rotate(_ vm: VM, _ steps: Int) throws(PythonError) {
        guard count > 1 else { return }
        var steps = steps % count
        if steps < 0 { steps += count }
        version &+= 1
        if steps <= count / 2 {
            for _ in 0..<steps {
                let last = self[count - 1]
                first = (first + capacity - 1) & (capacity - 1)
                ring[first] = last
                try vm.heed()
            }
        } else {
            for _ in 0..<(count - steps) {
                let value = ring[first]
                self[count] = value
                first = (first + 1) & (capacity - 1)
                try vm.heed()
            }
        }
    }

    /// Inserts at a position within 0…count; takes over the reference. There must be room.
    func insert(_ value: Value, at position: Int) {
        var place = count
        while place > position {
            self[place] = self[place - 1]
            place -= 1
        }
        self[position] = value
        count += 1
        version &+= 1
    }

    /// Removes the item at a valid position; the caller owns it.
    func remove(at position: Int) -> Value {
        let value = self[position]
        for place in position..<(count - 1) { self[place] = self[place + 1] }
        count -= 1
        version &+= 1
        return value
    }

    /// An interrupt leaves the items in another order.
    func reverse(_ vm: VM) throws(PythonError) {
        var left = 0
        var right = count - 1
        while left < right {
            let value = self[left]
            self[left] = self[right]
            self[right] = value
            left += 1
            right -= 1
            try vm.heed()
        }
        version &+= 1
    }
}
