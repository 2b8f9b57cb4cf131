import Interpreter

extension VM {
    /// An exception class of a native module, derived from a built-in one and bound in the module; borrowed.
    func exceptionClass(_ module: NativeModule, _ name: String, base: String) throws(PythonError) -> Value {
        let keywords = dict()
        defer { heap.release(keywords) }
        let parent = builtinClasses[base] ?? objectClass
        let made = try buildClass(name: name, bases: [parent.value], namespace: dict(), keywords: keywords.dict, module: module.name)
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
