import Bytecode
import Diagnostics
import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// A language session with the whole library: the VM, its `__main__` module, the module search.
package final class Session {
    package let vm: VM
    package let main: Value
    package let search: ModuleSearch
    private let exitFunctions = ExitFunctions()
    private let streams = StandardStreams()
    package let display = DisplayTarget()

    /// - Parameters:
    ///   - arguments: `sys.argv`
    ///   - folder: where imports look first: the program's own folder, empty for the current one.
    ///   - file: `__file__` of the main module, when it is a file.
    package init(arguments: [String], folder: String, file: String? = nil) {
        vm = VM()
        vm.arguments = arguments
        let home = file == nil ? folder : Session.absolute(folder.isEmpty ? "." : folder)
        search = ModuleSearch(folders: [home], library: ModuleSearch.standardLibrary())
        vm.loader = search
        main = vm.makeModule("__main__", file: file.map(Session.absolute))
        vm.modules["__main__"] = main.retained()
        vm.setGlobal(main.object(as: ModuleObject.self), "__package__", .none)
        registerStandardModules(vm, search, streams)
        registerNotebook(vm, display)
        registerAtExit(vm, exitFunctions)
        registerBuiltins(vm)
    }

    /// A path from the root, `.` and `..` worked out as `os.path.abspath` does.
    private static func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let current = path.hasPrefix("/") ? "" : getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? ""
        for part in "\(current)/\(path)".split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Compiles and runs text in the main module.
    package func run(_ source: SourceText, mode: CompilationMode = .module) throws(PythonError) {
        let record = try vm.compile(source, for: main, mode: mode)
        try vm.execute(record, in: main)
    }

    /// Forgets the program's variables, so that finalizers run, and writes out what is buffered.
    package func finish() {
        exitFunctions.run(vm)
        vm.moduleInfo(main).dropGlobals(vm)
        vm.heap.collectCycles()
        streams.finish()
        vm.output.flush()
    }
}
