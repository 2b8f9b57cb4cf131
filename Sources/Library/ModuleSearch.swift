import Diagnostics
import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// Finds modules: native ones first, then files along a list of folders, the shipped library last.
package final class ModuleSearch: ModuleLoader {
    /// Folders in order of precedence: `sys.path`.
    package var folders: [String]
    private let library: String?
    private lazy var compiled = ModuleSearch.executable().flatMap { CompiledLibrary($0 + ".library") }

    /// `library` is the folder of the shipped library, searched behind `folders`.
    package init(folders: [String], library: String?) {
        self.folders = folders + (library.map { [$0] } ?? [])
        self.library = library
    }

    /// What a program made of `sys.path`; the folders of the start until it imports `sys`.
    private func currentFolders(_ vm: VM) -> [String] {
        guard let system = vm.modules["sys"], system.tag == Tag.module, let path = vm.moduleInfo(system).value(of: "path"), path.tag == Tag.list
        else { return folders }
        return (0..<path.list.pointee.count).compactMap { index in
            let item = vm.payload(path.list.pointee.items[index])
            return item.tag == Tag.string ? vm.text(item) : nil
        }
    }

    package func load(_ vm: VM, _ name: String) throws(PythonError) -> Value? {
        if let native = try vm.loadNativeModule(name) { return native }
        let leaf = name.split(separator: ".").last.map(String.init) ?? name
        for folder in searchFolders(vm, name) {
            let package = "\(folder)/\(leaf)"
            if let source = ModuleSearch.read("\(package)/__init__.py") {
                return try run(vm, name, file: "\(package)/__init__.py", source, searchPath: package)
            }
            if let source = ModuleSearch.read("\(package).py") { return try run(vm, name, file: "\(package).py", source, searchPath: nil) }
        }
        return nil
    }

    /// A submodule is searched in its package's folder, a top module along `folders`.
    private func searchFolders(_ vm: VM, _ name: String) -> [String] {
        guard let dot = name.lastIndex(of: ".") else { return currentFolders(vm).map { $0.isEmpty ? "." : $0 } }
        guard let parent = vm.modules[String(name[..<dot])], let path = vm.moduleInfo(parent).searchPath else { return [] }
        return [path]
    }

    private func run(_ vm: VM, _ name: String, file: String, _ source: [UInt8], searchPath: String?) throws(PythonError) -> Value {
        let module = vm.makeModule(name, file: file)
        vm.moduleInfo(module).file = file
        vm.moduleInfo(module).searchPath = searchPath
        vm.modules[name] = module.retained()
        describe(vm, module, name, searchPath)
        let info = vm.moduleInfo(module)
        info.isLoading = true
        defer { info.isLoading = false }
        do throws(PythonError) {
            try vm.execute(try record(vm, module, file: file, source), in: module)
        } catch {
            if let entered = vm.modules.removeValue(forKey: name) { vm.heap.release(entered) }
            vm.heap.release(module)
            throw error
        }
        // A module may replace itself in sys.modules; what is there now counts.
        vm.heap.release(module)
        return vm.modules[name].map { $0.retained() } ?? .none
    }

    /// The module's code: as the compiled library has it, or compiled now.
    private func record(_ vm: VM, _ module: Value, file: String, _ contents: [UInt8]) throws(PythonError) -> UnsafeMutablePointer<CodeRecord> {
        let source = try vm.sourceText(name: file, contents)
        if let library, file.hasPrefix(library + "/"),
            let code = compiled?.code(
                of: String(file.dropFirst(library.count + 1)), contents: contents, source: source, names: vm.moduleInfo(module).names)
        {
            return vm.load(code, for: module)
        }
        return try vm.compile(source, for: module, mode: .module)
    }

    /// What a module has before its code runs, in the order in which it gets them.
    static func givenNames(isPackage: Bool) -> [String] {
        ["__name__", "__doc__", "__file__", "__package__"] + (isPackage ? ["__path__"] : [])
    }

    /// `__package__`, and for packages `__path__`.
    private func describe(_ vm: VM, _ module: Value, _ name: String, _ searchPath: String?) {
        func set(_ attribute: String, _ value: Value) {
            vm.setGlobal(module.object(as: ModuleObject.self), attribute, value)
            vm.heap.release(value)
        }
        let parent = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
        set("__package__", vm.string(searchPath == nil ? parent : name))
        if let searchPath { set("__path__", vm.list([vm.string(searchPath)])) }
    }

    /// The content of a source file without a byte-order mark, nil when it cannot be read.
    package static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT != S_IFDIR else { return nil }
        // In pieces of the file's size and one byte more: the end is seen without growing.
        let chunk = max(4096, Int(information.st_size) + 1)
        var bytes: [UInt8] = []
        var count = 0
        repeat {
            let piece = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, filled in
                count = buffer.baseAddress.map { Glibc.read(descriptor, $0, chunk) } ?? 0
                filled = max(0, count)
            }
            if bytes.isEmpty { bytes = piece } else { bytes += piece }
        } while count > 0 && (bytes.count != Int(information.st_size))
        if count < 0 { return nil }
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// The file this process runs.
    package static func executable() -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return count > 0 ? String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// The folder of the shipped library: beside the executable, or in the source tree it was built from.
    package static func standardLibrary() -> String? {
        guard let executable = executable() else { return nil }
        var folder = executable.split(separator: "/").dropLast().map(String.init)
        let besides = "/" + folder.joined(separator: "/")
        for candidate in ["\(besides)/qnb_Library.resources/stdlib", "\(besides)/../share/qnb/stdlib"] where access(candidate, R_OK) == 0 {
            return candidate
        }
        while !folder.isEmpty {
            let candidate = "/" + folder.joined(separator: "/") + "/stdlib"
            if access("\(candidate)/os/__init__.py", R_OK) == 0 || access("\(candidate)/collections/__init__.py", R_OK) == 0 { return candidate }
            folder.removeLast()
        }
        return nil
    }
}
