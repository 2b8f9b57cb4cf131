import Interpreter

extension VM {
    /// The content of a bytes-like argument; valid while the argument is held and unchanged.
    func bytesLike(_ value: Value) throws(PythonError) -> UnsafeBufferPointer<UInt8> {
        let plain = payload(value)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw typeError("a bytes-like object is required, not '\(typeName(value))'")
        }
        return byteBuffer(plain)
    }

    /// An exception class of a native module, derived from a built-in one and bound in the module; borrowed.
    func exceptionClass(_ module: NativeModule, _ name: String, base: String) throws(PythonError) -> Value {
        let keywords = dict()
        defer { heap.release(keywords) }
        let parents = builtinClasses[base].map { [$0.value] } ?? []
        let made = try buildClass(name: name, bases: parents, namespace: dict(), keywords: keywords.dict, module: module.name)
        module.set(name, made)
        return made
    }

    /// An exception of a class made with `exceptionClass`.
    func error(of type: Value, _ message: String) -> PythonError {
        let text = string(message)
        defer { heap.release(text) }
        do throws(PythonError) {
            return PythonError(try call(type, text))
        } catch {
            return error
        }
    }
}
