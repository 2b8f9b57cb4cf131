import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// `os.stat_result`
struct StatResult {
    let sequence: StructSequence
    private static let visible = ["st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime"]
    private static let hidden = [
        "st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev",
    ]

    init(_ vm: VM) { sequence = StructSequence(vm, "os.stat_result", visible: StatResult.visible, hidden: StatResult.hidden) }

    func value(_ vm: VM, _ information: stat) -> Value {
        let moments = [information.st_atim, information.st_mtim, information.st_ctim]
        let items: [Int] = [
            Int(information.st_mode), Int(information.st_ino), Int(information.st_dev), Int(information.st_nlink), Int(information.st_uid),
            Int(information.st_gid), Int(information.st_size),
        ]
        let floats = moments.map { Value.float(Double($0.tv_sec) + 1e-9 * Double($0.tv_nsec)) }
        let exact = moments.map { Value.int($0.tv_sec &* 1_000_000_000 &+ $0.tv_nsec) }
        let rest: [Value] = [.int(Int(information.st_blksize)), .int(Int(information.st_blocks)), .int(Int(information.st_rdev))]
        return sequence.make(vm, items.map { .int($0) } + moments.map { .int($0.tv_sec) }, hidden: floats + exact + rest)
    }
}

extension OperatingSystem {
    func defineStatus() {
        module.set("stat_result", statResult.sequence.type.value.retained())
        let result = statResult
        module.function("stat", "path, *, dir_fd=None, follow_symlinks=True") { (vm, a) throws(PythonError) -> Value in
            var information = Glibc.stat()
            let follows = try vm.isTrue(a[2])
            switch try OperatingSystem.target(vm, a[0], "stat") {
            case .descriptor(let file): if fstat(file, &information) != 0 { throw vm.osError(errno, naming: a[0]) }
            case .path(let path):
                let outcome = vm.withPath(path) { follows ? stat($0, &information) : lstat($0, &information) }
                if outcome != 0 { throw vm.osError(errno, path) }
            }
            return result.value(vm, information)
        }
        module.function("lstat", "path, *, dir_fd=None") { (vm, a) throws(PythonError) -> Value in
            var information = Glibc.stat()
            let path = try OperatingSystem.path(vm, a[0], "lstat")
            if vm.withPath(path, { lstat($0, &information) }) != 0 { throw vm.osError(errno, path) }
            return result.value(vm, information)
        }
        module.function("fstat", "fd") { (vm, a) throws(PythonError) -> Value in
            var information = Glibc.stat()
            if fstat(Int32(clamping: try vm.index(a[0])), &information) != 0 { throw vm.osError(errno) }
            return result.value(vm, information)
        }
        let volume = StructSequence(
            vm, "os.statvfs_result",
            visible: ["f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail", "f_flag", "f_namemax"],
            hidden: ["f_fsid"])
        module.function("statvfs", "path") { (vm, a) throws(PythonError) -> Value in
            var information = Glibc.statvfs()
            switch try OperatingSystem.target(vm, a[0], "statvfs") {
            case .descriptor(let file): if fstatvfs(file, &information) != 0 { throw vm.osError(errno) }
            case .path(let path): if vm.withPath(path, { statvfs($0, &information) }) != 0 { throw vm.osError(errno, path) }
            }
            let items: [Int] = [
                Int(information.f_bsize), Int(information.f_frsize), Int(information.f_blocks), Int(information.f_bfree), Int(information.f_bavail),
                Int(information.f_files), Int(information.f_ffree), Int(information.f_favail), Int(information.f_flag), Int(information.f_namemax),
            ]
            return volume.make(vm, items.map { .int($0) }, hidden: [vm.int(UInt64(information.f_fsid))])
        }
    }
}
