import Interpreter

// The classes that streams written in the language derive from: everything goes through the object's own methods.

private let closedMark = "__IOBase_closed"

/// `_IOBase`
func fillStreamBase(_ vm: VM, _ type: ClassPointer) {
    func isClosed(_ vm: VM, _ value: Value) throws(PythonError) -> Bool {
        let answer = try vm.getAttribute(value, "closed")
        defer { vm.heap.release(answer) }
        return try vm.isTrue(answer)
    }
    func checkOpen(_ vm: VM, _ value: Value) throws(PythonError) {
        if try isClosed(vm, value) { throw vm.valueError("I/O operation on closed file.") }
    }
    vm.defineProperty(type, "closed") { (vm, value) throws(PythonError) -> Value in
        guard value.tag == Tag.instance else { return .false }
        return .bool(!vm.ownAttribute(value, vm.intern(closedMark)).isUndefined)
    }
    vm.define(type, "close", "self, /") { (vm, a) throws(PythonError) -> Value in
        if try isClosed(vm, a[0]) { return .none }
        defer { if a[0].tag == Tag.instance { vm.setOwnAttribute(a[0], vm.intern(closedMark), .true) } }
        vm.heap.release(try vm.callMethod(a[0], "flush"))
        return .none
    }
    vm.define(type, "flush", "self, /") { (vm, a) throws(PythonError) -> Value in
        try checkOpen(vm, a[0])
        return .none
    }
    for name in ["readable", "writable", "seekable", "isatty"] {
        vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
            try checkOpen(vm, a[0])
            return .false
        }
    }
    for name in ["fileno", "seek", "truncate"] {
        vm.define(type, name, "self, *args") { (vm, a) throws(PythonError) -> Value in throw vm.unsupported(name) }
    }
    vm.define(type, "tell", "self, /") { (vm, a) throws(PythonError) -> Value in try vm.callMethod(a[0], "seek", .int(0), .int(1)) }
    vm.define(type, "_checkClosed", "self, msg=None") { (vm, a) throws(PythonError) -> Value in
        try checkOpen(vm, a[0])
        return .none
    }
    vm.define(type, "__enter__", "self, /") { (vm, a) throws(PythonError) -> Value in
        try checkOpen(vm, a[0])
        return a[0].retained()
    }
    vm.define(type, "__exit__", "self, *args") { (vm, a) throws(PythonError) -> Value in
        vm.heap.release(try vm.callMethod(a[0], "close"))
        return .none
    }
    vm.define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in
        try checkOpen(vm, a[0])
        return a[0].retained()
    }
    vm.define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in
        let line = try vm.callMethod(a[0], "readline")
        if try vm.length(line) > 0 { return line }
        vm.heap.release(line)
        throw vm.stopIteration()
    }
    vm.define(type, "readline", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        let limit = a[1].isNone ? -1 : try vm.index(a[1])
        var line: [UInt8] = []
        while limit < 0 || line.count < limit {
            let piece = try vm.callMethod(a[0], "read", .int(1))
            defer { vm.heap.release(piece) }
            guard piece.tag == Tag.bytes else { throw vm.osErrorMessage("read() should have returned a bytes object, not '\(vm.typeName(piece))'") }
            let bytes = vm.byteBuffer(piece)
            if bytes.isEmpty { break }
            line += bytes
            if line.last == 0x0A { break }
        }
        return vm.bytes(line)
    }
    vm.define(type, "readlines", "self, hint=-1, /") { (vm, a) throws(PythonError) -> Value in
        let hint = a[1].isNone ? -1 : try vm.index(a[1])
        let lines = vm.list()
        var size = 0
        do throws(PythonError) {
            try vm.iterate(a[0]) { (line) throws(PythonError) -> Bool in
                vm.listAppend(lines.list, line.retained())
                size += try vm.length(line)
                return hint <= 0 || size < hint
            }
        } catch {
            vm.heap.release(lines)
            throw error
        }
        return lines
    }
    vm.define(type, "writelines", "self, lines, /") { (vm, a) throws(PythonError) -> Value in
        try checkOpen(vm, a[0])
        try vm.iterate(a[1]) { (line) throws(PythonError) -> Bool in
            vm.heap.release(try vm.callMethod(a[0], "write", line))
            return true
        }
        return .none
    }
}

/// `_RawIOBase`: `read` and `readall` by way of the object's `readinto`.
func fillRawBase(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "read", "self, size=-1, /") { (vm, a) throws(PythonError) -> Value in
        let size = a[1].isNone ? -1 : try vm.index(a[1])
        if size < 0 { return try vm.callMethod(a[0], "readall") }
        let buffer = vm.byteArray([UInt8](repeating: 0, count: size))
        defer { vm.heap.release(buffer) }
        let count = try vm.callMethod(a[0], "readinto", buffer)
        defer { vm.heap.release(count) }
        if count.isNone { return .none }
        let used = try vm.index(count)
        return vm.bytes(vm.byteBuffer(buffer).prefix(max(0, used)))
    }
    vm.define(type, "readall", "self, /") { (vm, a) throws(PythonError) -> Value in
        var all: [UInt8] = []
        while true {
            let piece = try vm.callMethod(a[0], "read", .int(8192))
            defer { vm.heap.release(piece) }
            if piece.isNone { return all.isEmpty ? .none : vm.bytes(all) }
            guard piece.tag == Tag.bytes else { throw vm.typeError("read() should return bytes") }
            if vm.byteBuffer(piece).isEmpty { return vm.bytes(all) }
            all += vm.byteBuffer(piece)
        }
    }
    for name in ["readinto", "write"] {
        vm.define(type, name, "self, *args") { (vm, a) throws(PythonError) -> Value in throw vm.unsupported(name) }
    }
}

/// `_BufferedIOBase`
func fillBufferedBase(_ vm: VM, _ type: ClassPointer) {
    for name in ["read", "read1", "write", "detach"] {
        vm.define(type, name, "self, *args") { (vm, a) throws(PythonError) -> Value in throw vm.unsupported(name) }
    }
    for (name, source) in [("readinto", "read"), ("readinto1", "read1")] {
        vm.define(type, name, "self, buffer, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[1]).tag == Tag.byteArray else {
                throw vm.typeError("\(name)() argument must be read-write bytes-like object, not \(vm.typeName(a[1]))")
            }
            let data = try vm.callMethod(a[0], source, .int(vm.byteBuffer(vm.payload(a[1])).count))
            defer { vm.heap.release(data) }
            return .int(try vm.fill(a[1], name, from: data))
        }
    }
}

/// `_TextIOBase`
func fillTextBase(_ vm: VM, _ type: ClassPointer) {
    for name in ["read", "readline", "write", "detach"] {
        vm.define(type, name, "self, *args") { (vm, a) throws(PythonError) -> Value in throw vm.unsupported(name) }
    }
    for name in ["encoding", "errors", "newlines"] {
        vm.defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in .none }
    }
}

extension VM {
    /// Copies bytes into a bytearray given to `readinto`; returns how many.
    func fill(_ target: Value, _ name: String, from data: Value) throws(PythonError) -> Int {
        let plain = payload(data)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else { throw typeError("\(name)() should return bytes") }
        let source = byteBuffer(plain)
        let object = payload(target).object(as: BytesObject.self)
        let count = min(source.count, object.pointee.count)
        for index in 0..<count { object.pointee.bytes[index] = source[index] }
        return count
    }

    /// The content of a bytes-like argument.
    func bytesLike(_ value: Value) throws(PythonError) -> UnsafeBufferPointer<UInt8> {
        let plain = payload(value)
        guard plain.tag == Tag.bytes || plain.tag == Tag.byteArray else {
            throw typeError("a bytes-like object is required, not '\(typeName(value))'")
        }
        return byteBuffer(plain)
    }

    /// A size argument: nil for None and negative numbers.
    func size(_ value: Value) throws(PythonError) -> Int? {
        if value.isNone { return nil }
        let number = try index(value, "argument should be integer or None, not '\(typeName(value))'")
        return number < 0 ? nil : number
    }
}
