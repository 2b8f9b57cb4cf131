import Interpreter

/// What binary files and text files stand on: bytes that are read, written and positioned.
class ByteStream {
    var isClosed = false
    var isReadable: Bool { false }
    var isWritable: Bool { false }

    func isSeekable(_ vm: VM) throws(PythonError) -> Bool { false }

    /// At most `count` bytes, all that are left for nil; empty at the end.
    func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] { [] }

    /// What one request to the source yields, at most `count` bytes; empty at the end.
    func readChunk(_ vm: VM, _ count: Int) throws(PythonError) -> [UInt8] { try read(vm, count) }

    /// Up to and including the next line end, at most `limit` bytes (negative: no limit).
    func readLine(_ vm: VM, _ limit: Int) throws(PythonError) -> [UInt8] {
        var line: [UInt8] = []
        while limit < 0 || line.count < limit {
            let next = try read(vm, 1)
            guard let byte = next.first else { break }
            line.append(byte)
            if byte == 0x0A { break }
        }
        return line
    }

    func write(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) {}

    func flush(_ vm: VM) throws(PythonError) {}

    /// Moves to an absolute place (`whence` 0), relative to here (1) or to the end (2); returns the new place.
    func seek(_ vm: VM, _ offset: Int, _ whence: Int) throws(PythonError) -> Int { 0 }

    func tell(_ vm: VM) throws(PythonError) -> Int { 0 }

    /// Cuts or extends to `size` bytes, the current place for nil; returns the size.
    func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int { 0 }

    func close(_ vm: VM) throws(PythonError) { isClosed = true }

    /// The file descriptor; nil when there is none.
    var descriptor: Int32? { nil }

    func checkOpen(_ vm: VM, _ message: String = "I/O operation on closed file.") throws(PythonError) {
        if isClosed { throw vm.valueError(message) }
    }

    func writeAll(_ vm: VM, _ bytes: [UInt8]) throws(PythonError) {
        // The closure form of withUnsafeBufferPointer keeps no typed error; carry it out by hand.
        var failure: PythonError?
        bytes.withUnsafeBufferPointer { buffer in
            do throws(PythonError) { try write(vm, buffer) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}

/// The content of a `BytesIO`.
final class MemoryBytes: ByteStream {
    var content: [UInt8]
    var position = 0

    init(_ content: [UInt8]) { self.content = content }

    override var isReadable: Bool { true }
    override var isWritable: Bool { true }
    override func isSeekable(_ vm: VM) throws(PythonError) -> Bool { true }

    override func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] {
        let start = min(position, content.count)
        let end = count.map { start + min($0, content.count - start) } ?? content.count
        position = max(position, end)
        return Array(content[start..<end])
    }

    override func readLine(_ vm: VM, _ limit: Int) throws(PythonError) -> [UInt8] {
        let start = min(position, content.count)
        var end = content[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? content.count
        if limit >= 0 { end = min(end, start + limit) }
        position = max(position, end)
        return Array(content[start..<end])
    }

    override func write(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) {
        if bytes.isEmpty { return }
        if position > content.count { content.append(contentsOf: repeatElement(0, count: position - content.count)) }
        let overlap = min(bytes.count, content.count - position)
        content.replaceSubrange(position..<(position + overlap), with: bytes)
        position += bytes.count
    }

    override func seek(_ vm: VM, _ offset: Int, _ whence: Int) throws(PythonError) -> Int {
        switch whence {
        case 0:
            if offset < 0 { throw vm.valueError("negative seek value \(offset)") }
            position = offset
        case 1: position = max(0, position.addingReportingOverflow(offset).partialValue)
        case 2: position = max(0, content.count.addingReportingOverflow(offset).partialValue)
        default: throw vm.valueError("invalid whence (\(whence), should be 0, 1 or 2)")
        }
        // Padding up to here would have to exist in memory.
        if position > 1 << 40 { throw vm.overflowError("new position too large") }
        return position
    }

    override func tell(_ vm: VM) throws(PythonError) -> Int { position }

    override func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int {
        let size = size ?? position
        if size < 0 { throw vm.valueError("negative size value \(size)") }
        if size < content.count { content.removeSubrange(size...) }
        return size
    }
}

/// Bytes behind an object of the program's own that has `read`, `write` and the rest.
final class ObjectBytes: ByteStream, ReferenceHolder {
    private(set) var object: Reference?

    init(_ object: Value, _ vm: VM) { self.object = Reference(object, vm.heap) }

    func visitReferences(_ visit: (Value) -> Void) { if let object { visit(object.value) } }
    func dropReferences() { object = nil }

    private var value: Value { object?.value ?? .none }

    private func ask(_ vm: VM, _ name: String) throws(PythonError) -> Bool {
        let answer = try vm.callMethod(value, name)
        defer { vm.heap.release(answer) }
        return try vm.isTrue(answer)
    }

    override var isReadable: Bool { true }
    override var isWritable: Bool { true }
    override func isSeekable(_ vm: VM) throws(PythonError) -> Bool { try ask(vm, "seekable") }

    private func bytes(_ vm: VM, _ result: Value) throws(PythonError) -> [UInt8] {
        defer { vm.heap.release(result) }
        let plain = vm.payload(result)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw vm.typeError("underlying read() should have returned a bytes-like object, not '\(vm.typeName(result))'")
        }
        return Array(vm.byteBuffer(plain))
    }

    override func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] {
        guard let count else { return try bytes(vm, vm.callMethod(value, "read")) }
        var result: [UInt8] = []
        while result.count < count {
            let next = try bytes(vm, vm.callMethod(value, "read", .int(count - result.count)))
            if next.isEmpty { break }
            result += next
        }
        return result
    }

    override func readChunk(_ vm: VM, _ count: Int) throws(PythonError) -> [UInt8] {
        let hasRead1 = try vm.attributeOrNil(value, vm.intern("read1"))
        if let hasRead1 { vm.heap.release(hasRead1) }
        return try bytes(vm, vm.callMethod(value, hasRead1 == nil ? "read" : "read1", .int(count)))
    }

    override func write(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) {
        let content = vm.bytes(bytes)
        defer { vm.heap.release(content) }
        vm.heap.release(try vm.callMethod(value, "write", content))
    }

    override func flush(_ vm: VM) throws(PythonError) { vm.heap.release(try vm.callMethod(value, "flush")) }

    private func number(_ vm: VM, _ result: Value) throws(PythonError) -> Int {
        defer { vm.heap.release(result) }
        return try vm.index(result)
    }

    override func seek(_ vm: VM, _ offset: Int, _ whence: Int) throws(PythonError) -> Int {
        try number(vm, vm.callMethod(value, "seek", .int(offset), .int(whence)))
    }

    override func tell(_ vm: VM) throws(PythonError) -> Int { try number(vm, vm.callMethod(value, "tell")) }

    override func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int {
        try number(vm, vm.callMethod(value, "truncate", size.map { .int($0) } ?? .none))
    }

    override func close(_ vm: VM) throws(PythonError) {
        isClosed = true
        vm.heap.release(try vm.callMethod(value, "close"))
    }
}
