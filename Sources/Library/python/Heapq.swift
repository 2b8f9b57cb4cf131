import Interpreter

// _heapq and _bisect: the inner loops of heapq and bisect.

/// Declares the modules `_heapq` and `_bisect`.
func registerHeapq(_ vm: VM) {
    vm.registerNativeModule("_heapq") { (vm, module) throws(PythonError) -> Void in
        for (suffix, isMax) in [("", false), ("_max", true)] {
            let order = HeapOrder(vm: vm, isMax: isMax)
            let mark = isMax ? "_" : ""
            module.function("\(mark)heappop\(suffix)", "heap, /") { (vm, a) throws(PythonError) -> Value in
                try order.pop(try heapList(vm, a[0], "\(mark)heappop\(suffix)"))
            }
            module.function("\(mark)heapreplace\(suffix)", "heap, item, /") { (vm, a) throws(PythonError) -> Value in
                let list = try heapList(vm, a[0], "\(mark)heapreplace\(suffix)")
                if list.pointee.count == 0 { throw vm.indexError("index out of range") }
                return try order.replaceFirst(list, a[1])
            }
            module.function("\(mark)heapify\(suffix)", "heap, /") { (vm, a) throws(PythonError) -> Value in
                let list = try heapList(vm, a[0], "\(mark)heapify\(suffix)")
                for position in stride(from: list.pointee.count / 2 - 1, through: 0, by: -1) { try order.sink(list, position) }
                return .none
            }
        }
        let order = HeapOrder(vm: vm, isMax: false)
        module.function("heappush", "heap, item, /") { (vm, a) throws(PythonError) -> Value in
            let list = try heapList(vm, a[0], "heappush")
            vm.listAppend(list, a[1].retained())
            try order.rise(list, 0, list.pointee.count - 1)
            return .none
        }
        module.function("heappushpop", "heap, item, /") { (vm, a) throws(PythonError) -> Value in
            let list = try heapList(vm, a[0], "heappushpop")
            if list.pointee.count == 0 { return a[1].retained() }
            let first = list.pointee.items[0].retained()
            defer { vm.heap.release(first) }
            if try !vm.isLess(first, a[1]) { return a[1].retained() }
            if list.pointee.count == 0 { throw vm.indexError("index out of range") }
            return try order.replaceFirst(list, a[1])
        }
    }
    registerBisect(vm)
}

private func heapList(_ vm: VM, _ value: Value, _ function: String) throws(PythonError) -> ListPointer {
    let list = vm.payload(value)
    guard list.tag == Tag.list else { throw vm.typeError("\(function)() argument 1 must be list, not \(vm.typeName(value))") }
    return list.list
}

/// Moves items in a list kept as a heap. Items are compared as heapq does, in the same order.
private struct HeapOrder {
    unowned let vm: VM
    let isMax: Bool

    private func precedes(_ list: ListPointer, _ a: Int, _ b: Int) throws(PythonError) -> Bool {
        try vm.heed()
        let count = list.pointee.count
        let left = list.pointee.items[a]
        let right = list.pointee.items[b]
        if (left.tag | right.tag) <= Tag.float, left.tag == right.tag {
            let isLess = left.isInt ? left.asInt < right.asInt : left.asDouble < right.asDouble
            let isGreater = left.isInt ? left.asInt > right.asInt : left.asDouble > right.asDouble
            return isMax ? isGreater : isLess
        }
        left.retain()
        right.retain()
        defer {
            vm.heap.release(left)
            vm.heap.release(right)
        }
        let result = try isMax ? vm.isLess(right, left) : vm.isLess(left, right)
        if list.pointee.count != count { throw vm.runtimeError("list changed size during iteration") }
        return result
    }

    private func exchange(_ list: ListPointer, _ a: Int, _ b: Int) {
        let items = list.pointee.items
        let value = items[a]
        items[a] = items[b]
        items[b] = value
    }

    /// Moves the item at `position` towards `start` until its parent does not come after it.
    func rise(_ list: ListPointer, _ start: Int, _ position: Int) throws(PythonError) {
        var position = position
        while position > start {
            let parent = (position - 1) >> 1
            if try !precedes(list, position, parent) { return }
            exchange(list, position, parent)
            position = parent
        }
    }

    /// Moves the item at `start` down to a leaf along the smaller children, then up into place.
    func sink(_ list: ListPointer, _ start: Int) throws(PythonError) {
        let end = list.pointee.count
        var position = start
        while 2 * position + 1 < end {
            var child = 2 * position + 1
            if child + 1 < end, try !precedes(list, child, child + 1) { child += 1 }
            exchange(list, position, child)
            position = child
        }
        try rise(list, start, position)
    }

    func pop(_ list: ListPointer) throws(PythonError) -> Value {
        let count = list.pointee.count
        if count == 0 { throw vm.indexError("index out of range") }
        let last = vm.takeListItem(list, count - 1)
        if count == 1 { return last }
        let first = list.pointee.items[0]
        list.pointee.items[0] = last
        return try settled(list, first)
    }

    /// Puts `item` (retained) in place of the first item, which is returned.
    func replaceFirst(_ list: ListPointer, _ item: Value) throws(PythonError) -> Value {
        let first = list.pointee.items[0]
        list.pointee.items[0] = item.retained()
        return try settled(list, first)
    }

    /// Restores the heap below the first place; returns `result`, releasing it on failure.
    private func settled(_ list: ListPointer, _ result: Value) throws(PythonError) -> Value {
        do throws(PythonError) {
            try sink(list, 0)
        } catch {
            vm.heap.release(result)
            throw error
        }
        return result
    }
}

// MARK: bisect

private func registerBisect(_ vm: VM) {
    vm.registerNativeModule("_bisect") { (vm, module) throws(PythonError) -> Void in
        for (side, isRight) in [("right", true), ("left", false)] {
            module.function("bisect_\(side)", "a, x, lo=0, hi=None, *, key=None") { (vm, a) throws(PythonError) -> Value in
                .int(try place(vm, a[0], a[1], a[2], a[3], key: a[4], isRight: isRight))
            }
            module.function("insort_\(side)", "a, x, lo=0, hi=None, *, key=None") { (vm, a) throws(PythonError) -> Value in
                let rank = a[4].isNone ? a[1].retained() : try vm.call(a[4], a[1])
                defer { vm.heap.release(rank) }
                let position = try place(vm, a[0], rank, a[2], a[3], key: a[4], isRight: isRight)
                if a[0].tag == Tag.list {
                    vm.insertListItem(a[0].list, min(position, a[0].list.pointee.count), a[1].retained())
                } else {
                    vm.heap.release(try vm.callMethod(a[0], "insert", .int(position), a[1]))
                }
                return .none
            }
        }
    }
}

/// Where `x` belongs in sorted `sequence`, behind or before equal items.
private func place(
    _ vm: VM, _ sequence: Value, _ x: Value, _ low: Value, _ high: Value, key: Value, isRight: Bool
) throws(PythonError) -> Int {
    var low = try vm.index(low)
    if low < 0 { throw vm.valueError("lo must be non-negative") }
    var high = high.isNone ? try vm.length(sequence) : try vm.index(high)
    while low < high {
        let middle = low + (high - low) / 2
        var item = try vm.getItem(sequence, .int(middle))
        defer { vm.heap.release(item) }
        if !key.isNone { vm.heap.replace(&item, with: try vm.call(key, item)) }
        if isRight {
            if try vm.isLess(x, item) { high = middle } else { low = middle + 1 }
        } else {
            if try vm.isLess(item, x) { low = middle + 1 } else { high = middle }
        }
    }
    return low
}
