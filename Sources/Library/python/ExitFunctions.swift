import Interpreter

/// `exit`, `quit` and `help`.
func registerExit(_ vm: VM, _ streams: StandardStreams) {
    for name in ["exit", "quit"] {
        vm.installFunction(name, "code=None, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.error("SystemExit", arguments: [a[0].retained()])
        }
    }
    vm.installFunction("help", "request=..., /") { (vm, a) throws(PythonError) -> Value in
        let text = a.has(0) ? try vm.helpText(a[0]) : "help(object) shows what is known about an object.\n"
        let line = vm.string(text)
        defer { vm.heap.release(line) }
        if let replaced = vm.replacedStream("stdout") {
            vm.heap.release(try vm.callMethod(replaced, "write", line))
        } else {
            vm.output.write(vm.utf8(line), toError: false)
        }
        return .none
    }
}

extension VM {
    /// What `help` prints: the heading of a callable or class, its documentation and its public methods.
    package func helpText(_ value: Value) throws(PythonError) -> String {
        func documentation(_ value: Value) throws(PythonError) -> String? {
            guard let found = try attributeOrNil(value, intern("__doc__")) else { return nil }
            defer { heap.release(found) }
            return found.tag == Tag.string ? text(found) : nil
        }
        let name = try attributeOrNil(value, intern("__name__"))
        defer { if let name { heap.release(name) } }
        let subject = value.tag == Tag.module || value.tag == Tag.classObject || name != nil ? value : typeOf(value).value
        let title = try attributeOrNil(subject, intern("__name__"))
        defer { if let title { heap.release(title) } }
        let shown = try title.map { (title) throws(PythonError) -> String in try strText(title) } ?? typeName(value)
        let kind = subject.tag == Tag.module ? "module" : subject.tag == Tag.classObject ? "class" : typeName(subject).hasPrefix("builtin") ? "built-in function" : "function"
        var result = "Help on \(kind) \(shown):\n\n"
        if kind.hasSuffix("function"), let parameters = parameters(of: subject) {
            result += "\(shown)(\(parameters.map { ["", "", "*", "", "**"][$0.kind] + $0.name }.joined(separator: ", ")))\n"
        } else {
            result += "\(shown)\n"
        }
        for line in (try documentation(subject) ?? "").split(separator: "\n", omittingEmptySubsequences: false) { result += "    \(line)\n" }
        if subject.tag == Tag.classObject || subject.tag == Tag.module {
            let names = attributeNames(subject).filter { !$0.hasPrefix("_") }
            if !names.isEmpty { result += "\n    " + names.joined(separator: ", ") + "\n" }
        }
        return result
    }
}
