import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// A binary file object: `FileIO`, the buffered classes, `BytesIO`.
final class ByteFile: ReferenceHolder {
    enum Kind { case raw, reader, writer, random, memory }

    let kind: Kind
    var stream = ByteStream()
    var name: Reference?
    /// `rb`, `rb+`, …; empty where there is none.
    var mode = ""
    var closesDescriptor = true
    /// What `raw` shows.
    var raw: Reference?

    init(_ kind: Kind) { self.kind = kind }

    func visitReferences(_ visit: (Value) -> Void) {
        if let name { visit(name.value) }
        if let raw { visit(raw.value) }
    }

    func dropReferences() {
        name = nil
        raw = nil
    }
}

extension VM {
    fileprivate func byteFile(_ value: Value) throws(PythonError) -> ByteFile {
        guard let file = nativeObject(value, as: ByteFile.self) else {
            throw typeError("descriptor requires a binary file object but received a '\(typeName(value))'")
        }
        return file
    }

    /// An open stream for an operation, which is named in the error for a closed one.
    fileprivate func openStream(_ value: Value, _ operation: String) throws(PythonError) -> ByteStream {
        let file = try byteFile(value)
        if file.stream.isClosed {
            switch file.kind {
            case .raw: throw valueError("I/O operation on closed file")
            case .memory: throw valueError("I/O operation on closed file.")
            default: throw valueError("\(operation) \(operation == "write" ? "to" : "of") closed file")
            }
        }
        return file.stream
    }

    fileprivate func readableStream(_ value: Value, _ operation: String) throws(PythonError) -> ByteStream {
        let stream = try openStream(value, operation)
        if !stream.isReadable { throw unsupported(try byteFile(value).kind == .raw ? "File not open for reading" : operation) }
        return stream
    }

    fileprivate func writableStream(_ value: Value, _ operation: String) throws(PythonError) -> ByteStream {
        let stream = try openStream(value, operation)
        if !stream.isWritable { throw unsupported(try byteFile(value).kind == .raw ? "File not open for writing" : operation) }
        return stream
    }
}

/// What all binary files can do.
func fillByteFile(_ vm: VM, _ type: ClassPointer, _ kind: ByteFile.Kind) {
    defineReading(vm, type, kind)
    defineWriting(vm, type)
    definePosition(vm, type)
    defineState(vm, type, kind)
}

private func defineReading(_ vm: VM, _ type: ClassPointer, _ kind: ByteFile.Kind) {
    vm.define(type, "read", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.readableStream(a[0], "read")
        if kind == .reader || kind == .random, !a[1].isNone, try vm.index(a[1]) < -1 { throw vm.valueError("read length must be non-negative or -1") }
        return vm.bytes(try stream.read(vm, vm.size(a[1])))
    }
    vm.define(type, "readline", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        vm.bytes(try vm.readableStream(a[0], kind == .raw ? "read" : "readline").readLine(vm, vm.size(a[1]) ?? -1))
    }
    vm.define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let line = try vm.readableStream(a[0], "readline").readLine(vm, -1)
        if line.isEmpty { throw vm.stopIteration() }
        return vm.bytes(line)
    }
    for name in kind == .raw ? ["readinto"] : ["readinto", "readinto1"] {
        vm.define(type, name, "self, buffer, /") { (vm, a) throws(PythonError) -> Value in
            let stream = try vm.readableStream(a[0], "readinto")
            guard vm.payload(a[1]).tag == Tag.byteArray else {
                throw vm.typeError("\(name)() argument must be read-write bytes-like object, not \(vm.typeName(a[1]))")
            }
            let data = vm.bytes(try stream.read(vm, vm.byteBuffer(vm.payload(a[1])).count))
            defer { vm.heap.release(data) }
            return .int(try vm.fill(a[1], name, from: data))
        }
    }
    if kind == .raw {
        vm.define(type, "readall", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.bytes(try vm.readableStream(a[0], "read").read(vm, nil))
        }
        return
    }
    vm.define(type, "read1", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.readableStream(a[0], "read1")
        let size = try vm.size(a[1])
        if kind == .memory { return vm.bytes(try stream.read(vm, size)) }
        return vm.bytes(try stream.readChunk(vm, size ?? 8192))
    }
    if kind == .reader || kind == .random {
        vm.define(type, "peek", "self, size=0, /") { (vm, a) throws(PythonError) -> Value in
            let stream = try vm.readableStream(a[0], "peek")
            if let file = stream as? FileBytes { return vm.bytes(try file.peek(vm)) }
            let place = try stream.tell(vm)
            let content = try stream.readChunk(vm, 8192)
            _ = try stream.seek(vm, place, 0)
            return vm.bytes(content)
        }
    }
}

private func defineWriting(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "write", "self, buffer, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.writableStream(a[0], "write")
        let bytes = try vm.bytesLike(a[1])
        try stream.write(vm, bytes)
        return .int(bytes.count)
    }
    vm.define(type, "flush", "self, /") { (vm, a) throws(PythonError) -> Value in
        try vm.openStream(a[0], "flush").flush(vm)
        return .none
    }
    vm.define(type, "truncate", "self, pos=None, /") { (vm, a) throws(PythonError) -> Value in
        .int(try vm.writableStream(a[0], "truncate").truncate(vm, a[1].isNone ? nil : vm.index(a[1])))
    }
    vm.define(type, "close", "self, /") { (vm, a) throws(PythonError) -> Value in
        let file = try vm.byteFile(a[0])
        if !file.stream.isClosed { try file.stream.close(vm) }
        return .none
    }
    vm.define(type, "detach", "self, /") { (vm, a) throws(PythonError) -> Value in
        guard let raw = try vm.byteFile(a[0]).raw else { throw vm.unsupported("detach") }
        try vm.byteFile(a[0]).stream.flush(vm)
        return raw.value.retained()
    }
}

private func definePosition(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "seek", "self, target, whence=0, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.openStream(a[0], "seek")
        let whence = try vm.index(a[2])
        let isMemory = try vm.byteFile(a[0]).kind == .memory
        guard (0...2).contains(whence) || isMemory else { throw vm.valueError("whence value \(whence) unsupported") }
        return .int(try stream.seek(vm, vm.index(a[1]), whence))
    }
    vm.define(type, "tell", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.openStream(a[0], "tell").tell(vm)) }
    vm.define(type, "seekable", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.openStream(a[0], "seek").isSeekable(vm)) }
    vm.define(type, "readable", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.openStream(a[0], "read").isReadable) }
    vm.define(type, "writable", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.openStream(a[0], "write").isWritable) }
    vm.define(type, "fileno", "self, /") { (vm, a) throws(PythonError) -> Value in
        guard let descriptor = try vm.openStream(a[0], "fileno").descriptor else { throw vm.unsupported("fileno") }
        return .int(Int(descriptor))
    }
    vm.define(type, "isatty", "self, /") { (vm, a) throws(PythonError) -> Value in
        guard let descriptor = try vm.openStream(a[0], "isatty").descriptor else { return .false }
        return .bool(Glibc.isatty(descriptor) == 1)
    }
}

private func defineState(_ vm: VM, _ type: ClassPointer, _ kind: ByteFile.Kind) {
    vm.defineProperty(type, "closed") { (vm, value) throws(PythonError) -> Value in .bool(try vm.byteFile(value).stream.isClosed) }
    if kind == .memory { return }
    vm.defineProperty(
        type, "name",
        get: { (vm, value) throws(PythonError) -> Value in
            guard let name = try vm.byteFile(value).name else { throw vm.missingAttribute(value, vm.intern("name")) }
            return name.value.retained()
        },
        set: { (vm, value, new) throws(PythonError) -> Void in try vm.byteFile(value).name = Reference(new, vm.heap) })
    vm.defineProperty(type, "mode") { (vm, value) throws(PythonError) -> Value in vm.string(try vm.byteFile(value).mode) }
    if kind == .raw {
        vm.defineProperty(type, "closefd") { (vm, value) throws(PythonError) -> Value in .bool(try vm.byteFile(value).closesDescriptor) }
    } else {
        vm.defineProperty(type, "raw") { (vm, value) throws(PythonError) -> Value in
            let file = try vm.byteFile(value)
            if let raw = file.raw { return raw.value.retained() }
            return .none
        }
    }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let file = try vm.byteFile(a[0])
        let shown = vm.typeOf(a[0]).info.isUserClass ? vm.typeName(a[0]) : "_io.\(vm.typeName(a[0]))"
        if kind == .raw {
            if file.stream.isClosed { return vm.string("<\(shown) [closed]>") }
            let name = try file.name.map { (name) throws(PythonError) -> String in "name=\(try vm.reprText(name.value))" } ?? "fd=-1"
            return vm.string("<\(shown) \(name) mode='\(file.mode)' closefd=\(file.closesDescriptor ? "True" : "False")>")
        }
        guard let name = file.name else { return vm.string("<\(shown)>") }
        return vm.string("<\(shown) name=\(try vm.reprText(name.value))>")
    }
}

/// `BytesIO(initial_bytes)`
func defineBytesIO(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "__init__", "self, initial_bytes=None") { (vm, a) throws(PythonError) -> Value in
        try vm.byteFile(a[0]).stream = MemoryBytes(a[1].isNone ? [] : Array(try vm.bytesLike(a[1])))
        return .none
    }
    vm.define(type, "getvalue", "self, /") { (vm, a) throws(PythonError) -> Value in
        guard let memory = try vm.openStream(a[0], "getvalue") as? MemoryBytes else { return vm.bytes([]) }
        return vm.bytes(memory.content)
    }
}

/// `BufferedReader(raw)` and its siblings over a stream of the program's.
func defineBufferedInitializer(_ vm: VM, _ type: ClassPointer, _ kind: ByteFile.Kind) {
    vm.define(type, "__init__", "self, raw, buffer_size=8192") { (vm, a) throws(PythonError) -> Value in
        let file = try vm.byteFile(a[0])
        if let inner = vm.nativeObject(a[1], as: ByteFile.self) {
            file.stream = inner.stream
            file.name = inner.name
            file.mode = inner.mode
        } else {
            file.stream = ObjectBytes(a[1], vm)
        }
        if try vm.index(a[2]) <= 0 { throw vm.valueError("buffer size must be strictly positive") }
        if kind != .writer, !file.stream.isReadable { throw vm.osErrorMessage("File or stream is not readable.") }
        if kind != .reader, !file.stream.isWritable { throw vm.osErrorMessage("File or stream is not writable.") }
        file.raw = Reference(a[1], vm.heap)
        return .none
    }
}

/// `FileIO(file, mode)`
func defineFileInitializer(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "__init__", "self, file, mode='r', closefd=True, opener=None") { (vm, a) throws(PythonError) -> Value in
        guard vm.payload(a[2]).tag == Tag.string else { throw vm.typeError("FileIO() argument 'mode' must be str, not \(vm.typeName(a[2]))") }
        let text = vm.text(vm.payload(a[2]))
        let mode = try FileMode(vm, raw: text)
        let request = OpenRequest(file: a[1], mode: mode, bufferSize: 0, closesDescriptor: try vm.isTrue(a[3]), opener: a[4])
        let file = try vm.byteFile(a[0])
        let opened = try request.open(vm)
        file.stream = opened.stream
        file.name = opened.name
        file.mode = mode.rawText
        file.closesDescriptor = request.closesDescriptor
        return .none
    }
}
