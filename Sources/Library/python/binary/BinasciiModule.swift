import Interpreter

/// The `binascii` module: hexadecimal, base 64, CRC-32.
func registerBinascii(_ vm: VM) {
    vm.registerNativeModule("binascii") { (vm, module) throws(PythonError) -> Void in
        let problem = try vm.exceptionClass(module, "Error", base: "ValueError")
        _ = try vm.exceptionClass(module, "Incomplete", base: "Exception")
        for name in ["hexlify", "b2a_hex"] {
            module.function(name, "data, sep=..., bytes_per_sep=1") { (vm, a) throws(PythonError) -> Value in
                try hexlify(vm, try vm.bytesLike(a[0]), separator: a[1], group: try vm.index(a[2]))
            }
        }
        for name in ["unhexlify", "a2b_hex"] {
            module.function(name, "hexstr, /") { (vm, a) throws(PythonError) -> Value in
                let text = try asciiInput(vm, a[0])
                if text.count % 2 != 0 { throw vm.error(of: problem, "Odd-length string") }
                var result: [UInt8] = []
                result.reserveCapacity(text.count / 2)
                for index in stride(from: 0, to: text.count, by: 2) {
                    guard let high = hexDigit(text[index]), let low = hexDigit(text[index + 1]) else {
                        throw vm.error(of: problem, "Non-hexadecimal digit found")
                    }
                    result.append(high << 4 | low)
                    if index & 0xFFFE == 0 { try vm.heed() }
                }
                return vm.bytes(result)
            }
        }
        module.function("b2a_base64", "data, /, *, newline=True") { (vm, a) throws(PythonError) -> Value in
            let bytes = try vm.bytesLike(a[0])
            var text: [UInt8] = []
            text.reserveCapacity((bytes.count + 2) / 3 * 4 + 1)
            // Parts of whole groups of three.
            try vm.inParts(bytes.count, of: 3 << 20) { Base64.encode(UnsafeBufferPointer(rebasing: bytes[$0]), to: &text) }
            if try vm.isTrue(a[1]) { text.append(10) }
            return try longBytes(vm, text)
        }
        module.function("a2b_base64", "data, /, *, strict_mode=False") { (vm, a) throws(PythonError) -> Value in
            let text = try asciiInput(vm, a[0])
            var decoder = Base64.Decoder(text, isStrict: a[1].isBool ? a[1].asBool : a[1].asInt != 0)
            var isDone = false
            while !isDone {
                try vm.heed()
                do throws(Base64.Problem) {
                    isDone = try decoder.decodeMore(VM.copyPart)
                } catch {
                    throw vm.error(of: problem, error.message)
                }
            }
            return try longBytes(vm, decoder.result)
        }
        module.function("crc32", "data, crc=0, /") { (vm, a) throws(PythonError) -> Value in
            var sum = UInt32(truncatingIfNeeded: try vm.index(a[1]))
            let bytes = try vm.bytesLike(a[0])
            try vm.inParts(bytes.count, of: 1 << 20) { sum = CRC32.update(sum, UnsafeBufferPointer(rebasing: bytes[$0])) }
            return .int(Int(sum))
        }
    }
}

private func asciiInput(_ vm: VM, _ value: Value) throws(PythonError) -> UnsafeBufferPointer<UInt8> {
    let plain = vm.payload(value)
    if plain.tag == Tag.string {
        if !plain.string.isASCII { throw vm.valueError("string argument should contain only ASCII characters") }
        return vm.utf8(plain)
    }
    guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
        throw vm.typeError("argument should be bytes, buffer or ASCII string, not '\(vm.typeName(value))'")
    }
    return vm.byteBuffer(plain)
}

private func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}

/// Digits with a separator between groups, counted from the end (from the start when `group` is negative).
private func hexlify(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>, separator: Value, group: Int) throws(PythonError) -> Value {
    if separator.isUndefined || group == 0 {
        var result: [UInt8] = []
        result.reserveCapacity(2 * bytes.count)
        try vm.inParts(bytes.count, of: 1 << 20) { part in
            for byte in bytes[part] { appendHexadecimal(byte, to: &result) }
        }
        return try longBytes(vm, result)
    }
    let plain = vm.payload(separator)
    guard plain.tag == Tag.string || plain.tag == Tag.bytes else { throw vm.typeError("sep must be str or bytes.") }
    let mark = plain.tag == Tag.string ? vm.utf8(plain) : vm.byteBuffer(plain)
    guard try vm.length(plain) == 1 else { throw vm.valueError("sep must be length 1.") }
    if mark.count != 1 { throw vm.valueError("sep must be ASCII.") }
    var result: [UInt8] = []
    let size = group.magnitude
    for (index, byte) in bytes.enumerated() {
        let isBoundary = group > 0 ? UInt(bytes.count - index) % size == 0 : UInt(index) % size == 0
        if index > 0, isBoundary { result.append(mark[0]) }
        appendHexadecimal(byte, to: &result)
        if index & 0xFFFF == 0 { try vm.heed() }
    }
    return try longBytes(vm, result)
}

private func longBytes(_ vm: VM, _ content: [UInt8]) throws(PythonError) -> Value {
    try content.withUnsafeBufferPointer { (buffer) throws(PythonError) -> Value in try vm.longBytes(buffer) }
}

/// Base 64 as RFC 4648 has it.
enum Base64 {
    struct Problem: Error {
        let message: String
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 255, count: 256)
        for index in 0..<64 { table[Int(alphabet.utf8Start[index])] = UInt8(index) }
        return table
    }()

    /// Appends the digits of bytes, padded at the end.
    static func encode(_ bytes: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        let digits = alphabet.utf8Start
        for index in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - index)
            let word = UInt32(bytes[index]) << 16 | (count > 1 ? UInt32(bytes[index + 1]) << 8 : 0) | (count > 2 ? UInt32(bytes[index + 2]) : 0)
            result.append(digits[Int(word >> 18)])
            result.append(digits[Int(word >> 12 & 63)])
            result.append(count > 1 ? digits[Int(word >> 6 & 63)] : padding)
            result.append(count > 2 ? digits[Int(word & 63)] : padding)
        }
    }

    /// Decodes a text part by part. Skips what is not of the alphabet, unless strict.
    struct Decoder {
        private let text: UnsafeBufferPointer<UInt8>
        private let isStrict: Bool
        private(set) var result: [UInt8] = []
        /// The next byte of the text to be looked at.
        private var index = 0
        /// Digits since the last whole group, the bits of them that are not yet in the result, and the padding behind them.
        private var place = 0
        private var rest: UInt8 = 0
        private var pads = 0
        private var sawPadding = false

        init(_ text: UnsafeBufferPointer<UInt8>, isStrict: Bool) {
            self.text = text
            self.isStrict = isStrict
            result.reserveCapacity(text.count / 4 * 3 + 2)
        }

        /// Goes through at most `count` more bytes of the text. Returns whether all is decoded.
        mutating func decodeMore(_ count: Int) throws(Problem) -> Bool {
            if isStrict, index == 0, text.first == padding { throw Problem(message: "Leading padding not allowed") }
            let end = text.count - index > count ? index + count : text.count
            while index < end {
                if try take(text[index]) { return true }
                index += 1
            }
            if end < text.count { return false }
            if place == 1 {
                let count = result.count / 3 * 4 + 1
                throw Problem(message: "Invalid base64-encoded string: number of data characters (\(count)) cannot be 1 more than a multiple of 4")
            }
            if place != 0 { throw Problem(message: "Incorrect padding") }
            return true
        }

        /// Takes in one byte of the text. Returns whether it was the end of the padding.
        @inline(__always)
        private mutating func take(_ byte: UInt8) throws(Problem) -> Bool {
            if byte == padding {
                sawPadding = true
                guard place >= 2 else { return false }
                pads += 1
                guard place + pads >= 4 else { return false }
                if isStrict, index + 1 < text.count { throw Problem(message: "Excess data after padding") }
                return true
            }
            let value = values[Int(byte)]
            if value == 255 {
                if isStrict { throw Problem(message: "Only base64 data is allowed") }
                return false
            }
            if isStrict, sawPadding { throw Problem(message: "Discontinuous padding not allowed") }
            pads = 0
            switch place {
            case 0: rest = value
            case 1:
                result.append(rest << 2 | value >> 4)
                rest = value & 15
            case 2:
                result.append(rest << 4 | value >> 2)
                rest = value & 3
            default: result.append(rest << 6 | value)
            }
            place = (place + 1) & 3
            return false
        }
    }
}

/// The checksum of zip, gzip and PNG.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func update(_ start: UInt32, _ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var value = ~start
            for byte in bytes { value = table[Int((value ^ UInt32(byte)) & 0xFF)] ^ value >> 8 }
            return ~value
        }
    }
}
