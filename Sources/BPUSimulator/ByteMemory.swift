import BPU
import Glibc

/// A memory of the simulated device with a mark for every byte that has been written; the only owner of raw pointers here.
///
/// Programs are verified before they run, so that addresses of instructions lie inside; nothing here checks bounds again.
final class ByteMemory {
    let bytes: UnsafeMutablePointer<UInt8>
    private let defined: UnsafeMutablePointer<UInt8>
    let count: Int

    /// Zeroed pages come from the system when they are first touched: a program that declares much and uses little costs little.
    init(count: Int) throws(ProgramError) {
        guard let memory = calloc(max(count, 1), 1), let marks = calloc(max(count, 1), 1) else {
            throw .argument("there is no memory for a segment of \(count) bytes")
        }
        self.count = count
        bytes = memory.assumingMemoryBound(to: UInt8.self)
        defined = marks.assumingMemoryBound(to: UInt8.self)
    }

    /// A memory whose every byte is defined.
    convenience init(_ content: [UInt8]) throws(ProgramError) {
        try self.init(count: content.count)
        content.withUnsafeBytes { if let start = $0.baseAddress { memcpy(bytes, start, content.count) } }
        define(0, content.count)
    }

    deinit {
        free(bytes)
        free(defined)
    }

    var contents: [UInt8] { Array(UnsafeBufferPointer(start: bytes, count: count)) }

    func isDefined(_ start: Int, _ length: Int) -> Bool { memchr(defined + start, 0, length) == nil }

    func define(_ start: Int, _ length: Int) { memset(defined + start, 1, length) }

    /// Copies bytes together with their marks.
    func copy(_ start: Int, from other: ByteMemory, _ otherStart: Int, _ length: Int) {
        memcpy(bytes + start, other.bytes + otherStart, length)
        memcpy(defined + start, other.defined + otherStart, length)
    }

    @inline(__always)
    func read(_ address: Int, _ element: Int) -> Int {
        let at = UnsafeRawPointer(bytes + address)
        return switch element {
        case 1: Int(at.load(as: Int8.self))
        case 2: Int(at.loadUnaligned(as: Int16.self))
        default: Int(at.loadUnaligned(as: Int32.self))
        }
    }

    /// `value` must fit the element.
    @inline(__always)
    func write(_ value: Int, _ address: Int, _ element: Int) {
        let at = UnsafeMutableRawPointer(bytes + address)
        switch element {
        case 1: at.storeBytes(of: Int8(truncatingIfNeeded: value), as: Int8.self)
        case 2: at.storeBytes(of: Int16(truncatingIfNeeded: value), as: Int16.self)
        default: at.storeBytes(of: Int32(truncatingIfNeeded: value), as: Int32.self)
        }
    }
}
