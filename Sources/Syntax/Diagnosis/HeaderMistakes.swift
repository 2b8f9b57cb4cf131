import Diagnostics

/// Mistakes in the headers of compound statements: the missing colon, the missing block.
extension Parser {
    /// Statements whose header the diagnosing pass knows.
    enum Header: String {
        case `if`, elif, `else`, `while`, `for`, with, `try`, except, finally, def, `class`, match, `case`

        var description: String {
            switch self {
            case .def: "function definition"
            case .class: "class definition"
            default: "'\(rawValue)' statement"
            }
        }

        /// Whether a line end in place of the colon is reported here, before the statement is tried.
        var reportsMissingColon: Bool {
            switch self {
            case .if, .elif, .while, .for, .class, .match, .case: true
            case .else, .with, .try, .except, .finally, .def: false
            }
        }
    }

    /// Standing on the header's keyword.
    mutating func diagnoseHeader(_ header: Header) throws(ParseFailure) {
        let line = source.line(of: start)
        try exploring { parser throws(ParseFailure) in
            try parser.skipHeader(header)
            try parser.diagnoseHeaderEnd(header, line: line)
        }
        if header == .with {
            try exploring { parser throws(ParseFailure) in
                try parser.skipParenthesizedItems()
                try parser.diagnoseHeaderEnd(header, line: line)
            }
        }
    }

    private mutating func diagnoseHeaderEnd(_ header: Header, line: Int) throws(ParseFailure) {
        if kind == .newline, header.reportsMissingColon {
            furthest = max(furthest, position)
            throw raiseAtLastRead("expected ':'")
        }
        try expect(.colon)
        try expect(.newline)
        furthest = max(furthest, position)
        if kind == .indent { return }
        throw raiseIndentation("expected an indented block after \(header.description) on line \(line)")
    }

    /// Everything between a header's keyword and its colon.
    private mutating func skipHeader(_ header: Header) throws(ParseFailure) {
        if header == .match {
            _ = try matchSubject()
            return
        }
        position += 1
        switch header {
        case .if, .elif, .while: _ = try namedExpression()
        case .else, .try, .finally: break
        case .for:
            _ = try starTargets()
            try expect(.inKeyword)
            _ = try starExpressions()
        case .with: try skipWithItems { parser throws(ParseFailure) in _ = try parser.expression() }
        case .except:
            guard kind != .colon else { break }
            _ = try expression()
            if accept(.asKeyword) { try expect(.name) }
        case .def:
            try expect(.name)
            try expect(.leftParen)
            _ = try parameters(closedBy: .rightParen)
            try expect(.rightParen)
            _ = try returnAnnotation()
        case .class:
            try expect(.name)
            if kind == .leftParen { _ = try parenthesizedArguments(allowsGenerator: false) }
        case .case:
            _ = try patterns()
            if accept(.ifKeyword) { _ = try namedExpression() }
        case .match: break
        }
    }

    private mutating func skipWithItems(_ context: (inout Parser) throws(ParseFailure) -> Void) throws(ParseFailure) {
        repeat {
            try context(&self)
            _ = try attempt { parser throws(ParseFailure) in
                try parser.expect(.asKeyword)
                _ = try parser.starTarget()
            }
        } while accept(.comma)
    }

    /// `with (a as b, c as d)`
    private mutating func skipParenthesizedItems() throws(ParseFailure) {
        position += 1
        try expect(.leftParen)
        repeat {
            if kind == .rightParen { break }
            _ = try expression()
            _ = try attempt { parser throws(ParseFailure) in
                try parser.expect(.asKeyword)
                _ = try parser.starTarget()
            }
        } while accept(.comma)
        try expect(.rightParen)
    }

    // MARK: - with

    /// A `with` statement that did not parse.
    mutating func diagnoseWithoutColon() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            try parser.skipHeader(.with)
            try parser.expect(.newline)
            throw parser.raiseAtLastRead("expected ':'")
        }
        try exploring { parser throws(ParseFailure) in
            try parser.skipParenthesizedItems()
            try parser.expect(.newline)
            throw parser.raiseAtLastRead("expected ':'")
        }
    }

    // MARK: - try

    mutating func diagnoseTry() throws(ParseFailure) {
        try diagnoseHeader(.try)
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            try parser.expect(.colon)
            _ = try parser.block()
            parser.furthest = max(parser.furthest, parser.position)
            if parser.kind == .exceptKeyword || parser.kind == .finallyKeyword { return }
            throw parser.raiseAtLastRead("expected 'except' or 'finally' block")
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            try parser.expect(.colon)
            while try parser.matches({ parser throws(ParseFailure) in _ = try parser.block() }) {}
            while parser.kind == .exceptKeyword { _ = try parser.exceptHandler() }
        }
    }

    /// An `except` clause that did not parse.
    mutating func diagnoseExcept() throws(ParseFailure) {
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            let first = try parser.expression()
            try parser.expect(.comma)
            repeat { _ = try parser.expression() } while parser.accept(.comma) && parser.startsExpression
            if parser.accept(.asKeyword) { try parser.expect(.name) }
            try parser.expect(.colon)
            throw parser.raise("multiple exception types must be parenthesized", startingFrom: first.range)
        }
        try exploring { parser throws(ParseFailure) in
            parser.position += 1
            if parser.kind != .newline {
                _ = try parser.expression()
                if parser.accept(.asKeyword) { try parser.expect(.name) }
            }
            try parser.expect(.newline)
            throw parser.raiseAtLastRead("expected ':'")
        }
    }
}
