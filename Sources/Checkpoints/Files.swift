import Glibc

/// Whole-file reading and atomic writing.
enum Files {
    static func read(_ path: String) throws(CheckpointError) -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            let code = errno
            if code == ENOENT { throw CheckpointError(.notFound, "", "[Errno 2] No such file or directory: '\(path)'") }
            throw CheckpointError(.os, path, String(cString: strerror(code)))
        }
        defer { fclose(file) }
        var status = stat()
        guard fstat(fileno(file), &status) == 0 else { throw CheckpointError(.os, path, String(cString: strerror(errno))) }
        if status.st_mode & S_IFMT == S_IFDIR { throw CheckpointError(.os, "", "[Errno 21] Is a directory: '\(path)'") }
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in count = size == 0 ? 0 : fread(buffer.baseAddress!, 1, size, file) }
        guard bytes.count == size else { throw CheckpointError(.os, path, "could be read only in part (\(bytes.count) of \(size) bytes)") }
        return bytes
    }

    /// Writes beside the target and renames, so that a failure leaves no half file.
    static func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
        let temporary = path + ".partial"
        guard let file = fopen(temporary, "wb") else {
            if errno == ENOENT { throw CheckpointError(.runtime, "", "Parent directory of \(path) does not exist.") }
            throw CheckpointError(.os, path, String(cString: strerror(errno)))
        }
        let written = bytes.withUnsafeBytes { $0.isEmpty ? 0 : fwrite($0.baseAddress!, 1, $0.count, file) }
        let closed = fclose(file) == 0
        guard written == bytes.count, closed, rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw CheckpointError(.os, path, reason)
        }
    }
}

extension Array where Element == UInt8 {
    /// A little-endian number; the caller has checked the bounds.
    func little(_ at: Int, _ bytes: Int) -> UInt64 {
        var value: UInt64 = 0
        for i in 0..<bytes { value |= UInt64(self[at + i]) << UInt64(8 * i) }
        return value
    }

    mutating func appendLittle(_ value: UInt64, _ bytes: Int) { for i in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> UInt64(8 * i))) } }
}
