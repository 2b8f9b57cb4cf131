import Bytecode

// Variables, where the dispatch loop leaves them: cells, class bodies, names that are not bound.

extension VM {
    @inline(never)
    func clearRegisters(_ first: UnsafeMutablePointer<Value>, _ count: Int) {
        for index in 0..<count { heap.replace(first + index, with: .undefined) }
    }

    @inline(never)
    func unboundLocal(_ offset: UInt16) -> PythonError {
        let name = text(frame.pointee.code.pointee.localNames[Int(offset) / 16])
        return error("UnboundLocalError", "cannot access local variable '\(name)' where it is not associated with a value")
    }

    @inline(never)
    func unboundFree(_ index: UInt16) -> PythonError {
        let code = frame.pointee.code.pointee.code.takeUnretainedValue()
        return error(
            "NameError", "cannot access free variable '\(code.freeNames[Int(index)])' where it is not associated with a value in enclosing scope")
    }

    @inline(never)
    func undefinedName(_ slot: Int) -> PythonError {
        let name = frame.pointee.module.pointee.info.takeUnretainedValue().names.names[slot]
        return undefinedName(name)
    }

    /// A name that is neither global nor built in by itself: one that the program put into module `builtins`, or that module
    /// (borrowed); NameError when it is nothing.
    @inline(never)
    func addedBuiltin(_ slot: Int) throws(PythonError) -> Value {
        let name = frame.pointee.module.pointee.info.takeUnretainedValue().names.names[slot]
        if name == "__builtins__", nativeModules["builtins"] != nil {
            heap.release(try importModule("builtins"))
            if let module = modules["builtins"] { return module }
        }
        if let module = modules["builtins"], module.tag == Tag.module {
            if let found = try attributeOrNil(module, intern(name)) {
                heap.release(found)
                return found
            }
        }
        throw undefinedName(name)
    }

    func undefinedName(_ name: String) -> PythonError {
        let error = error("NameError", "name '\(name)' is not defined")
        let value = string(name)
        setOwnAttribute(error.exception, intern("name"), value)
        heap.release(value)
        return error
    }

    @inline(never)
    func loadName(_ i: InstructionPointer, _ extra: Instruction, _ namespace: Value, _ globals: UnsafeMutablePointer<Value>) throws(PythonError)
        -> Value
    {
        let found = dictValue(namespace.dict, frame.pointee.code.pointee.names[Int(i.b)])
        if !found.isUndefined { return found.retained() }
        var value = globals[Int(extra.a)]
        if value.isUndefined, extra.b != 0 { value = builtins[Int(extra.b) - 1] }
        if value.isUndefined { value = try addedBuiltin(Int(extra.a)) }
        return value.retained()
    }

    @inline(never)
    func deleteName(_ i: InstructionPointer, _ namespace: Value) throws(PythonError) {
        let name = frame.pointee.code.pointee.names[Int(i.a)]
        let old = dictRemove(namespace.dict, name)
        if old.isUndefined { throw undefinedName(text(name)) }
        heap.release(old)
    }

    @inline(never)
    func loadFree(_ index: UInt16) throws(PythonError) -> Value {
        let closure = frame.pointee.function.unsafelyUnwrapped.pointee.closure
        let value = closure.tuple.items[Int(index)].object(as: CellObject.self).pointee.content
        if value.isUndefined { throw unboundFree(index) }
        return value.retained()
    }
}
