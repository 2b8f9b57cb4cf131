import Bytecode

// What the dispatch loop does with registers, inlined into it.

extension VM {
    /// The length of a value of the kinds that have it at hand, −1 for any other.
    @inline(__always)
    static func plainLength(_ value: Value) -> Int {
        switch value.tag {
        case Tag.string: value.string.pointee.length
        case Tag.list: value.list.pointee.count
        case Tag.tuple: value.tuple.pointee.count
        case Tag.dict: value.dict.pointee.count
        default: -1
        }
    }

    /// An int or float as a double. A float is loaded as one: on its way through an integer register it would come four cycles
    /// later, at every step of a computation.
    @inline(__always)
    func real(_ place: UnsafeMutablePointer<Value>) -> Double {
        place.pointee.tag == Tag.float
            ? UnsafeRawPointer(place).load(fromByteOffset: MemoryLayout<UInt64>.size, as: Double.self) : Double(place.pointee.asInt)
    }

    /// Releases a temporary.
    @inline(__always)
    func consume(_ place: UnsafeMutablePointer<Value>) {
        let old = place.pointee
        place.pointee = .undefined
        if old.isHeap { heap.release(old) }
    }

    @inline(__always)
    func consumeOperands(_ r: UnsafeMutableRawPointer, _ i: InstructionPointer) {
        if i.x & OperandFlag.consumeB != 0 { consume(register(r, i.b)) }
        if i.x & OperandFlag.consumeC != 0 { consume(register(r, i.c)) }
    }

    /// An ordering or equality of two ints, by the raw value of its `CompareOperator`.
    @inline(__always)
    static func holds(_ operation: UInt8, _ a: Int, _ b: Int) -> Bool {
        switch operation {
        case 0: a < b
        case 1: a <= b
        case 2: a == b
        case 3: a != b
        case 4: a > b
        default: a >= b
        }
    }
}
