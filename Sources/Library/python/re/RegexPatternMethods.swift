import Interpreter

extension RegexModule {
    /// The methods and attributes of `re.Pattern`.
    func fillPattern(_ type: ClassPointer) {
        for (name, mode) in [("match", RegexSubject.Mode.match), ("fullmatch", .fullMatch), ("search", .search)] {
            vm.define(type, name, "self, string, pos=0, endpos=9223372036854775807") { [self] (vm, a) throws(PythonError) -> Value in
                try find(a[0], a[1], mode, from: try vm.index(a[2]), to: try vm.index(a[3]))
            }
        }
        vm.define(type, "findall", "self, string, pos=0, endpos=9223372036854775807") { [self] (vm, a) throws(PythonError) -> Value in
            try findAll(a[0], a[1], from: try vm.index(a[2]), to: try vm.index(a[3]))
        }
        vm.define(type, "finditer", "self, string, pos=0, endpos=9223372036854775807") { [self] (vm, a) throws(PythonError) -> Value in
            try scanner(a[0], a[1], from: try vm.index(a[2]), to: try vm.index(a[3]))
        }
        vm.define(type, "split", "self, string, maxsplit=0") { [self] (vm, a) throws(PythonError) -> Value in
            try split(a[0], a[1], try vm.index(a[2]))
        }
        vm.define(type, "sub", "self, repl, string, count=0") { [self] (vm, a) throws(PythonError) -> Value in
            try substitute(a[0], a[1], a[2], try vm.index(a[3])).text
        }
        vm.define(type, "subn", "self, repl, string, count=0") { [self] (vm, a) throws(PythonError) -> Value in
            let (text, count) = try substitute(a[0], a[1], a[2], try vm.index(a[3]))
            return vm.tuple([text, .int(count)])
        }
        vm.define(type, "__repr__", "self, /") { [self] (vm, a) throws(PythonError) -> Value in vm.string(try patternText(try pattern(a[0]))) }
        vm.define(type, "__eq__", "self, value, /") { [self] (vm, a) throws(PythonError) -> Value in
            guard let other = vm.nativeObject(a[1], as: RegexPattern.self) else { return .notImplemented }
            let own = try pattern(a[0])
            guard own.flags == other.flags, own.isBytes == other.isBytes else { return .false }
            return .bool(try vm.equals(own.source.value, other.source.value))
        }
        vm.define(type, "__hash__", "self, /") { [self] (vm, a) throws(PythonError) -> Value in
            let own = try pattern(a[0])
            return .int(try vm.hash(own.source.value) ^ own.flags &* 1_000_003)
        }
        vm.define(type, "__copy__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(type, "__deepcopy__", "self, memo, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        vm.defineProperty(type, "pattern") { [self] (vm, value) throws(PythonError) -> Value in try pattern(value).source.value.retained() }
        vm.defineProperty(type, "flags") { [self] (vm, value) throws(PythonError) -> Value in .int(try pattern(value).flags) }
        vm.defineProperty(type, "groups") { [self] (vm, value) throws(PythonError) -> Value in .int(try pattern(value).program.groupCount) }
        vm.defineProperty(type, "groupindex") { [self] (vm, value) throws(PythonError) -> Value in
            let result = vm.dict()
            for (name, index) in try pattern(value).groupNames { vm.dictSet(result.dict, name, .int(index)) }
            return result
        }
    }

    private func patternText(_ pattern: RegexPattern) throws(PythonError) -> String {
        let shown = try vm.reprText(pattern.source.value)
        var text = "re.compile(" + String(String.UnicodeScalarView(shown.unicodeScalars.prefix(200)))
        // UNICODE goes without saying for text.
        let visible = pattern.isBytes ? pattern.flags : pattern.flags & ~RegexFlag.unicode
        let names = RegexFlag.members.sorted { $0.value < $1.value }.filter { visible & $0.value != 0 }.map { "re." + $0.name }
        if !names.isEmpty { text += ", " + names.joined(separator: "|") }
        return text + ")"
    }

    /// The iterator that `finditer` gives.
    func fillScanner(_ type: ClassPointer) {
        vm.define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(type, "__next__", "self, /") { [self] (vm, a) throws(PythonError) -> Value in
            guard let scanner = vm.nativeObject(a[0], as: RegexScanner.self) else { throw vm.typeError("callable_iterator expected") }
            guard try scanner.next() else { throw vm.stopIteration() }
            return matchValue(scanner.pattern, scanner.program, scanner.text, scanner.start, scanner.end)
        }
    }
}
