extension SourceText {
    /// The text of a source file: its byte-order mark and encoding comment obeyed (UTF-8, Latin-1 and ASCII are known), its line
    /// ends made `\n`. Throws what CPython says about bytes that are not text.
    package convenience init(name: String, fileContents contents: [UInt8]) throws(SyntaxProblem) {
        var bytes = contents[...]
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        if hasMark { bytes = bytes.dropFirst(3) }
        let declared = EncodingComment.name(in: bytes)
        switch declared.map(EncodingComment.encoding) {
        case nil, .utf8:
            try Self.checkUTF8(bytes, name: name, isDeclared: declared != nil)
        case .latin1 where !hasMark:
            bytes = Self.utf8(fromLatin1: bytes)[...]
        case .ascii where !hasMark:
            if let declared, bytes.contains(where: { $0 >= 0x80 }) { throw Self.encodingProblem(declared, name: name) }
        case .latin1, .ascii, .unknown:
            throw Self.encodingProblem((declared ?? "") + (hasMark ? " with BOM" : ""), name: name)
        }
        self.init(name: name, bytes: Self.withPlainLineEnds(bytes))
    }

    private static func encodingProblem(_ encoding: String, name: String) -> SyntaxProblem {
        let source = SourceText(name: name, bytes: [])
        return SyntaxProblem(.syntax, "encoding problem: \(encoding)", at: SourceRange(0, 0), in: source, isIncomplete: false)
    }

    private static func checkUTF8(_ bytes: ArraySlice<UInt8>, name: String, isDeclared: Bool) throws(SyntaxProblem) {
        guard let offset = firstInvalidByte(bytes) else { return }
        let line = bytes[..<offset].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        let digits = String(bytes[offset], radix: 16)
        let message =
            isDeclared
            ? "(unicode error) 'utf-8' codec can't decode byte 0x\(digits) in position \(offset - bytes.startIndex): invalid byte"
            : "Non-UTF-8 code starting with '\\x\(digits)' in file \(name) on line \(line), but no encoding declared; "
                + "see https://peps.python.org/pep-0263/ for details"
        throw SyntaxProblem(.syntax, message, at: SourceRange(0, 0), in: SourceText(name: name, bytes: []))
    }

    private static func firstInvalidByte(_ bytes: ArraySlice<UInt8>) -> Int? {
        var decoder = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = bytes.startIndex
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }

    private static func utf8(fromLatin1 bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
            } else {
                result.append(0xC0 | byte >> 6)
                result.append(0x80 | byte & 0x3F)
            }
        }
        return result
    }

    private static func withPlainLineEnds(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(0x0D) else { return Array(bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var previous: UInt8 = 0
        for byte in bytes {
            if !(byte == 0x0A && previous == 0x0D) { result.append(byte == 0x0D ? 0x0A : byte) }
            previous = byte
        }
        return result
    }
}

/// The `# coding: name` comment of PEP 263, which counts on the first line, and on the second when the first has no code.
enum EncodingComment {
    enum Encoding { case utf8, latin1, ascii, unknown }

    static func name(in bytes: ArraySlice<UInt8>) -> String? {
        let lines = bytes.prefix(2_000).split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
        for line in lines.prefix(2) {
            let code = line.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0C || $0 == 0x0D }
            guard code.isEmpty || code.first == UInt8(ascii: "#") else { return nil }
            if let name = name(inComment: code) { return name }
        }
        return nil
    }

    /// What follows the first `coding:` or `coding=` that a name follows.
    private static func name(inComment comment: ArraySlice<UInt8>) -> String? {
        let key = Array("coding".utf8)
        var start = comment.startIndex
        while start + key.count < comment.endIndex {
            defer { start += 1 }
            guard comment[start..<(start + key.count)].elementsEqual(key) else { continue }
            let mark = comment[start + key.count]
            guard mark == UInt8(ascii: ":") || mark == UInt8(ascii: "=") else { continue }
            let rest = comment[(start + key.count + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            let name = rest.prefix(while: isNameByte)
            if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    static func encoding(_ name: String) -> Encoding {
        let plain = name.lowercased().replacing("_", with: "-")
        if plain == "utf-8" || plain == "utf8" || plain == "utf-8-sig" || plain.hasPrefix("utf-8-") { return .utf8 }
        let latin1 = ["latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso-latin-1", "l1"]
        if latin1.contains(plain) || plain.hasPrefix("latin-1-") || plain.hasPrefix("iso-8859-1-") { return .latin1 }
        return plain == "ascii" || plain == "us-ascii" ? .ascii : .unknown
    }
}
