// The `%` operator of str and bytes.

extension VM {
    /// `template % arguments` for str.
    func percentFormat(_ template: StringPointer, _ arguments: Value) throws(PythonError) -> Value {
        var formatter = PercentFormatter(self, template.buffer, arguments, isBytes: false, isASCII: template.isASCII)
        var out = StringBuilder(self)
        try formatter.run(to: &out)
        return out.finish()
    }

    /// `template % arguments` for bytes and bytearray: a value of the template's type.
    func percentFormat(bytes template: Value, _ arguments: Value) throws(PythonError) -> Value {
        let source = Array(byteBuffer(template))
        return try source.withUnsafeBufferPointer { (buffer) throws(PythonError) -> Value in
            var formatter = PercentFormatter(self, buffer, arguments, isBytes: true, isASCII: false)
            var out = StringBuilder(self)
            try formatter.run(to: &out)
            let result = UnsafeBufferPointer(start: UnsafePointer(out.bytes), count: out.count)
            return template.tag == Tag.bytes ? bytes(result) : byteArray(result)
        }
    }
}

/// One run over a `%` template.
private struct PercentFormatter {
    private let vm: VM
    private let template: UnsafeBufferPointer<UInt8>
    private let isBytes: Bool
    private let isASCII: Bool
    private let arguments: Value
    private let isTuple: Bool
    private let isMapping: Bool
    private var nextArgument = 0
    private var place = 0

    /// A conversion being read.
    private struct Conversion {
        var isLeft = false
        var plus = false
        var blank = false
        var isAlternate = false
        var zero = false
        var width = -1
        var precision = -1
        var letter: UInt8 = 0
        /// What a key selected, owned; undefined without key.
        var selected = Value.undefined
        var selectedIsUsed = false
    }

    init(_ vm: VM, _ template: UnsafeBufferPointer<UInt8>, _ arguments: Value, isBytes: Bool, isASCII: Bool) {
        self.vm = vm
        self.template = template
        self.isBytes = isBytes
        self.isASCII = isASCII
        let plain = vm.payload(arguments)
        isTuple = plain.tag == Tag.tuple
        self.arguments = isTuple ? plain : arguments
        isMapping =
            !isTuple && !plain.isString && !(isBytes && (plain.tag == Tag.bytes || plain.tag == Tag.byteArray))
            && (plain.tag == Tag.dict || plain.tag == Tag.list || !vm.special(vm.typeOf(arguments), .getItem).isUndefined)
    }

    mutating func run(to out: inout StringBuilder) throws(PythonError) {
        let end = template.count
        while place < end {
            let start = place
            while place < end, template[place] != UInt8(ascii: "%") { place += 1 }
            if place > start { out.append(template.baseAddress.unsafelyUnwrapped + start, place - start, isASCII: isASCII) }
            if place == end { break }
            place += 1
            if place < end, template[place] == UInt8(ascii: "%") {
                out.append(UInt8(ascii: "%"))
                place += 1
                continue
            }
            var conversion = Conversion()
            do {
                try parse(&conversion)
                try output(&conversion, to: &out)
            } catch {
                vm.heap.release(conversion.selected)
                throw error
            }
            vm.heap.release(conversion.selected)
        }
        let given = isTuple ? arguments.tuple.pointee.count : 1
        if nextArgument < given, !isMapping { throw vm.typeError("not all arguments converted during \(isBytes ? "bytes" : "string") formatting") }
    }

    // MARK: reading

    private mutating func parse(_ conversion: inout Conversion) throws(PythonError) {
        if byte == UInt8(ascii: "(") { try parseKey(&conversion) }
        flags: while true {
            switch byte {
            case UInt8(ascii: "-"): conversion.isLeft = true
            case UInt8(ascii: "+"): conversion.plus = true
            case UInt8(ascii: " "): conversion.blank = true
            case UInt8(ascii: "#"): conversion.isAlternate = true
            case UInt8(ascii: "0"): conversion.zero = true
            default: break flags
            }
            place += 1
        }
        if let width = try number(&conversion, "width too big") {
            conversion.width = abs(width)
            if width < 0 { conversion.isLeft = true }
        }
        if byte == UInt8(ascii: ".") {
            place += 1
            conversion.precision = max(0, try number(&conversion, "precision too big") ?? 0)
        }
        while byte == UInt8(ascii: "h") || byte == UInt8(ascii: "l") || byte == UInt8(ascii: "L") { place += 1 }
        if place >= template.count { throw vm.valueError("incomplete format") }
        conversion.letter = template[place]
        place += 1
    }

    /// The next byte, 0 at the end.
    private var byte: UInt8 { place < template.count ? template[place] : 0 }

    private mutating func parseKey(_ conversion: inout Conversion) throws(PythonError) {
        if !isMapping { throw vm.typeError("format requires a mapping") }
        place += 1
        let start = place
        var depth = 1
        while depth > 0 {
            if place >= template.count { throw vm.valueError("incomplete format key") }
            if template[place] == UInt8(ascii: "(") { depth += 1 }
            if template[place] == UInt8(ascii: ")") { depth -= 1 }
            place += 1
        }
        let content = UnsafeBufferPointer(rebasing: template[start..<(place - 1)])
        let key = isBytes ? vm.bytes(content) : vm.string(content)
        defer { vm.heap.release(key) }
        conversion.selected = try vm.getItem(arguments, key)
        // From here on only keys select arguments.
        nextArgument = 1
    }

    /// `*` or digits.
    private mutating func number(_ conversion: inout Conversion, _ message: String) throws(PythonError) -> Int? {
        if byte == UInt8(ascii: "*") {
            place += 1
            let value = vm.payload(try argument(&conversion))
            if value.isInt || value.isBool { return value.asInt == Int.min ? -Int.max : value.asInt }
            if value.tag == Tag.bigInt { throw vm.overflowError("Python int too large to convert to C ssize_t") }
            throw vm.typeError("* wants int")
        }
        var result: Int?
        while VM.isDigit(byte) {
            let (tenfold, overflow) = (result ?? 0).multipliedReportingOverflow(by: 10)
            if overflow || tenfold > Int.max - 9 { throw vm.valueError(message) }
            result = tenfold + Int(byte - 0x30)
            place += 1
        }
        return result
    }

    /// The next argument, borrowed.
    private mutating func argument(_ conversion: inout Conversion) throws(PythonError) -> Value {
        if !conversion.selected.isUndefined {
            if conversion.selectedIsUsed { throw vm.typeError("not enough arguments for format string") }
            conversion.selectedIsUsed = true
            return conversion.selected
        }
        defer { nextArgument += 1 }
        if isTuple, nextArgument < arguments.tuple.pointee.count { return arguments.tuple.items[nextArgument] }
        if !isTuple, nextArgument == 0 { return arguments }
        throw vm.typeError("not enough arguments for format string")
    }

    // MARK: writing

    private mutating func output(_ conversion: inout Conversion, to out: inout StringBuilder) throws(PythonError) {
        let value = try argument(&conversion)
        switch conversion.letter {
        case UInt8(ascii: "s") where isBytes, UInt8(ascii: "b") where isBytes: try writeBytes(value, conversion, to: &out)
        case UInt8(ascii: "r") where isBytes, UInt8(ascii: "a"): try write(vm.ascii(value), conversion, to: &out)
        case UInt8(ascii: "r"): try write(vm.repr(value), conversion, to: &out)
        case UInt8(ascii: "s"): try write(vm.str(value), conversion, to: &out)
        case UInt8(ascii: "c"): try writeCharacter(value, conversion, to: &out)
        case UInt8(ascii: "d"), UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "o"), UInt8(ascii: "x"), UInt8(ascii: "X"):
            try writeInteger(value, conversion, to: &out)
        case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "g"), UInt8(ascii: "G"):
            try writeFloat(value, conversion, to: &out)
        default: throw unsupported()
        }
    }

    private func unsupported() -> PythonError {
        let start = place - 1
        let code = isBytes ? UInt32(template[start]) : UTF8Scalar.decode(template.baseAddress.unsafelyUnwrapped + start).code
        let index = isBytes ? start : UTF8Scalar.count(template.baseAddress.unsafelyUnwrapped, start)
        let shown = (code > 31 && code < 127) ? String(UnicodeScalar(UInt8(code))) : "?"
        return vm.valueError("unsupported format character '\(shown)' (0x\(String(code, radix: 16))) at index \(index)")
    }

    /// Pads `count` code points at `bytes`.
    private func pad(
        _ bytes: UnsafePointer<UInt8>, _ byteCount: Int, _ count: Int, isASCII: Bool, _ conversion: Conversion, to out: inout StringBuilder
    ) throws(PythonError) {
        let missing = conversion.width - count
        if missing > 0 { try vm.checkWidth(missing) }
        if missing > 0, !conversion.isLeft { out.append(codePoint: 0x20, times: missing) }
        out.append(bytes, byteCount, isASCII: isASCII)
        if missing > 0, conversion.isLeft { out.append(codePoint: 0x20, times: missing) }
    }

    /// A str (taken over), cut to the precision and padded.
    private func write(_ text: Value, _ conversion: Conversion, to out: inout StringBuilder) throws(PythonError) {
        defer { vm.heap.release(text) }
        let string = text.string
        var length = string.pointee.length
        if conversion.precision >= 0 { length = min(length, conversion.precision) }
        try pad(string.bytes, vm.byteOffset(string, length), length, isASCII: string.isASCII, conversion, to: &out)
    }

    private func writeBytes(_ value: Value, _ conversion: Conversion, to out: inout StringBuilder) throws(PythonError) {
        var plain = vm.payload(value)
        var made = Value.undefined
        defer { vm.heap.release(made) }
        if plain.tag != Tag.bytes, plain.tag != Tag.byteArray {
            let method = vm.special(vm.typeOf(value), .bytes)
            if method.isUndefined {
                throw vm.typeError(
                    "%b requires a bytes-like object, or an object that implements __bytes__, not '\(vm.typeName(value))'")
            }
            made = try vm.call(method, value)
            plain = vm.payload(made)
            if plain.tag != Tag.bytes { throw vm.typeError("__bytes__ returned non-bytes (type \(vm.typeName(made)))") }
        }
        let buffer = vm.byteBuffer(plain)
        let count = conversion.precision >= 0 ? min(conversion.precision, buffer.count) : buffer.count
        try pad(buffer.baseAddress.unsafelyUnwrapped, count, count, isASCII: false, conversion, to: &out)
    }

    private func writeCharacter(_ value: Value, _ conversion: Conversion, to out: inout StringBuilder) throws(PythonError) {
        let plain = vm.payload(value)
        if !isBytes, plain.isString {
            if plain.string.pointee.length != 1 { throw vm.typeError("%c requires int or char") }
            try pad(plain.string.bytes, plain.string.pointee.byteCount, 1, isASCII: plain.string.isASCII, conversion, to: &out)
            return
        }
        if isBytes, plain.tag == Tag.bytes || plain.tag == Tag.byteArray, vm.byteBuffer(plain).count == 1 {
            try pad(vm.byteBuffer(plain).baseAddress.unsafelyUnwrapped, 1, 1, isASCII: false, conversion, to: &out)
            return
        }
        if vm.special(vm.typeOf(value), .index).isUndefined {
            throw vm.typeError(isBytes ? "%c requires an integer in range(256) or a single byte" : "%c requires int or char")
        }
        let integer = try vm.integer(value)
        defer { vm.heap.release(integer) }
        let limit = isBytes ? 256 : 0x110000
        guard integer.isInt, integer.asInt >= 0, integer.asInt < limit else {
            throw vm.overflowError(isBytes ? "%c arg not in range(256)" : "%c arg not in range(0x110000)")
        }
        var encoded: (UInt8, UInt8, UInt8, UInt8) = (UInt8(truncatingIfNeeded: integer.asInt), 0, 0, 0)
        try withUnsafeMutableBytes(of: &encoded) { (raw) throws(PythonError) -> Void in
            let start = raw.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            let width = isBytes ? 1 : UTF8Scalar.encode(UInt32(integer.asInt), start)
            try pad(start, width, 1, isASCII: width == 1 && !isBytes, conversion, to: &out)
        }
    }

    private func writeInteger(_ value: Value, _ conversion: Conversion, to out: inout StringBuilder) throws(PythonError) {
        let integer = try requireInteger(value, conversion.letter)
        defer { vm.heap.release(integer) }
        let base: Int
        switch conversion.letter {
        case UInt8(ascii: "o"): base = 8
        case UInt8(ascii: "x"), UInt8(ascii: "X"): base = 16
        default: base = 10
        }
        if base == 10, integer.isInt, conversion.width < 0, conversion.precision < 0, !conversion.plus, !conversion.blank {
            out.append(decimal: integer.asInt)
            return
        }
        var parts = NumberText()
        parts.digits = try vm.intDigits(integer, base: base, uppercase: conversion.letter == UInt8(ascii: "X"))
        if parts.digits[0] == UInt8(ascii: "-") {
            parts.isNegative = true
            parts.digits.removeFirst()
        }
        if conversion.precision > parts.digits.count {
            try vm.checkWidth(conversion.precision)
            parts.digits.insert(contentsOf: repeatElement(0x30, count: conversion.precision - parts.digits.count), at: 0)
        }
        if conversion.isAlternate, base != 10 { parts.prefix = [0x30, conversion.letter] }
        try writeNumber(parts, conversion, to: &out)
    }

    /// The argument of `%d` and its like as an int, owned.
    private func requireInteger(_ value: Value, _ letter: UInt8) throws(PythonError) -> Value {
        let plain = vm.payload(value)
        if vm.isInteger(plain) { return plain.isBool ? .int(plain.asInt) : plain.retained() }
        let isDecimal = letter == UInt8(ascii: "d") || letter == UInt8(ascii: "i") || letter == UInt8(ascii: "u")
        let type = vm.typeOf(value)
        let isNumber = !vm.special(type, .index).isUndefined || !vm.special(type, .int).isUndefined || !vm.special(type, .float).isUndefined
        if isNumber {
            do {
                return isDecimal ? try vm.toInt(value) : try vm.integer(value)
            } catch {
                guard vm.matches(error, "TypeError") else { throw error }
                vm.discard(error)
            }
        }
        throw vm.typeError(
            "%\(UnicodeScalar(letter)) format: \(isDecimal ? "a real number" : "an integer") is required, not \(vm.typeName(value))")
    }

    private func writeFloat(_ value: Value, _ conversion: Conversion, to out: inout StringBuilder) throws(PythonError) {
        guard let number = try vm.realNumber(value) else {
            throw vm.typeError("\(isBytes ? "float argument required" : "must be real number"), not \(vm.typeName(value))")
        }
        if conversion.precision > Int(Int32.max) { throw vm.valueError("precision too big") }
        var style = FloatStyle(type: conversion.letter, precision: conversion.precision < 0 ? 6 : conversion.precision)
        style.isAlternate = conversion.isAlternate
        try writeNumber(try vm.floatText(number, style), conversion, to: &out)
    }

    /// Sign, prefix, zeros or spaces, digits.
    private func writeNumber(_ parts: NumberText, _ conversion: Conversion, to out: inout StringBuilder) throws(PythonError) {
        let sign: UInt8 =
            parts.isNegative ? UInt8(ascii: "-") : conversion.plus ? UInt8(ascii: "+") : conversion.blank ? UInt8(ascii: " ") : 0
        let count = (sign == 0 ? 0 : 1) + parts.prefix.count + parts.digits.count + parts.rest.count
        let missing = max(0, conversion.width - count)
        try vm.checkWidth(missing)
        if !conversion.isLeft, !conversion.zero { out.append(codePoint: 0x20, times: missing) }
        if sign != 0 { out.append(sign) }
        out.append(ascii: parts.prefix)
        if !conversion.isLeft, conversion.zero { out.append(codePoint: 0x30, times: missing) }
        out.append(ascii: parts.digits)
        out.append(ascii: parts.rest)
        if conversion.isLeft { out.append(codePoint: 0x20, times: missing) }
    }
}
