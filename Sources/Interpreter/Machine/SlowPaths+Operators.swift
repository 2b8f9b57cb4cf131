import Bytecode
import Syntax

// Arithmetic and comparison on anything but small numbers.

extension VM {
    @inline(never)
    func binarySlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: BinaryOperator) throws(PythonError) {
        let left = register(r, i.b)
        let right = register(r, i.c).pointee
        let result: Value
        if operation == .add, left.pointee.tag == Tag.string, right.tag == Tag.string {
            if i.a == i.b || i.x & OperandFlag.consumeB != 0 {
                // The left operand's own reference goes into the result: a sole owner grows in place.
                let own = left.pointee
                left.pointee = .undefined
                result = try appendString(own, right)
            } else {
                result = try stringConcat(left.pointee.string, right.string)
            }
        } else {
            result = try binary(operation, left.pointee, right, inPlace: i.x & OperandFlag.inPlace != 0)
        }
        consumeOperands(r, i)
        heap.replace(register(r, i.a), with: result)
    }

    @inline(never)
    func binaryImmediateSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: BinaryOperator) throws(PythonError) {
        try binaryConstantSlowly(r, i, operation, .int(Int(Int16(bitPattern: i.c))))
    }

    @inline(never)
    func binaryConstantSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: BinaryOperator, _ right: Value) throws(PythonError)
    {
        let left = register(r, i.b)
        let result: Value
        if operation == .add, left.pointee.tag == Tag.string, right.tag == Tag.string, i.a == i.b || i.x & OperandFlag.consumeB != 0 {
            let own = left.pointee
            left.pointee = .undefined
            result = try appendString(own, right)
        } else {
            result = try binary(operation, left.pointee, right, inPlace: i.x & OperandFlag.inPlace != 0)
        }
        if i.x & OperandFlag.consumeB != 0 { consume(left) }
        heap.replace(register(r, i.a), with: result)
    }

    @inline(never)
    func unarySlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: UnaryOperator) throws(PythonError) {
        let result = try unary(operation, register(r, i.b).pointee)
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        heap.replace(register(r, i.a), with: result)
    }

    @inline(never)
    func compareSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: CompareOperator) throws(PythonError) -> Bool {
        let a = register(r, i.a).pointee
        let b = register(r, i.b).pointee
        let truth: Bool
        if a.tag == Tag.string, b.tag == Tag.string, operation == .equal || operation == .notEqual {
            truth = try sameText(a.string, b.string) == (operation == .equal)
        } else {
            truth = try truthOfComparison(operation, a, b)
        }
        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        return truth
    }

    /// `a op b` as a value, `op` being the instruction's.
    @inline(never)
    func compareAny(_ i: InstructionPointer, _ a: Value, _ b: Value) throws(PythonError) -> Value {
        try compare(unsafeBitCast(i.x & 0x0F, to: CompareOperator.self), a, b)
    }

    /// `R[a] in R[b]`.
    @inline(never)
    func containsOperands(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) throws(PythonError) -> Bool {
        let item = register(r, i.a).pointee
        let container = register(r, i.b).pointee
        let holds: Bool
        if container.tag == Tag.dict, item.tag == Tag.string {
            holds = findString(container.dict, item.string) >= 0
        } else {
            holds = try contains(container, item)
        }
        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        return holds
    }

    @inline(never)
    func compareImmediateSlowly(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: CompareOperator) throws(PythonError) -> Bool {
        let truth = try truthOfComparison(operation, register(r, i.a).pointee, .int(Int(Int16(bitPattern: i.b))))
        if i.x & OperandFlag.consumeA != 0 { consume(register(r, i.a)) }
        return truth
    }

    private func truthOfComparison(_ operation: CompareOperator, _ a: Value, _ b: Value) throws(PythonError) -> Bool {
        let result = try compare(operation, a, b)
        if result.isBool { return result.asBool }
        defer { heap.release(result) }
        return try isTrue(result)
    }
}
