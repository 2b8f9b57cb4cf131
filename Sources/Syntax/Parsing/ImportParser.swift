import Diagnostics

/// `import` in its two forms.
extension Parser {
    mutating func importStatement() throws(ParseFailure) -> Statement.Node {
        position += 1
        var names: [ImportAlias] = []
        repeat {
            let start = self.start
            let name = try dottedName()
            names.append(try alias(of: name, from: start))
        } while accept(.comma)
        return .import(names)
    }

    mutating func importFromStatement() throws(ParseFailure) -> Statement.Node {
        position += 1
        var level = 0
        while kind == .dot || kind == .ellipsis {
            level += kind == .dot ? 1 : 3
            position += 1
        }
        let module = level > 0 && kind == .importKeyword ? nil : try dottedName()
        try expect(.importKeyword)
        let targets = position
        let names = try tried(from: targets) { parser throws(ParseFailure) in
            try parser.importTargets()
        } diagnose: { parser throws(ParseFailure) in
            try parser.diagnoseImportTargets()
        }
        return .importFrom(module: module, names: names, level: level)
    }

    private mutating func importTargets() throws(ParseFailure) -> [ImportAlias] {
        if kind == .star {
            let range = token.range
            position += 1
            return [ImportAlias(name: "*", asName: nil, range: range)]
        }
        if accept(.leftParen) {
            let names = try importNames(allowsTrailingComma: true)
            try expect(.rightParen)
            return names
        }
        let names = try importNames(allowsTrailingComma: false)
        if kind == .comma { throw mismatch() }
        return names
    }

    private mutating func importNames(allowsTrailingComma: Bool) throws(ParseFailure) -> [ImportAlias] {
        var names: [ImportAlias] = []
        repeat {
            if allowsTrailingComma, !names.isEmpty, kind == .rightParen { break }
            names.append(try importName())
        } while accept(.comma)
        return names
    }

    mutating func importName() throws(ParseFailure) -> ImportAlias {
        let start = self.start
        let name = try expectName().0
        return try alias(of: name, from: start)
    }

    private mutating func alias(of name: String, from start: Int32) throws(ParseFailure) -> ImportAlias {
        let asName = accept(.asKeyword) ? try expectName().0 : nil
        return ImportAlias(name: name, asName: asName, range: range(from: start))
    }

    private mutating func dottedName() throws(ParseFailure) -> String {
        var name = try expectName().0
        while accept(.dot) { name += "." + (try expectName().0) }
        return name
    }
}
