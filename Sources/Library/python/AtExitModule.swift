import Interpreter

/// Functions to call when the program ends, last registered first.
package final class ExitFunctions: ReferenceHolder {
    private var entries: [(function: Reference, positional: Reference, keywords: Reference)] = []

    func add(_ function: Reference, _ positional: Reference, _ keywords: Reference) { entries.append((function, positional, keywords)) }

    func remove(_ vm: VM, _ function: Value) throws(PythonError) {
        var kept = entries
        kept.removeAll()
        for entry in entries where try !vm.equals(entry.function.value, function) { kept.append(entry) }
        entries = kept
    }

    func clear() { entries = [] }

    var count: Int { entries.count }

    /// Calls what is registered; an exception is reported and does not stop the others.
    package func run(_ vm: VM) {
        while let entry = entries.popLast() {
            do throws(PythonError) {
                vm.heap.release(try vm.callPacked(entry.function.value, entry.positional.value, entry.keywords.value))
            } catch {
                vm.output.flush()
                vm.report(vm.tracebackText(error.exception))
                vm.discard(error)
            }
        }
    }

    package func visitReferences(_ visit: (Value) -> Void) {
        for entry in entries { for part in [entry.function, entry.positional, entry.keywords] { visit(part.value) } }
    }

    package func dropReferences() { entries = [] }
}

/// `atexit`
func registerAtExit(_ vm: VM, _ functions: ExitFunctions) {
    vm.registerNativeModule("atexit") { (vm, module) throws(PythonError) -> Void in
        module.function("register", "func, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            functions.add(Reference(a[0], vm.heap), Reference(a[1], vm.heap), Reference(a[2], vm.heap))
            return a[0].retained()
        }
        module.function("unregister", "func, /") { (vm, a) throws(PythonError) -> Value in
            try functions.remove(vm, a[0])
            return .none
        }
        module.function("_clear", "") { (vm, a) throws(PythonError) -> Value in
            functions.clear()
            return .none
        }
        module.function("_ncallbacks", "") { (vm, a) throws(PythonError) -> Value in .int(functions.count) }
    }
}

/// `builtins`: the names every program sees, as a module.
func registerBuiltins(_ vm: VM) {
    vm.registerNativeModule("builtins") { (vm, module) throws(PythonError) -> Void in
        for (name, value) in vm.builtinValues { module.set(name, value.retained()) }
        for (name, value) in [("None", Value.none), ("True", .true), ("False", .false)] { module.set(name, value) }
    }
}
