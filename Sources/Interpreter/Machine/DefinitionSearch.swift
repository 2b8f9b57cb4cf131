import Diagnostics
import Syntax

/// Walks a program's text for the functions and classes it defines.
struct DefinitionSearch {
    let source: SourceText

    /// Calls `found` with each definition's dotted path and its 1-based first (decorators included) and last line.
    func visit(_ body: [Statement], path: [String], _ found: ([String], Int, Int) -> Void) {
        for statement in body {
            switch statement.node {
            case .functionDefinition(let definition):
                report(statement, definition.decorators, path + [definition.name], found)
                visit(definition.body, path: path + [definition.name], found)
            case .classDefinition(let definition):
                report(statement, definition.decorators, path + [definition.name], found)
                visit(definition.body, path: path + [definition.name], found)
            case .if(_, let body, let orElse), .while(_, let body, let orElse), .for(_, _, let body, let orElse):
                visit(body + orElse, path: path, found)
            case .try(let body, let handlers, let orElse, let finally):
                visit(body + handlers.flatMap(\.body) + orElse + finally, path: path, found)
            case .with(_, let body): visit(body, path: path, found)
            case .match(_, let cases): visit(cases.flatMap(\.body), path: path, found)
            default: break
            }
        }
    }

    private func report(_ statement: Statement, _ decorators: [Expression], _ path: [String], _ found: ([String], Int, Int) -> Void) {
        let start = min(statement.range.start, decorators.first.map(\.range.start) ?? statement.range.start)
        let last = source.line(of: max(start, statement.range.end - 1))
        found(path, source.line(of: start), last)
    }
}
