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
    private let streams = StandardStreams()

    /// - Parameters:
    ///   - arguments: `sys.argv`
    ///   - folder: where imports look first: the program's own folder, empty for the current one.
    ///   - file: `__file__` of the main module, when it is a file.
    package init(arguments: [String], folder: String, file: String? = nil) {
        vm = VM()
        vm.arguments = arguments
        search = ModuleSearch(folders: [folder] + (ModuleSearch.standardLibrary().map { [$0] } ?? []))
        vm.loader = search
        main = vm.makeModule("__main__", file: file)
        vm.modules["__main__"] = main.retained()
        registerStandardModules(vm, search, streams)
    }

    /// Compiles and runs text in the main module.
    package func run(_ source: SourceText, mode: CompilationMode = .module) throws(PythonError) {
        let record = try vm.compile(source, for: main, mode: mode)
        try vm.execute(record, in: main)
    }

    /// Forgets the program's variables, so that finalizers run, and writes out what is buffered.
    package func finish() {
        vm.moduleInfo(main).dropGlobals(vm)
        vm.heap.collectCycles()
        streams.finish()
        vm.output.flush()
    }
}
