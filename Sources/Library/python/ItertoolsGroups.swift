import Interpreter

// itertools: groupby and tee, whose iterators share their input.

/// Places in a groupby's `held`.
private enum Group {
    static let source = 0
    static let key = 1
    static let currentKey = 2
    static let currentValue = 3
    static let targetKey = 4
}

func addGroupby(_ module: NativeModule) {
    let grouper = module.iteratorClass("_grouper", "cls, parent, tgtkey, /") { (vm, type, a) throws(PythonError) -> Value in
        throw vm.typeError("cannot create 'itertools._grouper' instances")
    }
    module.iteratorClass("groupby", "cls, iterable, key=None") { (vm, type, a) throws(PythonError) -> Value in
        /// Which group is current: an older one's iterator has nothing more to give.
        var turn = 0
        let values = [try vm.makeIterator(a[1]), a[2].retained(), .undefined, .undefined, .undefined]
        return vm.nativeIterator(type, holding: values) { (vm, state) throws(PythonError) -> Value in
            turn += 1
            while true {
                if !state.held[Group.currentKey].isUndefined {
                    if state.held[Group.targetKey].isUndefined { break }
                    if try !sameKey(vm, state.held[Group.targetKey], state.held[Group.currentKey]) { break }
                }
                if try !advanceGroup(vm, state) { return .undefined }
            }
            state.hold(Group.targetKey, state.held[Group.currentKey].retained())
            let own = turn
            let target = state.held[Group.targetKey]
            let group = vm.nativeIterator(grouper, holding: [state.value.retained(), target.retained()]) { (vm, group) throws(PythonError) -> Value in
                guard own == turn, let parent = vm.nativeObject(group.held[0], as: NativeIterator.self) else { return .undefined }
                if parent.held[Group.currentValue].isUndefined, try !advanceGroup(vm, parent) { return .undefined }
                if try !sameKey(vm, group.held[1], parent.held[Group.currentKey]) { return .undefined }
                parent.hold(Group.currentKey, .undefined)
                return parent.take(Group.currentValue)
            }
            return vm.pair(state.held[Group.targetKey].retained(), group)
        }
    }
}

private func sameKey(_ vm: VM, _ a: Value, _ b: Value) throws(PythonError) -> Bool {
    a.retain()
    b.retain()
    defer {
        vm.heap.release(a)
        vm.heap.release(b)
    }
    return try vm.equals(a, b)
}

/// Reads the next item and its key; false at the end.
private func advanceGroup(_ vm: VM, _ state: NativeIterator) throws(PythonError) -> Bool {
    let item = try vm.next(state.held[Group.source])
    if item.isUndefined { return false }
    let key: Value
    do {
        key = state.held[Group.key].isNone ? item.retained() : try vm.call(state.held[Group.key], item)
    } catch {
        vm.heap.release(item)
        throw error
    }
    state.hold(Group.currentValue, item)
    state.hold(Group.currentKey, key)
    return true
}

// MARK: tee

/// What the iterators of one `tee` share: the source and the items not every one of them has taken yet.
private final class TeeSource: ReferenceHolder {
    private struct Reader { weak var iterator: NativeIterator? }

    let heap: Heap
    var iterator: Value
    var items: [Value] = []
    /// Index of `items[0]` in the source.
    var base = 0
    private var readers: [Reader] = []

    /// Takes over `iterator`.
    init(_ iterator: Value, _ heap: Heap) {
        self.iterator = iterator
        self.heap = heap
    }

    deinit { dropReferences() }

    func visitReferences(_ visit: (Value) -> Void) {
        visit(iterator)
        for item in items { visit(item) }
    }

    func dropReferences() {
        heap.replace(&iterator, with: .none)
        let old = items
        items = []
        for item in old { heap.release(item) }
    }

    func join(_ reader: NativeIterator) { readers.append(Reader(iterator: reader)) }

    /// The item at `index`; undefined at the end.
    func item(_ vm: VM, _ index: Int) throws(PythonError) -> Value {
        if index - base < items.count { return items[index - base].retained() }
        let item = try vm.next(iterator)
        if item.isUndefined { return item }
        if items.count >= 64, items.count & (items.count - 1) == 0 { trim() }
        items.append(item)
        return item.retained()
    }

    /// Forgets what every reader has passed. Called at powers of two: amortised O(1) an item.
    private func trim() {
        readers.removeAll { $0.iterator == nil }
        let first = readers.compactMap { $0.iterator?.held[1].asInt }.min() ?? base
        let passed = min(items.count, max(0, first - base))
        for item in items[..<passed] { heap.release(item) }
        items.removeFirst(passed)
        base += passed
    }
}

func addTee(_ module: NativeModule) {
    let vm = module.vm
    let shared = vm.makeBuiltinClass("_tee_dataobject", module: "itertools", layout: Tag.native, isBase: false)

    /// A reader (of class `type`) of a shared source (borrowed) from item `index` on.
    func makeReader(_ vm: VM, _ type: ClassPointer, _ source: Value, _ index: Int) -> Value {
        let reader = vm.nativeIterator(type, holding: [source.retained(), .int(index)]) { (vm, state) throws(PythonError) -> Value in
            guard let source = vm.nativeObject(state.held[0], as: TeeSource.self) else { return .undefined }
            let index = state.held[1].asInt
            let item = try source.item(vm, index)
            if !item.isUndefined { state.held[1] = .int(index + 1) }
            return item
        }
        if let iterator = vm.nativeObject(reader, as: NativeIterator.self) {
            vm.nativeObject(source, as: TeeSource.self)?.join(iterator)
        }
        return reader
    }

    /// A reader over any iterable; one that reads a shared source already is copied.
    func makeTee(_ vm: VM, _ type: ClassPointer, _ iterable: Value) throws(PythonError) -> Value {
        let iterator = try vm.makeIterator(iterable)
        if iterator.tag == Tag.native, vm.typeOf(iterator) == type, let state = vm.nativeObject(iterator, as: NativeIterator.self) {
            defer { vm.heap.release(iterator) }
            return makeReader(vm, type, state.held[0], state.held[1].asInt)
        }
        let source = vm.native(TeeSource(iterator, vm.heap), shared)
        defer { vm.heap.release(source) }
        return makeReader(vm, type, source, 0)
    }

    let type = module.iteratorClass(
        "_tee", "cls, iterable, /",
        populate: { vm, type in
            vm.define(type, "__copy__", "self, /") { (vm, a) throws(PythonError) -> Value in try makeTee(vm, type, a[0]) }
        },
        { (vm, type, a) throws(PythonError) -> Value in try makeTee(vm, type, a[1]) })
    module.function("tee", "iterable, n=2, /") { (vm, a) throws(PythonError) -> Value in
        let count = try vm.index(a[1])
        if count < 0 { throw vm.valueError("n must be >= 0") }
        try vm.checkRoom(count)
        var readers: [Value] = []
        if count > 0 { readers.append(try makeTee(vm, type, a[0])) }
        while readers.count < count { readers.append(try makeTee(vm, type, readers[0])) }
        return vm.tuple(readers)
    }
}
