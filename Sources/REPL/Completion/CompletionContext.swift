import Diagnostics
import Syntax

/// What stands at the cursor and so what may follow: read from the tokens before it.
package enum CompletionContext: Equatable {
    /// A name, perhaps a keyword argument of the call whose function is `callee`.
    case name(prefix: String, callee: [Link]?)
    /// `owner.prefix`
    case attribute(owner: [Link], prefix: String)
    /// `owner["prefix`
    case key(owner: [Link], prefix: String)
    /// A path inside a string.
    case path(prefix: String)
    /// What `%load` takes: a path or the label of a cell.
    case loadable(prefix: String)
    /// `import prefix`, dots included.
    case module(prefix: String)
    /// `from module import prefix`
    case member(module: String, prefix: String)
    /// `%prefix` or `%%prefix`, marks included.
    case command(prefix: String)
    case nothing

    /// A step of an expression that can be followed without running code the user did not write: `a`, `.b`, `[0]`, `["k"]`.
    package enum Link: Equatable {
        case name(String)
        case attribute(String)
        case index(Int)
        case key(String)
    }

    package init(_ text: String, utf8Offset: Int) {
        let bytes = Array(text.utf8.prefix(utf8Offset))
        let before = String(decoding: bytes, as: UTF8.self)
        let line = before.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        if let context = Self.wholeLine(line) {
            self = context
            return
        }
        self = Reader(before).context()
    }

    // MARK: Lines

    /// `%commands` and imports.
    private static func wholeLine(_ line: String) -> CompletionContext? {
        let trimmed = line.drop { $0 == " " }
        if trimmed.hasPrefix("%"), !trimmed.contains(" ") { return .command(prefix: String(trimmed)) }
        if trimmed.hasPrefix("%"), let argument = trimmed.split(separator: " ", omittingEmptySubsequences: false).last {
            let command = trimmed.drop { $0 == "%" }.prefix { $0.isLetter }
            if command == "load" { return .loadable(prefix: String(argument)) }
            if ["run", "save", "notebook", "cd", "ls", "writefile", "edit"].contains(command) { return .path(prefix: String(argument)) }
            return nil
        }
        let words = trimmed.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 2, let last = words.last else { return nil }
        if words[0] == "import" {
            let before = words.dropLast().last
            return before == "import" || before?.hasSuffix(",") == true ? .module(prefix: String(last)) : nil
        }
        guard words[0] == "from" else { return nil }
        if words.count == 2 { return .module(prefix: String(last)) }
        guard words.count >= 4, words[2] == "import" else { return words.count == 3 ? .name(prefix: String(last), callee: nil) : nil }
        let tail = trimmed.drop { $0 != "," && $0 != "(" }
        let prefix =
            tail.isEmpty
            ? last : Substring(trimmed.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed().map(String.init).joined())
        return .member(module: String(words[1]), prefix: String(prefix.drop { $0 == "(" }))
    }

    /// Start of the text that a completion replaces, counted back from the cursor in UTF-8.
    package var replacedLength: Int {
        switch self {
        case .name(let prefix, _), .attribute(_, let prefix), .key(_, let prefix), .member(_, let prefix), .command(let prefix): prefix.utf8.count
        case .path(let prefix), .loadable(let prefix): prefix.utf8.count
        case .module(let prefix): prefix.utf8.count
        case .nothing: 0
        }
    }
}

/// Walks back over tokens.
private struct Reader {
    private let source: SourceText
    private let tokens: [HighlightedToken]

    init(_ text: String) {
        source = SourceText(name: "", text: text)
        tokens = Syntax.tokens(of: source)
    }

    private func text(_ token: HighlightedToken) -> String {
        String(decoding: source.bytes[Int(token.range.start)..<Int(token.range.end)], as: UTF8.self)
    }

    func context() -> CompletionContext {
        guard let last = tokens.last else { return .name(prefix: "", callee: nil) }
        switch last.kind {
        case .comment: return .nothing
        case .string: return insideString(last)
        case .number: return .nothing
        case .name, .keyword, .definition:
            let prefix = text(last)
            return afterPrefix(prefix, before: tokens.count - 1)
        case .operator, .whitespace, .error:
            return afterPrefix("", before: tokens.count)
        }
    }

    private func afterPrefix(_ prefix: String, before index: Int) -> CompletionContext {
        if index > 0, text(tokens[index - 1]) == "." {
            guard let owner = chain(endingAt: index - 2) else { return .nothing }
            return .attribute(owner: owner, prefix: prefix)
        }
        return .name(prefix: prefix, callee: callee(before: index))
    }

    /// The followable expression whose last token is at `index`.
    private func chain(endingAt index: Int) -> [CompletionContext.Link]? {
        var links: [CompletionContext.Link] = []
        var at = index
        while at >= 0 {
            let token = tokens[at]
            if token.kind == .name {
                if at > 0, text(tokens[at - 1]) == "." {
                    links.append(.attribute(text(token)))
                    at -= 2
                    continue
                }
                links.append(.name(text(token)))
                return links.reversed()
            }
            guard text(token) == "]", at >= 2, text(tokens[at - 2]) == "[", let link = subscriptLink(tokens[at - 1]) else { return nil }
            links.append(link)
            at -= 3
        }
        return nil
    }

    private func subscriptLink(_ token: HighlightedToken) -> CompletionContext.Link? {
        let text = text(token)
        if token.kind == .number { return Int(text).map { .index($0) } }
        guard token.kind == .string, text.count >= 2, let quote = text.first, quote == "'" || quote == "\"", text.last == quote, !text.contains("\\")
        else {
            return nil
        }
        return .key(String(text.dropFirst().dropLast()))
    }

    /// The function of the innermost call that is open before `index`.
    private func callee(before index: Int) -> [CompletionContext.Link]? {
        var depth = 0
        var at = index - 1
        while at >= 0 {
            switch text(tokens[at]) {
            case ")", "]", "}": depth += 1
            case "(":
                if depth == 0 { return at > 0 ? chain(endingAt: at - 1) : nil }
                depth -= 1
            case "[", "{":
                if depth == 0 { return nil }
                depth -= 1
            default: break
            }
            at -= 1
        }
        return nil
    }

    private func insideString(_ token: HighlightedToken) -> CompletionContext {
        let literal = text(token)
        let body = literal.drop { $0.isLetter }
        guard let quote = body.first, quote == "'" || quote == "\"" else { return .nothing }
        let content = body.dropFirst()
        let isClosed = content.last == quote && !content.dropLast().hasSuffix("\\")
        if isClosed || content.contains("\n") { return .nothing }
        let index = tokens.count - 1
        if index >= 2, text(tokens[index - 1]) == "[", let owner = chain(endingAt: index - 2) { return .key(owner: owner, prefix: String(content)) }
        return .path(prefix: String(content))
    }
}
