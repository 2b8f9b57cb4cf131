import Interpreter

/// collections.deque: a ring of values.
final class Deque: ReferenceHolder {
    private let heap: Heap
    private var ring: UnsafeMutablePointer<Value>
    /// A power of two.
    private var capacity = 8
    private var first = 0
    private(set) var count = 0
    /// nil: unbounded.
    var limit: Int?
    /// Changes with every change of size: iterators notice.
    private(set) var version = 0

    init(_ heap: Heap, limit: Int? = nil) {
        self.heap = heap
        self.limit = limit
        ring = .allocate(capacity: 8)
    }

    deinit {
        for position in 0..<count { heap.release(self[position]) }
        ring.deallocate()
    }

    subscript(position: Int) -> Value {
        get { ring[(first + position) & (capacity - 1)] }
        set { ring[(first + position) & (capacity - 1)] = newValue }
    }

    func visitReferences(_ visit: (Value) -> Void) {
        for position in 0..<count { visit(self[position]) }
    }

    func dropReferences() { clear() }

    private func grow() {
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
        for position in 0..<count { larger[position] = self[position] }
        ring.deallocate()
        ring = larger
        first = 0
        capacity *= 2
    }

    /// Takes over the reference; a full bounded deque loses its first item.
    func append(_ value: Value) {
        if limit == 0 { return heap.release(value) }
        if count == capacity { grow() }
        self[count] = value
        count += 1
        version &+= 1
        if let limit, count > limit { heap.release(takeFirst()) }
    }

    /// Takes over the reference; a full bounded deque loses its last item.
    func prepend(_ value: Value) {
        if limit == 0 { return heap.release(value) }
        if count == capacity { grow() }
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
        let old = (0..<count).map { self[$0] }
        count = 0
        first = 0
        version &+= 1
        for value in old { heap.release(value) }
    }

    /// Moves every item `steps` to the right, the last ones to the front.
    func rotate(_ steps: Int) {
        guard count > 1 else { return }
        var steps = steps % count
        if steps < 0 { steps += count }
        version &+= 1
        if steps <= count / 2 {
            for _ in 0..<steps {
                let last = self[count - 1]
                first = (first + capacity - 1) & (capacity - 1)
                ring[first] = last
            }
        } else {
            for _ in 0..<(count - steps) {
                let value = ring[first]
                self[count] = value
                first = (first + 1) & (capacity - 1)
            }
        }
    }

    /// Inserts at a position within 0…count; takes over the reference.
    func insert(_ value: Value, at position: Int) {
        if count == capacity { grow() }
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

    func reverse() {
        var left = 0
        var right = count - 1
        while left < right {
            let value = self[left]
            self[left] = self[right]
            self[right] = value
            left += 1
            right -= 1
        }
        version &+= 1
    }
}
