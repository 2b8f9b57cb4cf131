import Diagnostics
import Interpreter

/// `_traceback`: what `traceback`, `warnings` and `logging` ask the machine.
func registerTraceback(_ vm: VM) {
    vm.registerNativeModule("_traceback") { (vm, module) throws(PythonError) -> Void in
        module.function("format_exception", "exc, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.exception else { throw vm.typeError("Exception expected for value, \(vm.typeName(a[0])) found") }
            return vm.list(reportPieces(vm.tracebackText(a[0])).map { vm.string($0) })
        }
        module.function("format_tb", "tb, /") { (vm, a) throws(PythonError) -> Value in
            vm.list(try lines(vm, a[0]).map { vm.string("  File \"\($0.file)\", line \($0.line), in \($0.name)\n" + vm.sourceFrame($0)) })
        }
        module.function("extract", "tb, /") { (vm, a) throws(PythonError) -> Value in vm.list(try lines(vm, a[0]).map { entry(vm, $0) }) }
        module.function("extract_stack", "depth=0, /") { (vm, a) throws(PythonError) -> Value in
            var found: [Value] = []
            var depth = max(0, try vm.index(a[0]))
            while let running = vm.runningLine(depth) {
                found.append(entry(vm, running.line))
                depth += 1
            }
            return vm.list(found.reversed())
        }
        module.function("getline", "filename, lineno, /") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.strText(a[0])
            let number = try vm.index(a[1])
            guard let bytes = ModuleSearch.read(name) else { return vm.string("") }
            let source = SourceText(name: name, bytes: bytes)
            guard number >= 1, number <= source.lineStarts.count else { return vm.string("") }
            return vm.string(source.lineText(at: number - 1) + "\n")
        }
    }
}

private func lines(_ vm: VM, _ value: Value) throws(PythonError) -> [VM.TraceLine] {
    if value.isNone { return [] }
    guard let view = vm.nativeObject(value, as: TracebackView.self) else {
        throw vm.typeError("a traceback object is required, not '\(vm.typeName(value))'")
    }
    return view.lines
}

private func entry(_ vm: VM, _ line: VM.TraceLine) -> Value {
    vm.tuple([vm.string(line.file), .int(line.line), vm.string(line.name), vm.string(line.text)])
}

/// A report cut into what `traceback.format_exception` lists: headings, frames, messages.
private func reportPieces(_ text: String) -> [String] {
    var pieces: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
        let isContinuation = line.hasPrefix("    ") && pieces.last?.hasPrefix("  File ") == true
        if isContinuation { pieces[pieces.count - 1] += line + "\n" } else { pieces.append(line + "\n") }
    }
    return pieces
}
