import Interpreter
import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// Where `display` leads: to the running cell of a notebook, or, in a program, to standard output.
package final class DisplayTarget {
    weak var cell: NotebookSession?

    package init() {}
}

/// `_notebook`: what `IPython` and `tqdm` ask of the notebook that runs them.
func registerNotebook(_ vm: VM, _ target: DisplayTarget) {
    vm.registerNativeModule("_notebook") { (vm, module) throws(PythonError) -> Void in
        module.set("display", vm.builtin(NotebookModule.displayFunction(target)))
        module.function("is_running", "") { (vm, a) throws(PythonError) -> Value in .bool(target.cell != nil) }
        module.function("publish", "bundle, /") { (vm, a) throws(PythonError) -> Value in
            try NotebookModule.publish(vm, a[0], target)
            return .none
        }
        module.function("clear", "wait=False, /") { (vm, a) throws(PythonError) -> Value in
            target.cell?.clear(waits: try vm.isTrue(a[0]))
            return .none
        }
        module.function("mute", "is_muted, /") { (vm, a) throws(PythonError) -> Value in
            target.cell?.mute(try vm.isTrue(a[0]))
            return .none
        }
        module.function("run_file", "path, /") { (vm, a) throws(PythonError) -> Value in
            guard let cell = target.cell else { throw vm.runtimeError("only a notebook can run a file") }
            try cell.run(file: try vm.strText(a[0]))
            return .none
        }
        registerTextCommands(module, target)
        module.function("run", "text, line=0, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.string else { throw vm.typeError("text must be a str") }
            guard let cell = target.cell else { throw vm.runtimeError("only a notebook can run text") }
            try cell.run(text: vm.text(a[0]), lineOffset: try vm.index(a[1]))
            return .none
        }
    }
}

/// What `%time`, `%prun` and `%lsmagic` stand on.
private func registerTextCommands(_ module: NativeModule, _ target: DisplayTarget) {
    module.function("evaluate", "text, line=0, /") { (vm, a) throws(PythonError) -> Value in
        guard a[0].tag == Tag.string else { throw vm.typeError("text must be a str") }
        guard let cell = target.cell else { throw vm.runtimeError("only a notebook can run text") }
        return try cell.value(ofText: vm.text(a[0]), lineOffset: try vm.index(a[1]))
    }
    module.function("profile", "text, line, rows, /") { (vm, a) throws(PythonError) -> Value in
        guard a[0].tag == Tag.string, a[2].tag == Tag.list else { throw vm.typeError("text must be a str and rows a list") }
        guard let cell = target.cell else { throw vm.runtimeError("only a notebook can run text") }
        try cell.profile(text: vm.text(a[0]), lineOffset: try vm.index(a[1]), into: a[2])
        return .none
    }
    module.function("processor_times", "") { (vm, a) throws(PythonError) -> Value in
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return vm.tuple([usage.ru_utime, usage.ru_stime].map { .float(Double($0.tv_sec) + Double($0.tv_usec) * 1e-6) })
    }
    module.function("session_commands", "") { (vm, a) throws(PythonError) -> Value in
        vm.list((target.cell?.sessionCommands ?? []).map { vm.tuple([vm.string($0.name), vm.string($0.help)]) })
    }
}

/// What `display(..., display_id=...)` says of the displays it makes.
struct DisplayIdentity {
    let name: String
    let isUpdate: Bool
}

enum NotebookModule {
    static func displayFunction(_ target: DisplayTarget) -> NativeFunction {
        NativeFunction(
            "display", "*objs, include=None, exclude=None, metadata=None, transient=None, display_id=None, raw=False, clear=False, update=False"
        ) {
            (vm, a) throws(PythonError) -> Value in
            let values = a[8].tuple
            let isRaw = try vm.isTrue(a[5])
            if try vm.isTrue(a[6]) { target.cell?.clear(waits: true) }
            let isUpdate = try vm.isTrue(a[7])
            if isUpdate, a[4].isNone { throw vm.typeError("display_id required for update_display") }
            var handle = Value.none
            defer { vm.heap.release(handle) }
            var identity: DisplayIdentity?
            if !a[4].isNone {
                handle = try makeHandle(vm, a[4])
                let name = try vm.getAttribute(handle, "display_id")
                defer { vm.heap.release(name) }
                identity = DisplayIdentity(name: try vm.strText(name), isUpdate: isUpdate)
            }
            for index in 0..<values.pointee.count {
                if isRaw {
                    try publish(vm, values.items[index], target, identity)
                } else {
                    try show(vm, values.items[index], target, identity)
                }
            }
            return isUpdate ? .none : handle.retained()
        }
    }

    /// `DisplayHandle` of the `IPython` package for a display that was given an identity.
    private static func makeHandle(_ vm: VM, _ identity: Value) throws(PythonError) -> Value {
        let module = try vm.importModule("IPython.display")
        defer { vm.heap.release(module) }
        return try vm.callMethod(module, "DisplayHandle", identity)
    }

    private static func show(_ vm: VM, _ value: Value, _ target: DisplayTarget, _ identity: DisplayIdentity?) throws(PythonError) {
        if let cell = target.cell { return try cell.show(value, .display, identity) }
        try write(vm, try vm.reprText(value))
    }

    static func publish(_ vm: VM, _ bundle: Value, _ target: DisplayTarget, _ identity: DisplayIdentity? = nil) throws(PythonError) {
        var display = Display(.display)
        display.identity = identity?.name
        display.isUpdate = identity?.isUpdate ?? false
        try DisplayReader(vm: vm, onProblem: { vm.discard($0) }).read(bundle, into: &display)
        if let cell = target.cell { return cell.show(display) }
        try write(vm, display.text ?? display.markdown ?? "<display>")
    }

    /// Outside a notebook a display is its text, printed.
    private static func write(_ vm: VM, _ text: String) throws(PythonError) {
        var text = text + "\n"
        text.withUTF8 { vm.output.write($0, toError: false) }
    }

    /// `get_ipython`: the shell object of the `IPython` package.
    static func shellFunction() -> NativeFunction {
        NativeFunction("get_ipython", "") { (vm, a) throws(PythonError) -> Value in
            let module = try vm.importModule("IPython")
            defer { vm.heap.release(module) }
            return try vm.callMethod(module, "get_ipython")
        }
    }
}
