import Syntax

// The class list.

extension VM {
    /// The six ordering methods and what they compute.
    package static let orderings: [(name: String, operation: CompareOperator)] = [
        ("__lt__", .less), ("__le__", .lessEqual), ("__eq__", .equal), ("__ne__", .notEqual), ("__gt__", .greater), ("__ge__", .greaterEqual),
    ]

    func makeListClass() {
        let construct = NativeFunction("list", "cls, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            a.has(1) ? try vm.makeList(from: a[1]) : vm.list()
        }
        let type = makeBuiltinClass("list", layout: Tag.list, construct: construct) { (vm, type) in
            vm.fillListMethods(type)
            vm.fillListOperators(type)
        }
        classOfTag[Int(Tag.list)] = type
        builtinClasses["list"] = type
    }

    /// `__new__` of a mutable container: an empty value, wrapped for derived classes; `__init__` fills it.
    package func defineEmptyNew(_ type: ClassPointer, _ make: @escaping (VM) -> Value) {
        defineStatic(type, "__new__", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            let requested = try vm.requestedClass(a[0], type)
            return requested == type ? make(vm) : vm.instance(of: requested, payload: make(vm))
        }
    }

    /// The class given to `__new__`, checked to derive from `type`.
    package func requestedClass(_ value: Value, _ type: ClassPointer) throws(PythonError) -> ClassPointer {
        let name = type.info.name
        guard value.tag == Tag.classObject else {
            throw typeError("\(name).__new__(X): X is not a type object (\(typeName(value)))")
        }
        let requested = value.object(as: ClassObject.self)
        guard isSubclass(requested, type) else {
            throw typeError("\(name).__new__(\(requested.info.name)): \(requested.info.name) is not a subtype of \(name)")
        }
        return requested
    }

    private func fillListMethods(_ type: ClassPointer) {
        defineClassGetItem(type)
        defineEmptyNew(type) { $0.list() }
        define(type, "__init__", "self, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            let target = try vm.containerSelf(a[0], Tag.list, "__init__")
            let content = a.has(1) ? try vm.makeList(from: a[1]) : vm.list()
            defer { vm.heap.release(content) }
            vm.exchangeLists(target.list, content.list)
            return .none
        }
        define(type, "append", "self, object, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "append").list
            vm.listAppend(list, a[1].retained())
            return .none
        }
        define(type, "extend", "self, iterable, /") { (vm, a) throws(PythonError) -> Value in
            try vm.listExtend(vm.containerSelf(a[0], Tag.list, "extend"), vm.exactPayload(a[1]))
            return .none
        }
        define(type, "insert", "self, index, object, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "insert").list
            var position = try vm.index(a[1])
            let count = list.pointee.count
            if position < 0 { position = max(0, position &+ count) }
            vm.insertListItem(list, min(position, count), a[2].retained())
            return .none
        }
        define(type, "pop", "self, index=-1, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "pop").list
            var position = try vm.index(a[1])
            let count = list.pointee.count
            if count == 0 { throw vm.indexError("pop from empty list") }
            if position < 0 { position &+= count }
            guard position >= 0, position < count else { throw vm.indexError("pop index out of range") }
            return vm.takeListItem(list, position)
        }
        define(type, "remove", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "remove").list
            let position = try vm.listPosition(list, of: a[1], from: 0, to: Int.max)
            if position < 0 || position >= list.pointee.count { throw vm.valueError("list.remove(x): x not in list") }
            vm.heap.release(vm.takeListItem(list, position))
            return .none
        }
        define(type, "index", "self, value, start=0, stop=9223372036854775807, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "index").list
            let (start, stop) = try vm.searchBounds(a, list.pointee.count)
            let position = try vm.listPosition(list, of: a[1], from: start, to: stop)
            if position < 0 { throw vm.valueError("\(try vm.reprText(a[1])) is not in list") }
            return .int(position)
        }
        define(type, "count", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "count").list
            var count = 0
            var position = 0
            while position < list.pointee.count {
                let item = list.pointee.items[position].retained()
                defer { vm.heap.release(item) }
                if try vm.equals(item, a[1]) { count += 1 }
                position += 1
                try vm.heed()
            }
            return .int(count)
        }
        define(type, "reverse", "self, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "reverse").list
            let items = list.pointee.items
            let last = list.pointee.count - 1
            try vm.inParts(list.pointee.count / 2) { part in
                for index in part { (items[index], items[last - index]) = (items[last - index], items[index]) }
            }
            return .none
        }
        define(type, "clear", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.clearList(try vm.containerSelf(a[0], Tag.list, "clear").list)
            return .none
        }
        define(type, "copy", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.copyList(vm.containerSelf(a[0], Tag.list, "copy").list)
        }
        define(type, "sort", "self, *, key=None, reverse=False") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "sort").list
            try vm.sortList(list, key: a[1], reverse: vm.index(a[2]) != 0)
            return .none
        }
    }

    /// The built-in container inside an instance of a derived class that iterates as the container itself does, so that it
    /// may be read directly; any other value unchanged.
    package func exactPayload(_ value: Value) -> Value {
        guard value.tag == Tag.instance else { return value }
        let inner = payload(value)
        if inner.tag == Tag.instance { return value }
        let own = special(typeOf(value), .iter)
        guard inner.tag < UInt64(Tag.count), let base = classOfTag[Int(inner.tag)] else { return value }
        return own.isIdentical(to: special(base, .iter)) ? inner : value
    }

    /// Optional `start` and `stop` arguments 2 and 3 of `index`, clipped.
    func searchBounds(_ a: Arguments, _ count: Int) throws(PythonError) -> (Int, Int) {
        var start = try sliceIndex(a[2], allowsNone: false)
        var stop = try sliceIndex(a[3], allowsNone: false)
        if start < 0 { start = max(0, start &+ count) }
        if stop < 0 { stop = max(0, stop &+ count) }
        return (start, stop)
    }

    /// First position of an equal item in start..<stop, −1 when there is none. The list may change while `__eq__` runs.
    func listPosition(_ list: ListPointer, of value: Value, from start: Int, to stop: Int) throws(PythonError) -> Int {
        var position = start
        while position < stop, position < list.pointee.count {
            let item = list.pointee.items[position].retained()
            defer { heap.release(item) }
            if try equals(item, value) { return position }
            position += 1
            try heed()
        }
        return -1
    }

    func exchangeLists(_ a: ListPointer, _ b: ListPointer) {
        swap(&a.pointee.items, &b.pointee.items)
        swap(&a.pointee.count, &b.pointee.count)
        swap(&a.pointee.capacity, &b.pointee.capacity)
    }

    // MARK: operators

    private func fillListOperators(_ type: ClassPointer) {
        defineConstant(type, "__hash__", .none)
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.tag == Tag.list else { return .notImplemented }
                return try vm.compareLists(operation, vm.containerSelf(a[0], Tag.list, name).list, other.list)
            }
        }
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(try vm.containerSelf(a[0], Tag.list, "__len__").list.pointee.count)
        }
        define(type, "__getitem__", "self, index, /") { (vm, a) throws(PythonError) -> Value in
            try vm.listItem(vm.containerSelf(a[0], Tag.list, "__getitem__"), a[1])
        }
        define(type, "__setitem__", "self, key, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.setListItem(vm.containerSelf(a[0], Tag.list, "__setitem__"), a[1], a[2])
            return .none
        }
        define(type, "__delitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            try vm.deleteListItem(vm.containerSelf(a[0], Tag.list, "__delitem__"), a[1])
            return .none
        }
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.contains(vm.containerSelf(a[0], Tag.list, "__contains__"), a[1]))
        }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.iterator(.list, try vm.containerSelf(a[0], Tag.list, "__iter__").retained())
        }
        define(type, "__reversed__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "__reversed__")
            return vm.iterator(.reversedList, list.retained(), index: list.list.pointee.count - 1)
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.listRepr(vm.containerSelf(a[0], Tag.list, "__repr__"))
        }
        fillListArithmetic(type)
    }

    private func fillListArithmetic(_ type: ClassPointer) {
        define(type, "__add__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let left = try vm.containerSelf(a[0], Tag.list, "__add__")
            let right = vm.payload(a[1])
            guard right.tag == Tag.list else { return .notImplemented }
            return try vm.concatenateLists(left.list, right.list)
        }
        define(type, "__iadd__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.listExtend(vm.containerSelf(a[0], Tag.list, "__iadd__"), vm.exactPayload(a[1]))
            return a[0].retained()
        }
        for name in ["__mul__", "__rmul__"] {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let list = try vm.containerSelf(a[0], Tag.list, name).list
                guard let times = try vm.repetitions(a[1]) else { return .notImplemented }
                return try vm.repeatList(list, times)
            }
        }
        define(type, "__imul__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.containerSelf(a[0], Tag.list, "__imul__").list
            guard let times = try vm.repetitions(a[1]) else { return .notImplemented }
            try vm.repeatListInPlace(list, times)
            return a[0].retained()
        }
    }

    /// The factor of `sequence * n`; nil when it is no integer.
    package func repetitions(_ value: Value) throws(PythonError) -> Int? {
        let plain = payload(value)
        if plain.isInt || plain.isBool { return plain.asInt }
        if plain.tag == Tag.bigInt { throw overflowError("cannot fit '\(typeName(value))' into an index-sized integer") }
        if special(typeOf(value), .index).isUndefined { return nil }
        return try index(value)
    }

    func concatenateLists(_ a: ListPointer, _ b: ListPointer) throws(PythonError) -> Value {
        let total = a.pointee.count + b.pointee.count
        try checkRoom(total)
        return try building(Heap.makeList(heap, capacity: total)) { (result) throws(PythonError) in
            let target = result.list
            try copyItems(target.pointee.items, a.pointee.count) { a.pointee.items[$0] }
            target.pointee.count = a.pointee.count
            try copyItems(target.pointee.items + a.pointee.count, b.pointee.count) { b.pointee.items[$0] }
            target.pointee.count = total
        }
    }

    /// Lexicographic comparison: the first unequal items decide, else the lengths.
    func compareLists(_ operation: CompareOperator, _ a: ListPointer, _ b: ListPointer) throws(PythonError) -> Value {
        if a.pointee.count != b.pointee.count {
            if operation == .equal { return .false }
            if operation == .notEqual { return .true }
        }
        var position = 0
        while position < a.pointee.count, position < b.pointee.count {
            let left = a.pointee.items[position]
            let right = b.pointee.items[position]
            if !left.isIdentical(to: right) {
                left.retain()
                right.retain()
                defer {
                    heap.release(left)
                    heap.release(right)
                }
                if try !equals(left, right) { return try compareDifferent(operation, left, right) }
            }
            position += 1
            try heed()
        }
        return .bool(VM.holds(operation, a.pointee.count - b.pointee.count))
    }

    /// What a comparison of sequences gives whose first unequal items are these.
    func compareDifferent(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        switch operation {
        case .equal: .false
        case .notEqual: .true
        default: try compare(operation, a, b)
        }
    }

    // MARK: text

    /// Appends `repr(value)` in UTF-8.
    package func appendRepr(_ value: Value, to text: inout [UInt8]) throws(PythonError) {
        let result = try repr(value)
        defer { heap.release(result) }
        text.append(contentsOf: utf8(result))
    }

    /// Runs `body` unless the container's text is being made already; then the text is `recursive`.
    package func guardingRepr(_ value: Value, _ recursive: String, _ body: () throws(PythonError) -> Value) throws(PythonError) -> Value {
        let header = value.header
        if header.pointee.flags & HeaderFlag.inRepr != 0 { return string(recursive) }
        header.pointee.flags |= HeaderFlag.inRepr
        defer { header.pointee.flags &= ~HeaderFlag.inRepr }
        return try body()
    }

    func listRepr(_ value: Value) throws(PythonError) -> Value {
        let list = value.list
        if list.pointee.count == 0 { return string("[]") }
        return try guardingRepr(value, "[...]") { () throws(PythonError) -> Value in
            var text: [UInt8] = [UInt8(ascii: "[")]
            var position = 0
            while position < list.pointee.count {
                if position > 0 { text.append(contentsOf: ", ".utf8) }
                let item = list.pointee.items[position].retained()
                defer { heap.release(item) }
                try appendRepr(item, to: &text)
                position += 1
                try heed()
            }
            text.append(UInt8(ascii: "]"))
            return string(text)
        }
    }
}
