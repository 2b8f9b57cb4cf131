import Diagnostics

/// One lexical token: what it is and where it stands in its text.
package struct Token: Sendable, Hashable {
    package let kind: TokenKind
    /// Open brackets around the token; an opening bracket counts itself, a closing one does not.
    package let level: UInt8
    package let start: Int32
    package let end: Int32

    package init(_ kind: TokenKind, level: Int = 0, _ start: Int, _ end: Int) {
        self.kind = kind
        self.level = UInt8(clamping: level)
        self.start = Int32(clamping: start)
        self.end = Int32(clamping: end)
    }

    package var range: SourceRange { SourceRange(start: start, end: end) }
}
