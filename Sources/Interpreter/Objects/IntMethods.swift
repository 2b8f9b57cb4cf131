import BigInt

// The class int.

extension VM {
    /// Makes class int.
    func makeIntClass() {
        let construct = NativeFunction("int", "cls, x=..., /, base=...") { (vm, a) throws(PythonError) -> Value in try vm.constructInt(a) }
        let type = makeBuiltinClass("int", layout: Tag.int, construct: construct) { vm, type in
            vm.defineNumberOperators(type, "int", isInt: true)
            vm.defineIntMethods(type)
            vm.defineStatic(type, "__new__", "cls, x=..., /, base=...") { (vm, a) throws(PythonError) -> Value in try vm.constructInt(a) }
        }
        classOfTag[Int(Tag.int)] = type
        classOfTag[Int(Tag.bigInt)] = type
        builtinClasses["int"] = type
    }

    private func defineIntMethods(_ type: ClassPointer) {
        func add(_ name: String, _ signature: String, _ body: @escaping NumberBody) {
            defineNumber(type, "int", { vm, value in vm.isInteger(value) }, name, signature, body)
        }
        add("__repr__", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.intRepr(number) }
        for name in ["__index__", "__floor__", "__ceil__"] {
            add(name, "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.toInt(number) }
        }
        add("__round__", "self, ndigits=..., /") { (vm, number, a) throws(PythonError) -> Value in
            if !a.has(1) { return try vm.toInt(number) }
            return try vm.roundInt(number, a[1])
        }
        add("__sizeof__", "self, /") { (vm, number, a) throws(PythonError) -> Value in .int(24 + 4 * ((vm.bitLength(number) + 29) / 30)) }
        add("bit_length", "self, /") { (vm, number, a) throws(PythonError) -> Value in .int(vm.bitLength(number)) }
        add("bit_count", "self, /") { (vm, number, a) throws(PythonError) -> Value in
            if number.tag != Tag.bigInt { return .int(number.asInt.magnitude.nonzeroBitCount) }
            return .int(vm.bigInt(number).magnitude.words.reduce(0) { $0 + $1.nonzeroBitCount })
        }
        add("as_integer_ratio", "self, /") { (vm, number, a) throws(PythonError) -> Value in vm.tuple([try vm.toInt(number), .int(1)]) }
        add("to_bytes", "self, length=1, byteorder='big', *, signed=False") { (vm, number, a) throws(PythonError) -> Value in
            try vm.intToBytes(number, a)
        }
        defineClassMethod(type, "from_bytes", "cls, bytes, byteorder='big', *, signed=False") { (vm, a) throws(PythonError) -> Value in
            try vm.intFromBytes(a)
        }
        defineProperty(type, "numerator", get: { (vm, value) throws(PythonError) -> Value in try vm.toInt(vm.payload(value)) })
        defineProperty(type, "denominator", get: { (_, _) throws(PythonError) -> Value in .int(1) })
    }

    private func bitLength(_ number: Value) -> Int {
        if number.tag == Tag.bigInt { return bigInt(number).magnitude.bitWidth }
        return Int.bitWidth - number.asInt.magnitude.leadingZeroBitCount
    }

    /// `round(number, digits)` for an int: halves go to the even neighbour.
    private func roundInt(_ number: Value, _ digits: Value) throws(PythonError) -> Value {
        let wanted = try integer(digits)
        defer { heap.release(wanted) }
        let isNegative = wanted.tag == Tag.bigInt ? bigInt(wanted).sign == .minus : wanted.asInt < 0
        if !isNegative { return try toInt(number) }
        // Beyond the number's own digits everything rounds to 0.
        let zeros = wanted.tag == Tag.bigInt || wanted.asInt < -VM.largestBitCount ? Int.max : -wanted.asInt
        if zeros > bitLength(number) / 3 + 2 { return .int(0) }
        let power = try bigPower(VM.big(10), zeros)
        defer { heap.release(power) }
        let unit = bigInt(power)
        let value = bigInt(number)
        let (quotient, remainder) = try floorDivide(value, unit)
        let double = remainder * VM.big(2)
        let roundsUp = double > unit || (double == unit && !quotient.isZero && quotient.magnitude.words[0] & 1 == 1)
        return int(try product(roundsUp ? quotient + VM.big(1) : quotient, unit))
    }

    // MARK: bytes

    /// Whether a byteorder argument says "big"; ValueError for anything but "big" and "little".
    private func isBigEndian(_ value: Value, _ function: String) throws(PythonError) -> Bool {
        let order = payload(value)
        guard order.isString else { throw typeError("\(function)() argument 'byteorder' must be str, not \(typeName(value))") }
        switch text(order) {
        case "big": return true
        case "little": return false
        default: throw valueError("byteorder must be either 'little' or 'big'")
        }
    }

    private func intToBytes(_ number: Value, _ a: Arguments) throws(PythonError) -> Value {
        let length = try index(a[1])
        let isBig = try isBigEndian(a[2], "to_bytes")
        let isSigned = try isTrue(a[3])
        if length < 0 { throw valueError("length argument must be non-negative") }
        if length > VM.largestBitCount { throw memoryError() }
        let value = bigInt(number)
        let isNegative = value.sign == .minus
        if isNegative, !isSigned { throw overflowError("can't convert negative int to unsigned") }
        let words = VM.twosComplement(value)
        // Bits of the magnitude; −2^n needs no more than n + 1 bits with its sign.
        let bits = isNegative ? BigInt(value.magnitude - 1).magnitude.bitWidth : value.magnitude.bitWidth
        // −1 fits no byte at all: CPython writes it as b''.
        let signBits = isSigned && bits > 0 ? 1 : 0
        if length * 8 < bits + signBits || (length == 0 && bits > 0) { throw overflowError("int too big to convert") }
        var result = [UInt8](repeating: isNegative ? 0xFF : 0, count: length)
        for place in 0..<min(length, words.count * 8) {
            let byte = UInt8(truncatingIfNeeded: words[place / 8] >> UInt(place % 8 * 8))
            result[isBig ? length - 1 - place : place] = byte
        }
        return bytes(result)
    }

    private func intFromBytes(_ a: Arguments) throws(PythonError) -> Value {
        let isBig = try isBigEndian(a[2], "from_bytes")
        let isSigned = try isTrue(a[3])
        var content = try bytesContent(a[1], "bytes")
        if isBig { content.reverse() }
        let isNegative = isSigned && (content.last ?? 0) >= 0x80
        var words = [UInt](repeating: isNegative ? .max : 0, count: content.count / 8 + 1)
        for (place, byte) in content.enumerated() {
            let shift = UInt(place % 8 * 8)
            words[place / 8] = words[place / 8] & ~(0xFF << shift) | UInt(byte) << shift
        }
        let value = int(VM.fromTwosComplement(words))
        if a[0].object(as: ClassObject.self) == classOfTag[Int(Tag.int)] { return value }
        defer { heap.release(value) }
        return try call(a[0], value)
    }
}
