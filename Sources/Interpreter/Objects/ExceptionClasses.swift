import Bytecode

// The exception classes: their tree, their attributes.

extension VM {
    /// Parent of each class, in an order in which parents come first.
    private static let exceptionTree: [(name: String, base: String)] = [
        ("SystemExit", "BaseException"), ("KeyboardInterrupt", "BaseException"), ("GeneratorExit", "BaseException"), ("Exception", "BaseException"),
        ("BaseExceptionGroup", "BaseException"),
        ("StopIteration", "Exception"), ("StopAsyncIteration", "Exception"), ("ArithmeticError", "Exception"),
        ("FloatingPointError", "ArithmeticError"),
        ("OverflowError", "ArithmeticError"), ("ZeroDivisionError", "ArithmeticError"), ("AssertionError", "Exception"),
        ("AttributeError", "Exception"), ("BufferError", "Exception"), ("EOFError", "Exception"), ("ImportError", "Exception"),
        ("ModuleNotFoundError", "ImportError"), ("LookupError", "Exception"), ("IndexError", "LookupError"), ("KeyError", "LookupError"),
        ("MemoryError", "Exception"), ("NameError", "Exception"), ("UnboundLocalError", "NameError"), ("OSError", "Exception"),
        ("BlockingIOError", "OSError"), ("ChildProcessError", "OSError"), ("ConnectionError", "OSError"), ("BrokenPipeError", "ConnectionError"),
        ("ConnectionAbortedError", "ConnectionError"), ("ConnectionRefusedError", "ConnectionError"), ("ConnectionResetError", "ConnectionError"),
        ("FileExistsError", "OSError"), ("FileNotFoundError", "OSError"), ("InterruptedError", "OSError"), ("IsADirectoryError", "OSError"),
        ("NotADirectoryError", "OSError"), ("PermissionError", "OSError"), ("ProcessLookupError", "OSError"), ("TimeoutError", "OSError"),
        ("ReferenceError", "Exception"), ("RuntimeError", "Exception"), ("NotImplementedError", "RuntimeError"), ("RecursionError", "RuntimeError"),
        ("SyntaxError", "Exception"), ("IndentationError", "SyntaxError"), ("TabError", "IndentationError"), ("SystemError", "Exception"),
        ("TypeError", "Exception"), ("ValueError", "Exception"), ("UnicodeError", "ValueError"), ("UnicodeDecodeError", "UnicodeError"),
        ("UnicodeEncodeError", "UnicodeError"), ("UnicodeTranslateError", "UnicodeError"), ("Warning", "Exception"), ("BytesWarning", "Warning"),
        ("DeprecationWarning", "Warning"),
        ("EncodingWarning", "Warning"), ("FutureWarning", "Warning"), ("ImportWarning", "Warning"), ("PendingDeprecationWarning", "Warning"),
        ("ResourceWarning", "Warning"), ("RuntimeWarning", "Warning"), ("SyntaxWarning", "Warning"), ("UnicodeWarning", "Warning"),
        ("UserWarning", "Warning"),
    ]

    func makeExceptionClasses() {
        let construct = NativeFunction("BaseException", "cls, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            try vm.constructException(a[0].object(as: ClassObject.self), a[1], a[2])
        }
        let base = makeBuiltinClass(
            "BaseException", layout: Tag.exception, hasInstanceAttributes: true, construct: construct,
            populate: { vm, type in vm.fillBaseException(type) })
        builtinClasses["BaseException"] = base
        let fillers: [String: (VM, ClassPointer) -> Void] = [
            "KeyError": { vm, type in vm.fillKeyError(type) },
            "StopIteration": { vm, type in
                vm.defineProperty(type, "value") { (vm, value) throws(PythonError) -> Value in vm.exceptionArgument(value, 0) }
            },
            "SystemExit": { vm, type in
                vm.defineProperty(type, "code") { (vm, value) throws(PythonError) -> Value in
                    let arguments = value.object(as: ExceptionObject.self).pointee.arguments.tuple
                    return arguments.pointee.count > 1
                        ? value.object(as: ExceptionObject.self).pointee.arguments.retained() : vm.exceptionArgument(value, 0)
                }
            },
            "OSError": { vm, type in vm.fillOSError(type) },
            "UnicodeDecodeError": { vm, type in vm.fillUnicodeError(type) },
            "UnicodeEncodeError": { vm, type in vm.fillUnicodeError(type) },
            "SyntaxError": { vm, type in vm.fillSyntaxError(type) },
            "BaseExceptionGroup": { vm, type in vm.fillExceptionGroup(type) },
        ]
        for entry in VM.exceptionTree {
            let type = makeBuiltinClass(
                entry.name, base: builtinClasses[entry.base], layout: Tag.exception, hasInstanceAttributes: true, populate: fillers[entry.name])
            builtinClasses[entry.name] = type
        }
        makeExceptionGroupClass()
        builtinClasses["IOError"] = builtinClasses["OSError"]
        builtinClasses["EnvironmentError"] = builtinClasses["OSError"]
    }

    private func constructException(_ type: ClassPointer, _ arguments: Value, _ keywords: Value) throws(PythonError) -> Value {
        var type = type
        if type == builtinClasses["OSError"], arguments.tuple.pointee.count >= 2, arguments.tuple.items[0].isInt,
            let specific = builtinClasses[VM.osErrorClass(Int32(truncatingIfNeeded: arguments.tuple.items[0].asInt))]
        {
            type = specific
        }
        if isSubclass(type, exceptionGroupClass) { type = try checkedGroupClass(type, arguments.tuple) }
        let made = makeException(type, arguments.retained())
        for index in 0..<keywords.dict.pointee.used {
            let entry = keywords.dict.pointee.entries.unsafelyUnwrapped[index]
            if entry.key.isUndefined { continue }
            let allowed = VM.exceptionKeywords.contains { isSubclass(type, builtinClasses[$0.0] ?? objectClass) && $0.1.contains(text(entry.key)) }
            if !allowed, !type.info.isUserClass {
                heap.release(made)
                throw typeError("\(type.info.name)() takes no keyword arguments")
            }
            if allowed { setOwnAttribute(made, intern(entry.key), entry.value) }
        }
        return made
    }

    private static let exceptionKeywords: [(String, Set<String>)] = [
        ("ImportError", ["name", "path"]), ("AttributeError", ["name", "obj"]), ("NameError", ["name"]),
    ]

    /// An argument of an exception, None when there are fewer; owned.
    func exceptionArgument(_ value: Value, _ index: Int) -> Value {
        let arguments = value.object(as: ExceptionObject.self).pointee.arguments.tuple
        return index < arguments.pointee.count ? arguments.items[index].retained() : .none
    }

    private func fillBaseException(_ type: ClassPointer) {
        func record(_ value: Value) -> UnsafeMutablePointer<ExceptionObject> { value.object(as: ExceptionObject.self) }
        defineStatic(type, "__new__", "cls, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else { throw vm.typeError("BaseException.__new__(X): X is not a type object") }
            var type = a[0].object(as: ClassObject.self)
            if vm.isSubclass(type, vm.exceptionGroupClass) { type = try vm.checkedGroupClass(type, a[1].tuple) }
            return vm.makeException(type, a[1].retained())
        }
        define(type, "__except_star__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.exceptStarState(a[0]) }
        define(type, "__init__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            vm.heap.replace(&record(a[0]).pointee.arguments, with: a[1].retained())
            for index in 0..<a[2].dict.pointee.used {
                let entry = a[2].dict.pointee.entries.unsafelyUnwrapped[index]
                if entry.key.isUndefined { continue }
                let allowed = VM.exceptionKeywords.contains {
                    vm.isInstance(a[0], vm.builtinClasses[$0.0] ?? vm.objectClass) && $0.1.contains(vm.text(entry.key))
                }
                guard allowed else { throw vm.typeError("\(vm.typeName(a[0]))() takes no keyword arguments") }
                vm.setOwnAttribute(a[0], vm.intern(entry.key), entry.value)
            }
            return .none
        }
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let arguments = record(a[0]).pointee.arguments
            switch arguments.tuple.pointee.count {
            case 0: return vm.string("")
            case 1: return try vm.str(arguments.tuple.items[0])
            default: return try vm.repr(arguments)
            }
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let arguments = record(a[0]).pointee.arguments
            let name = vm.typeName(a[0])
            if arguments.tuple.pointee.count == 1 { return vm.string("\(name)(\(try vm.reprText(arguments.tuple.items[0])))") }
            return vm.string(name + (try vm.reprText(arguments)))
        }
        exceptionNew = dictValue(type.info.namespace, "__new__")
        exceptionInit = dictValue(type.info.namespace, "__init__")
        defineProperty(
            type, "args", get: { (vm, value) throws(PythonError) -> Value in record(value).pointee.arguments.retained() },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.heap.replace(&record(value).pointee.arguments, with: vm.tuple(try vm.collect(new)))
            })
        defineProperty(
            type, "__cause__", get: { (vm, value) throws(PythonError) -> Value in record(value).pointee.cause.retained() },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard new.isNone || new.tag == Tag.exception else { throw vm.typeError("exception cause must be None or derive from BaseException") }
                vm.heap.replace(&record(value).pointee.cause, with: new.retained())
                record(value).pointee.suppressesContext = true
            })
        defineProperty(
            type, "__context__", get: { (vm, value) throws(PythonError) -> Value in record(value).pointee.context.retained() },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard new.isNone || new.tag == Tag.exception else {
                    throw vm.typeError("exception context must be None or derive from BaseException")
                }
                vm.heap.replace(&record(value).pointee.context, with: new.retained())
            })
        defineProperty(
            type, "__suppress_context__", get: { (vm, value) throws(PythonError) -> Value in .bool(record(value).pointee.suppressesContext) },
            set: { (vm, value, new) throws(PythonError) -> Void in record(value).pointee.suppressesContext = try vm.isTrue(new) })
        defineProperty(
            type, "__traceback__", get: { (vm, value) throws(PythonError) -> Value in vm.tracebackValue(value) },
            set: { (vm, value, new) throws(PythonError) -> Void in
                if new.isNone { record(value).pointee.traceback.clear(in: vm.heap) }
            })
        define(type, "with_traceback", "self, tb, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        define(type, "add_note", "self, note, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.string else { throw vm.typeError("note must be a str, not '\(vm.typeName(a[1]))'") }
            let name = vm.intern("__notes__")
            var notes = vm.ownAttribute(a[0], name)
            if notes.isUndefined {
                let made = vm.list()
                vm.setOwnAttribute(a[0], name, made)
                vm.heap.release(made)
                notes = vm.ownAttribute(a[0], name)
            }
            vm.listAppend(notes.list, a[1].retained())
            return .none
        }
    }

    private func fillKeyError(_ type: ClassPointer) {
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let arguments = a[0].object(as: ExceptionObject.self).pointee.arguments
            switch arguments.tuple.pointee.count {
            case 0: return vm.string("")
            case 1: return try vm.repr(arguments.tuple.items[0])
            default: return try vm.repr(arguments)
            }
        }
    }

    private func fillOSError(_ type: ClassPointer) {
        func field(_ name: String, _ index: Int) {
            defineProperty(
                type, name,
                get: { (vm, value) throws(PythonError) -> Value in
                    let own = vm.ownAttribute(value, vm.intern("_" + name))
                    if !own.isUndefined { return own.retained() }
                    let count = value.object(as: ExceptionObject.self).pointee.arguments.tuple.pointee.count
                    return count >= 2 ? vm.exceptionArgument(value, index) : .none
                },
                set: { (vm, value, new) throws(PythonError) -> Void in vm.setOwnAttribute(value, vm.intern("_" + name), new) })
        }
        field("errno", 0)
        field("strerror", 1)
        field("filename", 2)
        field("filename2", 4)
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let arguments = a[0].object(as: ExceptionObject.self).pointee.arguments.tuple
            let count = arguments.pointee.count
            if count < 2 { return count == 0 ? vm.string("") : try vm.str(arguments.items[0]) }
            var text = "[Errno \(try vm.strText(arguments.items[0]))] \(try vm.strText(arguments.items[1]))"
            if count > 2, !arguments.items[2].isNone { text += ": \(try vm.reprText(arguments.items[2]))" }
            if count > 4, !arguments.items[4].isNone { text += " -> \(try vm.reprText(arguments.items[4]))" }
            return vm.string(text)
        }
        // CPython keeps only errno and strerror in args when a file name was given.
        defineProperty(type, "args") { (vm, value) throws(PythonError) -> Value in
            let arguments = value.object(as: ExceptionObject.self).pointee.arguments
            if arguments.tuple.pointee.count <= 2 || !arguments.tuple.items[0].isInt { return arguments.retained() }
            return vm.tuple([arguments.tuple.items[0].retained(), arguments.tuple.items[1].retained()])
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let arguments = try vm.getAttribute(a[0], "args")
            defer { vm.heap.release(arguments) }
            if arguments.tuple.pointee.count == 1 { return vm.string("\(vm.typeName(a[0]))(\(try vm.reprText(arguments.tuple.items[0])))") }
            return vm.string(vm.typeName(a[0]) + (try vm.reprText(arguments)))
        }
    }

    private func fillUnicodeError(_ type: ClassPointer) {
        for (index, name) in ["encoding", "object", "start", "end", "reason"].enumerated() {
            defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in vm.exceptionArgument(value, index) }
        }
        let isDecoding = type.info.name == "UnicodeDecodeError"
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let arguments = a[0].object(as: ExceptionObject.self).pointee.arguments.tuple
            guard arguments.pointee.count == 5, arguments.items[2].isInt, arguments.items[3].isInt else { return vm.string("") }
            let encoding = try vm.strText(arguments.items[0])
            let reason = try vm.strText(arguments.items[4])
            let start = arguments.items[2].asInt
            let end = arguments.items[3].asInt
            let verb = isDecoding ? "decode" : "encode"
            if end == start + 1 {
                let item = try vm.getItem(arguments.items[1], .int(start))
                defer { vm.heap.release(item) }
                if isDecoding {
                    let hex = VM.hexadecimal(UInt64(item.asInt))
                    return vm.string("'\(encoding)' codec can't decode byte 0x\(hex.count < 2 ? "0" : "")\(hex) in position \(start): \(reason)")
                }
                let quoted = try vm.ascii(item)
                defer { vm.heap.release(quoted) }
                return vm.string("'\(encoding)' codec can't encode character \(vm.text(quoted)) in position \(start): \(reason)")
            }
            return vm.string("'\(encoding)' codec can't \(verb) \(isDecoding ? "bytes" : "characters") in position \(start)-\(end - 1): \(reason)")
        }
    }

    private func fillSyntaxError(_ type: ClassPointer) {
        define(type, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let message = vm.exceptionArgument(a[0], 0)
            defer { vm.heap.release(message) }
            let text = message.isNone ? "" : try vm.strText(message)
            let file = vm.ownAttribute(a[0], vm.intern("filename"))
            let line = vm.ownAttribute(a[0], vm.intern("lineno"))
            guard file.tag == Tag.string, line.isInt else { return vm.string(text) }
            let name = vm.text(file).split(separator: "/").last.map(String.init) ?? ""
            return vm.string("\(text) (\(name), line \(line.asInt))")
        }
        for name in ["msg", "filename", "lineno", "offset", "text"] { defineConstant(type, name, .none) }
    }
}
