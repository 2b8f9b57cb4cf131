import Bytecode

// The built-in functions that are not the machine's own: attributes, iteration, types, text.

extension VM {
    /// Enters the functions in the table of built-ins.
    func installBuiltinFunctions() {
        installAttributeFunctions()
        installIterationFunctions()
        installIteratorFunctions()
        installNumberFunctions()
        installTypeFunctions()
        installTextFunctions()
        installPrint()
    }

    /// Binds a built-in function of the table.
    package func installFunction(_ name: String, _ signature: String, _ body: @escaping NativeBody) {
        guard let index = BuiltinNames.index(of: name) else { preconditionFailure("built-in \(name) is not in the table") }
        builtins[index] = builtin(name, signature, body)
    }

    // MARK: attributes

    private func installAttributeFunctions() {
        installFunction("getattr", "object, name, default=..., /") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.attributeKey(a[1])
            guard a.has(2) else { return try vm.getAttribute(a[0], name) }
            return try vm.attributeOrNil(a[0], name) ?? a[2].retained()
        }
        installFunction("hasattr", "obj, name, /") { (vm, a) throws(PythonError) -> Value in
            guard let found = try vm.attributeOrNil(a[0], try vm.attributeKey(a[1])) else { return .false }
            vm.heap.release(found)
            return .true
        }
        installFunction("setattr", "obj, name, value, /") { (vm, a) throws(PythonError) -> Value in
            try vm.setAttribute(a[0], vm.attributeKey(a[1]), a[2])
            return .none
        }
        installFunction("delattr", "obj, name, /") { (vm, a) throws(PythonError) -> Value in
            try vm.deleteAttribute(a[0], vm.attributeKey(a[1]))
            return .none
        }
        installFunction("vars", "object=..., /") { (vm, a) throws(PythonError) -> Value in
            guard a.has(0) else { return vm.currentLocals() }
            guard let found = try vm.attributeOrNil(a[0], vm.intern("__dict__")) else {
                throw vm.typeError("vars() argument must have __dict__ attribute")
            }
            return found
        }
        installFunction("dir", "object=..., /") { (vm, a) throws(PythonError) -> Value in
            let names: Value
            if a.has(0) {
                names = try vm.directory(a[0])
            } else {
                let locals = vm.currentLocals()
                defer { vm.heap.release(locals) }
                names = try vm.makeList(from: locals)
            }
            return try vm.building(names) { (list) throws(PythonError) in try vm.sortList(list.list, key: .none, reverse: false) }
        }
    }

    /// The name given to getattr and its siblings.
    private func attributeKey(_ value: Value) throws(PythonError) -> StringPointer {
        let name = payload(value)
        guard name.tag == Tag.string else { throw typeError("attribute name must be string, not '\(typeName(value))'") }
        return intern(name)
    }

    /// An attribute, nil when reading it raises AttributeError.
    package func attributeOrNil(_ object: Value, _ name: StringPointer) throws(PythonError) -> Value? {
        do {
            let found = try findAttribute(object, name)
            return found.isUndefined ? nil : found
        } catch {
            guard matches(error, "AttributeError") else { throw error }
            discard(error)
            return nil
        }
    }

    /// The names `dir(object)` lists, unsorted.
    private func directory(_ object: Value) throws(PythonError) -> Value {
        if object.tag == Tag.classObject {
            let hook = special(object.object(as: ClassObject.self), .classDir)
            if !hook.isUndefined { return try listResult(call(unwrapStatic(hook), object)) }
        } else {
            let hook = special(typeOf(object), .dir)
            if !hook.isUndefined, !hook.isIdentical(to: dictValue(objectClass.info.namespace, "__dir__")) {
                return try listResult(call(hook, object))
            }
        }
        return try plainDirectory(object)
    }

    /// `object.__dir__`: what the object and its classes hold.
    func plainDirectory(_ object: Value) throws(PythonError) -> Value {
        let names = makeSet()
        defer { heap.release(names) }
        switch object.tag {
        case Tag.module:
            let info = object.object(as: ModuleObject.self).pointee.info.takeUnretainedValue()
            for name in info.names.names where info.value(of: name) != nil { try addName(names, name) }
            for name in ["__doc__", "__name__"] { try addName(names, name) }
        case Tag.classObject:
            try addNamespaces(names, object.object(as: ClassObject.self))
        default:
            try addNamespaces(names, typeOf(object))
            if let own = try attributeOrNil(object, intern("__dict__")) {
                defer { heap.release(own) }
                if payload(own).tag == Tag.dict { try setUpdate(names, payload(own)) }
            }
        }
        return try makeList(from: names)
    }

    private func addName(_ names: Value, _ name: String) throws(PythonError) {
        try setAdd(names, Value(tag: Tag.string, pointer: intern(name)))
    }

    private func addNamespaces(_ names: Value, _ type: ClassPointer) throws(PythonError) {
        for ancestor in type.info.order {
            populate(ancestor)
            try setUpdate(names, Value(tag: Tag.dict, pointer: ancestor.info.namespace))
        }
    }

    /// A list of the items of `value`, which is given up.
    private func listResult(_ value: Value) throws(PythonError) -> Value {
        defer { heap.release(value) }
        return try makeList(from: value)
    }

    // MARK: text

    private func installTextFunctions() {
        installFunction("repr", "obj, /") { (vm, a) throws(PythonError) -> Value in try vm.repr(a[0]) }
        installFunction("ascii", "obj, /") { (vm, a) throws(PythonError) -> Value in try vm.ascii(a[0]) }
        installFunction("format", "value, format_spec='', /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[1]).tag == Tag.string else { throw vm.typeError("format() argument 2 must be str, not \(vm.typeName(a[1]))") }
            let method = vm.special(vm.typeOf(a[0]), .format)
            if method.isUndefined { throw vm.typeError("Type \(vm.typeName(a[0])) doesn't define __format__") }
            let result = try vm.call(method, a[0], a[1])
            if vm.payload(result).tag == Tag.string { return result }
            defer { vm.heap.release(result) }
            throw vm.typeError("__format__ must return a str, not \(vm.typeName(result))")
        }
        installFunction("chr", "i, /") { (vm, a) throws(PythonError) -> Value in
            if vm.payload(a[0]).tag == Tag.bigInt { throw vm.overflowError("Python int too large to convert to C int") }
            let code = try vm.index(a[0])
            guard code >= 0, code < 0x110000 else { throw vm.valueError("chr() arg not in range(0x110000)") }
            return vm.string(codePoint: UInt32(code))
        }
        installFunction("ord", "c, /") { (vm, a) throws(PythonError) -> Value in try vm.codePoint(a[0]) }
    }

    private func codePoint(_ value: Value) throws(PythonError) -> Value {
        let plain = payload(value)
        let size: Int
        switch plain.tag {
        case Tag.string:
            size = plain.string.pointee.length
            if size == 1, let scalar = text(plain).unicodeScalars.first { return .int(Int(scalar.value)) }
        case Tag.bytes, Tag.byteArray:
            let bytes = byteBuffer(plain)
            size = bytes.count
            if size == 1 { return .int(Int(bytes[0])) }
        default: throw typeError("ord() expected string of length 1, but \(typeName(value)) found")
        }
        throw typeError("ord() expected a character, but string of length \(size) found")
    }

    // MARK: print

    private func installPrint() {
        installFunction("print", "*args, sep=None, end=None, file=None, flush=False") { (vm, a) throws(PythonError) -> Value in
            try vm.printValues(a[4].tuple, separator: a[0], end: a[1], file: a[2], flush: vm.isTrue(a[3]))
            return .none
        }
    }

    private func printValues(_ values: TuplePointer, separator: Value, end: Value, file: Value, flush: Bool) throws(PythonError) {
        func checked(_ value: Value, _ name: String) throws(PythonError) {
            if !value.isNone, payload(value).tag != Tag.string { throw typeError("\(name) must be None or a string, not \(typeName(value))") }
        }
        try checked(separator, "sep")
        try checked(end, "end")
        let target = file.isNone ? replacedOutput() : file
        if target.isNone { return }
        var text: [UInt8] = []
        for index in 0..<values.pointee.count {
            if index > 0 {
                if separator.isNone { text.append(UInt8(ascii: " ")) } else { text.append(contentsOf: utf8(payload(separator))) }
            }
            let piece = try str(values.items[index])
            text.append(contentsOf: utf8(piece))
            heap.release(piece)
        }
        if end.isNone { text.append(UInt8(ascii: "\n")) } else { text.append(contentsOf: utf8(payload(end))) }
        if target.isUndefined {
            text.withUnsafeBufferPointer { output.write($0, toError: false) }
            if flush { output.flush() }
            return
        }
        let content = string(text)
        defer { heap.release(content) }
        heap.release(try callMethod(target, "write", content))
        if flush { heap.release(try callMethod(target, "flush")) }
    }

    /// What a program put in place of `sys.stdout`, borrowed; undefined while it is the original.
    private func replacedOutput() -> Value {
        guard let system = modules["sys"], system.tag == Tag.module else { return .undefined }
        let info = system.object(as: ModuleObject.self).pointee.info.takeUnretainedValue()
        guard let current = info.value(of: "stdout") else { return .undefined }
        if let original = info.value(of: "__stdout__"), original.isIdentical(to: current) { return .undefined }
        return current
    }
}
