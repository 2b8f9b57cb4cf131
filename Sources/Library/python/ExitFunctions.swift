import Interpreter

/// `exit`, `quit` and `help`.
func registerExit(_ vm: VM, _ streams: StandardStreams) {
    for name in ["exit", "quit"] {
        vm.installFunction(name, "code=None, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.error("SystemExit", arguments: [a[0].retained()])
        }
    }
    vm.installFunction("help", "request=..., /") { (vm, a) throws(PythonError) -> Value in
        let module = try vm.importModule("pydoc")
        defer { vm.heap.release(module) }
        let function = try vm.getAttribute(module, "help")
        defer { vm.heap.release(function) }
        return a.has(0) ? try vm.call(function, a[0]) : try vm.call(function)
    }
}
