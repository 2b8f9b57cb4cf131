import Syntax

// The classes set and frozenset.

extension VM {
    func makeSetClasses() {
        let construct = NativeFunction("set", "cls, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            a.has(1) ? try vm.makeSet(from: a[1]) : vm.makeSet()
        }
        let set = makeBuiltinClass("set", layout: Tag.set, construct: construct) { (vm, type) in
            vm.fillSetQueries(type, Tag.set)
            vm.fillSetAlgebra(type, Tag.set)
            vm.fillSetOperators(type, Tag.set)
            vm.fillSetChanges(type)
            vm.fillSetUpdates(type)
        }
        classOfTag[Int(Tag.set)] = set
        builtinClasses["set"] = set
        let constructFrozen = NativeFunction("frozenset", "cls, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            if !a.has(1) { return vm.makeFrozenSet() }
            return a[1].tag == Tag.frozenSet ? a[1].retained() : try vm.makeSet(from: a[1], Tag.frozenSet)
        }
        let frozen = makeBuiltinClass("frozenset", layout: Tag.frozenSet, construct: constructFrozen) { (vm, type) in
            vm.fillSetQueries(type, Tag.frozenSet)
            vm.fillSetAlgebra(type, Tag.frozenSet)
            vm.fillSetOperators(type, Tag.frozenSet)
            vm.fillFrozenSet(type)
        }
        classOfTag[Int(Tag.frozenSet)] = frozen
        builtinClasses["frozenset"] = frozen
    }

    private func fillFrozenSet(_ type: ClassPointer) {
        defineStatic(type, "__new__", "cls, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            let requested = try vm.requestedClass(a[0], type)
            if requested == type, a.has(1), a[1].tag == Tag.frozenSet { return a[1].retained() }
            let content = a.has(1) ? try vm.makeSet(from: a[1], Tag.frozenSet) : vm.makeFrozenSet()
            return requested == type ? content : vm.instance(of: requested, payload: content)
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(try vm.frozenSetHash(vm.containerSelf(a[0], Tag.frozenSet, "__hash__").set))
        }
        define(type, "copy", "self, /") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], Tag.frozenSet, "copy")
            return set.isIdentical(to: a[0]) ? set.retained() : try vm.copySet(set.set, Tag.frozenSet)
        }
    }

    // MARK: both classes

    private func fillSetQueries(_ type: ClassPointer, _ tag: UInt64) {
        defineClassGetItem(type)
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(try vm.containerSelf(a[0], tag, "__len__").set.pointee.count)
        }
        define(type, "__contains__", "self, item, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.setContains(vm.containerSelf(a[0], tag, "__contains__"), a[1]))
        }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], tag, "__iter__")
            return vm.iterator(.set, set.retained(), limit: set.set.pointee.count)
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.setRepr(a[0], vm.containerSelf(a[0], tag, "__repr__"))
        }
        define(type, "isdisjoint", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.setIsDisjoint(vm.containerSelf(a[0], tag, "isdisjoint"), a[1]))
        }
        for (name, operation) in [("issubset", CompareOperator.lessEqual), ("issuperset", .greaterEqual)] {
            define(type, name, "self, other, /") { (vm, a) throws(PythonError) -> Value in
                let set = try vm.containerSelf(a[0], tag, name)
                let plain = vm.payload(a[1])
                let other = plain.isAnySet ? plain.retained() : try vm.makeSet(from: a[1])
                defer { vm.heap.release(other) }
                return .bool(try vm.compareSets(operation, set.set, other.set))
            }
        }
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.isAnySet else { return .notImplemented }
                return .bool(try vm.compareSets(operation, vm.containerSelf(a[0], tag, name).set, other.set))
            }
        }
    }

    private func fillSetAlgebra(_ type: ClassPointer, _ tag: UInt64) {
        define(type, "union", "self, *others") { (vm, a) throws(PythonError) -> Value in
            try vm.setUnion(vm.containerSelf(a[0], tag, "union"), vm.borrowedItems(a[1]))
        }
        define(type, "intersection", "self, *others") { (vm, a) throws(PythonError) -> Value in
            try vm.setIntersection(vm.containerSelf(a[0], tag, "intersection"), all: vm.borrowedItems(a[1]))
        }
        define(type, "difference", "self, *others") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], tag, "difference")
            let others = vm.borrowedItems(a[1])
            guard let first = others.first else { return try vm.copySet(set.set, tag) }
            return try vm.building(vm.setDifference(set, first)) { (result) throws(PythonError) in
                for other in others.dropFirst() { try vm.setSubtract(result, other) }
            }
        }
        define(type, "symmetric_difference", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            try vm.setExclusive(vm.containerSelf(a[0], tag, "symmetric_difference"), a[1])
        }
    }

    func setIntersection(_ set: Value, all others: [Value]) throws(PythonError) -> Value {
        guard !others.isEmpty else { return try copySet(set.set, set.tag) }
        var result = set.retained()
        for other in others {
            let previous = result
            defer { heap.release(previous) }
            result = try setIntersection(previous, other)
        }
        return result
    }

    /// The items of a tuple, borrowed.
    package func borrowedItems(_ tuple: Value) -> [Value] {
        Array(UnsafeBufferPointer(start: tuple.tuple.items, count: tuple.tuple.pointee.count))
    }

    private typealias SetOperation = (VM, Value, Value) throws(PythonError) -> Value

    private static var setOperations: [(String, String, SetOperation)] {
        [
            ("__or__", "__ror__", { (vm, a, b) throws(PythonError) -> Value in try vm.setUnion(a, [b]) }),
            ("__and__", "__rand__", { (vm, a, b) throws(PythonError) -> Value in try vm.setIntersection(a, b) }),
            ("__sub__", "__rsub__", { (vm, a, b) throws(PythonError) -> Value in try vm.setDifference(a, b) }),
            ("__xor__", "__rxor__", { (vm, a, b) throws(PythonError) -> Value in try vm.setExclusive(a, b) }),
        ]
    }

    private func fillSetOperators(_ type: ClassPointer, _ tag: UInt64) {
        for (name, reflected, operation) in VM.setOperations {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.isAnySet else { return .notImplemented }
                return try operation(vm, vm.containerSelf(a[0], tag, name), other)
            }
            define(type, reflected, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.isAnySet else { return .notImplemented }
                return try operation(vm, other, vm.containerSelf(a[0], tag, reflected))
            }
        }
    }

    func setRepr(_ object: Value, _ set: Value) throws(PythonError) -> Value {
        let name = typeName(object)
        if set.set.pointee.count == 0 { return string("\(name)()") }
        return try guardingRepr(set, "\(name)(...)") { () throws(PythonError) -> Value in
            var text: [UInt8] = Array(set.tag == Tag.set && object.tag == Tag.set ? "{".utf8 : "\(name)({".utf8)
            var isFirst = true
            try forEachEntry(set.set) { (entry) throws(PythonError) in
                if !isFirst { text.append(contentsOf: ", ".utf8) }
                isFirst = false
                try appendRepr(entry.key, to: &text)
                try heed()
            }
            text.append(contentsOf: set.tag == Tag.set && object.tag == Tag.set ? "}".utf8 : "})".utf8)
            return string(text)
        }
    }

    // MARK: set only

    private func fillSetChanges(_ type: ClassPointer) {
        defineEmptyNew(type) { $0.makeSet() }
        defineConstant(type, "__hash__", .none)
        define(type, "__init__", "self, iterable=..., /") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], Tag.set, "__init__")
            vm.heap.clearSet(set.set)
            if a.has(1) { try vm.setUpdate(set, a[1]) }
            return .none
        }
        define(type, "add", "self, item, /") { (vm, a) throws(PythonError) -> Value in
            try vm.setAdd(vm.containerSelf(a[0], Tag.set, "add"), a[1])
            return .none
        }
        define(type, "discard", "self, item, /") { (vm, a) throws(PythonError) -> Value in
            _ = try vm.setDiscard(vm.containerSelf(a[0], Tag.set, "discard"), a[1])
            return .none
        }
        define(type, "remove", "self, item, /") { (vm, a) throws(PythonError) -> Value in
            if try !vm.setDiscard(vm.containerSelf(a[0], Tag.set, "remove"), a[1]) { throw vm.keyError(a[1]) }
            return .none
        }
        define(type, "pop", "self, /") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], Tag.set, "pop").set
            guard set.pointee.count > 0, let entries = set.pointee.entries else { throw vm.error("KeyError", "pop from an empty set") }
            var position = Int(set.pointee.header.extra) & set.pointee.mask
            while !entries[position].isLive { position = position == set.pointee.mask ? 0 : position + 1 }
            set.pointee.header.extra = UInt32(truncatingIfNeeded: position + 1)
            return vm.takeEntry(set, position)
        }
        define(type, "clear", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.heap.clearSet(try vm.containerSelf(a[0], Tag.set, "clear").set)
            return .none
        }
        define(type, "copy", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.copySet(vm.containerSelf(a[0], Tag.set, "copy").set, Tag.set)
        }
    }

    private func fillSetUpdates(_ type: ClassPointer) {
        define(type, "update", "self, *others") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], Tag.set, "update")
            for other in vm.borrowedItems(a[1]) { try vm.setUpdate(set, other) }
            return .none
        }
        define(type, "intersection_update", "self, *others") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], Tag.set, "intersection_update")
            try vm.replaceSet(set, vm.setIntersection(set, all: vm.borrowedItems(a[1])))
            return .none
        }
        define(type, "difference_update", "self, *others") { (vm, a) throws(PythonError) -> Value in
            let set = try vm.containerSelf(a[0], Tag.set, "difference_update")
            for other in vm.borrowedItems(a[1]) { try vm.setSubtract(set, other) }
            return .none
        }
        define(type, "symmetric_difference_update", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            try vm.setExclusiveUpdate(vm.containerSelf(a[0], Tag.set, "symmetric_difference_update"), a[1])
            return .none
        }
        let inPlace: [(String, (VM, Value, Value) throws(PythonError) -> Void)] = [
            ("__ior__", { (vm, a, b) throws(PythonError) in try vm.setUpdate(a, b) }),
            ("__iand__", { (vm, a, b) throws(PythonError) in try vm.replaceSet(a, vm.setIntersection(a, b)) }),
            ("__isub__", { (vm, a, b) throws(PythonError) in try vm.setSubtract(a, b) }),
            ("__ixor__", { (vm, a, b) throws(PythonError) in try vm.setExclusiveUpdate(a, b) }),
        ]
        for (name, operation) in inPlace {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.isAnySet else { return .notImplemented }
                try operation(vm, vm.containerSelf(a[0], Tag.set, name), other)
                return a[0].retained()
            }
        }
    }

    /// Gives `target` the items of `new` (taken over).
    private func replaceSet(_ target: Value, _ new: Value) {
        let a = target.set
        let b = new.set
        let holdsObjects = (a.pointee.header.flags | b.pointee.header.flags) & HeaderFlag.holdsObjects
        a.pointee.header.flags |= holdsObjects
        b.pointee.header.flags |= holdsObjects
        swap(&a.pointee.entries, &b.pointee.entries)
        swap(&a.pointee.mask, &b.pointee.mask)
        swap(&a.pointee.fill, &b.pointee.fill)
        swap(&a.pointee.count, &b.pointee.count)
        a.pointee.version &+= 1
        heap.release(new)
    }
}
