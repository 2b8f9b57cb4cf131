import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// `sys`.
func registerSys(_ vm: VM, _ search: ModuleSearch, _ streams: StandardStreams) {
    vm.registerNativeModule("sys") { (vm, module) throws(PythonError) -> Void in
        for name in ["stdin", "stdout", "stderr"] {
            let stream = try streams.stream(vm, name)
            module.set(name, stream.retained())
            module.set("__\(name)__", stream.retained())
        }
        module.set("argv", vm.list(vm.arguments.map { vm.string($0) }))
        module.set("orig_argv", vm.list(vm.arguments.map { vm.string($0) }))
        module.set("path", vm.list(search.folders.map { vm.string($0) }))
        module.set("modules", LoadedModules.value(vm))
        defineVersion(vm, module)
        defineLimits(vm, module)
        defineSystemFunctions(module)
        defineIntrospection(module)
    }
}

private func defineVersion(_ vm: VM, _ module: NativeModule) {
    let info = StructSequence(vm, "sys.version_info", visible: ["major", "minor", "micro", "releaselevel", "serial"], isConstructible: false)
    func version() -> Value { info.make(vm, [.int(3), .int(11), .int(2), vm.string("final"), .int(0)]) }
    module.set("version_info", version())
    module.set("version", vm.string("3.11.2 (qnb \(Release.number))"))
    module.set("hexversion", .int(0x030B02F0))
    module.set("api_version", .int(1013))
    module.set("copyright", vm.string("The qnb authors."))
    let implementation = SimpleNamespace.make(
        vm, [("name", vm.string("qnb")), ("cache_tag", .none), ("version", version()), ("hexversion", .int(0x030B02F0))])
    module.set("implementation", implementation)
    module.set("platform", vm.string("linux"))
    module.set("byteorder", vm.string("little"))
    module.set("executable", vm.string(executable()))
    for name in ["prefix", "base_prefix", "exec_prefix", "base_exec_prefix"] { module.set(name, vm.string("/usr")) }
    module.set("dont_write_bytecode", .true)
    module.set("warnoptions", vm.list())
    module.set("pycache_prefix", .none)
    module.set("builtin_module_names", vm.tuple(vm.nativeModuleNames.sorted().map { vm.string($0) }))
    module.set("platlibdir", vm.string("lib"))
    let flagNames = [
        "debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment", "verbose",
        "bytes_warning", "quiet", "hash_randomization", "isolated", "dev_mode", "utf8_mode", "safe_path", "int_max_str_digits",
    ]
    let flags = StructSequence(vm, "sys.flags", visible: flagNames, isConstructible: false)
    module.set(
        "flags",
        flags.make(
            vm,
            flagNames.map { name in
                switch name {
                case "dont_write_bytecode", "hash_randomization": .int(1)
                case "dev_mode", "safe_path": .false
                case "int_max_str_digits": .int(4300)
                default: .int(0)
                }
            }))
}

private func executable() -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes {
        readlink("/proc/self/exe", $0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
}

private func defineLimits(_ vm: VM, _ module: NativeModule) {
    module.set("maxsize", .int(Int.max))
    module.set("maxunicode", .int(0x10FFFF))
    module.set("float_repr_style", vm.string("short"))
    let floatInfo = StructSequence(
        vm, "sys.float_info",
        visible: ["max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig", "epsilon", "radix", "rounds"],
        isConstructible: false)
    module.set(
        "float_info",
        floatInfo.make(
            vm,
            [
                .float(.greatestFiniteMagnitude), .int(1024), .int(308), .float(.leastNormalMagnitude), .int(-1021), .int(-307), .int(15), .int(53),
                .float(.ulpOfOne), .int(2), .int(1),
            ]))
    let intInfo = StructSequence(
        vm, "sys.int_info", visible: ["bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"],
        isConstructible: false)
    module.set("int_info", intInfo.make(vm, [.int(30), .int(4), .int(4300), .int(640)]))
    let hashInfo = StructSequence(
        vm, "sys.hash_info", visible: ["width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"],
        isConstructible: false)
    module.set(
        "hash_info",
        hashInfo.make(
            vm,
            [
                .int(64), .int((1 << 61) - 1), .int(314159), .int(0), .int(1_000_003), vm.string("siphash13"), .int(64), .int(128), .int(0),
            ]))
    module.function("getrecursionlimit", "") { (vm, a) throws(PythonError) -> Value in .int(vm.recursionLimit) }
    module.function("setrecursionlimit", "limit, /") { (vm, a) throws(PythonError) -> Value in
        let limit = try vm.index(a[0])
        if limit < 1 { throw vm.valueError("recursion limit must be greater or equal than 1") }
        if limit > Int(Int32.max) { throw vm.overflowError("signed integer is greater than maximum") }
        if limit <= vm.runningCount {
            throw vm.error(
                "RecursionError", "cannot set the recursion limit to \(limit) at the recursion depth \(vm.runningCount): the limit is too low")
        }
        // Frames lie in reserved memory; beyond it the machine's own bound answers.
        vm.recursionLimit = min(limit, 1_000_000)
        return .none
    }
    module.function("get_int_max_str_digits", "") { (vm, a) throws(PythonError) -> Value in .int(4300) }
    module.function("getswitchinterval", "") { (vm, a) throws(PythonError) -> Value in .float(0.005) }
    module.function("setswitchinterval", "interval, /") { (vm, a) throws(PythonError) -> Value in .none }
}

private func defineSystemFunctions(_ module: NativeModule) {
    module.function("exit", "status=None, /") { (vm, a) throws(PythonError) -> Value in
        // A tuple becomes the arguments themselves, as raising an exception class with it does.
        if a[0].tag == Tag.tuple { throw vm.error("SystemExit", arguments: try vm.collect(a[0])) }
        throw vm.error("SystemExit", arguments: a[0].isNone ? [] : [a[0].retained()])
    }
    module.function("intern", "string, /") { (vm, a) throws(PythonError) -> Value in
        guard a[0].tag == Tag.string else { throw vm.typeError("intern() argument must be str, not \(vm.typeName(a[0]))") }
        return Value(tag: Tag.string, pointer: vm.intern(a[0])).retained()
    }
    for name in ["getdefaultencoding", "getfilesystemencoding"] {
        module.function(name, "") { (vm, a) throws(PythonError) -> Value in vm.string("utf-8") }
    }
    module.function("getfilesystemencodeerrors", "") { (vm, a) throws(PythonError) -> Value in vm.string("surrogateescape") }
    module.function("displayhook", "object, /") { (vm, a) throws(PythonError) -> Value in
        if a[0].isNone { return .none }
        var text = try vm.reprText(a[0]) + "\n"
        text.withUTF8 { vm.output.write($0, toError: false) }
        return .none
    }
    module.function("excepthook", "exctype, value, traceback, /") { (vm, a) throws(PythonError) -> Value in
        if a[1].tag == Tag.exception { vm.report(vm.tracebackText(a[1])) }
        return .none
    }
    module.function("audit", "event, *args") { (vm, a) throws(PythonError) -> Value in .none }
    module.function("is_finalizing", "") { (vm, a) throws(PythonError) -> Value in .false }
}

private func defineIntrospection(_ module: NativeModule) {
    func information(_ vm: VM) throws(PythonError) -> (Value, Value, Value) {
        let handled = vm.handledException
        guard handled.tag == Tag.exception else { return (.none, .none, .none) }
        return (vm.typeOf(handled).value.retained(), handled.retained(), try vm.getAttribute(handled, "__traceback__"))
    }
    module.function("exc_info", "") { (vm, a) throws(PythonError) -> Value in
        let (type, value, traceback) = try information(vm)
        return vm.tuple([type, value, traceback])
    }
    module.function("exception", "") { (vm, a) throws(PythonError) -> Value in vm.handledException.retained() }
    module.function("getrefcount", "object, /") { (vm, a) throws(PythonError) -> Value in
        .int(a[0].isHeap ? Int(a[0].header.pointee.references) : 1 << 30)
    }
    module.function("getsizeof", "object, default=...") { (vm, a) throws(PythonError) -> Value in .int(vm.memorySize(a[0])) }
    module.function("_caller", "depth=1, /") { (vm, a) throws(PythonError) -> Value in
        guard let running = vm.runningLine(try vm.index(a[0])) else { return .none }
        return vm.tuple([vm.string(running.line.file), .int(running.line.line), vm.string(running.module)])
    }
    module.function("_live_objects", "") { (vm, a) throws(PythonError) -> Value in .int(vm.heap.liveCount) }
    module.function("gettrace", "") { (vm, a) throws(PythonError) -> Value in .none }
    module.function("getprofile", "") { (vm, a) throws(PythonError) -> Value in .none }
    module.function("_getframe", "depth=0, /") { (vm, a) throws(PythonError) -> Value in
        throw vm.error("NotImplementedError", "sys._getframe is not available in qnb")
    }
}

extension VM {
    /// Bytes an object takes, in the way CPython counts: its own, not those of what it refers to.
    fileprivate func memorySize(_ value: Value) -> Int {
        let plain = payload(value)
        switch plain.tag {
        case Tag.int: return plain.asInt == 0 ? 24 : plain.asInt.magnitude < 1 << 30 ? 28 : plain.asInt.magnitude < 1 << 60 ? 32 : 36
        case Tag.bigInt: return 24 + (bigInt(plain).magnitude.bitWidth + 29) / 30 * 4
        case Tag.float: return 24
        case Tag.bool: return 28
        case Tag.none, Tag.ellipsis, Tag.notImplemented: return 16
        case Tag.string: return 49 + plain.string.pointee.byteCount
        case Tag.bytes, Tag.byteArray: return (plain.tag == Tag.bytes ? 33 : 57) + byteBuffer(plain).count
        case Tag.list: return 56 + plain.list.pointee.count * 8
        case Tag.tuple: return 40 + plain.tuple.pointee.count * 8
        case Tag.dict: return 64 + plain.dict.pointee.entryCapacity * 32
        default: return 48
        }
    }
}
