import Interpreter

/// `atexit`.
func registerAtexit(_ vm: VM, _ exits: ExitHandlers) {
    vm.registerNativeModule("atexit") { (vm, module) throws(PythonError) -> Void in
        module.function("register", "func, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            guard vm.isCallable(a[0]) else { throw vm.typeError("the first argument must be callable") }
            exits.add(vm, a[0], a[1], a[2])
            return a[0].retained()
        }
        module.function("unregister", "func, /") { (vm, a) throws(PythonError) -> Value in
            try exits.remove(vm, a[0])
            return .none
        }
        module.function("_clear", "") { (vm, a) throws(PythonError) -> Value in
            exits.clear()
            return .none
        }
        module.function("_run_exitfuncs", "") { (vm, a) throws(PythonError) -> Value in
            exits.run(vm)
            return .none
        }
        module.function("_ncallbacks", "") { (vm, a) throws(PythonError) -> Value in .int(exits.count) }
    }
}

/// What a program wants called when it ends, last registered first.
final class ExitHandlers {
    private struct Handler {
        let function: Reference
        let arguments: Reference
        let keywords: Reference
    }
    private var handlers: [Handler] = []

    var count: Int { handlers.count }

    func add(_ vm: VM, _ function: Value, _ arguments: Value, _ keywords: Value) {
        handlers.append(
            Handler(function: Reference(function, vm.heap), arguments: Reference(arguments, vm.heap), keywords: Reference(keywords, vm.heap)))
    }

    func remove(_ vm: VM, _ function: Value) throws(PythonError) {
        var kept: [Handler] = []
        for handler in handlers where try !vm.equals(handler.function.value, function) { kept.append(handler) }
        handlers = kept
    }

    func clear() { handlers = [] }

    /// Calls every handler; an exception is reported and does not keep the others from running.
    func run(_ vm: VM) {
        while let handler = handlers.popLast() {
            do throws(PythonError) {
                vm.heap.release(try vm.callPacked(handler.function.value, handler.arguments.value, handler.keywords.value))
            } catch {
                if !vm.matches(error, "SystemExit") {
                    vm.output.flush()
                    let name = try? vm.reprText(handler.function.value)  // A name for the report; none is no reason to stop.
                    vm.report("Exception ignored in atexit callback: \(name ?? "?")\n" + vm.tracebackText(error.exception))
                }
                vm.discard(error)
            }
        }
    }
}
