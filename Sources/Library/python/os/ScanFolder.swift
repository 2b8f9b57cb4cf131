import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// An open folder and the name it was opened by.
private final class FolderScan {
    var folder: OpaquePointer?
    let prefix: [UInt8]
    let isBytes: Bool

    init(_ folder: OpaquePointer, _ path: PathArgument?) {
        self.folder = folder
        isBytes = path?.isBytes ?? false
        var prefix = path?.bytes ?? []
        if !prefix.isEmpty, prefix.last != 0x2F { prefix.append(0x2F) }
        self.prefix = prefix
    }

    deinit { close() }

    func close() {
        if let folder { closedir(folder) }
        folder = nil
    }
}

/// One entry of a folder; what the folder itself says is not asked for again.
private final class FolderEntry {
    let name: [UInt8]
    let path: [UInt8]
    let kind: UInt8
    let inode: UInt
    let isBytes: Bool

    init(_ name: [UInt8], _ path: [UInt8], _ kind: UInt8, _ inode: UInt, _ isBytes: Bool) {
        self.name = name
        self.path = path
        self.kind = kind
        self.inode = inode
        self.isBytes = isBytes
    }

    func text(_ vm: VM, _ content: [UInt8]) -> Value { isBytes ? vm.bytes(content) : vm.string(String(decoding: content, as: UTF8.self)) }

    /// The status; the error number when there is none.
    func status(follows: Bool) -> (information: stat, code: Int32) {
        var information = stat()
        let outcome = (path + [0]).withUnsafeBytes { bytes in
            let name = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self)
            return follows ? stat(name, &information) : lstat(name, &information)
        }
        return (information, outcome == 0 ? 0 : errno)
    }
}

/// `os.scandir` and its classes.
func defineScandir(_ vm: VM, _ module: NativeModule, _ statResult: StatResult) {
    let entryType = vm.makeBuiltinClass("DirEntry", module: "posix", layout: Tag.native, isBase: false) { vm, type in
        fillEntry(vm, type, statResult)
    }
    entryType.info.construct = nil
    module.set("DirEntry", entryType.value.retained())
    let scanType = vm.makeBuiltinClass("ScandirIterator", module: "posix", layout: Tag.native, isBase: false) { vm, type in
        func scan(_ vm: VM, _ value: Value) throws(PythonError) -> FolderScan {
            guard let scan = vm.nativeObject(value, as: FolderScan.self) else { throw vm.typeError("a ScandirIterator is required") }
            return scan
        }
        for name in ["__iter__", "__enter__"] {
            vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        }
        vm.define(type, "__exit__", "self, *args") { (vm, a) throws(PythonError) -> Value in
            try scan(vm, a[0]).close()
            return .none
        }
        vm.define(type, "close", "self, /") { (vm, a) throws(PythonError) -> Value in
            try scan(vm, a[0]).close()
            return .none
        }
        vm.define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let scan = try scan(vm, a[0])
            guard let folder = scan.folder, let next = OperatingSystem.nextEntry(folder) else {
                scan.close()
                throw vm.stopIteration()
            }
            return vm.native(FolderEntry(next.name, scan.prefix + next.name, next.kind, next.inode, scan.isBytes), entryType)
        }
    }
    scanType.info.construct = nil
    module.function("scandir", "path=None") { (vm, a) throws(PythonError) -> Value in
        var named = a[0]
        let here = vm.string(".")
        defer { vm.heap.release(here) }
        if named.isNone { named = here }
        let (folder, path) = try OperatingSystem.openFolder(vm, named, "scandir")
        return vm.native(FolderScan(folder, path), scanType)
    }
}

private func fillEntry(_ vm: VM, _ type: ClassPointer, _ statResult: StatResult) {
    func entry(_ vm: VM, _ value: Value) throws(PythonError) -> FolderEntry {
        guard let entry = vm.nativeObject(value, as: FolderEntry.self) else { throw vm.typeError("a DirEntry is required") }
        return entry
    }
    vm.defineProperty(type, "name") { (vm, value) throws(PythonError) -> Value in
        let entry = try entry(vm, value)
        return entry.text(vm, entry.name)
    }
    for name in ["path", "__fspath__"] {
        if name == "path" {
            vm.defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in
                let entry = try entry(vm, value)
                return entry.text(vm, entry.path)
            }
        } else {
            vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
                let entry = try entry(vm, a[0])
                return entry.text(vm, entry.path)
            }
        }
    }
    vm.define(type, "inode", "self, /") { (vm, a) throws(PythonError) -> Value in vm.int(UInt64(try entry(vm, a[0]).inode)) }
    for (name, kind, mask) in [("is_dir", Int(DT_DIR), S_IFDIR), ("is_file", Int(DT_REG), S_IFREG)] {
        vm.define(type, name, "self, *, follow_symlinks=True") { (vm, a) throws(PythonError) -> Value in
            let entry = try entry(vm, a[0])
            let follows = try vm.isTrue(a[1])
            if Int(entry.kind) != Int(DT_UNKNOWN), Int(entry.kind) != Int(DT_LNK) || !follows { return .bool(Int(entry.kind) == kind) }
            let (information, code) = entry.status(follows: follows)
            if code == ENOENT { return .false }
            if code != 0 { throw vm.osError(code, path: String(decoding: entry.path, as: UTF8.self)) }
            return .bool(information.st_mode & S_IFMT == mask)
        }
    }
    vm.define(type, "is_symlink", "self, /") { (vm, a) throws(PythonError) -> Value in
        let entry = try entry(vm, a[0])
        if Int(entry.kind) != Int(DT_UNKNOWN) { return .bool(Int(entry.kind) == Int(DT_LNK)) }
        let (information, code) = entry.status(follows: false)
        return .bool(code == 0 && information.st_mode & S_IFMT == S_IFLNK)
    }
    vm.define(type, "stat", "self, *, follow_symlinks=True") { (vm, a) throws(PythonError) -> Value in
        let entry = try entry(vm, a[0])
        let (information, code) = entry.status(follows: try vm.isTrue(a[1]))
        if code != 0 { throw vm.osError(code, path: String(decoding: entry.path, as: UTF8.self)) }
        return statResult.value(vm, information)
    }
    vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let entry = try entry(vm, a[0])
        let name = entry.text(vm, entry.name)
        defer { vm.heap.release(name) }
        return vm.string("<DirEntry \(try vm.reprText(name))>")
    }
}
