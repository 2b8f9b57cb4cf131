/// A place in the code being built that jumps may name before it is known.
final class Label {
    var position: Int?
    /// Registers certainly bound on every jump here so far; nil when nothing jumps here.
    var bound: RegisterSet?
}

/// A set of register numbers.
struct RegisterSet: Equatable {
    private var words: [UInt64]

    init() { words = [] }

    init(_ range: Range<Int>) {
        words = []
        for register in range { insert(register) }
    }

    func contains(_ register: Int) -> Bool {
        let word = register >> 6
        return word < words.count && words[word] & (1 << UInt64(register & 63)) != 0
    }

    mutating func insert(_ register: Int) {
        let word = register >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(register & 63)
    }

    mutating func remove(_ register: Int) {
        let word = register >> 6
        if word < words.count { words[word] &= ~(1 << UInt64(register & 63)) }
    }

    mutating func formIntersection(_ other: RegisterSet) {
        if words.count > other.words.count { words.removeLast(words.count - other.words.count) }
        for index in words.indices { words[index] &= other.words[index] }
    }
}
