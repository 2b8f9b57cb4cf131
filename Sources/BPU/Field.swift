/// One field of an instruction: its name in assembly text, where it is stored, and its legal range.
///
/// Unchecked: key paths to stored properties capture nothing, but appended ones lose the marker.
package struct Field<Body>: @unchecked Sendable {
    package let name: String
    package let path: WritableKeyPath<Body, Int>
    package let range: ClosedRange<Int>

    init(_ name: String, _ path: WritableKeyPath<Body, Int>, _ range: ClosedRange<Int>) {
        self.name = name
        self.path = path
        self.range = range
    }
}

extension ClosedRange<Int> {
    /// On-chip addresses and distances.
    static var address: ClosedRange<Int> { 0...(1 << 31) }
    /// Offsets into DDR segments.
    static var offset: ClosedRange<Int> { 0...(1 << 40) }
    /// Extents and repetitions.
    static var count: ClosedRange<Int> { 0...(1 << 20) }
    static var flag: ClosedRange<Int> { 0...1 }
    static var shift: ClosedRange<Int> { 0...31 }
    static var word: ClosedRange<Int> { -(1 << 31)...(1 << 31) - 1 }
}

/// The operands of one kind of instruction. Encoder, decoder, assembler, disassembler and verifier all read this table of fields.
package protocol InstructionBody: Equatable, Sendable {
    init()
    static var fields: [Field<Self>] { get }
}
