import Glibc

/// One file of CIFAR-10 or CIFAR-100 in its Python version: a pickled dict of bytes, lists and one array, read without running code.
package struct CIFARFile {
    /// A value of the few kinds these pickles hold.
    indirect enum Item {
        case none
        case integer(Int)
        case bytes(Range<Int>)
        case list([Item])
        case dictionary([(key: String, value: Item)])
        /// A tuple, class name or array whose parts nobody asks for.
        case opaque([Item])
        case mark
    }

    package let content: FileContent
    private let entries: [(key: String, value: Item)]

    package init(_ path: String) throws(VisionError) {
        content = try FileContent(path)
        var reader = CIFARPickle(content)
        guard case .dictionary(let entries) = try reader.load() else { throw .value("\(path) is no CIFAR file: its pickle holds no dict") }
        self.entries = entries
    }

    private func item(_ key: String) throws(VisionError) -> Item {
        guard let entry = entries.last(where: { $0.key == key }) else { throw .value("\(content.path) is no CIFAR file: it has no '\(key)'") }
        return entry.value
    }

    package func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

    package func integers(_ key: String) throws(VisionError) -> [Int] {
        guard case .list(let items) = try item(key) else { throw .value("\(content.path): '\(key)' is no list") }
        var result: [Int] = []
        for item in items {
            guard case .integer(let value) = item else { throw .value("\(content.path): '\(key)' holds something that is no integer") }
            result.append(value)
        }
        return result
    }

    package func strings(_ key: String) throws(VisionError) -> [String] {
        guard case .list(let items) = try item(key) else { throw .value("\(content.path): '\(key)' is no list") }
        var result: [String] = []
        for item in items {
            guard case .bytes(let range) = item else { throw .value("\(content.path): '\(key)' holds something that is no string") }
            result.append(String(decoding: content.bytes[range], as: UTF8.self))
        }
        return result
    }

    /// Number of images, each 3072 bytes: a red, a green and a blue plane of 32×32.
    package var imageCount: Int {
        get throws(VisionError) { try pixelRange().count / 3072 }
    }

    private func pixelRange() throws(VisionError) -> Range<Int> {
        // ndarray.__reduce__'s state ends with the raw bytes: the longest string inside.
        func longest(_ item: Item) -> Range<Int>? {
            switch item {
            case .bytes(let range): range
            case .opaque(let parts): parts.compactMap(longest).max { $0.count < $1.count }
            case .none, .integer, .list, .dictionary, .mark: nil
            }
        }
        guard let range = longest(try item("data")), range.count % 3072 == 0 else {
            throw .value("\(content.path): 'data' is no array of 32x32 images")
        }
        return range
    }

    /// Writes all images with interleaved bands: `[imageCount, 32, 32, 3]`.
    package func copyInterleaved(to output: UnsafeMutablePointer<UInt8>) throws(VisionError) {
        let range = try pixelRange()
        guard let start = content.bytes.baseAddress else { return }
        let input = (start + range.lowerBound).assumingMemoryBound(to: UInt8.self)
        for image in 0..<range.count / 3072 {
            let (planes, pixels) = (input + image * 3072, output + image * 3072)
            for i in 0..<1024 {
                pixels[i * 3] = planes[i]
                pixels[i * 3 + 1] = planes[i + 1024]
                pixels[i * 3 + 2] = planes[i + 2048]
            }
        }
    }
}

/// The stack machine for the opcodes CIFAR's pickles use; calls build nothing, they only keep their arguments.
struct CIFARPickle {
    private let content: FileContent
    private var at = 0
    private var stack: [CIFARFile.Item] = []
    private var memo: [Int: CIFARFile.Item] = [:]

    init(_ content: FileContent) { self.content = content }

    private func failed(_ reason: String) -> VisionError { .value("\(content.path) is no CIFAR file: \(reason)") }

    private mutating func take(_ count: Int) throws(VisionError) -> Range<Int> {
        guard count >= 0, count <= content.bytes.count - at else { throw failed("its pickle ends early") }
        defer { at += count }
        return at..<at + count
    }

    private mutating func number(_ bytes: Int) throws(VisionError) -> Int {
        var value = 0
        for (shift, position) in try take(bytes).enumerated() { value |= Int(content.bytes[position]) << (8 * shift) }
        return value
    }

    private mutating func pop() throws(VisionError) -> CIFARFile.Item {
        guard let item = stack.popLast() else { throw failed("its pickle takes from an empty stack") }
        return item
    }

    private mutating func popToMark() throws(VisionError) -> [CIFARFile.Item] {
        guard let mark = stack.lastIndex(where: { if case .mark = $0 { true } else { false } }) else { throw failed("its pickle lacks a mark") }
        let items = Array(stack[(mark + 1)...])
        stack.removeSubrange(mark...)
        return items
    }

    private mutating func skipLine() throws(VisionError) {
        while try number(1) != 10 {}
    }

    mutating func load() throws(VisionError) -> CIFARFile.Item {
        while true {
            let opcode = UInt8(try number(1))
            if opcode == UInt8(ascii: ".") { return try pop() }
            try execute(opcode)
        }
    }

    private mutating func execute(_ opcode: UInt8) throws(VisionError) {
        switch opcode {
        case 0x80: _ = try take(1)
        case UInt8(ascii: "("): stack.append(.mark)
        case UInt8(ascii: "}"): stack.append(.dictionary([]))
        case UInt8(ascii: "]"): stack.append(.list([]))
        case UInt8(ascii: ")"): stack.append(.opaque([]))
        case UInt8(ascii: "N"), 0x88, 0x89: stack.append(.none)
        case UInt8(ascii: "K"): stack.append(.integer(try number(1)))
        case UInt8(ascii: "M"): stack.append(.integer(try number(2)))
        case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
        case UInt8(ascii: "U"), UInt8(ascii: "C"): stack.append(.bytes(try take(try number(1))))
        case UInt8(ascii: "T"), UInt8(ascii: "X"), UInt8(ascii: "B"): stack.append(.bytes(try take(try number(4))))
        case UInt8(ascii: "c"):
            try skipLine()
            try skipLine()
            stack.append(.opaque([]))
        default: try executeStructure(opcode)
        }
    }

    private mutating func executeStructure(_ opcode: UInt8) throws(VisionError) {
        switch opcode {
        case UInt8(ascii: "t"): stack.append(.opaque(try popToMark()))
        case 0x85, 0x86, 0x87:
            var parts: [CIFARFile.Item] = []
            for _ in 0..<Int(opcode) - 0x84 { parts.insert(try pop(), at: 0) }
            stack.append(.opaque(parts))
        case UInt8(ascii: "R"), UInt8(ascii: "b"):
            let argument = try pop()
            stack.append(.opaque([try pop(), argument]))
        case UInt8(ascii: "a"): try append([try pop()])
        case UInt8(ascii: "e"): try append(try popToMark())
        case UInt8(ascii: "s"):
            let value = try pop()
            try insert([try pop(), value])
        case UInt8(ascii: "u"): try insert(try popToMark())
        case UInt8(ascii: "q"), UInt8(ascii: "r"):
            let index = try number(opcode == UInt8(ascii: "q") ? 1 : 4)
            guard let top = stack.last else { throw failed("its pickle remembers nothing") }
            // Lists grow after they are remembered, and nobody recalls them: only small values are worth keeping.
            if case .list = top { return }
            memo[index] = top
        case UInt8(ascii: "h"), UInt8(ascii: "j"):
            guard let item = memo[try number(opcode == UInt8(ascii: "h") ? 1 : 4)] else { throw failed("its pickle recalls an unknown value") }
            stack.append(item)
        default: throw failed("its pickle uses the operation \(opcode)")
        }
    }

    private mutating func append(_ items: [CIFARFile.Item]) throws(VisionError) {
        guard case .list(var list)? = stack.popLast() else { throw failed("its pickle appends to something that is no list") }
        list += items
        stack.append(.list(list))
    }

    private mutating func insert(_ items: [CIFARFile.Item]) throws(VisionError) {
        guard case .dictionary(var entries)? = stack.popLast(), items.count % 2 == 0 else {
            throw failed("its pickle fills something that is no dict")
        }
        for i in stride(from: 0, to: items.count, by: 2) {
            guard case .bytes(let range) = items[i] else { throw failed("a key is no string") }
            entries.append((String(decoding: content.bytes[range], as: UTF8.self), items[i + 1]))
        }
        stack.append(.dictionary(entries))
    }
}
