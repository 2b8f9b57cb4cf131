import Bytecode
import Diagnostics

// The classes of functions, methods and code.

extension VM {
    func makeCallableClasses() {
        let function = makeBuiltinClass("function", layout: Tag.function, isBase: false, construct: nil) { vm, type in vm.fillFunction(type) }
        function.info.construct = nil
        classOfTag[Int(Tag.function)] = function
        let method = makeBuiltinClass("method", layout: Tag.boundMethod, isBase: false) { vm, type in vm.fillMethod(type) }
        method.info.construct = NativeFunction("method", "cls, function, instance, /") { (vm, a) throws(PythonError) -> Value in
            vm.boundMethod(a[1].retained(), a[2].retained())
        }
        classOfTag[Int(Tag.boundMethod)] = method
        let builtin = makeBuiltinClass("builtin_function_or_method", layout: Tag.builtin, isBase: false) { vm, type in vm.fillBuiltin(type) }
        builtin.info.construct = nil
        classOfTag[Int(Tag.builtin)] = builtin
        let generator = makeBuiltinClass("generator", layout: Tag.generator, isBase: false) { vm, type in vm.fillGenerator(type) }
        generator.info.construct = nil
        classOfTag[Int(Tag.generator)] = generator
    }

    private func fillFunction(_ type: ClassPointer) {
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.string("<function \(vm.functionName(a[0].object(as: FunctionObject.self))) at 0x\(VM.hexadecimal(a[0].bits))>")
        }
        define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
        define(type, "__get__", "self, instance, owner=None, /") { (vm, a) throws(PythonError) -> Value in
            a[1].isNone ? a[0].retained() : vm.boundMethod(a[0].retained(), a[1].retained())
        }
        func attribute(_ name: String, _ compute: @escaping (VM, UnsafeMutablePointer<FunctionObject>) throws(PythonError) -> Value) {
            defineProperty(
                type, name,
                get: { (vm, value) throws(PythonError) -> Value in
                    let own = vm.ownAttribute(value, vm.intern(name))
                    return own.isUndefined ? try compute(vm, value.object(as: FunctionObject.self)) : own.retained()
                },
                set: { (vm, value, new) throws(PythonError) -> Void in vm.setFunctionAttribute(value, vm.intern(name), new) })
        }
        attribute("__name__") { (vm, f) throws(PythonError) -> Value in vm.string(f.pointee.code.pointee.code.takeUnretainedValue().name) }
        attribute("__qualname__") { (vm, f) throws(PythonError) -> Value in
            vm.string(f.pointee.code.pointee.code.takeUnretainedValue().qualifiedName)
        }
        attribute("__doc__") { (vm, f) throws(PythonError) -> Value in
            f.pointee.code.pointee.code.takeUnretainedValue().documentation.map { vm.string($0) } ?? .none
        }
        attribute("__module__") { (vm, f) throws(PythonError) -> Value in vm.string(f.pointee.module.pointee.info.takeUnretainedValue().name) }
        defineProperty(
            type, "__defaults__",
            get: { (vm, value) throws(PythonError) -> Value in
                let defaults = value.object(as: FunctionObject.self).pointee.defaults
                return defaults.isUndefined ? .none : defaults.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard new.isNone || new.tag == Tag.tuple else { throw vm.typeError("__defaults__ must be set to a tuple object") }
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.defaults, with: new.isNone ? .undefined : new.retained())
            })
        defineProperty(
            type, "__kwdefaults__",
            get: { (vm, value) throws(PythonError) -> Value in
                let defaults = value.object(as: FunctionObject.self).pointee.keywordDefaults
                return defaults.isUndefined ? .none : defaults.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                guard new.isNone || new.tag == Tag.dict else { throw vm.typeError("__kwdefaults__ must be set to a dict object") }
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.keywordDefaults, with: new.isNone ? .undefined : new.retained())
            })
        defineProperty(
            type, "__annotations__",
            get: { (vm, value) throws(PythonError) -> Value in
                let function = value.object(as: FunctionObject.self)
                if function.pointee.annotations.tag == Tag.function {
                    let made = try vm.call(function.pointee.annotations)
                    vm.heap.replace(&function.pointee.annotations, with: made)
                }
                if function.pointee.annotations.isUndefined { function.pointee.annotations = vm.dict() }
                return function.pointee.annotations.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.annotations, with: new.isNone ? .undefined : new.retained())
            })
        defineProperty(
            type, "__dict__",
            get: { (vm, value) throws(PythonError) -> Value in
                let function = value.object(as: FunctionObject.self)
                if function.pointee.attributes.isUndefined { function.pointee.attributes = vm.dict() }
                return function.pointee.attributes.retained()
            },
            set: { (vm, value, new) throws(PythonError) -> Void in
                vm.heap.replace(&value.object(as: FunctionObject.self).pointee.attributes, with: new.retained())
            })
        defineProperty(type, "__closure__") { (vm, value) throws(PythonError) -> Value in
            let closure = value.object(as: FunctionObject.self).pointee.closure
            return closure.isUndefined ? .none : closure.retained()
        }
        defineProperty(type, "__globals__") { (vm, value) throws(PythonError) -> Value in
            vm.globalsView(value.object(as: FunctionObject.self).pointee.module)
        }
        defineProperty(type, "__code__") { (vm, value) throws(PythonError) -> Value in
            vm.native(CodeView(value.object(as: FunctionObject.self).pointee.code), vm.codeClass())
        }
    }

    /// Calls with a tuple of positional and a dict of keyword arguments.
    package func callPacked(_ callable: Value, _ positional: Value, _ keywords: Value) throws(PythonError) -> Value {
        var arguments: [Value] = []
        for index in 0..<positional.tuple.pointee.count { arguments.append(positional.tuple.items[index]) }
        var named: [(String, Value)] = []
        for index in 0..<keywords.dict.pointee.used {
            let entry = keywords.dict.pointee.entries.unsafelyUnwrapped[index]
            if !entry.key.isUndefined { named.append((text(entry.key), entry.value)) }
        }
        return try call(callable, arguments: arguments, keywords: named)
    }

    private func codeClass() -> ClassPointer {
        if let type = builtinClasses["code"] { return type }
        let type = makeBuiltinClass("code", layout: Tag.native, isBase: false) { vm, type in
            func field(_ name: String, _ get: @escaping (VM, Code) -> Value) {
                vm.defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in
                    guard let view = vm.nativeObject(value, as: CodeView.self) else { return .none }
                    return get(vm, view.record.pointee.code.takeUnretainedValue())
                }
            }
            field("co_name") { $0.string($1.name) }
            field("co_qualname") { $0.string($1.qualifiedName) }
            field("co_filename") { $0.string($1.source.name) }
            field("co_firstlineno") { .int($1.firstLine) }
            field("co_argcount") { .int($1.positionalCount) }
            field("co_posonlyargcount") { .int($1.positionalOnlyCount) }
            field("co_kwonlyargcount") { .int($1.keywordOnlyCount) }
            field("co_nlocals") { .int($1.localNames.count) }
            field("co_flags") {
                .int(
                    ($1.flags.contains(.variadic) ? 4 : 0) | ($1.flags.contains(.keywordVariadic) ? 8 : 0) | ($1.flags.contains(.generator) ? 32 : 0))
            }
            field("co_varnames") { vm, code in vm.tuple(code.localNames.map { vm.string($0) }) }
            field("co_freevars") { vm, code in vm.tuple(code.freeNames.map { vm.string($0) }) }
        }
        builtinClasses["code"] = type
        return type
    }

    private func fillMethod(_ type: ClassPointer) {
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let method = a[0].object(as: BoundMethodObject.self)
            let name: String
            switch method.pointee.function.tag {
            case Tag.function: name = vm.functionName(method.pointee.function.object(as: FunctionObject.self))
            case Tag.builtin:
                let native = method.pointee.function.object(as: BuiltinObject.self).pointee.function.takeUnretainedValue()
                return vm.string(
                    "<built-in method \(native.name) of \(vm.typeName(method.pointee.receiver)) object at 0x\(VM.hexadecimal(method.pointee.receiver.bits))>"
                )
            default: name = "?"
            }
            return vm.string("<bound method \(name) of \(try vm.reprText(method.pointee.receiver))>")
        }
        define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard a[1].tag == Tag.boundMethod else { return .notImplemented }
            let one = a[0].object(as: BoundMethodObject.self)
            let two = a[1].object(as: BoundMethodObject.self)
            return .bool(
                one.pointee.function.isIdentical(to: two.pointee.function) && one.pointee.receiver.isIdentical(to: two.pointee.receiver))
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let method = a[0].object(as: BoundMethodObject.self)
            return .int(Int((method.pointee.function.bits ^ method.pointee.receiver.bits &* 31) >> 4))
        }
        defineProperty(type, "__func__") { (vm, value) throws(PythonError) -> Value in
            value.object(as: BoundMethodObject.self).pointee.function.retained()
        }
        defineProperty(type, "__self__") { (vm, value) throws(PythonError) -> Value in
            value.object(as: BoundMethodObject.self).pointee.receiver.retained()
        }
        for name in ["__name__", "__qualname__", "__doc__", "__module__", "__defaults__", "__annotations__", "__code__", "__wrapped__"] {
            defineProperty(type, name) { (vm, value) throws(PythonError) -> Value in
                try vm.getAttribute(value.object(as: BoundMethodObject.self).pointee.function, name)
            }
        }
    }

    private func fillBuiltin(_ type: ClassPointer) {
        // A native function bound to its receiver is of this class too.
        func native(_ value: Value) -> NativeFunction {
            let function = value.tag == Tag.boundMethod ? value.object(as: BoundMethodObject.self).pointee.function : value
            return function.object(as: BuiltinObject.self).pointee.function.takeUnretainedValue()
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let function = native(a[0])
            if a[0].tag == Tag.boundMethod {
                let receiver = a[0].object(as: BoundMethodObject.self).pointee.receiver
                return vm.string("<built-in method \(function.name) of \(vm.typeName(receiver)) object at 0x\(VM.hexadecimal(receiver.bits))>")
            }
            if let owner = function.owner, function.bindsReceiver {
                return vm.string(
                    function.name.hasPrefix("__")
                        ? "<slot wrapper '\(function.name)' of '\(owner)' objects>" : "<method '\(function.name)' of '\(owner)' objects>")
            }
            return vm.string("<built-in function \(function.name)>")
        }
        define(type, "__call__", "self, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try vm.callPacked(a[0], a[1], a[2]) }
        defineProperty(type, "__name__") { (vm, value) throws(PythonError) -> Value in vm.string(native(value).name) }
        defineProperty(type, "__qualname__") { (vm, value) throws(PythonError) -> Value in
            vm.string((native(value).owner.map { "\($0)." } ?? "") + native(value).name)
        }
        defineProperty(type, "__doc__") { (vm, value) throws(PythonError) -> Value in native(value).documentation.map { vm.string($0) } ?? .none }
        defineProperty(type, "__module__") { (vm, value) throws(PythonError) -> Value in vm.string("builtins") }
        defineProperty(type, "__self__") { (vm, value) throws(PythonError) -> Value in
            value.tag == Tag.boundMethod ? value.object(as: BoundMethodObject.self).pointee.receiver.retained() : .none
        }
        define(type, "__eq__", "self, value, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.boundMethod, a[1].tag == Tag.boundMethod else { return a[0].isIdentical(to: a[1]) ? .true : .notImplemented }
            let one = a[0].object(as: BoundMethodObject.self)
            let two = a[1].object(as: BoundMethodObject.self)
            return .bool(
                one.pointee.function.isIdentical(to: two.pointee.function) && one.pointee.receiver.isIdentical(to: two.pointee.receiver))
        }
        define(type, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.boundMethod else { return .int(Int(a[0].bits >> 4)) }
            let method = a[0].object(as: BoundMethodObject.self)
            return .int(Int((method.pointee.function.bits ^ method.pointee.receiver.bits &* 31) >> 4))
        }
        defineProperty(type, "__text_signature__") { (vm, value) throws(PythonError) -> Value in vm.string("(\(native(value).signature))") }
        define(type, "__get__", "self, instance, owner=None, /") { (vm, a) throws(PythonError) -> Value in
            a[1].isNone || native(a[0]).owner == nil ? a[0].retained() : vm.boundMethod(a[0].retained(), a[1].retained())
        }
    }
}

/// What `function.__code__` shows.
final class CodeView {
    let record: UnsafeMutablePointer<CodeRecord>
    init(_ record: UnsafeMutablePointer<CodeRecord>) { self.record = record }
}
