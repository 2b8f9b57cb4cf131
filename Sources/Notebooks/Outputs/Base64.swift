/// RFC 4648 base 64, as data URIs and Jupyter notebooks hold images.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// With `lineLength`, a `\n` follows each full line and the end, as Python's `encodebytes` writes it.
    package static func encode(_ bytes: [UInt8], lineLength: Int? = nil) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 4 / 3 + 8)
        var column = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).reduce(0) { $0 << 8 | (start + $1 < bytes.count ? Int(bytes[start + $1]) : 0) }
            let used = min(3, bytes.count - start)
            for place in 0..<4 {
                text.append(place <= used ? alphabet[group >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
            column += 4
            if let lineLength, column >= lineLength {
                text.append(0x0A)
                column = 0
            }
        }
        if lineLength != nil, column > 0 { text.append(0x0A) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil when the text is no base 64; blanks and line ends are skipped.
    package static func decode(_ text: String) -> [UInt8]? {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        var bytes: [UInt8] = []
        var group = 0
        var count = 0
        var padding = 0
        for letter in text.utf8 where letter > 0x20 {
            if letter == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let value = values[Int(letter)]
            guard value < 64, padding == 0 else { return nil }
            group = group << 6 | Int(value)
            count += 1
            if count % 4 == 0 {
                bytes += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
                group = 0
            }
        }
        switch count % 4 {
        case 2: bytes.append(UInt8(group >> 4 & 255))
        case 3: bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        case 1: return nil
        default: break
        }
        return padding <= 2 ? bytes : nil
    }
}
