import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// A file to be opened.
struct OpenRequest {
    static let signature = "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None"

    /// A name or a descriptor; borrowed.
    let file: Value
    let mode: FileMode
    let bufferSize: Int
    let closesDescriptor: Bool
    let opener: Value

    struct Opened {
        let stream: FileBytes
        /// The name or descriptor the program gave.
        let name: Reference
    }

    func open(_ vm: VM) throws(PythonError) -> Opened {
        let plain = vm.payload(file)
        if plain.isInt || plain.isBool {
            if plain.asInt < 0 { throw vm.valueError("negative file descriptor") }
            return try adopt(vm, Int32(clamping: plain.asInt), Reference(file, vm.heap), .int(plain.asInt))
        }
        let path = try vm.path(file, "expected str, bytes or os.PathLike object, not \(vm.typeName(file))")
        guard closesDescriptor else { throw vm.valueError("Cannot use closefd=False with file name") }
        let descriptor = opener.isNone ? systemOpen(vm, path) : try callOpener(vm, path)
        if descriptor < 0 { throw vm.osError(errno, path) }
        return try adopt(vm, descriptor, path.shown, path.shown.value)
    }

    private func systemOpen(_ vm: VM, _ path: PathArgument) -> Int32 {
        vm.withPath(path) { name in
            while true {
                let descriptor = Glibc.open(name, mode.flags, 0o666)
                if descriptor >= 0 || errno != EINTR { return descriptor }
            }
        }
    }

    private func callOpener(_ vm: VM, _ path: PathArgument) throws(PythonError) -> Int32 {
        let result = try vm.call(opener, path.shown.value, .int(Int(mode.flags)))
        defer { vm.heap.release(result) }
        let descriptor = try vm.index(result, "expected integer from opener")
        if descriptor < 0 { throw vm.valueError("opener returned \(descriptor)") }
        return Int32(clamping: descriptor)
    }

    /// Takes charge of a descriptor; folders cannot be read as files.
    private func adopt(_ vm: VM, _ descriptor: Int32, _ name: Reference, _ shown: Value) throws(PythonError) -> Opened {
        var information = stat()
        var code: Int32 = 0
        if fstat(descriptor, &information) != 0 { code = errno } else if information.st_mode & S_IFMT == S_IFDIR { code = EISDIR }
        if code != 0 {
            if closesDescriptor, !vm.payload(file).isInt { Glibc.close(descriptor) }
            throw code == EBADF ? vm.osError(code) : vm.osError(code, naming: shown)
        }
        if mode.appends { lseek(descriptor, 0, SEEK_END) }
        let stream = FileBytes(
            descriptor, reads: mode.canRead, writes: mode.canWrite, bufferSize: bufferSize, closesDescriptor: closesDescriptor)
        return Opened(stream: stream, name: name)
    }
}
