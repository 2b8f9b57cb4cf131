import Bytecode

// Making functions, and calls with `*` and `**`.

extension VM {
    @inline(never)
    func makeFunction(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) {
        let memory = heap.allocate(MemoryLayout<FunctionObject>.stride, Tag.function)
        heap.containerGrowth &+= 1
        let function = memory.assumingMemoryBound(to: FunctionObject.self)
        function.pointee.code = frame.pointee.code.pointee.nested[Int(i.b)].unsafelyUnwrapped
        function.pointee.module = frame.pointee.module
        var next = register(r, i.c)
        func take(_ flag: UInt8) -> Value {
            guard i.x & flag != 0 else { return .undefined }
            let value = next.pointee
            next.pointee = .undefined
            next += 1
            return value
        }
        function.pointee.defaults = take(1)
        function.pointee.keywordDefaults = take(2)
        function.pointee.closure = take(4)
        function.pointee.annotations = take(8)
        function.pointee.attributes = .undefined
        heap.replace(register(r, i.a), with: Value(tag: Tag.function, pointer: memory))
    }

    /// A function around code that needs no closure: for modules and class bodies.
    func function(_ code: UnsafeMutablePointer<CodeRecord>, _ module: UnsafeMutablePointer<ModuleObject>) -> Value {
        let memory = heap.allocate(MemoryLayout<FunctionObject>.stride, Tag.function)
        heap.containerGrowth &+= 1
        let function = memory.assumingMemoryBound(to: FunctionObject.self)
        function.initialize(
            to: FunctionObject(
                header: function.pointee.header, code: code, module: module, defaults: .undefined, keywordDefaults: .undefined,
                closure: .undefined, annotations: .undefined, attributes: .undefined))
        return Value(tag: Tag.function, pointer: memory)
    }

    /// `f(*args, **kwargs)`: spreads into a window above the frame.
    @inline(never)
    func callSpread(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) -> Bool {
        let source = register(r, i.a)
        let items: [Value]
        do throws(PythonError) {
            items = try collect(source[1])
        } catch {
            if matches(error, "TypeError"), !isIterable(source[1]) {
                discard(error)
                throw typeError("\(callableName(source[0])) argument after * must be an iterable, not \(typeName(source[1]))")
            }
            throw error
        }
        let keywords = source[2].tag == Tag.dict ? Optional(source[2].dict) : nil
        let keywordCount = keywords.map { $0.pointee.count } ?? 0
        let count = items.count + keywordCount
        let slot = stackTop
        guard slot + (count + 16) < stackLimit else {
            for item in items { heap.release(item) }
            throw recursionError("")
        }
        slot[0] = source[0].retained()
        for (position, item) in items.enumerated() { slot[1 + position] = item }
        var names: Value = .undefined
        if let keywords, keywordCount > 0 {
            var list: [Value] = []
            for index in 0..<keywords.pointee.used {
                let entry = keywords.pointee.entries.unsafelyUnwrapped[index]
                if entry.key.isUndefined { continue }
                slot[1 + items.count + list.count] = entry.value.retained()
                list.append(Value(tag: Tag.string, pointer: intern(entry.key)).retained())
            }
            names = tuple(list)
        }
        defer { heap.release(names) }
        clearRegisters(source, 3)
        stackTop = slot + (count + 3)
        do throws(PythonError) {
            let pushed = try prepareCall(slot, count, names.isUndefined ? nil : names.tuple)
            if !pushed { stackTop = slot }
            return pushed
        } catch {
            stackTop = slot
            clearWindow(slot, count)
            throw error
        }
    }
}
