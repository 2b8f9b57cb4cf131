import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

extension VM {
    fileprivate func textStream(_ value: Value) throws(PythonError) -> TextStream {
        guard let stream = nativeObject(value, as: TextStream.self) else {
            throw typeError("descriptor requires a text stream but received a '\(typeName(value))'")
        }
        return stream
    }

    fileprivate func openText(_ value: Value) throws(PythonError) -> TextStream {
        let stream = try textStream(value)
        if let file = stream as? TextFile, file.isDetached { throw valueError("underlying buffer has been detached") }
        try stream.checkOpen(self)
        return stream
    }

    fileprivate func textFile(_ value: Value) throws(PythonError) -> TextFile {
        guard let file = nativeObject(value, as: TextFile.self) else { throw typeError("a text file is required, not '\(typeName(value))'") }
        return file
    }

    fileprivate func optionalText(_ value: Value, _ message: @autoclosure () -> String) throws(PythonError) -> String? {
        if value.isNone { return nil }
        let plain = payload(value)
        guard plain.tag == Tag.string else { throw typeError(message()) }
        return text(plain)
    }
}

/// What `TextIOWrapper` and `StringIO` have in common.
func fillTextStream(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "read", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        vm.string(try vm.openText(a[0]).read(vm, vm.size(a[1])))
    }
    vm.define(type, "readline", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        vm.string(try vm.openText(a[0]).readLine(vm, vm.size(a[1]) ?? -1))
    }
    vm.define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.openText(a[0])
        let line = try stream.readLine(vm, -1)
        stream.iterated(line.isEmpty)
        if line.isEmpty { throw vm.stopIteration() }
        return vm.string(line)
    }
    vm.define(type, "write", "self, text, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.openText(a[0])
        let text = vm.payload(a[1])
        guard text.tag == Tag.string else {
            throw vm.typeError(
                stream is MemoryText
                    ? "string argument expected, got '\(vm.typeName(a[1]))'" : "write() argument must be str, not \(vm.typeName(a[1]))")
        }
        try stream.write(vm, text)
        return .int(text.string.pointee.length)
    }
    vm.define(type, "flush", "self, /") { (vm, a) throws(PythonError) -> Value in
        try vm.openText(a[0]).flush(vm)
        return .none
    }
    vm.define(type, "seek", "self, cookie, whence=0, /") { (vm, a) throws(PythonError) -> Value in
        .int(try vm.openText(a[0]).seek(vm, vm.index(a[1]), vm.index(a[2])))
    }
    vm.define(type, "tell", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.openText(a[0]).tell(vm)) }
    vm.define(type, "truncate", "self, pos=None, /") { (vm, a) throws(PythonError) -> Value in
        .int(try vm.openText(a[0]).truncate(vm, a[1].isNone ? nil : vm.index(a[1])))
    }
    vm.define(type, "close", "self, /") { (vm, a) throws(PythonError) -> Value in
        let stream = try vm.textStream(a[0])
        if !stream.isClosed { try stream.close(vm) }
        return .none
    }
    vm.defineProperty(type, "closed") { (vm, value) throws(PythonError) -> Value in .bool(try vm.textStream(value).isClosed) }
    vm.define(type, "readable", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.openText(a[0]).isReadable) }
    vm.define(type, "writable", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.openText(a[0]).isWritable) }
    vm.define(type, "seekable", "self, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.openText(a[0]).isSeekable(vm)) }
}

/// `StringIO(initial_value, newline)`
func defineStringIO(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "__init__", "self, initial_value='', newline='\n'") { (vm, a) throws(PythonError) -> Value in
        guard let memory = vm.nativeObject(a[0], as: MemoryText.self) else { throw vm.typeError("a StringIO is required") }
        let newline = try vm.optionalText(a[2], "newline must be str or None, not \(vm.typeName(a[2]))")
        guard let ending = LineEnding(newline) else { throw vm.valueError("illegal newline value: \(try vm.reprText(a[2]))") }
        let initial = vm.payload(a[1])
        guard initial.isNone || initial.tag == Tag.string else {
            throw vm.typeError("initial_value must be str or None, not \(vm.typeName(a[1]))")
        }
        try memory.reset(vm, initial.isNone ? nil : initial, ending)
        return .none
    }
    vm.define(type, "getvalue", "self, /") { (vm, a) throws(PythonError) -> Value in
        guard let memory = try vm.openText(a[0]) as? MemoryText else { throw vm.typeError("a StringIO is required") }
        return vm.string(memory.content)
    }
    vm.defineProperty(type, "line_buffering") { (vm, value) throws(PythonError) -> Value in .false }
    vm.defineProperty(type, "newlines") { (vm, value) throws(PythonError) -> Value in .none }
}

/// What only `TextIOWrapper` has.
func defineTextFile(_ vm: VM, _ type: ClassPointer) {
    let signature = "self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False"
    vm.define(type, "__init__", signature) { (vm, a) throws(PythonError) -> Value in
        let file = try vm.textFile(a[0])
        let newline = try vm.optionalText(a[4], "TextIOWrapper() argument 'newline' must be str or None, not \(vm.typeName(a[4]))")
        guard let ending = LineEnding(newline) else { throw vm.valueError("illegal newline value: \(newline ?? "")") }
        let encoding = try vm.optionalText(a[2], "TextIOWrapper() argument 'encoding' must be str or None, not \(vm.typeName(a[2]))")
        let errors = try vm.optionalText(a[3], "TextIOWrapper() argument 'errors' must be str or None, not \(vm.typeName(a[3]))")
        try file.configure(vm, encoding: encoding ?? "UTF-8", errors: errors ?? "strict")
        file.ending = ending
        file.isLineBuffered = try vm.isTrue(a[5])
        file.isWrittenThrough = try vm.isTrue(a[6])
        if let inner = vm.nativeObject(a[1], as: ByteFile.self), a[1].tag == Tag.native {
            file.stream = inner.stream
            file.name = inner.name
        } else {
            file.stream = ObjectBytes(a[1], vm)
        }
        file.buffer = Reference(a[1], vm.heap)
        return .none
    }
    defineTextState(vm, type)
    vm.define(type, "fileno", "self, /") { (vm, a) throws(PythonError) -> Value in
        _ = try vm.openText(a[0])
        guard let descriptor = try vm.textFile(a[0]).stream.descriptor else { throw vm.unsupported("fileno") }
        return .int(Int(descriptor))
    }
    vm.define(type, "isatty", "self, /") { (vm, a) throws(PythonError) -> Value in
        _ = try vm.openText(a[0])
        guard let descriptor = try vm.textFile(a[0]).stream.descriptor else { return .false }
        if descriptor == 1 { return .bool(vm.output.isTerminal) }
        // What a notebook's cell prints goes into the notebook, wherever the process's own error output leads.
        if descriptor == 2, !(vm.output is StandardOutput) { return .false }
        return .bool(Glibc.isatty(descriptor) == 1)
    }
    vm.define(type, "detach", "self, /") { (vm, a) throws(PythonError) -> Value in
        let file = try vm.textFile(a[0])
        _ = try vm.openText(a[0])
        try file.flush(vm)
        let buffer = try vm.getAttribute(a[0], "buffer")
        file.isDetached = true
        return buffer
    }
    vm.define(type, "reconfigure", "self, *, encoding=None, errors=None, newline=..., line_buffering=None, write_through=None") {
        (vm, a) throws(PythonError) -> Value in
        let file = try vm.textFile(a[0])
        try file.flush(vm)
        let encoding = try vm.optionalText(a[1], "reconfigure() argument 'encoding' must be str or None, not \(vm.typeName(a[1]))")
        let errors = try vm.optionalText(a[2], "reconfigure() argument 'errors' must be str or None, not \(vm.typeName(a[2]))")
        if encoding != nil || errors != nil {
            try file.configure(vm, encoding: encoding ?? file.encoding, errors: errors ?? (encoding == nil ? file.errors : "strict"))
        }
        if a.has(3) {
            let newline = try vm.optionalText(a[3], "reconfigure() argument 'newline' must be str or None, not \(vm.typeName(a[3]))")
            guard let ending = LineEnding(newline) else { throw vm.valueError("illegal newline value: \(newline ?? "")") }
            file.ending = ending
        }
        if !a[4].isNone { file.isLineBuffered = try vm.isTrue(a[4]) }
        if !a[5].isNone { file.isWrittenThrough = try vm.isTrue(a[5]) }
        return .none
    }
}

private func defineTextState(_ vm: VM, _ type: ClassPointer) {
    vm.defineProperty(type, "encoding") { (vm, value) throws(PythonError) -> Value in vm.string(try vm.textFile(value).encoding) }
    vm.defineProperty(type, "errors") { (vm, value) throws(PythonError) -> Value in vm.string(try vm.textFile(value).errors) }
    vm.defineProperty(type, "line_buffering") { (vm, value) throws(PythonError) -> Value in .bool(try vm.textFile(value).isLineBuffered) }
    vm.defineProperty(type, "write_through") { (vm, value) throws(PythonError) -> Value in .bool(try vm.textFile(value).isWrittenThrough) }
    vm.defineProperty(
        type, "mode", get: { (vm, value) throws(PythonError) -> Value in vm.string(try vm.textFile(value).mode) },
        set: { (vm, value, new) throws(PythonError) -> Void in try vm.textFile(value).mode = vm.strText(new) })
    vm.defineProperty(type, "name") { (vm, value) throws(PythonError) -> Value in
        guard let name = try vm.textFile(value).name else { throw vm.missingAttribute(value, vm.intern("name")) }
        return name.value.retained()
    }
    vm.defineProperty(type, "newlines") { (vm, value) throws(PythonError) -> Value in
        let met = try vm.textFile(value).metLineEnds
        switch met.count {
        case 0: return .none
        case 1: return vm.string(met[0])
        default: return vm.tuple(met.map { vm.string($0) })
        }
    }
    vm.defineProperty(type, "buffer") { (vm, value) throws(PythonError) -> Value in
        let file = try vm.textFile(value)
        if file.isDetached { throw vm.valueError("underlying buffer has been detached") }
        return file.buffer?.value.retained() ?? .none
    }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let file = try vm.textFile(a[0])
        var shown = "<_io.TextIOWrapper"
        if let name = file.name { shown += " name=\(try vm.reprText(name.value))" }
        if file.name != nil { shown += " mode='\(file.mode)'" }
        return vm.string(shown + " encoding='\(file.encoding)'>")
    }
}
