import Bytecode
import Syntax

#if canImport(Glibc)
    import Glibc
#endif

// The dispatch loop. Hot paths stand here; whatever is rare or long goes to a function that is never inlined
// (SlowPaths+…). Invariants: every register owns what it holds; dead temporaries and everything above the live
// top hold no heap values; `pc` points at the instruction being executed, a frame's own
// `pc` behind it.

/// The register at byte offset `offset`.
@inline(__always)
func register(_ base: UnsafeMutableRawPointer, _ offset: UInt16) -> UnsafeMutablePointer<Value> {
    (base + Int(offset)).assumingMemoryBound(to: Value.self)
}

/// The instruction being executed. Fields are read where they are used, so that the dispatch itself reads the opcode alone.
typealias InstructionPointer = UnsafePointer<Instruction>

extension InstructionPointer {
    @inline(__always) var x: UInt8 { pointee.x }
    @inline(__always) var a: UInt16 { pointee.a }
    @inline(__always) var b: UInt16 { pointee.b }
    @inline(__always) var c: UInt16 { pointee.c }
}

extension VM {
    /// Runs the top frame, which is marked as an entry, until it returns (or its generator yields: see `generatorYielded`).
    func run() throws(PythonError) -> Value {
        let heap = self.heap
        let flag = interruptFlag
        var pc = frame.pointee.pc - 1
        var r = UnsafeMutableRawPointer(frame.pointee.base)
        var globals = frame.pointee.globals
        var code = frame.pointee.code
        var constants = code.pointee.constants
        var caches = code.pointee.caches

        @inline(__always)
        func store(_ offset: UInt16, _ value: Value) { self.store(r, offset, value) }
        @inline(__always)
        func jump(_ distance: UInt16) { pc += Int(Int16(bitPattern: distance)) }
        /// Jumps, for an instruction whose condition `holds`, unless it asks for the opposite.
        @inline(__always)
        func branch(_ holds: Bool, _ i: InstructionPointer) throws(PythonError) {
            if holds != (i.x & OperandFlag.negate != 0) {
                if _slowPath(flag.pointee != 0) { try poll() }
                jump(i.c)
            }
        }
        /// Continues with the code of a frame.
        @inline(__always)
        func enter(_ record: UnsafeMutablePointer<CodeRecord>) {
            code = record
            constants = record.pointee.constants
            caches = record.pointee.caches
        }
        /// Continues in the frame on top.
        @inline(__always)
        func reload(_ top: UnsafeMutablePointer<Frame>) {
            pc = top.pointee.pc - 1
            r = UnsafeMutableRawPointer(top.pointee.base)
            globals = top.pointee.globals
            enter(top.pointee.code)
        }
        @inline(__always)
        func reload() { reload(frame) }

        /// Pushes the frame of a function called with exactly the arguments it takes, the first at `base`, and continues there.
        @inline(__always)
        func push(_ function: UnsafeMutablePointer<FunctionObject>, _ base: UnsafeMutablePointer<Value>) throws(PythonError) {
            if _slowPath(flag.pointee != 0) { try poll() }
            frame.pointee.pc = pc + 1
            let record = function.pointee.code
            try pushFrame(function, base)
            pc = UnsafePointer(record.pointee.instructions) - 1
            r = UnsafeMutableRawPointer(base)
            globals = function.pointee.module.pointee.globals
            enter(record)
        }
        /// Gives up the variables of the frame that returns.
        @inline(__always)
        func releaseLocals() {
            let base = r.assumingMemoryBound(to: Value.self)
            let count = code.pointee.localCount
            var index = 0
            while index < count {
                let local = base[index]
                if local.isHeap {
                    base[index] = .undefined
                    heap.release(local)
                }
                index += 1
            }
        }
        /// Returns `value` from a plain call to its caller.
        @inline(__always)
        func leave(_ value: Value) {
            let slot = r.assumingMemoryBound(to: Value.self) - 1
            let callable = slot.pointee
            if callable.isHeap {
                slot.pointee = .undefined
                heap.release(callable)
            }
            let caller = frame - 1
            frame = caller
            stackTop = caller.pointee.top
            reload(caller)
            store(pc.c, value)
        }

        while true {
            do throws(PythonError) {
                while true {
                    pc += 1
                    let i = pc
                    switch i.pointee.op {
                    // MARK: moves
                    case .nop, .extra: break
                    case .move:
                        let value = register(r, i.b).pointee
                        value.retain()
                        store(i.a, value)
                    case .moveTemp:
                        let source = register(r, i.b)
                        let value = source.pointee
                        source.pointee = .undefined
                        store(i.a, value)
                    case .loadConst:
                        let value = constants[Int(i.b)]
                        value.retain()
                        store(i.a, value)
                    case .loadInt:
                        store(i.a, .int(Int(i.pointee.wide)))
                    case .clear:
                        store(i.a, .undefined)
                    case .clearRange:
                        clearRegisters(register(r, i.a), Int(i.b))
                    case .checkLocal:
                        if register(r, i.a).pointee.isUndefined { throw unboundLocal(i.a) }

                    // MARK: variables
                    case .loadGlobal:
                        var value = globals[Int(i.b)]
                        if value.isUndefined {
                            if i.c != 0 { value = builtins[Int(i.c) - 1] }
                            if value.isUndefined { value = try addedBuiltin(Int(i.b)) }
                        }
                        value.retain()
                        store(i.a, value)
                    case .storeGlobal:
                        let source = register(r, i.a)
                        let value = source.pointee
                        if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
                        releaseGlobal(globals + Int(i.b), with: value)
                    case .deleteGlobal:
                        if globals[Int(i.a)].isUndefined { throw undefinedName(Int(i.a)) }
                        releaseGlobal(globals + Int(i.a), with: .undefined)
                    case .loadName:
                        let extra = pc[1]
                        let value = try loadName(i, extra, register(r, 0).pointee, globals)
                        pc += 1
                        store(i.a, value)
                    case .storeName:
                        dictSet(register(r, 0).pointee.dict, code.pointee.names[Int(i.b)], register(r, i.a).pointee)
                        if i.x & OperandFlag.consumeA != 0 { store(i.a, .undefined) }
                    case .deleteName:
                        try deleteName(i, register(r, 0).pointee)
                    case .loadNameOrFree:
                        let found = dictValue(register(r, 0).pointee.dict, code.pointee.names[Int(i.b)])
                        store(i.a, found.isUndefined ? try loadFree(i.c) : found.retained())
                    case .makeCell:
                        let place = register(r, i.a)
                        place.pointee = cell(place.pointee)
                    case .loadCell:
                        let value = register(r, i.b).pointee.object(as: CellObject.self).pointee.content
                        if value.isUndefined { throw unboundLocal(i.b) }
                        value.retain()
                        store(i.a, value)
                    case .storeCell:
                        let source = register(r, i.a)
                        let value = source.pointee
                        if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
                        heap.replace(&register(r, i.b).pointee.object(as: CellObject.self).pointee.content, with: value)
                    case .deleteCell:
                        let content = register(r, i.a).pointee.object(as: CellObject.self)
                        if content.pointee.content.isUndefined { throw unboundLocal(i.a) }
                        heap.replace(&content.pointee.content, with: .undefined)
                    case .loadFree:
                        let function = frame.pointee.function.unsafelyUnwrapped
                        let value = function.pointee.closure.tuple.items[Int(i.b)].object(as: CellObject.self).pointee.content
                        if value.isUndefined { throw unboundFree(i.b) }
                        value.retain()
                        store(i.a, value)
                    case .storeFree:
                        let source = register(r, i.a)
                        let value = source.pointee
                        if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
                        let function = frame.pointee.function.unsafelyUnwrapped
                        heap.replace(&function.pointee.closure.tuple.items[Int(i.b)].object(as: CellObject.self).pointee.content, with: value)
                    case .deleteFree:
                        let function = frame.pointee.function.unsafelyUnwrapped
                        let content = function.pointee.closure.tuple.items[Int(i.a)].object(as: CellObject.self)
                        if content.pointee.content.isUndefined { throw unboundFree(i.a) }
                        heap.replace(&content.pointee.content, with: .undefined)
                    case .loadFreeCell:
                        let function = frame.pointee.function.unsafelyUnwrapped
                        store(i.a, function.pointee.closure.tuple.items[Int(i.b)].retained())

                    // MARK: attributes and items
                    case .getAttr:
                        let object = register(r, i.b).pointee
                        if object.tag == Tag.instance {
                            let instance = object.object(as: InstanceObject.self)
                            let cache = caches + Int(i.c)
                            if cache.pointee.key == InlineCache.key(instance.pointee.shape) {
                                let value = instance.pointee.slots[Int(cache.pointee.offset)]
                                value.retain()
                                if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                                store(i.a, value)
                                continue
                            }
                        }
                        let value = try getAttributeCached(object, i.c)
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        store(i.a, value)
                    case .setAttr:
                        let object = register(r, i.b).pointee
                        if object.tag == Tag.instance {
                            let instance = object.object(as: InstanceObject.self)
                            let cache = caches + Int(i.c)
                            if cache.pointee.key == InlineCache.key(instance.pointee.shape) {
                                let source = register(r, i.a)
                                let value = source.pointee
                                if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
                                let place = instance.pointee.slots + Int(cache.pointee.offset)
                                let old = place.pointee
                                place.pointee = value
                                heap.release(old)
                                if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                                continue
                            }
                            if cache.pointee.key == InlineCache.otherKey(instance.pointee.shape),
                                Int(cache.pointee.offset) < instance.pointee.slotCapacity
                            {
                                let source = register(r, i.a)
                                let value = source.pointee
                                if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
                                instance.pointee.slots[Int(cache.pointee.offset)] = value
                                instance.pointee.shape = cache.pointee.next.unsafelyUnwrapped
                                if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                                continue
                            }
                        }
                        try setAttributeCached(object, i.c, register(r, i.a).pointee)
                        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                    case .deleteAttr:
                        let name = caches[Int(i.c)].name
                        try deleteAttribute(register(r, i.b).pointee, name)
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                    case .loadSuper:
                        let value = try makeSuper(register(r, i.b).pointee, register(r, i.c).pointee)
                        consumeOperands(r, i)
                        store(i.a, value)
                    case .getItem:
                        let container = register(r, i.b).pointee
                        let key = register(r, i.c).pointee
                        if container.tag == Tag.list, key.tag == Tag.int {
                            let list = container.object(as: ListObject.self)
                            let count = list.pointee.count
                            var index = key.asInt
                            if index < 0 { index &+= count }
                            if UInt(bitPattern: index) < UInt(bitPattern: count) {
                                let value = list.pointee.items[index]
                                value.retain()
                                if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                                store(i.a, value)
                                continue
                            }
                        } else if container.tag == Tag.dict, key.tag == Tag.int || key.tag == Tag.string {
                            let value = try dictGet(container.dict, key)
                            if !value.isUndefined {
                                value.retain()
                                consumeOperands(r, i)
                                store(i.a, value)
                                continue
                            }
                        } else if container.tag == Tag.string {
                            let value = try stringItem(container, key)
                            consumeOperands(r, i)
                            store(i.a, value)
                            continue
                        }
                        let value = try getItem(container, key)
                        consumeOperands(r, i)
                        store(i.a, value)
                    case .getItemI:
                        let container = register(r, i.b).pointee
                        let key = Int(Int16(bitPattern: i.c))
                        if container.tag == Tag.list || container.tag == Tag.tuple {
                            let (items, count) =
                                container.tag == Tag.list
                                ? (container.list.pointee.items, container.list.pointee.count)
                                : (container.tuple.items, container.tuple.pointee.count)
                            let index = key < 0 ? key &+ count : key
                            if UInt(bitPattern: index) < UInt(bitPattern: count) {
                                let value = items[index]
                                value.retain()
                                if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                                store(i.a, value)
                                continue
                            }
                        }
                        let value = try getItem(container, .int(key))
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        store(i.a, value)
                    case .setItem:
                        let container = register(r, i.b).pointee
                        let key = register(r, i.c).pointee
                        let source = register(r, i.a)
                        if container.tag == Tag.list, key.tag == Tag.int {
                            let list = container.object(as: ListObject.self)
                            let count = list.pointee.count
                            var index = key.asInt
                            if index < 0 { index &+= count }
                            if UInt(bitPattern: index) < UInt(bitPattern: count) {
                                let value = source.pointee
                                if i.x & OperandFlag.consumeA != 0 { source.pointee = .undefined } else { value.retain() }
                                let place = list.pointee.items + index
                                let old = place.pointee
                                place.pointee = value
                                heap.release(old)
                                if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                                continue
                            }
                        } else if container.tag == Tag.dict {
                            try dictSet(container.dict, key, source.pointee)
                            if i.x & OperandFlag.consumeA != 0 { consume(source) }
                            consumeOperands(r, i)
                            continue
                        }
                        try setItem(container, key, source.pointee)
                        if i.x & OperandFlag.consumeA != 0 { consume(source) }
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        if i.x & OperandFlag.consumeC != 0 { consume(register(r, i.c)) }
                    case .deleteItem:
                        try deleteItem(register(r, i.b).pointee, register(r, i.c).pointee)
                        consumeOperands(r, i)

                    // MARK: arithmetic
                    case .add:
                        if compute(r, i, { $0.addingReportingOverflow($1) }, +) { continue }
                        try binarySlowly(r, i, .add)
                    case .subtract:
                        if compute(r, i, { $0.subtractingReportingOverflow($1) }, -) { continue }
                        try binarySlowly(r, i, .subtract)
                    case .multiply:
                        if compute(r, i, { $0.multipliedReportingOverflow(by: $1) }, *) { continue }
                        try binarySlowly(r, i, .multiply)
                    case .matrixMultiply: try binarySlowly(r, i, .matrixMultiply)
                    case .trueDivide:
                        if divide(r, i, by: register(r, i.c)) { continue }
                        try binarySlowly(r, i, .trueDivide)
                    case .floorDivide:
                        if divideSmall(r, i, /) { continue }
                        try binarySlowly(r, i, .floorDivide)
                    case .modulo:
                        if divideSmall(r, i, %) { continue }
                        try binarySlowly(r, i, .modulo)
                    case .power: try binarySlowly(r, i, .power)
                    case .leftShift:
                        if shiftLeft(r, i, by: register(r, i.c).pointee) { continue }
                        try binarySlowly(r, i, .leftShift)
                    case .rightShift:
                        if shiftRight(r, i, by: register(r, i.c).pointee) { continue }
                        try binarySlowly(r, i, .rightShift)
                    case .bitAnd:
                        if combine(r, i, &) { continue }
                        try binarySlowly(r, i, .and)
                    case .bitOr:
                        if combine(r, i, |) { continue }
                        try binarySlowly(r, i, .or)
                    case .bitXor:
                        if combine(r, i, ^) { continue }
                        try binarySlowly(r, i, .xor)
                    case .addI:
                        if computeImmediate(r, i, { $0.addingReportingOverflow($1) }, +) { continue }
                        try binaryImmediateSlowly(r, i, .add)
                    case .subtractI:
                        if computeImmediate(r, i, { $0.subtractingReportingOverflow($1) }, -) { continue }
                        try binaryImmediateSlowly(r, i, .subtract)
                    case .multiplyI:
                        if computeImmediate(r, i, { $0.multipliedReportingOverflow(by: $1) }, *) { continue }
                        try binaryImmediateSlowly(r, i, .multiply)
                    case .floorDivideI:
                        if divideSmallImmediate(r, i, /) { continue }
                        try binaryImmediateSlowly(r, i, .floorDivide)
                    case .moduloI:
                        if divideSmallImmediate(r, i, %) { continue }
                        try binaryImmediateSlowly(r, i, .modulo)
                    case .leftShiftI:
                        if i.c < 32 && shiftLeft(r, i, by: .int(Int(i.c))) { continue }
                        try binaryImmediateSlowly(r, i, .leftShift)
                    case .rightShiftI:
                        if i.c < 64 && shiftRight(r, i, by: .int(Int(i.c))) { continue }
                        try binaryImmediateSlowly(r, i, .rightShift)
                    case .bitAndI:
                        let b = register(r, i.b).pointee
                        if b.tag == Tag.int {
                            store(i.a, .int(b.asInt & Int(Int16(bitPattern: i.c))))
                            continue
                        }
                        try binaryImmediateSlowly(r, i, .and)
                    case .addK:
                        if computeConstant(r, i, constants + Int(i.c), +) { continue }
                        try binaryConstantSlowly(r, i, .add, constants[Int(i.c)])
                    case .subtractK:
                        if computeConstant(r, i, constants + Int(i.c), -) { continue }
                        try binaryConstantSlowly(r, i, .subtract, constants[Int(i.c)])
                    case .multiplyK:
                        if computeConstant(r, i, constants + Int(i.c), *) { continue }
                        try binaryConstantSlowly(r, i, .multiply, constants[Int(i.c)])
                    case .trueDivideK:
                        if divide(r, i, by: constants + Int(i.c)) { continue }
                        try binaryConstantSlowly(r, i, .trueDivide, constants[Int(i.c)])
                    case .powerK:
                        if raise(r, i, to: constants[Int(i.c)]) { continue }
                        try binaryConstantSlowly(r, i, .power, constants[Int(i.c)])
                    case .negative:
                        if negate(r, i) { continue }
                        try unarySlowly(r, i, .negative)
                    case .positive: try unarySlowly(r, i, .positive)
                    case .invert: try unarySlowly(r, i, .invert)
                    case .not:
                        let truth = try isTrue(register(r, i.b).pointee)
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        store(i.a, .bool(!truth))

                    // MARK: comparison
                    case .compare:
                        let b = register(r, i.b).pointee
                        let c = register(r, i.c).pointee
                        if b.tag | c.tag == 0, i.x & 0x0F <= 5 {
                            store(i.a, .bool(VM.holds(i.x & 0x0F, b.asInt, c.asInt)))
                            continue
                        }
                        let value = try compareAny(i, b, c)
                        consumeOperands(r, i)
                        store(i.a, value)
                    case .jumpLess:
                        let holds = if let known = order(r, i, <, <) { known } else { try compareSlowly(r, i, .less) }
                        try branch(holds, i)
                    case .jumpLessEqual:
                        let holds = if let known = order(r, i, <=, <=) { known } else { try compareSlowly(r, i, .lessEqual) }
                        try branch(holds, i)
                    case .jumpEqual:
                        let holds = if let known = equality(r, i) { known } else { try compareSlowly(r, i, .equal) }
                        try branch(holds, i)
                    case .jumpNotEqual:
                        let holds = if let known = equality(r, i) { !known } else { try compareSlowly(r, i, .notEqual) }
                        try branch(holds, i)
                    case .jumpGreater:
                        let holds = if let known = order(r, i, >, >) { known } else { try compareSlowly(r, i, .greater) }
                        try branch(holds, i)
                    case .jumpGreaterEqual:
                        let holds = if let known = order(r, i, >=, >=) { known } else { try compareSlowly(r, i, .greaterEqual) }
                        try branch(holds, i)
                    case .jumpLessI:
                        let holds = if let known = orderImmediate(r, i, <) { known } else { try compareImmediateSlowly(r, i, .less) }
                        try branch(holds, i)
                    case .jumpLessEqualI:
                        let holds = if let known = orderImmediate(r, i, <=) { known } else { try compareImmediateSlowly(r, i, .lessEqual) }
                        try branch(holds, i)
                    case .jumpEqualI:
                        let holds = if let known = orderImmediate(r, i, ==) { known } else { try compareImmediateSlowly(r, i, .equal) }
                        try branch(holds, i)
                    case .jumpNotEqualI:
                        let holds = if let known = orderImmediate(r, i, !=) { known } else { try compareImmediateSlowly(r, i, .notEqual) }
                        try branch(holds, i)
                    case .jumpGreaterI:
                        let holds = if let known = orderImmediate(r, i, >) { known } else { try compareImmediateSlowly(r, i, .greater) }
                        try branch(holds, i)
                    case .jumpGreaterEqualI:
                        let holds = if let known = orderImmediate(r, i, >=) { known } else { try compareImmediateSlowly(r, i, .greaterEqual) }
                        try branch(holds, i)
                    case .jumpIs:
                        let holds = register(r, i.a).pointee.isIdentical(to: register(r, i.b).pointee)
                        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        try branch(holds, i)
                    case .jumpIn:
                        try branch(try containsOperands(r, i), i)
                    case .jumpIsNone:
                        let holds = register(r, i.a).pointee.isNone
                        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
                        try branch(holds, i)
                    case .jump:
                        if _slowPath(flag.pointee != 0) { try poll() }
                        pc += Int(i.pointee.wide)
                    case .jumpIfTrue:
                        let truth = try isTrue(register(r, i.a).pointee)
                        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
                        if truth {
                            if _slowPath(flag.pointee != 0) { try poll() }
                            jump(i.c)
                        }
                    case .jumpIfFalse:
                        let truth = try isTrue(register(r, i.a).pointee)
                        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
                        if !truth {
                            if _slowPath(flag.pointee != 0) { try poll() }
                            jump(i.c)
                        }

                    // MARK: iteration
                    case .getIter:
                        try beginLoop(r, i)
                    case .forIter:
                        if _slowPath(flag.pointee != 0) { try poll() }
                        let state = register(r, i.a)
                        if state.pointee.tag == Tag.rangeState {
                            let remaining = state[1].bits
                            if remaining != 0 {
                                state[1].bits = remaining &- 1
                                let current = state.pointee.bits
                                state.pointee.bits = current &+ state[2].bits
                                store(i.b, Value(tag: Tag.int, bits: current))
                                jump(i.c)
                            } else {
                                state.pointee = .undefined
                            }
                            continue
                        }
                        if state.pointee.tag == Tag.list {
                            let list = state.pointee.object(as: ListObject.self)
                            let index = state[1].asInt
                            if index < list.pointee.count {
                                let value = list.pointee.items[index]
                                value.retain()
                                state[1].bits &+= 1
                                store(i.b, value)
                                jump(i.c)
                            } else {
                                consume(state)
                            }
                            continue
                        }
                        if state.pointee.tag == Tag.generator {
                            let generator = state.pointee.object(as: GeneratorObject.self)
                            if generator.pointee.state != .finished {
                                frame.pointee.pc = pc + 1
                                if let known = resumeQuickly(generator, Frame.loop) {
                                    pc = generator.pointee.pc - 1
                                    r = UnsafeMutableRawPointer(generator.registers)
                                    globals = known
                                    enter(generator.pointee.code)
                                } else {
                                    try pushGenerator(generator, sending: .none, flags: Frame.loop)
                                    reload()
                                }
                            } else {
                                consume(state)
                            }
                            continue
                        }
                        let value = try nextInLoop(state)
                        if value.isUndefined {
                            consume(state)
                        } else {
                            store(i.b, value)
                            jump(i.c)
                        }
                    case .unpack:
                        let source = register(r, i.b)
                        let value = source.pointee
                        let count = Int(i.c)
                        if value.tag == Tag.tuple, value.tuple.pointee.count == count {
                            value.retain()
                            if i.x & OperandFlag.consumeB != 0 { consume(source) }
                            let first = register(r, i.a)
                            for index in 0..<count { heap.replace(first + index, with: value.tuple.items[index].retained()) }
                            heap.release(value)
                            continue
                        }
                        try unpack(r, i)
                    case .unpackStar:
                        try unpackStar(r, i)

                    // MARK: displays
                    case .buildList:
                        let first = register(r, i.b)
                        let count = Int(i.c)
                        let value = Heap.makeList(heap, capacity: count)
                        let list = value.object(as: ListObject.self)
                        for index in 0..<count {
                            list.pointee.items[index] = first[index]
                            first[index] = .undefined
                        }
                        list.pointee.count = count
                        store(i.a, value)
                    case .buildTuple:
                        let first = register(r, i.b)
                        let count = Int(i.c)
                        if count == 0 {
                            store(i.a, emptyTuple.retained())
                            continue
                        }
                        let value = Heap.makeTuple(heap, count)
                        let items = value.tuple.items
                        for index in 0..<count {
                            items[index] = first[index]
                            first[index] = .undefined
                        }
                        store(i.a, value)
                    case .buildSet: try buildSet(r, i)
                    case .buildDict: try buildDict(r, i)
                    case .buildString: try buildString(r, i)
                    case .buildSlice:
                        let first = register(r, i.b)
                        let value = slice(first[0], first[1], first[2])
                        for index in 0..<3 { first[index] = .undefined }
                        store(i.a, value)
                    case .listAppend:
                        let source = register(r, i.b)
                        let value = source.pointee
                        if i.x & OperandFlag.consumeB != 0 { source.pointee = .undefined } else { value.retain() }
                        listAppend(register(r, i.a).pointee.list, value)
                    case .setAdd:
                        try setAdd(register(r, i.a).pointee, register(r, i.b).pointee)
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                    case .dictSet:
                        try dictSet(register(r, i.a).pointee.dict, register(r, i.b).pointee, register(r, i.c).pointee)
                        consumeOperands(r, i)
                    case .listExtend: try extendDisplay(r, i)
                    case .setUpdate: try updateSetDisplay(r, i)
                    case .dictUpdate: try updateDictDisplay(r, i)
                    case .dictMerge: try mergeKeywords(r, i)
                    case .listToTuple:
                        let value = tuple(try collect(register(r, i.b).pointee))
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        store(i.a, value)
                    case .formatValue: try formatOperand(r, i)

                    // MARK: functions
                    case .makeFunction: makeFunction(r, i)
                    case .call:
                        let slot = register(r, i.a)
                        let count = Int(i.b)
                        if slot.pointee.tag == Tag.function {
                            let function = slot.pointee.object(as: FunctionObject.self)
                            if function.pointee.code.pointee.exactCount == count {
                                try push(function, slot + 1)
                                continue
                            }
                        } else if slot.pointee.tag == Tag.builtin {
                            let native = slot.pointee.object(as: BuiltinObject.self)
                            if native.pointee.exactCount == count {
                                frame.pointee.pc = pc + 1
                                let value = try native.invoke(self, Arguments(base: slot + 1, count: count))
                                emptyWindow(slot, count)
                                store(i.c, value)
                                continue
                            }
                        }
                        frame.pointee.pc = pc + 1
                        if try prepareCall(slot, count, nil) { reload() } else { store(i.c, nativeResult) }
                    case .callKeyword:
                        let extra = pc[1]
                        pc += 1
                        frame.pointee.pc = pc + 1
                        let names = constants[Int(extra.a)].tuple
                        if try prepareCall(register(r, i.a), Int(i.b), names) { reload() } else { store(extra.c, nativeResult) }
                    case .callSpread:
                        frame.pointee.pc = pc + 1
                        if try callSpread(r, i) { reload() } else { store(i.c, nativeResult) }
                    case .callGlobal:
                        let extra = pc + 1
                        let slot = register(r, i.a)
                        let count = Int(i.b)
                        var callable = globals[Int(extra.a)]
                        if callable.tag == Tag.function {
                            let function = callable.object(as: FunctionObject.self)
                            if function.pointee.code.pointee.exactCount == count {
                                pc += 1
                                try push(function, slot + 1)
                                continue
                            }
                        } else if callable.isUndefined {
                            if extra.b != 0 { callable = builtins[Int(extra.b) - 1] }
                            if callable.tag == Tag.builtin {
                                // Built-ins live for good: the window need not hold them.
                                let native = callable.object(as: BuiltinObject.self)
                                if callable.bits == lengthFunction.bits, count == 1, case let length = VM.plainLength(slot[1]), length >= 0 {
                                    pc += 1
                                    consume(slot + 1)
                                    store(pc.c, .int(length))
                                    continue
                                }
                                if native.pointee.exactCount == count {
                                    pc += 1
                                    frame.pointee.pc = pc + 1
                                    let value = try native.invoke(self, Arguments(base: slot + 1, count: count))
                                    emptyWindow(slot, count)
                                    store(pc.c, value)
                                    continue
                                }
                            } else if callable.isUndefined {
                                callable = try addedBuiltin(Int(extra.a))
                            }
                        }
                        callable.retain()
                        slot.pointee = callable
                        pc += 1
                        frame.pointee.pc = pc + 1
                        if try prepareCall(slot, count, nil) { reload() } else { store(extra.c, nativeResult) }
                    case .findMethod:
                        let slot = register(r, i.a)
                        if i.b != i.a + 16 {
                            let object = register(r, i.b).pointee
                            object.retain()
                            slot[1] = object
                        }
                        let object = slot[1]
                        let key = caches[Int(i.c)].key
                        if object.tag == Tag.instance {
                            if key == InlineCache.key(object.object(as: InstanceObject.self).pointee.shape) { continue }
                        } else if key == object.tag, key != 0 {
                            continue
                        }
                        try findMethod(slot, i.c)
                    case .callMethod:
                        let extra = pc + 1
                        let slot = register(r, i.a)
                        let object = slot[1]
                        let cache = caches + Int(extra.b)
                        let key = cache.pointee.key
                        if object.tag == Tag.instance {
                            if key == InlineCache.key(object.object(as: InstanceObject.self).pointee.shape) {
                                let function = cache.pointee.value.object(as: FunctionObject.self)
                                if function.pointee.code.pointee.exactCount == Int(i.b) + 1 {
                                    pc += 1
                                    // The class may drop the function while it runs.
                                    let callable = cache.pointee.value
                                    function.pointee.header.references &+= 1
                                    slot.pointee = callable
                                    try push(function, slot + 1)
                                    continue
                                }
                            }
                        } else if key == object.tag, key != 0 {
                            // A method of a built-in kind, written in Swift; its class keeps it for good.
                            if cache.pointee.kind == .append, i.b == 1 {
                                listAppend(object.list, slot[2])
                                slot[2] = .undefined
                                slot[1] = .undefined
                                pc += 1
                                heap.release(object)
                                store(extra.c, .none)
                                continue
                            }
                            let native = cache.pointee.value.object(as: BuiltinObject.self)
                            let count = Int(i.b) + 1
                            pc += 1
                            frame.pointee.pc = pc + 1
                            let value: Value
                            if native.pointee.exactCount == count {
                                value = try native.invoke(self, Arguments(base: slot + 1, count: count))
                            } else {
                                value = try callNative(native, slot + 1, count, nil)
                            }
                            emptyWindow(slot, count)
                            store(extra.c, value)
                            continue
                        }
                        let window = try loadMethod(slot, extra.b)
                        pc += 1
                        frame.pointee.pc = pc + 1
                        if try prepareCall(window, Int(i.b) + (window == slot ? 1 : 0), nil) { reload() } else { store(extra.c, nativeResult) }
                    case .callMethodKeyword:
                        let first = pc[1]
                        let slot = register(r, i.a)
                        let window = try loadMethod(slot, first.b)
                        let extra = pc[2]
                        pc += 2
                        frame.pointee.pc = pc + 1
                        let names = constants[Int(extra.a)].tuple
                        if try prepareCall(window, Int(i.b) + (window == slot ? 1 : 0), names) { reload() } else { store(extra.c, nativeResult) }
                    case .ret:
                        let source = register(r, i.a)
                        let value = source.pointee
                        source.pointee = .undefined
                        releaseLocals()
                        if frame.pointee.flags == 0 {
                            leave(value)
                            continue
                        }
                        if let result = try finishFrame(value) { return result }
                        reload()
                    case .returnNone:
                        releaseLocals()
                        if frame.pointee.flags == 0 {
                            leave(.none)
                            continue
                        }
                        if let result = try finishFrame(.none) { return result }
                        reload()
                    case .loadBuildClass:
                        store(i.a, builtins[buildClassIndex].retained())

                    // MARK: generators
                    case .yieldValue:
                        if handled.isNone, frame.pointee.outerHandled.isNone {
                            if frame.pointee.flags == Frame.loop {
                                let value = suspend(r, i)
                                let caller = frame - 1
                                frame = caller
                                stackTop = caller.pointee.top
                                reload(caller)
                                // The `forIter` that waits goes on to its body.
                                store(pc.b, value)
                                jump(pc.c)
                                continue
                            }
                            if frame.pointee.flags == Frame.entry {
                                let value = suspend(r, i)
                                frame -= 1
                                return value
                            }
                        }
                        if let result = yield(r, i) { return result }
                        reload()
                    case .toStack:
                        let generator = frame.pointee.generator.unsafelyUnwrapped
                        if r == UnsafeMutableRawPointer(generator.registers) {
                            r = UnsafeMutableRawPointer(try moveToStack(generator, Int(i.a)))
                        }
                    case .getYieldFromIter:
                        let value = try makeIterator(register(r, i.b).pointee)
                        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
                        store(i.a, value)
                    case .send:
                        frame.pointee.pc = pc + 1
                        switch try send(r, i) {
                        case .pushed: reload()
                        case .yielded: break
                        case .finished: jump(i.c)
                        }

                    // MARK: exceptions
                    case .raise:
                        throw try exceptionToRaise(r, i)
                    case .reraise:
                        let source = register(r, i.a)
                        let exception = source.pointee
                        source.pointee = .undefined
                        isReraising = true
                        throw PythonError(exception)
                    case .enterHandler:
                        let place = register(r, i.a)
                        heap.replace(place + 1, with: handled)
                        handled = place.pointee.retained()
                    case .leaveHandler:
                        let place = register(r, i.a)
                        let current = handled
                        handled = place[1]
                        place[1] = .undefined
                        heap.release(current)
                        store(i.a, .undefined)
                    case .exceptMatch:
                        let matched = try exceptionMatches(register(r, i.b).pointee, register(r, i.c).pointee)
                        if i.x & OperandFlag.consumeC != 0 { consume(register(r, i.c)) }
                        store(i.a, .bool(matched))
                    case .withEnter: try enterContext(r, i)
                    case .withExceptArguments:
                        let place = register(r, i.a)
                        heap.replace(place + 3, with: place[0].retained())
                        heap.replace(place + 4, with: typeOf(place[1]).value.retained())
                        heap.replace(place + 5, with: place[1].retained())
                        heap.replace(place + 6, with: tracebackValue(place[1]))
                    case .raiseAssert:
                        throw assertionError(r, i)

                    // MARK: modules
                    case .importName:
                        frame.pointee.pc = pc + 1
                        store(i.a, try importName(i))
                    case .importFrom:
                        store(i.a, try importFrom(register(r, i.b).pointee, code.pointee.names[Int(i.c)]))
                    case .importStar:
                        try importStar(register(r, i.a).pointee)

                    // MARK: match
                    case .matchSequence: store(i.a, .bool(isPatternSequence(register(r, i.b).pointee)))
                    case .matchMapping: store(i.a, .bool(isPatternMapping(register(r, i.b).pointee)))
                    case .getLength: store(i.a, .int(try length(register(r, i.b).pointee)))
                    case .matchKeys: store(i.a, try matchKeys(register(r, i.b).pointee, register(r, i.c).pointee))
                    case .matchClass:
                        let extra = pc[1]
                        let value = try matchClass(register(r, i.b).pointee, register(r, i.c).pointee, Int(extra.a), extra.b)
                        pc += 1
                        if i.x & OperandFlag.consumeC != 0 { consume(register(r, i.c)) }
                        store(i.a, value)
                    case .copyDictWithout: store(i.a, try copyDict(register(r, i.b).pointee, without: register(r, i.c).pointee))

                    case .display:
                        try displayValue(register(r, i.a).pointee)
                        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
                    case .unwind: break
                    }
                }
            } catch {
                if !unwind(error.exception, at: pc + 1) {
                    throw PythonError(pendingException)
                }
                reload()
            }
        }
    }
}
