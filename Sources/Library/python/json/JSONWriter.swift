import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// How an encoder writes.
struct JSONStyle {
    var skipsKeys = false
    var isASCII = true
    var checksCircles = true
    var allowsNaN = true
    var sortsKeys = false
    /// What one level of nesting adds; nil: everything on one line.
    var indent: [UInt8]?
    var itemSeparator: [UInt8] = Array(", ".utf8)
    var keySeparator: [UInt8] = Array(": ".utf8)
    /// Indent and separators are ASCII.
    var isPlain = true
    /// Called for what has no form in JSON; None: that is an error.
    var fallback = Value.none
}

/// Writes a value as JSON into one buffer of UTF-8 bytes.
final class JSONWriter {
    private let vm: VM
    private let style: JSONStyle
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity = 1024
    private var count = 0
    private var depth = 0
    private let depthLimit: Int
    /// Levels of indentation.
    private var depthIndent = 0
    /// Addresses of the containers being written.
    private var path: [UInt64] = []
    private var opened: Set<UInt64> = []
    /// Above this depth circles are sought by hash.
    private static let linearDepth = 16

    init(_ vm: VM, _ style: JSONStyle) {
        self.vm = vm
        self.style = style
        buffer = .allocate(capacity: capacity)
        depthLimit = vm.remainingDepth
    }

    deinit { buffer.deallocate() }

    /// The text written, a str.
    func finish() -> Value {
        let content = UnsafeBufferPointer(start: buffer, count: count)
        return style.isASCII && style.isPlain ? vm.asciiString(content) : vm.string(content)
    }

    // MARK: bytes

    @inline(__always)
    private func reserve(_ more: Int) {
        if count + more > capacity { grow(more) }
    }

    @inline(never)
    private func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        memcpy(moved, buffer, count)
        buffer.deallocate()
        buffer = moved
        capacity = larger
    }

    @inline(__always)
    private func put(_ byte: UInt8) {
        reserve(1)
        buffer[count] = byte
        count += 1
    }

    @inline(__always)
    private func put(_ text: StaticString) { put(text.utf8Start, text.utf8CodeUnitCount) }

    @inline(__always)
    private func put(_ bytes: [UInt8]) { bytes.withUnsafeBufferPointer { put($0.baseAddress, $0.count) } }

    @inline(__always)
    private func put(_ bytes: UnsafePointer<UInt8>?, _ length: Int) {
        guard length > 0, let bytes else { return }
        reserve(length)
        memcpy(buffer + count, bytes, length)
        count += length
    }

    // MARK: values

    func write(_ value: Value) throws(PythonError) {
        switch value.tag {
        case Tag.string: writeString(value.string)
        case Tag.none: put("null")
        case Tag.bool: put(value.asBool ? "true" : "false")
        case Tag.int: writeInt(value.asInt)
        case Tag.float: try writeFloat(value.asDouble)
        case Tag.list, Tag.tuple: try writeArray(value)
        case Tag.dict: try writeObject(value, value)
        case Tag.bigInt: put(try vm.decimalDigits(vm.bigInt(value)))
        default: try writeDerived(value)
        }
    }

    /// Instances of classes derived from the types above, and everything else.
    private func writeDerived(_ value: Value) throws(PythonError) {
        let plain = vm.payload(value)
        switch plain.tag {
        case _ where plain.isIdentical(to: value): try writeOther(value)
        case Tag.dict: try writeObject(value, plain)
        case Tag.string, Tag.int, Tag.bigInt, Tag.float, Tag.list, Tag.tuple: try write(plain)
        default: try writeOther(value)
        }
    }

    private func writeOther(_ value: Value) throws(PythonError) {
        if style.fallback.isNone { throw vm.typeError("Object of type \(vm.typeName(value)) is not JSON serializable") }
        try enter(value)
        let made = try vm.call(style.fallback, value)
        defer { vm.heap.release(made) }
        try nested { () throws(PythonError) -> Void in try write(made) }
        leave(value)
    }

    private func writeInt(_ value: Int) {
        let magnitude = value.magnitude
        let digits = VM.decimalCount(magnitude)
        reserve(digits + 1)
        if value < 0 {
            buffer[count] = UInt8(ascii: "-")
            count += 1
        }
        VM.writeDecimal(magnitude, endingAt: buffer + count + digits)
        count += digits
    }

    private func writeFloat(_ value: Double) throws(PythonError) {
        if value.isFinite {
            reserve(40)
            count += VM.writeFloat(value, buffer + count)
            return
        }
        if !style.allowsNaN { throw vm.valueError("Out of range float values are not JSON compliant") }
        put(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    }

    // MARK: strings

    /// 0: as it is; 1: `\u00XX`; 2: beyond ASCII; 3: `\u00XX` where only ASCII is wanted; else the letter behind the backslash.
    private nonisolated(unsafe) static let escapes: UnsafeMutablePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
        for byte in 0..<256 { (table + byte).initialize(to: byte < 0x20 ? 1 : byte >= 0x80 ? 2 : byte == 0x7F ? 3 : 0) }
        for (byte, letter) in [(0x22, "\""), (0x5C, "\\"), (0x0A, "n"), (0x0D, "r"), (0x09, "t"), (0x0C, "f"), (0x08, "b")] {
            table[byte] = letter.utf8.first ?? 0
        }
        return table
    }()
    private static let hexDigits: StaticString = "0123456789abcdef"

    private func writeString(_ string: StringPointer) {
        let length = string.pointee.byteCount
        // No byte grows to more than six.
        reserve(length * 6 + 2)
        let source = UnsafePointer(string.bytes)
        let escapes = JSONWriter.escapes
        var out = buffer + count
        out.pointee = 0x22
        out += 1
        var place = 0
        while place < length {
            let byte = source[place]
            let kind = escapes[Int(byte)]
            if kind == 0 || (kind < 4 && kind > 1 && !style.isASCII) {
                out.pointee = byte
                out += 1
                place += 1
                continue
            }
            if kind == 2 {
                let (code, width) = UTF8Scalar.decode(source + place)
                place += width
                if code >= 0x10000 {
                    JSONWriter.putEscape(0xD800 + (code - 0x10000) >> 10, &out)
                    JSONWriter.putEscape(0xDC00 + (code - 0x10000) & 0x3FF, &out)
                } else {
                    JSONWriter.putEscape(code, &out)
                }
                continue
            }
            place += 1
            if kind < 4 {
                JSONWriter.putEscape(UInt32(byte), &out)
            } else {
                out[0] = 0x5C
                out[1] = kind
                out += 2
            }
        }
        out.pointee = 0x22
        count = out + 1 - buffer
    }

    private static func putEscape(_ code: UInt32, _ out: inout UnsafeMutablePointer<UInt8>) {
        out[0] = 0x5C
        out[1] = UInt8(ascii: "u")
        for index in 0..<4 { out[2 + index] = hexDigits.utf8Start[Int(code >> UInt32(12 - 4 * index) & 0xF)] }
        out += 6
    }

    // MARK: containers

    private func enter(_ value: Value) throws(PythonError) {
        guard style.checksCircles else { return }
        let isOpen = path.count > JSONWriter.linearDepth ? opened.contains(value.bits) : path.contains(value.bits)
        if isOpen { throw vm.valueError("Circular reference detected") }
        path.append(value.bits)
        if path.count == JSONWriter.linearDepth + 1 { opened = Set(path) } else if path.count > JSONWriter.linearDepth { opened.insert(value.bits) }
    }

    private func leave(_ value: Value) {
        guard style.checksCircles else { return }
        path.removeLast()
        if path.count > JSONWriter.linearDepth { opened.remove(value.bits) }
    }

    @inline(__always)
    private func nested(_ body: () throws(PythonError) -> Void) throws(PythonError) {
        depth += 1
        if depth > depthLimit { throw vm.recursionError(" while encoding a JSON object") }
        if vm.interruptFlag.pointee != 0 { try vm.poll() }
        try body()
        depth -= 1
    }

    private func writeArray(_ value: Value) throws(PythonError) {
        let isList = value.tag == Tag.list
        func size() -> Int { isList ? value.list.pointee.count : value.tuple.pointee.count }
        if size() == 0 { return put("[]") }
        try enter(value)
        put(UInt8(ascii: "["))
        depthIndent += 1
        if let indent = style.indent { newline(indent) }
        var index = 0
        // `default` may change the list meanwhile.
        while index < size() {
            if index > 0 { separate() }
            let item = (isList ? value.list.pointee.items[index] : value.tuple.items[index]).retained()
            defer { vm.heap.release(item) }
            try nested { () throws(PythonError) -> Void in try write(item) }
            index += 1
        }
        depthIndent -= 1
        if let indent = style.indent { newline(indent) }
        put(UInt8(ascii: "]"))
        leave(value)
    }

    private func newline(_ indent: [UInt8]) {
        put(UInt8(ascii: "\n"))
        for _ in 0..<depthIndent { put(indent) }
    }

    @inline(__always)
    private func separate() {
        put(style.itemSeparator)
        if let indent = style.indent { newline(indent) }
    }

    /// `value` is the mapping, `plain` its dict (the same unless derived).
    private func writeObject(_ value: Value, _ plain: Value) throws(PythonError) {
        if plain.dict.pointee.count == 0, plain.isIdentical(to: value) { return put("{}") }
        if !style.sortsKeys, plain.isIdentical(to: value) { return try writePlainObject(value) }
        let items = try vm.callMethod(value, "items")
        defer { vm.heap.release(items) }
        let pairs = try vm.makeList(from: items)
        defer { vm.heap.release(pairs) }
        if pairs.list.pointee.count == 0 { return put("{}") }
        if style.sortsKeys { vm.heap.release(try vm.callMethod(pairs, "sort")) }
        try enter(value)
        begin()
        var isFirst = true
        for index in 0..<pairs.list.pointee.count {
            let pair = pairs.list.pointee.items[index]
            guard pair.tag == Tag.tuple, pair.tuple.pointee.count == 2 else { throw vm.valueError("items must return 2-tuples") }
            try writeMember(pair.tuple.items[0], pair.tuple.items[1], &isFirst)
        }
        end(isEmpty: isFirst)
        leave(value)
    }

    private func writePlainObject(_ value: Value) throws(PythonError) {
        try enter(value)
        begin()
        let dict = value.dict
        var isFirst = true
        var index = 0
        while index < dict.pointee.used {
            let entry = dict.pointee.entries.unsafelyUnwrapped[index]
            index += 1
            if entry.key.isUndefined { continue }
            entry.key.retain()
            entry.value.retain()
            defer {
                vm.heap.release(entry.key)
                vm.heap.release(entry.value)
            }
            try writeMember(entry.key, entry.value, &isFirst)
        }
        end(isEmpty: isFirst)
        leave(value)
    }

    private func begin() {
        put(UInt8(ascii: "{"))
        depthIndent += 1
        if let indent = style.indent { newline(indent) }
    }

    private func end(isEmpty: Bool) {
        depthIndent -= 1
        if let indent = style.indent { newline(indent) }
        put(UInt8(ascii: "}"))
    }

    private func writeMember(_ key: Value, _ value: Value, _ isFirst: inout Bool) throws(PythonError) {
        let plain = vm.payload(key)
        let isUsable = plain.tag <= Tag.bool || plain.tag == Tag.string || plain.tag == Tag.bigInt
        if !isUsable {
            if style.skipsKeys { return }
            throw vm.typeError("keys must be str, int, float, bool or None, not \(vm.typeName(key))")
        }
        if isFirst { isFirst = false } else { separate() }
        if plain.tag == Tag.string {
            writeString(plain.string)
        } else {
            put(0x22)
            try write(plain)
            put(0x22)
        }
        put(style.keySeparator)
        try nested { () throws(PythonError) -> Void in try write(value) }
    }
}
