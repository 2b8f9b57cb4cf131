import Syntax

// The class dict.

extension VM {
    func makeDictClass() {
        let construct = NativeFunction("dict", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            try vm.building(vm.dict()) { (result) throws(PythonError) in try vm.fillDict(result.dict, a[1].tuple, a[2].dict, "dict") }
        }
        let type = makeBuiltinClass("dict", layout: Tag.dict, construct: construct) { (vm, type) in
            vm.fillDictMethods(type)
            vm.fillDictChanges(type)
            vm.fillDictOperators(type)
        }
        classOfTag[Int(Tag.dict)] = type
        builtinClasses["dict"] = type
        makeDictViewClasses()
    }

    /// `dict(…)`, `update(…)`: at most one positional argument, then keywords.
    package func fillDict(_ dict: DictPointer, _ given: TuplePointer, _ keywords: DictPointer, _ name: String) throws(PythonError) {
        if given.pointee.count > 1 { throw typeError("\(name) expected at most 1 argument, got \(given.pointee.count)") }
        if given.pointee.count == 1 { try dictUpdate(dict, from: given.items[0]) }
        try dictUpdate(dict, from: Value(tag: Tag.dict, pointer: keywords))
    }

    private func dictSelf(_ value: Value, _ method: @autoclosure () -> String) throws(PythonError) -> DictPointer {
        try containerSelf(value, Tag.dict, method()).dict
    }

    private func fillDictMethods(_ type: ClassPointer) {
        defineClassGetItem(type)
        defineEmptyNew(type) { $0.dict() }
        defineConstant(type, "__hash__", .none)
        define(type, "__init__", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            try vm.fillDict(vm.dictSelf(a[0], "__init__"), a[1].tuple, a[2].dict, "dict")
            return .none
        }
        defineClassMethod(type, "fromkeys", "cls, iterable, value=None, /") { (vm, a) throws(PythonError) -> Value in
            try vm.dictFromKeys(a[0], a[1], a[2])
        }
        define(type, "get", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            let found = try vm.dictGet(vm.dictSelf(a[0], "get"), a[1])
            return found.isUndefined ? a[2].retained() : found.retained()
        }
        for (name, kind) in [("keys", 0), ("values", 1), ("items", 2)] as [(String, UInt32)] {
            define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
                vm.dictView(try vm.containerSelf(a[0], Tag.dict, name), kind)
            }
        }
        define(type, "copy", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.copyDict(vm.dictSelf(a[0], "copy")) }
        define(type, "update", "self, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            try vm.fillDict(vm.dictSelf(a[0], "update"), a[1].tuple, a[2].dict, "update")
            return .none
        }
    }

    private func dictFromKeys(_ type: Value, _ iterable: Value, _ value: Value) throws(PythonError) -> Value {
        let isPlain = type.tag == Tag.classObject && type.object(as: ClassObject.self) == classOfTag[Int(Tag.dict)]
        return try building(isPlain ? dict() : call(type)) { (result) throws(PythonError) in
            if result.tag == Tag.dict {
                try iterate(iterable) { (key) throws(PythonError) -> Bool in
                    try dictSet(result.dict, key, value)
                    return true
                }
            } else {
                try iterate(iterable) { (key) throws(PythonError) -> Bool in
                    try setItem(result, key, value)
                    return true
                }
            }
        }
    }

    private func fillDictChanges(_ type: ClassPointer) {
        define(type, "setdefault", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            let dict = try vm.dictSelf(a[0], "setdefault")
            let code = try vm.hash(a[1])
            let index = try vm.find(dict, a[1], code)
            if index >= 0 { return dict.pointee.entries.unsafelyUnwrapped[index].value.retained() }
            vm.heap.insertNew(dict, code, a[1].retained(), a[2].retained())
            return a[2].retained()
        }
        define(type, "pop", "self, key, default=..., /") { (vm, a) throws(PythonError) -> Value in
            let dict = try vm.dictSelf(a[0], "pop")
            let found = dict.pointee.count == 0 ? .undefined : try vm.dictRemove(dict, a[1])
            if !found.isUndefined { return found }
            if a.has(2) { return a[2].retained() }
            throw vm.keyError(a[1])
        }
        define(type, "popitem", "self, /") { (vm, a) throws(PythonError) -> Value in
            let dict = try vm.dictSelf(a[0], "popitem")
            guard dict.pointee.count > 0 else { throw vm.error("KeyError", "popitem(): dictionary is empty") }
            return vm.takeLastEntry(dict)
        }
        define(type, "clear", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.heap.clearDict(try vm.dictSelf(a[0], "clear"))
            return .none
        }
        define(type, "__setitem__", "self, key, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.dictSet(vm.dictSelf(a[0], "__setitem__"), a[1], a[2])
            return .none
        }
        define(type, "__delitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            let old = try vm.dictRemove(vm.dictSelf(a[0], "__delitem__"), a[1])
            if old.isUndefined { throw vm.keyError(a[1]) }
            vm.heap.release(old)
            return .none
        }
        define(type, "__ior__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.dictUpdate(vm.dictSelf(a[0], "__ior__"), from: a[1])
            return a[0].retained()
        }
    }

    /// Removes the last entry of a dict that is not empty, as a pair.
    package func takeLastEntry(_ dict: DictPointer) -> Value {
        var index = dict.pointee.used - 1
        while dict.pointee.entries.unsafelyUnwrapped[index].key.isUndefined { index -= 1 }
        let key = dict.pointee.entries.unsafelyUnwrapped[index].key.retained()
        let value = heap.removeEntry(dict, index)
        if dict.pointee.count > 0 {
            // The search for the last entry stays short; capacity shrinks along, because deleted marks remain in the table.
            dict.pointee.entryCapacity -= dict.pointee.used - index
            dict.pointee.used = index
        }
        return pair(key, value)
    }

    /// Index of the first entry of a dict that is not empty. `header.extra` remembers how many deleted ones lead, so that
    /// taking entries from the front again and again is not quadratic.
    package func firstEntry(_ dict: DictPointer) -> Int {
        var index = Int(dict.pointee.header.extra)
        while dict.pointee.entries.unsafelyUnwrapped[index].key.isUndefined { index += 1 }
        dict.pointee.header.extra = UInt32(truncatingIfNeeded: index)
        return index
    }

    /// Removes the first entry of a dict that is not empty, as a pair.
    package func takeFirstEntry(_ dict: DictPointer) -> Value {
        let index = firstEntry(dict)
        let key = dict.pointee.entries.unsafelyUnwrapped[index].key.retained()
        return pair(key, heap.removeEntry(dict, index))
    }

    /// Moves an entry to the end.
    package func moveToEnd(_ dict: DictPointer, _ index: Int) {
        let entry = dict.pointee.entries.unsafelyUnwrapped[index]
        entry.key.retain()
        heap.insertNew(dict, entry.hash, entry.key, heap.removeEntry(dict, index))
    }

    /// Moves an entry to the front. O(n).
    package func moveToFront(_ dict: DictPointer, _ index: Int) {
        let first = dict.pointee.entries.unsafelyUnwrapped[index]
        let others = (0..<dict.pointee.used).filter { $0 != index }.map { dict.pointee.entries.unsafelyUnwrapped[$0] }
        for entry in others + [first] where !entry.key.isUndefined {
            entry.key.retain()
            entry.value.retain()
        }
        heap.clearDict(dict)
        for entry in [first] + others where !entry.key.isUndefined { heap.insertNew(dict, entry.hash, entry.key, entry.value) }
    }

    private func fillDictOperators(_ type: ClassPointer) {
        define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.dictSelf(a[0], "__len__").pointee.count) }
        define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            let found = try vm.dictGet(vm.dictSelf(a[0], "__getitem__"), a[1])
            if !found.isUndefined { return found.retained() }
            if a[0].tag != Tag.dict {
                let missing = vm.special(vm.typeOf(a[0]), .missing)
                if !missing.isUndefined { return try vm.call(missing, a[0], a[1]) }
            }
            throw vm.keyError(a[1])
        }
        define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            .bool(try vm.find(vm.dictSelf(a[0], "__contains__"), a[1], vm.hash(a[1])) >= 0)
        }
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.makeIterator(vm.containerSelf(a[0], Tag.dict, "__iter__"))
        }
        define(type, "__reversed__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.reversedDictIterator(try vm.containerSelf(a[0], Tag.dict, "__reversed__"), .dictKeysReversed)
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.dictRepr(vm.containerSelf(a[0], Tag.dict, "__repr__"))
        }
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.tag == Tag.dict, operation == .equal || operation == .notEqual else { return .notImplemented }
                return .bool(try vm.sameDicts(vm.dictSelf(a[0], name), other.dict) == (operation == .equal))
            }
        }
        for (name, isReflected) in [("__or__", false), ("__ror__", true)] {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                let own = try vm.dictSelf(a[0], name)
                let other = vm.payload(a[1])
                guard other.tag == Tag.dict else { return .notImplemented }
                return try vm.building(vm.copyDict(isReflected ? other.dict : own)) { (result) throws(PythonError) in
                    try vm.dictUpdate(result.dict, from: Value(tag: Tag.dict, pointer: isReflected ? own : other.dict))
                }
            }
        }
    }

    package func dictRepr(_ value: Value) throws(PythonError) -> Value {
        let dict = value.dict
        if dict.pointee.count == 0 { return string("{}") }
        return try guardingRepr(value, "{...}") { () throws(PythonError) -> Value in
            var text: [UInt8] = [UInt8(ascii: "{")]
            var position = 0
            while position < dict.pointee.used {
                let entry = dict.pointee.entries.unsafelyUnwrapped[position]
                position += 1
                if entry.key.isUndefined { continue }
                entry.key.retain()
                entry.value.retain()
                defer {
                    heap.release(entry.key)
                    heap.release(entry.value)
                }
                if text.count > 1 { text.append(contentsOf: ", ".utf8) }
                try appendRepr(entry.key, to: &text)
                text.append(contentsOf: ": ".utf8)
                try appendRepr(entry.value, to: &text)
                try heed()
            }
            text.append(UInt8(ascii: "}"))
            return string(text)
        }
    }
}
