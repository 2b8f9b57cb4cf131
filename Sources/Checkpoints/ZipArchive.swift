import CZlib

/// The zip container of checkpoints and `.npz` files: stored and deflated entries, Zip64 sizes when reading.
///
/// Every offset and size is checked against the file before it is used; checksums are verified; a deflated entry may not claim more
/// than deflate can expand to.
package struct ZipArchive {
    package struct Entry {
        package var name: String
        var offset: Int
        var compressed: Int
        var size: Int
        var checksum: UInt32
        var deflated: Bool
    }

    private let file: String
    private let bytes: [UInt8]
    package let entries: [Entry]
    private let index: [String: Int]

    package init(_ bytes: [UInt8], file: String) throws(CheckpointError) {
        self.bytes = bytes
        self.file = file
        func failed(_ reason: String) -> CheckpointError { CheckpointError(.runtime, file, "failed reading zip archive: \(reason)") }
        guard bytes.count >= 22 else { throw failed("failed finding central directory (the file has \(bytes.count) bytes)") }
        var end = bytes.count - 22
        let lowest = max(0, bytes.count - 22 - 65_535)
        while end >= lowest && bytes.little(end, 4) != 0x0605_4B50 { end -= 1 }
        guard end >= lowest else { throw failed("failed finding central directory: the file is truncated or not a zip archive") }
        var count = Int(bytes.little(end + 10, 2))
        var start = Int(bytes.little(end + 16, 4))
        if end >= 20, bytes.little(end - 20, 4) == 0x0706_4B50 {
            let record = bytes.little(end - 12, 8)
            if record <= UInt64(bytes.count - 56), bytes.little(Int(record), 4) == 0x0606_4B50 {
                let wideCount = bytes.little(Int(record) + 32, 8)
                let wideStart = bytes.little(Int(record) + 48, 8)
                guard wideCount <= UInt64(bytes.count), wideStart <= UInt64(bytes.count) else { throw failed("invalid Zip64 directory") }
                (count, start) = (Int(wideCount), Int(wideStart))
            }
        }
        var list: [Entry] = []
        var at = start
        for _ in 0..<count {
            guard at >= 0, at + 46 <= end, bytes.little(at, 4) == 0x0201_4B50 else { throw failed("invalid central directory entry") }
            let method = bytes.little(at + 10, 2)
            var entry = Entry(
                name: "", offset: Int(bytes.little(at + 42, 4)), compressed: Int(bytes.little(at + 20, 4)), size: Int(bytes.little(at + 24, 4)),
                checksum: UInt32(bytes.little(at + 16, 4)), deflated: method == 8)
            guard method == 0 || method == 8 else { throw failed("unsupported compression method \(method)") }
            guard bytes.little(at + 8, 2) & 1 == 0 else { throw failed("encrypted entries are not supported") }
            let (nameLength, extraLength, commentLength) = (
                Int(bytes.little(at + 28, 2)), Int(bytes.little(at + 30, 2)), Int(bytes.little(at + 32, 2))
            )
            guard at + 46 + nameLength + extraLength + commentLength <= end else { throw failed("invalid central directory entry") }
            entry.name = String(decoding: bytes[(at + 46)..<(at + 46 + nameLength)], as: UTF8.self)
            try ZipArchive.widen(&entry, bytes, at + 46 + nameLength, extraLength, failed)
            list.append(entry)
            at += 46 + nameLength + extraLength + commentLength
        }
        entries = list
        var index: [String: Int] = [:]
        for (i, entry) in list.enumerated() {
            guard index.updateValue(i, forKey: entry.name) == nil else { throw failed("duplicate entry '\(entry.name)'") }
        }
        self.index = index
    }

    /// Takes sizes that do not fit 32 bits from the Zip64 extra field.
    private static func widen(_ entry: inout Entry, _ bytes: [UInt8], _ start: Int, _ length: Int, _ failed: (String) -> CheckpointError)
        throws(CheckpointError)
    {
        var at = start
        while at + 4 <= start + length {
            let (id, size) = (bytes.little(at, 2), Int(bytes.little(at + 2, 2)))
            if id == 1 {
                var field = at + 4
                func next() -> Int? {
                    guard field + 8 <= at + 4 + size, field + 8 <= bytes.count else { return nil }
                    let value = bytes.little(field, 8)
                    field += 8
                    return value <= UInt64(Int.max) ? Int(value) : nil
                }
                for path in [\Entry.size, \Entry.compressed, \Entry.offset] where entry[keyPath: path] == 0xFFFF_FFFF {
                    guard let value = next() else { throw failed("invalid Zip64 entry") }
                    entry[keyPath: path] = value
                }
            }
            at += 4 + size
        }
    }

    package func entry(named name: String) -> Entry? { index[name].map { entries[$0] } }

    /// The entry's contents, verified.
    package func read(_ entry: Entry) throws(CheckpointError) -> [UInt8] {
        func failed(_ reason: String) -> CheckpointError { CheckpointError(.runtime, file, "failed reading '\(entry.name)': \(reason)") }
        guard entry.offset <= bytes.count - 30, bytes.little(entry.offset, 4) == 0x0403_4B50 else { throw failed("invalid local header") }
        let data = entry.offset + 30 + Int(bytes.little(entry.offset + 26, 2)) + Int(bytes.little(entry.offset + 28, 2))
        let (end, overflow) = data.addingReportingOverflow(entry.compressed)
        guard !overflow, end <= bytes.count else { throw failed("its data lie outside the file") }
        let content: [UInt8]
        if entry.deflated {
            // Deflate expands at most 1032 times: a larger claim is an attack or damage.
            guard entry.size / 1040 <= entry.compressed else { throw failed("it claims to expand \(entry.compressed) bytes to \(entry.size)") }
            guard let inflated = ZipArchive.inflate(bytes[data..<end], entry.size) else { throw failed("its compressed data are damaged") }
            content = inflated
        } else {
            guard entry.size == entry.compressed else { throw failed("its sizes disagree") }
            content = Array(bytes[data..<end])
        }
        guard ZipArchive.checksum(content) == entry.checksum else { throw failed("its checksum is wrong: the file is damaged") }
        return content
    }

    private static func inflate(_ data: ArraySlice<UInt8>, _ size: Int) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = Array(data)
        var output = [UInt8](repeating: 0, count: max(size, 1))
        guard input.count < 1 << 31, output.count < 1 << 31 else { return nil }
        let status = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, Int(stream.total_out) == size else { return nil }
        if size == 0 { output = [] }
        return output
    }

    static func checksum(_ content: [UInt8]) -> UInt32 {
        var sum = crc32(0, nil, 0)
        content.withUnsafeBufferPointer { buffer in
            var at = 0
            while at < buffer.count {
                let n = min(1 << 30, buffer.count - at)
                sum = crc32(sum, buffer.baseAddress! + at, UInt32(n))
                at += n
            }
        }
        return UInt32(truncatingIfNeeded: sum)
    }

    /// A zip file of stored entries whose data start at multiples of 64 bytes, as PyTorch writes them.
    package static func write(_ files: [(name: String, content: [UInt8])], file: String, aligned: Bool = true) throws(CheckpointError) -> [UInt8] {
        var result: [UInt8] = []
        var directory: [UInt8] = []
        result.reserveCapacity(files.reduce(0) { $0 + $1.content.count + 256 })
        for (name, content) in files {
            guard content.count < 0xFFFF_FFFF, result.count < 0xFFFF_FFFF else {
                throw CheckpointError(.runtime, file, "files of 4 GiB and more are not supported")
            }
            let sum = checksum(content)
            let nameBytes = Array(name.utf8)
            let offset = result.count
            var padding = 0
            if aligned {
                let data = offset + 30 + nameBytes.count + 4
                padding = 4 + (64 - data % 64) % 64
            }
            func common(_ target: inout [UInt8], extra: Int) {
                target.appendLittle(0, 2)
                target.appendLittle(0, 2)
                target.appendLittle(0, 2)
                target.appendLittle(0x21, 2)
                target.appendLittle(UInt64(sum), 4)
                target.appendLittle(UInt64(content.count), 4)
                target.appendLittle(UInt64(content.count), 4)
                target.appendLittle(UInt64(nameBytes.count), 2)
                target.appendLittle(UInt64(extra), 2)
            }
            result.appendLittle(0x0403_4B50, 4)
            result.appendLittle(20, 2)
            common(&result, extra: padding)
            result += nameBytes
            if padding > 0 {
                result += Array("FB".utf8)
                result.appendLittle(UInt64(padding - 4), 2)
                result += [UInt8](repeating: 0x5A, count: padding - 4)
            }
            result += content
            directory.appendLittle(0x0201_4B50, 4)
            directory.appendLittle(20, 2)
            directory.appendLittle(20, 2)
            common(&directory, extra: 0)
            directory.appendLittle(0, 2)
            directory.appendLittle(0, 2)
            directory.appendLittle(0, 2)
            directory.appendLittle(0, 4)
            directory.appendLittle(UInt64(offset), 4)
            directory += nameBytes
        }
        guard result.count + directory.count < 0xFFFF_FFFF, files.count < 0xFFFF else {
            throw CheckpointError(.runtime, file, "files of 4 GiB and more are not supported")
        }
        let start = result.count
        result += directory
        result.appendLittle(0x0605_4B50, 4)
        result.appendLittle(0, 4)
        result.appendLittle(UInt64(files.count), 2)
        result.appendLittle(UInt64(files.count), 2)
        result.appendLittle(UInt64(directory.count), 4)
        result.appendLittle(UInt64(start), 4)
        result.appendLittle(0, 2)
        return result
    }
}
