import CZlib
import Glibc

/// The bytes of a whole file in memory.
package final class FileContent: @unchecked Sendable {
    package let path: String
    package let bytes: UnsafeRawBufferPointer
    private let memory: UnsafeMutableRawPointer
    /// Bytes that were mapped for the content; none of a small one, which the C library gave.
    private let mapped: Int

    /// From this size on memory is mapped: the C library would keep what it gave for one large file after the other.
    private static let largeFile = 1 << 20

    /// Reads `path`; errors carry Python's class and text.
    package init(_ path: String) throws(VisionError) {
        self.path = path
        guard let file = fopen(path, "rb") else { throw FileContent.failure(path) }
        defer { fclose(file) }
        var status = stat()
        guard fstat(fileno(file), &status) == 0 else { throw FileContent.failure(path) }
        if status.st_mode & S_IFMT == S_IFDIR { throw .os("[Errno 21] Is a directory: '\(path)'") }
        let size = Int(status.st_size)
        mapped = size >= FileContent.largeFile ? size : 0
        let found = mapped > 0 ? mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) : malloc(max(size, 1))
        guard let memory = found, memory != MAP_FAILED else { throw VisionError(.memory, "no memory for the \(size) bytes of \(path)") }
        guard fread(memory, 1, size, file) == size else {
            FileContent.release(memory, mapped)
            throw .os("\(path) could be read only in part")
        }
        self.memory = memory
        bytes = UnsafeRawBufferPointer(start: memory, count: size)
    }

    private init(path: String, memory: UnsafeMutableRawPointer, count: Int) {
        self.path = path
        self.memory = memory
        mapped = 0
        bytes = UnsafeRawBufferPointer(start: memory, count: count)
    }

    deinit { FileContent.release(memory, mapped) }

    private static func release(_ memory: UnsafeMutableRawPointer, _ mapped: Int) {
        if mapped > 0 { munmap(memory, mapped) } else { free(memory) }
    }

    private static func failure(_ path: String) -> VisionError {
        let code = errno
        return VisionError(code == ENOENT ? .missingFile : .os, "[Errno \(code)] \(String(cString: strerror(code))): '\(path)'")
    }

    /// The content of a gzip file (or of a plain one), unpacked to at most `limit` bytes.
    package static func unpacked(_ path: String, limit: Int = 1 << 31) throws(VisionError) -> FileContent {
        guard access(path, R_OK) == 0 else { throw failure(path) }
        guard let file = gzopen(path, "rb") else { throw failure(path) }
        defer { gzclose(file) }
        var (capacity, count) = (1 << 20, 0)
        guard var memory = malloc(capacity) else { throw VisionError(.memory, "no memory to unpack \(path)") }
        while true {
            let got = Int(gzread(file, memory + count, UInt32(min(capacity - count, 1 << 30))))
            if got < 0 {
                free(memory)
                throw .os("\(path) is damaged: not a readable gzip file")
            }
            count += got
            if got == 0 { break }
            if count < capacity { continue }
            guard count < limit, let larger = realloc(memory, capacity * 2) else {
                free(memory)
                throw .value("\(path) unpacks to more than \(limit) bytes")
            }
            memory = larger
            capacity *= 2
        }
        var code: Int32 = 0
        _ = gzerror(file, &code)
        guard code == Z_OK || code == Z_STREAM_END else {
            free(memory)
            throw .os("\(path) is damaged: its compressed data end early")
        }
        return FileContent(path: path, memory: memory, count: count)
    }
}

extension MD5 {
    /// The digest of a file, read in pieces.
    package static func ofFile(_ path: String) throws(VisionError) -> String {
        guard let file = fopen(path, "rb") else {
            let code = errno
            throw VisionError(code == ENOENT ? .missingFile : .os, "[Errno \(code)] \(String(cString: strerror(code))): '\(path)'")
        }
        defer { fclose(file) }
        var digest = MD5()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = fread(buffer.baseAddress, 1, buffer.count, file)
            if count == 0 { break }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        guard ferror(file) == 0 else { throw .os("\(path) could be read only in part") }
        return digest.hexDigest()
    }
}
