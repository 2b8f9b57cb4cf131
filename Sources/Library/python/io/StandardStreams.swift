import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// A session's files: the classes of `_io`, the standard streams, and every file the program opened.
package final class StandardStreams {
    private var made: IOClasses?
    private var standard: [String: Reference] = [:]
    private var opened: [ObjectIdentifier: WeakFile] = [:]

    private struct WeakFile { weak var file: FileBytes? }

    package init() {}

    /// The classes, made when first asked for.
    func classes(_ vm: VM) throws(PythonError) -> IOClasses {
        if let made { return made }
        let classes = try IOClasses(vm)
        made = classes
        return classes
    }

    // MARK: the three streams

    /// `stdin`, `stdout` or `stderr` as a text file; borrowed.
    func stream(_ vm: VM, _ name: String) throws(PythonError) -> Value {
        if let found = standard[name] { return found.value }
        let classes = try classes(vm)
        let isInput = name == "stdin"
        let bytes: ByteStream =
            isInput
            ? FileBytes(0, reads: true, writes: false, bufferSize: 8192, closesDescriptor: false) : OutputBytes(toError: name == "stderr")
        let file = TextFile(bytes)
        try file.configure(vm, encoding: "utf-8", errors: name == "stderr" ? "backslashreplace" : "strict")
        file.ending = isInput ? .universal : .lineFeed
        file.mode = isInput ? "r" : "w"
        file.isLineBuffered = name == "stderr" || !isInput && vm.output.isTerminal
        let label = vm.string("<\(name)>")
        defer { vm.heap.release(label) }
        file.name = Reference(label, vm.heap)
        attachBuffer(vm, to: file, bytes, isInput ? classes.reader : classes.writer, mode: isInput ? "rb" : "wb")
        let value = vm.native(file, classes.text)
        defer { vm.heap.release(value) }
        standard[name] = Reference(value, vm.heap)
        return value
    }

    private func attachBuffer(_ vm: VM, to file: TextFile, _ bytes: ByteStream, _ type: ClassPointer, mode: String) {
        let inner = ByteFile(type.info.name == "BufferedReader" ? .reader : type.info.name == "BufferedWriter" ? .writer : .random)
        inner.stream = bytes
        inner.name = file.name
        inner.mode = mode
        let value = vm.native(inner, type)
        file.buffer = Reference(value, vm.heap)
        vm.heap.release(value)
    }

    // MARK: open

    /// The built-in `open` with its arguments in order.
    func open(_ vm: VM, _ a: Arguments) throws(PythonError) -> Value {
        func text(_ index: Int, _ name: String) throws(PythonError) -> String? {
            if a[index].isNone { return nil }
            let plain = vm.payload(a[index])
            guard plain.tag == Tag.string else {
                throw vm.typeError("open() argument '\(name)' must be str\(index > 1 ? " or None" : ""), not \(vm.typeName(a[index]))")
            }
            return vm.text(plain)
        }
        guard let modeText = try text(1, "mode") else { throw vm.typeError("open() argument 'mode' must be str, not None") }
        let encoding = try text(3, "encoding")
        let errors = try text(4, "errors")
        let newline = try text(5, "newline")
        let buffering = try vm.index(a[2])
        let mode = try FileMode(vm, modeText)
        if mode.isBinary {
            if encoding != nil { throw vm.valueError("binary mode doesn't take an encoding argument") }
            if errors != nil { throw vm.valueError("binary mode doesn't take an errors argument") }
            if newline != nil { throw vm.valueError("binary mode doesn't take a newline argument") }
        }
        if buffering < -1 { throw vm.valueError("invalid buffering size") }
        let classes = try classes(vm)
        let size = buffering > 1 ? min(buffering, 1 << 26) : buffering == 0 ? 0 : 8192
        if !mode.isBinary {
            if LineEnding(newline) == nil { throw vm.valueError("illegal newline value: \(newline ?? "")") }
            // An unknown encoding must not leave an emptied file behind.
            let probe = TextFile(ByteStream())
            if let encoding { try probe.configure(vm, encoding: encoding, errors: "strict") }
        }
        let request = OpenRequest(file: a[0], mode: mode, bufferSize: size, closesDescriptor: try vm.isTrue(a[6]), opener: a[7])
        let result = try request.open(vm)
        remember(result.stream)
        if !mode.isBinary {
            if buffering == 0 {
                try result.stream.close(vm)
                throw vm.valueError("can't have unbuffered text I/O")
            }
            let file = TextFile(result.stream)
            try file.configure(vm, encoding: encoding ?? "UTF-8", errors: errors ?? "strict")
            file.ending = LineEnding(newline) ?? .universal
            file.mode = modeText
            file.name = result.name
            file.isLineBuffered = buffering == 1 || buffering == -1 && isTerminal(result.stream)
            attachBuffer(vm, to: file, result.stream, bufferedClass(mode, classes), mode: mode.rawText)
            return vm.native(file, classes.text)
        }
        return binary(vm, classes, result, mode, closesDescriptor: request.closesDescriptor)
    }

    private func isTerminal(_ stream: FileBytes) -> Bool { stream.descriptor.map { isatty($0) == 1 } ?? false }

    private func bufferedClass(_ mode: FileMode, _ classes: IOClasses) -> ClassPointer {
        mode.canRead && mode.canWrite ? classes.random : mode.canRead ? classes.reader : classes.writer
    }

    private func binary(_ vm: VM, _ classes: IOClasses, _ opened: OpenRequest.Opened, _ mode: FileMode, closesDescriptor: Bool) -> Value {
        let raw = ByteFile(.raw)
        raw.stream = opened.stream
        raw.name = opened.name
        raw.mode = mode.rawText
        raw.closesDescriptor = closesDescriptor
        let rawValue = vm.native(raw, classes.file)
        if opened.stream.bufferSize == 0 { return rawValue }
        defer { vm.heap.release(rawValue) }
        let type = bufferedClass(mode, classes)
        let file = ByteFile(mode.canRead && mode.canWrite ? .random : mode.canRead ? .reader : .writer)
        file.stream = opened.stream
        file.name = opened.name
        file.mode = mode.rawText
        file.raw = Reference(rawValue, vm.heap)
        return vm.native(file, type)
    }

    // MARK: what is open

    private func remember(_ file: FileBytes) {
        if opened.count > 64, opened.count.nonzeroBitCount == 1 { opened = opened.filter { $0.value.file != nil } }
        opened[ObjectIdentifier(file)] = WeakFile(file: file)
    }

    /// Writes out what programs left in the buffers of files they did not close, and lets the streams go.
    package func finish() {
        for entry in opened.values { entry.file?.flushAtEnd() }
        standard = [:]
    }

    // MARK: input

    /// A line from standard input, or from what the program put in place of `sys.stdin`.
    func input(_ vm: VM, _ prompt: Value) throws(PythonError) -> Value {
        let text = try vm.str(prompt)
        defer { vm.heap.release(text) }
        if vm.length(ofText: text) > 0 {
            if let replaced = vm.replacedStream("stdout") {
                vm.heap.release(try vm.callMethod(replaced, "write", text))
            } else {
                vm.output.write(vm.utf8(text), toError: false)
            }
        }
        if let replaced = vm.replacedStream("stdout") {
            vm.heap.release(try vm.callMethod(replaced, "flush"))
        }
        vm.output.flush()
        let source: Value
        if let replaced = vm.replacedStream("stdin") { source = replaced } else { source = try stream(vm, "stdin") }
        let line = try vm.callMethod(source, "readline")
        defer { vm.heap.release(line) }
        let plain = vm.payload(line)
        guard plain.tag == Tag.string else { throw vm.typeError("object.readline() returned non-string") }
        let bytes = vm.utf8(plain)
        if bytes.isEmpty { throw vm.error("EOFError", "EOF when reading a line") }
        return vm.string(UnsafeBufferPointer(rebasing: bytes.last == 0x0A ? bytes.dropLast() : bytes[...]))
    }
}

extension VM {
    fileprivate func length(ofText value: Value) -> Int { value.string.pointee.byteCount }

    /// What a program put in place of a standard stream, borrowed; nil while it is the original.
    func replacedStream(_ name: String) -> Value? {
        guard let system = modules["sys"], system.tag == Tag.module else { return nil }
        let info = moduleInfo(system)
        guard let current = info.value(of: name) else { return nil }
        if let original = info.value(of: "__\(name)__"), original.isIdentical(to: current) { return nil }
        return current
    }
}
