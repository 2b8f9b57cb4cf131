import Interpreter

/// Flags of the `re` module.
enum RegexFlag {
    static let template = 1
    static let ignoreCase = 2
    static let locale = 4
    static let multiline = 8
    static let dotAll = 16
    static let unicode = 32
    static let verbose = 64
    static let debug = 128
    static let ascii = 256

    /// In the order of the members of CPython's `re.RegexFlag`.
    static let members: [(short: String?, name: String, value: Int)] = [
        ("A", "ASCII", ascii), ("I", "IGNORECASE", ignoreCase), ("L", "LOCALE", locale), ("U", "UNICODE", unicode), ("M", "MULTILINE", multiline),
        ("S", "DOTALL", dotAll), ("X", "VERBOSE", verbose), ("T", "TEMPLATE", template), (nil, "DEBUG", debug),
    ]

    /// `re.IGNORECASE|re.MULTILINE` and the like.
    static func text(_ value: Int, prefix: String) -> String {
        if value == 0 { return prefix + "NOFLAG" }
        var names = members.filter { value & $0.value != 0 }.map { prefix + $0.name }
        let rest = value & ~511
        if rest != 0 { names.append(String(rest)) }
        return names.joined(separator: "|")
    }
}

extension RegexModule {
    /// `re.RegexFlag`: ints that show their names. CPython makes them with `enum`, which would have to be imported.
    func makeFlagClass() throws(PythonError) {
        guard let base = vm.builtinClasses["int"] else { return }
        let keywords = vm.dict()
        defer { vm.heap.release(keywords) }
        let made = try vm.buildClass(name: "RegexFlag", bases: [base.value], namespace: vm.dict(), keywords: keywords.dict, module: "re")
        let type = made.classPointer
        func number(_ value: Value) throws(PythonError) -> Int { try vm.index(value) }
        func flag(_ value: Int) -> Value { vm.instance(of: type, payload: .int(value)) }
        for name in ["__repr__", "__str__"] {
            vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
                vm.string(RegexFlag.text(try number(a[0]), prefix: "re."))
            }
        }
        vm.define(type, "__format__", "self, spec, /") { (vm, a) throws(PythonError) -> Value in
            let text = vm.string(RegexFlag.text(try number(a[0]), prefix: "re."))
            defer { vm.heap.release(text) }
            return try vm.callMethod(text, "__format__", a[1])
        }
        let operators: [(String, @Sendable (Int, Int) -> Int)] = [("or", { $0 | $1 }), ("and", { $0 & $1 }), ("xor", { $0 ^ $1 })]
        for (name, combine) in operators {
            for method in ["__\(name)__", "__r\(name)__"] {
                vm.define(type, method, "self, other, /") { (vm, a) throws(PythonError) -> Value in
                    let other = vm.payload(a[1])
                    guard other.isInt || other.isBool else { return .notImplemented }
                    return flag(combine(try number(a[0]), other.asInt))
                }
            }
        }
        vm.define(type, "__invert__", "self, /") { (vm, a) throws(PythonError) -> Value in flag(511 & ~(try number(a[0]))) }
        vm.define(type, "__contains__", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            let other = try number(a[1])
            return .bool(try number(a[0]) & other == other)
        }
        vm.defineProperty(type, "value") { (vm, value) throws(PythonError) -> Value in .int(try number(value)) }
        vm.defineProperty(type, "name") { (vm, value) throws(PythonError) -> Value in vm.string(RegexFlag.text(try number(value), prefix: "")) }
        for (short, name, value) in RegexFlag.members + [(nil, "NOFLAG", 0)] {
            let member = flag(value)
            if let short {
                module.set(short, member.retained())
                vm.defineConstant(type, short, member.retained())
            }
            module.set(name, member.retained())
            vm.defineConstant(type, name, member)
        }
        module.set("RegexFlag", made)
    }
}
