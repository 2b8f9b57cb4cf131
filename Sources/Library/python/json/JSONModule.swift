import Interpreter

/// `_json`: what `json` is made of.
func registerJSON(_ vm: VM) {
    vm.registerNativeModule("_json") { (vm, module) throws(PythonError) -> Void in
        let shared = JSONModule(vm)
        module.function("_set_error", "cls, /") { (vm, a) throws(PythonError) -> Value in
            shared.errorClass = Reference(a[0], vm.heap)
            return .none
        }
        module.function("loads", "s, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.string else { throw vm.typeError("first argument must be a string, not \(vm.typeName(a[0]))") }
            return try shared.decode(a[0], JSONHooks())
        }
        let hooks = "strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant, /"
        module.function("decode", "s, \(hooks)") { (vm, a) throws(PythonError) -> Value in
            try shared.decode(try shared.text(a[0]), try shared.hooks(a))
        }
        module.function("scan", "s, \(hooks.dropLast(3)), idx, /") { (vm, a) throws(PythonError) -> Value in
            try shared.scan(try shared.text(a[0]), at: try vm.index(a[7]), try shared.hooks(a))
        }
        module.function("dumps", "obj, /") { (vm, a) throws(PythonError) -> Value in try shared.encode(a[0], JSONStyle()) }
        module.function(
            "encode", "obj, skipkeys, ensure_ascii, check_circular, allow_nan, sort_keys, indent, item_separator, key_separator, default, /"
        ) { (vm, a) throws(PythonError) -> Value in try shared.encode(a[0], try shared.style(a)) }
        module.function("encode_basestring_ascii", "s, /") { (vm, a) throws(PythonError) -> Value in
            try shared.encode(try shared.text(a[0]), JSONStyle())
        }
        module.function("encode_basestring", "s, /") { (vm, a) throws(PythonError) -> Value in
            var style = JSONStyle()
            style.isASCII = false
            return try shared.encode(try shared.text(a[0]), style)
        }
    }
}

/// What the functions of `_json` share.
private final class JSONModule {
    private unowned(unsafe) let vm: VM
    /// `json.JSONDecodeError`
    var errorClass: Reference?

    init(_ vm: VM) { self.vm = vm }

    func text(_ value: Value) throws(PythonError) -> Value {
        let plain = vm.payload(value)
        guard plain.tag == Tag.string else { throw vm.typeError("first argument must be a string, not \(vm.typeName(value))") }
        return plain
    }

    func hooks(_ a: Arguments) throws(PythonError) -> JSONHooks {
        var hooks = JSONHooks(object: a[2], pairs: a[3], float: a[4], int: a[5], constant: a[6])
        hooks.isStrict = try vm.isTrue(a[1])
        return hooks
    }

    private func scanner(_ document: Value, at position: Int, _ hooks: JSONHooks) -> JSONScanner {
        JSONScanner(vm, document, at: position, hooks, errorClass: errorClass?.value ?? .none)
    }

    /// A whole document, white space around it allowed.
    func decode(_ document: Value, _ hooks: JSONHooks) throws(PythonError) -> Value {
        let scanner = scanner(document, at: 0, hooks)
        scanner.skipSpace()
        let value = try scanner.value()
        scanner.skipSpace()
        if scanner.isAtEnd { return value }
        vm.heap.release(value)
        throw scanner.failure("Extra data", scanner.position)
    }

    /// The value at a character index, and the index behind it.
    func scan(_ document: Value, at index: Int, _ hooks: JSONHooks) throws(PythonError) -> Value {
        if index < 0 { throw vm.valueError("idx cannot be negative") }
        let scanner = scanner(document, at: vm.byteOffset(document.string, min(index, document.string.pointee.length)), hooks)
        let value = try scanner.value()
        return vm.tuple([value, .int(UTF8Scalar.count(UnsafePointer(document.string.bytes), scanner.position))])
    }

    func style(_ a: Arguments) throws(PythonError) -> JSONStyle {
        var style = JSONStyle()
        style.skipsKeys = try vm.isTrue(a[1])
        style.isASCII = try vm.isTrue(a[2])
        style.checksCircles = try vm.isTrue(a[3])
        style.allowsNaN = try vm.isTrue(a[4])
        style.sortsKeys = try vm.isTrue(a[5])
        let indent = vm.payload(a[6])
        if indent.tag == Tag.string {
            style.indent = Array(vm.utf8(indent))
        } else if !indent.isNone {
            style.indent = [UInt8](repeating: 0x20, count: max(0, try vm.index(a[6])))
        }
        style.itemSeparator = Array(vm.utf8(try text(a[7])))
        style.keySeparator = Array(vm.utf8(try text(a[8])))
        style.fallback = a[9]
        style.isPlain = [style.indent ?? [], style.itemSeparator, style.keySeparator].allSatisfy { $0.allSatisfy { $0 < 128 } }
        return style
    }

    func encode(_ value: Value, _ style: JSONStyle) throws(PythonError) -> Value {
        let writer = JSONWriter(vm, style)
        try writer.write(value)
        return writer.finish()
    }
}
