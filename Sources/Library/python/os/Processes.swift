import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

extension OperatingSystem {
    func defineProcess() {
        let numbers: [(String, () -> Int)] = [
            ("getpid", { Int(Glibc.getpid()) }), ("getppid", { Int(Glibc.getppid()) }), ("getuid", { Int(Glibc.getuid()) }),
            ("getgid", { Int(Glibc.getgid()) }), ("geteuid", { Int(Glibc.geteuid()) }), ("getegid", { Int(Glibc.getegid()) }),
        ]
        for (name, read) in numbers { module.function(name, "") { (vm, a) throws(PythonError) -> Value in .int(read()) } }
        module.function("_exit", "status") { (vm, a) throws(PythonError) -> Value in
            Glibc._exit(Int32(truncatingIfNeeded: try vm.index(a[0])))
        }
        module.function("kill", "pid, signal, /") { (vm, a) throws(PythonError) -> Value in
            if Glibc.kill(pid_t(clamping: try vm.index(a[0])), Int32(clamping: try vm.index(a[1]))) != 0 { throw vm.osError(errno) }
            return .none
        }
        module.function("system", "command") { (vm, a) throws(PythonError) -> Value in
            vm.output.flush()
            let command = try OperatingSystem.path(vm, a[0], "system", "command")
            return .int(Int(vm.withPath(command) { Glibc.system($0) }))
        }
        module.function("umask", "mask, /") { (vm, a) throws(PythonError) -> Value in
            .int(Int(Glibc.umask(mode_t(truncatingIfNeeded: try vm.index(a[0])))))
        }
        let times = StructSequence(vm, "posix.times_result", visible: ["user", "system", "children_user", "children_system", "elapsed"])
        module.set("times_result", times.type.value.retained())
        module.function("times", "") { (vm, a) throws(PythonError) -> Value in
            var used = tms()
            let elapsed = Glibc.times(&used)
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            let values = [used.tms_utime, used.tms_stime, used.tms_cutime, used.tms_cstime, elapsed]
            return times.make(vm, values.map { .float(Double($0) / ticks) })
        }
    }

    func defineMachine() {
        module.function("cpu_count", "") { (vm, a) throws(PythonError) -> Value in
            let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
            return count > 0 ? .int(count) : .none
        }
        module.function("sched_getaffinity", "pid, /") { (vm, a) throws(PythonError) -> Value in
            let pid = try vm.index(a[0])
            guard let text = ModuleSearch.read("/proc/\(pid == 0 ? Int(Glibc.getpid()) : pid)/status") else { throw vm.osError(ESRCH) }
            let result = vm.makeSet()
            for processor in OperatingSystem.allowedProcessors(String(decoding: text, as: UTF8.self)) { try vm.setAdd(result, .int(processor)) }
            return result
        }
        module.function("getloadavg", "") { (vm, a) throws(PythonError) -> Value in
            var loads = [0.0, 0.0, 0.0]
            if Glibc.getloadavg(&loads, 3) != 3 { throw vm.osErrorMessage("Load averages are unobtainable") }
            return vm.tuple(loads.map { .float($0) })
        }
        module.function("strerror", "code, /") { (vm, a) throws(PythonError) -> Value in
            vm.string(VM.systemMessage(Int32(clamping: try vm.index(a[0]))))
        }
        module.function("sync", "") { (vm, a) throws(PythonError) -> Value in
            Glibc.sync()
            return .none
        }
        module.function("urandom", "size, /") { (vm, a) throws(PythonError) -> Value in
            let size = try vm.index(a[0])
            if size < 0 { throw vm.valueError("negative argument not allowed") }
            if size > 1 << 30 { throw vm.error("MemoryError", arguments: []) }
            var generator = SystemRandomNumberGenerator()
            return vm.bytes((0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
        let names = StructSequence(vm, "posix.uname_result", visible: ["sysname", "nodename", "release", "version", "machine"])
        module.set("uname_result", names.type.value.retained())
        module.function("uname", "") { (vm, a) throws(PythonError) -> Value in
            var information = utsname()
            if Glibc.uname(&information) != 0 { throw vm.osError(errno) }
            func text<T>(_ field: T) -> Value {
                withUnsafeBytes(of: field) { vm.string(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)) }
            }
            return names.make(
                vm,
                [
                    text(information.sysname), text(information.nodename), text(information.release), text(information.version),
                    text(information.machine),
                ])
        }
    }

    /// The processors in the `Cpus_allowed_list` line (`0-3,8`) of a process's status.
    private static func allowedProcessors(_ status: String) -> [Int] {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") }) else { return [] }
        var result: [Int] = []
        for part in line.dropFirst("Cpus_allowed_list:".count).split(separator: ",") {
            let bounds = part.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
            guard let first = bounds.first, let last = bounds.last, first <= last else { continue }
            result += first...last
        }
        return result
    }
}
