import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// An open file of the operating system, buffered unless `bufferSize` is 0.
///
/// Invariant: at most one of the two buffers is in use; with bytes in `readBuffer` the descriptor stands behind them.
final class FileBytes: ByteStream {
    private let file: Int32
    private let closesDescriptor: Bool
    private let canRead: Bool
    private let canWrite: Bool
    let bufferSize: Int
    private var readBuffer: [UInt8] = []
    private var readPosition = 0
    private var writeBuffer: [UInt8] = []
    /// Answers Ctrl-C while waiting: pipes and terminals may keep a read waiting for good.
    private let waits: Bool

    init(_ descriptor: Int32, reads: Bool, writes: Bool, bufferSize: Int, closesDescriptor: Bool) {
        file = descriptor
        canRead = reads
        canWrite = writes
        self.bufferSize = bufferSize
        self.closesDescriptor = closesDescriptor
        var information = stat()
        waits = fstat(descriptor, &information) != 0 || information.st_mode & S_IFMT != S_IFREG
    }

    deinit {
        if isClosed { return }
        _ = writeOut()
        if closesDescriptor { Glibc.close(file) }
    }

    override var isReadable: Bool { canRead }
    override var isWritable: Bool { canWrite }
    override var descriptor: Int32? { file }
    override func isSeekable(_ vm: VM) throws(PythonError) -> Bool { lseek(file, 0, SEEK_CUR) >= 0 }

    // MARK: reading

    private func receive(_ vm: VM, _ count: Int) throws(PythonError) -> [UInt8] {
        if waits { vm.output.flush() }
        while true {
            if waits { try wait(vm) }
            var failed: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
                let received = Glibc.read(file, buffer.baseAddress, count)
                if received < 0 { failed = errno }
                used = max(0, received)
            }
            if failed == 0 { return bytes }
            if failed != EINTR { throw vm.osError(failed) }
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
        }
    }

    private func wait(_ vm: VM) throws(PythonError) {
        while true {
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            var request = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 40) != 0 { return }
        }
    }

    override func read(_ vm: VM, _ count: Int?) throws(PythonError) -> [UInt8] {
        try flushWrites(vm)
        var result: [UInt8]
        if readPosition == 0, count.map({ $0 >= readBuffer.count }) ?? true {
            result = readBuffer
            readBuffer = []
        } else {
            let end = min(readBuffer.count, count.map { readPosition + min($0, readBuffer.count) } ?? readBuffer.count)
            result = Array(readBuffer[readPosition..<end])
            readPosition = end
            if readPosition == readBuffer.count { dropReadBuffer() }
        }
        guard let count else {
            var chunk = max(1 << 16, remaining() + 1)
            while true {
                let next = try receive(vm, chunk)
                if next.isEmpty { return result }
                if result.isEmpty { result = next } else { result += next }
                chunk = 1 << 16
            }
        }
        while result.count < count {
            let missing = count - result.count
            let next = try receive(vm, bufferSize == 0 ? missing : min(max(missing, bufferSize), 1 << 24))
            if next.isEmpty { break }
            if next.count > missing {
                result += next[..<missing]
                readBuffer = next
                readPosition = missing
            } else {
                result += next
            }
            if bufferSize == 0 { break }
        }
        return result
    }

    /// Bytes between here and the end of a regular file, as a hint.
    private func remaining() -> Int {
        var information = stat()
        guard !waits, fstat(file, &information) == 0 else { return 0 }
        return min(max(0, Int(information.st_size) - lseek(file, 0, SEEK_CUR)), 1 << 32)
    }

    override func readChunk(_ vm: VM, _ count: Int) throws(PythonError) -> [UInt8] {
        if readPosition < readBuffer.count { return try read(vm, min(count, readBuffer.count - readPosition)) }
        try flushWrites(vm)
        return try receive(vm, count)
    }

    override func readLine(_ vm: VM, _ limit: Int) throws(PythonError) -> [UInt8] {
        if bufferSize == 0 { return try super.readLine(vm, limit) }
        try flushWrites(vm)
        var line: [UInt8] = []
        while limit < 0 || line.count < limit {
            if readPosition == readBuffer.count {
                readBuffer = try receive(vm, bufferSize)
                readPosition = 0
                if readBuffer.isEmpty { break }
            }
            var end = readBuffer[readPosition...].firstIndex(of: 0x0A).map { $0 + 1 } ?? readBuffer.count
            if limit >= 0 { end = min(end, readPosition + limit - line.count) }
            line += readBuffer[readPosition..<end]
            readPosition = end
            if line.last == 0x0A { break }
        }
        return line
    }

    /// The bytes already read ahead; reads ahead when there are none.
    func peek(_ vm: VM) throws(PythonError) -> [UInt8] {
        if readPosition == readBuffer.count {
            try flushWrites(vm)
            readBuffer = try receive(vm, max(bufferSize, 1))
            readPosition = 0
        }
        return Array(readBuffer[readPosition...])
    }

    private func dropReadBuffer() {
        readBuffer = []
        readPosition = 0
    }

    /// Puts the descriptor back to where the program believes it to be.
    private func rewind() {
        if readPosition < readBuffer.count { lseek(file, readPosition - readBuffer.count, SEEK_CUR) }
        dropReadBuffer()
    }

    // MARK: writing

    override func write(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) {
        rewind()
        writeBuffer.append(contentsOf: bytes)
        if writeBuffer.count >= max(bufferSize, 1) { try flushWrites(vm) }
    }

    /// Writes the buffer out; the error number, 0 when all went well.
    private func writeOut() -> Int32 {
        var offset = 0
        while offset < writeBuffer.count {
            let written = writeBuffer.withUnsafeBytes { Glibc.write(file, $0.baseAddress.unsafelyUnwrapped + offset, $0.count - offset) }
            if written < 0 {
                if errno == EINTR { continue }
                let code = errno
                writeBuffer.removeSubrange(..<offset)
                return code
            }
            offset += written
        }
        writeBuffer.removeAll(keepingCapacity: true)
        return 0
    }

    private func flushWrites(_ vm: VM) throws(PythonError) {
        if writeBuffer.isEmpty { return }
        let code = writeOut()
        if code != 0 { throw vm.osError(code) }
    }

    override func flush(_ vm: VM) throws(PythonError) { try flushWrites(vm) }

    /// At the end of a program: writes out what is left; nobody is there to hear of errors.
    func flushAtEnd() { if !isClosed { _ = writeOut() } }

    // MARK: position

    override func seek(_ vm: VM, _ offset: Int, _ whence: Int) throws(PythonError) -> Int {
        try flushWrites(vm)
        rewind()
        let place = lseek(file, offset, Int32(truncatingIfNeeded: whence))
        if place < 0 { throw vm.osError(errno) }
        return place
    }

    override func tell(_ vm: VM) throws(PythonError) -> Int {
        let place = lseek(file, 0, SEEK_CUR)
        if place < 0 { throw vm.osError(errno) }
        return place - (readBuffer.count - readPosition) + writeBuffer.count
    }

    override func truncate(_ vm: VM, _ size: Int?) throws(PythonError) -> Int {
        try flushWrites(vm)
        let place: Int
        if let size { place = size } else { place = try tell(vm) }
        if ftruncate(file, place) != 0 { throw vm.osError(errno) }
        return place
    }

    override func close(_ vm: VM) throws(PythonError) {
        if isClosed { return }
        isClosed = true
        let code = writeOut()
        writeBuffer = []
        let closed = closesDescriptor ? Glibc.close(file) : 0
        if code != 0 { throw vm.osError(code) }
        if closed != 0 { throw vm.osError(errno) }
    }
}

/// The program's standard output or error, written through the machine's output.
final class OutputBytes: ByteStream {
    private let toError: Bool

    init(toError: Bool) { self.toError = toError }

    override var isWritable: Bool { true }
    override var descriptor: Int32? { toError ? 2 : 1 }

    override func write(_ vm: VM, _ bytes: UnsafeBufferPointer<UInt8>) throws(PythonError) { vm.output.write(bytes, toError: toError) }
    override func flush(_ vm: VM) throws(PythonError) { if !toError { vm.output.flush() } }

    override func close(_ vm: VM) throws(PythonError) {
        try flush(vm)
        isClosed = true
    }
}
