import CZlib

/// zlib streams.
enum Deflate {
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(length))
        let status = compress2(&result, &length, bytes, uLong(bytes.count), 9)
        // The buffer has the bound's size: the only failure left is a lack of memory.
        precondition(status == Z_OK, "zlib cannot compress \(bytes.count) bytes: \(status)")
        return Array(result.prefix(Int(length)))
    }
}
