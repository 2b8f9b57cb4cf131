import BigInt

#if canImport(Glibc)
    import Glibc
#endif

// The class float.

extension VM {
    /// Makes class float.
    func makeFloatClass() {
        let construct = NativeFunction("float", "cls, x=0, /") { (vm, a) throws(PythonError) -> Value in try vm.constructFloat(a) }
        let type = makeBuiltinClass("float", layout: Tag.float, construct: construct) { vm, type in
            vm.defineNumberOperators(type, "float", isInt: false)
            vm.defineFloatMethods(type)
            vm.defineStatic(type, "__new__", "cls, x=0, /") { (vm, a) throws(PythonError) -> Value in try vm.constructFloat(a) }
        }
        classOfTag[Int(Tag.float)] = type
        builtinClasses["float"] = type
    }

    private func constructFloat(_ a: Arguments) throws(PythonError) -> Value {
        wrap(.float(try toDouble(a[1])), in: a[0], classOfTag[Int(Tag.float)])
    }

    private func defineFloatMethods(_ type: ClassPointer) {
        func add(_ name: String, _ signature: String, _ body: @escaping (VM, Double, Arguments) throws(PythonError) -> Value) {
            defineNumber(type, "float", { _, value in value.isFloat }, name, signature) { (vm, number, a) throws(PythonError) -> Value in
                try body(vm, number.asDouble, a)
            }
        }
        add("__repr__", "self, /") { (vm, number, a) throws(PythonError) -> Value in vm.floatReprValue(number) }
        add("__floor__", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.truncated(number.rounded(.down)) }
        add("__ceil__", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.truncated(number.rounded(.up)) }
        add("__round__", "self, ndigits=None, /") { (vm, number, a) throws(PythonError) -> Value in
            if a[1].isNone { return try vm.truncated(number.rounded(.toNearestOrEven)) }
            let digits = try vm.integer(a[1])
            defer { vm.heap.release(digits) }
            let wanted = digits.tag == Tag.bigInt ? (vm.bigInt(digits).sign == .minus ? -1000 : 1000) : digits.asInt
            return .float(try vm.rounded(number, wanted))
        }
        add("is_integer", "self, /") { (vm, number, a) throws(PythonError) -> Value in .bool(number.isFinite && number.rounded(.down) == number) }
        add("hex", "self, /") { (vm, number, a) throws(PythonError) -> Value in vm.string(VM.hexText(number)) }
        add("as_integer_ratio", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.integerRatio(number) }
        defineClassMethod(type, "fromhex", "cls, string, /") { (vm, a) throws(PythonError) -> Value in
            let text = vm.payload(a[1])
            guard text.isString else { throw vm.typeError("bad argument type for built-in operation") }
            switch VM.parseHexFloat(vm.utf8(text)) {
            case .invalid: throw vm.valueError("invalid hexadecimal floating-point string")
            case .tooLarge: throw vm.overflowError("hexadecimal value too large to represent as a float")
            case .value(let number):
                if a[0].object(as: ClassObject.self) == vm.classOfTag[Int(Tag.float)] { return .float(number) }
                return try vm.call(a[0], .float(number))
            }
        }
    }

    /// `0x1.8000000000000p+0`
    private static func hexText(_ number: Double) -> String {
        if !number.isFinite { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        let sign = number.sign == .minus ? "-" : ""
        if number == 0 { return sign + "0x0.0p+0" }
        let digits = String(number.significandBitPattern, radix: 16)
        let isSubnormal = number.exponentBitPattern == 0
        let exponent = isSubnormal ? -1022 : Int(number.exponent)
        return sign + (isSubnormal ? "0x0." : "0x1.") + String(repeating: "0", count: 13 - digits.count) + digits + "p"
            + (exponent < 0 ? "-" : "+") + String(abs(exponent))
    }

    /// The number as a fraction in lowest terms: a tuple.
    private func integerRatio(_ number: Double) throws(PythonError) -> Value {
        if number.isNaN { throw valueError("cannot convert NaN to integer ratio") }
        if number.isInfinite { throw overflowError("cannot convert Infinity to integer ratio") }
        if number == 0 { return tuple([.int(0), .int(1)]) }
        let isSubnormal = number.exponentBitPattern == 0
        var significand = Int(number.significandBitPattern) | (isSubnormal ? 0 : 1 << 52)
        var exponent = (isSubnormal ? 1 : Int(number.exponentBitPattern)) - 1075
        let zeros = min(significand.trailingZeroBitCount, 1100)
        significand >>= zeros
        exponent += zeros
        if number < 0 { significand = -significand }
        if exponent >= 0 { return tuple([int(VM.big(significand) << exponent), .int(1)]) }
        return tuple([.int(significand), int(VM.big(1) << -exponent)])
    }
}
