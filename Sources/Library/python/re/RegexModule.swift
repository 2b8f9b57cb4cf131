import Interpreter

/// The `re` module.
func registerRegex(_ vm: VM) {
    vm.registerNativeModule("re") { (vm, module) throws(PythonError) -> Void in
        try RegexModule(vm, module).fill()
    }
}

/// The classes and functions of `re`, shared by everything the module defines.
final class RegexModule {
    unowned(unsafe) let vm: VM
    let module: NativeModule
    private(set) var patternClass: ClassPointer
    private(set) var matchClass: ClassPointer
    private(set) var scannerClass: ClassPointer
    private var errorClass: Value = .undefined
    /// Compiled patterns by flags, then by text.
    private var cache: [Int: Reference] = [:]
    private static let cacheLimit = 512
    /// Non-ASCII text searched last: a loop over it need not decode it each time.
    private var lastSubject: RegexSubject?

    init(_ vm: VM, _ module: NativeModule) {
        self.vm = vm
        self.module = module
        // Filled on first use; the closures see the finished module.
        patternClass = vm.objectClass
        matchClass = vm.objectClass
        scannerClass = vm.objectClass
    }

    func fill() throws(PythonError) {
        try makeFlagClass()
        try makeErrorClass()
        patternClass = module.nativeClass("Pattern") { [self] vm, type in fillPattern(type) }
        matchClass = module.nativeClass("Match") { [self] vm, type in fillMatch(type) }
        scannerClass = vm.makeBuiltinClass("callable_iterator", layout: Tag.native, isBase: false) { [self] vm, type in fillScanner(type) }
        module.function("compile", "pattern, flags=0") { [self] (vm, a) throws(PythonError) -> Value in try compile(a[0], a[1]) }
        module.function("purge", "") { [self] (vm, a) throws(PythonError) -> Value in
            cache = [:]
            return .none
        }
        module.function("escape", "pattern") { [self] (vm, a) throws(PythonError) -> Value in try escape(a[0]) }
        defineSearches()
    }

    /// The functions that compile a pattern on the way.
    private func defineSearches() {
        for (name, mode) in [("match", RegexSubject.Mode.match), ("fullmatch", .fullMatch), ("search", .search)] {
            module.function(name, "pattern, string, flags=0") { [self] (vm, a) throws(PythonError) -> Value in
                let pattern = try compile(a[0], a[2])
                defer { vm.heap.release(pattern) }
                return try find(pattern, a[1], mode, from: 0, to: Int.max)
            }
        }
        module.function("findall", "pattern, string, flags=0") { [self] (vm, a) throws(PythonError) -> Value in
            let pattern = try compile(a[0], a[2])
            defer { vm.heap.release(pattern) }
            return try findAll(pattern, a[1], from: 0, to: Int.max)
        }
        module.function("finditer", "pattern, string, flags=0") { [self] (vm, a) throws(PythonError) -> Value in
            let pattern = try compile(a[0], a[2])
            defer { vm.heap.release(pattern) }
            return try scanner(pattern, a[1], from: 0, to: Int.max)
        }
        module.function("split", "pattern, string, maxsplit=0, flags=0") { [self] (vm, a) throws(PythonError) -> Value in
            let pattern = try compile(a[0], a[3])
            defer { vm.heap.release(pattern) }
            return try split(pattern, a[1], try vm.index(a[2]))
        }
        module.function("sub", "pattern, repl, string, count=0, flags=0") { [self] (vm, a) throws(PythonError) -> Value in
            let pattern = try compile(a[0], a[4])
            defer { vm.heap.release(pattern) }
            return try substitute(pattern, a[1], a[2], try vm.index(a[3])).text
        }
        module.function("subn", "pattern, repl, string, count=0, flags=0") { [self] (vm, a) throws(PythonError) -> Value in
            let pattern = try compile(a[0], a[4])
            defer { vm.heap.release(pattern) }
            let (text, count) = try substitute(pattern, a[1], a[2], try vm.index(a[3]))
            return vm.tuple([text, .int(count)])
        }
    }

    // MARK: errors

    private func makeErrorClass() throws(PythonError) {
        guard let base = vm.builtinClasses["Exception"] else { return }
        let keywords = vm.dict()
        defer { vm.heap.release(keywords) }
        let made = try vm.buildClass(name: "error", bases: [base.value], namespace: vm.dict(), keywords: keywords.dict, module: "re")
        let type = made.classPointer
        vm.define(type, "__init__", "self, msg, pattern=None, pos=None") { [self] (vm, a) throws(PythonError) -> Value in
            let lines = try setErrorFields(a[0], a[1], a[2], a[3])
            var text = try vm.strText(a[1])
            if !a[2].isNone, !a[3].isNone {
                text += " at position \(try vm.index(a[3]))"
                if let (line, column) = lines, try containsNewline(a[2]) { text += " (line \(line), column \(column))" }
            }
            vm.setArguments(a[0], vm.tuple([vm.string(text)]))
            return .none
        }
        errorClass = made
        module.set("error", made.retained())
    }

    private func containsNewline(_ pattern: Value) throws(PythonError) -> Bool {
        let plain = vm.payload(pattern)
        return plain.tag == Tag.string ? vm.utf8(plain).contains(10) : plain.tag == Tag.bytes && vm.byteBuffer(plain).contains(10)
    }

    /// Sets what programs read of an error; line and column when the place is known.
    private func setErrorFields(_ object: Value, _ message: Value, _ pattern: Value, _ place: Value) throws(PythonError) -> (Int, Int)? {
        try vm.setAttribute(object, "msg", message)
        try vm.setAttribute(object, "pattern", pattern)
        try vm.setAttribute(object, "pos", place)
        var found: (Int, Int)?
        let plain = vm.payload(pattern)
        if !place.isNone, plain.tag == Tag.string || plain.tag == Tag.bytes {
            let position = try vm.index(place)
            let text = plain.tag == Tag.string ? vm.text(plain).unicodeScalars.map(\.value) : vm.byteBuffer(plain).map { UInt32($0) }
            let before = text.prefix(max(0, position))
            let line = before.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
            found = (line, position - (before.lastIndex(of: 10) ?? -1))
        }
        try vm.setAttribute(object, "lineno", found.map { .int($0.0) } ?? .none)
        try vm.setAttribute(object, "colno", found.map { .int($0.1) } ?? .none)
        return found
    }

    func failure(_ problem: RegexProblem, _ pattern: Value) -> PythonError {
        switch problem.kind {
        case .pattern: break
        case .value: return vm.valueError(problem.message)
        case .overflow: return vm.overflowError(problem.message)
        }
        do throws(PythonError) {
            let message = vm.string(problem.message)
            defer { vm.heap.release(message) }
            guard let position = problem.position else { return PythonError(try vm.call(errorClass, message)) }
            return PythonError(try vm.call(errorClass, message, pattern, .int(position)))
        } catch {
            return error
        }
    }

    // MARK: compiling

    func compile(_ source: Value, _ flagsValue: Value) throws(PythonError) -> Value {
        let flags = try vm.index(flagsValue)
        if source.tag == Tag.native, vm.nativeObject(source, as: RegexPattern.self) != nil {
            if flags != 0 { throw vm.valueError("cannot process flags argument with a compiled pattern") }
            return source.retained()
        }
        let plain = vm.payload(source)
        guard plain.tag == Tag.string || plain.tag == Tag.bytes else { throw vm.typeError("first argument must be string or compiled pattern") }
        if let known = cache[flags], case let found = try vm.dictGet(known.value.dict, plain), !found.isUndefined { return found.retained() }
        let value = try makePattern(plain, flags)
        if cache[flags].map({ $0.value.dict.pointee.count >= RegexModule.cacheLimit }) ?? true {
            let fresh = vm.dict()
            cache[flags] = Reference(fresh, vm.heap)
            vm.heap.release(fresh)
        }
        if let known = cache[flags] { try vm.dictSet(known.value.dict, plain, value) }
        return value
    }

    private func makePattern(_ source: Value, _ flags: Int) throws(PythonError) -> Value {
        let isBytes = source.tag == Tag.bytes
        var units: [UInt32] = []
        if isBytes { units = vm.byteBuffer(source).map { UInt32($0) } } else { source.string.forEachScalar { units.append($0) } }
        let parser: RegexParser
        let node: RegexNode
        do throws(RegexProblem) {
            (parser, node) = try RegexParser.parse(units, flags: flags, isBytes: isBytes)
        } catch {
            throw failure(error, source)
        }
        let pattern = RegexPattern(
            source: Reference(source, vm.heap), isBytes: isBytes, flags: parser.flags,
            program: RegexProgram(node, groupCount: parser.groupCount), groupNames: parser.groupNames)
        return vm.native(pattern, patternClass)
    }

    private func escape(_ value: Value) throws(PythonError) -> Value {
        let special: Set<UInt8> = Set("()[]{}?*+-|^$\\.&~# \t\n\r\u{0B}\u{0C}".utf8)
        var result: [UInt8] = []
        let plain = vm.payload(value)
        let isText = plain.tag == Tag.string
        guard isText || plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw vm.typeError("decoding to str: need a bytes-like object, \(vm.typeName(value)) found")
        }
        for byte in isText ? vm.utf8(plain) : vm.byteBuffer(plain) {
            if special.contains(byte) { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
        }
        return isText ? vm.string(result) : vm.bytes(result)
    }

    // MARK: the objects behind values

    func pattern(_ value: Value) throws(PythonError) -> RegexPattern {
        guard let pattern = vm.nativeObject(value, as: RegexPattern.self) else {
            throw vm.typeError("descriptor requires a 're.Pattern' object but received a '\(vm.typeName(value))'")
        }
        return pattern
    }

    func match(_ value: Value) throws(PythonError) -> RegexMatch {
        guard let match = vm.nativeObject(value, as: RegexMatch.self) else {
            throw vm.typeError("descriptor requires a 're.Match' object but received a '\(vm.typeName(value))'")
        }
        return match
    }

    func subject(_ pattern: RegexPattern, _ value: Value) throws(PythonError) -> RegexSubject {
        if let last = lastSubject, last.value.isIdentical(to: value) { return last }
        let subject = try RegexSubject(vm, value)
        if subject.isBytes != pattern.isBytes {
            throw vm.typeError(
                pattern.isBytes ? "cannot use a bytes pattern on a string-like object" : "cannot use a string pattern on a bytes-like object")
        }
        if value.tag == Tag.string, !value.string.isASCII, subject.count > 64 { lastSubject = subject }
        return subject
    }

    /// A match object of the groups that the last search left.
    func matchValue(_ pattern: Value, _ program: RegexProgram, _ text: Value, _ start: Int, _ end: Int) -> Value {
        vm.native(RegexMatch(pattern, program, subject: text, start: start, end: end, vm.heap), matchClass)
    }
}
