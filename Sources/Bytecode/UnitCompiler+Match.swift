import Diagnostics
import Syntax

/// The names a pattern has captured so far and the temporaries that hold them.
struct Captures {
    private(set) var names: [(name: String, register: Int, range: SourceRange)] = []

    mutating func add(_ name: String, _ register: Int, at range: SourceRange) { names.append((name, register, range)) }
    func register(of name: String) -> Int? { names.first { $0.name == name }?.register }
}

extension UnitCompiler {
    func compileMatch(_ subject: Expression, _ cases: [MatchCase]) throws(SyntaxProblem) {
        let subjectRegister = try push(subject)
        let end = Label()
        for (index, matchCase) in cases.enumerated() {
            let isLast = index == cases.count - 1
            if !isLast, matchCase.guard == nil, let culprit = matchCase.pattern.irrefutableReason {
                throw problem("\(culprit.text) makes remaining patterns unreachable", at: culprit.range)
            }
            try compileCase(matchCase, subjectRegister, end)
        }
        emit(.clear, a: operand(subjectRegister), at: subject.range)
        release(to: subjectRegister)
        place(end)
    }

    private func compileCase(_ matchCase: MatchCase, _ subject: Int, _ end: Label) throws(SyntaxProblem) {
        let range = matchCase.pattern.range
        let mark = top
        let failed = Label()
        let next = Label()
        var captures = Captures()
        try PatternNames.check(matchCase.pattern, in: compilation.source)
        var highest = mark
        try compilePattern(matchCase.pattern, subject, owned: false, &captures, failed, &highest)
        for capture in captures.names { store(capture.name, .temporary(capture.register), at: capture.range) }
        let count = highest - mark
        if count > captures.names.count { emit(.clearRange, a: operand(mark), b: index(count), at: range) }
        release(to: mark)
        if let condition = matchCase.guard { try compileCondition(condition, jumpingIf: false, to: next) }
        emit(.clear, a: operand(subject), at: range)
        try compile(matchCase.body)
        jump(to: end, at: range)
        place(failed)
        if count > 0 { emit(.clearRange, a: operand(mark), b: index(count), at: range) }
        place(next)
    }

    // MARK: patterns

    /// Tests R[subject] against a pattern; falls through when it matches, else jumps to `failed`. Items and captured values
    /// stay in temporaries from `top` on: whoever continues clears what is left of them. `owned`: the subject is itself
    /// such a temporary, which a capture may simply keep.
    private func compilePattern(
        _ pattern: Pattern, _ subject: Int, owned: Bool, _ captures: inout Captures, _ failed: Label, _ highest: inout Int
    ) throws(SyntaxProblem) {
        let range = pattern.range
        try enter(at: range)
        defer {
            leave()
            highest = max(highest, top)
        }
        switch pattern.node {
        case .value, .singleton: try compileLiteral(pattern, subject, jumpingIf: false, to: failed)
        case .sequence(let items): try compileSequence(items, pattern, subject, &captures, failed, &highest)
        case .star: throw problem("can't use starred pattern here", at: range)
        case .mapping(let keys, let patterns, let rest):
            try compileMapping(keys, patterns, rest, pattern, subject, &captures, failed, &highest)
        case .class(let type, let positional, let keywords):
            try compileClassPattern(type, positional, keywords, pattern, subject, &captures, failed, &highest)
        case .capture(let inner, let name):
            if let inner { try compilePattern(inner, subject, owned: false, &captures, failed, &highest) }
            if let name { capture(name, subject, owned: owned, &captures, at: range) }
        case .or(let alternatives): try compileAlternatives(alternatives, pattern, subject, &captures, failed, &highest)
        }
    }

    private func capture(_ name: String, _ subject: Int, owned: Bool, _ captures: inout Captures, at range: SourceRange) {
        var register = subject
        if !owned {
            register = take()
            emit(.move, a: operand(register), b: operand(subject), at: range)
        }
        captures.add(name, register, at: range)
    }

    /// Jumps when the subject is, or is not, the literal.
    private func compileLiteral(
        _ pattern: Pattern, _ subject: Int, jumpingIf sense: Bool, to label: Label
    ) throws(SyntaxProblem) {
        let range = pattern.range
        let negate = sense ? 0 : OperandFlag.negate
        let mark = top
        defer { release(to: mark) }
        switch pattern.node {
        case .value(let expression):
            let value = try self.value(expression)
            let x = negate | value.consumed(OperandFlag.consumeB)
            jump(.jumpEqual, x: x, a: operand(subject), b: operand(value.register), to: label, at: range)
        case .singleton(.none): jump(.jumpIsNone, x: negate, a: operand(subject), to: label, at: range)
        case .singleton(let constant):
            let value = take()
            load(CodeConstant(constant), into: value, at: range)
            jump(.jumpIs, x: negate | OperandFlag.consumeB, a: operand(subject), b: operand(value), to: label, at: range)
        default: preconditionFailure("a pattern that is no literal")
        }
    }

    /// `R[register] = test of the subject`, then away when it is false.
    private func require(_ op: Opcode, _ subject: Int, _ failed: Label, at range: SourceRange) {
        let result = take()
        emit(op, a: operand(result), b: operand(subject), at: range)
        jump(.jumpIfFalse, x: OperandFlag.consumeA, a: operand(result), to: failed, at: range)
        release(to: result)
    }

    /// Away when `len(subject)` compares so with `count`.
    private func requireLength(
        _ subject: Int, failingWhen op: Opcode, _ count: Int, _ failed: Label, at range: SourceRange
    ) {
        let length = take()
        emit(.getLength, a: operand(length), b: operand(subject), at: range)
        let limit = UInt16(bitPattern: Int16(clamping: count))
        jump(op, x: OperandFlag.consumeA, a: operand(length), b: limit, to: failed, at: range)
        release(to: length)
    }

    private func compileSequence(
        _ items: [Pattern], _ pattern: Pattern, _ subject: Int, _ captures: inout Captures, _ failed: Label, _ highest: inout Int
    ) throws(SyntaxProblem) {
        let range = pattern.range
        let stars = items.indices.filter { items[$0].isStar }
        if stars.count > 1 { throw problem("multiple starred names in sequence pattern", at: range) }
        require(.matchSequence, subject, failed, at: range)
        if let star = stars.first {
            if items.count > 1 { requireLength(subject, failingWhen: .jumpLessI, items.count - 1, failed, at: range) }
            if case .star(nil) = items[star].node {
                return try compileIndexed(items, star, subject, &captures, failed, &highest)
            }
        } else {
            requireLength(subject, failingWhen: .jumpNotEqualI, items.count, failed, at: range)
        }
        if items.allSatisfy({ $0.isWildcard }) { return }
        let first = take(items.count)
        if let star = stars.first {
            let after = items.count - star - 1
            guard after <= 31 else { throw problem("too many expressions in star-unpacking sequence pattern", at: range) }
            emit(.unpackStar, x: UInt8(after), a: operand(first), b: operand(subject), c: index(star), at: range)
        } else {
            emit(.unpack, a: operand(first), b: operand(subject), c: index(items.count), at: range)
        }
        for (offset, item) in items.enumerated() {
            if case .star(let name) = item.node {
                if let name { captures.add(name, first + offset, at: item.range) }
            } else {
                try compilePattern(item, first + offset, owned: true, &captures, failed, &highest)
            }
        }
    }

    /// `[a, *_, b]`: single items, counted from either end; the rest is never looked at.
    private func compileIndexed(
        _ items: [Pattern], _ star: Int, _ subject: Int, _ captures: inout Captures, _ failed: Label, _ highest: inout Int
    ) throws(SyntaxProblem) {
        for (offset, item) in items.enumerated() where offset != star && !item.isWildcard {
            let value = take()
            if offset < star {
                emit(.getItemI, a: operand(value), b: operand(subject), c: index(offset), at: item.range)
            } else {
                emit(.getLength, a: operand(value), b: operand(subject), at: item.range)
                emit(.subtractI, a: operand(value), b: operand(value), c: index(items.count - offset), at: item.range)
                emit(.getItem, a: operand(value), b: operand(subject), c: operand(value), at: item.range)
            }
            try compilePattern(item, value, owned: true, &captures, failed, &highest)
        }
    }

    private func compileMapping(
        _ keys: [Expression], _ patterns: [Pattern], _ rest: String?, _ pattern: Pattern, _ subject: Int, _ captures: inout Captures,
        _ failed: Label, _ highest: inout Int
    ) throws(SyntaxProblem) {
        let range = pattern.range
        try checkKeys(keys, at: range)
        require(.matchMapping, subject, failed, at: range)
        if keys.isEmpty, rest == nil { return }
        if !keys.isEmpty { requireLength(subject, failingWhen: .jumpLessI, keys.count, failed, at: range) }
        let keyTuple = try push(Expression(.tuple(keys), range))
        if !keys.isEmpty {
            let first = take(keys.count)
            let found = take()
            highest = max(highest, top)
            emit(.matchKeys, a: operand(found), b: operand(subject), c: operand(keyTuple), at: range)
            jump(.jumpIsNone, a: operand(found), to: failed, at: range)
            emit(.unpack, x: OperandFlag.consumeB, a: operand(first), b: operand(found), c: index(keys.count), at: range)
            release(to: found)
            for (offset, item) in patterns.enumerated() {
                try compilePattern(item, first + offset, owned: true, &captures, failed, &highest)
            }
        }
        if let rest {
            let remaining = take()
            emit(.copyDictWithout, a: operand(remaining), b: operand(subject), c: operand(keyTuple), at: range)
            captures.add(rest, remaining, at: range)
        }
    }

    private func checkKeys(_ keys: [Expression], at range: SourceRange) throws(SyntaxProblem) {
        var seen: Set<String> = []
        for key in keys {
            guard case .constant(let constant) = key.node else { continue }
            if !seen.insert(constant.representation).inserted {
                throw problem("mapping pattern checks duplicate key (\(constant.representation))", at: range)
            }
        }
    }

    private func compileClassPattern(
        _ type: Expression, _ positional: [Pattern], _ keywords: [(name: String, pattern: Pattern)], _ pattern: Pattern, _ subject: Int,
        _ captures: inout Captures, _ failed: Label, _ highest: inout Int
    ) throws(SyntaxProblem) {
        let range = pattern.range
        var seen: Set<String> = []
        for keyword in keywords where !seen.insert(keyword.name).inserted {
            throw problem("attribute name repeated in class pattern: \(keyword.name)", at: keyword.pattern.range)
        }
        let patterns = positional + keywords.map(\.pattern)
        let first = take(patterns.count)
        let found = top
        let typeValue = try value(type)
        _ = settle(.push, from: found)
        highest = max(highest, top)
        let x = typeValue.consumed(OperandFlag.consumeC, unless: found)
        let names = CodeConstant.tuple(keywords.map { .string(current.mangled($0.name)) })
        emit(.matchClass, x: x, a: operand(found), b: operand(subject), c: operand(typeValue.register), at: range)
        emit(.extra, a: index(positional.count), b: constant(names), at: range)
        jump(.jumpIsNone, a: operand(found), to: failed, at: range)
        if patterns.isEmpty {
            emit(.clear, a: operand(found), at: range)
        } else {
            emit(.unpack, x: OperandFlag.consumeB, a: operand(first), b: operand(found), c: index(patterns.count), at: range)
        }
        release(to: found)
        for (offset, item) in patterns.enumerated() {
            try compilePattern(item, first + offset, owned: true, &captures, failed, &highest)
        }
    }

    /// Each alternative that matches moves what it captured to the same temporaries.
    private func compileAlternatives(
        _ alternatives: [Pattern], _ pattern: Pattern, _ subject: Int, _ captures: inout Captures, _ failed: Label, _ highest: inout Int
    ) throws(SyntaxProblem) {
        let range = pattern.range
        let matched = Label()
        let ordered = try PatternNames.check(pattern, in: compilation.source).sorted()
        let first = take(ordered.count)
        let mark = top
        for (index, alternative) in alternatives.enumerated() {
            var own = Captures()
            let next = Label()
            var ownHighest = mark
            let isLast = index == alternatives.count - 1
            if alternative.isLiteral {
                try compileLiteral(alternative, subject, jumpingIf: !isLast, to: isLast ? failed : matched)
                continue
            }
            try compilePattern(alternative, subject, owned: false, &own, next, &ownHighest)
            for (offset, name) in ordered.enumerated() {
                guard let register = own.register(of: name) else { continue }
                emit(.moveTemp, a: operand(first + offset), b: operand(register), at: range)
            }
            let count = ownHighest - mark
            if count > ordered.count { emit(.clearRange, a: operand(mark), b: self.index(count), at: range) }
            jump(to: matched, at: range)
            release(to: mark)
            place(next)
            if count > 0 { emit(.clearRange, a: operand(mark), b: self.index(count), at: range) }
            if isLast { jump(to: failed, at: range) }
        }
        place(matched)
        for (offset, name) in ordered.enumerated() { captures.add(name, first + offset, at: range) }
    }
}

extension Pattern {
    fileprivate var isStar: Bool { if case .star = node { true } else { false } }

    fileprivate var isLiteral: Bool {
        switch node {
        case .value, .singleton: true
        default: false
        }
    }

    fileprivate var isWildcard: Bool {
        switch node {
        case .capture(nil, nil), .star(nil): true
        default: false
        }
    }

    /// Why this pattern matches everything, in CPython's words; nil when it does not.
    var irrefutableReason: (text: String, range: SourceRange)? {
        switch node {
        case .capture(nil, nil): ("wildcard", range)
        case .capture(nil, let name?): ("name capture '\(name)'", range)
        case .capture(let inner?, _): inner.irrefutableReason
        case .or(let alternatives): alternatives.last?.irrefutableReason
        case .value, .singleton, .sequence, .star, .mapping, .class: nil
        }
    }
}

extension Constant {
    /// As `repr` shows it, near enough to tell keys apart.
    fileprivate var representation: String {
        switch self {
        case .none: "None"
        case .true: "True"
        case .false: "False"
        case .ellipsis: "Ellipsis"
        case .int(let value): String(value)
        case .bigInt(let digits, _): digits
        case .float(let value): "\(value)"
        case .string(let value): "'\(value)'"
        case .surrogateString: "a str with lone surrogates"
        case .bytes(let value): "b'\(String(decoding: value, as: UTF8.self))'"
        }
    }
}
