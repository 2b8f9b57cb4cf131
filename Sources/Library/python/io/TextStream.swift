import Interpreter

/// How a text stream ends its lines.
enum LineEnding: Equatable {
    /// `\n`, `\r` and `\r\n` end a line and are read as `\n`.
    case universal
    /// The same ends, read as they are.
    case untranslated
    case lineFeed, carriageReturn, both

    init?(_ text: String?) {
        switch text {
        case nil: self = .universal
        case "": self = .untranslated
        case "\n": self = .lineFeed
        case "\r": self = .carriageReturn
        case "\r\n": self = .both
        default: return nil
        }
    }

    /// What `\n` becomes when written; nil for itself.
    var written: [UInt8]? {
        switch self {
        case .carriageReturn: [0x0D]
        case .both: [0x0D, 0x0A]
        default: nil
        }
    }

    /// The end of the line that begins at `start`: where its text ends and where the next line begins. nil when `bytes`
    /// hold no end, or one that more text could still change (`isFinal` false).
    func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isFinal: Bool) -> (text: Int, next: Int)? {
        var place = start
        while place < bytes.count {
            let byte = bytes[place]
            switch self {
            case .lineFeed:
                if byte == 0x0A { return (place, place + 1) }
            case .carriageReturn:
                if byte == 0x0D { return (place, place + 1) }
            case .both:
                if byte == 0x0D, place + 1 < bytes.count, bytes[place + 1] == 0x0A { return (place, place + 2) }
            case .universal, .untranslated:
                if byte == 0x0A { return (place, place + 1) }
                if byte == 0x0D {
                    if place + 1 < bytes.count { return (place, bytes[place + 1] == 0x0A ? place + 2 : place + 1) }
                    return isFinal ? (place, place + 1) : nil
                }
            }
            place += 1
        }
        return nil
    }
}

/// A stream of text: a text file or a `StringIO`. Text travels as UTF-8.
class TextStream {
    var ending: LineEnding = .lineFeed
    /// Line ends met while reading: 1 `\r`, 2 `\n`, 4 `\r\n`.
    var seen = 0
    var isClosed: Bool { false }
    var isReadable: Bool { true }
    var isWritable: Bool { true }

    var closedMessage: String { "I/O operation on closed file." }

    func isSeekable(_ vm: VM) throws(PythonError) -> Bool { true }
    /// At most `count` characters, all that are left for nil.
    func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] { [] }
    /// The next line with its end, at most `limit` characters (negative: no limit).
    func readLine(_ vm: VM, _ limit: Int) throws(PythonError) -> [UInt8] { [] }
    func write(_ vm: VM, _ text: Value) throws(PythonError) {}
    func flush(_ vm: VM) throws(PythonError) {}
    func seek(_ vm: VM, _ offset: Int, _ whence: Int) throws(PythonError) -> Int { 0 }
    func tell(_ vm: VM) throws(PythonError) -> Int { 0 }
    func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int { 0 }
    func close(_ vm: VM) throws(PythonError) {}
    /// An iterator took a line.
    func iterated(_ isAtEnd: Bool) {}

    final func checkOpen(_ vm: VM) throws(PythonError) {
        if isClosed { throw vm.valueError(closedMessage) }
    }

    /// A str that ends in the line end as programs see it.
    final func lineText(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ end: (text: Int, next: Int)) -> [UInt8] {
        note(bytes, end)
        if ending != .universal { return Array(bytes[start..<end.next]) }
        var line = Array(bytes[start..<end.text])
        line.append(0x0A)
        return line
    }

    private func note(_ bytes: UnsafeBufferPointer<UInt8>, _ end: (text: Int, next: Int)) {
        if end.next - end.text == 2 { seen |= 4 } else { seen |= bytes[end.text] == 0x0D ? 1 : 2 }
    }

    /// `\r` and `\r\n` as `\n`.
    final func translated(_ bytes: [UInt8]) -> [UInt8] {
        guard ending == .universal else { return bytes }
        guard bytes.contains(0x0D) else {
            if seen & 2 == 0, bytes.contains(0x0A) { seen |= 2 }
            return bytes
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var previous: UInt8 = 0
        for (index, byte) in bytes.enumerated() {
            if byte == 0x0D {
                result.append(0x0A)
                seen |= index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 4 : 1
            } else if byte != 0x0A || previous != 0x0D {
                result.append(byte)
                if byte == 0x0A { seen |= 2 }
            }
            previous = byte
        }
        return result
    }
}

/// Bytes that a run of `count` characters from `start` takes.
func byteLength(ofCharacters count: Int, in bytes: some RandomAccessCollection<UInt8>) -> Int {
    var left = count
    var length = 0
    for byte in bytes {
        if byte & 0xC0 != 0x80 {
            if left == 0 { break }
            left -= 1
        }
        length += 1
    }
    return length
}

func characterCount(_ bytes: some Collection<UInt8>) -> Int { bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) } }
