/// A format of the `struct` module: what lies where.
struct StructFormat {
    struct Problem: Error {
        let message: String
    }

    struct Item {
        /// The format letter.
        let code: UInt8
        let offset: Int
        /// Bytes of one value (the whole string for `s` and `p`).
        let size: Int
        /// Values of this kind in a row.
        let count: Int
    }

    private(set) var items: [Item] = []
    private(set) var size = 0
    /// Values packed or unpacked.
    private(set) var valueCount = 0
    private(set) var isBigEndian = false
    /// Machine sizes and alignment.
    private(set) var isNative = true

    init(_ text: [UInt8]) throws(Problem) {
        var index = 0
        var isAligned = true
        if let first = text.first {
            index = 1
            switch first {
            case UInt8(ascii: "@"): break
            case UInt8(ascii: "="), UInt8(ascii: "<"): isAligned = false
            case UInt8(ascii: ">"), UInt8(ascii: "!"):
                isAligned = false
                isBigEndian = true
            default: index = 0
            }
        }
        isNative = isAligned
        while index < text.count {
            var count = 1
            if text[index] == 0x20 || (text[index] >= 9 && text[index] <= 13) {
                index += 1
                continue
            }
            if text[index] &- 0x30 < 10 {
                count = 0
                while index < text.count, text[index] &- 0x30 < 10 {
                    let (product, overflow) = count.multipliedReportingOverflow(by: 10)
                    if overflow || product > Int.max - 10 { throw Problem(message: "total struct size too long") }
                    count = product + Int(text[index] &- 0x30)
                    index += 1
                }
                if index == text.count { throw Problem(message: "repeat count given without format specifier") }
            }
            try add(text[index], count, isAligned)
            index += 1
        }
    }

    private mutating func add(_ code: UInt8, _ count: Int, _ isAligned: Bool) throws(Problem) {
        guard let one = StructFormat.size(code, isNative: isAligned) else { throw Problem(message: "bad char in struct format") }
        if isAligned { size = (size + one - 1) / one * one }
        let (total, overflow) = one.multipliedReportingOverflow(by: count)
        if overflow || total > Int.max - size { throw Problem(message: "total struct size too long") }
        switch code {
        case UInt8(ascii: "s"), UInt8(ascii: "p"):
            items.append(Item(code: code, offset: size, size: count, count: 1))
            valueCount += 1
        case UInt8(ascii: "x"): break
        default:
            if count > 0 { items.append(Item(code: code, offset: size, size: one, count: count)) }
            valueCount += count
        }
        size += total
    }

    private static func size(_ code: UInt8, isNative: Bool) -> Int? {
        switch code {
        case UInt8(ascii: "x"), UInt8(ascii: "c"), UInt8(ascii: "b"), UInt8(ascii: "B"), UInt8(ascii: "?"), UInt8(ascii: "s"), UInt8(ascii: "p"): 1
        case UInt8(ascii: "h"), UInt8(ascii: "H"), UInt8(ascii: "e"): 2
        case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "f"): 4
        case UInt8(ascii: "l"), UInt8(ascii: "L"): isNative ? 8 : 4
        case UInt8(ascii: "q"), UInt8(ascii: "Q"), UInt8(ascii: "d"): 8
        case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "P"): isNative ? 8 : nil
        default: nil
        }
    }
}
