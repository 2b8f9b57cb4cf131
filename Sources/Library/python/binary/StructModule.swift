import Interpreter

/// A compiled format, `struct.Struct`.
private final class StructObject {
    let text: [UInt8]
    let format: StructFormat

    init(_ text: [UInt8], _ format: StructFormat) {
        self.text = text
        self.format = format
    }
}

/// Successive records of a buffer.
private final class StructIterator {
    let format: StructFormat
    let buffer: Reference
    var offset = 0

    init(_ format: StructFormat, _ buffer: Reference) {
        self.format = format
        self.buffer = buffer
    }
}

/// The `struct` module.
func registerStruct(_ vm: VM) {
    vm.registerNativeModule("struct") { (vm, module) throws(PythonError) -> Void in
        try StructModule(vm, module).fill()
    }
}

private final class StructModule {
    private unowned(unsafe) let vm: VM
    private let module: NativeModule
    private let problem: Value
    private var cache: [[UInt8]: StructFormat] = [:]
    private var structClass: ClassPointer
    private var iteratorClass: ClassPointer

    init(_ vm: VM, _ module: NativeModule) throws(PythonError) {
        self.vm = vm
        self.module = module
        structClass = vm.objectClass
        iteratorClass = vm.objectClass
        problem = try vm.exceptionClass(module, "error", base: "Exception")
    }

    func fill() throws(PythonError) {
        structClass = module.nativeClass(
            "Struct",
            construct: NativeFunction("Struct", "cls, format") { [self] (vm, a) throws(PythonError) -> Value in
                let text = try formatText(a[1])
                return vm.native(StructObject(text, try compile(text)), structClass)
            }
        ) { [self] vm, type in fillClass(type) }
        iteratorClass = vm.makeBuiltinClass("unpack_iterator", module: "_struct", layout: Tag.native, isBase: false) { [self] vm, type in
            fillIterator(type)
        }
        module.function("calcsize", "format, /") { [self] (vm, a) throws(PythonError) -> Value in .int(try format(a[0]).size) }
        module.set(
            "pack",
            vm.builtin(
                NativeFunction("pack", "*args", takesAny: true) { [self] (vm, a) throws(PythonError) -> Value in
                    if a.count == 0 { throw vm.typeError("missing format argument") }
                    return try pack(try format(a[0]), a)
                }))
        module.set(
            "pack_into",
            vm.builtin(
                NativeFunction("pack_into", "*args", takesAny: true) { [self] (vm, a) throws(PythonError) -> Value in
                    if a.count == 0 { throw vm.typeError("missing format argument") }
                    return try packInto(try format(a[0]), a)
                }))
        module.function("unpack", "format, buffer, /") { [self] (vm, a) throws(PythonError) -> Value in try unpack(try format(a[0]), a[1]) }
        module.function("unpack_from", "format, /, buffer, offset=0") { [self] (vm, a) throws(PythonError) -> Value in
            try unpackFrom(try format(a[0]), a[1], try vm.index(a[2]))
        }
        module.function("iter_unpack", "format, buffer, /") { [self] (vm, a) throws(PythonError) -> Value in try iterate(try format(a[0]), a[1]) }
    }

    // MARK: formats

    private func formatText(_ value: Value) throws(PythonError) -> [UInt8] {
        let plain = vm.payload(value)
        if plain.tag == Tag.string { return Array(vm.utf8(plain)) }
        if plain.tag == Tag.bytes { return Array(vm.byteBuffer(plain)) }
        throw vm.typeError("Struct() argument 1 must be a str or bytes object, not \(vm.typeName(value))")
    }

    private func format(_ value: Value) throws(PythonError) -> StructFormat {
        if value.tag == Tag.native, let object = vm.nativeObject(value, as: StructObject.self) { return object.format }
        let text = try formatText(value)
        if let known = cache[text] { return known }
        let made = try compile(text)
        if cache.count >= 100 { cache = [:] }
        cache[text] = made
        return made
    }

    private func compile(_ text: [UInt8]) throws(PythonError) -> StructFormat {
        do throws(StructFormat.Problem) {
            return try StructFormat(text)
        } catch {
            throw vm.error(of: problem, error.message)
        }
    }

    private func packing(_ format: StructFormat) -> StructPacking { StructPacking(vm: vm, format: format, problem: problem) }

    // MARK: operations; argument 0 is the format or the Struct

    private func values(_ format: StructFormat, _ a: Arguments, from first: Int, _ name: String) throws(PythonError) -> [Value] {
        guard a.count - first == format.valueCount else {
            throw vm.error(of: problem, "\(name) expected \(format.valueCount) items for packing (got \(a.count - first))")
        }
        return (first..<a.count).map { a[$0] }
    }

    private func pack(_ format: StructFormat, _ a: Arguments) throws(PythonError) -> Value {
        let values = try values(format, a, from: 1, "pack")
        if format.size > 1 << 32 { throw vm.memoryError() }
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, format.size))
        defer { memory.deallocate() }
        memory.initialize(repeating: 0, count: format.size)
        try packing(format).pack(values, into: memory)
        return vm.bytes(UnsafeBufferPointer(start: memory, count: format.size))
    }

    private func packInto(_ format: StructFormat, _ a: Arguments) throws(PythonError) -> Value {
        if a.count < 2 { throw vm.error(of: problem, "pack_into expected buffer argument") }
        if a.count < 3 { throw vm.error(of: problem, "pack_into expected offset argument") }
        let values = try values(format, a, from: 3, "pack_into")
        let target = vm.payload(a[1])
        guard target.tag == Tag.byteArray else { throw vm.typeError("argument must be read-write bytes-like object, not \(vm.typeName(a[1]))") }
        let count = vm.byteBuffer(target).count
        let offset = try place(format, try vm.index(a[2]), count, "pack_into", "packing", "no space to pack")
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, format.size))
        defer { memory.deallocate() }
        memory.initialize(repeating: 0, count: format.size)
        try packing(format).pack(values, into: memory)
        // Conversions may have run code that changed the target.
        guard offset + format.size <= vm.byteBuffer(target).count else { throw vm.error("BufferError", "the buffer shrank while packing") }
        vm.overwrite(target, at: offset, with: UnsafeBufferPointer(start: memory, count: format.size))
        return .none
    }

    /// An offset within a buffer, negative ones counted from the end.
    private func place(
        _ format: StructFormat, _ wanted: Int, _ count: Int, _ name: String, _ doing: String, _ lacking: String
    ) throws(PythonError) -> Int {
        var offset = wanted
        if offset < 0 {
            if offset + format.size > 0 { throw vm.error(of: problem, "\(lacking) \(format.size) bytes at offset \(offset)") }
            if offset + count < 0 { throw vm.error(of: problem, "offset \(offset) out of range for \(count)-byte buffer") }
            offset += count
        }
        if count - offset < format.size {
            throw vm.error(
                of: problem,
                "\(name) requires a buffer of at least \(offset + format.size) bytes for \(doing) \(format.size) bytes "
                    + "at offset \(offset) (actual buffer size is \(count))")
        }
        return offset
    }

    private func unpack(_ format: StructFormat, _ buffer: Value) throws(PythonError) -> Value {
        let bytes = try vm.bytesLike(buffer)
        guard bytes.count == format.size else { throw vm.error(of: problem, "unpack requires a buffer of \(format.size) bytes") }
        guard let base = bytes.baseAddress else { return vm.tuple([]) }
        return packing(format).unpack(base)
    }

    private func unpackFrom(_ format: StructFormat, _ buffer: Value, _ offset: Int) throws(PythonError) -> Value {
        let bytes = try vm.bytesLike(buffer)
        let offset = try place(format, offset, bytes.count, "unpack_from", "unpacking", "not enough data to unpack")
        guard let base = bytes.baseAddress else { return vm.tuple([]) }
        return packing(format).unpack(base + offset)
    }

    private func iterate(_ format: StructFormat, _ buffer: Value) throws(PythonError) -> Value {
        let bytes = try vm.bytesLike(buffer)
        if format.size == 0 { throw vm.error(of: problem, "cannot iteratively unpack with a struct of length 0") }
        if bytes.count % format.size != 0 {
            throw vm.error(of: problem, "iterative unpacking requires a buffer of a multiple of \(format.size) bytes")
        }
        return vm.native(StructIterator(format, Reference(vm.payload(buffer), vm.heap)), iteratorClass)
    }

    // MARK: classes

    private func object(_ value: Value) throws(PythonError) -> StructObject {
        guard let object = vm.nativeObject(value, as: StructObject.self) else {
            throw vm.typeError("descriptor requires a '_struct.Struct' object but received a '\(vm.typeName(value))'")
        }
        return object
    }

    private func fillClass(_ type: ClassPointer) {
        vm.defineVariable(type, "pack") { [self] (vm, a) throws(PythonError) -> Value in try pack(try object(a[0]).format, a) }
        vm.defineVariable(type, "pack_into") { [self] (vm, a) throws(PythonError) -> Value in try packInto(try object(a[0]).format, a) }
        vm.define(type, "unpack", "self, buffer, /") { [self] (vm, a) throws(PythonError) -> Value in try unpack(try object(a[0]).format, a[1]) }
        vm.define(type, "unpack_from", "self, buffer, offset=0") { [self] (vm, a) throws(PythonError) -> Value in
            try unpackFrom(try object(a[0]).format, a[1], try vm.index(a[2]))
        }
        vm.define(type, "iter_unpack", "self, buffer, /") { [self] (vm, a) throws(PythonError) -> Value in try iterate(try object(a[0]).format, a[1])
        }
        vm.defineProperty(type, "size") { [self] (vm, value) throws(PythonError) -> Value in .int(try object(value).format.size) }
        vm.defineProperty(type, "format") { [self] (vm, value) throws(PythonError) -> Value in vm.string(try object(value).text) }
    }

    private func fillIterator(_ type: ClassPointer) {
        vm.define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(type, "__next__", "self, /") { [self] (vm, a) throws(PythonError) -> Value in
            guard let iterator = vm.nativeObject(a[0], as: StructIterator.self) else { throw vm.typeError("unpack_iterator expected") }
            let bytes = vm.byteBuffer(iterator.buffer.value)
            guard iterator.offset + iterator.format.size <= bytes.count, let base = bytes.baseAddress else { throw vm.stopIteration() }
            defer { iterator.offset += iterator.format.size }
            return packing(iterator.format).unpack(base + iterator.offset)
        }
        vm.define(type, "__length_hint__", "self, /") { (vm, a) throws(PythonError) -> Value in
            guard let iterator = vm.nativeObject(a[0], as: StructIterator.self) else { return .notImplemented }
            return .int(max(0, vm.byteBuffer(iterator.buffer.value).count - iterator.offset) / iterator.format.size)
        }
    }
}

extension VM {
    /// Replaces bytes of a bytearray; the range must lie inside.
    fileprivate func overwrite(_ target: Value, at offset: Int, with bytes: UnsafeBufferPointer<UInt8>) {
        let object = target.object(as: BytesObject.self)
        for (index, byte) in bytes.enumerated() { object.pointee.bytes[offset + index] = byte }
    }
}
