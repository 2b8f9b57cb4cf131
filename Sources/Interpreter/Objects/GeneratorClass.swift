import Bytecode

// What programs call on generators.

extension VM {
    func fillGenerator(_ type: ClassPointer) {
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.finishedOr(try vm.resume(a[0], sending: .none)) }
        define(type, "send", "self, arg, /") { (vm, a) throws(PythonError) -> Value in try vm.finishedOr(try vm.resume(a[0], sending: a[1])) }
        define(type, "throw", "self, type, value=None, traceback=None, /") { (vm, a) throws(PythonError) -> Value in
            let exception: Value
            if a[1].tag == Tag.classObject, a[2].tag == Tag.exception {
                exception = a[2].retained()
            } else if a[1].tag == Tag.classObject, !a[2].isNone {
                exception = try vm.call(a[1], a[2])
            } else {
                exception = try vm.makeRaised(a[1], "exceptions must be classes or instances deriving from BaseException, not \(vm.typeName(a[1]))")
            }
            return try vm.finishedOr(try vm.resume(a[0], throwing: exception))
        }
        define(type, "close", "self, /") { (vm, a) throws(PythonError) -> Value in
            try vm.close(a[0])
            return .none
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let code = a[0].object(as: GeneratorObject.self).pointee.code.pointee.code.takeUnretainedValue()
            return vm.string("<generator object \(code.qualifiedName) at 0x\(VM.hexadecimal(a[0].bits))>")
        }
        defineProperty(type, "__name__") { (vm, value) throws(PythonError) -> Value in
            vm.string(value.object(as: GeneratorObject.self).pointee.code.pointee.code.takeUnretainedValue().name)
        }
        defineProperty(type, "__qualname__") { (vm, value) throws(PythonError) -> Value in
            vm.string(value.object(as: GeneratorObject.self).pointee.code.pointee.code.takeUnretainedValue().qualifiedName)
        }
        defineProperty(type, "gi_running") { (vm, value) throws(PythonError) -> Value in
            .bool(value.object(as: GeneratorObject.self).pointee.state == .running)
        }
        defineProperty(type, "gi_frame") { (vm, value) throws(PythonError) -> Value in
            value.object(as: GeneratorObject.self).pointee.state == .finished ? .none : .true
        }
    }

    /// A generator's value, or StopIteration with what it returned.
    private func finishedOr(_ value: Value) throws(PythonError) -> Value {
        if !value.isUndefined { return value }
        let result = generatorReturn
        generatorReturn = .none
        defer { heap.release(result) }
        throw stopIteration(result)
    }
}
