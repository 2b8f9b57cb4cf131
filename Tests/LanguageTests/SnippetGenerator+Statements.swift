extension SnippetGenerator {
    /// The lines of one statement.
    mutating func statement(depth: Int, inLoop: Bool) -> [String] {
        if inLoop && chance(12) { return ["if \(expression(.bool, 1)): \(pick(["break", "continue"]))"] }
        switch random.below(depth >= 2 ? 8 : 14) {
        case 0...3: return [assignment()]
        case 4: return augmented()
        case 5: return [mutation()]
        case 6: return ["print(show(\(expression(pick(Kind.allCases), 2))))"]
        case 7: return unpacking()
        case 8: return conditional(depth, inLoop)
        case 9, 10: return forLoop(depth)
        case 11: return whileLoop(depth)
        case 12: return tryStatement(depth, inLoop)
        default: return matchStatement(depth, inLoop)
        }
    }

    private mutating func assignment() -> String {
        let kind = pick(Kind.allCases)
        let value = expression(kind, 3)
        let name = chance(30) ? variable(of: kind) ?? fresh("v") : fresh("v")
        variables.removeAll { $0.name == name }
        variables.append(Variable(name: name, kind: kind))
        return "\(name) = bound(\(value))"
    }

    private mutating func augmented() -> [String] {
        guard !variables.isEmpty else { return [assignment()] }
        let target = pick(variables)
        return [augmented(target.name, target.kind), "\(target.name) = bound(\(target.name))"]
    }

    private mutating func augmented(_ name: String, _ kind: Kind) -> String {
        switch kind {
        case .int:
            return "\(name) \(pick(["+=", "-=", "*=", "//=", "%=", "|=", "&=", "^=", "<<="])) \(chance(50) ? "3" : "(\(expression(.int, 0))) % 50")"
        case .float: return "\(name) \(pick(["+=", "-=", "/="])) \(expression(.float, 1))"
        case .string: return "\(name) += \(expression(.string, 1))"
        case .bool: return "\(name) ^= \(expression(.bool, 1))"
        case .ints: return "\(name) += \(expression(.ints, 1))"
        case .strings: return "\(name) += \(expression(.strings, 1))"
        case .dict: return "\(name) |= \(expression(.dict, 1))"
        case .tuple: return "\(name) += \(expression(.tuple, 1))"
        case .set: return "\(name) \(pick(["|=", "&=", "-=", "^="])) \(expression(.set, 1))"
        }
    }

    private mutating func mutation() -> String {
        let kind = pick([Kind.ints, .dict, .strings])
        guard let name = variable(of: kind) else { return assignment() }
        let position = random.below(7) - 3
        let value = expression(kind == .strings ? .string : .int, 1)
        if kind == .dict {
            return pick([
                "\(name)[\(expression(.string, 0))] = \(value)", "\(name).pop(\(expression(.string, 0)), None)", "\(name).setdefault('s', \(value))",
                "\(name).update(u=\(value))", "del \(name)[\(expression(.string, 0))]", "\(name).popitem()",
            ])
        }
        return pick([
            "\(name).append(\(value))", "\(name).insert(\(position), \(value))", "\(name).pop(\(position))", "\(name).sort()",
            "\(name).reverse()", "\(name).remove(\(value))", "\(name)[\(position)] = \(value)", "del \(name)[\(position)]",
            "\(name)[\(position):\(random.below(5))] = [\(value)]", "\(name).extend([\(value)] * \(random.below(3)))", "del \(name)[::2]",
        ])
    }

    private mutating func unpacking() -> [String] {
        let (a, b) = (fresh("a"), fresh("b"))
        let source = expression(pick([.tuple, .ints]), 2)
        switch random.below(3) {
        case 0: return ["\(a), *\(b) = \(source)", "print(show(\(a)), show(\(b)))"]
        case 1: return ["\(a), \(b) = \(source)", "print(show(\(a)), show(\(b)))"]
        default:
            let (first, second) = (expression(.int, 1), expression(.int, 1))
            variables += [Variable(name: a, kind: .int), Variable(name: b, kind: .int)]
            return ["\(a), \(b) = \(first), \(second)", "\(a), \(b) = \(b), \(a)"]
        }
    }

    /// One or two indented statements; the variables they introduce are forgotten, because they may never run.
    private mutating func block(_ depth: Int, inLoop: Bool) -> [String] {
        let known = variables
        defer { variables = known.filter { known in variables.contains { $0.name == known.name && $0.kind == known.kind } } }
        let lines = (0...random.below(2)).flatMap { _ in statement(depth: depth + 1, inLoop: inLoop) }
        return lines.map { "    \($0)" }
    }

    private mutating func conditional(_ depth: Int, _ inLoop: Bool) -> [String] {
        var lines = ["if \(expression(.bool, 2)):"] + block(depth, inLoop: inLoop)
        if chance(40) { lines += ["elif \(expression(.bool, 2)):"] + block(depth, inLoop: inLoop) }
        if chance(50) { lines += ["else:"] + block(depth, inLoop: inLoop) }
        return lines
    }

    private mutating func forLoop(_ depth: Int) -> [String] {
        let name = fresh("i")
        let source = pick([
            "range(\(random.below(5)))", "\(expression(.ints, 1))[:5]", "range(5, 0, -2)", "enumerate(\(expression(.string, 0))[:3])",
            "list(\(expression(.dict, 1)))",
        ])
        let lines = ["for \(name) in \(source):", "    print(\(name), end=' ')"] + block(depth, inLoop: true)
        return chance(25) ? lines + ["else:", "    print('else', end=' ')"] : lines
    }

    private mutating func whileLoop(_ depth: Int) -> [String] {
        let name = fresh("n")
        return ["\(name) = \(random.below(4) + 1)", "while \(name) > 0:", "    \(name) -= 1"] + block(depth, inLoop: true)
    }

    private mutating func tryStatement(_ depth: Int, _ inLoop: Bool) -> [String] {
        let error = pick(["ValueError", "(TypeError, KeyError)", "ZeroDivisionError", "IndexError", "Exception", "ArithmeticError", "LookupError"])
        var lines = ["try:"] + block(depth, inLoop: inLoop)
        if chance(30) { lines.append("    raise \(pick(["ValueError('v')", "KeyError('k')", "IndexError", "RuntimeError(1, 'two')"]))") }
        lines += ["except \(error) as e:", "    print('caught', type(e).__name__, e)"]
        if chance(30) { lines += ["else:", "    print('no error')"] }
        if chance(40) { lines += ["finally:", "    print('finally')"] }
        return lines
    }

    private mutating func matchStatement(_ depth: Int, _ inLoop: Bool) -> [String] {
        let (a, b) = (fresh("m"), fresh("m"))
        let subject = expression(pick([.tuple, .ints, .int, .dict, .string]), 2)
        let cases = [
            "0 | 1", "[\(a)]", "[\(a), \(b)]", "[\(a), *\(b)]", "{'a': \(a)}", "{'x': \(a), **\(b)}", "str() as \(a)",
            "int(\(a)) if \(a) > 5", "(\(a), (\(b), _))", "-1", "'abc'", "float()", "[1, \(a), 2.5]",
        ]
        let first = pick(cases)
        let names = [a, b].filter { first.contains($0) }
        let shown = (["'case'"] + names.map { "show(\($0))" }).joined(separator: ", ")
        return ["match \(subject):", "    case \(first):", "        print(\(shown))", "    case _:", "        print('default')"]
    }

    /// A function, generator-backed function, closure or small class whose call takes integers and gives an integer.
    mutating func define() -> [String] {
        let name = fresh("f")
        let arity = random.below(3) + 1
        let parameters = (0..<arity).map { "p\($0)" }
        let outer = variables
        variables = parameters.map { Variable(name: $0, kind: .int) }
        defer {
            variables = outer
            functions.append((name, arity))
        }
        let head = "def \(name)(\(parameters.joined(separator: ", "))):"
        let result = expression(.int, 2)
        switch random.below(5) {
        case 0: return [head, "    return \(result)"]
        case 1:
            return [
                head, "    if \(expression(.bool, 1)):", "        return \(expression(.int, 1))", "    total = \(result)", "    return total + p0",
            ]
        case 2:
            return [
                head, "    def inner(k=\(random.below(9))):", "        nonlocal p0", "        p0 += k", "        return \(result)",
                "    return inner() - inner(1)",
            ]
        case 3:
            return [
                head, "    def steps():", "        for i in range(\(random.below(5))):", "            got = yield i * p0",
                "            if got: return",
                "        yield \(result)", "    return sum(steps())",
            ]
        default:
            return [
                "class \(name.uppercased()):", "    base = \(random.below(20))", "    def __init__(self, v): self.v = v",
                "    def __add__(self, o): return self.base + self.v + (o.v if isinstance(o, \(name.uppercased())) else o)",
                "    def __repr__(self): return f'<{self.v}>'", head, "    o = \(name.uppercased())(p0)", "    return (o + \(result)) + (o + o)",
            ]
        }
    }
}
