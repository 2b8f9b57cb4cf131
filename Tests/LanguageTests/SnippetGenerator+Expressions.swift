extension SnippetGenerator {
    /// An expression of `kind`, at most `depth` operators deep.
    mutating func expression(_ kind: Kind, _ depth: Int) -> String {
        if chance(2) { return wrongOperand(depth) }
        if depth <= 0 { return chance(50) ? variable(of: kind) ?? literal(kind) : literal(kind) }
        if chance(12) { return shared(kind, depth) }
        switch kind {
        case .int: return int(depth)
        case .float: return float(depth)
        case .string: return string(depth)
        case .bool: return bool(depth)
        case .ints: return ints(depth)
        case .strings: return strings(depth)
        case .dict: return dict(depth)
        case .tuple: return tuple(depth)
        case .set: return set(depth)
        }
    }

    /// An expression of any printable kind, where another was asked for: mostly an error that both must report alike.
    private mutating func wrongOperand(_ depth: Int) -> String {
        "(\(expression(pick([.int, .float, .string, .bool, .ints, .tuple]), min(depth, 1))))"
    }

    private mutating func literal(_ kind: Kind) -> String {
        switch kind {
        case .int:
            return pick(["0", "1", "2", "3", "7", "10", "-1", "-5", "255", "1000", "-12345", "(2**31)", "(2**63)", "(-(2**63))", "(10**20)", "0xff"])
        case .float:
            return pick(["0.0", "1.0", "0.5", "-2.5", "3.14159", "1e10", "1e-5", "-0.1", "100.0", "1e300", "2.675"])
        case .string:
            return pick([
                "''", "'a'", "'abc'", "'Hello World'", "'x,y,,z'", "'  pad '", "'12'", "'-7'", "'éß'", "'日本🎉'", "'it\\'s'", "'a\\nb\\tc'", "'aXbX'",
            ])
        case .bool: return pick(["True", "False"])
        case .ints: return pick(["[]", "[1]", "[3, 1, 2]", "[5, -5, 0, 5]", "list(range(6))", "[2**40, 7]", "list(range(8, 0, -2))"])
        case .strings: return pick(["[]", "['a']", "['b', 'a', 'C']", "'one two three'.split()", "list('hello')", "['', ' ']"])
        case .dict: return pick(["{}", "{'a': 1}", "{'x': 10, 'y': -3, 'z': 0}", "dict(k=5, a=2)", "{c: ord(c) for c in 'qab'}"])
        case .tuple: return pick(["()", "(1,)", "(1, 'a', 2.5)", "(0, (1, 2), [3])", "(True, None)", "tuple('ab')"])
        case .set: return pick(["set()", "{1}", "{3, 1, 2}", "set(range(0, 20, 5))", "{x % 4 for x in range(9)}"])
        }
    }

    /// Forms that exist for every kind.
    private mutating func shared(_ kind: Kind, _ depth: Int) -> String {
        let (a, b) = (expression(kind, depth - 1), expression(kind, depth - 1))
        let condition = expression(.bool, depth - 1)
        return switch random.below(5) {
        case 0: "(\(a) if \(condition) else \(b))"
        case 1: "(\(a) or \(b))"
        case 2: "(\(a) and \(b))"
        case 3: "[\(a), \(b)][\(expression(.bool, depth - 1))]"
        default: "(lambda v: v)(\(a))"
        }
    }

    /// A small number for counts, shifts, exponents and widths.
    private mutating func small() -> String {
        String(random.below(6))
    }

    private mutating func index() -> String {
        String(random.below(9) - 4)
    }

    private mutating func slice() -> String {
        let bounds = (0..<3).map { _ in chance(45) ? index() : "" }
        return chance(30) ? "\(bounds[0]):\(bounds[1]):\(bounds[2])" : "\(bounds[0]):\(bounds[1])"
    }

    private mutating func int(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(17) {
        case 0...3: return "(\(expression(.int, d)) \(pick(["+", "-", "//", "%", "&", "|", "^"])) \(expression(.int, d)))"
        case 4: return chance(50) ? "(\(expression(.int, d)) * \(small()))" : "mul(\(expression(.int, d)), \(expression(.int, d)))"
        case 5: return "(\(expression(.int, 0)) ** \(small()))"
        case 6: return "(\(expression(.int, d)) \(pick(["<<", ">>"])) \(small()))"
        case 7: return "\(pick(["-", "~", "abs", "int"]))(\(expression(.int, d)))"
        case 8: return "len(\(expression(pick([.string, .ints, .strings, .dict, .tuple, .set]), d)))"
        case 9: return "\(pick(["sum", "max", "min"]))(\(expression(.ints, d)))"
        case 10: return "\(expression(.ints, d))[\(index())]"
        case 11: return "int(\(expression(pick([.float, .string, .bool]), d)))"
        case 12: return "\(expression(.string, d)).\(pick(["find", "count", "rfind", "index"]))(\(expression(.string, 0)))"
        case 13: return "\(expression(.dict, d)).get(\(expression(.string, 0)), \(expression(.int, 0)))"
        case 14: return "round(\(expression(.int, d)), \(index()))"
        case 15: return "sum(mul(x, \(expression(.int, 0))) for x in \(expression(.ints, d)) if x % 2 == \(random.below(2)))"
        default: return call(d)
        }
    }

    private mutating func call(_ depth: Int) -> String {
        guard !functions.isEmpty else { return "(\(expression(.int, depth))).bit_length()" }
        let function = pick(functions)
        let count = chance(4) ? function.arity + 1 : function.arity
        let arguments = (0..<count).map { _ in expression(.int, max(0, depth - 1)) }
        return "\(function.name)(\(arguments.joined(separator: ", ")))"
    }

    private mutating func float(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(8) {
        case 0, 1: return "(\(expression(.float, d)) \(pick(["+", "-", "/", "//", "%"])) \(expression(pick([.float, .int]), d)))"
        case 2: return "mul(\(expression(.float, d)), \(expression(pick([.float, .int]), d)))"
        case 3: return "(\(expression(.int, d)) / \(expression(.int, d)))"
        case 4: return "\(pick(["-", "abs", "float"]))(\(expression(.float, d)))"
        case 5: return "round(\(expression(.float, d)), \(small()))"
        case 6: return "float(\(expression(pick([.int, .string, .bool]), d)))"
        default: return "(\(expression(.float, 0)) ** \(small()))"
        }
    }

    private mutating func bool(_ depth: Int) -> String {
        let d = depth - 1
        let kind = pick([Kind.int, .float, .string, .ints, .tuple])
        switch random.below(8) {
        case 0, 1: return "(\(expression(kind, d)) \(pick(["==", "!=", "<", "<=", ">", ">="])) \(expression(kind, d)))"
        case 2: return "(\(expression(.int, d)) < \(expression(.int, d)) <= \(expression(pick([.int, .float]), d)))"
        case 3: return "(not \(expression(pick(Kind.allCases), d)))"
        case 4: return "(\(expression(.int, d)) \(pick(["in", "not in"])) \(expression(pick([.ints, .tuple, .set]), d)))"
        case 5: return "(\(expression(.string, 0)) in \(expression(pick([.string, .strings, .dict]), d)))"
        case 6: return "\(pick(["any", "all"]))(x > \(expression(.int, 0)) for x in \(expression(.ints, d)))"
        default:
            let method = pick(["isdigit()", "isalpha()", "isupper()", "islower()", "isspace()", "startswith('a')", "endswith(('c', 'd'))"])
            return "\(expression(.string, d)).\(method)"
        }
    }

    private mutating func string(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(14) {
        case 0: return "(\(expression(.string, d)) + \(expression(.string, d)))"
        case 1: return "(\(expression(.string, d)) * \(small()))"
        case 2: return "\(expression(.string, d))[\(index())]"
        case 3: return "\(expression(.string, d))[\(slice())]"
        case 4, 5: return "\(expression(.string, d)).\(stringMethod())"
        case 6: return "\(expression(.string, 0)).join(\(expression(.strings, d)))"
        case 7: return "\(pick(["str", "repr", "ascii"]))(\(expression(pick([.int, .float, .string, .bool, .ints, .dict, .tuple]), d)))"
        case 8, 9: return formatted()
        case 10: return "'%\(pick(["5d", "-6d|", "05d", "x", "+d", "s", "r", ".2f", "e", "8.3f", "g"]))' % (\(expression(pick([.int, .float]), d)),)"
        case 11: return "'{:\(pick(["<8", ">8", "^9", "*^7", ""]))}|{!r}'.format(\(expression(.string, d)), \(expression(pick([.int, .tuple]), d)))"
        case 12: return "\(expression(.strings, d))[\(index())]"
        default: return "chr(97 + \(expression(.int, d)) % 26)"
        }
    }

    private mutating func stringMethod() -> String {
        pick([
            "upper()", "lower()", "title()", "capitalize()", "swapcase()", "strip()", "lstrip('a ')", "rstrip('cX')", "replace('a', 'bb')",
            "replace('', '-')", "replace('b', '', 1)", "center(11, '*')", "ljust(7)", "rjust(6, '.')", "zfill(6)", "expandtabs(4)",
            "removeprefix('a')", "removesuffix('c')", "casefold()", "translate({97: 'A', 98: None})", "encode().decode()", "format(1, 2)",
        ])
    }

    private mutating func formatted() -> String {
        // CPython 3.11 allows neither backslashes nor the f-string's own quotes in its expressions: numbers only.
        let number = (variable(of: .int) ?? literal(.int)) + pick(["", " + 1", " - 3", " // 7", " % 5", " - 2**40"])
        let real = (variable(of: .float) ?? literal(.float)) + pick(["", " + 2", " / 3", " - 0.1", " + 1e6"])
        let spec = pick(["", ":5", ":>8", ":<8", ":^8", ":+", ":,", ":08", ":x", ":#b", ":_", ":e", ":.3f", "!r", "!s:>6"])
        let second = pick(["", ":.2f", ":10.1f", ":e", ":g", ":.0%", ":+.1f", ":,.2f", "!r:>12"])
        return "f'{\(number)\(spec)} and {(\(real))\(second)}'"
    }

    private mutating func ints(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(11) {
        case 0: return "[\((0...random.below(4)).map { _ in expression(.int, d) }.joined(separator: ", "))]"
        case 1: return "(\(expression(.ints, d)) + \(expression(.ints, d)))"
        case 2: return "(\(expression(.ints, d)) * \(random.below(4)))"
        case 3: return "\(expression(.ints, d))[\(slice())]"
        case 4: return "sorted(\(expression(pick([.ints, .set]), d))\(pick(["", ", reverse=True", ", key=abs", ", key=lambda v: -v"])))"
        case 5: return "[x \(pick(["+", "-", "//", "%"])) \(expression(.int, 0)) for x in \(expression(.ints, d))]"
        case 6: return "[x for x in \(expression(.ints, d)) if \(pick(["x", "x % 2", "x > 1", "not x"]))]"
        case 7: return "list(\(pick(["reversed", "iter", "tuple"]))(\(expression(.ints, d))))"
        case 8: return "list(map(lambda x, y: x - y, \(expression(.ints, d)), \(expression(.ints, d))))"
        case 9: return "[a * b for a, b in zip(\(expression(.ints, d)), range(\(small())))]"
        default: return "list(\(expression(.dict, d)).values())"
        }
    }

    private mutating func strings(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(8) {
        case 0: return "[\((0...random.below(3)).map { _ in expression(.string, d) }.joined(separator: ", "))]"
        case 1:
            return "\(expression(.string, d)).\(pick(["split()", "split(',')", "split('a', 1)", "rsplit('b')", "splitlines()", "rsplit(None, 1)"]))"
        case 2: return "sorted(\(expression(.strings, d))\(pick(["", ", key=len", ", reverse=True", ", key=str.lower"])))"
        case 3: return "[s.\(pick(["upper()", "strip()", "zfill(3)", "replace('a', '')"])) for s in \(expression(.strings, d))]"
        case 4: return "(\(expression(.strings, d)) + \(expression(.strings, d)))"
        case 5: return "list(\(expression(.dict, d)))"
        case 6: return "list(map(str, \(expression(pick([.ints, .tuple]), d))))"
        default: return "[f'{i}:{c}' for i, c in enumerate(\(expression(.string, d)))]"
        }
    }

    private mutating func dict(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(6) {
        case 0: return "{\(expression(.string, d)): \(expression(.int, d)), \(expression(.string, d)): \(expression(.int, d))}"
        case 1: return "{**\(expression(.dict, d)), 'n': \(expression(.int, d))}"
        case 2: return "(\(expression(.dict, d)) | \(expression(.dict, d)))"
        case 3: return "{k: v \(pick(["+", "-", "%"])) \(expression(.int, 0)) for k, v in \(expression(.dict, d)).items()}"
        case 4: return "dict(zip(\(expression(.string, d)), \(expression(.ints, d))))"
        default: return "dict(sorted(\(expression(.dict, d)).items()))"
        }
    }

    private mutating func tuple(_ depth: Int) -> String {
        let d = depth - 1
        switch random.below(6) {
        case 0: return "(\(expression(.int, d)), \(expression(.string, d)))"
        case 1: return "(\(expression(.tuple, d)) + \(expression(.tuple, d)))"
        case 2: return "\(expression(.tuple, d))[\(slice())]"
        case 3: return "divmod(\(expression(.int, d)), \(expression(.int, d)))"
        case 4: return "(*\(expression(.ints, d)), \(expression(.float, d)))"
        default: return "tuple(\(expression(pick([.ints, .string, .dict]), d)))"
        }
    }

    private mutating func set(_ depth: Int) -> String {
        let d = depth - 1
        return switch random.below(4) {
        case 0: "(\(expression(.set, d)) \(pick(["&", "|", "-", "^"])) \(expression(.set, d)))"
        case 1: "set(\(expression(.ints, d)))"
        case 2: "{x % 7 for x in \(expression(.ints, d))}"
        default: "frozenset(\(expression(.ints, d)))"
        }
    }
}
