#if canImport(Glibc)
    import Glibc
#endif

// bytes and bytearray: case, predicates, padding, translation, hexadecimal, decoding.

extension BytesMethods {
    @inline(__always) private static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    @inline(__always) private static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    @inline(__always) private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// ASCII case conversion and predicates.
    static func defineCase(_ add: (String, String, @escaping Body) -> Void) {
        func map(_ name: String, _ body: @escaping (UInt8) -> UInt8) {
            add(name, "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
                let content = vm.byteBuffer(receiver)
                return try vm.makeBytes(content.count, receiver.tag) { body(content[$0]) }
            }
        }
        func test(_ name: String, _ body: @escaping (UnsafeBufferPointer<UInt8>) -> Bool) {
            add(name, "self, /") { (vm, receiver, a) throws(PythonError) -> Value in .bool(body(vm.byteBuffer(receiver))) }
        }
        map("upper") { isLower($0) ? $0 ^ 0x20 : $0 }
        map("lower") { isUpper($0) ? $0 ^ 0x20 : $0 }
        map("swapcase") { isLetter($0) ? $0 ^ 0x20 : $0 }
        add("capitalize", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let content = vm.byteBuffer(receiver)
            return try vm.makeBytes(content.count, receiver.tag) { place in
                let byte = content[place]
                return isLetter(byte) ? (place == 0 ? byte & ~0x20 : byte | 0x20) : byte
            }
        }
        add("title", "self, /") { (vm, receiver, a) throws(PythonError) -> Value in
            let content = vm.byteBuffer(receiver)
            var previous = false
            return try vm.makeBytes(content.count, receiver.tag) { place in
                let byte = content[place]
                defer { previous = isLetter(byte) }
                return isLetter(byte) ? (previous ? byte | 0x20 : byte & ~0x20) : byte
            }
        }
        test("isalpha") { !$0.isEmpty && $0.allSatisfy(isLetter) }
        test("isdigit") { !$0.isEmpty && $0.allSatisfy(isDigit) }
        test("isalnum") { !$0.isEmpty && $0.allSatisfy { isLetter($0) || isDigit($0) } }
        test("isspace") { !$0.isEmpty && $0.allSatisfy(isSpace) }
        test("isascii") { $0.allSatisfy { $0 < 0x80 } }
        test("isupper") { $0.contains(where: isUpper) && !$0.contains(where: isLower) }
        test("islower") { $0.contains(where: isLower) && !$0.contains(where: isUpper) }
        test("istitle") { content in
            var previous = false
            for byte in content {
                if isUpper(byte) && previous || isLower(byte) && !previous { return false }
                previous = isLetter(byte)
            }
            return content.contains(where: isLetter)
        }
    }

    // MARK: padding

    static func center(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let width = try vm.index(a[1])
        let missing = max(0, max(0, width) - vm.byteBuffer(receiver).count)
        let left = missing / 2 + (missing & width & 1)
        return try pad(vm, receiver, a, "center", left, missing - left)
    }

    static func ljust(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try pad(vm, receiver, a, "ljust", 0, max(0, try vm.index(a[1])) - vm.byteBuffer(receiver).count)
    }

    static func rjust(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        try pad(vm, receiver, a, "rjust", max(0, try vm.index(a[1])) - vm.byteBuffer(receiver).count, 0)
    }

    private static func pad(_ vm: VM, _ receiver: Value, _ a: Arguments, _ name: String, _ left: Int, _ right: Int) throws(PythonError) -> Value {
        var fill: UInt8 = 0x20
        if a.has(2) {
            let given = vm.payload(a[2])
            guard given.tag == Tag.bytes || given.tag == Tag.byteArray, vm.byteBuffer(given).count == 1 else {
                throw vm.typeError("\(name)() argument 2 must be a byte string of length 1, not \(vm.typeName(a[2]))")
            }
            fill = vm.byteBuffer(given)[0]
        }
        if left <= 0, right <= 0 { return same(vm, receiver) }
        try vm.checkWidth(left + right)
        var out = try ByteBuilder(vm, capacity: vm.byteBuffer(receiver).count + left + right)
        try out.append(fill, times: left)
        try out.append(vm.byteBuffer(receiver))
        try out.append(fill, times: right)
        return out.finish(receiver.tag)
    }

    static func zfill(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let content = vm.byteBuffer(receiver)
        let missing = max(0, try vm.index(a[1])) - content.count
        if missing <= 0 { return same(vm, receiver) }
        try vm.checkWidth(missing)
        let signCount = content.first == UInt8(ascii: "+") || content.first == UInt8(ascii: "-") ? 1 : 0
        var out = try ByteBuilder(vm, capacity: content.count + missing)
        try out.append(content[..<signCount])
        try out.append(0x30, times: missing)
        try out.append(content[signCount...])
        return out.finish(receiver.tag)
    }

    static func expandtabs(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let size = try vm.index(a[1])
        var out = try ByteBuilder(vm)
        var column = 0
        for byte in vm.byteBuffer(receiver) {
            if byte == 0x09 {
                if size > 0 {
                    let spaces = size - column % size
                    try vm.checkWidth(spaces)
                    try out.append(0x20, times: spaces)
                    column += spaces
                }
            } else {
                try out.append(byte)
                column = byte == 0x0A || byte == 0x0D ? 0 : column + 1
            }
            try vm.heed()
        }
        return out.finish(receiver.tag)
    }

    // MARK: translation

    static func translate(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let table = a[1].isNone ? nil : try buffer(vm, a[1])
        if let table, table.count != 256 { throw vm.valueError("translation table must be 256 characters long") }
        let deleted = a.has(2) ? try buffer(vm, a[2]) : nil
        var out = try ByteBuilder(vm, capacity: vm.byteBuffer(receiver).count)
        for byte in vm.byteBuffer(receiver) {
            try vm.heed()
            if let deleted, deleted.contains(byte) { continue }
            try out.append(table?[Int(byte)] ?? byte)
        }
        return out.finish(receiver.tag)
    }

    static func maketrans(_ vm: VM, _ a: Arguments) throws(PythonError) -> Value {
        let (from, to) = (try buffer(vm, a[0]), try buffer(vm, a[1]))
        if from.count != to.count { throw vm.valueError("maketrans arguments must have same length") }
        var table = [UInt8](0...255)
        for (source, target) in zip(from, to) { table[Int(source)] = target }
        return vm.bytes(table)
    }

    // MARK: text

    static func decode(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let content = vm.byteBuffer(receiver)
        if !a.has(1), UTF8Scalar.isASCII(content.baseAddress.unsafelyUnwrapped, content.count) { return vm.asciiString(content) }
        let encoding = try vm.codecArgument(a, 1, "decode() argument 'encoding'", fallback: "utf-8")
        let errors = try vm.codecArgument(a, 2, "decode() argument 'errors'", fallback: "strict")
        return try vm.decode(receiver, encoding: encoding, errors: errors)
    }

    static func hex(_ vm: VM, _ receiver: Value, _ a: Arguments) throws(PythonError) -> Value {
        let content = vm.byteBuffer(receiver)
        var separator: UInt8?
        if a.has(1) {
            let given = vm.payload(a[1])
            let isText = given.isString
            let length = try vm.length(a[1])
            if length != 1 { throw vm.valueError("sep must be length 1.") }
            guard isText || given.tag == Tag.bytes || given.tag == Tag.byteArray else { throw vm.typeError("sep must be str or bytes.") }
            let byte = isText ? vm.utf8(given)[0] : vm.byteBuffer(given)[0]
            if byte >= 0x80 { throw vm.valueError("sep must be ASCII.") }
            separator = byte
        }
        let group = try vm.index(a[2])
        if group > Int(Int32.max) { throw vm.overflowError("signed integer is greater than maximum") }
        if group < Int(Int32.min) { throw vm.overflowError("signed integer is less than minimum") }
        var out = StringBuilder(vm, capacity: content.count * 2)
        for (place, byte) in content.enumerated() {
            // Groups are counted from the right, with a negative size from the left.
            let counted = group < 0 ? place : content.count - place
            if let separator, group != 0, place > 0, counted % group == 0 { out.append(separator) }
            out.append(byte >> 4 < 10 ? byte >> 4 + 0x30 : byte >> 4 + 0x57)
            out.append(byte & 15 < 10 ? byte & 15 + 0x30 : byte & 15 + 0x57)
            try vm.heed()
        }
        return out.finish()
    }

    static func fromhex(_ vm: VM, _ a: Arguments) throws(PythonError) -> Value {
        let given = vm.payload(a[1])
        guard given.isString else { throw vm.typeError("fromhex() argument must be str, not \(vm.typeName(a[1]))") }
        let text = vm.utf8(given)
        var out = try ByteBuilder(vm)
        var place = 0
        func fail(_ place: Int) -> PythonError {
            vm.valueError("non-hexadecimal number found in fromhex() arg at position \(vm.scalarIndex(given.string, place))")
        }
        while place < text.count {
            if isSpace(text[place]) {
                place += 1
                continue
            }
            guard let high = VM.hexDigit(text[place]) else { throw fail(place) }
            guard place + 1 < text.count, let low = VM.hexDigit(text[place + 1]) else { throw fail(place + 1) }
            try out.append(high << 4 | low)
            place += 2
            try vm.heed()
        }
        let type = a[0].object(as: ClassObject.self)
        let isByteArray = type.info.layout == Tag.byteArray
        let value = out.finish(isByteArray ? Tag.byteArray : Tag.bytes)
        if type == vm.classOfTag[Int(isByteArray ? Tag.byteArray : Tag.bytes)] { return value }
        defer { vm.heap.release(value) }
        return try vm.call(a[0], value)
    }
}
