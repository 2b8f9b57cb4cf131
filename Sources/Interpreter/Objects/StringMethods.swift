import Syntax

#if canImport(Glibc)
    import Glibc
#endif

/// The methods of str, by topic in the `String…` files. Each gets the receiver's payload and the call's arguments.
enum StringMethods {
    typealias Body = (VM, StringPointer, Arguments) throws(PythonError) -> Value

    /// A str argument's payload; TypeError with `message` otherwise.
    @inline(__always)
    static func text(_ vm: VM, _ value: Value, _ message: (String) -> String) throws(PythonError) -> StringPointer {
        let plain = vm.payload(value)
        guard plain.isString else { throw vm.typeError(message(vm.typeName(value))) }
        return plain.string
    }

    /// The part of `string` that optional arguments `first` and `first + 1` bound, in code points.
    @inline(__always)
    static func range(_ vm: VM, _ length: Int, _ a: Arguments, from first: Int) throws(PythonError) -> (start: Int, end: Int) {
        var start = 0
        var end = length
        if a.has(first), !a[first].isNone {
            start = try vm.sliceIndex(a[first])
            if start < 0 { start = max(0, start &+ length) }
        }
        if a.has(first + 1), !a[first + 1].isNone {
            end = try vm.sliceIndex(a[first + 1])
            end = end < 0 ? max(0, end &+ length) : min(end, length)
        }
        return (start, end)
    }
}

extension VM {
    /// TypeError for a method called on a receiver of another type.
    func wrongReceiver(_ name: String, _ type: String, _ receiver: Value) -> PythonError {
        if name.hasPrefix("__") {
            return typeError("descriptor '\(name)' requires a '\(type)' object but received a '\(typeName(receiver))'")
        }
        return typeError("descriptor '\(name)' for '\(type)' objects doesn't apply to a '\(typeName(receiver))' object")
    }

    /// The same for the method that was called with `a`: the callable lies below its arguments.
    private func wrongReceiver(_ type: String, _ a: Arguments) -> PythonError {
        let callable = (a.base - 1).pointee
        let name = callable.tag == Tag.builtin ? callable.object(as: BuiltinObject.self).pointee.function.takeUnretainedValue().name : "method"
        return wrongReceiver(name, type, a[0])
    }

    /// Captures nothing but the body, a constant: the closure then needs no context, which every call would have to retain.
    @inline(__always)
    private func defineText(_ type: ClassPointer, _ name: String, _ signature: String, _ body: @escaping StringMethods.Body) {
        define(type, name, signature) { (vm, a) throws(PythonError) -> Value in
            let receiver = vm.payload(a[0])
            guard receiver.isString else { throw vm.wrongReceiver("str", a) }
            return try body(vm, receiver.string, a)
        }
    }

    /// Makes class str.
    func makeStrClass() {
        let construct = NativeFunction("str", "cls, object=..., encoding=..., errors=...") { (vm, a) throws(PythonError) -> Value in
            try vm.constructString(a)
        }
        let type = makeBuiltinClass("str", layout: Tag.string, construct: construct) { vm, type in
            vm.defineStringOperators(type)
            vm.defineStringSearch(type)
            vm.defineStringTransforms(type)
            vm.defineStringPredicates(type)
            vm.defineStatic(type, "__new__", "cls, object=..., encoding=..., errors=...") { (vm, a) throws(PythonError) -> Value in
                try vm.constructString(a)
            }
            vm.defineStatic(type, "maketrans", "x, y=..., z=..., /") { (vm, a) throws(PythonError) -> Value in
                try StringMethods.maketrans(vm, a)
            }
        }
        classOfTag[Int(Tag.string)] = type
        builtinClasses["str"] = type
    }

    /// `str(object)`, `str(bytes, encoding, errors)`; argument 0 is the class called.
    private func constructString(_ a: Arguments) throws(PythonError) -> Value {
        let result: Value
        if !a.has(1) {
            result = emptyString.retained()
        } else if !a.has(2), !a.has(3) {
            result = try str(a[1])
        } else {
            let encoding = try codecArgument(a, 2, "str() argument 'encoding'", fallback: "utf-8")
            let errors = try codecArgument(a, 3, "str() argument 'errors'", fallback: "strict")
            let source = payload(a[1])
            if source.isString { throw typeError("decoding str is not supported") }
            guard source.tag == Tag.bytes || source.tag == Tag.byteArray else {
                throw typeError("decoding to str: need a bytes-like object, \(typeName(a[1])) found")
            }
            result = try decode(source, encoding: encoding, errors: errors)
        }
        return wrap(result, in: a[0], classOfTag[Int(Tag.string)])
    }

    /// An optional encoding or error handler argument.
    func codecArgument(_ a: Arguments, _ index: Int, _ what: String, fallback: String) throws(PythonError) -> String {
        if !a.has(index) { return fallback }
        let value = payload(a[index])
        guard value.isString else { throw typeError("\(what) must be str, not \(typeName(a[index]))") }
        return text(value)
    }

    private func defineStringOperators(_ type: ClassPointer) {
        defineText(type, "__repr__", "self, /") { (vm, s, a) throws(PythonError) -> Value in try vm.stringRepr(s) }
        defineText(type, "__str__", "self, /") { (vm, s, a) throws(PythonError) -> Value in Value(tag: Tag.string, pointer: s).retained() }
        defineText(type, "__hash__", "self, /") { (vm, s, a) throws(PythonError) -> Value in .int(try vm.textHash(s)) }
        defineText(type, "__len__", "self, /") { (vm, s, a) throws(PythonError) -> Value in .int(s.pointee.length) }
        defineText(type, "__iter__", "self, /") { (vm, s, a) throws(PythonError) -> Value in
            vm.iterator(.string, Value(tag: Tag.string, pointer: s).retained())
        }
        defineText(type, "__contains__", "self, key, /") { (vm, s, a) throws(PythonError) -> Value in .bool(try vm.stringContains(a[0], a[1])) }
        defineText(type, "__getitem__", "self, key, /") { (vm, s, a) throws(PythonError) -> Value in try vm.stringItem(a[0], a[1]) }
        defineText(type, "__add__", "self, value, /") { (vm, s, a) throws(PythonError) -> Value in
            let other = vm.payload(a[1])
            guard other.isString else { throw vm.typeError("can only concatenate str (not \"\(vm.typeName(a[1]))\") to str") }
            return try vm.stringConcat(s, other.string)
        }
        for name in ["__mul__", "__rmul__"] {
            defineText(type, name, "self, value, /") { (vm, s, a) throws(PythonError) -> Value in
                guard let count = try vm.repeatCount(a[1]) else { return .notImplemented }
                return try vm.stringRepeat(s, count)
            }
        }
        defineText(type, "__mod__", "self, value, /") { (vm, s, a) throws(PythonError) -> Value in try vm.percentFormat(s, a[1]) }
        defineText(type, "__rmod__", "self, value, /") { (vm, s, a) throws(PythonError) -> Value in
            let other = vm.payload(a[1])
            return other.isString ? try vm.percentFormat(other.string, a[0]) : .notImplemented
        }
        defineText(type, "__format__", "self, format_spec, /") { (vm, s, a) throws(PythonError) -> Value in
            let spec = vm.payload(a[1])
            guard spec.isString else { throw vm.typeError("__format__() argument must be str, not \(vm.typeName(a[1]))") }
            if spec.string.pointee.byteCount == 0 { return try vm.str(a[0]) }
            return try vm.formatString(s, FormatSpec(vm, spec.string.buffer, a[0], defaultAlign: .left))
        }
        defineText(type, "__getnewargs__", "self, /") { (vm, s, a) throws(PythonError) -> Value in
            vm.tuple([Value(tag: Tag.string, pointer: s).retained()])
        }
        defineComparisons(type)
    }

    private func defineComparisons(_ type: ClassPointer) {
        for (name, operation) in VM.comparisonNames {
            defineText(type, name, "self, value, /") { (vm, s, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                guard other.isString else { return .notImplemented }
                if operation == .equal { return .bool(try vm.sameText(s, other.string)) }
                if operation == .notEqual { return .bool(try !vm.sameText(s, other.string)) }
                return .bool(VM.holds(operation, try vm.stringCompare(s, other.string)))
            }
        }
    }

    private func defineStringSearch(_ type: ClassPointer) {
        func add(_ name: String, _ signature: String, _ body: @escaping StringMethods.Body) { defineText(type, name, signature, body) }
        add("find", "self, sub, start=..., end=..., /", StringMethods.find)
        add("rfind", "self, sub, start=..., end=..., /", StringMethods.rfind)
        add("index", "self, sub, start=..., end=..., /", StringMethods.index)
        add("rindex", "self, sub, start=..., end=..., /", StringMethods.rindex)
        add("count", "self, sub, start=..., end=..., /", StringMethods.count)
        add("startswith", "self, prefix, start=..., end=..., /", StringMethods.startswith)
        add("endswith", "self, suffix, start=..., end=..., /", StringMethods.endswith)
        add("split", "self, sep=None, maxsplit=-1", StringMethods.split)
        add("rsplit", "self, sep=None, maxsplit=-1", StringMethods.rsplit)
        add("splitlines", "self, keepends=False", StringMethods.splitlines)
        add("partition", "self, sep, /", StringMethods.partition)
        add("rpartition", "self, sep, /", StringMethods.rpartition)
        add("replace", "self, old, new, count=-1, /", StringMethods.replace)
        add("join", "self, iterable, /", StringMethods.join)
        add("removeprefix", "self, prefix, /", StringMethods.removeprefix)
        add("removesuffix", "self, suffix, /", StringMethods.removesuffix)
    }

    private func defineStringTransforms(_ type: ClassPointer) {
        func add(_ name: String, _ signature: String, _ body: @escaping StringMethods.Body) { defineText(type, name, signature, body) }
        add("strip", "self, chars=None, /", StringMethods.strip)
        add("lstrip", "self, chars=None, /", StringMethods.lstrip)
        add("rstrip", "self, chars=None, /", StringMethods.rstrip)
        add("upper", "self, /", StringMethods.upper)
        add("lower", "self, /", StringMethods.lower)
        add("title", "self, /", StringMethods.title)
        add("swapcase", "self, /", StringMethods.swapcase)
        add("capitalize", "self, /", StringMethods.capitalize)
        add("casefold", "self, /", StringMethods.casefold)
        add("center", "self, width, fillchar=' ', /", StringMethods.center)
        add("ljust", "self, width, fillchar=' ', /", StringMethods.ljust)
        add("rjust", "self, width, fillchar=' ', /", StringMethods.rjust)
        add("zfill", "self, width, /", StringMethods.zfill)
        add("expandtabs", "self, tabsize=8", StringMethods.expandtabs)
        add("translate", "self, table, /", StringMethods.translate)
        add("encode", "self, encoding=..., errors=...", StringMethods.encode)
        add("format", "self, /, *args, **kwargs") { (vm, s, a) throws(PythonError) -> Value in try vm.formatTemplate(s, a[1], a[2]) }
        add("format_map", "self, mapping, /") { (vm, s, a) throws(PythonError) -> Value in try vm.formatTemplate(s, .undefined, a[1]) }
    }

    private func defineStringPredicates(_ type: ClassPointer) {
        func add(_ name: String, _ body: @escaping (VM, StringPointer) throws(PythonError) -> Bool) {
            defineText(type, name, "self, /") { (vm, s, a) throws(PythonError) -> Value in .bool(try body(vm, s)) }
        }
        add("isalpha") { (vm, s) throws(PythonError) -> Bool in try StringMethods.all(vm, s, UnicodeTable.isAlpha) }
        add("isalnum") { (vm, s) throws(PythonError) -> Bool in try StringMethods.all(vm, s, UnicodeTable.isAlphanumeric) }
        add("isdecimal") { (vm, s) throws(PythonError) -> Bool in try StringMethods.all(vm, s) { UnicodeTable.decimal($0) != nil } }
        add("isdigit") { (vm, s) throws(PythonError) -> Bool in
            try StringMethods.all(vm, s) { $0 < 0x80 ? $0 &- 0x30 < 10 : UnicodeTable.isDigit($0) }
        }
        add("isnumeric") { (vm, s) throws(PythonError) -> Bool in try StringMethods.all(vm, s, UnicodeTable.isNumeric) }
        add("isspace") { (vm, s) throws(PythonError) -> Bool in try StringMethods.all(vm, s, UnicodeTable.isSpace) }
        add("isprintable") { (vm, s) throws(PythonError) -> Bool in
            s.pointee.length == 0 ? true : try StringMethods.all(vm, s, UnicodeTable.isPrintable)
        }
        add("isascii") { (vm, s) throws(PythonError) -> Bool in s.isASCII }
        add("isupper", StringMethods.isUpper)
        add("islower", StringMethods.isLower)
        add("istitle", StringMethods.isTitle)
        add("isidentifier", StringMethods.isIdentifier)
    }

    static let comparisonNames: [(String, CompareOperator)] = [
        ("__lt__", .less), ("__le__", .lessEqual), ("__eq__", .equal), ("__ne__", .notEqual), ("__gt__", .greater), ("__ge__", .greaterEqual),
    ]

    /// The count a sequence is repeated by; nil when `value` is no integer.
    func repeatCount(_ value: Value) throws(PythonError) -> Int? {
        if value.isInt { return value.asInt }
        if special(typeOf(value), .index).isUndefined { return nil }
        let integer = try integer(value)
        defer { heap.release(integer) }
        if integer.tag == Tag.bigInt { throw overflowError("cannot fit '\(typeName(value))' into an index-sized integer") }
        return integer.asInt
    }
}
