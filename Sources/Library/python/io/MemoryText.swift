import Interpreter

/// The content of a `StringIO`.
///
/// Invariant: `offset` is the byte at which character `position` begins, the end of `content` for places beyond it.
final class MemoryText: TextStream {
    private(set) var content: [UInt8] = []
    private var length = 0
    private var position = 0
    private var offset = 0
    private var closed = false

    override var isClosed: Bool { closed }
    override var closedMessage: String { "I/O operation on closed file" }

    /// Starts over with a text; the position is its beginning.
    func reset(_ vm: VM, _ text: Value?, _ ending: LineEnding) throws(PythonError) {
        self.ending = ending
        closed = false
        seen = 0
        content = []
        (length, position, offset) = (0, 0, 0)
        if let text { try write(vm, text) }
        (position, offset) = (0, 0)
    }

    override func write(_ vm: VM, _ text: Value) throws(PythonError) {
        let source = vm.utf8(text)
        if source.isEmpty { return }
        var bytes: [UInt8]?
        var count = text.string.pointee.length
        if ending == .universal, source.contains(0x0D) || source.contains(0x0A) {
            bytes = translated(Array(source))
        } else if let end = ending.written, source.contains(0x0A) {
            bytes = source.flatMap { $0 == 0x0A ? end : [$0] }
        }
        if let bytes { count = characterCount(bytes) }
        if position > length {
            content.append(contentsOf: repeatElement(0, count: position - length))
            length = position
            offset = content.count
        }
        if position == length {
            if let bytes { content += bytes } else { content.append(contentsOf: source) }
            length += count
            position = length
            offset = content.count
            return
        }
        let replaced = min(count, length - position)
        let end = offset + byteLength(ofCharacters: replaced, in: content[offset...])
        let new = bytes ?? Array(source)
        content.replaceSubrange(offset..<end, with: new)
        length += count - replaced
        position += count
        offset += new.count
    }

    override func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] {
        if position >= length { return [] }
        let end = count.map { offset + byteLength(ofCharacters: $0, in: content[offset...]) } ?? content.count
        let result = Array(content[offset..<end])
        position = count.map { min(length, $0 < length ? position + $0 : length) } ?? length
        offset = end
        return result
    }

    override func readLine(_ vm: VM, _ limit: Int) throws(PythonError) -> [UInt8] {
        if position >= length { return [] }
        let reading: LineEnding = ending == .universal ? .lineFeed : ending
        var end = content.withUnsafeBufferPointer { reading.lineEnd($0, from: offset, isFinal: true)?.next ?? $0.count }
        if limit >= 0 { end = min(end, offset + byteLength(ofCharacters: limit, in: content[offset...])) }
        let line = Array(content[offset..<end])
        position += characterCount(line)
        offset = end
        return line
    }

    override func seek(_ vm: VM, _ place: Int, _ whence: Int) throws(PythonError) -> Int {
        switch whence {
        case 0:
            if place < 0 { throw vm.valueError("Negative seek position \(place)") }
            if place > 1 << 40 { throw vm.overflowError("new position too large") }
            move(to: place)
        case 1, 2:
            if place != 0 { throw vm.osErrorMessage("Can't do nonzero cur-relative seeks") }
            if whence == 2 { move(to: length) }
        default: throw vm.valueError("Invalid whence (\(whence), should be 0, 1 or 2)")
        }
        return position
    }

    private func move(to place: Int) {
        position = place
        offset = place >= length ? content.count : length == content.count ? place : byteLength(ofCharacters: place, in: content)
    }

    override func tell(_ vm: VM) throws(PythonError) -> Int { position }

    override func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int {
        let size = size ?? position
        if size < 0 { throw vm.valueError("Negative size value \(size)") }
        if size < length {
            content.removeSubrange(byteLength(ofCharacters: size, in: content)...)
            length = size
            move(to: position)
        }
        return size
    }

    override func close(_ vm: VM) throws(PythonError) {
        closed = true
        content = []
        (length, position, offset) = (0, 0, 0)
    }
}

extension VM {
    /// OSError with a message of its own and no error number.
    func osErrorMessage(_ message: String) -> PythonError { error("OSError", message) }

    /// io.UnsupportedOperation
    func unsupported(_ message: String) -> PythonError { error("UnsupportedOperation", message) }
}
