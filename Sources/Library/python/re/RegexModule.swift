import Interpreter

/// A compiled pattern as programs hold it.
final class RegexPattern {
    let source: Reference
    let isBytes: Bool
    let flags: Int
    let program: RegexProgram
    let groupNames: [(name: String, index: Int)]

    init(source: Reference, isBytes: Bool, flags: Int, program: RegexProgram, groupNames: [(name: String, index: Int)]) {
        self.source = source
        self.isBytes = isBytes
        self.flags = flags
        self.program = program
        self.groupNames = groupNames
    }
}

/// A match: spans in characters (bytes for bytes).
final class RegexMatch {
    let pattern: Reference
    let subject: Reference
    let groups: [Int]
    let start: Int
    let end: Int

    init(pattern: Reference, subject: Reference, groups: [Int], start: Int, end: Int) {
        self.pattern = pattern
        self.subject = subject
        self.groups = groups
        self.start = start
        self.end = end
    }

    var lastIndex: Int {
        var last = 0
        var lastEnd = -1
        for index in stride(from: 2, to: groups.count, by: 2) where groups[index + 1] >= 0 && groups[index + 1] >= lastEnd {
            if groups[index + 1] > lastEnd || last == 0 { last = index / 2 }
            lastEnd = groups[index + 1]
        }
        return last
    }
}

/// Text in the form the matcher reads: bytes when one unit is one character.
final class RegexSubject {
    let value: Value
    let isBytes: Bool
    let count: Int
    private let narrow: UnsafeBufferPointer<UInt8>?
    private let wide: [UInt32]

    init(_ vm: VM, _ value: Value) throws(PythonError) {
        let plain = vm.payload(value)
        self.value = plain
        switch plain.tag {
        case Tag.string:
            isBytes = false
            let bytes = vm.utf8(plain)
            count = plain.string.pointee.length
            if count == bytes.count {
                narrow = bytes
                wide = []
            } else {
                narrow = nil
                wide = String(decoding: bytes, as: UTF8.self).unicodeScalars.map { $0.value }
            }
        case Tag.bytes, Tag.byteArray:
            isBytes = true
            let bytes = vm.byteBuffer(plain)
            narrow = bytes
            wide = []
            count = bytes.count
        default: throw vm.typeError("expected string or bytes-like object, got '\(vm.typeName(value))'")
        }
    }

    enum Mode { case search, match, fullMatch }

    /// Spans of the groups of a match, nil when there is none.
    func find(_ vm: VM, _ program: RegexProgram, _ mode: Mode, from: Int, start: Int, end: Int) throws(PythonError) -> [Int]? {
        if let narrow { return try find(vm, program, narrow, mode, from: from, start: start, end: end) }
        var result: Result<[Int]?, PythonError> = .success(nil)
        wide.withUnsafeBufferPointer { buffer in
            do throws(PythonError) {
                result = .success(try find(vm, program, buffer, mode, from: from, start: start, end: end))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    private func find<Character: FixedWidthInteger & UnsignedInteger>(
        _ vm: VM, _ program: RegexProgram, _ text: UnsafeBufferPointer<Character>, _ mode: Mode, from: Int, start: Int, end: Int
    ) throws(PythonError) -> [Int]? {
        var matcher = RegexMatcher(program, text, start: start, end: end, mustReachEnd: mode == .fullMatch, interrupt: vm.interruptFlag)
        let found = mode == .search ? matcher.search(from: from) : matcher.match(at: from)
        if matcher.wasInterrupted { try vm.poll() }
        return found ? matcher.groups : nil
    }

    /// A part of the text, owned.
    func slice(_ vm: VM, _ from: Int, _ to: Int) -> Value {
        if let narrow {
            let part = UnsafeBufferPointer(rebasing: narrow[from..<max(from, to)])
            return isBytes ? vm.bytes(part) : vm.string(part)
        }
        return vm.string(String(String.UnicodeScalarView(wide[from..<max(from, to)].compactMap { Unicode.Scalar($0) })))
    }
}

/// The `re` module.
func registerRegex(_ vm: VM) {
    vm.registerNativeModule("re") { (vm, module) throws(PythonError) -> Void in
        RegexModule(vm, module).fill()
    }
}

/// The classes and functions of `re`, as one module instance binds them.
struct RegexModule {
    let vm: VM
    let module: NativeModule
    let state = State()

    /// What the module's functions share.
    final class State {
        var patternClass: ClassPointer?
        var matchClass: ClassPointer?
        var errorClass: Value = .undefined
        var cache: [String: Reference] = [:]
    }

    init(_ vm: VM, _ module: NativeModule) {
        self.vm = vm
        self.module = module
    }

    func fill() {
        let flags: [(String, String, Int)] = [
            ("A", "ASCII", RegexFlag.ascii), ("I", "IGNORECASE", RegexFlag.ignoreCase), ("L", "LOCALE", RegexFlag.locale),
            ("M", "MULTILINE", RegexFlag.multiline), ("S", "DOTALL", RegexFlag.dotAll), ("U", "UNICODE", RegexFlag.unicode),
            ("X", "VERBOSE", RegexFlag.verbose), ("DEBUG", "DEBUG", RegexFlag.debug), ("NOFLAG", "NOFLAG", 0),
        ]
        for (short, long, value) in flags {
            module.set(short, .int(value))
            module.set(long, .int(value))
        }
        makeErrorClass()
        state.patternClass = module.nativeClass("Pattern") { vm, type in self.fillPattern(type) }
        state.matchClass = module.nativeClass("Match") { vm, type in self.fillMatch(type) }
        module.function("compile", "pattern, flags=0") { (vm, a) throws(PythonError) -> Value in try self.compile(a[0], a[1]) }
        module.function("purge", "") { (vm, a) throws(PythonError) -> Value in
            self.state.cache = [:]
            return .none
        }
        module.function("escape", "pattern") { (vm, a) throws(PythonError) -> Value in try self.escape(a[0]) }
        /// Module functions are the methods of a pattern compiled on the way.
        func forward(_ name: String, _ signature: String, flags: Int) {
            module.function(name, signature) { (vm, a) throws(PythonError) -> Value in
                let pattern = try self.compile(a[0], a[flags])
                defer { vm.heap.release(pattern) }
                let arguments = (1..<flags).map { a[$0] }
                return try vm.call(try self.method(name), arguments: [pattern] + arguments)
            }
        }
        forward("match", "pattern, string, flags=0", flags: 2)
        forward("fullmatch", "pattern, string, flags=0", flags: 2)
        forward("search", "pattern, string, flags=0", flags: 2)
        forward("findall", "pattern, string, flags=0", flags: 2)
        forward("finditer", "pattern, string, flags=0", flags: 2)
        forward("split", "pattern, string, maxsplit=0, flags=0", flags: 3)
        forward("sub", "pattern, repl, string, count=0, flags=0", flags: 4)
        forward("subn", "pattern, repl, string, count=0, flags=0", flags: 4)
    }

    private func method(_ name: String) throws(PythonError) -> Value {
        vm.lookup(state.patternClass.unsafelyUnwrapped, vm.intern(name))
    }

    // MARK: errors

    private func makeErrorClass() {
        guard let base = vm.builtinClasses["Exception"] else { return }
        let namespace = vm.dict()
        let keywords = vm.dict()
        defer { vm.heap.release(keywords) }
        do throws(PythonError) {
            let made = try vm.buildClass(name: "error", bases: [base.value], namespace: namespace, keywords: keywords.dict, module: "re")
            state.errorClass = made
            module.set("error", made.retained())
        } catch {
            vm.discard(error)
        }
    }

    private func failure(_ problem: RegexProblem, _ pattern: Value) -> PythonError {
        let text = "\(problem.message) at position \(problem.position)"
        do throws(PythonError) {
            let message = vm.string(text)
            defer { vm.heap.release(message) }
            let made = try vm.call(state.errorClass, message)
            let short = vm.string(problem.message)
            defer { vm.heap.release(short) }
            try vm.setAttribute(made, "msg", short)
            try vm.setAttribute(made, "pattern", pattern)
            try vm.setAttribute(made, "pos", .int(problem.position))
            try vm.setAttribute(made, "lineno", .int(1))
            try vm.setAttribute(made, "colno", .int(problem.position + 1))
            return PythonError(made)
        } catch {
            return error
        }
    }

    // MARK: compiling

    func compile(_ source: Value, _ flagsValue: Value) throws(PythonError) -> Value {
        let flags = try vm.index(flagsValue)
        if vm.nativeObject(source, as: RegexPattern.self) != nil {
            if flags != 0 { throw vm.valueError("cannot process flags argument with a compiled pattern") }
            return source.retained()
        }
        let plain = vm.payload(source)
        guard plain.tag == Tag.string || plain.tag == Tag.bytes else { throw vm.typeError("first argument must be string or compiled pattern") }
        let isBytes = plain.tag == Tag.bytes
        let text = isBytes ? String(decoding: vm.byteBuffer(plain).map { $0 }, as: UTF8.self) : vm.text(plain)
        let key = "\(isBytes ? "b" : "s")\(flags):\(text)"
        if let cached = state.cache[key], !isBytes { return cached.value.retained() }
        let units = isBytes ? vm.byteBuffer(plain).map { UInt32($0) } : text.unicodeScalars.map { $0.value }
        var parser = RegexParser(units, flags: flags, isBytes: isBytes)
        let node: RegexNode
        do throws(RegexProblem) {
            node = try parser.parse()
        } catch {
            throw failure(error, plain)
        }
        var finalFlags = parser.flags
        if !isBytes, finalFlags & RegexFlag.ascii == 0 { finalFlags |= RegexFlag.unicode }
        let pattern = RegexPattern(
            source: Reference(plain, vm.heap), isBytes: isBytes, flags: finalFlags,
            program: RegexProgram(node, groupCount: parser.groupCount), groupNames: parser.groupNames)
        let value = vm.native(pattern, state.patternClass.unsafelyUnwrapped)
        if state.cache.count >= 512 { state.cache = [:] }
        if !isBytes { state.cache[key] = Reference(value, vm.heap) }
        return value
    }

    private func escape(_ value: Value) throws(PythonError) -> Value {
        let special: Set<UInt8> = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{0B}\u{0C}".utf8)
        var result: [UInt8] = []
        let isBytes = value.tag == Tag.bytes
        guard isBytes || value.tag == Tag.string else { throw vm.typeError("decoding to str: need a bytes-like object, \(vm.typeName(value)) found") }
        for byte in isBytes ? vm.byteBuffer(value) : vm.utf8(value) {
            if special.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return isBytes ? vm.bytes(result) : vm.string(result)
    }

    // MARK: patterns

    private func pattern(_ value: Value) throws(PythonError) -> RegexPattern {
        guard let pattern = vm.nativeObject(value, as: RegexPattern.self) else { throw vm.typeError("re.Pattern expected, got \(vm.typeName(value))") }
        return pattern
    }

    private func subject(_ pattern: RegexPattern, _ value: Value) throws(PythonError) -> RegexSubject {
        let subject = try RegexSubject(vm, value)
        if subject.isBytes != pattern.isBytes {
            throw vm.typeError(
                pattern.isBytes ? "cannot use a bytes pattern on a string-like object" : "cannot use a string pattern on a bytes-like object")
        }
        return subject
    }

    private func fillPattern(_ type: ClassPointer) {
        for (name, mode) in [("match", RegexSubject.Mode.match), ("fullmatch", .fullMatch), ("search", .search)] {
            vm.define(type, name, "self, string, pos=0, endpos=9223372036854775807") { (vm, a) throws(PythonError) -> Value in
                let pattern = try self.pattern(a[0])
                let subject = try self.subject(pattern, a[1])
                let end = min(max(0, try vm.index(a[3])), subject.count)
                let start = min(max(0, try vm.index(a[2])), subject.count)
                if start > end { return .none }
                guard let groups = try subject.find(vm, pattern.program, mode, from: start, start: start == 0 ? 0 : start, end: end) else { return .none }
                return self.matchValue(a[0], a[1], groups, start, end)
            }
        }
        vm.define(type, "findall", "self, string, pos=0, endpos=9223372036854775807") { (vm, a) throws(PythonError) -> Value in
            let pattern = try self.pattern(a[0])
            let subject = try self.subject(pattern, a[1])
            let list = vm.list()
            do throws(PythonError) {
                try self.forEachMatch(pattern, subject, try vm.index(a[2]), try vm.index(a[3])) { groups in
                    vm.listAppend(list.list, self.findallItem(pattern, subject, groups))
                }
            } catch {
                vm.heap.release(list)
                throw error
            }
            return list
        }
        vm.define(type, "finditer", "self, string, pos=0, endpos=9223372036854775807") { (vm, a) throws(PythonError) -> Value in
            let pattern = try self.pattern(a[0])
            let subject = try self.subject(pattern, a[1])
            let list = vm.list()
            defer { vm.heap.release(list) }
            let (from, to) = (try vm.index(a[2]), try vm.index(a[3]))
            try self.forEachMatch(pattern, subject, from, to) { groups in
                vm.listAppend(list.list, self.matchValue(a[0], a[1], groups, max(0, from), min(subject.count, to)))
            }
            return try vm.makeIterator(list)
        }
        vm.define(type, "split", "self, string, maxsplit=0") { (vm, a) throws(PythonError) -> Value in try self.split(a[0], a[1], try vm.index(a[2])) }
        vm.define(type, "sub", "self, repl, string, count=0") { (vm, a) throws(PythonError) -> Value in
            try self.substitute(a[0], a[1], a[2], try vm.index(a[3])).0
        }
        vm.define(type, "subn", "self, repl, string, count=0") { (vm, a) throws(PythonError) -> Value in
            let (text, count) = try self.substitute(a[0], a[1], a[2], try vm.index(a[3]))
            return vm.tuple([text, .int(count)])
        }
        vm.defineProperty(type, "pattern") { (vm, value) throws(PythonError) -> Value in try self.pattern(value).source.value.retained() }
        vm.defineProperty(type, "flags") { (vm, value) throws(PythonError) -> Value in .int(try self.pattern(value).flags) }
        vm.defineProperty(type, "groups") { (vm, value) throws(PythonError) -> Value in .int(try self.pattern(value).program.groupCount) }
        vm.defineProperty(type, "groupindex") { (vm, value) throws(PythonError) -> Value in
            let result = vm.dict()
            for (name, index) in try self.pattern(value).groupNames { vm.dictSet(result.dict, name, .int(index)) }
            return result
        }
        vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let pattern = try self.pattern(a[0])
            var text = "re.compile(\(try vm.reprText(pattern.source.value))"
            let names = [
                (RegexFlag.ignoreCase, "re.IGNORECASE"), (RegexFlag.multiline, "re.MULTILINE"), (RegexFlag.dotAll, "re.DOTALL"),
                (RegexFlag.verbose, "re.VERBOSE"), (RegexFlag.ascii, "re.ASCII"),
            ].filter { pattern.flags & $0.0 != 0 }.map { $0.1 }
            if !names.isEmpty { text += ", " + names.joined(separator: "|") }
            return vm.string(text + ")")
        }
        vm.define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard let other = vm.nativeObject(a[1], as: RegexPattern.self) else { return .notImplemented }
            let own = try self.pattern(a[0])
            return .bool(own.flags == other.flags && (try vm.equals(own.source.value, other.source.value)))
        }
        vm.define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try vm.hash(try self.pattern(a[0]).source.value)) }
        vm.define(type, "__copy__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(type, "__deepcopy__", "self, memo, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
    }

    /// Successive matches as `findall` sees them: an empty match may not touch the end of the one before it.
    private func forEachMatch(
        _ pattern: RegexPattern, _ subject: RegexSubject, _ from: Int, _ to: Int, _ body: ([Int]) throws(PythonError) -> Void
    ) throws(PythonError) {
        let end = min(max(0, to), subject.count)
        var position = min(max(0, from), subject.count)
        let start = position
        var previousEnd = -1
        while position <= end {
            guard let groups = try subject.find(vm, pattern.program, .search, from: position, start: start, end: end) else { return }
            if groups[0] == groups[1], groups[0] == previousEnd {
                // Look for a longer match here, else go on one further.
                position = groups[1] + 1
                if position > end { return }
                if let longer = try nonEmpty(pattern, subject, at: groups[0], start, end) {
                    try body(longer)
                    previousEnd = longer[1]
                    position = longer[1]
                }
                continue
            }
            try body(groups)
            previousEnd = groups[1]
            position = groups[1]
        }
    }

    /// A match that begins here and is not empty (alternatives further back may give one).
    private func nonEmpty(_ pattern: RegexPattern, _ subject: RegexSubject, at position: Int, _ start: Int, _ end: Int) throws(PythonError) -> [Int]? {
        guard let groups = try subject.find(vm, pattern.program, .match, from: position, start: start, end: end), groups[1] > groups[0] else {
            return nil
        }
        return groups
    }

    private func group(_ subject: RegexSubject, _ groups: [Int], _ index: Int, missing: Value) -> Value {
        groups[2 * index] < 0 || groups[2 * index + 1] < 0 ? missing.retained() : subject.slice(vm, groups[2 * index], groups[2 * index + 1])
    }

    private func findallItem(_ pattern: RegexPattern, _ subject: RegexSubject, _ groups: [Int]) -> Value {
        let empty = subject.slice(vm, 0, 0)
        defer { vm.heap.release(empty) }
        switch pattern.program.groupCount {
        case 0: return subject.slice(vm, groups[0], groups[1])
        case 1: return group(subject, groups, 1, missing: empty)
        default: return vm.tuple((1...pattern.program.groupCount).map { group(subject, groups, $0, missing: empty) })
        }
    }

    private func split(_ patternValue: Value, _ text: Value, _ limit: Int) throws(PythonError) -> Value {
        let pattern = try pattern(patternValue)
        let subject = try subject(pattern, text)
        let list = vm.list()
        var last = 0
        var count = 0
        do throws(PythonError) {
            try forEachMatch(pattern, subject, 0, subject.count) { groups in
                if limit > 0, count >= limit { return }
                count += 1
                vm.listAppend(list.list, subject.slice(vm, last, groups[0]))
                for index in 0..<pattern.program.groupCount { vm.listAppend(list.list, group(subject, groups, index + 1, missing: .none)) }
                last = groups[1]
            }
        } catch {
            vm.heap.release(list)
            throw error
        }
        vm.listAppend(list.list, subject.slice(vm, last, subject.count))
        return list
    }

    // MARK: substitution

    private func substitute(_ patternValue: Value, _ replacement: Value, _ text: Value, _ limit: Int) throws(PythonError) -> (Value, Int) {
        let pattern = try pattern(patternValue)
        let subject = try subject(pattern, text)
        let plain = vm.payload(replacement)
        var template: RegexTemplate?
        if plain.tag == Tag.string || plain.tag == Tag.bytes {
            do throws(RegexProblem) {
                template = try RegexTemplate(plain.tag == Tag.string ? Array(vm.utf8(plain)) : Array(vm.byteBuffer(plain)), pattern)
            } catch {
                if error.message.hasPrefix("unknown group name") {
                    throw vm.indexError(error.message)
                }
                throw failure(error, plain)
            }
        }
        var output: [UInt8] = []
        var last = 0
        var count = 0
        func append(_ value: Value) {
            output.append(contentsOf: pattern.isBytes ? vm.byteBuffer(value) : vm.utf8(value))
            vm.heap.release(value)
        }
        try forEachMatch(pattern, subject, 0, subject.count) { (groups) throws(PythonError) -> Void in
            if limit > 0, count >= limit { return }
            count += 1
            append(subject.slice(vm, last, groups[0]))
            last = groups[1]
            if let template {
                for part in template.parts {
                    switch part {
                    case .literal(let bytes): output.append(contentsOf: bytes)
                    case .group(let index):
                        if groups[2 * index] >= 0, groups[2 * index + 1] >= 0 { append(subject.slice(vm, groups[2 * index], groups[2 * index + 1])) }
                    }
                }
                return
            }
            let match = matchValue(patternValue, text, groups, 0, subject.count)
            defer { vm.heap.release(match) }
            let made = try vm.call(replacement, match)
            guard made.tag == (pattern.isBytes ? Tag.bytes : Tag.string) else {
                defer { vm.heap.release(made) }
                throw vm.typeError("expected \(pattern.isBytes ? "a bytes-like object" : "str instance"), \(vm.typeName(made)) found")
            }
            append(made)
        }
        append(subject.slice(vm, last, subject.count))
        return (pattern.isBytes ? vm.bytes(output) : vm.string(output), count)
    }

    // MARK: matches

    private func matchValue(_ pattern: Value, _ subject: Value, _ groups: [Int], _ start: Int, _ end: Int) -> Value {
        let match = RegexMatch(pattern: Reference(pattern, vm.heap), subject: Reference(subject, vm.heap), groups: groups, start: start, end: end)
        return vm.native(match, state.matchClass.unsafelyUnwrapped)
    }

    private func match(_ value: Value) throws(PythonError) -> RegexMatch {
        guard let match = vm.nativeObject(value, as: RegexMatch.self) else { throw vm.typeError("re.Match expected, got \(vm.typeName(value))") }
        return match
    }

    /// The index of a group given by number or name.
    private func groupIndex(_ match: RegexMatch, _ key: Value) throws(PythonError) -> Int {
        if key.tag == Tag.string {
            let names = try pattern(match.pattern.value).groupNames
            if let found = names.first(where: { $0.name == vm.text(key) }) { return found.index }
            throw vm.indexError("no such group")
        }
        let index = try vm.index(key)
        guard index >= 0, 2 * index < match.groups.count else { throw vm.indexError("no such group") }
        return index
    }

    private func fillMatch(_ type: ClassPointer) {
        vm.define(type, "group", "self, *groups") { (vm, a) throws(PythonError) -> Value in
            let match = try self.match(a[0])
            let subject = try RegexSubject(vm, match.subject.value)
            let count = a[1].tuple.pointee.count
            if count == 0 { return self.group(subject, match.groups, 0, missing: .none) }
            if count == 1 { return self.group(subject, match.groups, try self.groupIndex(match, a[1].tuple.items[0]), missing: .none) }
            var items: [Value] = []
            for index in 0..<count { items.append(self.group(subject, match.groups, try self.groupIndex(match, a[1].tuple.items[index]), missing: .none)) }
            return vm.tuple(items)
        }
        vm.define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            let match = try self.match(a[0])
            return self.group(try RegexSubject(vm, match.subject.value), match.groups, try self.groupIndex(match, a[1]), missing: .none)
        }
        vm.define(type, "groups", "self, default=None") { (vm, a) throws(PythonError) -> Value in
            let match = try self.match(a[0])
            let subject = try RegexSubject(vm, match.subject.value)
            return vm.tuple((1..<max(1, match.groups.count / 2)).map { self.group(subject, match.groups, $0, missing: a[1]) })
        }
        vm.define(type, "groupdict", "self, default=None") { (vm, a) throws(PythonError) -> Value in
            let match = try self.match(a[0])
            let subject = try RegexSubject(vm, match.subject.value)
            let result = vm.dict()
            for (name, index) in try self.pattern(match.pattern.value).groupNames {
                let value = self.group(subject, match.groups, index, missing: a[1])
                vm.dictSet(result.dict, name, value)
                vm.heap.release(value)
            }
            return result
        }
        func span(_ name: String, _ make: @escaping (Int, Int) -> Value) {
            vm.define(type, name, "self, group=0, /") { (vm, a) throws(PythonError) -> Value in
                let match = try self.match(a[0])
                let index = try self.groupIndex(match, a[1])
                let isSet = match.groups[2 * index + 1] >= 0
                return make(isSet ? match.groups[2 * index] : -1, match.groups[2 * index + 1])
            }
        }
        span("start") { start, _ in .int(start) }
        span("end") { _, end in .int(end) }
        span("span") { [vm] start, end in vm.tuple([.int(start), .int(end)]) }
        vm.define(type, "expand", "self, template") { (vm, a) throws(PythonError) -> Value in
            let match = try self.match(a[0])
            let pattern = try self.pattern(match.pattern.value)
            let subject = try RegexSubject(vm, match.subject.value)
            var output: [UInt8] = []
            do throws(RegexProblem) {
                for part in try RegexTemplate(Array(vm.utf8(a[1])), pattern).parts {
                    switch part {
                    case .literal(let bytes): output.append(contentsOf: bytes)
                    case .group(let index):
                        let value = self.group(subject, match.groups, index, missing: .none)
                        if value.tag == Tag.string { output.append(contentsOf: vm.utf8(value)) }
                        vm.heap.release(value)
                    }
                }
            } catch {
                throw self.failure(error, a[1])
            }
            return vm.string(output)
        }
        vm.defineProperty(type, "string") { (vm, value) throws(PythonError) -> Value in try self.match(value).subject.value.retained() }
        vm.defineProperty(type, "re") { (vm, value) throws(PythonError) -> Value in try self.match(value).pattern.value.retained() }
        vm.defineProperty(type, "pos") { (vm, value) throws(PythonError) -> Value in .int(try self.match(value).start) }
        vm.defineProperty(type, "endpos") { (vm, value) throws(PythonError) -> Value in .int(try self.match(value).end) }
        vm.defineProperty(type, "lastindex") { (vm, value) throws(PythonError) -> Value in
            let last = try self.match(value).lastIndex
            return last == 0 ? .none : .int(last)
        }
        vm.defineProperty(type, "lastgroup") { (vm, value) throws(PythonError) -> Value in
            let match = try self.match(value)
            let last = match.lastIndex
            guard let name = try self.pattern(match.pattern.value).groupNames.first(where: { $0.index == last }) else { return .none }
            return vm.string(name.name)
        }
        vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let match = try self.match(a[0])
            let whole = self.group(try RegexSubject(vm, match.subject.value), match.groups, 0, missing: .none)
            defer { vm.heap.release(whole) }
            return vm.string("<re.Match object; span=(\(match.groups[0]), \(match.groups[1])), match=\(try vm.reprText(whole))>")
        }
        vm.define(type, "__bool__", "self, /") { (vm, a) throws(PythonError) -> Value in .true }
    }
}

/// A replacement text: literal parts and group references.
struct RegexTemplate {
    enum Part {
        case literal([UInt8])
        case group(Int)
    }
    private(set) var parts: [Part] = []

    init(_ text: [UInt8], _ pattern: RegexPattern) throws(RegexProblem) {
        var literal: [UInt8] = []
        var index = 0
        func flush(_ literal: inout [UInt8], _ parts: inout [Part]) {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
        }
        while index < text.count {
            let byte = text[index]
            guard byte == UInt8(ascii: "\\") else {
                literal.append(byte)
                index += 1
                continue
            }
            guard index + 1 < text.count else { throw RegexProblem(message: "bad escape (end of pattern)", position: index) }
            let start = index
            let letter = text[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "g"):
                guard index < text.count, text[index] == UInt8(ascii: "<") else { throw RegexProblem(message: "missing <", position: index) }
                guard let close = text[index...].firstIndex(of: UInt8(ascii: ">")) else {
                    throw RegexProblem(message: "missing >, unterminated name", position: index + 1)
                }
                let name = String(decoding: text[(index + 1)..<close], as: UTF8.self)
                if name.isEmpty { throw RegexProblem(message: "missing group name", position: index + 1) }
                flush(&literal, &parts)
                if let number = Int(name), number >= 0 {
                    if number > pattern.program.groupCount { throw RegexProblem(message: "invalid group reference \(number)", position: index + 1) }
                    parts.append(.group(number))
                } else if let group = pattern.groupNames.first(where: { $0.name == name }) {
                    parts.append(.group(group.index))
                } else if name.utf8.allSatisfy({ RegexCharacter.isWord(UInt32($0), isASCII: false) }) {
                    throw RegexProblem(message: "unknown group name '\(name)'", position: index + 1)
                } else {
                    throw RegexProblem(message: "bad character in group name '\(name)'", position: index + 1)
                }
                index = close + 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                var digits = [letter]
                let isOctal = letter == UInt8(ascii: "0")
                while index < text.count, digits.count < 3, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) {
                    let octal = digits.count == 2 || isOctal ? text[index] <= UInt8(ascii: "7") : true
                    if !octal { break }
                    if digits.count == 2, !isOctal, !(digits.allSatisfy { $0 <= UInt8(ascii: "7") } && text[index] <= UInt8(ascii: "7")) { break }
                    digits.append(text[index])
                    index += 1
                }
                if isOctal || digits.count == 3 {
                    let value = digits.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) }
                    if value > 0o377 {
                        throw RegexProblem(message: "octal escape value \\\(String(decoding: digits, as: UTF8.self)) outside of range 0-0o377", position: start)
                    }
                    literal.append(contentsOf: String(Unicode.Scalar(UInt8(value))).utf8)
                } else {
                    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
                    if number > pattern.program.groupCount { throw RegexProblem(message: "invalid group reference \(number)", position: start + 1) }
                    flush(&literal, &parts)
                    parts.append(.group(number))
                }
            case UInt8(ascii: "n"): literal.append(10)
            case UInt8(ascii: "t"): literal.append(9)
            case UInt8(ascii: "r"): literal.append(13)
            case UInt8(ascii: "a"): literal.append(7)
            case UInt8(ascii: "b"): literal.append(8)
            case UInt8(ascii: "f"): literal.append(12)
            case UInt8(ascii: "v"): literal.append(11)
            case UInt8(ascii: "\\"): literal.append(letter)
            default:
                if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) {
                    throw RegexProblem(message: "bad escape \\\(String(decoding: [letter], as: UTF8.self))", position: start)
                }
                literal.append(UInt8(ascii: "\\"))
                literal.append(letter)
            }
        }
        flush(&literal, &parts)
    }
}
