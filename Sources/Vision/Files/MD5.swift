import CNettle

/// The MD5 digest as 32 hexadecimal digits, fed in pieces.
package struct MD5 {
    private var state = md5_ctx()

    package init() { nettle_md5_init(&state) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        nettle_md5_update(&state, bytes.count, start.assumingMemoryBound(to: UInt8.self))
    }

    package mutating func hexDigest() -> String {
        var digest = [UInt8](repeating: 0, count: 16)
        nettle_md5_digest(&state, 16, &digest)
        let digits = Array("0123456789abcdef")
        return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

extension Image {
    /// All pixels, rows from the top.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: pixels, count: byteCount) }
}
