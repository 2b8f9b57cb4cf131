#if canImport(Glibc)
    import Glibc
#endif

// str: quoting.

extension VM {
    /// `repr(string)`, a str.
    package func stringRepr(_ string: StringPointer) throws(PythonError) -> Value {
        if string.isASCII, string.pointee.byteCount <= VM.copyPart, string.buffer.allSatisfy({ VM.isPlain($0, UInt8(ascii: "'")) }) {
            let count = string.pointee.byteCount + 2
            let result = Heap.makeString(heap, byteCount: count, length: count, isASCII: true)
            let out = result.string.bytes
            out[0] = UInt8(ascii: "'")
            memcpy(out + 1, string.bytes, count - 2)
            out[count - 1] = UInt8(ascii: "'")
            return result
        }
        try checkRoom(string.pointee.byteCount, stride: 1)
        var out = StringBuilder(self, capacity: string.pointee.byteCount + 2)
        let quote = VM.quote(for: string.buffer)
        out.append(quote)
        let bytes = string.bytes
        let end = string.pointee.byteCount
        var place = 0
        while place < end {
            // Runs of plain characters go over at once.
            let start = place
            let stop = end - place > VM.copyPart ? place + VM.copyPart : end
            while place < stop, VM.isPlain(bytes[place], quote) { place += 1 }
            try heed()
            if place > start { out.append(bytes + start, place - start, isASCII: true) }
            if place == end { break }
            if place == stop { continue }
            let (code, width) = UTF8Scalar.decode(bytes + place)
            place += width
            if code >= 0x80, UnicodeTable.isPrintable(code) {
                out.append(codePoint: code)
            } else if code == UInt32(quote) || code == 0x5C {
                out.append(0x5C)
                out.append(UInt8(code))
            } else {
                VM.appendEscape(code, to: &out)
            }
        }
        out.append(quote)
        return out.finish()
    }

    /// `ascii(value)`: its repr with everything beyond ASCII escaped.
    package func ascii(_ value: Value) throws(PythonError) -> Value {
        let shown = try repr(value)
        if shown.string.isASCII { return shown }
        defer { heap.release(shown) }
        var out = StringBuilder(self, capacity: shown.string.pointee.byteCount)
        var place = 0
        while place < shown.string.pointee.byteCount {
            let (code, width) = UTF8Scalar.decode(shown.string.bytes + place)
            place += width
            if code < 0x80 { out.append(UInt8(code)) } else { VM.appendEscape(code, to: &out) }
            try heed()
        }
        return out.finish()
    }

    /// Single quotes unless only they occur.
    static func quote(for text: UnsafeBufferPointer<UInt8>) -> UInt8 {
        func occurs(_ byte: UInt8) -> Bool {
            guard let base = text.baseAddress else { return false }
            return memchr(base, Int32(byte), text.count) != nil
        }
        return occurs(UInt8(ascii: "'")) && !occurs(UInt8(ascii: "\"")) ? UInt8(ascii: "\"") : UInt8(ascii: "'")
    }

    @inline(__always)
    static func isPlain(_ byte: UInt8, _ quote: UInt8) -> Bool { byte >= 0x20 && byte < 0x7F && byte != quote && byte != 0x5C }

    /// `\n`, `\x1b`, `\u20ac`, `\U0001f600`
    static func appendEscape(_ code: UInt32, to out: inout StringBuilder) {
        out.append(0x5C)
        switch code {
        case 0x09: out.append(UInt8(ascii: "t"))
        case 0x0A: out.append(UInt8(ascii: "n"))
        case 0x0D: out.append(UInt8(ascii: "r"))
        case 0..<0x100: appendHex(code, 2, UInt8(ascii: "x"), to: &out)
        case 0x100..<0x10000: appendHex(code, 4, UInt8(ascii: "u"), to: &out)
        default: appendHex(code, 8, UInt8(ascii: "U"), to: &out)
        }
    }

    static func appendHex(_ code: UInt32, _ digits: Int, _ letter: UInt8, to out: inout StringBuilder) {
        out.append(letter)
        for place in stride(from: digits - 1, through: 0, by: -1) {
            let digit = UInt8(truncatingIfNeeded: code >> UInt32(place * 4) & 15)
            out.append(digit < 10 ? digit + 0x30 : digit + 0x57)
        }
    }
}
