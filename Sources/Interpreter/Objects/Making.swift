import BigInt
import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

// How each kind of object comes into being. Everything returned is owned by the caller.

extension Heap {
    static func makeString(_ heap: Heap, byteCount: Int, length: Int, isASCII: Bool, capacity: Int? = nil) -> Value {
        let room = max(byteCount, capacity ?? byteCount)
        let memory = heap.allocate(MemoryLayout<StringObject>.stride + room, Tag.string)
        let string = memory.assumingMemoryBound(to: StringObject.self)
        string.pointee.hash = 0
        string.pointee.byteCount = byteCount
        string.pointee.length = length
        string.pointee.capacity = room
        string.pointee.index = nil
        if isASCII { string.pointee.header.flags |= HeaderFlag.ascii }
        return Value(tag: Tag.string, pointer: memory)
    }

    /// A str with a copy of `bytes`, which must be valid UTF-8.
    package static func makeString(_ heap: Heap, _ bytes: UnsafeBufferPointer<UInt8>) -> Value {
        var continuation = 0
        var high: UInt8 = 0
        for byte in bytes {
            high |= byte
            if byte & 0xC0 == 0x80 { continuation += 1 }
        }
        let value = makeString(heap, byteCount: bytes.count, length: bytes.count - continuation, isASCII: high < 0x80)
        if let source = bytes.baseAddress { memcpy(value.object(as: StringObject.self).bytes, source, bytes.count) }
        return value
    }

    /// A tuple of `count` items that the caller fills at once.
    static func makeTuple(_ heap: Heap, _ count: Int) -> Value {
        let memory = heap.allocate(MemoryLayout<TupleObject>.stride + count * MemoryLayout<Value>.stride, Tag.tuple)
        heap.containerGrowth &+= 1
        let tuple = memory.assumingMemoryBound(to: TupleObject.self)
        tuple.pointee.count = count
        return Value(tag: Tag.tuple, pointer: memory)
    }

    static func makeList(_ heap: Heap, capacity: Int) -> Value {
        let memory = heap.allocate(MemoryLayout<ListObject>.stride, Tag.list)
        heap.containerGrowth &+= 1
        let list = memory.assumingMemoryBound(to: ListObject.self)
        list.pointee.count = 0
        list.pointee.capacity = capacity
        list.pointee.items = heap.memory(max(1, capacity) * MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
        return Value(tag: Tag.list, pointer: memory)
    }

    static func makeDict(_ heap: Heap) -> Value {
        let memory = heap.allocate(MemoryLayout<DictObject>.stride, Tag.dict)
        heap.containerGrowth &+= 1
        let dict = memory.assumingMemoryBound(to: DictObject.self)
        dict.pointee.count = 0
        dict.pointee.used = 0
        dict.pointee.entryCapacity = 0
        dict.pointee.mask = -1
        dict.pointee.table = nil
        dict.pointee.entries = nil
        dict.pointee.version = 0
        return Value(tag: Tag.dict, pointer: memory)
    }
}

extension VM {
    package func string(_ text: String) -> Value {
        var text = text
        return text.withUTF8 { bytes in string(bytes) }
    }

    package func string(_ text: Substring) -> Value { string(String(text)) }

    /// A str with a copy of `bytes`, valid UTF-8.
    package func string(_ bytes: UnsafeBufferPointer<UInt8>) -> Value {
        if bytes.count <= 1 {
            if bytes.count == 0 { return emptyString.retained() }
            if bytes[0] < 0x80 { return latinStrings[Int(bytes[0])].retained() }
        }
        return Heap.makeString(heap, bytes)
    }

    package func string(_ bytes: [UInt8]) -> Value { bytes.withUnsafeBufferPointer { string($0) } }

    /// A one-character str.
    package func string(_ scalar: Unicode.Scalar) -> Value {
        if scalar.value < 256 { return latinStrings[Int(scalar.value)].retained() }
        return string(String(Character(scalar)))
    }

    /// The text of a str value.
    package func text(_ value: Value) -> String {
        let string = value.object(as: StringObject.self)
        return String(decoding: UnsafeBufferPointer(start: string.bytes, count: string.pointee.byteCount), as: UTF8.self)
    }

    package func text(_ string: StringPointer) -> String {
        String(decoding: UnsafeBufferPointer(start: string.bytes, count: string.pointee.byteCount), as: UTF8.self)
    }

    /// The UTF-8 bytes of a str value; valid while the value is held.
    package func utf8(_ value: Value) -> UnsafeBufferPointer<UInt8> {
        let string = value.object(as: StringObject.self)
        return UnsafeBufferPointer(start: string.bytes, count: string.pointee.byteCount)
    }

    package func bytes(_ content: some Collection<UInt8>) -> Value { makeBytes(content, Tag.bytes) }

    package func byteArray(_ content: some Collection<UInt8>) -> Value { makeBytes(content, Tag.byteArray) }

    private func makeBytes(_ content: some Collection<UInt8>, _ tag: UInt64) -> Value {
        let memory = heap.allocate(MemoryLayout<BytesObject>.stride, tag)
        let object = memory.assumingMemoryBound(to: BytesObject.self)
        let count = content.count
        let storage = heap.memory(count)
        object.pointee.count = count
        object.pointee.capacity = max(1, count)
        object.pointee.bytes = storage.assumingMemoryBound(to: UInt8.self)
        object.pointee.hash = 0
        let copied: Void? = content.withContiguousStorageIfAvailable { source in
            if let base = source.baseAddress { memcpy(object.pointee.bytes, base, count) }
        }
        if copied == nil { _ = UnsafeMutableBufferPointer(start: object.pointee.bytes, count: count).update(fromContentsOf: content) }
        return Value(tag: tag, pointer: memory)
    }

    /// The content of a bytes or bytearray value; valid while the value is held and unchanged.
    package func byteBuffer(_ value: Value) -> UnsafeBufferPointer<UInt8> {
        let object = value.object(as: BytesObject.self)
        return UnsafeBufferPointer(start: object.pointee.bytes, count: object.pointee.count)
    }

    /// A tuple that takes over the references in `items`.
    package func tuple(_ items: [Value]) -> Value {
        if items.isEmpty, !emptyTuple.isUndefined { return emptyTuple.retained() }
        let value = Heap.makeTuple(heap, items.count)
        value.object(as: TupleObject.self).items.initialize(from: items, count: items.count)
        return value
    }

    /// A tuple of `count` values, each with a new reference.
    func tuple(copying values: UnsafeMutablePointer<Value>, _ count: Int) -> Value {
        if count == 0 { return emptyTuple.retained() }
        let value = Heap.makeTuple(heap, count)
        for index in 0..<count { value.tuple.items[index] = values[index].retained() }
        return value
    }

    /// A list that takes over the references in `items`.
    package func list(_ items: [Value] = []) -> Value {
        let value = Heap.makeList(heap, capacity: items.count)
        let list = value.object(as: ListObject.self)
        list.pointee.items.initialize(from: items, count: items.count)
        list.pointee.count = items.count
        return value
    }

    package func dict() -> Value { Heap.makeDict(heap) }

    /// An int from a big integer: small again when it fits 64 bits.
    package func int(_ value: BigInt) -> Value {
        // By words: the generic conversions between integers are slow across modules.
        let magnitude = value.magnitude
        if magnitude.bitWidth <= 63 {
            let small = magnitude.isZero ? 0 : Int(magnitude.words[0])
            return .int(value.sign == .minus ? -small : small)
        }
        if magnitude.bitWidth == 64, value.sign == .minus, magnitude.words[0] == Int.min.magnitude { return .int(Int.min) }
        let memory = heap.allocate(MemoryLayout<NativeObject>.stride, Tag.bigInt)
        let object = memory.assumingMemoryBound(to: NativeObject.self)
        object.pointee.object = Unmanaged.passRetained(BigIntBox(value))
        object.pointee.type = nil
        return Value(tag: Tag.bigInt, pointer: memory)
    }

    package func int(_ value: UInt64) -> Value { value <= UInt64(Int.max) ? .int(Int(value)) : int(BigInt(value)) }

    package func range(_ start: Int, _ stop: Int, _ step: Int) -> Value {
        let memory = heap.allocate(MemoryLayout<RangeObject>.stride, Tag.range)
        let range = memory.assumingMemoryBound(to: RangeObject.self)
        range.pointee.start = start
        range.pointee.stop = stop
        range.pointee.step = step
        return Value(tag: Tag.range, pointer: memory)
    }

    /// A slice that takes over the three references.
    package func slice(_ start: Value, _ stop: Value, _ step: Value) -> Value {
        let memory = heap.allocate(MemoryLayout<SliceObject>.stride, Tag.slice)
        heap.containerGrowth &+= 1
        let slice = memory.assumingMemoryBound(to: SliceObject.self)
        slice.pointee.start = start
        slice.pointee.stop = stop
        slice.pointee.step = step
        return Value(tag: Tag.slice, pointer: memory)
    }

    /// A cell that takes over `content`.
    func cell(_ content: Value) -> Value {
        let memory = heap.allocate(MemoryLayout<CellObject>.stride, Tag.cell)
        heap.containerGrowth &+= 1
        memory.assumingMemoryBound(to: CellObject.self).pointee.content = content
        return Value(tag: Tag.cell, pointer: memory)
    }

    /// A bound method; takes over both references.
    package func boundMethod(_ function: Value, _ receiver: Value) -> Value {
        let memory = heap.allocate(MemoryLayout<BoundMethodObject>.stride, Tag.boundMethod)
        heap.containerGrowth &+= 1
        let method = memory.assumingMemoryBound(to: BoundMethodObject.self)
        method.pointee.function = function
        method.pointee.receiver = receiver
        return Value(tag: Tag.boundMethod, pointer: memory)
    }

    package func builtin(_ function: NativeFunction) -> Value {
        let memory = heap.allocate(MemoryLayout<BuiltinObject>.stride, Tag.builtin)
        let object = memory.assumingMemoryBound(to: BuiltinObject.self)
        object.initialize(
            to: BuiltinObject(
                header: object.pointee.header, function: Unmanaged.passRetained(function), exactCount: profiler == nil ? function.exactCount : -1,
                least: function.least, most: function.most, parameterCount: function.parameterCount, defaults: function.defaults))
        return Value(tag: Tag.builtin, pointer: memory)
    }

    package func builtin(_ name: String, _ signature: String, _ body: @escaping NativeBody) -> Value {
        builtin(NativeFunction(name, signature, body: body))
    }

    /// A built-in iterator; takes over both references.
    package func iterator(_ kind: IteratorKind, _ source: Value, second: Value = .undefined, index: Int = 0, limit: Int = 0, version: UInt64 = 0)
        -> Value
    {
        let memory = heap.allocate(MemoryLayout<IteratorObject>.stride, Tag.iterator, extra: kind.rawValue)
        heap.containerGrowth &+= 1
        let iterator = memory.assumingMemoryBound(to: IteratorObject.self)
        iterator.pointee.source = source
        iterator.pointee.second = second
        iterator.pointee.index = index
        iterator.pointee.limit = limit
        iterator.pointee.version = version
        return Value(tag: Tag.iterator, pointer: memory)
    }

    /// classmethod, staticmethod or property; takes over the references.
    package func descriptor(
        _ kind: DescriptorKind, _ getter: Value, setter: Value = .none, deleter: Value = .none, documentation: Value = .none
    ) -> Value {
        let memory = heap.allocate(MemoryLayout<DescriptorObject>.stride, Tag.descriptor, extra: kind.rawValue)
        heap.containerGrowth &+= 1
        let descriptor = memory.assumingMemoryBound(to: DescriptorObject.self)
        descriptor.pointee.getter = getter
        descriptor.pointee.setter = setter
        descriptor.pointee.deleter = deleter
        descriptor.pointee.documentation = documentation
        return Value(tag: Tag.descriptor, pointer: memory)
    }

    /// A value whose state is a Swift object, of a class made with `nativeClass`.
    package func native(_ object: AnyObject, _ type: ClassPointer) -> Value {
        let memory = heap.allocate(MemoryLayout<NativeObject>.stride, Tag.native)
        heap.containerGrowth &+= 1
        let native = memory.assumingMemoryBound(to: NativeObject.self)
        native.pointee.object = Unmanaged.passRetained(object)
        native.pointee.type = type
        Value(tag: Tag.classObject, pointer: type).retain()
        return Value(tag: Tag.native, pointer: memory)
    }

    /// The Swift object behind a native value, or behind an instance of a class derived from a native one.
    @inlinable @inline(__always)
    public func nativeObject<T: AnyObject>(_ value: Value, as type: T.Type) -> T? {
        let carrier = value.tag == Tag.native ? value : payload(value)
        guard carrier.tag == Tag.native else { return nil }
        let object = carrier.object(as: NativeObject.self).pointee.object.takeUnretainedValue()
        // The usual case, an object of just this class, without the general cast.
        return Swift.type(of: object) == T.self ? unsafeDowncast(object, to: T.self) : object as? T
    }

    /// The built-in value inside an instance of a class derived from a built-in type (int, list, a native class…);
    /// any other value is its own payload.
    @inlinable @inline(__always)
    public func payload(_ value: Value) -> Value {
        if value.tag == Tag.instance {
            let inner = value.object(as: InstanceObject.self).pointee.payload
            if !inner.isUndefined { return inner }
        }
        return value
    }
}

/// An int beyond 64 bits.
final class BigIntBox {
    let value: BigInt
    init(_ value: BigInt) { self.value = value }
}

extension VM {
    /// The value of an int, bool or big int.
    package func bigInt(_ value: Value) -> BigInt {
        if value.tag == Tag.bigInt {
            return value.object(as: NativeObject.self).pointee.object._withUnsafeGuaranteedRef { unsafeDowncast($0, to: BigIntBox.self).value }
        }
        return VM.big(value.asInt)
    }
}

/// Keeps a language value alive from Swift: for Swift objects that hold values.
package final class Reference {
    package let value: Value
    private let heap: Heap

    /// Adds a reference of its own.
    package init(_ value: Value, _ heap: Heap) {
        value.retain()
        self.value = value
        self.heap = heap
    }

    deinit { heap.release(value) }
}
