import Bytecode

// Displays, f-strings and the keywords of calls.

extension VM {
    @inline(never)
    func buildSet(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let first = register(r, i.b)
        let value = makeSet()
        do throws(PythonError) {
            for index in 0..<Int(i.c) { try setAdd(value, first[index]) }
        } catch {
            heap.release(value)
            throw error
        }
        clearRegisters(first, Int(i.c))
        heap.replace(register(r, i.a), with: value)
    }

    @inline(never)
    func buildDict(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let first = register(r, i.b)
        let value = dict()
        do throws(PythonError) {
            for index in 0..<Int(i.c) { try dictSet(value.dict, first[2 * index], first[2 * index + 1]) }
        } catch {
            heap.release(value)
            throw error
        }
        clearRegisters(first, 2 * Int(i.c))
        heap.replace(register(r, i.a), with: value)
    }

    @inline(never)
    func buildString(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let first = register(r, i.b)
        let count = Int(i.c)
        var bytes = 0
        var length = 0
        var flags = HeaderFlag.ascii
        for index in 0..<count {
            let part = first[index].string
            bytes += part.pointee.byteCount
            length += part.pointee.length
            flags &= part.pointee.header.flags
        }
        try checkRoom(bytes, stride: 1)
        let value = Heap.makeString(heap, byteCount: bytes, length: length, isASCII: flags & HeaderFlag.ascii != 0)
        var target = value.string.bytes
        for index in 0..<count {
            let part = first[index].string
            target.update(from: part.bytes, count: part.pointee.byteCount)
            target += part.pointee.byteCount
        }
        clearRegisters(first, count)
        heap.replace(register(r, i.a), with: value)
    }

    @inline(never)
    func extendDisplay(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b).pointee
        do throws(PythonError) {
            try listExtend(register(r, i.a).pointee, source)
        } catch {
            if i.x & 1 != 0, matches(error, "TypeError"), !isIterable(source) {
                discard(error)
                throw typeError("Value after * must be an iterable, not \(typeName(source))")
            }
            throw error
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    func isIterable(_ value: Value) -> Bool {
        switch value.tag {
        case Tag.list, Tag.tuple, Tag.string, Tag.dict, Tag.set, Tag.frozenSet, Tag.range, Tag.bytes, Tag.byteArray, Tag.iterator, Tag.generator,
            Tag.dictView:
            true
        case Tag.classObject: !special(value.object(as: ClassObject.self), .classIter).isUndefined
        default:
            !special(typeOf(value), .iter).isUndefined || !special(typeOf(value), .getItem).isUndefined
        }
    }

    @inline(never)
    func updateSetDisplay(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let target = register(r, i.a).pointee
        try iterate(register(r, i.b).pointee) { (item) throws(PythonError) -> Bool in
            try setAdd(target, item)
            return true
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    @inline(never)
    func updateDictDisplay(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b).pointee
        let plain = payload(source)
        if plain.tag != Tag.dict, lookup(typeOf(source), intern("keys")).isUndefined {
            throw typeError("'\(typeName(source))' object is not a mapping")
        }
        try dictUpdate(register(r, i.a).pointee.dict, from: source)
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    @inline(never)
    func mergeKeywords(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let source = register(r, i.b).pointee
        let target = register(r, i.a).pointee.dict
        let name = callableName(register(r, i.c).pointee)
        let plain = payload(source)
        if plain.tag != Tag.dict, lookup(typeOf(source), intern("keys")).isUndefined {
            throw typeError("\(name) argument after ** must be a mapping, not \(typeName(source))")
        }
        let copy = dict()
        defer { heap.release(copy) }
        try dictUpdate(copy.dict, from: source)
        for index in 0..<copy.dict.pointee.used {
            let entry = copy.dict.pointee.entries.unsafelyUnwrapped[index]
            if entry.key.isUndefined { continue }
            guard entry.key.tag == Tag.string else { throw typeError("keywords must be strings") }
            if !dictValue(target, entry.key.string).isUndefined {
                throw typeError("\(name) got multiple values for keyword argument '\(text(entry.key))'")
            }
            dictSet(target, entry.key.string, entry.value)
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    /// `f()` or `module.f()` as CPython's messages name a callable.
    func callableName(_ callable: Value) -> String {
        switch callable.tag {
        case Tag.function:
            let function = callable.object(as: FunctionObject.self)
            let module = function.pointee.module.pointee.info.takeUnretainedValue().name
            let name = functionName(function)
            return module == "builtins" ? "\(name)()" : "\(module).\(name)()"
        case Tag.boundMethod: return callableName(callable.object(as: BoundMethodObject.self).pointee.function)
        case Tag.builtin:
            return callable.object(as: BuiltinObject.self).pointee.function._withUnsafeGuaranteedRef {
                ($0.owner.map { "\($0)." } ?? "") + "\($0.name)()"
            }
        case Tag.classObject:
            let info = callable.object(as: ClassObject.self).info
            return info.module == "builtins" ? "\(info.name)()" : "\(info.module).\(info.qualifiedName)()"
        default: return "\(typeName(callable)) object"
        }
    }

    @inline(never)
    func formatOperand(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let value = register(r, i.b).pointee
        let converted: Value
        switch i.x & 0x03 {
        case 1: converted = try str(value)
        case 2: converted = try repr(value)
        case 3: converted = try ascii(value)
        default: converted = value.retained()
        }
        let result: Value
        do {
            defer { heap.release(converted) }
            result = try formatValue(converted, i.x & 0x04 != 0 ? register(r, i.c).pointee.string : nil)
        }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        if i.x & 0x04 != 0, i.x & OperandFlag.consumeC != 0 { consume(register(r, i.c)) }
        heap.replace(register(r, i.a), with: result)
    }
}
