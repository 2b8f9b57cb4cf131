import Diagnostics

/// What an interactive reader should do with the text so far.
package enum InteractiveCompleteness: Sendable {
    /// Run it.
    case complete
    /// It parses, but its last line is inside an indented block: further lines may belong to it until a blank one.
    case openBlock
    /// Ask for another line: a bracket, a triple-quoted string, a block or a continued line is unfinished.
    case incomplete
    case invalid(SyntaxProblem)
}

package func interactiveCompleteness(of source: SourceText) -> InteractiveCompleteness {
    do {
        let module = try parse(module: source)
        guard let last = module.body.last else { return .complete }
        let lines = source.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let endsWithBlankLine = lines.count > 1 && lines.suffix(2).allSatisfy { $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        return last.hasBlock && !endsWithBlankLine ? .openBlock : .complete
    } catch {
        return error.isIncomplete ? .incomplete : .invalid(error)
    }
}

extension Statement {
    /// Whether the statement is compound.
    fileprivate var hasBlock: Bool {
        switch node {
        case .if, .while, .for, .try, .with, .functionDefinition, .classDefinition, .match: true
        case .expression, .assign, .augmentedAssign, .annotatedAssign, .delete, .pass, .break, .continue, .return, .raise, .assert,
            .global, .nonlocal, .import, .importFrom:
            false
        }
    }
}
