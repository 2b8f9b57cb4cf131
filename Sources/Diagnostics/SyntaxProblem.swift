/// Why a text is not a program: what CPython would raise, and where.
package struct SyntaxProblem: Error, Sendable {
    package enum Kind: String, Sendable {
        case syntax = "SyntaxError"
        case indentation = "IndentationError"
        case tab = "TabError"
        /// A construct of Python that this language leaves out; `message` names it.
        case unsupported = "UnsupportedSyntaxError"
        /// The text nests deeper than the parser allows.
        case memory = "MemoryError"
        case recursion = "RecursionError"
    }

    package let kind: Kind
    package let message: String
    package let range: SourceRange
    package let source: SourceText
    /// The text ended where more was needed: an interactive reader should ask for another line.
    package let isIncomplete: Bool

    package init(_ kind: Kind = .syntax, _ message: String, at range: SourceRange, in source: SourceText, isIncomplete: Bool = false) {
        self.kind = kind
        self.message = message
        self.range = range
        self.source = source
        self.isIncomplete = isIncomplete
    }
}
