import Syntax

#if canImport(Glibc)
    import Glibc
#endif

/// The methods that bytes and bytearray share, by topic in the `Bytes…` files. Each gets the receiver's payload.
enum BytesMethods {
    typealias Body = (VM, Value, Arguments) throws(PythonError) -> Value

    /// The bytes of a bytes-like argument; TypeError otherwise. Valid while the argument is held and unchanged.
    static func buffer(_ vm: VM, _ value: Value) throws(PythonError) -> UnsafeBufferPointer<UInt8> {
        let plain = vm.payload(value)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw vm.typeError("a bytes-like object is required, not '\(vm.typeName(value))'")
        }
        return vm.byteBuffer(plain)
    }

    /// A value of the receiver's type.
    @inline(__always)
    static func make(_ vm: VM, _ receiver: Value, _ content: some Collection<UInt8>) -> Value {
        receiver.tag == Tag.bytes ? vm.bytes(content) : vm.byteArray(content)
    }

    /// The receiver itself where it cannot change, else a copy.
    static func same(_ vm: VM, _ receiver: Value) -> Value {
        receiver.tag == Tag.bytes ? receiver.retained() : vm.byteArray(vm.byteBuffer(receiver))
    }

    static func part(_ vm: VM, _ receiver: Value, _ start: Int, _ end: Int) throws(PythonError) -> Value {
        let content = UnsafeBufferPointer(rebasing: vm.byteBuffer(receiver)[start..<max(start, end)])
        if content.count <= VM.copyPart { return make(vm, receiver, content) }
        var out = try ByteBuilder(vm, capacity: content.count)
        try out.append(content)
        return out.finish(receiver.tag)
    }
}

extension VM {
    func defineBytes(_ type: ClassPointer, _ owner: String, _ tag: UInt64, _ name: String, _ signature: String, _ body: @escaping BytesMethods.Body) {
        define(type, name, signature) { (vm, a) throws(PythonError) -> Value in
            let receiver = vm.payload(a[0])
            guard receiver.tag == tag else { throw vm.wrongReceiver(name, owner, a[0]) }
            return try body(vm, receiver, a)
        }
    }

    /// Makes class bytes.
    func makeBytesClass() {
        let construct = NativeFunction("bytes", "cls, source=..., encoding=..., errors=...") { (vm, a) throws(PythonError) -> Value in
            try vm.constructBytes(a)
        }
        let type = makeBuiltinClass("bytes", layout: Tag.bytes, construct: construct) { vm, type in
            vm.defineByteOperations(type, "bytes", Tag.bytes)
            vm.defineBytes(type, "bytes", Tag.bytes, "__hash__", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
                .int(try vm.bytesHash(receiver))
            }
            vm.defineBytes(type, "bytes", Tag.bytes, "__bytes__", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in receiver.retained() }
            vm.defineBytes(type, "bytes", Tag.bytes, "__getnewargs__", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
                vm.tuple([receiver.retained()])
            }
            vm.defineStatic(type, "__new__", "cls, source=..., encoding=..., errors=...") { (vm, a) throws(PythonError) -> Value in
                try vm.constructBytes(a)
            }
        }
        classOfTag[Int(Tag.bytes)] = type
        builtinClasses["bytes"] = type
    }

    private func constructBytes(_ a: Arguments) throws(PythonError) -> Value {
        let isPlain = a[0].object(as: ClassObject.self) == classOfTag[Int(Tag.bytes)]
        if isPlain, a.has(1), a[1].tag == Tag.bytes, !a.has(2), !a.has(3) { return a[1].retained() }
        return wrap(bytes(try constructorContent(a, "bytes")), in: a[0], classOfTag[Int(Tag.bytes)])
    }

    /// The content that `bytes(source, encoding, errors)` and `bytearray(…)` ask for.
    func constructorContent(_ a: Arguments, _ owner: String) throws(PythonError) -> [UInt8] {
        if a.has(2) || a.has(3) {
            let encoding = try codecArgument(a, 2, "\(owner)() argument 'encoding'", fallback: "utf-8")
            let errors = try codecArgument(a, 3, "\(owner)() argument 'errors'", fallback: "strict")
            guard a.has(1), case let text = payload(a[1]), text.isString else {
                throw typeError(a.has(2) ? "encoding without a string argument" : "errors without a string argument")
            }
            return try encode(text, encoding: encoding, errors: errors)
        }
        if !a.has(1) { return [] }
        let source = payload(a[1])
        if source.isString { throw typeError("string argument without an encoding") }
        if source.tag == Tag.bytes || source.tag == Tag.byteArray { return Array(byteBuffer(source)) }
        if owner != "bytes" || special(typeOf(a[1]), .bytes).isUndefined, !special(typeOf(a[1]), .index).isUndefined {
            let count = try integer(a[1])
            defer { heap.release(count) }
            if count.tag == Tag.bigInt { throw overflowError("cannot fit '\(typeName(a[1]))' into an index-sized integer") }
            if count.asInt < 0 { throw valueError("negative count") }
            try checkRoom(count.asInt, stride: 1)
            return [UInt8](repeating: 0, count: count.asInt)
        }
        return try bytesContent(a[1], owner)
    }

    /// The bytes of a bytes-like object, of one with `__bytes__`, or of an iterable of ints.
    func bytesContent(_ value: Value, _ owner: String) throws(PythonError) -> [UInt8] {
        let source = payload(value)
        if source.tag == Tag.bytes || source.tag == Tag.byteArray { return Array(byteBuffer(source)) }
        let method = special(typeOf(value), .bytes)
        if owner == "bytes", !method.isUndefined {
            let made = try call(method, value)
            defer { heap.release(made) }
            let plain = payload(made)
            if plain.tag != Tag.bytes { throw typeError("__bytes__ returned non-bytes (type \(typeName(made)))") }
            return Array(byteBuffer(plain))
        }
        if source.isString { throw typeError("cannot convert 'str' object to \(owner)") }
        let iterator: Value
        do { iterator = try makeIterator(value) } catch {
            guard matches(error, "TypeError") else { throw error }
            discard(error)
            throw typeError("cannot convert '\(typeName(value))' object to \(owner)")
        }
        defer { heap.release(iterator) }
        var content: [UInt8] = []
        try iterate(iterator) { (item) throws(PythonError) -> Bool in
            content.append(try byteValue(item, owner == "bytes" ? "bytes must be in range(0, 256)" : "byte must be in range(0, 256)"))
            return true
        }
        return content
    }

    /// An int as a byte; ValueError with `message` out of range.
    func byteValue(_ value: Value, _ message: String = "byte must be in range(0, 256)") throws(PythonError) -> UInt8 {
        if value.isInt, let byte = UInt8(exactly: value.asInt) { return byte }
        let integer = try integer(value)
        defer { heap.release(integer) }
        guard integer.isInt, let byte = UInt8(exactly: integer.asInt) else { throw valueError(message) }
        return byte
    }

    /// Hash of bytes, cached in them.
    private func bytesHash(_ value: Value) throws(PythonError) -> Int {
        let object = value.object(as: BytesObject.self)
        if object.pointee.hash != 0 { return object.pointee.hash }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let content = byteBuffer(value)
        try inParts(content.count, of: VM.copyPart) { part in
            for byte in content[part] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        hash ^= hash >> 29
        var result = Int(Int64(bitPattern: hash))
        if result == -1 || result == 0 { result = -2 }
        object.pointee.hash = result
        return result
    }

    /// The methods and operators of both types.
    func defineByteOperations(_ type: ClassPointer, _ owner: String, _ tag: UInt64) {
        func add(_ name: String, _ signature: String, _ body: @escaping BytesMethods.Body) {
            defineBytes(type, owner, tag, name, signature, body)
        }
        add("__repr__", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in try vm.bytesRepr(receiver, in: a[0]) }
        add("__len__", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in .int(vm.byteBuffer(receiver).count) }
        add("__iter__", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
            vm.iterator(receiver.tag == Tag.bytes ? .bytes : .byteArray, receiver.retained())
        }
        add("__getitem__", "self, key, /", BytesMethods.item)
        add("__contains__", "self, key, /", BytesMethods.contains)
        add("__add__", "self, value, /", BytesMethods.concat)
        for name in ["__mul__", "__rmul__"] {
            add(name, "self, value, /") { (vm, receiver, a) throws(PythonError) -> Value in
                guard let count = try vm.repeatCount(a[1]) else { return .notImplemented }
                return try BytesMethods.times(vm, receiver, count)
            }
        }
        add("__mod__", "self, value, /") { (vm, receiver, a) throws(PythonError) -> Value in try vm.percentFormat(bytes: receiver, a[1]) }
        for (name, operation) in VM.comparisonNames {
            add(name, "self, value, /") { (vm, receiver, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.tag == Tag.bytes || other.tag == Tag.byteArray else { return .notImplemented }
                return .bool(VM.holds(operation, try BytesMethods.order(vm, vm.byteBuffer(receiver), vm.byteBuffer(other))))
            }
        }
        defineByteSearch(add)
        defineByteTransforms(add)
        defineClassMethod(type, "fromhex", "cls, string, /") { (vm, a) throws(PythonError) -> Value in try BytesMethods.fromhex(vm, a) }
        defineStatic(type, "maketrans", "frm, to, /") { (vm, a) throws(PythonError) -> Value in try BytesMethods.maketrans(vm, a) }
    }

    private func defineByteSearch(_ add: (String, String, @escaping BytesMethods.Body) -> Void) {
        add("find", "self, sub, start=..., end=..., /", BytesMethods.find)
        add("rfind", "self, sub, start=..., end=..., /", BytesMethods.rfind)
        add("index", "self, sub, start=..., end=..., /", BytesMethods.index)
        add("rindex", "self, sub, start=..., end=..., /", BytesMethods.rindex)
        add("count", "self, sub, start=..., end=..., /", BytesMethods.count)
        add("startswith", "self, prefix, start=..., end=..., /", BytesMethods.startswith)
        add("endswith", "self, suffix, start=..., end=..., /", BytesMethods.endswith)
        add("split", "self, sep=None, maxsplit=-1", BytesMethods.split)
        add("rsplit", "self, sep=None, maxsplit=-1", BytesMethods.rsplit)
        add("splitlines", "self, keepends=False", BytesMethods.splitlines)
        add("partition", "self, sep, /", BytesMethods.partition)
        add("rpartition", "self, sep, /", BytesMethods.rpartition)
        add("replace", "self, old, new, count=-1, /", BytesMethods.replace)
        add("join", "self, iterable, /", BytesMethods.join)
        add("removeprefix", "self, prefix, /", BytesMethods.removeprefix)
        add("removesuffix", "self, suffix, /", BytesMethods.removesuffix)
    }

    private func defineByteTransforms(_ add: (String, String, @escaping BytesMethods.Body) -> Void) {
        add("strip", "self, bytes=None, /", BytesMethods.strip)
        add("lstrip", "self, bytes=None, /", BytesMethods.lstrip)
        add("rstrip", "self, bytes=None, /", BytesMethods.rstrip)
        add("center", "self, width, fillchar=..., /", BytesMethods.center)
        add("ljust", "self, width, fillchar=..., /", BytesMethods.ljust)
        add("rjust", "self, width, fillchar=..., /", BytesMethods.rjust)
        add("zfill", "self, width, /", BytesMethods.zfill)
        add("expandtabs", "self, tabsize=8", BytesMethods.expandtabs)
        add("translate", "self, table, /, delete=...", BytesMethods.translate)
        add("decode", "self, encoding=..., errors=...", BytesMethods.decode)
        add("hex", "self, sep=..., bytes_per_sep=1", BytesMethods.hex)
        BytesMethods.defineCase(add)
    }
}
