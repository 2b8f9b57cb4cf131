import Interpreter

extension RegexModule {
    /// The index of a group given by number or name.
    private func groupIndex(_ match: RegexMatch, _ key: Value) throws(PythonError) -> Int {
        if key.isInt {
            if key.asInt >= 0, key.asInt <= match.groupCount { return key.asInt }
        } else if vm.payload(key).tag == Tag.string {
            let name = vm.text(vm.payload(key))
            if let found = try pattern(match.pattern).groupNames.first(where: { $0.name == name }) { return found.index }
        } else if !vm.special(vm.typeOf(key), .index).isUndefined, case let index = try vm.index(key), index >= 0, index <= match.groupCount {
            return index
        }
        throw vm.indexError("no such group")
    }

    private func group(_ match: RegexMatch, _ index: Int, missing: Value = .none) -> Value {
        guard let (from, to) = match.span(index) else { return missing.retained() }
        let text = vm.payload(match.subject)
        // A bytearray may have shrunk since.
        if text.tag == Tag.byteArray {
            let count = vm.byteBuffer(text).count
            return RegexSubject.slice(vm, text, min(from, count), min(to, count))
        }
        return RegexSubject.slice(vm, text, from, to)
    }

    /// The methods and attributes of `re.Match`.
    func fillMatch(_ type: ClassPointer) {
        vm.defineVariable(type, "group") { [self] (vm, a) throws(PythonError) -> Value in
            let match = try match(a[0])
            if a.count == 2 { return group(match, try groupIndex(match, a[1])) }
            if a.count == 1 { return group(match, 0) }
            var indices: [Int] = []
            for index in 1..<a.count { indices.append(try groupIndex(match, a[index])) }
            return vm.tuple(indices.map { group(match, $0) })
        }
        vm.define(type, "__getitem__", "self, key, /") { [self] (vm, a) throws(PythonError) -> Value in
            let match = try match(a[0])
            return group(match, try groupIndex(match, a[1]))
        }
        vm.define(type, "groups", "self, default=None") { [self] (vm, a) throws(PythonError) -> Value in
            let match = try match(a[0])
            return vm.tuple((0..<match.groupCount).map { group(match, $0 + 1, missing: a[1]) })
        }
        vm.define(type, "groupdict", "self, default=None") { [self] (vm, a) throws(PythonError) -> Value in
            let match = try match(a[0])
            let result = vm.dict()
            for (name, index) in try pattern(match.pattern).groupNames {
                let value = group(match, index, missing: a[1])
                vm.dictSet(result.dict, name, value)
                vm.heap.release(value)
            }
            return result
        }
        vm.define(type, "expand", "self, template") { [self] (vm, a) throws(PythonError) -> Value in try expand(try match(a[0]), a[1]) }
        vm.define(type, "__repr__", "self, /") { [self] (vm, a) throws(PythonError) -> Value in
            let match = try match(a[0])
            let whole = group(match, 0)
            defer { vm.heap.release(whole) }
            let (from, to) = match.span(0) ?? (0, 0)
            return vm.string("<re.Match object; span=(\(from), \(to)), match=\(try vm.reprText(whole))>")
        }
        vm.define(type, "__copy__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(type, "__deepcopy__", "self, memo, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        defineSpans(type)
        defineMatchAttributes(type)
    }

    private func defineSpans(_ type: ClassPointer) {
        func span(_ name: String, _ make: @escaping (VM, Int, Int) -> Value) {
            vm.define(type, name, "self, group=0, /") { [self] (vm, a) throws(PythonError) -> Value in
                let match = try match(a[0])
                let (from, to) = match.span(try groupIndex(match, a[1])) ?? (-1, -1)
                return make(vm, from, to)
            }
        }
        span("start") { _, from, _ in .int(from) }
        span("end") { _, _, to in .int(to) }
        span("span") { vm, from, to in vm.tuple([.int(from), .int(to)]) }
        vm.defineProperty(type, "regs") { [self] (vm, value) throws(PythonError) -> Value in
            let match = try match(value)
            return vm.tuple(
                (0...match.groupCount).map {
                    let (from, to) = match.span($0) ?? (-1, -1)
                    return vm.tuple([.int(from), .int(to)])
                })
        }
    }

    private func defineMatchAttributes(_ type: ClassPointer) {
        vm.defineProperty(type, "string") { [self] (vm, value) throws(PythonError) -> Value in try match(value).subject.retained() }
        vm.defineProperty(type, "re") { [self] (vm, value) throws(PythonError) -> Value in try match(value).pattern.retained() }
        vm.defineProperty(type, "pos") { [self] (vm, value) throws(PythonError) -> Value in .int(try match(value).start) }
        vm.defineProperty(type, "endpos") { [self] (vm, value) throws(PythonError) -> Value in .int(try match(value).end) }
        vm.defineProperty(type, "lastindex") { [self] (vm, value) throws(PythonError) -> Value in
            let last = try match(value).lastGroup
            return last == 0 ? .none : .int(last)
        }
        vm.defineProperty(type, "lastgroup") { [self] (vm, value) throws(PythonError) -> Value in
            let match = try match(value)
            guard let name = try pattern(match.pattern).groupNames.first(where: { $0.index == match.lastGroup }) else { return .none }
            return vm.string(name.name)
        }
    }

    private func expand(_ match: RegexMatch, _ source: Value) throws(PythonError) -> Value {
        let pattern = try pattern(match.pattern)
        let plain = vm.payload(source)
        let isText = plain.tag == Tag.string
        guard isText || plain.tag == Tag.bytes else { throw vm.typeError("expected str instance, \(vm.typeName(source)) found") }
        let template = try template(pattern, plain, Array(isText ? vm.utf8(plain) : vm.byteBuffer(plain)))
        var output: [UInt8] = []
        for part in template.parts {
            switch part {
            case .literal(let bytes): output.append(contentsOf: bytes)
            case .group(let index):
                let value = group(match, index)
                if value.tag == Tag.string { output.append(contentsOf: vm.utf8(value)) }
                if value.tag == Tag.bytes { output.append(contentsOf: vm.byteBuffer(value)) }
                vm.heap.release(value)
            }
        }
        return isText ? vm.string(output) : vm.bytes(output)
    }
}
