import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

// Calls. A call is a window of registers: slot[0] the callable, slot[1] … slot[count] the arguments, the last of them
// keywords when there are names. All of it is owned by the window and consumed by a successful call; after an exception
// the window still owns whatever is left in it.

extension VM {
    // MARK: from Swift

    package func call(_ callable: Value) throws(PythonError) -> Value {
        let slot = try openWindow(0)
        slot[0] = callable.retained()
        return try finishCall(slot, 0)
    }

    package func call(_ callable: Value, _ a: Value) throws(PythonError) -> Value {
        let slot = try openWindow(1)
        slot[0] = callable.retained()
        slot[1] = a.retained()
        return try finishCall(slot, 1)
    }

    package func call(_ callable: Value, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        let slot = try openWindow(2)
        slot[0] = callable.retained()
        slot[1] = a.retained()
        slot[2] = b.retained()
        return try finishCall(slot, 2)
    }

    package func call(_ callable: Value, _ a: Value, _ b: Value, _ c: Value) throws(PythonError) -> Value {
        let slot = try openWindow(3)
        slot[0] = callable.retained()
        slot[1] = a.retained()
        slot[2] = b.retained()
        slot[3] = c.retained()
        return try finishCall(slot, 3)
    }

    package func call(_ callable: Value, _ a: Value, _ b: Value, _ c: Value, _ d: Value) throws(PythonError) -> Value {
        try call(callable, arguments: [a, b, c, d])
    }

    /// Calls with any arguments; all borrowed.
    package func call(_ callable: Value, arguments: [Value], keywords: [(String, Value)] = []) throws(PythonError) -> Value {
        let count = arguments.count + keywords.count
        let slot = try openWindow(count)
        slot[0] = callable.retained()
        for (position, argument) in arguments.enumerated() { slot[1 + position] = argument.retained() }
        if keywords.isEmpty { return try finishCall(slot, count) }
        for (position, keyword) in keywords.enumerated() { slot[1 + arguments.count + position] = keyword.1.retained() }
        let names = tuple(keywords.map { internedValue($0.0) })
        defer { heap.release(names) }
        return try finishCall(slot, count, names.tuple)
    }

    package func callMethod(_ object: Value, _ name: String, _ arguments: Value...) throws(PythonError) -> Value {
        let method = try getAttribute(object, name)
        defer { heap.release(method) }
        return try call(method, arguments: arguments)
    }

    /// A window above all live registers.
    @inline(__always)
    private func openWindow(_ count: Int) throws(PythonError) -> UnsafeMutablePointer<Value> {
        let slot = stackTop
        guard slot + (count + 16) < stackLimit, nativeDepth < nativeDepthLimit else { throw recursionError(" while calling a Python object") }
        stackTop = slot + (count + 3)
        return slot
    }

    private func finishCall(
        _ slot: UnsafeMutablePointer<Value>, _ count: Int, _ names: UnsafeMutablePointer<TupleObject>? = nil
    ) throws(PythonError) -> Value {
        nativeDepth += 1
        defer {
            nativeDepth -= 1
            stackTop = slot
        }
        do throws(PythonError) {
            // Swift code that calls a program's function in a loop is stopped here: a short function has no safe point.
            if _slowPath(interruptFlag.pointee != 0) { try poll() }
            if try prepareCall(slot, count, names) {
                frame.pointee.flags |= Frame.entry
                return try run()
            }
            return nativeResult
        } catch {
            clearWindow(slot, count)
            throw error
        }
    }

    /// Releases what an unsuccessful call left in its window.
    func clearWindow(_ slot: UnsafeMutablePointer<Value>, _ count: Int) {
        for position in 0...(count + 2) {
            let value = slot[position]
            if value.isHeap {
                slot[position] = .undefined
                heap.release(value)
            }
        }
    }

    // MARK: preparing

    /// Does what a call needs up to running bytecode. Returns true when a frame was pushed; false when the call is done and
    /// its result is in `nativeResult` (owned by the caller).
    func prepareCall(
        _ slot: UnsafeMutablePointer<Value>, _ argumentCount: Int, _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Bool {
        var count = argumentCount
        while true {
            let callable = slot[0]
            switch callable.tag {
            case Tag.function:
                return try prepareFunction(callable.object(as: FunctionObject.self), slot, count, names)
            case Tag.builtin:
                nativeResult = try callNative(callable.object(as: BuiltinObject.self), slot + 1, count, names)
                emptyWindow(slot, count)
                return false
            case Tag.boundMethod:
                let method = callable.object(as: BoundMethodObject.self)
                let function = method.pointee.function.retained()
                insert(method.pointee.receiver.retained(), into: slot, count)
                count += 1
                slot[0] = function
                heap.release(callable)
            case Tag.classObject:
                if names == nil, try prepareKnownConstruction(callable.object(as: ClassObject.self), slot, count) { return true }
                if let pushed = try prepareConstruction(callable.object(as: ClassObject.self), slot, count, names) { return pushed }
                // slot[0] was replaced by a hook with the class inserted as first argument.
                count += 1
            case Tag.descriptor where callable.header.pointee.extra != DescriptorKind.property.rawValue:
                slot[0] = callable.object(as: DescriptorObject.self).pointee.getter.retained()
                heap.release(callable)
            default:
                let method = special(typeOf(callable), .call)
                if method.isUndefined { throw typeError("'\(typeName(callable))' object is not callable") }
                // The receiver's reference moves from the callable's place to the first argument.
                insert(callable, into: slot, count)
                count += 1
                slot[0] = method.retained()
            }
        }
    }

    /// Shifts the arguments up by one and puts `value` (taken over) first.
    @inline(__always)
    private func insert(_ value: Value, into slot: UnsafeMutablePointer<Value>, _ count: Int) {
        var position = count
        while position > 0 {
            slot[position + 1] = slot[position]
            position -= 1
        }
        slot[1] = value
    }

    /// Gives back everything in the window of a finished call.
    @inline(__always)
    func emptyWindow(_ slot: UnsafeMutablePointer<Value>, _ count: Int) {
        var position = 0
        while position <= count {
            let value = slot[position]
            if value.isHeap {
                slot[position] = .undefined
                heap.release(value)
            }
            position += 1
        }
    }

    @inline(__always)
    private func prepareFunction(
        _ function: UnsafeMutablePointer<FunctionObject>, _ slot: UnsafeMutablePointer<Value>, _ count: Int,
        _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Bool {
        let code = function.pointee.code
        if !code.pointee.isSimple || count != code.pointee.parameterCount || names != nil {
            try bindArguments(function, slot + 1, count, names)
        }
        if code.pointee.isGenerator {
            nativeResult = makeGenerator(function, slot + 1)
            let callable = slot[0]
            slot[0] = .undefined
            heap.release(callable)
            return false
        }
        try pushFrame(function, slot + 1)
        return true
    }

    /// Pushes a frame whose parameters are in place.
    @inline(__always)
    func pushFrame(_ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>) throws(PythonError) {
        let code = function.pointee.code
        let next = frame + 1
        let top = base + code.pointee.registerCount
        next.pointee.flags = 0
        if next > frameLimit || top > stackLimit {
            guard isProfiledCall(next, top, code) else {
                clearParameters(base, code.pointee.parameterCount)
                throw recursionError("")
            }
            next.pointee.flags = Frame.profiled
        }
        let module = function.pointee.module
        // Field by field: `instance` and `outerHandled` mean nothing without their flags.
        next.pointee.pc = UnsafePointer(code.pointee.instructions)
        next.pointee.base = base
        next.pointee.top = top
        next.pointee.code = code
        next.pointee.globals = module.pointee.globals
        next.pointee.module = module
        next.pointee.function = function
        next.pointee.generator = nil
        var index = code.pointee.parameterCount
        while index < code.pointee.localCount {
            base[index] = .undefined
            index += 1
        }
        frame = next
        stackTop = top
    }

    @inline(never)
    private func clearParameters(_ base: UnsafeMutablePointer<Value>, _ count: Int) {
        for index in 0..<count { heap.replace(base + index, with: .undefined) }
    }

    /// Levels that a recursion written in Swift may still go down.
    package var remainingDepth: Int { max(0, min(recursionLimit - (frame - frames), nativeDepthLimit - nativeDepth)) }

    package func recursionError(_ suffix: String) -> PythonError { error("RecursionError", "maximum recursion depth exceeded" + suffix) }

    // MARK: classes

    /// Calls a class whose way of making instances is already known to be `object.__new__` and an `__init__` that fits. Returns
    /// false, with nothing changed, for any other.
    @inline(__always)
    private func prepareKnownConstruction(_ type: ClassPointer, _ slot: UnsafeMutablePointer<Value>, _ count: Int) throws(PythonError) -> Bool {
        guard type.pointee.constructionEpoch == classState.epoch, let initializer = type.pointee.initializer,
            initializer.pointee.code.pointee.exactCount == count + 1
        else { return false }
        let instance = allocateInstance(type, Tag.instance)
        let function = Value(tag: Tag.function, pointer: initializer)
        insert(instance.retained(), into: slot, count)
        slot[0] = function.retained()
        heap.release(type.value)
        do throws(PythonError) {
            try pushFrame(initializer, slot + 1)
        } catch {
            heap.release(instance)
            throw error
        }
        frame.pointee.flags |= Frame.constructor
        frame.pointee.instance = instance
        return true
    }

    /// Finds out how instances of a class are made, for as long as no class changes.
    private func learnConstruction(_ type: ClassPointer) {
        type.pointee.constructionEpoch = classState.epoch
        let info = type.info
        type.pointee.construction = info.isUserClass ? .general : .builtin
        type.pointee.initializer = nil
        let new = special(type, .new)
        let initialize = special(type, .initialize)
        if info.layout == Tag.exception {
            let isPlain =
                info.isUserClass ? new.bits == exceptionNew.bits && initialize.bits == exceptionInit.bits : type != builtinClasses["OSError"]
            if isPlain, !isSubclass(type, exceptionGroupClass), special(type, .classCall).isUndefined, info.abstractMethods.isEmpty {
                type.pointee.construction = .exception
            }
        } else if info.isUserClass, special(type, .classCall).isUndefined, info.abstractMethods.isEmpty, new.bits == objectNew.bits,
            info.layout == Tag.instance, initialize.tag == Tag.function
        {
            type.pointee.construction = .initializer
            type.pointee.initializer = initialize.object(as: FunctionObject.self)
        }
    }

    /// Calls a class. Returns nil when slot[0] was replaced (a class-call hook) and the call should go on.
    private func prepareConstruction(
        _ type: ClassPointer, _ slot: UnsafeMutablePointer<Value>, _ count: Int, _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Bool? {
        if type.pointee.constructionEpoch != classState.epoch { learnConstruction(type) }
        if type.pointee.construction == .exception, names == nil {
            let arguments = count == 0 ? emptyTuple.retained() : Heap.makeTuple(heap, count)
            for position in 0..<count {
                arguments.tuple.items[position] = slot[1 + position]
                slot[1 + position] = .undefined
            }
            nativeResult = makeException(type, arguments)
            emptyWindow(slot, 0)
            return false
        }
        if type.pointee.construction == .builtin {
            guard let construct = constructor(of: type) else { throw typeError("cannot create '\(type.info.name)' instances") }
            insert(type.value.retained(), into: slot, count)
            nativeResult = try callNative(construct, slot + 1, count + 1, names)
            emptyWindow(slot, count + 1)
            return false
        }
        let info = type.info
        let hook = special(type, .classCall)
        if !hook.isUndefined {
            let function = unwrapStatic(hook).retained()
            insert(slot[0], into: slot, count)
            slot[0] = function
            return nil
        }
        if !info.abstractMethods.isEmpty { throw abstractError(info) }
        let new = special(type, .new)
        let initialize = special(type, .initialize)
        if new.bits == objectNew.bits, info.layout == Tag.instance {
            if initialize.tag == Tag.function {
                let instance = allocateInstance(type, Tag.instance)
                let callable = slot[0]
                insert(instance.retained(), into: slot, count)
                slot[0] = initialize.retained()
                heap.release(callable)
                return try pushConstructor(initialize, instance, slot, count + 1, names)
            }
            if initialize.bits == objectInit.bits {
                if count > 0 { throw typeError("\(info.name)() takes no arguments") }
                nativeResult = allocateInstance(type, Tag.instance)
                emptyWindow(slot, 0)
                return false
            }
        }
        let made = try makeThroughNew(type, new, slot, count, names)
        if !isInstance(made, type) || initialize.bits == objectInit.bits || initialize.isUndefined {
            nativeResult = made
            emptyWindow(slot, count)
            return false
        }
        let callable = slot[0]
        insert(made.retained(), into: slot, count)
        slot[0] = initialize.retained()
        heap.release(callable)
        return try pushConstructor(initialize, made, slot, count + 1, names)
    }

    /// What makes instances of a built-in class.
    @inline(__always)
    private func constructor(of type: ClassPointer) -> UnsafeMutablePointer<BuiltinObject>? {
        if let known = type.pointee.constructor { return known }
        return makeConstructor(type)
    }

    @inline(never)
    private func makeConstructor(_ type: ClassPointer) -> UnsafeMutablePointer<BuiltinObject>? {
        guard let construct = type.info.construct else { return nil }
        let value = builtin(construct)
        heap.leaveOutOfCount()
        let object = value.object(as: BuiltinObject.self)
        type.pointee.constructor = object
        return object
    }

    /// Runs `__init__` (window complete, receiver included) so that the result is `instance` (taken over).
    private func pushConstructor(
        _ initialize: Value, _ instance: Value, _ slot: UnsafeMutablePointer<Value>, _ count: Int, _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Bool {
        do throws(PythonError) {
            if try prepareCall(slot, count, names) {
                frame.pointee.flags |= Frame.constructor
                frame.pointee.instance = instance
                return true
            }
            try requireNone(nativeResult, instance)
            nativeResult = instance
            return false
        } catch {
            heap.release(instance)
            throw error
        }
    }

    /// `__init__() should return None`
    func requireNone(_ result: Value, _ instance: Value) throws(PythonError) {
        if result.isNone { return }
        defer { heap.release(result) }
        throw typeError("__init__() should return None, not '\(typeName(result))'")
    }

    /// `Class.__new__(Class, …)` with the window's arguments, which stay.
    private func makeThroughNew(
        _ type: ClassPointer, _ new: Value, _ slot: UnsafeMutablePointer<Value>, _ count: Int, _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Value {
        let keywordCount = names.map { $0.pointee.count } ?? 0
        var arguments: [Value] = [type.value]
        for position in 0..<(count - keywordCount) { arguments.append(slot[1 + position]) }
        var keywords: [(String, Value)] = []
        if let names {
            for position in 0..<keywordCount { keywords.append((text(names.items[position]), slot[1 + count - keywordCount + position])) }
        }
        let savedTop = stackTop
        if slot + (count + 3) > stackTop { stackTop = slot + (count + 3) }
        defer { stackTop = savedTop }
        if new.isUndefined || new.bits == objectNew.bits {
            guard let construct = type.info.construct else { throw typeError("cannot create '\(type.info.name)' instances") }
            if type.info.layout == Tag.instance { return allocateInstance(type, Tag.instance) }
            let function = builtin(construct)
            defer { heap.release(function) }
            return try call(function, arguments: arguments, keywords: keywords)
        }
        return try call(unwrapStatic(new), arguments: arguments, keywords: keywords)
    }

    private func abstractError(_ info: ClassInfo) -> PythonError {
        let names = info.abstractMethods.sorted()
        let plural = names.count == 1 ? "" : "s"
        return typeError("Can't instantiate abstract class \(info.name) with abstract method\(plural) \(names.joined(separator: ", "))")
    }

    // MARK: natives

    /// Calls Swift code with the arguments at `base`, borrowed.
    func callNative(
        _ builtin: UnsafeMutablePointer<BuiltinObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
        _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Value {
        if let profiler {
            profiler.enter(builtin.pointee.function.takeUnretainedValue())
            defer { profiler.leave() }
            return try callUnprofiled(builtin, base, count, names)
        }
        return try callUnprofiled(builtin, base, count, names)
    }

    @inline(__always)
    private func callUnprofiled(
        _ builtin: UnsafeMutablePointer<BuiltinObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int,
        _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Value {
        let savedTop = stackTop
        let filled = max(count, builtin.pointee.parameterCount)
        if base + (filled + 2) > stackTop { stackTop = base + (filled + 2) }
        defer { stackTop = savedTop }
        guard names == nil, count >= builtin.pointee.least, count <= builtin.pointee.most else {
            return try callThroughReader(builtin, base, count, names)
        }
        if filled == count { return try builtin.invoke(self, Arguments(base: base, count: count)) }
        // The registers above the window are free; what is put there is borrowed from the signature.
        guard let defaults = builtin.pointee.defaults, base + (filled + 16) < stackLimit else { throw recursionError("") }
        for index in count..<filled { base[index] = defaults[index] }
        defer { for index in count..<filled { base[index].tag = Tag.undefined } }
        return try builtin.invoke(self, Arguments(base: base, count: filled))
    }

    @inline(never)
    private func callThroughReader(
        _ builtin: UnsafeMutablePointer<BuiltinObject>, _ base: UnsafeMutablePointer<Value>, _ count: Int, _ names: UnsafeMutablePointer<TupleObject>?
    ) throws(PythonError) -> Value {
        let function = builtin.pointee.function._withUnsafeGuaranteedRef { $0 }
        if function.takesAny { throw typeError("\(function.owner.map { $0 + "." } ?? "")\(function.name)() takes no keyword arguments") }
        let reader = function.reader(self)
        builtin.pointee.least = function.least
        builtin.pointee.most = function.most
        builtin.pointee.parameterCount = function.parameterCount
        builtin.pointee.defaults = function.defaults
        let slots = stackTop + 1
        let slotCount = reader.slotCount
        guard slots + (slotCount + 16) < stackLimit else { throw recursionError("") }
        // Below the slots stands the callable, as in any window.
        (slots - 1).pointee = Value(tag: Tag.builtin, pointer: builtin)
        for index in 0..<slotCount { slots[index] = .undefined }
        stackTop = slots + slotCount
        // Only `*args` and `**kwargs` are made here; the rest is borrowed from the caller's window.
        let firstOwned = reader.parameters.count
        defer {
            for index in 0..<slotCount {
                if index >= firstOwned { heap.release(slots[index]) }
                slots[index] = .undefined
            }
            stackTop = slots - 1
            stackTop.pointee = .undefined
        }
        try reader.read(self, function, base, count, names, into: slots)
        return try builtin.invoke(self, Arguments(base: slots, count: slotCount))
    }
}
