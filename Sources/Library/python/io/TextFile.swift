import Interpreter

/// A `TextIOWrapper`: text over a stream of bytes.
final class TextFile: TextStream, ReferenceHolder {
    var stream: ByteStream
    /// What `buffer` shows: made on first request for files opened as text.
    var buffer: Reference?
    var name: Reference?
    var mode = "r"
    private(set) var encoding = "UTF-8"
    private(set) var errors = "strict"
    var isLineBuffered = false
    var isWrittenThrough = false
    var isDetached = false

    /// How bytes and characters relate: decides how text is read piece by piece.
    private enum Form { case utf8, singleByte, whole }
    private var form = Form.utf8
    /// Text read ahead, as UTF-8, and how much of it has been handed out.
    private var decoded: [UInt8] = []
    private var position = 0
    /// The beginning of a character whose rest has not been read yet.
    private var tail: [UInt8] = []
    private var isAtEnd = false
    /// A mark of byte order has been written, or must not be.
    private var hasBegun = false
    private var isIterating = false

    static let chunk = 8192

    init(_ stream: ByteStream) { self.stream = stream }

    func visitReferences(_ visit: (Value) -> Void) {
        if let buffer { visit(buffer.value) }
        if let name { visit(name.value) }
    }

    func dropReferences() {
        buffer = nil
        name = nil
    }

    /// Sets encoding and error handling; LookupError for an unknown encoding.
    func configure(_ vm: VM, encoding: String, errors: String) throws(PythonError) {
        let plain = encoding.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        switch plain {
        case "utf8", "u8", "utf": form = .utf8
        case "ascii", "usascii", "latin1", "iso88591", "latin", "l1", "cp819", "8859", "646": form = .singleByte
        default:
            form = .whole
            vm.heap.release(try vm.decode(UnsafeBufferPointer(start: nil, count: 0), encoding: encoding))
        }
        self.encoding = encoding
        self.errors = errors
    }

    override var isClosed: Bool { stream.isClosed }
    override var isReadable: Bool { stream.isReadable }
    override var isWritable: Bool { stream.isWritable }
    override func isSeekable(_ vm: VM) throws(PythonError) -> Bool { try stream.isSeekable(vm) }

    // MARK: reading

    private func checkReadable(_ vm: VM) throws(PythonError) {
        guard isReadable else { throw vm.unsupported("not readable") }
    }

    private func decode(_ vm: VM, _ bytes: [UInt8]) throws(PythonError) -> [UInt8] {
        var result: [UInt8] = []
        var failure: PythonError?
        bytes.withUnsafeBufferPointer { source in
            do throws(PythonError) {
                let text = try vm.decode(source, encoding: encoding, errors: errors)
                result = Array(vm.utf8(text))
                vm.heap.release(text)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }

    private func dropConsumed() {
        if position == 0 { return }
        decoded.removeSubrange(..<position)
        position = 0
    }

    /// Reads and decodes the next piece. False at the end.
    private func fill(_ vm: VM) throws(PythonError) -> Bool {
        if isAtEnd { return false }
        dropConsumed()
        if form == .whole {
            decoded += try decode(vm, stream.read(vm, nil))
            isAtEnd = true
            return true
        }
        var bytes = tail
        let next = try stream.readChunk(vm, TextFile.chunk)
        bytes += next
        tail = []
        if next.isEmpty {
            isAtEnd = true
            if bytes.isEmpty { return false }
        } else if form == .utf8 {
            let cut = TextFile.incompleteTail(bytes)
            tail = Array(bytes[(bytes.count - cut)...])
            bytes.removeLast(cut)
        }
        do throws(PythonError) {
            decoded += try decode(vm, bytes)
        } catch {
            tail = []
            throw error
        }
        return true
    }

    /// Length of a UTF-8 sequence cut off at the end.
    private static func incompleteTail(_ bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let byte = bytes[bytes.count - back]
            if byte & 0xC0 == 0x80 { continue }
            let width = byte >= 0xF0 && byte < 0xF8 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return width > back ? back : 0
        }
        return 0
    }

    override func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] {
        try checkReadable(vm)
        isIterating = false
        guard let count else {
            dropConsumed()
            var bytes = tail
            tail = []
            bytes += try stream.read(vm, nil)
            let text = decoded + (try decode(vm, bytes))
            decoded = []
            isAtEnd = false
            return translated(text)
        }
        while true {
            // One more than asked for shows whether a final \r is followed by \n.
            let end = characterEnd(count)
            if let end {
                let text = Array(decoded[position..<end])
                position = end
                return translated(text)
            }
            if try !fill(vm) {
                let text = Array(decoded[position...])
                decoded = []
                position = 0
                isAtEnd = false
                return translated(text)
            }
        }
    }

    /// Where `count` characters from here end; nil when more text is needed to tell.
    private func characterEnd(_ count: Int) -> Int? {
        var left = count
        var place = position
        while left > 0 {
            if place >= decoded.count { return nil }
            let byte = decoded[place]
            place += 1
            if byte == 0x0D, ending == .universal {
                if place >= decoded.count, !isAtEnd { return nil }
                if place < decoded.count, decoded[place] == 0x0A { place += 1 }
            } else if byte >= 0xC0 {
                place += byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1
            }
            left -= 1
        }
        return place <= decoded.count ? place : nil
    }

    override func readLine(_ vm: VM, _ limit: Int) throws(PythonError) -> [UInt8] {
        try checkReadable(vm)
        var searched = position
        while true {
            let found = decoded.withUnsafeBufferPointer { ending.lineEnd($0, from: searched, isFinal: isAtEnd) }
            if let found {
                var line = decoded.withUnsafeBufferPointer { lineText($0, from: position, found) }
                if limit >= 0, limit < line.count {
                    let cut = byteLength(ofCharacters: limit, in: line)
                    if cut < line.count {
                        line.removeSubrange(cut...)
                        position += cut
                        return line
                    }
                }
                position = found.next
                return line
            }
            let before = decoded.count - position
            if limit >= 0, before >= limit * 4 + 4 {
                let cut = byteLength(ofCharacters: limit, in: decoded[position...])
                defer { position += cut }
                return Array(decoded[position..<(position + cut)])
            }
            if try !fill(vm) { return rest(limit) }
            // A \r or a half \r\n at the old end is looked at again.
            searched = position + max(0, before - 1)
        }
    }

    /// The last line, which has no end.
    private func rest(_ limit: Int) -> [UInt8] {
        let length = limit < 0 ? decoded.count - position : byteLength(ofCharacters: limit, in: decoded[position...])
        let line = Array(decoded[position..<(position + length)])
        position += length
        if position == decoded.count {
            decoded = []
            position = 0
            isAtEnd = false
        }
        return line
    }

    override func iterated(_ isAtEnd: Bool) { isIterating = !isAtEnd }

    // MARK: writing

    override func write(_ vm: VM, _ text: Value) throws(PythonError) {
        guard isWritable else { throw vm.unsupported("not writable") }
        dropRead()
        let source = vm.utf8(text)
        let hasLineEnd = (isLineBuffered || ending.written != nil) && source.contains { $0 == 0x0A || $0 == 0x0D }
        if hasLineEnd, let end = ending.written {
            let changed = vm.string(source.flatMap { $0 == 0x0A ? end : [$0] })
            defer { vm.heap.release(changed) }
            try writeEncoded(vm, changed)
        } else {
            try writeEncoded(vm, text)
        }
        if isWrittenThrough || isLineBuffered && hasLineEnd { try stream.flush(vm) }
    }

    private func writeEncoded(_ vm: VM, _ text: Value) throws(PythonError) {
        if form == .utf8, errors == "strict" || text.string.pointee.header.flags & HeaderFlag.ascii != 0 {
            try stream.write(vm, vm.utf8(text))
            return
        }
        try stream.writeAll(vm, vm.encode(text, encoding: try encodingForWriting(vm), errors: errors))
    }

    /// Only the first piece begins with a mark of byte order.
    private func encodingForWriting(_ vm: VM) throws(PythonError) -> String {
        guard form == .whole else { return encoding }
        let continued = ["utf16": "utf-16-le", "utf32": "utf-32-le", "utf8sig": "utf-8"]
        let plain = encoding.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }
        if !hasBegun, try stream.isSeekable(vm), try stream.tell(vm) > 0 { hasBegun = true }
        defer { hasBegun = true }
        return hasBegun ? continued[plain] ?? encoding : encoding
    }

    override func flush(_ vm: VM) throws(PythonError) { try stream.flush(vm) }

    // MARK: position

    private func dropRead() {
        if decoded.isEmpty, tail.isEmpty, !isAtEnd { return }
        decoded = []
        position = 0
        tail = []
        isAtEnd = false
    }

    override func seek(_ vm: VM, _ offset: Int, _ whence: Int) throws(PythonError) -> Int {
        guard try stream.isSeekable(vm) else { throw vm.unsupported("underlying stream is not seekable") }
        var target = offset
        switch whence {
        case 0:
            if offset < 0 { throw vm.valueError("negative seek position \(offset)") }
        case 1:
            if offset != 0 { throw vm.unsupported("can't do nonzero cur-relative seeks") }
            target = try tell(vm)
        case 2:
            if offset != 0 { throw vm.unsupported("can't do nonzero end-relative seeks") }
        default: throw vm.valueError("invalid whence (\(whence), should be 0, 1 or 2)")
        }
        try stream.flush(vm)
        dropRead()
        isIterating = false
        let place = try stream.seek(vm, whence == 2 ? 0 : target, whence == 2 ? 2 : 0)
        hasBegun = place > 0
        return place
    }

    override func tell(_ vm: VM) throws(PythonError) -> Int {
        guard try stream.isSeekable(vm) else { throw vm.unsupported("underlying stream is not seekable") }
        if isIterating { throw vm.osErrorMessage("telling position disabled by next() call") }
        let ahead = decoded[position...]
        let width = form == .singleByte ? characterCount(ahead) : ahead.count
        return max(0, try stream.tell(vm) - tail.count - width)
    }

    override func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int {
        try stream.flush(vm)
        return try stream.truncate(vm, size)
    }

    override func close(_ vm: VM) throws(PythonError) { try stream.close(vm) }

    /// Names for `newlines`.
    var metLineEnds: [String] {
        var result: [String] = []
        if seen & 1 != 0 { result.append("\r") }
        if seen & 2 != 0 { result.append("\n") }
        if seen & 4 != 0 { result.append("\r\n") }
        return result
    }
}
