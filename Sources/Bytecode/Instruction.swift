/// One instruction of the register machine: 8 bytes.
///
/// Register operands are byte offsets from the frame's base (register index × 16), so that reading one is a single
/// indexed load; a function may use at most 4,095 registers. `x` holds flags or a small immediate. Public, because the
/// compiler inlines across modules only members of public types.
public struct Instruction: Sendable, Equatable {
    public var op: Opcode
    public var x: UInt8
    public var a: UInt16
    public var b: UInt16
    public var c: UInt16

    @inlinable public init(_ op: Opcode, x: UInt8 = 0, a: UInt16 = 0, b: UInt16 = 0, c: UInt16 = 0) {
        self.op = op
        self.x = x
        self.a = a
        self.b = b
        self.c = c
    }

    /// Jump distance or immediate of 32 bits in `b` (low) and `c` (high).
    @inlinable public var wide: Int32 {
        @inline(__always) get { Int32(bitPattern: UInt32(b) | UInt32(c) << 16) }
        set {
            b = UInt16(truncatingIfNeeded: newValue)
            c = UInt16(truncatingIfNeeded: newValue >> 16)
        }
    }
}

/// Flags in `Instruction.x`.
///
/// An operand in a *temporary* is consumed: the instruction takes its reference and leaves the register undefined. The
/// compiler sets a consume flag for each operand that is a temporary, except when the destination is the same
/// register (overwriting releases the old content anyway). Operands in locals are borrowed. Computed properties: the
/// machine, in another module, reads constants instead of calling accessors.
public enum OperandFlag {
    /// Operand `b` is a temporary (for stores: see the opcode).
    @inlinable @inline(__always) public static var consumeB: UInt8 { 0x40 }
    /// Operand `c` is a temporary.
    @inlinable @inline(__always) public static var consumeC: UInt8 { 0x80 }
    /// Operand `a`, where it is a source, is a temporary.
    @inlinable @inline(__always) public static var consumeA: UInt8 { 0x20 }
    /// `a op= b`: try the in-place method first. The destination is the left operand's own register for locals.
    @inlinable @inline(__always) public static var inPlace: UInt8 { 0x10 }
    /// A conditional jump jumps when the condition is false.
    @inlinable @inline(__always) public static var negate: UInt8 { 0x01 }
}

/// The instruction set. R[x] is a register, K[x] a constant, N[x] a name, G[x] a slot of the module's globals,
/// F[x] a cell of the function's closure, C[x] an inline-cache site (it knows its attribute name).
///
/// Storing to a register releases what it held. Jump distances count instructions from the one after the jump.
/// Calls: the callee's registers begin at the first argument, so arguments are evaluated straight into place. Every
/// instruction that may push a frame keeps the destination of the result in field `c` of its *last* word.
public enum Opcode: UInt8, Sendable, CaseIterable {
    // MARK: moves and constants
    case nop
    /// R[a] = R[b], a new reference.
    case move
    /// R[a] = R[b]; R[b] becomes undefined.
    case moveTemp
    /// R[a] = K[b]
    case loadConst
    /// R[a] = the 32-bit immediate in b, c.
    case loadInt
    /// Releases R[a]; it becomes undefined.
    case clear
    /// Releases R[a] … R[a + b − 1]; b counts registers (not scaled).
    case clearRange
    /// Raises UnboundLocalError when local R[a] is undefined (for cells: see loadCell).
    case checkLocal

    // MARK: variables
    /// R[a] = G[b]; when undefined: built-in number c − 1 (c > 0); otherwise NameError.
    case loadGlobal
    /// G[b] = R[a] (consumeA)
    case storeGlobal
    /// Makes G[a] undefined; NameError when it is.
    case deleteGlobal
    /// Class bodies (R[0] is the namespace dict): R[a] = namespace[N[b]], else as loadGlobal with `extra` (a = slot, b = built-in + 1).
    case loadName
    /// namespace[N[b]] = R[a] (consumeA)
    case storeName
    /// Removes namespace[N[a]].
    case deleteName
    /// Class bodies: R[a] = namespace[N[b]], else the content of F[c].
    case loadNameOrFree
    /// R[a] becomes a new cell holding what R[a] held (possibly undefined).
    case makeCell
    /// R[a] = content of the cell in R[b]; UnboundLocalError (own variable) when undefined.
    case loadCell
    /// cell R[b] = R[a] (consumeA)
    case storeCell
    /// Makes the content of the cell in R[a] undefined.
    case deleteCell
    /// R[a] = content of F[b]; NameError "free variable … referenced before assignment in enclosing scope" when undefined.
    case loadFree
    /// F[b] = R[a] (consumeA)
    case storeFree
    /// Makes the content of F[a] undefined.
    case deleteFree
    /// R[a] = the cell F[b] itself.
    case loadFreeCell

    // MARK: attributes and items
    /// R[a] = R[b].C[c] (consumeB)
    case getAttr
    /// R[b].C[c] = R[a] (consumeA, consumeB)
    case setAttr
    /// del R[b].C[c] (consumeB)
    case deleteAttr
    /// R[a] = super(R[b], R[c]): b is the class, c the instance (both borrowed or consumed by flags).
    case loadSuper
    /// R[a] = R[b][R[c]] (consumeB, consumeC)
    case getItem
    /// R[a] = R[b][c] with c a signed 16-bit immediate (consumeB)
    case getItemI
    /// R[b][R[c]] = R[a] (consumeA, consumeB, consumeC)
    case setItem
    /// del R[b][R[c]] (consumeB, consumeC)
    case deleteItem

    // MARK: arithmetic: R[a] = R[b] op R[c] (consumeB, consumeC, inPlace)
    case add, subtract, multiply, matrixMultiply, trueDivide, floorDivide, modulo, power
    case leftShift, rightShift, bitAnd, bitOr, bitXor
    // with c a signed 16-bit immediate (consumeB, inPlace)
    case addI, subtractI, multiplyI, floorDivideI, moduloI, leftShiftI, rightShiftI, bitAndI
    // with K[c] on the right (consumeB, inPlace)
    case addK, subtractK, multiplyK, trueDivideK, powerK
    // R[a] = op R[b] (consumeB)
    case negative, positive, invert, not

    // MARK: comparison
    /// R[a] = R[b] op R[c]: x & 0x0F is the CompareOperator's rawValue; consumeB, consumeC.
    case compare
    // Jump by c when R[a] op R[b] is true (false with `negate`); consumeA, consumeB.
    case jumpLess, jumpLessEqual, jumpEqual, jumpNotEqual, jumpGreater, jumpGreaterEqual
    // The same with b a signed 16-bit immediate.
    case jumpLessI, jumpLessEqualI, jumpEqualI, jumpNotEqualI, jumpGreaterI, jumpGreaterEqualI
    /// Jump by c when R[a] is R[b] (identity); negate; consumeA, consumeB.
    case jumpIs
    /// Jump by c when R[a] in R[b]; negate; consumeA, consumeB.
    case jumpIn
    /// Jump by c when R[a] is None; negate; consumeA.
    case jumpIsNone
    /// Jump by the 32-bit distance in b, c. A backward jump is a safe point.
    case jump
    /// Jump by c when R[a] is true; consumeA (without it the value stays, for and/or).
    case jumpIfTrue
    case jumpIfFalse

    // MARK: iteration
    /// R[a], R[a+1], R[a+2] = the loop state over iter(R[b]) (consumeB). The three registers belong to the loop until
    /// `forIter` is exhausted or `clearRange a, 3`.
    case getIter
    /// Next item of the loop state at R[a]: R[b] = item and jump by c (to the body, backward); exhausted: the state is
    /// cleared, execution falls through.
    case forIter
    /// R[a+0 …] = the c items of R[b] (consumeB); destinations are temporaries in order; ValueError as Python.
    case unpack
    /// R[a+0 …] = b's items with one star: c before it, x & 0x1F after it; consumeB. The starred one is a list.
    /// More than 31 targets after the star: the compiler refuses.
    case unpackStar

    // MARK: displays: operands R[b] … R[b + c − 1] are consumed; c counts
    case buildList, buildTuple, buildSet
    /// c pairs key, value from R[b].
    case buildDict
    /// R[a] = concatenation of c strings from R[b].
    case buildString
    /// R[a] = slice(R[b], R[b+1], R[b+2]), consumed.
    case buildSlice
    /// Appends R[b] to list R[a] (consumeB).
    case listAppend
    case setAdd
    /// dict R[a]: [R[b]] = R[c] (consumeB, consumeC)
    case dictSet
    /// list R[a].extend(R[b]) (consumeB); TypeError "Value after * must be an iterable, not int" when x & 1.
    case listExtend
    case setUpdate
    /// dict R[a].update(R[b]) (consumeB) for displays: TypeError "'int' object is not a mapping".
    case dictUpdate
    /// As dictUpdate for call keywords: a duplicate key is TypeError; R[c] is the callable, for the message.
    case dictMerge
    /// R[a] = tuple(list R[b]) (consumeB)
    case listToTuple
    /// R[a] = format(R[b]): x & 0x03 is the conversion (0 none, 1 str, 2 repr, 3 ascii); x & 0x04: R[c] is the format spec, a
    /// string (consumeC). consumeB.
    case formatValue

    // MARK: functions and calls
    /// R[a] = function of code K[b]; from R[c] on, consumed, in this order, those present: x & 1 tuple of positional
    /// defaults, x & 2 dict of keyword-only defaults, x & 4 tuple of closure cells, x & 8 a function without
    /// parameters that returns the annotations dict (called when `__annotations__` is first read).
    case makeFunction
    /// Calls R[a] with b arguments R[a+1] …; result to R[c]. All consumed.
    case call
    /// As call, the last arguments being keywords; followed by `extra` (a = K index of the names tuple, c = destination).
    case callKeyword
    /// Calls R[a] with positional arguments from list or tuple R[a+1] and keywords from dict R[a+2] (undefined: none); result to R[c].
    case callSpread
    /// Calls global G with b arguments R[a+1] … (R[a] is undefined); followed by `extra` (a = slot, b = built-in + 1, c = destination).
    case callGlobal
    /// R[a+1] = the object R[b] (borrowed, or R[a+1] itself) whose method C[c] is called once the arguments are evaluated:
    /// AttributeError when it has none. An attribute that is no plain method of the object's class is read now: then R[a]
    /// holds it until the call, and R[a+1] is undefined.
    case findMethod
    /// Calls method: R[a+1] is the object, b arguments from R[a+2] (R[a] is free for use, see findMethod); followed by `extra`
    /// (b = C index, c = destination).
    case callMethod
    /// As callMethod, the last arguments being keywords; followed by `extra` (b = C index) and `extra` (a = K index of names, c = destination).
    case callMethodKeyword
    /// Data for the instruction before it; never executed.
    case extra
    /// Returns R[a] (consumeA)
    case ret
    case returnNone
    /// R[a] = the built-in `__build_class__`.
    case loadBuildClass

    // MARK: generators
    /// Suspends with R[a] (consumeA); the value sent goes to R[c]. Every register from R[b] on is dead meanwhile. x & 1:
    /// suspended inside `yield from` over the iterator R[b], the last register alive.
    case yieldValue
    /// R[a] = iter(R[b]) for `yield from` (consumeB).
    case getYieldFromIter
    /// Before every call in a generator: its frame leaves the generator's own registers, of which the first a (not scaled) are
    /// alive, for the stack, where the frames of callees find room behind its window. Until the next `yieldValue`.
    case toStack
    /// Sends R[b] to the iterator R[a]: it yields: R[b] = value, falls through; it ends: R[b] = its return value, R[a] is cleared, jump by c.
    case send

    // MARK: exceptions. A handler starts with the exception in R[depth] of its table entry.
    /// x = 0: re-raises the exception being handled; 1: raises R[a]; 2: raises R[a] from R[b]. (consumeA, consumeB)
    case raise
    /// Raises exception R[a] again, traceback and context as they are (consumed).
    case reraise
    /// R[a+1] = the exception handled until now; R[a] becomes the one being handled.
    case enterHandler
    /// The exception in R[a+1] is again the one being handled; R[a], R[a+1] are cleared.
    case leaveHandler
    /// R[a] = whether exception R[b] (borrowed) matches R[c], a class or tuple of classes (consumeC).
    case exceptMatch
    /// R[a] = bound `__exit__` of R[b], R[a+1] = bound `__enter__` (consumeB). A `call` of R[a+1] follows.
    case withEnter
    /// R[a] is `__exit__`, R[a+1] the exception: R[a+3 …] = R[a], type, exception, None; a `call` of R[a+3] with 3 arguments follows.
    case withExceptArguments
    /// Raises AssertionError, with message R[a] when x & 1 (consumeA).
    case raiseAssert

    // MARK: modules
    /// R[a] = module named K[b] (x = level); K[c] is the tuple of names of a from-import, 0xFFFF for none. Without names and
    /// with dots the top package, as Python's `import a.b`.
    case importName
    /// R[a] = attribute N[c] of module R[b] (borrowed), or its submodule; ImportError "cannot import name …".
    case importFrom
    /// Binds the public names of module R[a] in the globals.
    case importStar

    // MARK: match
    /// R[a] = whether R[b] (borrowed) is a sequence in the sense of patterns.
    case matchSequence
    case matchMapping
    /// R[a] = len(R[b]) (borrowed)
    case getLength
    /// R[a] = tuple of values of the keys in tuple R[c] (borrowed) or None. R[b] borrowed.
    case matchKeys
    /// R[a] = tuple of the attributes or None: subject R[b] (borrowed), class R[c] (consumeC); followed by `extra` (a = number of
    /// positional patterns, b = K index of the tuple of keyword names).
    case matchClass
    /// R[a] = dict(R[b]) without the keys in tuple R[c]. Both borrowed.
    case copyDictWithout

    // MARK: interactive
    /// Hands R[a] to the display hook (consumeA).
    case display
    /// Unwinds to the handler of the instruction that failed; placed by the machine, never by the compiler.
    case unwind
}
