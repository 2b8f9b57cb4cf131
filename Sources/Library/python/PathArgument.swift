import Interpreter

/// A file's name as a program gave it: str, bytes or an object with `__fspath__`.
struct PathArgument {
    /// The str or bytes, for error messages.
    let shown: Reference
    /// The name without a terminating zero.
    let bytes: [UInt8]
    let isBytes: Bool

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A result of the same type as the argument.
    func value(_ vm: VM, _ content: [UInt8]) -> Value { isBytes ? vm.bytes(content) : vm.string(String(decoding: content, as: UTF8.self)) }
}

extension VM {
    /// `os.fspath`: the str or bytes of a path, owned; nil when the value is none of them.
    func fileSystemPath(_ value: Value) throws(PythonError) -> Value? {
        let plain = payload(value)
        if plain.tag == Tag.string || plain.tag == Tag.bytes { return value.retained() }
        let method = special(typeOf(value), .fspath)
        if method.isUndefined { return nil }
        let result = try call(method, value)
        let inner = payload(result)
        if inner.tag == Tag.string || inner.tag == Tag.bytes { return result }
        defer { heap.release(result) }
        throw typeError("expected \(typeName(value)).__fspath__() to return str or bytes, not \(typeName(result))")
    }

    /// A path argument; `message` is the TypeError's text.
    func path(_ value: Value, _ message: @autoclosure () -> String) throws(PythonError) -> PathArgument {
        guard let found = try fileSystemPath(value) else { throw typeError(message()) }
        defer { heap.release(found) }
        let plain = payload(found)
        let content = plain.tag == Tag.string ? Array(utf8(plain)) : Array(byteBuffer(plain))
        if content.contains(0) { throw valueError("embedded null byte") }
        return PathArgument(shown: Reference(found, heap), bytes: content, isBytes: plain.tag == Tag.bytes)
    }

    /// OSError for the last failure of the operating system, naming a file.
    func osError(_ code: Int32, _ path: PathArgument, _ second: PathArgument? = nil) -> PythonError {
        osError(code, naming: path.shown.value, second?.shown.value)
    }

    func osError(_ code: Int32, naming file: Value, _ second: Value? = nil) -> PythonError {
        var arguments: [Value] = [.int(Int(code)), string(VM.systemMessage(code)), file.retained()]
        if let second { arguments += [.none, second.retained()] }
        return error(VM.osErrorClass(code), arguments: arguments)
    }

    /// Runs `body` with a path as the C library wants it.
    func withPath<Result>(_ path: PathArgument, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        (path.bytes + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress.unsafelyUnwrapped) }
        }
    }
}
