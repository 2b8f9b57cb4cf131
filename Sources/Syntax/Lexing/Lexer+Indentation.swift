import Diagnostics

extension Lexer {
    /// Measures a line's indentation and emits INDENT or DEDENT, unless the line is blank or a bracket is open.
    ///
    /// Tabs reach to the next multiple of eight, and again of one: when the two measures disagree about nesting the line
    /// mixes tabs and spaces in a way that depends on the editor, which is TabError.
    mutating func lexIndentation() {
        let lineStart = position
        var column = 0
        var alternate = 0
        // Where the first backslash after blanks stands; it sets the indentation of the whole line.
        var continuationColumn = 0
        measuring: while true {
            switch current {
            case 0x20:
                column += 1
                alternate += 1
            case 0x09:
                column = (column / 8 + 1) * 8
                alternate += 1
            case 0x0C:
                column = 0
                alternate = 0
            case UInt8(ascii: "\\"):
                if continuationColumn == 0 { continuationColumn = column }
                guard lexContinuation() else { return }
                continue measuring
            default:
                break measuring
            }
            position += 1
        }
        if level > 0 || position >= end || current == UInt8(ascii: "#") || isLineEnd(current) { return }
        if continuationColumn > 0 {
            column = continuationColumn
            alternate = continuationColumn
        }
        applyIndentation(column: column, alternate: alternate, lineStart: lineStart)
    }

    private mutating func applyIndentation(column: Int, alternate: Int, lineStart: Int) {
        let top = indents[indents.count - 1]
        if column == top.column {
            if alternate != top.alternate { failTabs(lineStart) }
        } else if column > top.column {
            if indents.count >= Self.indentLimit {
                fail("too many levels of indentation", kind: .indentation, at: SourceRange(lineStart, lineStart))
            } else if alternate <= top.alternate {
                failTabs(lineStart)
            } else {
                indents.append((column, alternate))
                tokens.append(Token(.indent, level: 0, lineStart, position))
            }
        } else {
            closeBlocks(to: column, alternate: alternate, lineStart: lineStart)
        }
    }

    private mutating func closeBlocks(to column: Int, alternate: Int, lineStart: Int) {
        var closed = 0
        while indents.count > 1, column < indents[indents.count - 1].column {
            indents.removeLast()
            closed += 1
        }
        let top = indents[indents.count - 1]
        if column != top.column {
            var lineEnd = position
            while lineEnd < end, !isLineEnd(bytes[lineEnd]) { lineEnd += 1 }
            fail(
                "unindent does not match any outer indentation level", kind: .indentation, at: SourceRange(lineEnd, lineEnd))
        } else if alternate != top.alternate {
            failTabs(lineStart)
        } else {
            for _ in 0..<closed { tokens.append(Token(.dedent, level: 0, lineStart, position)) }
        }
    }

    private mutating func failTabs(_ lineStart: Int) {
        fail("inconsistent use of tabs and spaces in indentation", kind: .tab, at: SourceRange(lineStart, lineStart))
    }
}
