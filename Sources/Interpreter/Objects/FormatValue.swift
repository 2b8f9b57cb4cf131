// format(): by specification, through `__format__` for values of other types.

extension VM {
    /// `format(value, spec)`, a str; without a specification the same as `str(value)` for built-in types.
    package func formatValue(_ value: Value, _ spec: StringPointer?) throws(PythonError) -> Value {
        let spec = spec ?? emptyString.string
        let isPlain = spec.pointee.byteCount == 0
        switch value.tag {
        case Tag.string:
            if isPlain { return value.retained() }
            return try formatString(value.string, FormatSpec(self, spec, value, defaultAlign: .left))
        case Tag.int: return isPlain ? intRepr(value.asInt) : try formatInteger(value, spec, as: value)
        case Tag.float: return isPlain ? floatReprValue(value.asDouble) : try formatDouble(value.asDouble, spec, as: value)
        case Tag.bool, Tag.bigInt: return isPlain ? try repr(value) : try formatInteger(value, spec, as: value)
        case Tag.none, Tag.list, Tag.tuple, Tag.dict:
            if isPlain { return try str(value) }
        default: break
        }
        let method = special(typeOf(value), .format)
        if method.isUndefined { return try objectFormat(value, spec) }
        let result = try call(method, value, Value(tag: Tag.string, pointer: spec))
        let text = payload(result)
        if result.isString { return result }
        defer { heap.release(result) }
        if text.isString { return text.retained() }
        throw typeError("__format__ must return a str, not \(typeName(result))")
    }

    /// `object.__format__`: nothing but the empty specification.
    package func objectFormat(_ value: Value, _ spec: StringPointer) throws(PythonError) -> Value {
        if spec.pointee.byteCount != 0 { throw typeError("unsupported format string passed to \(typeName(value)).__format__") }
        return try str(value)
    }

    /// A str by a specification.
    func formatString(_ string: StringPointer, _ spec: FormatSpec) throws(PythonError) -> Value {
        if spec.type != 0, spec.type != 0x73 { throw spec.unknownType(self, Value(tag: Tag.string, pointer: string)) }
        if spec.sign != 0 {
            throw valueError(spec.sign == 0x20 ? "Space not allowed in string format specifier" : "Sign not allowed in string format specifier")
        }
        if spec.coercesNegativeZero { throw valueError("Negative zero coercion (z) not allowed in string format specifier") }
        if spec.isAlternate { throw valueError("Alternate form (#) not allowed in string format specifier") }
        if spec.align == .inner { throw valueError("'=' alignment not allowed in string format specifier") }
        let length = spec.precision >= 0 ? min(spec.precision, string.pointee.length) : string.pointee.length
        let byteCount = byteOffset(string, length)
        let (left, right) = spec.padding(length)
        if left + right == 0 { return byteCount == string.pointee.byteCount ? Value(tag: Tag.string, pointer: string).retained() : substring(string, 0, byteCount) }
        try checkWidth(left + right)
        var out = StringBuilder(self, capacity: byteCount + left + right)
        out.append(codePoint: spec.fill, times: left)
        out.append(string.bytes, byteCount, isASCII: string.isASCII)
        out.append(codePoint: spec.fill, times: right)
        return out.finish()
    }

    /// MemoryError for a field wider than memory would hold.
    func checkWidth(_ width: Int) throws(PythonError) {
        try checkRoom(width, stride: 4)
    }
}
