import BigInt

// Any value to an int: the constructor and what `__int__`, `__index__` and `__trunc__` say.

extension VM {
    /// `int(value)` without base: an int (or bool's int), never a subclass instance.
    package func toInt(_ value: Value) throws(PythonError) -> Value {
        switch value.tag {
        case Tag.int: return value
        case Tag.bool: return .int(value.asInt)
        case Tag.bigInt: return value.retained()
        case Tag.float: return try truncated(value.asDouble)
        case Tag.string, Tag.bytes, Tag.byteArray: return try intFromText(value, base: 10)
        default: break
        }
        if let converted = try convertThrough(value, .int, "__int__") { return converted }
        if let converted = try convertThrough(value, .index, "__index__") { return converted }
        let truncate = special(typeOf(value), .trunc)
        if !truncate.isUndefined {
            let result = try call(truncate, value)
            defer { heap.release(result) }
            if isInteger(payload(result)) { return try integer(result) }
            if !special(typeOf(result), .index).isUndefined { return try integer(result) }
            throw typeError("__trunc__ returned non-Integral (type \(typeName(result)))")
        }
        let plain = payload(value)
        if plain.isString || plain.tag == Tag.bytes || plain.tag == Tag.byteArray { return try intFromText(plain, base: 10) }
        throw typeError("int() argument must be a string, a bytes-like object or a real number, not '\(typeName(value))'")
    }

    private func convertThrough(_ value: Value, _ method: Special, _ name: String) throws(PythonError) -> Value? {
        let function = special(typeOf(value), method)
        if function.isUndefined { return nil }
        let result = try call(function, value)
        defer { heap.release(result) }
        let plain = payload(result)
        guard isInteger(plain) else { throw typeError("\(name) returned non-int (type \(typeName(result)))") }
        return plain.isBool ? .int(plain.asInt) : plain.retained()
    }

    /// int, bool or big int, not derived from them.
    @inline(__always)
    package func isInteger(_ value: Value) -> Bool { value.isInt || value.isBool || value.tag == Tag.bigInt }

    /// `int(text, base)` for str, bytes or bytearray.
    func intFromText(_ value: Value, base: Int) throws(PythonError) -> Value {
        let parsed: IntText
        if value.isString {
            let text = utf8(value)
            if value.string.isASCII {
                parsed = try parseInt(text, base: base)
            } else {
                parsed = try asciiDigits(value.string).withUnsafeBufferPointer { (text) throws(PythonError) -> IntText in
                    try parseInt(text, base: base)
                }
            }
        } else {
            parsed = try parseInt(byteBuffer(value), base: base)
        }
        switch parsed {
        case .value(let result): return result
        case .invalid:
            let shown = try repr(value)
            defer { heap.release(shown) }
            // CPython shows 200 characters of it.
            let text = text(shown)
            let short = text.unicodeScalars.count > 200 ? String(text.unicodeScalars.prefix(200)) : text
            throw valueError("invalid literal for int() with base \(base): \(short)")
        case .tooLong(let count):
            throw valueError(
                "Exceeds the limit (\(VM.largestDigitCount) digits) for integer string conversion: value has \(count) digits; use sys.set_int_max_str_digits() to increase the limit"
            )
        }
    }

    /// Text with every decimal digit and space of any script replaced by its ASCII counterpart, the rest by "?" when not ASCII.
    func asciiDigits(_ string: StringPointer) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(string.pointee.length)
        string.forEachScalar { code in
            if code < 0x80 {
                result.append(UInt8(code))
            } else if UnicodeTable.isSpace(code) {
                result.append(0x20)
            } else if let digit = UnicodeTable.decimal(code) {
                result.append(0x30 + UInt8(digit))
            } else {
                result.append(UInt8(ascii: "?"))
            }
        }
        return result
    }

    /// `int(x=0, /, base=10)`; arguments: class, x, base.
    func constructInt(_ a: Arguments) throws(PythonError) -> Value {
        let result: Value
        if !a.has(2) {
            result = a.has(1) ? try toInt(a[1]) : .int(0)
        } else {
            if !a.has(1) { throw typeError("int() missing string argument") }
            let base = try index(a[2])
            if base != 0, base < 2 || base > 36 { throw valueError("int() base must be >= 2 and <= 36, or 0") }
            let text = payload(a[1])
            guard text.isString || text.tag == Tag.bytes || text.tag == Tag.byteArray else {
                throw typeError("int() can't convert non-string with explicit base")
            }
            result = try intFromText(text, base: base)
        }
        return wrap(result, in: a[0], classOfTag[Int(Tag.int)])
    }

    /// `value` (taken over) itself, or inside an instance when the class called is derived from `type`.
    func wrap(_ value: Value, in called: Value, _ type: ClassPointer?) -> Value {
        let pointer = called.object(as: ClassObject.self)
        return pointer == type ? value : instance(of: pointer, payload: value)
    }

    /// `float(x=0, /)`: any value as a Double.
    package func toDouble(_ value: Value) throws(PythonError) -> Double {
        switch value.tag {
        case Tag.float, Tag.int, Tag.bool, Tag.bigInt: return try double(value)
        case Tag.string, Tag.bytes, Tag.byteArray: return try doubleFromText(value)
        default: break
        }
        if let result = try realNumber(value) { return result }
        let plain = payload(value)
        if plain.isString || plain.tag == Tag.bytes || plain.tag == Tag.byteArray { return try doubleFromText(plain) }
        throw typeError("float() argument must be a string or a real number, not '\(typeName(value))'")
    }

    /// A number, or an object with `__float__` or `__index__`, as a Double; nil for anything else.
    package func realNumber(_ value: Value) throws(PythonError) -> Double? {
        if isNumber(value.tag) { return try double(value) }
        let method = special(typeOf(value), .float)
        if !method.isUndefined {
            let result = try call(method, value)
            defer { heap.release(result) }
            let plain = payload(result)
            guard plain.isFloat else { throw typeError("\(typeName(value)).__float__ returned non-float (type \(typeName(result)))") }
            return plain.asDouble
        }
        if special(typeOf(value), .index).isUndefined { return nil }
        let integer = try integer(value)
        defer { heap.release(integer) }
        return try double(integer)
    }

    private func doubleFromText(_ value: Value) throws(PythonError) -> Double {
        let parsed: Double?
        if value.isString, !value.string.isASCII {
            parsed = asciiDigits(value.string).withUnsafeBufferPointer { VM.parseFloat($0) }
        } else {
            parsed = VM.parseFloat(value.isString ? utf8(value) : byteBuffer(value))
        }
        // Each NaN read from text is an object of its own to `is`, to `in` and as a key: its payload tells it apart.
        if let parsed, parsed.isNaN {
            nanSerial = (nanSerial + 1) & 0x7_FFFF_FFFF_FFFF
            return Double(bitPattern: parsed.bitPattern | nanSerial)
        }
        if let parsed { return parsed }
        throw valueError("could not convert string to float: \(try reprText(value))")
    }
}
