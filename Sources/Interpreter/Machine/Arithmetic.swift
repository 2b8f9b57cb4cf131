import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

// Arithmetic and comparison of small numbers, inlined into the dispatch loop: what it does before it asks the slow paths. Each
// function says whether it could, with nothing changed when it could not.

extension VM {
    /// R[offset] = `value`, which is taken over.
    @inline(__always)
    func store(_ r: UnsafeMutableRawPointer, _ offset: UInt16, _ value: Value) {
        let place = register(r, offset)
        let old = place.pointee
        if old.isHeap { heap.release(old) }
        // Last, so that both paths above meet in an instruction: LLVM then gives it a dispatch jump of its own. Nothing
        // looks into the registers of a running frame while a finalizer runs.
        place.pointee = value
    }

    /// R[a] = R[b] op R[c], of two ints whose result is one, or of numbers of which one is a float.
    @inline(__always)
    func compute(
        _ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ ints: (Int, Int) -> (partialValue: Int, overflow: Bool),
        _ reals: (Double, Double) -> Double
    ) -> Bool {
        let b = register(r, i.b)
        let c = register(r, i.c)
        let kinds = b.pointee.tag | c.pointee.tag
        if kinds == 0 {
            let result = ints(b.pointee.asInt, c.pointee.asInt)
            if result.overflow { return false }
            store(r, i.a, .int(result.partialValue))
            return true
        }
        guard kinds == 1 else { return false }
        store(r, i.a, .float(reals(real(b), real(c))))
        return true
    }

    /// R[a] = R[b] op c, c an immediate.
    @inline(__always)
    func computeImmediate(
        _ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ ints: (Int, Int) -> (partialValue: Int, overflow: Bool),
        _ reals: (Double, Double) -> Double
    ) -> Bool {
        let b = register(r, i.b).pointee
        let c = Int16(bitPattern: i.c)
        if b.tag == Tag.int {
            let result = ints(b.asInt, Int(c))
            if result.overflow { return false }
            store(r, i.a, .int(result.partialValue))
            return true
        }
        guard b.tag == Tag.float else { return false }
        store(r, i.a, .float(reals(b.asDouble, Double(c))))
        return true
    }

    /// R[a] = R[b] op `k`, of numbers of which one is a float.
    @inline(__always)
    func computeConstant(
        _ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ k: UnsafeMutablePointer<Value>, _ reals: (Double, Double) -> Double
    ) -> Bool {
        let b = register(r, i.b)
        guard b.pointee.tag | k.pointee.tag == 1 else { return false }
        store(r, i.a, .float(reals(real(b), real(k))))
        return true
    }

    /// R[a] = R[b] / `divisor`, of numbers of which one is a float.
    @inline(__always)
    func divide(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, by divisor: UnsafeMutablePointer<Value>) -> Bool {
        let b = register(r, i.b)
        guard b.pointee.tag | divisor.pointee.tag == 1, case let number = real(divisor), number != 0 else { return false }
        store(r, i.a, .float(real(b) / number))
        return true
    }

    /// R[a] = R[b] op R[c], of ints from 0 to 2^32 − 1, the second not 0: where rounding down is what the processor does.
    @inline(__always)
    func divideSmall(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: (UInt32, UInt32) -> UInt32) -> Bool {
        let b = register(r, i.b).pointee
        let c = register(r, i.c).pointee
        guard b.tag | c.tag == 0, (b.bits | c.bits) >> 32 == 0, c.bits != 0 else { return false }
        store(r, i.a, .int(Int(operation(UInt32(truncatingIfNeeded: b.bits), UInt32(truncatingIfNeeded: c.bits)))))
        return true
    }

    /// The same with an immediate c.
    @inline(__always)
    func divideSmallImmediate(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: (UInt32, UInt32) -> UInt32) -> Bool {
        let b = register(r, i.b).pointee
        let divisor = Int16(bitPattern: i.c)
        guard b.tag == Tag.int, b.bits >> 32 == 0, divisor > 0 else { return false }
        store(r, i.a, .int(Int(operation(UInt32(truncatingIfNeeded: b.bits), UInt32(UInt16(bitPattern: divisor))))))
        return true
    }

    /// R[a] = R[b] op R[c], of the bits of two ints.
    @inline(__always)
    func combine(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ operation: (UInt64, UInt64) -> UInt64) -> Bool {
        let b = register(r, i.b).pointee
        let c = register(r, i.c).pointee
        guard b.tag | c.tag == 0 else { return false }
        store(r, i.a, Value(tag: Tag.int, bits: operation(b.bits, c.bits)))
        return true
    }

    /// R[a] = R[b] << `count`, of an int that stays far from overflow.
    @inline(__always)
    func shiftLeft(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, by count: Value) -> Bool {
        let b = register(r, i.b).pointee
        guard b.tag | count.tag == 0, count.bits < 32, b.bits >> 31 == 0 else { return false }
        store(r, i.a, .int(b.asInt << count.asInt))
        return true
    }

    @inline(__always)
    func shiftRight(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, by count: Value) -> Bool {
        let b = register(r, i.b).pointee
        guard b.tag | count.tag == 0, count.bits < 64 else { return false }
        store(r, i.a, .int(b.asInt >> count.asInt))
        return true
    }

    /// R[a] = R[b] ** `k`: squares and powers of floats.
    @inline(__always)
    func raise(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, to k: Value) -> Bool {
        let b = register(r, i.b).pointee
        guard b.tag == Tag.float else { return false }
        if k.tag == Tag.int, k.bits == 2, case let square = b.asDouble * b.asDouble, square.isFinite {
            store(r, i.a, .float(square))
            return true
        }
        guard k.tag == Tag.float, b.asDouble > 0, case let power = pow(b.asDouble, k.asDouble), power.isFinite else { return false }
        store(r, i.a, .float(power))
        return true
    }

    @inline(__always)
    func negate(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) -> Bool {
        let b = register(r, i.b).pointee
        if b.tag == Tag.float {
            store(r, i.a, .float(-b.asDouble))
            return true
        }
        guard b.tag == Tag.int, b.asInt != Int.min else { return false }
        store(r, i.a, .int(-b.asInt))
        return true
    }

    // MARK: comparison

    /// Whether R[a] op R[b]; nil unless both are ints or both floats.
    @inline(__always)
    func order(
        _ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ ints: (Int, Int) -> Bool, _ reals: (Double, Double) -> Bool
    ) -> Bool? {
        let a = register(r, i.a)
        let b = register(r, i.b)
        if a.pointee.tag | b.pointee.tag == 0 { return ints(a.pointee.asInt, b.pointee.asInt) }
        if a.pointee.tag == Tag.float, b.pointee.tag == Tag.float { return reals(real(a), real(b)) }
        return nil
    }

    /// Whether R[a] == R[b]; nil unless both are ints.
    @inline(__always)
    func equality(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) -> Bool? {
        let a = register(r, i.a).pointee
        let b = register(r, i.b).pointee
        return a.tag | b.tag == 0 ? a.bits == b.bits : nil
    }

    /// Whether R[a] op b, b an immediate; nil unless R[a] is an int.
    @inline(__always)
    func orderImmediate(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer, _ ints: (Int, Int) -> Bool) -> Bool? {
        let a = register(r, i.a).pointee
        return a.tag == Tag.int ? ints(a.asInt, Int(Int16(bitPattern: i.b))) : nil
    }
}
