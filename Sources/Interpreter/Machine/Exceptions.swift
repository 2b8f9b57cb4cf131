import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

// Raising, unwinding, handling.

extension VM {
    /// Looks for a handler of `exception` (taken over), popping frames up to the entry of this `run`. Returns true when the
    /// frame on top continues at a handler; false when the entry frame is gone: the exception is in `pendingException`.
    @inline(never)
    func unwind(_ exception: Value, at pc: UnsafePointer<Instruction>) -> Bool {
        var exception = exception
        frame.pointee.pc = pc
        var isRepeated = isReraising
        isReraising = false
        if !isRepeated { attachContext(exception) }
        while true {
            let top = frame
            let code = top.pointee.code
            let index = Int32(truncatingIfNeeded: UnsafePointer(top.pointee.pc) - UnsafePointer(code.pointee.instructions) - 1)
            if !isRepeated { addTraceback(exception, code, Int(index)) }
            isRepeated = false
            if let handler = handlerCovering(code, index) {
                let base = top.pointee.base
                let depth = Int(handler.depth)
                for position in depth..<code.pointee.registerCount {
                    let value = base[position]
                    if value.isHeap {
                        base[position] = .undefined
                        heap.release(value)
                    }
                }
                base[depth] = exception
                top.pointee.pc = UnsafePointer(code.pointee.instructions) + Int(handler.target)
                stackTop = top.pointee.top
                return true
            }
            if let replaced = popFailed(exception) { exception = replaced }
            if top.pointee.flags & Frame.entry != 0 {
                pendingException = exception
                return false
            }
            stackTop = frame.pointee.top
        }
    }

    @inline(__always)
    private func handlerCovering(_ code: UnsafeMutablePointer<CodeRecord>, _ index: Int32) -> Code.Handler? {
        for position in 0..<code.pointee.handlerCount {
            let handler = code.pointee.handlers[position]
            if handler.start <= index, index < handler.end { return handler }
        }
        return nil
    }

    /// Pops the top frame, which `exception` leaves. Returns the exception that takes its place, if any.
    private func popFailed(_ exception: Value) -> Value? {
        let top = frame
        let base = top.pointee.base
        for position in 0..<top.pointee.code.pointee.registerCount {
            let value = base[position]
            if value.isHeap {
                base[position] = .undefined
                heap.release(value)
            }
        }
        frame = top - 1
        if top.pointee.flags & Frame.profiled != 0 { profiler?.leave() }
        guard let generator = top.pointee.generator else {
            if top.pointee.flags & Frame.constructor != 0 { heap.release(top.pointee.instance) }
            let slot = base - 1
            heap.replace(slot, with: .undefined)
            return nil
        }
        closeGenerator(generator, outerHandled: top.pointee.outerHandled)
        guard matches(PythonError(exception), "StopIteration") else { return nil }
        let replacement = error("RuntimeError", "generator raised StopIteration").exception
        let record = replacement.object(as: ExceptionObject.self)
        record.pointee.cause = exception.retained()
        record.pointee.context = exception
        record.pointee.suppressesContext = true
        return replacement
    }

    private func attachContext(_ exception: Value) {
        let record = exception.object(as: ExceptionObject.self)
        if handled.isNone || handled.isIdentical(to: exception) || !record.pointee.context.isNone { return }
        // Break a cycle: the exception may already stand in the chain of the one being handled.
        var link = handled
        while true {
            let next = link.object(as: ExceptionObject.self).pointee.context
            if next.isNone { break }
            if next.isIdentical(to: exception) {
                heap.replace(&link.object(as: ExceptionObject.self).pointee.context, with: .none)
                break
            }
            link = next
        }
        record.pointee.context = handled.retained()
    }

    private func addTraceback(_ exception: Value, _ code: UnsafeMutablePointer<CodeRecord>, _ index: Int) {
        let frame = keepsFrames ? frameContents() : .undefined
        exception.object(as: ExceptionObject.self).pointee.traceback.append(Traceback.Entry(code: code, instruction: index, frame: frame))
    }

    /// `(module, variables)` of the running call, for a debugger; a module's own code has no variables besides its globals.
    @inline(never)
    private func frameContents() -> Value {
        let code = frame.pointee.code.pointee.code.takeUnretainedValue()
        let module = Value(tag: Tag.module, pointer: frame.pointee.module).retained()
        return tuple([module, code.flags.contains(.module) ? .none : currentLocals()])
    }

    // MARK: raise

    @inline(never)
    func exceptionToRaise(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) -> PythonError {
        if i.x & 0x03 == 0 {
            if handled.isNone { throw runtimeError("No active exception to reraise") }
            isReraising = true
            return PythonError(handled.retained())
        }
        let exception = try makeRaised(register(r, i.a).pointee, "exceptions must derive from BaseException")
        if i.x & 0x03 == 2 {
            let given = register(r, i.b).pointee
            let record = exception.object(as: ExceptionObject.self)
            if given.isNone {
                heap.replace(&record.pointee.cause, with: .none)
            } else {
                do throws(PythonError) {
                    let cause = try makeRaised(given, "exception causes must derive from BaseException")
                    heap.replace(&record.pointee.cause, with: cause)
                } catch {
                    heap.release(exception)
                    throw error
                }
            }
            record.pointee.suppressesContext = true
        }
        return PythonError(exception)
    }

    /// An exception from a class or an instance.
    func makeRaised(_ value: Value, _ message: String) throws(PythonError) -> Value {
        if value.tag == Tag.exception { return value.retained() }
        if value.tag == Tag.classObject, isExceptionClass(value.object(as: ClassObject.self)) {
            let made = try call(value)
            if made.tag == Tag.exception { return made }
            defer { heap.release(made) }
            throw typeError(
                "calling \(try reprText(value)) should have returned an instance of BaseException, not \(typeName(made))")
        }
        throw typeError(message)
    }

    // MARK: except, with, assert

    /// BaseException and what derives from it have a layout of their own.
    private func isExceptionClass(_ type: ClassPointer) -> Bool {
        type.pointee.info._withUnsafeGuaranteedRef { $0.layout == Tag.exception }
    }

    /// Whether an exception is an instance of a class or of one in a tuple.
    func exceptionMatches(_ exception: Value, _ filter: Value) throws(PythonError) -> Bool {
        if filter.tag == Tag.classObject, isExceptionClass(filter.object(as: ClassObject.self)) {
            return isSubclass(typeOf(exception), filter.object(as: ClassObject.self))
        }
        if filter.tag == Tag.tuple {
            for index in 0..<filter.tuple.pointee.count where try exceptionMatches(exception, filter.tuple.items[index]) { return true }
            return false
        }
        throw typeError("catching classes that do not inherit from BaseException is not allowed")
    }

    @inline(never)
    func enterContext(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) {
        let context = register(r, i.b).pointee
        let type = typeOf(context)
        let enter = special(type, .enter)
        let exit = special(type, .exit)
        if enter.isUndefined {
            throw typeError("'\(type.info.name)' object does not support the context manager protocol")
        }
        if exit.isUndefined {
            throw typeError("'\(type.info.name)' object does not support the context manager protocol (missed __exit__ method)")
        }
        let place = register(r, i.a)
        let boundExit = try bind(exit, context, type)
        heap.replace(place, with: boundExit)
        let boundEnter = try bind(enter, context, type)
        heap.replace(place + 1, with: boundEnter)
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
    }

    @inline(never)
    func assertionError(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) -> PythonError {
        if i.x & 1 == 0 { return error("AssertionError", arguments: []) }
        return error("AssertionError", arguments: [register(r, i.a).pointee.retained()])
    }

    // MARK: safe points

    /// Does what the interrupt flag asks for.
    @inline(never)
    package func poll() throws(PythonError) {
        let request = interruptFlag.pointee
        if request & 2 != 0 {
            InterruptRequests.clear(InterruptRequests.collect, in: interruptFlag)
            heap.collectCycles()
        }
        if request & InterruptRequests.flush != 0 {
            InterruptRequests.clear(InterruptRequests.flush, in: interruptFlag)
            output.flush()
        }
        if request & InterruptRequests.memory != 0 {
            InterruptRequests.clear(InterruptRequests.memory, in: interruptFlag)
            throw memoryError()
        }
        try interrupt()
    }

    /// Throws the exception of a Ctrl-C or a time limit that is due. Unlike `poll` it runs no code of the program: long work
    /// of natives asks here, every some ten thousand steps, while it holds addresses or has an object half made.
    @inline(__always)
    package func heed() throws(PythonError) {
        if _slowPath(interruptFlag.pointee & (InterruptRequests.interrupt | InterruptRequests.timeLimit) != 0) { try interrupt() }
    }

    @inline(never)
    private func interrupt() throws(PythonError) {
        let request = interruptFlag.pointee
        if request & InterruptRequests.interrupt != 0 {
            InterruptRequests.clear(InterruptRequests.interrupt, in: interruptFlag)
            throw error("KeyboardInterrupt", arguments: [])
        }
        if request & InterruptRequests.timeLimit != 0 {
            InterruptRequests.clear(InterruptRequests.timeLimit, in: interruptFlag)
            throw error("TimeoutError", "the time limit was reached")
        }
    }

    /// Hands the positions `0..<count` to `body` in parts small enough to answer an interrupt between them.
    @inline(__always)
    package func inParts(_ count: Int, of size: Int = 1 << 16, _ body: (Range<Int>) -> Void) throws(PythonError) {
        var start = 0
        while start < count {
            let end = count - start > size ? start + size : count
            body(start..<end)
            start = end
            try heed()
        }
    }

    /// Copies bytes that may be many.
    @inline(__always)
    package func copyBytes(_ target: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ count: Int) throws(PythonError) {
        if count <= VM.copyPart { target.update(from: source, count: count) } else { try copyManyBytes(target, source, count) }
    }

    /// What `memcmp` says about bytes that may be many.
    @inline(__always)
    package func compareBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) throws(PythonError) -> Int {
        count <= VM.copyPart ? Int(memcmp(a, b, count)) : try compareManyBytes(a, b, count)
    }

    @inline(never)
    private func compareManyBytes(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int) throws(PythonError) -> Int {
        var start = 0
        while start < count {
            let size = min(VM.copyPart, count - start)
            let order = memcmp(a + start, b + start, size)
            if order != 0 { return Int(order) }
            start += size
            try heed()
        }
        return 0
    }

    /// Bytes copied, searched or mapped within a few milliseconds.
    package static let copyPart = 1 << 22

    @inline(never)
    private func copyManyBytes(_ target: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ count: Int) throws(PythonError) {
        try inParts(count, of: VM.copyPart) { (target + $0.lowerBound).update(from: source + $0.lowerBound, count: $0.count) }
    }

    /// `__del__`, or the `finally` blocks of a forgotten generator. Exceptions there cannot reach anybody: they are reported.
    func runFinalizer(_ value: Value) {
        let saved = handled
        handled = .none
        defer { handled = saved }
        do throws(PythonError) {
            if value.tag == Tag.generator {
                try close(value)
                return
            }
            let method = special(typeOf(value), .del)
            if method.isUndefined { return }
            heap.release(try call(method, value))
        } catch {
            let text = "Exception ignored in: " + typeName(value) + "\n" + tracebackText(error.exception)
            report(text)
            discard(error)
        }
    }

    /// Writes to the error output.
    package func report(_ text: String) {
        var text = text
        text.withUTF8 { output.write($0, toError: true) }
    }

    // MARK: operating system errors

    package static func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// The subclass of OSError for an `errno`.
    package static func osErrorClass(_ code: Int32) -> String {
        switch code {
        case ENOENT: "FileNotFoundError"
        case EEXIST: "FileExistsError"
        case EISDIR: "IsADirectoryError"
        case ENOTDIR: "NotADirectoryError"
        case EACCES, EPERM: "PermissionError"
        case EAGAIN, EALREADY, EINPROGRESS: "BlockingIOError"
        case EPIPE, ESHUTDOWN: "BrokenPipeError"
        case ECHILD: "ChildProcessError"
        case ECONNABORTED: "ConnectionAbortedError"
        case ECONNREFUSED: "ConnectionRefusedError"
        case ECONNRESET: "ConnectionResetError"
        case EINTR: "InterruptedError"
        case ESRCH: "ProcessLookupError"
        case ETIMEDOUT: "TimeoutError"
        default: "OSError"
        }
    }
}
