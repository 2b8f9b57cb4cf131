import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

// Generators. A generator runs in registers of its own, behind its object, and waits there: a `yield` moves nothing. Only a
// call must find its window on the stack, for the callee's frame continues it: `toStack` moves the registers there, and the next
// `yield` moves them back.

extension VM {
    /// A generator whose parameters are taken from the registers at `base`.
    @inline(never)
    func makeGenerator(_ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>) -> Value {
        let code = function.pointee.code
        let count = code.pointee.registerCount
        let memory = heap.allocate(MemoryLayout<GeneratorObject>.stride + count * MemoryLayout<Value>.stride, Tag.generator)
        heap.containerGrowth &+= 1
        let generator = memory.assumingMemoryBound(to: GeneratorObject.self)
        let parameters = code.pointee.parameterCount
        VM.takeRegisters(from: base, to: generator.registers, parameters)
        for index in parameters..<max(parameters, count) { generator.registers[index] = .undefined }
        generator.pointee.liveCount = code.pointee.localCount
        generator.pointee.code = code
        generator.pointee.function = Value(tag: Tag.function, pointer: function).retained()
        generator.pointee.pc = UnsafePointer(code.pointee.instructions)
        generator.pointee.handled = .none
        generator.pointee.state = .created
        return Value(tag: Tag.generator, pointer: memory)
    }

    /// Puts a waiting generator's frame on top; `sent` (taken over) becomes the value of its `yield`.
    @inline(never)
    func pushGenerator(_ generator: UnsafeMutablePointer<GeneratorObject>, sending sent: Value, flags: UInt8) throws(PythonError) {
        let code = generator.pointee.code
        let next = frame + 1
        if generator.pointee.state == .running {
            heap.release(sent)
            throw valueError("generator already executing")
        }
        var flags = flags
        let isBeyondLimit = next > frameLimit
        if isBeyondLimit, !isWithinRealLimit(next, stackTop) {
            heap.release(sent)
            throw recursionError("")
        }
        if generator.pointee.state == .created {
            if !sent.isNone {
                heap.release(sent)
                throw typeError("can't send non-None value to a just-started generator")
            }
        } else {
            heap.replace(register(UnsafeMutableRawPointer(generator.registers), (generator.pointee.pc - 1).pointee.c), with: sent)
        }
        if isBeyondLimit, isProfiledCall(next, stackTop, code) { flags |= Frame.profiled }
        _ = enterGenerator(generator, flags)
        next.pointee.outerHandled = handled
        if generator.pointee.handled.isNone {
            handled.retain()
        } else {
            handled = generator.pointee.handled
            generator.pointee.handled = .none
        }
    }

    /// Puts the frame of a generator that is not running on top. Returns the globals of its frame.
    @inline(__always)
    private func enterGenerator(_ generator: UnsafeMutablePointer<GeneratorObject>, _ flags: UInt8) -> UnsafeMutablePointer<Value> {
        generator.pointee.state = .running
        // The frame holds the generator: its caller may drop it while it runs.
        Value(tag: Tag.generator, pointer: generator).retain()
        let function = generator.pointee.function.object(as: FunctionObject.self)
        let module = function.pointee.module
        let globals = module.pointee.globals
        let next = frame + 1
        next.pointee.pc = generator.pointee.pc
        next.pointee.base = generator.registers
        next.pointee.top = stackTop
        next.pointee.code = generator.pointee.code
        next.pointee.globals = globals
        next.pointee.module = module
        next.pointee.function = function
        next.pointee.generator = generator
        next.pointee.flags = flags
        frame = next
        return globals
    }

    /// Resumes a generator in the usual case; nil, with nothing changed, where `pushGenerator` must look closer. Returns the
    /// globals of its frame: the loop goes on with them rather than read back what has just been stored.
    @inline(__always)
    func resumeQuickly(_ generator: UnsafeMutablePointer<GeneratorObject>, _ flags: UInt8) -> UnsafeMutablePointer<Value>? {
        guard generator.pointee.state == .suspended, frame + 1 <= frameLimit, handled.isNone, generator.pointee.handled.isNone else { return nil }
        // The value of the `yield`.
        heap.replace(register(UnsafeMutableRawPointer(generator.registers), (generator.pointee.pc - 1).pointee.c), with: .none)
        let globals = enterGenerator(generator, flags)
        frame.pointee.outerHandled = .none
        return globals
    }

    /// Moves the first `count` registers of the running generator to the stack. Returns the frame's new base.
    @inline(__always)
    func moveToStack(_ generator: UnsafeMutablePointer<GeneratorObject>, _ count: Int) throws(PythonError) -> UnsafeMutablePointer<Value> {
        let base = stackTop + 1
        let top = base + generator.pointee.code.pointee.registerCount
        if top > stackLimit { throw recursionError("") }
        (base - 1).pointee = .undefined
        VM.takeRegisters(from: generator.registers, to: base, count)
        frame.pointee.base = base
        frame.pointee.top = top
        stackTop = top
        return base
    }

    /// Moves registers, references and all; the source's become undefined.
    ///
    /// In halves, each under its condition, which keeps LLVM from loading 16 bytes that were just stored as twice 8: such a
    /// load waits until the stores have left the processor's queue (a third of the time of `yield`).
    @inline(__always)
    private static func takeRegisters(from source: UnsafeMutablePointer<Value>, to target: UnsafeMutablePointer<Value>, _ count: Int) {
        var index = 0
        while index < count {
            let tag = source[index].tag
            target[index].tag = tag
            if tag != Tag.undefined {
                target[index].bits = source[index].bits
                source[index].tag = Tag.undefined
            }
            index += 1
        }
    }

    /// Lets the running generator wait, its registers with it; gives up its frame's reference to it. The frame itself stays.
    /// Returns the value yielded.
    @inline(__always)
    func suspend(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) -> Value {
        let generator = frame.pointee.generator.unsafelyUnwrapped
        let source = register(r, i.a)
        let value = source.pointee
        if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
        // What lies above is dead and holds nothing.
        let live = Int(i.b >> 4) + (i.x & 1 != 0 ? 1 : 0)
        generator.pointee.liveCount = live
        let base = r.assumingMemoryBound(to: Value.self)
        if base != generator.registers { VM.takeRegisters(from: base, to: generator.registers, live) }
        generator.pointee.pc = i + 1
        generator.pointee.state = .suspended
        heap.release(Value(tag: Tag.generator, pointer: generator))
        return value
    }

    /// Suspends the running generator. Returns the yielded value when Swift code resumed it.
    @inline(never)
    func yield(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) -> Value? {
        let top = frame
        if top.pointee.flags & Frame.profiled != 0 { profiler?.leave() }
        let generator = top.pointee.generator.unsafelyUnwrapped
        // Held on, while the exception it handles moves.
        Value(tag: Tag.generator, pointer: generator).retain()
        let value = suspend(r, i)
        let inner = handled
        handled = top.pointee.outerHandled
        if inner.isIdentical(to: handled) { heap.release(inner) } else { generator.pointee.handled = inner }
        frame = top - 1
        let flags = top.pointee.flags
        heap.release(Value(tag: Tag.generator, pointer: generator))
        if flags & Frame.entry != 0 { return value }
        let caller = frame
        stackTop = caller.pointee.top
        let waiting = (caller.pointee.pc - 1).pointee
        heap.replace(register(UnsafeMutableRawPointer(caller.pointee.base), waiting.b), with: value)
        if flags & Frame.loop != 0 { caller.pointee.pc += Int(Int16(bitPattern: waiting.c)) }
        return nil
    }

    /// Leaves the top frame, whose registers are released, with `value` as its result. Returns what `run` returns when the
    /// frame was an entry.
    @inline(never)
    func finishFrame(_ value: Value) throws(PythonError) -> Value? {
        let top = frame
        let flags = top.pointee.flags
        if flags & Frame.profiled != 0 {
            // Once: a constructor that returns a value raises here and is popped again.
            top.pointee.flags &= ~Frame.profiled
            profiler?.leave()
        }
        if let generator = top.pointee.generator { return finishGenerator(generator, value) }
        var result = value
        if flags & Frame.constructor != 0 {
            try requireNone(value, top.pointee.instance)
            result = top.pointee.instance
        }
        let slot = top.pointee.base - 1
        heap.replace(slot, with: .undefined)
        frame = top - 1
        if flags & Frame.entry != 0 { return result }
        let caller = frame
        stackTop = caller.pointee.top
        heap.replace(register(UnsafeMutableRawPointer(caller.pointee.base), (caller.pointee.pc - 1).pointee.c), with: result)
        return nil
    }

    private func finishGenerator(_ generator: UnsafeMutablePointer<GeneratorObject>, _ value: Value) -> Value? {
        let top = frame
        let flags = top.pointee.flags
        closeGenerator(generator, outerHandled: top.pointee.outerHandled)
        frame = top - 1
        if flags & Frame.entry != 0 {
            heap.replace(&generatorReturn, with: value)
            return .undefined
        }
        let caller = frame
        stackTop = caller.pointee.top
        let waiting = (caller.pointee.pc - 1).pointee
        let base = UnsafeMutableRawPointer(caller.pointee.base)
        consume(register(base, waiting.a))
        if flags & Frame.loop != 0 {
            heap.release(value)
        } else {
            heap.replace(register(base, waiting.b), with: value)
            caller.pointee.pc += Int(Int16(bitPattern: waiting.c))
        }
        return nil
    }

    /// Marks a running generator as finished; its registers are already released.
    func closeGenerator(_ generator: UnsafeMutablePointer<GeneratorObject>, outerHandled: Value) {
        generator.pointee.state = .finished
        generator.pointee.liveCount = 0
        heap.replace(&handled, with: outerHandled)
        heap.release(Value(tag: Tag.generator, pointer: generator))
    }

    // MARK: from Swift

    /// Resumes a generator; undefined when it finished (what it returned is in `generatorReturn`).
    package func resume(_ value: Value, sending sent: Value) throws(PythonError) -> Value {
        let generator = value.object(as: GeneratorObject.self)
        if generator.pointee.state == .finished {
            heap.replace(&generatorReturn, with: .none)
            return .undefined
        }
        guard nativeDepth < nativeDepthLimit else { throw recursionError("") }
        let savedTop = stackTop
        nativeDepth += 1
        defer {
            nativeDepth -= 1
            stackTop = savedTop
        }
        if !sent.isNone || resumeQuickly(generator, Frame.entry) == nil {
            try pushGenerator(generator, sending: sent.retained(), flags: Frame.entry)
        }
        return try run()
    }

    /// Raises an exception (taken over) where the generator waits; undefined when it finished.
    package func resume(_ value: Value, throwing exception: Value) throws(PythonError) -> Value {
        let generator = value.object(as: GeneratorObject.self)
        switch generator.pointee.state {
        case .running:
            heap.release(exception)
            throw valueError("generator already executing")
        case .finished: throw PythonError(exception)
        case .created:
            generator.pointee.state = .finished
            dropRegisters(generator)
            throw PythonError(exception)
        case .suspended: break
        }
        let waiting = (generator.pointee.pc - 1).pointee
        if waiting.op == .yieldValue, waiting.x & 1 != 0 {
            return try throwThroughDelegate(value, generator, waiting, exception)
        }
        return try raiseInside(generator, exception)
    }

    private func raiseInside(_ generator: UnsafeMutablePointer<GeneratorObject>, _ exception: Value) throws(PythonError) -> Value {
        let savedTop = stackTop
        nativeDepth += 1
        defer {
            nativeDepth -= 1
            stackTop = savedTop
        }
        do throws(PythonError) {
            try pushGenerator(generator, sending: .none, flags: Frame.entry)
        } catch {
            heap.release(exception)
            throw error
        }
        if !unwind(exception, at: frame.pointee.pc) { throw PythonError(pendingException) }
        return try run()
    }

    /// `throw` and `close` reach the innermost iterator of `yield from` first.
    private func throwThroughDelegate(
        _ value: Value, _ generator: UnsafeMutablePointer<GeneratorObject>, _ waiting: Instruction, _ exception: Value
    ) throws(PythonError) -> Value {
        let registers = UnsafeMutableRawPointer(generator.registers)
        let inner = register(registers, waiting.b).pointee.retained()
        defer { heap.release(inner) }
        let isExit = isInstance(exception, builtinClasses["GeneratorExit"].unsafelyUnwrapped)
        generator.pointee.state = .running
        // What the inner iterator made of it: nil when it has no `throw` or the exception goes on in this generator.
        var answer: Value?
        var failure: Value?
        do throws(PythonError) {
            if isExit {
                try closeIterator(inner)
            } else if inner.tag == Tag.generator {
                answer = try resume(inner, throwing: exception.retained())
            } else if case let method = try findAttribute(inner, intern("throw")), !method.isUndefined {
                defer { heap.release(method) }
                answer = try call(method, exception)
            }
        } catch {
            failure = error.exception
        }
        generator.pointee.state = .suspended
        if let failure {
            heap.release(exception)
            if inner.tag != Tag.generator, isInstance(failure, builtinClasses["StopIteration"].unsafelyUnwrapped) {
                let result = stopValue(failure)
                heap.release(failure)
                return try finishDelegation(value, generator, result)
            }
            return try raiseInside(generator, failure)
        }
        guard let answer else { return try raiseInside(generator, exception) }
        heap.release(exception)
        if answer.isUndefined { return try finishDelegation(value, generator, generatorReturn.retained()) }
        return answer
    }

    /// Continues behind a `yield from` whose iterator ended with `result` (taken over).
    private func finishDelegation(_ value: Value, _ generator: UnsafeMutablePointer<GeneratorObject>, _ result: Value) throws(PythonError) -> Value {
        // The compiler lays `yield from` out as: send, yieldValue, jump back.
        let send = (generator.pointee.pc - 2).pointee
        precondition(send.op == .send, "yield from is laid out as send, yieldValue")
        consume(register(UnsafeMutableRawPointer(generator.registers), send.a))
        let savedTop = stackTop
        nativeDepth += 1
        defer {
            nativeDepth -= 1
            stackTop = savedTop
        }
        try pushGenerator(generator, sending: .none, flags: Frame.entry)
        heap.replace(register(UnsafeMutableRawPointer(frame.pointee.base), send.b), with: result)
        frame.pointee.pc = generator.pointee.pc - 1 + Int(Int16(bitPattern: send.c))
        return try run()
    }

    private func closeIterator(_ iterator: Value) throws(PythonError) {
        if iterator.tag == Tag.generator {
            try close(iterator)
            return
        }
        let method = try findAttribute(iterator, intern("close"))
        if method.isUndefined { return }
        defer { heap.release(method) }
        heap.release(try call(method))
    }

    /// `generator.close()`
    package func close(_ value: Value) throws(PythonError) {
        let generator = value.object(as: GeneratorObject.self)
        switch generator.pointee.state {
        case .finished: return
        case .created:
            generator.pointee.state = .finished
            dropRegisters(generator)
            return
        case .running: throw valueError("generator already executing")
        case .suspended: break
        }
        do throws(PythonError) {
            let answer = try resume(value, throwing: error("GeneratorExit", arguments: []).exception)
            if answer.isUndefined { return }
            heap.release(answer)
        } catch {
            guard matches(error, "GeneratorExit") || matches(error, "StopIteration") else { throw error }
            discard(error)
            return
        }
        throw runtimeError("generator ignored GeneratorExit")
    }

    private func dropRegisters(_ generator: UnsafeMutablePointer<GeneratorObject>) {
        let count = generator.pointee.liveCount
        generator.pointee.liveCount = 0
        for index in 0..<count { heap.replace(generator.registers + index, with: .undefined) }
    }

    // MARK: yield from

    enum SendOutcome { case pushed, yielded, finished }

    /// One step of `yield from`.
    @inline(never)
    func send(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) -> SendOutcome {
        let iterator = register(r, i.a).pointee
        let place = register(r, i.b)
        let sent = place.pointee
        if iterator.tag == Tag.generator {
            let generator = iterator.object(as: GeneratorObject.self)
            if generator.pointee.state == .finished {
                heap.replace(place, with: .none)
                consume(register(r, i.a))
                return .finished
            }
            place.pointee = .undefined
            try pushGenerator(generator, sending: sent, flags: Frame.delegate)
            return .pushed
        }
        do throws(PythonError) {
            let value: Value
            if sent.isNone {
                let method = special(typeOf(iterator), .next)
                if iterator.tag != Tag.iterator, !method.isUndefined {
                    value = try call(method, iterator)
                } else {
                    value = try next(iterator)
                    if value.isUndefined {
                        heap.replace(place, with: .none)
                        consume(register(r, i.a))
                        return .finished
                    }
                }
            } else {
                value = try callMethod(iterator, "send", sent)
            }
            heap.replace(place, with: value)
            return .yielded
        } catch {
            guard matches(error, "StopIteration") else { throw error }
            heap.replace(place, with: stopValue(error.exception))
            discard(error)
            consume(register(r, i.a))
            return .finished
        }
    }

    /// The value a StopIteration carries, owned.
    func stopValue(_ exception: Value) -> Value {
        let arguments = exception.object(as: ExceptionObject.self).pointee.arguments.tuple
        return arguments.pointee.count > 0 ? arguments.items[0].retained() : .none
    }
}
