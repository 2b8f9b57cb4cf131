import BigInt
import Interpreter

/// Values to bytes and back, by a format.
struct StructPacking {
    let vm: VM
    let format: StructFormat
    /// `struct.error`
    let problem: Value

    // MARK: packing

    /// Writes the values into `size` bytes that are zero.
    func pack(_ values: [Value], into bytes: UnsafeMutablePointer<UInt8>) throws(PythonError) {
        var next = 0
        for item in format.items {
            for index in 0..<item.count {
                try pack(item, values[next], bytes + item.offset + index * item.size)
                next += 1
                try vm.heed()
            }
        }
    }

    private func pack(_ item: StructFormat.Item, _ value: Value, _ out: UnsafeMutablePointer<UInt8>) throws(PythonError) {
        switch item.code {
        case UInt8(ascii: "c"):
            let plain = vm.payload(value)
            guard plain.tag == Tag.bytes, vm.byteBuffer(plain).count == 1 else {
                throw vm.error(of: problem, "char format requires a bytes object of length 1")
            }
            out[0] = vm.byteBuffer(plain)[0]
        case UInt8(ascii: "s"), UInt8(ascii: "p"): try packText(item, value, out)
        case UInt8(ascii: "?"): out[0] = try vm.isTrue(value) ? 1 : 0
        case UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "d"): try packFloat(item, value, out)
        default: store(try integer(item, value), item.size, out)
        }
    }

    private func packText(_ item: StructFormat.Item, _ value: Value, _ out: UnsafeMutablePointer<UInt8>) throws(PythonError) {
        let plain = vm.payload(value)
        let letter = String(UnicodeScalar(item.code))
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw vm.error(of: problem, "argument for '\(letter)' must be a bytes object")
        }
        let content = vm.byteBuffer(plain)
        if item.code == UInt8(ascii: "s") {
            for index in 0..<min(content.count, item.size) { out[index] = content[index] }
        } else if item.size > 0 {
            let count = min(content.count, item.size - 1)
            out[0] = UInt8(min(count, 255))
            for index in 0..<count { out[1 + index] = content[index] }
        }
    }

    private func packFloat(_ item: StructFormat.Item, _ value: Value, _ out: UnsafeMutablePointer<UInt8>) throws(PythonError) {
        let plain = vm.payload(value)
        let isNumber = plain.isFloat || vm.isInteger(plain) || !vm.special(vm.typeOf(value), .float).isUndefined
        guard isNumber || !vm.special(vm.typeOf(value), .index).isUndefined else { throw vm.error(of: problem, "required argument is not a float") }
        var number = try vm.toDouble(value)
        // The payload only tells NaNs apart inside the language.
        if number.isNaN { number = number.sign == .minus ? -Double.nan : .nan }
        switch item.size {
        case 8: store(number.bitPattern, 8, out)
        case 4:
            let narrow = Float(number)
            // The machine's own float becomes infinite; the portable forms refuse.
            if !format.isNative, narrow.isInfinite, number.isFinite { throw vm.overflowError("float too large to pack with f format") }
            store(UInt64(narrow.bitPattern), 4, out)
        default:
            let narrow = Float16(number)
            if narrow.isInfinite, number.isFinite { throw vm.overflowError("float too large to pack with e format") }
            store(UInt64(narrow.bitPattern), 2, out)
        }
    }

    private func store(_ bits: UInt64, _ size: Int, _ out: UnsafeMutablePointer<UInt8>) {
        for index in 0..<size {
            let place = format.isBigEndian ? size - 1 - index : index
            out[place] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index))
        }
    }

    /// The bits of an int that fits the item.
    private func integer(_ item: StructFormat.Item, _ value: Value) throws(PythonError) -> UInt64 {
        var owned = Value.none
        defer { vm.heap.release(owned) }
        var plain = vm.payload(value)
        if !vm.isInteger(plain) {
            if vm.special(vm.typeOf(value), .index).isUndefined { throw vm.error(of: problem, "required argument is not an integer") }
            owned = try vm.callMethod(value, "__index__")
            plain = owned
        }
        let isUnsigned = item.code <= UInt8(ascii: "Z")
        let outOfRange = "argument out of range"
        if plain.tag == Tag.bigInt {
            let big = vm.bigInt(plain)
            if item.code == UInt8(ascii: "P"), big.magnitude.bitWidth > 64 { throw vm.error(of: problem, "int too large to convert") }
            guard isUnsigned, item.size == 8, let bits = UInt64(exactly: big) else {
                throw vm.error(of: problem, rangeMessage(item, big) ?? outOfRange)
            }
            return bits
        }
        let number = plain.asInt
        if isUnsigned ? number < 0 && item.size >= 4 : false {
            if item.code == UInt8(ascii: "P") { return UInt64(bitPattern: Int64(number)) }
            throw vm.error(of: problem, outOfRange)
        }
        if let message = rangeMessage(item, BigInt(number)) { throw vm.error(of: problem, message) }
        return UInt64(bitPattern: Int64(number))
    }

    /// CPython's sentence for a number that does not fit up to 32 bits.
    private func rangeMessage(_ item: StructFormat.Item, _ number: BigInt) -> String? {
        guard item.size < 8, number.magnitude.bitWidth < 64 else { return nil }
        let isUnsigned = item.code <= UInt8(ascii: "Z")
        let bits = item.size * 8
        let low = isUnsigned ? BigInt(0) : -(BigInt(1) << (bits - 1))
        let high = isUnsigned ? (BigInt(1) << bits) - 1 : (BigInt(1) << (bits - 1)) - 1
        if number >= low, number <= high { return nil }
        let kind =
            switch item.code {
            case UInt8(ascii: "b"): "byte"
            case UInt8(ascii: "B"): "ubyte"
            case UInt8(ascii: "h"): "short"
            case UInt8(ascii: "H"): "ushort"
            default: "'\(UnicodeScalar(item.code))'"
            }
        return "\(kind) format requires \(low) <= number <= \(high)"
    }

    // MARK: unpacking

    /// The values in `size` bytes, a tuple.
    func unpack(_ bytes: UnsafePointer<UInt8>) -> Value {
        var values: [Value] = []
        values.reserveCapacity(format.valueCount)
        for item in format.items {
            for index in 0..<item.count { values.append(unpack(item, bytes + item.offset + index * item.size)) }
        }
        return vm.tuple(values)
    }

    private func unpack(_ item: StructFormat.Item, _ source: UnsafePointer<UInt8>) -> Value {
        switch item.code {
        case UInt8(ascii: "c"): return vm.bytes(UnsafeBufferPointer(start: source, count: 1))
        case UInt8(ascii: "s"): return vm.bytes(UnsafeBufferPointer(start: source, count: item.size))
        case UInt8(ascii: "p"):
            if item.size == 0 { return vm.bytes([]) }
            return vm.bytes(UnsafeBufferPointer(start: source + 1, count: min(Int(source[0]), item.size - 1)))
        case UInt8(ascii: "?"): return .bool(source[0] != 0)
        default: break
        }
        var bits: UInt64 = 0
        for index in 0..<item.size { bits = bits << 8 | UInt64(source[format.isBigEndian ? index : item.size - 1 - index]) }
        switch item.code {
        case UInt8(ascii: "d"): return .float(Double(bitPattern: bits))
        case UInt8(ascii: "f"): return .float(Double(Float(bitPattern: UInt32(bits))))
        case UInt8(ascii: "e"): return .float(Double(Float16(bitPattern: UInt16(bits))))
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return vm.int(bits)
        default:
            let shift = UInt64(64 - item.size * 8)
            return .int(Int(Int64(bitPattern: bits << shift) >> Int64(shift)))
        }
    }
}
