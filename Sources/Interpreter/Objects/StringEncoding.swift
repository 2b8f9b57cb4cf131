#if canImport(Glibc)
    import Glibc
#endif

/// The encodings str and bytes convert through.
enum TextEncoding {
    case utf8, utf8Signature, ascii, latin1
    case utf16, utf16Little, utf16Big, utf32, utf32Little, utf32Big

    /// An encoding by any of its usual names; nil when unknown.
    init?(_ name: String) {
        if name == "utf-8" || name == "utf8" {
            self = .utf8
            return
        }
        let plain = String(name.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
        guard let known = TextEncoding.names[plain] else { return nil }
        self = known
    }

    private static let names: [String: TextEncoding] = [
        "utf-8": .utf8, "utf8": .utf8, "u8": .utf8, "utf": .utf8, "cp65001": .utf8, "utf-8-sig": .utf8Signature, "utf8-sig": .utf8Signature,
        "ascii": .ascii, "us-ascii": .ascii, "646": .ascii, "ansi-x3.4-1968": .ascii,
        "latin-1": .latin1, "latin1": .latin1, "iso-8859-1": .latin1, "iso8859-1": .latin1, "iso-ir-100": .latin1, "8859": .latin1,
        "cp819": .latin1, "latin": .latin1, "l1": .latin1,
        "utf-16": .utf16, "utf16": .utf16, "u16": .utf16, "utf-16-le": .utf16Little, "utf-16le": .utf16Little, "utf-16-be": .utf16Big,
        "utf-16be": .utf16Big, "utf-32": .utf32, "utf32": .utf32, "u32": .utf32, "utf-32-le": .utf32Little, "utf-32le": .utf32Little,
        "utf-32-be": .utf32Big, "utf-32be": .utf32Big,
    ]

    /// The name in error messages.
    var name: String {
        switch self {
        case .utf8, .utf8Signature: "utf-8"
        case .ascii: "ascii"
        case .latin1: "latin-1"
        case .utf16: "utf-16"
        case .utf16Little: "utf-16-le"
        case .utf16Big: "utf-16-be"
        case .utf32: "utf-32"
        case .utf32Little: "utf-32-le"
        case .utf32Big: "utf-32-be"
        }
    }

    var isBigEndian: Bool { self == .utf16Big || self == .utf32Big }
}

extension VM {
    /// `text.encode(encoding, errors)` as plain bytes; LookupError, UnicodeEncodeError.
    package func encode(_ value: Value, encoding name: String = "utf-8", errors: String = "strict") throws(PythonError) -> [UInt8] {
        guard let encoding = TextEncoding(name) else { throw error("LookupError", "unknown encoding: \(name)") }
        let string = value.string
        var out: [UInt8] = []
        switch encoding {
        case .utf8, .ascii, .latin1:
            out.reserveCapacity(string.pointee.byteCount)
            if string.isASCII {
                try inParts(string.pointee.byteCount, of: VM.copyPart) { out.append(contentsOf: string.buffer[$0]) }
                return out
            }
        case .utf8Signature: out = [0xEF, 0xBB, 0xBF]
        case .utf16: out = [0xFF, 0xFE]
        case .utf32: out = [0xFF, 0xFE, 0, 0]
        case .utf16Little, .utf16Big, .utf32Little, .utf32Big: break
        }
        try encode(string, encoding, errors, to: &out)
        return out
    }

    private func encode(_ string: StringPointer, _ encoding: TextEncoding, _ errors: String, to out: inout [UInt8]) throws(PythonError) {
        var place = 0
        var index = 0
        let bytes = string.bytes
        while place < string.pointee.byteCount {
            let (code, width) = UTF8Scalar.decode(bytes + place)
            if VM.canEncode(code, encoding) {
                VM.append(code, encoding, to: &out)
                place += width
                index += 1
                if index & 0xFFFF == 0 { try heed() }
                continue
            }
            // All the characters in a row that do not go are one error (UTF-16 and UTF-32 report each).
            var end = place + width
            var endIndex = index + 1
            while end < string.pointee.byteCount, encoding == .utf8 || encoding == .ascii || encoding == .latin1 || encoding == .utf8Signature {
                let (next, nextWidth) = UTF8Scalar.decode(bytes + end)
                if VM.canEncode(next, encoding) { break }
                end += nextWidth
                endIndex += 1
            }
            for code in try replacement(string, encoding, errors, place..<end, index..<endIndex) {
                if code >= 0x200000 { out.append(UInt8(truncatingIfNeeded: code)) } else { VM.append(code, encoding, to: &out) }
            }
            place = end
            index = endIndex
        }
    }

    private static func canEncode(_ code: UInt32, _ encoding: TextEncoding) -> Bool {
        switch encoding {
        case .ascii: code < 0x80
        case .latin1: code < 0x100
        default: code < 0xD800 || code > 0xDFFF
        }
    }

    private static func append(_ code: UInt32, _ encoding: TextEncoding, to out: inout [UInt8]) {
        switch encoding {
        case .ascii, .latin1: out.append(UInt8(truncatingIfNeeded: code))
        case .utf8, .utf8Signature:
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { buffer in
                let width = UTF8Scalar.encode(code, buffer.baseAddress.unsafelyUnwrapped)
                out.append(contentsOf: buffer[..<width])
            }
        case .utf16, .utf16Little, .utf16Big:
            if code < 0x10000 {
                appendUnit(code, 2, encoding.isBigEndian, to: &out)
            } else {
                appendUnit(0xD800 + (code - 0x10000) >> 10, 2, encoding.isBigEndian, to: &out)
                appendUnit(0xDC00 + (code - 0x10000) & 0x3FF, 2, encoding.isBigEndian, to: &out)
            }
        case .utf32, .utf32Little, .utf32Big: appendUnit(code, 4, encoding.isBigEndian, to: &out)
        }
    }

    private static func appendUnit(_ unit: UInt32, _ size: Int, _ isBigEndian: Bool, to out: inout [UInt8]) {
        for place in 0..<size {
            out.append(UInt8(truncatingIfNeeded: unit >> UInt32(8 * (isBigEndian ? size - 1 - place : place))))
        }
    }

    /// What stands for characters that cannot be encoded: code points, or raw bytes marked by bit 21.
    private func replacement(
        _ string: StringPointer, _ encoding: TextEncoding, _ errors: String, _ bytes: Range<Int>, _ indices: Range<Int>
    ) throws(PythonError) -> [UInt32] {
        var codes: [UInt32] = []
        var place = bytes.lowerBound
        while place < bytes.upperBound {
            let (code, width) = UTF8Scalar.decode(string.bytes + place)
            codes.append(code)
            place += width
        }
        func ascii(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
        switch errors {
        case "ignore": return []
        case "replace": return codes.map { _ in 0x3F }
        case "backslashreplace": return codes.flatMap { ascii(VM.escaped($0)) }
        case "xmlcharrefreplace": return codes.flatMap { ascii("&#\($0);") }
        case "namereplace":
            return codes.flatMap { code in
                let properties = Unicode.Scalar(code)?.properties
                guard let name = properties?.name ?? properties?.nameAlias else { return ascii(VM.escaped(code)) }
                return ascii("\\N{\(name)}")
            }
        case "surrogatepass" where encoding != .ascii && encoding != .latin1: return codes
        case "surrogateescape" where codes.allSatisfy { $0 >= 0xDC80 && $0 <= 0xDCFF }: return codes.map { 0x200000 | ($0 - 0xDC00) }
        case "strict", "surrogatepass", "surrogateescape":
            let reason: String
            switch encoding {
            case .ascii: reason = "ordinal not in range(128)"
            case .latin1: reason = "ordinal not in range(256)"
            default: reason = "surrogates not allowed"
            }
            throw error(
                "UnicodeEncodeError",
                arguments: [
                    self.string(encoding.name), Value(tag: Tag.string, pointer: string).retained(), .int(indices.lowerBound),
                    .int(indices.upperBound), self.string(reason),
                ])
        default: throw error("LookupError", "unknown error handler name '\(errors)'")
        }
    }

    /// `\xe9`, `\u20ac`, `\U0001f600`
    private static func escaped(_ code: UInt32) -> String {
        let digits = String(code, radix: 16)
        let (letter, width) = code < 0x100 ? ("x", 2) : code < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }
}

extension StringMethods {
    static func encode(_ vm: VM, _ s: StringPointer, _ a: Arguments) throws(PythonError) -> Value {
        if !a.has(1), !a.has(2), s.isASCII { return try vm.longBytes(s.buffer) }
        let encoding = try vm.codecArgument(a, 1, "encode() argument 'encoding'", fallback: "utf-8")
        let errors = try vm.codecArgument(a, 2, "encode() argument 'errors'", fallback: "strict")
        let encoded = try vm.encode(Value(tag: Tag.string, pointer: s), encoding: encoding, errors: errors)
        return try encoded.withUnsafeBufferPointer { (content) throws(PythonError) -> Value in try vm.longBytes(content) }
    }
}
