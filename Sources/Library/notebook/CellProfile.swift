import Bytecode
import Interpreter

// `%prun`: calls and times by function.

extension NotebookSession {
    /// Runs text under a profiler and appends `(label, file, calls, primitive calls, own seconds, total seconds)` of each function to
    /// `rows`, a list, also when the text raises.
    func profile(text: String, lineOffset: Int, into rows: Value) throws(PythonError) {
        let profiler = Profiler()
        defer { for entry in profiler.entries { vm.listAppend(rows.list, row(entry)) } }
        try vm.profile(with: profiler) { () throws(PythonError) -> Void in
            vm.heap.release(try value(ofText: text, lineOffset: lineOffset))
        }
    }

    private func row(_ entry: Profiler.Entry) -> Value {
        let label: String
        var file = ""
        switch entry.callee {
        case .function(let code):
            file = self.file(of: code)
            label = "\(file):\(code.firstLine)(\(code.name))"
        case .native(let function):
            if let owner = function.owner {
                label = "{method '\(function.name)' of '\(owner)' objects}"
            } else {
                label = "{built-in method \(function.module ?? "builtins").\(function.name)}"
            }
        }
        return vm.tuple([
            vm.string(label), vm.string(file), .int(entry.calls), .int(entry.primitiveCalls), .float(Double(entry.ownTime) * 1e-9),
            .float(Double(entry.totalTime) * 1e-9),
        ])
    }
}
