import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

extension OperatingSystem {
    static func descriptor(_ vm: VM, _ value: Value) throws(PythonError) -> Int32 { Int32(clamping: try vm.index(value)) }

    func defineDescriptors() {
        module.function("open", "path, flags, mode=511, *, dir_fd=None") { (vm, a) throws(PythonError) -> Value in
            let path = try OperatingSystem.path(vm, a[0], "open")
            let flags = Int32(truncatingIfNeeded: try vm.index(a[1]))
            let mode = mode_t(truncatingIfNeeded: try vm.index(a[2]))
            let file = vm.withPath(path) { Glibc.open($0, flags | O_CLOEXEC, mode) }
            if file < 0 { throw vm.osError(errno, path) }
            return .int(Int(file))
        }
        func act(_ name: String, _ signature: String, _ body: @escaping (VM, Arguments, Int32) throws(PythonError) -> Int) {
            module.function(name, signature) { (vm, a) throws(PythonError) -> Value in
                let outcome = try body(vm, a, OperatingSystem.descriptor(vm, a[0]))
                if outcome < 0 { throw vm.osError(errno) }
                return .int(outcome)
            }
        }
        func done(_ name: String, _ signature: String, _ body: @escaping (VM, Arguments, Int32) throws(PythonError) -> Int32) {
            module.function(name, signature) { (vm, a) throws(PythonError) -> Value in
                if try body(vm, a, OperatingSystem.descriptor(vm, a[0])) < 0 { throw vm.osError(errno) }
                return .none
            }
        }
        done("close", "fd") { (vm, a, file) throws(PythonError) -> Int32 in Glibc.close(file) }
        done("fsync", "fd") { (vm, a, file) throws(PythonError) -> Int32 in Glibc.fsync(file) }
        done("ftruncate", "fd, length, /") { (vm, a, file) throws(PythonError) -> Int32 in Glibc.ftruncate(file, try vm.index(a[1])) }
        act("dup", "fd, /") { (vm, a, file) throws(PythonError) -> Int in Int(fcntl(file, F_DUPFD_CLOEXEC, 0)) }
        act("lseek", "fd, position, how, /") { (vm, a, file) throws(PythonError) -> Int in
            lseek(file, try vm.index(a[1]), Int32(clamping: try vm.index(a[2])))
        }
        act("write", "fd, data, /") { (vm, a, file) throws(PythonError) -> Int in
            if file == 1 { vm.output.flush() }
            let data = try vm.bytesLike(a[1])
            return Glibc.write(file, data.baseAddress, data.count)
        }
        module.function("isatty", "fd, /") { (vm, a) throws(PythonError) -> Value in
            .bool(Glibc.isatty(try OperatingSystem.descriptor(vm, a[0])) == 1)
        }
        module.function("read", "fd, length, /") { (vm, a) throws(PythonError) -> Value in
            let file = try OperatingSystem.descriptor(vm, a[0])
            let length = try vm.index(a[1])
            if length < 0 { throw vm.osError(EINVAL) }
            var count = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: min(length, 1 << 28)) { buffer, used in
                count = Glibc.read(file, buffer.baseAddress, buffer.count)
                used = max(0, count)
            }
            if count < 0 { throw vm.osError(errno) }
            return vm.bytes(bytes)
        }
        module.function("pipe", "") { (vm, a) throws(PythonError) -> Value in
            var ends: [Int32] = [0, 0]
            if Glibc.pipe(&ends) != 0 { throw vm.osError(errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return vm.tuple(ends.map { .int(Int($0)) })
        }
        let size = StructSequence(vm, "os.terminal_size", visible: ["columns", "lines"])
        module.set("terminal_size", size.type.value.retained())
        module.function("get_terminal_size", "fd=1, /") { (vm, a) throws(PythonError) -> Value in
            var window = winsize()
            if ioctl(try OperatingSystem.descriptor(vm, a[0]), UInt(TIOCGWINSZ), &window) != 0 { throw vm.osError(errno) }
            return size.make(vm, [.int(Int(window.ws_col)), .int(Int(window.ws_row))])
        }
    }
}
