import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// `_os`: the operating system, under `os`.
func registerOS(_ vm: VM) {
    vm.registerNativeModule("_os") { (vm, module) throws(PythonError) -> Void in
        let system = OperatingSystem(vm, module)
        system.defineConstants()
        system.defineEnvironment()
        system.defineFolders()
        system.defineFileChanges()
        system.defineLinks()
        system.defineStatus()
        system.defineDescriptors()
        system.defineProcess()
        system.defineMachine()
        defineScandir(vm, module, system.statResult)
    }
}

/// The functions of `_os` while the module is being filled.
struct OperatingSystem {
    let vm: VM
    let module: NativeModule
    let statResult: StatResult

    init(_ vm: VM, _ module: NativeModule) {
        self.vm = vm
        self.module = module
        statResult = StatResult(vm)
    }

    func defineConstants() {
        let constants: [(String, Int32)] = [
            ("F_OK", F_OK), ("R_OK", R_OK), ("W_OK", W_OK), ("X_OK", X_OK), ("O_RDONLY", O_RDONLY), ("O_WRONLY", O_WRONLY), ("O_RDWR", O_RDWR),
            ("O_CREAT", O_CREAT), ("O_EXCL", O_EXCL), ("O_TRUNC", O_TRUNC), ("O_APPEND", O_APPEND), ("EX_OK", 0),
        ]
        for (name, value) in constants { module.set(name, .int(Int(value))) }
    }

    // MARK: arguments

    /// A path argument of the function `name`.
    static func path(_ vm: VM, _ value: Value, _ name: String, _ parameter: String = "path") throws(PythonError) -> PathArgument {
        try vm.path(value, "\(name): \(parameter) should be string, bytes or os.PathLike, not \(vm.typeName(value))")
    }

    enum Target {
        case path(PathArgument)
        case descriptor(Int32)
    }

    /// A path or an open descriptor.
    static func target(_ vm: VM, _ value: Value, _ name: String) throws(PythonError) -> Target {
        let plain = vm.payload(value)
        if plain.isInt || plain.isBool { return .descriptor(Int32(clamping: plain.asInt)) }
        return .path(try vm.path(value, "\(name): path should be string, bytes, os.PathLike or integer, not \(vm.typeName(value))"))
    }

    /// A function of one path that succeeds or fails.
    func simple(_ name: String, _ signature: String = "path", _ body: @escaping (VM, Arguments, UnsafePointer<CChar>) throws(PythonError) -> Int32) {
        module.function(name, signature) { (vm, a) throws(PythonError) -> Value in
            let path = try OperatingSystem.path(vm, a[0], name)
            var outcome: Int32 = 0
            var failure: PythonError?
            var code: Int32 = 0
            vm.withPath(path) { pointer in
                do throws(PythonError) {
                    outcome = try body(vm, a, pointer)
                    code = errno
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            if outcome != 0 { throw vm.osError(code, path) }
            return .none
        }
    }

    /// A function of two paths that succeeds or fails.
    func pair(
        _ name: String, _ signature: String = "src, dst", _ first: String = "src", _ second: String = "dst",
        _ body: @escaping (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
    ) {
        module.function(name, signature) { (vm, a) throws(PythonError) -> Value in
            let source = try OperatingSystem.path(vm, a[0], name, first)
            let target = try OperatingSystem.path(vm, a[1], name, second)
            let outcome = vm.withPath(source) { one in vm.withPath(target) { two in body(one, two) } }
            if outcome != 0 { throw vm.osError(errno, source, target) }
            return .none
        }
    }

    // MARK: environment

    func defineEnvironment() {
        let variables = vm.dict()
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.dropFirst().firstIndex(of: "=") {
                let value = vm.string(line[line.index(after: equals)...])
                vm.dictSet(variables.dict, String(line[..<equals]), value)
                vm.heap.release(value)
            }
            entry += 1
        }
        module.set("environ", variables)
        module.function("putenv", "name, value, /") { (vm, a) throws(PythonError) -> Value in
            let name = try OperatingSystem.path(vm, a[0], "putenv", "name")
            let value = try OperatingSystem.path(vm, a[1], "putenv", "value")
            if name.bytes.isEmpty || name.bytes.contains(UInt8(ascii: "=")) { throw vm.valueError("illegal environment variable name") }
            let outcome = vm.withPath(name) { one in vm.withPath(value) { two in setenv(one, two, 1) } }
            if outcome != 0 { throw vm.osError(errno) }
            return .none
        }
        module.function("unsetenv", "name, /") { (vm, a) throws(PythonError) -> Value in
            let name = try OperatingSystem.path(vm, a[0], "unsetenv", "name")
            if vm.withPath(name, { unsetenv($0) }) != 0 { throw vm.osError(errno) }
            return .none
        }
    }

    // MARK: folders

    func defineFolders() {
        module.function("fspath", "path") { (vm, a) throws(PythonError) -> Value in
            guard let found = try vm.fileSystemPath(a[0]) else {
                throw vm.typeError("expected str, bytes or os.PathLike object, not \(vm.typeName(a[0]))")
            }
            return found
        }
        module.function("getcwd", "") { (vm, a) throws(PythonError) -> Value in
            guard let folder = Glibc.getcwd(nil, 0) else { throw vm.osError(errno) }
            defer { free(folder) }
            return vm.string(String(cString: folder))
        }
        module.function("getcwdb", "") { (vm, a) throws(PythonError) -> Value in
            guard let folder = Glibc.getcwd(nil, 0) else { throw vm.osError(errno) }
            defer { free(folder) }
            return vm.bytes(Array(String(cString: folder).utf8))
        }
        module.function("chdir", "path") { (vm, a) throws(PythonError) -> Value in
            switch try OperatingSystem.target(vm, a[0], "chdir") {
            case .descriptor(let file): if fchdir(file) != 0 { throw vm.osError(errno, naming: a[0]) }
            case .path(let path): if vm.withPath(path, { Glibc.chdir($0) }) != 0 { throw vm.osError(errno, path) }
            }
            return .none
        }
        simple("mkdir", "path, mode=511") { (vm, a, path) throws(PythonError) -> Int32 in
            Glibc.mkdir(path, mode_t(truncatingIfNeeded: try vm.index(a[1])))
        }
        simple("rmdir") { (vm, a, path) throws(PythonError) -> Int32 in Glibc.rmdir(path) }
        module.function("listdir", "path=None") { (vm, a) throws(PythonError) -> Value in
            let (folder, path) = try OperatingSystem.openFolder(vm, a[0], "listdir")
            defer { closedir(folder) }
            var names: [Value] = []
            while let name = OperatingSystem.nextEntry(folder)?.name {
                names.append(path?.isBytes == true ? vm.bytes(name) : vm.string(String(decoding: name, as: UTF8.self)))
            }
            return vm.list(names)
        }
    }

    /// A folder for reading its entries; the path is nil for a descriptor or the current folder.
    static func openFolder(_ vm: VM, _ value: Value, _ name: String) throws(PythonError) -> (OpaquePointer, PathArgument?) {
        let plain = vm.payload(value)
        if plain.isInt {
            let copy = Glibc.dup(Int32(clamping: plain.asInt))
            guard copy >= 0, let folder = fdopendir(copy) else { throw vm.osError(errno, naming: plain) }
            rewinddir(folder)
            return (folder, nil)
        }
        if value.isNone {
            guard let folder = opendir(".") else { throw vm.osError(errno) }
            return (folder, nil)
        }
        let path = try vm.path(value, "\(name): path should be string, bytes, os.PathLike, integer or None, not \(vm.typeName(value))")
        guard let folder = vm.withPath(path, { opendir($0) }) else { throw vm.osError(errno, path) }
        return (folder, path)
    }

    /// The next entry of a folder but `.` and `..`.
    static func nextEntry(_ folder: OpaquePointer) -> (name: [UInt8], kind: UInt8, inode: UInt)? {
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in Array(bytes.prefix { $0 != 0 }) }
            if name == [0x2E] || name == [0x2E, 0x2E] { continue }
            return (name, entry.pointee.d_type, UInt(entry.pointee.d_ino))
        }
        return nil
    }

    // MARK: files

    func defineFileChanges() {
        for name in ["remove", "unlink"] { simple(name) { (vm, a, path) throws(PythonError) -> Int32 in Glibc.unlink(path) } }
        for name in ["rename", "replace"] { pair(name) { Glibc.rename($0, $1) } }
        simple("chmod", "path, mode") { (vm, a, path) throws(PythonError) -> Int32 in
            Glibc.chmod(path, mode_t(truncatingIfNeeded: try vm.index(a[1])))
        }
        module.function("access", "path, mode") { (vm, a) throws(PythonError) -> Value in
            let path = try OperatingSystem.path(vm, a[0], "access")
            let mode = Int32(clamping: try vm.index(a[1]))
            return .bool(vm.withPath(path) { Glibc.access($0, mode) } == 0)
        }
        module.function("truncate", "path, length") { (vm, a) throws(PythonError) -> Value in
            let length = try vm.index(a[1])
            switch try OperatingSystem.target(vm, a[0], "truncate") {
            case .descriptor(let file): if Glibc.ftruncate(file, length) != 0 { throw vm.osError(errno) }
            case .path(let path): if vm.withPath(path, { Glibc.truncate($0, length) }) != 0 { throw vm.osError(errno, path) }
            }
            return .none
        }
        module.function("utime", "path, times=None, *, ns=...") { (vm, a) throws(PythonError) -> Value in
            if a.has(2), !a[1].isNone { throw vm.valueError("utime: you may specify either 'times' or 'ns' but not both") }
            let times = try OperatingSystem.moments(vm, a)
            var code: Int32 = 0
            switch try OperatingSystem.target(vm, a[0], "utime") {
            case .descriptor(let file):
                if futimens(file, times) != 0 { throw vm.osError(errno) }
            case .path(let path):
                vm.withPath(path) { if utimensat(AT_FDCWD, $0, times, 0) != 0 { code = errno } }
                if code != 0 { throw vm.osError(code, path) }
            }
            return .none
        }
    }

    /// Access and modification time as `utime` got them.
    private static func moments(_ vm: VM, _ a: Arguments) throws(PythonError) -> [timespec] {
        let given = a.has(2) ? a[2] : a[1]
        if given.isNone {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return [now, now]
        }
        guard given.tag == Tag.tuple, given.tuple.pointee.count == 2 else {
            throw vm.typeError(
                "utime: '\(a.has(2) ? "ns" : "times")' must be \(a.has(2) ? "a tuple of two ints" : "either a tuple of two ints or None")")
        }
        var result: [timespec] = []
        for index in 0..<2 {
            let item = given.tuple.items[index]
            if a.has(2) {
                let total = try vm.index(item)
                let (quotient, rest) = total.quotientAndRemainder(dividingBy: 1_000_000_000)
                result.append(timespec(tv_sec: rest < 0 ? quotient - 1 : quotient, tv_nsec: rest < 0 ? rest + 1_000_000_000 : rest))
            } else {
                let seconds = try vm.real(item)
                guard seconds.magnitude < 9e18 else { throw vm.overflowError("timestamp out of range for platform time_t") }
                let whole = seconds.rounded(.down)
                result.append(timespec(tv_sec: Int(whole), tv_nsec: Int((seconds - whole) * 1e9)))
            }
        }
        return result
    }

    func defineLinks() {
        pair("symlink", "src, dst, target_is_directory=False") { Glibc.symlink($0, $1) }
        pair("link") { Glibc.link($0, $1) }
        module.function("readlink", "path") { (vm, a) throws(PythonError) -> Value in
            let path = try OperatingSystem.path(vm, a[0], "readlink")
            var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX) + 1)
            let count = vm.withPath(path) { name in
                buffer.withUnsafeMutableBytes { Glibc.readlink(name, $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self), $0.count) }
            }
            if count < 0 { throw vm.osError(errno, path) }
            return path.value(vm, Array(buffer[..<count]))
        }
    }
}
