#if canImport(Glibc)
    import Glibc
#endif

// Bytes to str.

extension VM {
    /// A str from `source` (bytes or bytearray); LookupError, UnicodeDecodeError.
    package func decode(_ source: Value, encoding name: String = "utf-8", errors: String = "strict") throws(PythonError) -> Value {
        try decode(byteBuffer(source), encoding: name, errors: errors)
    }

    /// A str from bytes in an encoding; LookupError, UnicodeDecodeError.
    package func decode(
        _ bytes: UnsafeBufferPointer<UInt8>, encoding name: String = "utf-8", errors: String = "strict"
    ) throws(PythonError) -> Value {
        guard let encoding = TextEncoding(name) else { throw error("LookupError", "unknown encoding: \(name)") }
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return emptyString.retained() }
        switch encoding {
        case .utf8, .ascii:
            var isASCII = true
            try inParts(bytes.count, of: VM.copyPart) { isASCII = isASCII && UTF8Scalar.isASCII(base + $0.lowerBound, $0.count) }
            if isASCII { return try longASCII(bytes) }
            return encoding == .utf8 ? try decodeUTF8(bytes, errors) : try decodeASCII(bytes, errors)
        case .utf8Signature:
            let hasSignature = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
            return try decodeUTF8(hasSignature ? UnsafeBufferPointer(rebasing: bytes[3...]) : bytes, errors)
        case .latin1:
            var out = StringBuilder(self, capacity: bytes.count)
            for (place, byte) in bytes.enumerated() {
                out.append(codePoint: UInt32(byte))
                if place & 0xFFFF == 0xFFFF { try heed() }
            }
            return out.finish()
        case .utf16, .utf16Little, .utf16Big, .utf32, .utf32Little, .utf32Big: return try decodeUnits(bytes, encoding, errors)
        }
    }

    private func decodeASCII(_ bytes: UnsafeBufferPointer<UInt8>, _ errors: String) throws(PythonError) -> Value {
        var out = StringBuilder(self, capacity: bytes.count)
        for (place, byte) in bytes.enumerated() {
            if place & 0xFFFF == 0xFFFF { try heed() }
            if byte < 0x80 {
                out.append(byte)
            } else {
                try replaceUndecodable(bytes, place..<(place + 1), .ascii, "ordinal not in range(128)", errors, to: &out)
            }
        }
        return out.finish()
    }

    private func decodeUTF8(_ bytes: UnsafeBufferPointer<UInt8>, _ errors: String) throws(PythonError) -> Value {
        if let valid = try validText(bytes) { return valid }
        var out = StringBuilder(self, capacity: bytes.count)
        var place = 0
        while place < bytes.count {
            // Valid stretches go over at once.
            let start = place
            var fault = UTF8Fault.none
            while place < bytes.count {
                let (width, found) = VM.checkUTF8(bytes, place)
                fault = found
                if found != .none { break }
                place += width
                try heed()
            }
            if place > start { out.append(bytes.baseAddress.unsafelyUnwrapped + start, place - start, isASCII: false) }
            if fault == .none { break }
            let (width, reason) = VM.describe(fault, bytes, place)
            if errors == "surrogatepass", VM.isEncodedSurrogate(bytes, place) {
                out.append(bytes.baseAddress.unsafelyUnwrapped + place, 3, isASCII: false)
                place += 3
                continue
            }
            try replaceUndecodable(bytes, place..<(place + width), .utf8, reason, errors, to: &out)
            place += width
        }
        return out.finish()
    }

    /// The str when all is valid, which is the rule: one pass and one copy.
    private func validText(_ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) -> Value? {
        var place = 0
        var length = 0
        while place < bytes.count {
            if bytes[place] < 0x80 {
                place += 1
            } else {
                let (width, fault) = VM.checkUTF8(bytes, place)
                if fault != .none { return nil }
                place += width
            }
            length += 1
            if length & 0xFFFF == 0 { try heed() }
        }
        if length <= 1 || length == bytes.count { return string(bytes) }
        let result = Heap.makeString(heap, byteCount: bytes.count, length: length, isASCII: false)
        return try building(result) { (result) throws(PythonError) in
            try copyBytes(result.string.bytes, bytes.baseAddress.unsafelyUnwrapped, bytes.count)
        }
    }

    /// `asciiString` of bytes that may be many.
    private func longASCII(_ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) -> Value {
        if bytes.count <= VM.copyPart { return asciiString(bytes) }
        return try building(Heap.makeString(heap, byteCount: bytes.count, length: bytes.count, isASCII: true)) { (result) throws(PythonError) in
            try copyBytes(result.string.bytes, bytes.baseAddress.unsafelyUnwrapped, bytes.count)
        }
    }

    private enum UTF8Fault: Equatable { case none, start, continuation(Int), end }

    /// Width of the character at `place`, or what is wrong with it.
    @inline(__always)
    private static func checkUTF8(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (width: Int, fault: UTF8Fault) {
        let lead = bytes[place]
        if lead < 0x80 { return (1, .none) }
        if lead < 0xC2 || lead > 0xF4 { return (1, .start) }
        let width = UTF8Scalar.width(lead: lead)
        for step in 1..<width {
            if place + step >= bytes.count { return (step, .end) }
            let byte = bytes[place + step]
            var (low, high): (UInt8, UInt8) = (0x80, 0xBF)
            if step == 1 {
                switch lead {
                case 0xE0: low = 0xA0
                case 0xED: high = 0x9F
                case 0xF0: low = 0x90
                case 0xF4: high = 0x8F
                default: break
                }
            }
            if byte < low || byte > high { return (step, .continuation(step)) }
        }
        return (width, .none)
    }

    private static func describe(_ fault: UTF8Fault, _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (width: Int, reason: String) {
        switch fault {
        case .none, .start: (1, "invalid start byte")
        case .continuation(let width): (width, "invalid continuation byte")
        case .end: (bytes.count - place, "unexpected end of data")
        }
    }

    private static func isEncodedSurrogate(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
        place + 2 < bytes.count && bytes[place] == 0xED && bytes[place + 1] & 0xE0 == 0xA0 && bytes[place + 2] & 0xC0 == 0x80
    }

    private func decodeUnits(_ bytes: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding, _ errors: String) throws(PythonError) -> Value {
        let size = encoding == .utf16 || encoding == .utf16Little || encoding == .utf16Big ? 2 : 4
        var place = 0
        var isBig = encoding.isBigEndian
        func unit(_ place: Int) -> UInt32 {
            (0..<size).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * (isBig ? size - 1 - $1 : $1)) }
        }
        if encoding == .utf16 || encoding == .utf32, bytes.count >= size {
            if unit(0) == 0xFEFF {
                place = size
            } else if unit(0) == (size == 2 ? 0xFFFE : 0xFFFE_0000) {
                isBig = true
                place = size
            }
        }
        // Messages name the byte order found.
        let encoding: TextEncoding = size == 2 ? (isBig ? .utf16Big : .utf16Little) : (isBig ? .utf32Big : .utf32Little)
        var out = StringBuilder(self, capacity: bytes.count)
        while place < bytes.count {
            if place + size > bytes.count {
                try replaceUndecodable(bytes, place..<bytes.count, encoding, "truncated data", errors, to: &out)
                break
            }
            let code = unit(place)
            if place & 0xFFFF < size { try heed() }
            if size == 4 {
                if code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF && errors != "surrogatepass") {
                    let reason = code > 0x10FFFF ? "code point not in range(0x110000)" : "code point in surrogate code point range(0xd800, 0xe000)"
                    try replaceUndecodable(bytes, place..<(place + 4), encoding, reason, errors, to: &out)
                } else {
                    out.append(codePoint: code)
                }
                place += 4
                continue
            }
            if code < 0xD800 || code > 0xDFFF {
                out.append(codePoint: code)
                place += 2
            } else if code > 0xDBFF {
                try replaceUndecodable(bytes, place..<(place + 2), encoding, "illegal encoding", errors, to: &out)
                place += 2
            } else if place + 4 > bytes.count {
                try replaceUndecodable(bytes, place..<bytes.count, encoding, "unexpected end of data", errors, to: &out)
                break
            } else if case let low = unit(place + 2), low >= 0xDC00, low <= 0xDFFF {
                out.append(codePoint: 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00))
                place += 4
            } else {
                try replaceUndecodable(bytes, place..<(place + 2), encoding, "illegal UTF-16 surrogate", errors, to: &out)
                place += 2
            }
        }
        return out.finish()
    }

    /// Applies an error handler to bytes that are no text.
    private func replaceUndecodable(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ encoding: TextEncoding, _ reason: String, _ errors: String,
        to out: inout StringBuilder
    ) throws(PythonError) {
        switch errors {
        case "ignore": return
        case "replace": out.append(codePoint: 0xFFFD)
        case "backslashreplace":
            for byte in bytes[range] {
                out.append(0x5C)
                VM.appendHex(UInt32(byte), 2, UInt8(ascii: "x"), to: &out)
            }
        case "surrogateescape" where bytes[range].allSatisfy { $0 >= 0x80 }:
            for byte in bytes[range] { out.append(codePoint: 0xDC00 + UInt32(byte)) }
        case "strict", "surrogatepass", "surrogateescape":
            throw error(
                "UnicodeDecodeError",
                arguments: [string(encoding.name), self.bytes(bytes), .int(range.lowerBound), .int(range.upperBound), string(reason)])
        default: throw error("LookupError", "unknown error handler name '\(errors)'")
        }
    }
}
