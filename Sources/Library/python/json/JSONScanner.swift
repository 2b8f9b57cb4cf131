import Interpreter

/// What a decoder does with the parts it reads; `None` stands for the usual.
struct JSONHooks {
    var isStrict = true
    var object = Value.none
    var pairs = Value.none
    var float = Value.none
    var int = Value.none
    var constant = Value.none
}

/// Recursive descent over the UTF-8 bytes of a document. Positions are byte offsets; errors count characters.
final class JSONScanner {
    private let vm: VM
    private let document: Value
    private let hooks: JSONHooks
    private let errorClass: Value
    private let bytes: UnsafePointer<UInt8>
    private let count: Int
    private(set) var position: Int
    private var depth = 0
    private let depthLimit: Int
    /// Keys seen lately, owned: documents repeat them.
    private let keys: UnsafeMutablePointer<Value>
    private static let keySlots = 128
    /// Text of a string with escapes while it is being read.
    private var unescaped: [UInt8] = []

    init(_ vm: VM, _ document: Value, at position: Int, _ hooks: JSONHooks, errorClass: Value) {
        self.vm = vm
        self.document = document
        self.hooks = hooks
        self.errorClass = errorClass
        bytes = UnsafePointer(document.string.bytes)
        count = document.string.pointee.byteCount
        self.position = position
        depthLimit = vm.remainingDepth
        keys = .allocate(capacity: JSONScanner.keySlots)
        keys.initialize(repeating: .undefined, count: JSONScanner.keySlots)
    }

    deinit {
        for slot in 0..<JSONScanner.keySlots { vm.heap.release(keys[slot]) }
        keys.deallocate()
    }

    /// Whether a byte comes next; consumes nothing.
    @inline(__always)
    private func at(_ byte: UInt8) -> Bool { position < count && bytes[position] == byte }

    @inline(__always)
    func skipSpace() {
        while position < count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    var isAtEnd: Bool { position == count }

    func failure(_ message: String, _ place: Int) -> PythonError {
        do throws(PythonError) {
            let text = vm.string(message)
            defer { vm.heap.release(text) }
            return PythonError(try vm.call(errorClass, text, document, .int(UTF8Scalar.count(bytes, place))))
        } catch {
            return error
        }
    }

    /// The value at the current position, owned.
    func value() throws(PythonError) -> Value {
        try vm.heed()
        guard position < count else { throw failure("Expecting value", position) }
        switch bytes[position] {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"): return try nested("object") { () throws(PythonError) -> Value in try object() }
        case UInt8(ascii: "["): return try nested("array") { () throws(PythonError) -> Value in try array() }
        case UInt8(ascii: "t"): if take("true") { return .true }
        case UInt8(ascii: "f"): if take("false") { return .false }
        case UInt8(ascii: "n"): if take("null") { return .none }
        case UInt8(ascii: "N"): if take("NaN") { return try constant("NaN", .nan) }
        case UInt8(ascii: "I"): if take("Infinity") { return try constant("Infinity", .infinity) }
        case UInt8(ascii: "-"):
            if take("-Infinity") { return try constant("-Infinity", -.infinity) }
            if position + 1 < count, bytes[position + 1] &- 0x30 < 10 { return try number() }
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: break
        }
        throw failure("Expecting value", position)
    }

    @inline(__always)
    private func nested(_ kind: String, _ body: () throws(PythonError) -> Value) throws(PythonError) -> Value {
        depth += 1
        if depth > depthLimit { throw vm.recursionError(" while decoding a JSON \(kind) from a unicode string") }
        defer { depth -= 1 }
        return try body()
    }

    private func take(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position + length <= count else { return false }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] { return false }
        position += length
        return true
    }

    private func constant(_ name: String, _ value: Double) throws(PythonError) -> Value {
        if hooks.constant.isNone { return .float(value) }
        let text = vm.string(name)
        defer { vm.heap.release(text) }
        return try vm.call(hooks.constant, text)
    }

    // MARK: numbers

    private func number() throws(PythonError) -> Value {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        var small = 0
        if bytes[position] == UInt8(ascii: "0") {
            position += 1
        } else {
            while position < count, case let digit = bytes[position] &- 0x30, digit < 10 {
                small = small &* 10 &+ Int(digit)
                position += 1
            }
        }
        let intEnd = position
        var isFloat = false
        if position + 1 < count, bytes[position] == UInt8(ascii: "."), bytes[position + 1] &- 0x30 < 10 {
            isFloat = true
            position += 2
            while position < count, bytes[position] &- 0x30 < 10 { position += 1 }
        }
        if position < count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            var next = position + 1
            if next < count, bytes[next] == UInt8(ascii: "-") || bytes[next] == UInt8(ascii: "+") { next += 1 }
            if next < count, bytes[next] &- 0x30 < 10 {
                isFloat = true
                while next < count, bytes[next] &- 0x30 < 10 { next += 1 }
                position = next
            }
        }
        let text = UnsafeBufferPointer(start: bytes + start, count: position - start)
        if isFloat {
            if hooks.float.isNone { return .float(VM.parseFloat(text) ?? .nan) }
            return try convert(hooks.float, text)
        }
        if !hooks.int.isNone { return try convert(hooks.int, text) }
        if intEnd - start <= 18 { return .int(bytes[start] == UInt8(ascii: "-") ? -small : small) }
        guard let type = vm.builtinClasses["int"] else { return .int(small) }
        return try convert(type.value, text)
    }

    private func convert(_ function: Value, _ text: UnsafeBufferPointer<UInt8>) throws(PythonError) -> Value {
        let value = vm.asciiString(text)
        defer { vm.heap.release(value) }
        return try vm.call(function, value)
    }

    // MARK: strings

    /// Bytes that end a plain stretch of a string: controls, quote, backslash.
    private nonisolated(unsafe) static let stops: UnsafeMutablePointer<Bool> = {
        let table = UnsafeMutablePointer<Bool>.allocate(capacity: 256)
        for byte in 0..<256 { (table + byte).initialize(to: byte < 0x20 || byte == 0x22 || byte == 0x5C) }
        return table
    }()

    /// Skips a plain stretch; the union of its bytes tells whether it is ASCII.
    @inline(__always)
    private func skipPlain() -> UInt8 {
        let stops = JSONScanner.stops
        var high: UInt8 = 0
        while position < count, case let byte = bytes[position], !stops[Int(byte)] {
            high |= byte
            position += 1
        }
        return high
    }

    /// The string whose opening quote is at the current position.
    func string() throws(PythonError) -> Value {
        let opening = position
        position += 1
        let start = position
        let high = skipPlain()
        if at(0x22) {
            let text = UnsafeBufferPointer(start: bytes + start, count: position - start)
            position += 1
            return high < 0x80 ? vm.asciiString(text) : vm.string(text)
        }
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: UnsafeBufferPointer(start: bytes + start, count: position - start))
        try rest(opening)
        return vm.string(unescaped)
    }

    /// Everything behind the first plain stretch, into `unescaped`.
    private func rest(_ opening: Int) throws(PythonError) {
        while true {
            guard position < count else { throw failure("Unterminated string starting at", opening) }
            let byte = bytes[position]
            if byte == 0x22 {
                position += 1
                return
            }
            if byte == 0x5C {
                try escape(opening)
            } else {
                if hooks.isStrict { throw failure("Invalid control character at", position) }
                unescaped.append(byte)
                position += 1
            }
            let start = position
            _ = skipPlain()
            unescaped.append(contentsOf: UnsafeBufferPointer(start: bytes + start, count: position - start))
        }
    }

    private func escape(_ opening: Int) throws(PythonError) {
        let start = position
        position += 1
        guard position < count else { throw failure("Unterminated string starting at", opening) }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(letter)
        case UInt8(ascii: "b"): unescaped.append(8)
        case UInt8(ascii: "f"): unescaped.append(12)
        case UInt8(ascii: "n"): unescaped.append(10)
        case UInt8(ascii: "r"): unescaped.append(13)
        case UInt8(ascii: "t"): unescaped.append(9)
        case UInt8(ascii: "u"):
            guard var code = hexadecimal() else { throw failure("Invalid \\uXXXX escape", start + 1) }
            if code & 0xFC00 == 0xD800, at(0x5C), position + 1 < count, bytes[position + 1] == UInt8(ascii: "u") {
                let saved = position
                position += 2
                if let low = hexadecimal(), low & 0xFC00 == 0xDC00 {
                    code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
                } else {
                    position = saved
                }
            }
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { buffer in
                let width = UTF8Scalar.encode(code, buffer.baseAddress.unsafelyUnwrapped)
                unescaped.append(contentsOf: buffer[..<width])
            }
        default: throw failure("Invalid \\escape", start)
        }
    }

    /// Four digits, consumed when they are all there.
    private func hexadecimal() -> UInt32? {
        // CPython asks for one more byte, the closing quote at least.
        guard position + 4 < count else { return nil }
        var value: UInt32 = 0
        for index in 0..<4 {
            let byte = bytes[position + index]
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x61 + 10)
            default: return nil
            }
        }
        position += 4
        return value
    }

    /// An object's key: one string for each key that repeats.
    private func key() throws(PythonError) -> Value {
        let start = position + 1
        var end = start
        var mix: UInt64 = 0
        while end < count, case let byte = bytes[end], !JSONScanner.stops[Int(byte)] {
            mix = (mix ^ UInt64(byte)) &* 0x100_0000_01B3
            end += 1
        }
        guard end < count, bytes[end] == 0x22, end - start <= 64 else { return try string() }
        let slot = keys + Int((mix ^ mix >> 32) & UInt64(JSONScanner.keySlots - 1))
        let text = UnsafeBufferPointer(start: bytes + start, count: end - start)
        position = end + 1
        if !slot.pointee.isUndefined {
            let known = vm.utf8(slot.pointee)
            if known.count == text.count, known.elementsEqual(text) { return slot.pointee.retained() }
        }
        let made = vm.string(text)
        vm.heap.replace(slot, with: made.retained())
        return made
    }

    // MARK: containers

    private func array() throws(PythonError) -> Value {
        position += 1
        let result = vm.list()
        do throws(PythonError) {
            skipSpace()
            if at(UInt8(ascii: "]")) {
                position += 1
                return result
            }
            while true {
                vm.listAppend(result.list, try value())
                skipSpace()
                if at(UInt8(ascii: "]")) {
                    position += 1
                    return result
                }
                if !at(UInt8(ascii: ",")) { throw failure("Expecting ',' delimiter", position) }
                position += 1
                skipSpace()
            }
        } catch {
            vm.heap.release(result)
            throw error
        }
    }

    private func object() throws(PythonError) -> Value {
        let result = hooks.pairs.isNone ? vm.dict() : vm.list()
        do throws(PythonError) {
            try members(into: result)
        } catch {
            vm.heap.release(result)
            throw error
        }
        let hook = hooks.pairs.isNone ? hooks.object : hooks.pairs
        if hook.isNone { return result }
        defer { vm.heap.release(result) }
        return try vm.call(hook, result)
    }

    private func members(into result: Value) throws(PythonError) {
        position += 1
        skipSpace()
        if at(UInt8(ascii: "}")) {
            position += 1
            return
        }
        while true {
            if !at(UInt8(ascii: "\"")) { throw failure("Expecting property name enclosed in double quotes", position) }
            let name = try key()
            try member(name, into: result)
            skipSpace()
            if at(UInt8(ascii: "}")) {
                position += 1
                return
            }
            if !at(UInt8(ascii: ",")) { throw failure("Expecting ',' delimiter", position) }
            position += 1
            skipSpace()
        }
    }

    /// What follows a key, which is taken over.
    @inline(__always)
    private func member(_ name: Value, into result: Value) throws(PythonError) {
        defer { vm.heap.release(name) }
        skipSpace()
        if !at(UInt8(ascii: ":")) { throw failure("Expecting ':' delimiter", position) }
        position += 1
        skipSpace()
        let content = try value()
        if result.tag == Tag.dict {
            vm.dictSet(result.dict, name.string, content)
            vm.heap.release(content)
        } else {
            vm.listAppend(result.list, vm.tuple([name.retained(), content]))
        }
    }
}
