import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// Filling dicts from other dicts, mappings and pairs; copies; comparison.

extension VM {
    /// `dict.update(source)`: a dict, an object with `keys()`, or an iterable of pairs.
    package func dictUpdate(_ dict: DictPointer, from source: Value) throws(PythonError) {
        let plain = exactPayload(source)
        if plain.tag == Tag.dict {
            try mergeDict(dict, plain.dict)
            return
        }
        let keys = try findAttribute(source, intern("keys"))
        if keys.isUndefined {
            try updateFromPairs(dict, source)
            return
        }
        defer { heap.release(keys) }
        let names = try call(keys)
        defer { heap.release(names) }
        try iterate(names) { (key) throws(PythonError) -> Bool in
            let value = try getItem(source, key)
            defer { heap.release(value) }
            try dictSet(dict, key, value)
            return true
        }
    }

    private func mergeDict(_ dict: DictPointer, _ other: DictPointer) throws(PythonError) {
        if dict == other || other.pointee.count == 0 { return }
        if dict.pointee.used == 0 {
            try fillCopy(dict, other)
            return
        }
        let version = other.pointee.version
        var position = 0
        while position < other.pointee.used {
            let entry = other.pointee.entries.unsafelyUnwrapped[position]
            position += 1
            if entry.key.isUndefined { continue }
            entry.key.retain()
            entry.value.retain()
            defer {
                heap.release(entry.key)
                heap.release(entry.value)
            }
            try dictSet(dict, entry.key, entry.hash, entry.value)
            if other.pointee.version != version { throw runtimeError("dict mutated during update") }
            try heed()
        }
    }

    /// Binds a key whose hash is known; retains key and value.
    func dictSet(_ dict: DictPointer, _ key: Value, _ hash: Int, _ value: Value) throws(PythonError) {
        let index = try find(dict, key, hash)
        value.retain()
        if index >= 0 {
            heap.replace(&dict.pointee.entries.unsafelyUnwrapped[index].value, with: value)
        } else {
            key.retain()
            heap.insertNew(dict, hash, key, value)
        }
    }

    /// Copies all entries into an empty dict.
    private func fillCopy(_ dict: DictPointer, _ other: DictPointer) throws(PythonError) {
        guard let source = other.pointee.entries, other.pointee.count > 0 else { return }
        if dict.pointee.entryCapacity < other.pointee.count { heap.resizeDict(dict, entryCapacity: other.pointee.count) }
        for index in 0..<other.pointee.used where !source[index].key.isUndefined {
            heap.insertNew(dict, source[index].hash, source[index].key.retained(), source[index].value.retained())
            try heed()
        }
    }

    package func copyDict(_ dict: DictPointer) throws(PythonError) -> Value {
        try checkRoom(dict.pointee.count * 2, stride: MemoryLayout<DictObject.Entry>.stride)
        return try building(self.dict()) { (result) throws(PythonError) in try fillCopy(result.dict, dict) }
    }

    private func updateFromPairs(_ dict: DictPointer, _ source: Value) throws(PythonError) {
        var position = 0
        try iterate(source) { (item) throws(PythonError) -> Bool in
            switch item.tag {
            case Tag.tuple where item.tuple.pointee.count == 2:
                try dictSet(dict, item.tuple.items[0], item.tuple.items[1])
            default:
                let pair = try collectOr(item, "cannot convert dictionary update sequence element #\(position) to a sequence")
                defer { for value in pair { heap.release(value) } }
                guard pair.count == 2 else {
                    throw valueError("dictionary update sequence element #\(position) has length \(pair.count); 2 is required")
                }
                try dictSet(dict, pair[0], pair[1])
            }
            position += 1
            return true
        }
    }

    /// Same keys with equal values.
    package func sameDicts(_ a: DictPointer, _ b: DictPointer) throws(PythonError) -> Bool {
        if a == b { return true }
        if a.pointee.count != b.pointee.count { return false }
        var position = 0
        while position < a.pointee.used {
            let entry = a.pointee.entries.unsafelyUnwrapped[position]
            position += 1
            if entry.key.isUndefined { continue }
            entry.key.retain()
            entry.value.retain()
            defer {
                heap.release(entry.key)
                heap.release(entry.value)
            }
            let index = try find(b, entry.key, entry.hash)
            if index < 0 { return false }
            let other = b.pointee.entries.unsafelyUnwrapped[index].value.retained()
            defer { heap.release(other) }
            if try !equals(entry.value, other) { return false }
            try heed()
        }
        return true
    }
}
