/// The pieces of a string token: prefix, quotes, and what the escapes in between mean.
struct StringLiteral {
    let isBytes: Bool
    let isRaw: Bool
    let isFormatted: Bool
    /// Offsets of the text between the quotes.
    let body: Range<Int>

    init(_ token: Token, in bytes: [UInt8]) {
        var isBytes = false
        var isRaw = false
        var isFormatted = false
        var offset = Int(token.start)
        prefix: while true {
            switch bytes[offset] | 0x20 {
            case UInt8(ascii: "b"): isBytes = true
            case UInt8(ascii: "r"): isRaw = true
            case UInt8(ascii: "f"): isFormatted = true
            case UInt8(ascii: "u"): break
            default: break prefix
            }
            offset += 1
        }
        let quote = bytes[offset]
        let end = Int(token.end)
        let isTriple = end - offset >= 6 && bytes[offset + 1] == quote && bytes[offset + 2] == quote
        let width = isTriple ? 3 : 1
        self.isBytes = isBytes
        self.isRaw = isRaw
        self.isFormatted = isFormatted
        self.body = (offset + width)..<(end - width)
    }

    /// Why an escape has no meaning: what CPython's codec says, with its own prefix.
    struct EscapeProblem: Error {
        let message: String
    }

    /// What a piece of a str literal means.
    enum Text {
        case plain(String)
        /// With lone surrogates, each encoded in three bytes.
        case surrogates([UInt8])

        var constant: Constant {
            switch self {
            case .plain(let text): .string(text)
            case .surrogates(let bytes): .surrogateString(bytes)
            }
        }

        static func + (a: Text, b: Text) -> Text {
            if case .plain(let x) = a, case .plain(let y) = b { return .plain(x + y) }
            return .surrogates(a.bytes + b.bytes)
        }

        private var bytes: [UInt8] {
            switch self {
            case .plain(let text): Array(text.utf8)
            case .surrogates(let bytes): bytes
            }
        }
    }

    /// The text of a piece of a str literal. Line ends are `\n` whatever the file has.
    static func text(_ piece: ArraySlice<UInt8>, isRaw: Bool) throws(EscapeProblem) -> Text {
        if isRaw || !piece.contains(UInt8(ascii: "\\")) {
            if !piece.contains(0x0D) { return .plain(String(decoding: piece, as: UTF8.self)) }
            return .plain(String(decoding: withPlainLineEnds(piece), as: UTF8.self))
        }
        var decoder = EscapeDecoder(piece: piece.contains(0x0D) ? withPlainLineEnds(piece)[...] : piece, isBytes: false)
        try decoder.run()
        return decoder.hasSurrogates ? .surrogates(decoder.output) : .plain(String(decoding: decoder.output, as: UTF8.self))
    }

    /// The value of a bytes literal, which is ASCII.
    static func bytes(_ piece: ArraySlice<UInt8>, isRaw: Bool) throws(EscapeProblem) -> [UInt8] {
        let plain = piece.contains(0x0D) ? withPlainLineEnds(piece)[...] : piece
        if isRaw || !plain.contains(UInt8(ascii: "\\")) { return Array(plain) }
        var decoder = EscapeDecoder(piece: plain, isBytes: true)
        try decoder.run()
        return decoder.output
    }

    private static func withPlainLineEnds(_ piece: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(piece.count)
        var previous: UInt8 = 0
        for byte in piece {
            if byte == 0x0A, previous == 0x0D {
                previous = byte
                continue
            }
            result.append(byte == 0x0D ? 0x0A : byte)
            previous = byte
        }
        return result
    }
}

/// Replaces backslash escapes; one that Python does not know keeps its backslash.
struct EscapeDecoder {
    private let piece: ArraySlice<UInt8>
    private let isBytes: Bool
    private var position: Int
    private(set) var output: [UInt8] = []
    private(set) var hasSurrogates = false

    init(piece: ArraySlice<UInt8>, isBytes: Bool) {
        self.piece = piece
        self.isBytes = isBytes
        self.position = piece.startIndex
        output.reserveCapacity(piece.count)
    }

    mutating func run() throws(StringLiteral.EscapeProblem) {
        while position < piece.endIndex {
            let byte = piece[position]
            if byte == UInt8(ascii: "\\"), position + 1 < piece.endIndex {
                try escape(piece[position + 1])
            } else {
                output.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape(_ letter: UInt8) throws(StringLiteral.EscapeProblem) {
        if let value = Self.simple(letter) {
            output.append(value)
            position += 2
            return
        }
        switch letter {
        case 0x0A: position += 2
        case UInt8(ascii: "0")...UInt8(ascii: "7"): octal()
        case UInt8(ascii: "x"): try hex(digits: 2)
        case UInt8(ascii: "u") where !isBytes: try hex(digits: 4)
        case UInt8(ascii: "U") where !isBytes: try hex(digits: 8)
        case UInt8(ascii: "N") where !isBytes: try named()
        default:
            output.append(UInt8(ascii: "\\"))
            position += 1
        }
    }

    private static func simple(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): letter
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "a"): 0x07
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "v"): 0x0B
        default: nil
        }
    }

    /// One to three octal digits; bytes keep the low eight bits.
    private mutating func octal() {
        var value: UInt32 = 0
        var end = position + 1
        while end < piece.endIndex, end < position + 4, piece[end] &- 0x30 < 8 {
            value = value * 8 + UInt32(piece[end] - 0x30)
            end += 1
        }
        position = end
        append(isBytes ? value & 0xFF : value)
    }

    private mutating func hex(digits: Int) throws(StringLiteral.EscapeProblem) {
        let start = position
        var end = position + 2
        var value: UInt32 = 0
        while end < piece.endIndex, end < start + 2 + digits, let digit = Self.hexValue(piece[end]) {
            value = value << 4 | digit
            end += 1
        }
        guard end == start + 2 + digits else {
            if isBytes { throw .init(message: "(value error) invalid \\x escape at position \(start - piece.startIndex)") }
            throw invalid(from: start, to: end, "truncated \\\(Self.pattern(digits: digits)) escape")
        }
        if !isBytes, value > 0x10FFFF { throw invalid(from: start, to: end, "illegal Unicode character") }
        position = end
        append(value)
    }

    /// `\N{NAME}`
    private mutating func named() throws(StringLiteral.EscapeProblem) {
        let start = position
        guard position + 2 < piece.endIndex, piece[position + 2] == UInt8(ascii: "{"),
            let close = piece[(position + 3)...].firstIndex(of: UInt8(ascii: "}")), close > position + 3
        else {
            var end = min(position + 2, piece.endIndex)
            if end < piece.endIndex, piece[end] == UInt8(ascii: "{") {
                end = piece[end...].firstIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? piece.endIndex
            }
            throw invalid(from: start, to: end, "malformed \\N character escape")
        }
        guard let code = CharacterNames.codePoint(named: String(decoding: piece[(position + 3)..<close], as: UTF8.self)) else {
            throw invalid(from: start, to: close + 1, "unknown Unicode character name")
        }
        position = close + 1
        append(code)
    }

    private static func pattern(digits: Int) -> String {
        switch digits {
        case 2: "xXX"
        case 4: "uXXXX"
        default: "UXXXXXXXX"
        }
    }

    /// CPython's codec sees every non-ASCII character spelled as `\UXXXXXXXX`, and counts positions in that text.
    private func invalid(from start: Int, to end: Int, _ reason: String) -> StringLiteral.EscapeProblem {
        let characters = piece[piece.startIndex..<start].reduce(0) { $0 + ($1 < 0x80 ? 1 : $1 & 0xC0 == 0x80 ? 0 : 10) }
        let last = characters + (end - start) - 1
        return .init(message: "(unicode error) 'unicodeescape' codec can't decode bytes in position \(characters)-\(last): \(reason)")
    }

    private static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private mutating func append(_ value: UInt32) {
        if isBytes {
            output.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = Unicode.Scalar(value) {
            output.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            hasSurrogates = true
            output += [0xE0 | UInt8(value >> 12), 0x80 | UInt8(value >> 6 & 0x3F), 0x80 | UInt8(value & 0x3F)]
        }
    }
}
