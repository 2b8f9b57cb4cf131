// str: padding, tabs, translation tables.

extension StringMethods {
    static func center(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let width = try vm.index(a[1])
        let missing = max(0, max(0, width) - s.pointee.length)
        // CPython's choice of the side that gets the odd one.
        let left = missing / 2 + (missing & width & 1)
        return try pad(vm, s, a[2], left, missing - left)
    }

    static func ljust(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try pad(vm, s, a[2], 0, max(0, try vm.index(a[1])) - s.pointee.length)
    }

    static func rjust(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        try pad(vm, s, a[2], max(0, try vm.index(a[1])) - s.pointee.length, 0)
    }

    private static func pad(_ vm: VM, _ s: StringPointer, _ fill: Value, _ left: Int, _ right: Int) throws(PythonError) -> Value {
        let filler = try text(vm, fill) { "The fill character must be a unicode character, not \($0)" }
        if filler.pointee.length != 1 { throw vm.typeError("The fill character must be exactly one character long") }
        if left <= 0, right <= 0 { return Value(tag: Tag.string, pointer: s).retained() }
        try vm.checkRoom(left + right, stride: filler.pointee.byteCount)
        let code = UTF8Scalar.decode(filler.bytes).code
        var out = StringBuilder(vm, capacity: s.pointee.byteCount + (left + right) * filler.pointee.byteCount)
        out.append(codePoint: code, times: left)
        out.append(s)
        out.append(codePoint: code, times: right)
        return out.finish()
    }

    static func zfill(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let missing = max(0, try vm.index(a[1])) - s.pointee.length
        if missing <= 0 { return Value(tag: Tag.string, pointer: s).retained() }
        try vm.checkRoom(missing, stride: 1)
        var out = StringBuilder(vm, capacity: s.pointee.byteCount + missing)
        let hasSign = s.pointee.byteCount > 0 && (s.bytes[0] == UInt8(ascii: "+") || s.bytes[0] == UInt8(ascii: "-"))
        if hasSign { out.append(s.bytes[0]) }
        out.append(codePoint: 0x30, times: missing)
        let skipped = hasSign ? 1 : 0
        out.append(s.bytes + skipped, s.pointee.byteCount - skipped, isASCII: s.isASCII)
        return out.finish()
    }

    static func expandtabs(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        let size = try vm.index(a[1])
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        var column = 0
        var place = 0
        while place < s.pointee.byteCount {
            let byte = s.bytes[place]
            let width = UTF8Scalar.width(lead: byte)
            if byte == 0x09 {
                if size > 0 {
                    let spaces = size - column % size
                    try vm.checkRoom(spaces, stride: 1)
                    out.append(codePoint: 0x20, times: spaces)
                    column += spaces
                }
            } else {
                out.append(s.bytes + place, width, isASCII: width == 1)
                column = byte == 0x0A || byte == 0x0D ? 0 : column + 1
            }
            place += width
            try vm.heed()
        }
        return out.finish()
    }

    // MARK: translation

    static func translate(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        var out = StringBuilder(vm, capacity: s.pointee.byteCount)
        var place = 0
        while place < s.pointee.byteCount {
            let (code, width) = UTF8Scalar.decode(s.bytes + place)
            place += width
            try vm.heed()
            let found = try translation(vm, a[1], Int(code))
            defer { vm.heap.release(found) }
            let plain = vm.payload(found)
            switch plain.tag {
            case Tag.undefined: out.append(codePoint: code)
            case Tag.none: break
            case Tag.string: out.append(plain.string)
            case Tag.int, Tag.bool:
                guard plain.asInt >= 0, plain.asInt < 0x110000 else { throw vm.valueError("character mapping must be in range(0x110000)") }
                out.append(codePoint: UInt32(plain.asInt))
            case Tag.bigInt: throw vm.valueError("character mapping must be in range(0x110000)")
            default: throw vm.typeError("character mapping must return integer, None or str")
            }
        }
        return out.finish()
    }

    /// What the table holds for a code point, owned; undefined when it holds nothing.
    private static func translation(_ vm: VM, _ table: Value, _ code: Int) throws(PythonError) -> Value {
        if table.tag == Tag.dict { return try vm.dictGet(table.dict, .int(code)).retained() }
        do throws(PythonError) {
            return try vm.getItem(table, .int(code))
        } catch {
            guard vm.matches(error, "LookupError") else { throw error }
            vm.discard(error)
            return .undefined
        }
    }

    static func maketrans(_ vm: VM, _ a: Arguments) throws(PythonError) -> Value {
        if !a.has(1) { return try tableFromDict(vm, vm.payload(a[0])) }
        let from = try text(vm, a[0]) { _ in "first maketrans argument must be a string if there is a second argument" }
        let to = try text(vm, a[1]) { "maketrans() argument 2 must be str, not \($0)" }
        let deleted = a.has(2) ? try text(vm, a[2]) { "maketrans() argument 3 must be str, not \($0)" } : nil
        if from.pointee.length != to.pointee.length {
            throw vm.valueError("the first two maketrans arguments must have equal length")
        }
        let table = vm.dict()
        do throws(PythonError) {
            for (source, target) in zip(try scalars(vm, from), try scalars(vm, to)) {
                try vm.dictSet(table.dict, .int(Int(source)), .int(Int(target)))
            }
            if let deleted {
                for code in try scalars(vm, deleted) { try vm.dictSet(table.dict, .int(Int(code)), .none) }
            }
        } catch {
            vm.heap.release(table)
            throw error
        }
        return table
    }

    private static func tableFromDict(_ vm: VM, _ source: Value) throws(PythonError) -> Value {
        guard source.tag == Tag.dict else { throw vm.typeError("if you give only one argument to maketrans it must be a dict") }
        let table = vm.dict()
        do throws(PythonError) {
            for place in 0..<source.dict.pointee.used {
                let entry = source.dict.pointee.entries.unsafelyUnwrapped[place]
                if entry.key.isUndefined { continue }
                let key = vm.payload(entry.key)
                if key.isString {
                    if key.string.pointee.length != 1 { throw vm.valueError("string keys in translate table must be of length 1") }
                    try vm.dictSet(table.dict, .int(Int(UTF8Scalar.decode(key.string.bytes).code)), entry.value)
                } else if vm.isInteger(key) {
                    try vm.dictSet(table.dict, entry.key, entry.value)
                } else {
                    throw vm.typeError("keys in translate table must be strings or integers")
                }
            }
        } catch {
            vm.heap.release(table)
            throw error
        }
        return table
    }
}
