import Notebooks

/// What a page's policy names its scripts by.
enum PageDigest {
    /// Base 64 of the SHA-256 of a text.
    static func base64(_ text: String) -> String {
        var hasher = TextHasher()
        hasher.add(text)
        let hex = Array(hasher.hex(digits: 64).utf8)
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(decoding: hex[$0..<$0 + 2], as: UTF8.self), radix: 16) }
        return Base64.encode(bytes)
    }
}
