#if canImport(Glibc)
    import Glibc
#endif

/// Cells of all sessions in one append-only file, one line a cell: seconds since 1970, a tab, the cell with `\n` and `\\` escaped.
///
/// Sessions share it: each entry is one write under a lock. A line cut short by a crash or a full disk is skipped when reading.
package struct HistoryFile: Sendable {
    package let path: String
    /// Entries kept when the file is read; one twice as long is rewritten.
    package static let limit = 10_000

    /// Bytes at the file's end that are read.
    private static let largestRead: off_t = 32 << 20

    package init(path: String) { self.path = path }

    /// The cells, oldest first, without repetitions that follow each other.
    package func load() -> [String] {
        guard let text = read() else { return [] }
        var cells: [String] = []
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: true)
        // A last line without an end was cut short.
        let whole = text.last == 0x0A ? lines[...] : lines.dropLast()
        for line in whole.suffix(Self.limit) {
            if let cell = Self.decode(line), cell != cells.last { cells.append(cell) }
        }
        if whole.count > 2 * Self.limit { rewrite(whole.suffix(Self.limit)) }
        return cells
    }

    /// Adds a cell; false when it could not be written (full disk, no folder). A cell that begins with a blank is not recorded.
    package func append(_ cell: String, seconds: Int) -> Bool {
        guard let first = cell.unicodeScalars.first, first != " " else { return true }
        makeFolder()
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        _ = flock(descriptor, LOCK_EX)
        var entry = Array("\(seconds)\t\(Self.escape(cell))\n".utf8)
        if needsLineEnd(descriptor) { entry.insert(0x0A, at: 0) }
        let size = lseek(descriptor, 0, SEEK_END)
        let count = entry.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        // Part of an entry would be read as another cell once a line end follows it.
        if count > 0, count < entry.count, size >= 0 { _ = ftruncate(descriptor, size) }
        return count == entry.count
    }

    // MARK: Text

    static func escape(_ cell: String) -> String {
        var result = ""
        for character in cell.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static func decode(_ line: ArraySlice<UInt8>) -> String? {
        guard let tab = line.firstIndex(of: 0x09), line[..<tab].allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in line[(tab + 1)...] {
            if isEscaped {
                bytes.append(byte == UInt8(ascii: "n") ? 0x0A : byte == UInt8(ascii: "r") ? 0x0D : byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return bytes.isEmpty ? nil : String(validating: bytes, as: UTF8.self)
    }

    // MARK: Files

    private func read() -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        // What is no file may have no end.
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        if status.st_size > Self.largestRead { lseek(descriptor, -Int(Self.largestRead), SEEK_END) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    private func needsLineEnd(_ descriptor: Int32) -> Bool {
        let size = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != 0x0A
    }

    /// Keeps the newest entries. Another session that appends meanwhile holds the lock or waits for it on the old file: it may lose
    /// that one entry, never the file.
    private func rewrite(_ lines: ArraySlice<ArraySlice<UInt8>>) {
        let temporary = "\(path).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let bytes = Array(lines.joined(separator: [0x0A])) + [0x0A]
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        let isSafe = count == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        if !isSafe || rename(temporary, path) != 0 { unlink(temporary) }
    }

    private func makeFolder() {
        var folder = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += part + "/"
            if folder != "/" { mkdir(folder, 0o700) }
        }
    }
}
