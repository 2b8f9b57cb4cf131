import Diagnostics
import Syntax

/// `try … except* …` in terms of plain `try`: the exception caught is divided by an object that the exception makes
/// (`BaseException.__except_star__`), each clause handles its part, and the object raises what is left together with
/// what the clauses raised.
///
///     except* T as name:          if state.select(T):
///         body             →          try:
///                                         try: state.throw()
///                                         except BaseException as name: body
///                                     except BaseException as error: state.collect(error)
enum ExceptStar {
    // No program can spell these names.
    private static let stateName = "<except* state>"
    private static let caughtName = "<except* caught>"
    private static let raisedName = "<except* raised>"

    static func isStarred(_ handlers: [ExceptHandler]) -> Bool { handlers.first?.isStarred ?? false }

    /// One ordinary handler that does what the starred ones say.
    static func lowered(_ handlers: [ExceptHandler]) -> [ExceptHandler] {
        guard let first = handlers.first else { return [] }
        let range = first.range
        func name(_ text: String) -> Expression { Expression(.name(text), range) }
        func call(_ method: String, on target: String, _ arguments: [Expression] = [], at range: SourceRange) -> Expression {
            Expression(.call(Expression(.attribute(name(target), method, nameRange: range), range), arguments: arguments, keywords: []), range)
        }
        func run(_ expression: Expression) -> Statement { Statement(.expression(expression), expression.range) }
        let anything = name("BaseException")
        var body: [Statement] = [
            Statement(.assign(targets: [name(stateName)], value: call("__except_star__", on: caughtName, at: range)), range)
        ]
        for handler in handlers {
            guard let type = handler.type else { continue }
            let inner = Statement(
                .try(
                    body: [run(call("throw", on: stateName, at: handler.range))],
                    handlers: [ExceptHandler(type: anything, name: handler.name, body: handler.body, range: handler.range)], orElse: [], finally: []),
                handler.range)
            let guarded = Statement(
                .try(
                    body: [inner],
                    handlers: [
                        ExceptHandler(
                            type: anything, name: raisedName,
                            body: [run(call("collect", on: stateName, [name(raisedName)], at: handler.range))], range: handler.range)
                    ], orElse: [], finally: []),
                handler.range)
            body.append(Statement(.if(test: call("select", on: stateName, [type], at: type.range), body: [guarded], orElse: []), handler.range))
        }
        body.append(run(call("finish", on: stateName, at: range)))
        return [ExceptHandler(type: anything, name: caughtName, body: body, range: range)]
    }

    /// The first `break`, `continue` or `return` that would leave a starred clause.
    static func escape(in body: [Statement], insideLoop: Bool = false) -> Statement? {
        for statement in body {
            switch statement.node {
            case .return: return statement
            case .break, .continue: if !insideLoop { return statement }
            case .if(_, let body, let orElse):
                if let found = escape(in: body + orElse, insideLoop: insideLoop) { return found }
            case .while(_, let body, let orElse), .for(_, _, let body, let orElse):
                if let found = escape(in: body, insideLoop: true) ?? escape(in: orElse, insideLoop: insideLoop) { return found }
            case .try(let body, let handlers, let orElse, let finally):
                if let found = escape(in: body + handlers.flatMap(\.body) + orElse + finally, insideLoop: insideLoop) { return found }
            case .with(_, let body):
                if let found = escape(in: body, insideLoop: insideLoop) { return found }
            case .match(_, let cases):
                if let found = escape(in: cases.flatMap(\.body), insideLoop: insideLoop) { return found }
            default: break
            }
        }
        return nil
    }
}
