import Interpreter

// Searching: what the methods of a pattern and the functions of the module share.

extension RegexModule {
    /// A match object, or None.
    func find(_ patternValue: Value, _ text: Value, _ mode: RegexSubject.Mode, from: Int, to: Int) throws(PythonError) -> Value {
        let pattern = try pattern(patternValue)
        let subject = try subject(pattern, text)
        let (start, end) = bounds(subject, from, to)
        guard start <= end, try subject.find(pattern.program, mode, from: start, end: end) else { return .none }
        return matchValue(patternValue, pattern.program, text, start, end)
    }

    private func bounds(_ subject: RegexSubject, _ from: Int, _ to: Int) -> (Int, Int) {
        (min(max(0, from), subject.count), min(max(0, to), subject.count))
    }

    private func scan(_ patternValue: Value, _ text: Value, from: Int, to: Int) throws(PythonError) -> (RegexPattern, RegexScanner) {
        let pattern = try pattern(patternValue)
        let subject = try subject(pattern, text)
        let (start, end) = bounds(subject, from, to)
        return (pattern, RegexScanner(vm, patternValue, pattern.program, subject, text: text, from: start, to: end))
    }

    func scanner(_ pattern: Value, _ text: Value, from: Int, to: Int) throws(PythonError) -> Value {
        vm.native(try scan(pattern, text, from: from, to: to).1, scannerClass)
    }

    func findAll(_ patternValue: Value, _ text: Value, from: Int, to: Int) throws(PythonError) -> Value {
        let (pattern, scanner) = try scan(patternValue, text, from: from, to: to)
        let program = pattern.program
        let list = vm.list()
        do throws(PythonError) {
            while try scanner.next() {
                vm.listAppend(list.list, findallItem(program, scanner.subject))
                try vm.heed()
            }
        } catch {
            vm.heap.release(list)
            throw error
        }
        return list
    }

    private func findallItem(_ program: RegexProgram, _ subject: RegexSubject) -> Value {
        let groups = program.work.groups
        func text(_ index: Int) -> Value {
            let (from, to) = (groups[2 * index], groups[2 * index + 1])
            return from < 0 || to < 0 ? subject.slice(0, 0) : subject.slice(from, to)
        }
        switch program.groupCount {
        case 0: return text(0)
        case 1: return text(1)
        default: return vm.tuple((1...program.groupCount).map { text($0) })
        }
    }

    func split(_ patternValue: Value, _ text: Value, _ limit: Int) throws(PythonError) -> Value {
        let (pattern, scanner) = try scan(patternValue, text, from: 0, to: Int.max)
        let list = vm.list()
        var last = 0
        var count = 0
        let groups = pattern.program.work.groups
        do throws(PythonError) {
            while limit == 0 || count < limit, try scanner.next() {
                count += 1
                vm.listAppend(list.list, scanner.subject.slice(last, groups[0]))
                for index in 0..<pattern.program.groupCount {
                    let (from, to) = (groups[2 * index + 2], groups[2 * index + 3])
                    vm.listAppend(list.list, from < 0 || to < 0 ? .none : scanner.subject.slice(from, to))
                }
                last = groups[1]
                try vm.heed()
            }
        } catch {
            vm.heap.release(list)
            throw error
        }
        vm.listAppend(list.list, scanner.subject.slice(last, scanner.subject.count))
        return list
    }

    // MARK: substitution

    /// The text with matches replaced, owned, and how many there were.
    func substitute(_ patternValue: Value, _ replacement: Value, _ text: Value, _ limit: Int) throws(PythonError) -> (text: Value, count: Int) {
        let (pattern, scanner) = try scan(patternValue, text, from: 0, to: Int.max)
        let template = try self.template(pattern, replacement)
        let subject = scanner.subject
        let groups = pattern.program.work.groups
        var output: [UInt8] = []
        var last = 0
        var count = 0
        while limit == 0 || count < limit, try scanner.next() {
            count += 1
            let (from, to) = (groups[0], groups[1])
            try vm.heed()
            output.append(contentsOf: subject.part(last, from))
            last = to
            if let template {
                try checkKind(pattern, replacement)
                template.append(groups, subject, to: &output)
            } else {
                try appendCalled(replacement, pattern, scanner, to: &output)
            }
        }
        if count == 0 { return (subject.slice(0, subject.count), 0) }
        output.append(contentsOf: subject.part(last, subject.count))
        return (pattern.isBytes ? vm.bytes(output) : vm.string(output), count)
    }

    /// nil for a callable.
    private func template(_ pattern: RegexPattern, _ replacement: Value) throws(PythonError) -> RegexTemplate? {
        let plain = vm.payload(replacement)
        switch plain.tag {
        case Tag.string: return try template(pattern, plain, Array(vm.utf8(plain)))
        case Tag.bytes, Tag.byteArray: return try template(pattern, plain, Array(vm.byteBuffer(plain)))
        default:
            if vm.special(vm.typeOf(replacement), .call).isUndefined, !vm.isCallable(replacement) {
                throw vm.typeError("decoding to str: need a bytes-like object, \(vm.typeName(replacement)) found")
            }
            return nil
        }
    }

    func template(_ pattern: RegexPattern, _ source: Value, _ text: [UInt8]) throws(PythonError) -> RegexTemplate {
        do throws(RegexProblem) {
            return try RegexTemplate(text, pattern)
        } catch {
            if error.message.hasPrefix("unknown group name") { throw vm.indexError(error.message) }
            throw failure(error, source)
        }
    }

    private func checkKind(_ pattern: RegexPattern, _ value: Value) throws(PythonError) {
        let plain = vm.payload(value)
        if pattern.isBytes ? plain.tag == Tag.bytes || plain.tag == Tag.byteArray : plain.tag == Tag.string { return }
        let wanted = pattern.isBytes ? "a bytes-like object" : "str instance"
        throw vm.typeError("sequence item 0: expected \(wanted), \(vm.typeName(value)) found")
    }

    private func appendCalled(_ function: Value, _ pattern: RegexPattern, _ scanner: RegexScanner, to output: inout [UInt8]) throws(PythonError) {
        let match = matchValue(scanner.pattern, scanner.program, scanner.text, scanner.start, scanner.end)
        defer { vm.heap.release(match) }
        let made = try vm.call(function, match)
        defer { vm.heap.release(made) }
        if made.isNone { return }
        try checkKind(pattern, made)
        let plain = vm.payload(made)
        output.append(contentsOf: pattern.isBytes ? vm.byteBuffer(plain) : vm.utf8(plain))
    }
}
