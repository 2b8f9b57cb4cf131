import Glibc

/// The real file system.
package struct PosixFileSystem: FileSystem {
    package init() {}

    private static let maximumFileBytes = 1 << 30

    package func status(_ path: String) throws(FileFailure) -> FileStatus? {
        var info = stat()
        guard stat(path, &info) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw FileFailure("look at it", path, code: errno)
        }
        return FileStatus(
            device: UInt64(info.st_dev), inode: UInt64(info.st_ino), size: Int(info.st_size), modified: info.st_mtim.tv_sec,
            modifiedNanoseconds: info.st_mtim.tv_nsec, mode: UInt32(info.st_mode) & 0o7777, isFolder: info.st_mode & S_IFMT == S_IFDIR)
    }

    package func resolve(_ path: String) throws(FileFailure) -> String {
        guard let resolved = realpath(path, nil) else { throw FileFailure("find it", path, code: errno) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    package func read(_ path: String) throws(FileFailure) -> [UInt8] {
        // Without O_NONBLOCK the open itself would wait for the writer of a pipe.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileFailure("read it", path, code: errno) }
        defer { _ = Glibc.close(descriptor) }
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw FileFailure("read it", path, code: errno) }
        guard info.st_mode & S_IFMT != S_IFDIR else { throw FileFailure("read it", path, code: EISDIR) }
        // Devices and pipes may never end.
        guard info.st_mode & S_IFMT == S_IFREG else { throw FileFailure("read it", path, code: EINVAL) }
        guard info.st_size <= Self.maximumFileBytes else { throw FileFailure("read it", path, code: EFBIG) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(info.st_size) + 1)
        var buffer = [UInt8](repeating: 0, count: max(4096, min(Int(info.st_size) + 1, 1 << 20)))
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("read it", path, code: errno)
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= Self.maximumFileBytes else { throw FileFailure("read it", path, code: EFBIG) }
        }
    }

    package func list(_ folder: String) throws(FileFailure) -> [String] {
        guard let stream = opendir(folder) else { throw FileFailure("list it", folder, code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    package func create(_ path: String, mode: UInt32) throws(FileFailure) -> OpenFile {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw FileFailure("create it", path, code: errno) }
        guard fchmod(descriptor, mode_t(mode)) == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            throw FileFailure("set its mode", path, code: code)
        }
        return OpenFile(descriptor: descriptor, path: path)
    }

    package func write(_ bytes: [UInt8], to file: OpenFile) throws(FileFailure) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(file.descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("write it", file.path, code: errno)
            }
            offset += count
        }
    }

    package func truncate(_ file: OpenFile) throws(FileFailure) {
        guard ftruncate(file.descriptor, 0) == 0, lseek(file.descriptor, 0, SEEK_SET) == 0 else {
            throw FileFailure("empty it", file.path, code: errno)
        }
    }

    package func synchronize(_ file: OpenFile) throws(FileFailure) {
        guard fdatasync(file.descriptor) == 0 else { throw FileFailure("sync it", file.path, code: errno) }
    }

    package func close(_ file: OpenFile) { _ = Glibc.close(file.descriptor) }

    package func rename(_ path: String, to target: String) throws(FileFailure) {
        guard Glibc.rename(path, target) == 0 else { throw FileFailure("replace it", target, code: errno) }
    }

    private typealias Renaming = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    /// Linux's own call, which the Glibc module does not show.
    private static let renameWithFlags = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: Renaming.self) }
    private static let exchangeFlag: UInt32 = 2

    package func exchange(_ path: String, with other: String) throws(FileFailure) -> Bool {
        guard let renameWithFlags = Self.renameWithFlags else { return false }
        if renameWithFlags(AT_FDCWD, path, AT_FDCWD, other, Self.exchangeFlag) == 0 { return true }
        guard [ENOENT, EINVAL, ENOSYS, EPERM].contains(errno) else { throw FileFailure("replace it", other, code: errno) }
        return false
    }

    package func synchronizeFolder(_ path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure("sync it", path, code: errno) }
        defer { _ = Glibc.close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL; there the rename is as durable as it gets.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileFailure("sync it", path, code: errno) }
    }

    package func remove(_ path: String) throws(FileFailure) {
        guard unlink(path) == 0 else { throw FileFailure("remove it", path, code: errno) }
    }

    package func removeFolder(_ path: String) throws(FileFailure) {
        guard rmdir(path) == 0 else { throw FileFailure("remove it", path, code: errno) }
    }

    package func makeFolder(_ path: String) throws(FileFailure) {
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileFailure("make the folder", path, code: errno) }
    }

    package func lock(_ path: String) throws(FileFailure) -> OpenFile? {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else { throw FileFailure("lock it", path, code: errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                _ = Glibc.close(descriptor)
                if code == EWOULDBLOCK { return nil }
                throw FileFailure("lock it", path, code: code)
            }
            // A holder that has just finished may have removed the file between our open and our lock: then lock the new one.
            var opened = stat()
            var named = stat()
            if fstat(descriptor, &opened) == 0, stat(path, &named) == 0, opened.st_ino == named.st_ino {
                return OpenFile(descriptor: descriptor, path: path)
            }
            _ = Glibc.close(descriptor)
        }
    }
}

/// The system's words for its error numbers.
package enum SystemError {
    package static func text(_ code: Int32) -> String { String(cString: strerror(code)) }

    package static let noSpace = ENOSPC
    package static let readOnly = EROFS
    package static let denied = EACCES
    package static let inputOutput = EIO
    package static let missing = ENOENT
}
