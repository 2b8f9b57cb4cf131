import Interpreter

/// `_io` and what stands on it: `open`, `input`, the standard streams.
func registerIO(_ vm: VM, _ streams: StandardStreams) {
    vm.registerNativeModule("_io") { (vm, module) throws(PythonError) -> Void in
        let classes = try streams.classes(vm)
        for type in classes.all { module.set(type.info.name, type.value.retained()) }
        module.set("UnsupportedOperation", classes.unsupported.value.retained())
        module.set("DEFAULT_BUFFER_SIZE", .int(8192))
        module.function("open", OpenRequest.signature) { (vm, a) throws(PythonError) -> Value in try streams.open(vm, a) }
        module.function("text_encoding", "encoding, stacklevel=2, /") { (vm, a) throws(PythonError) -> Value in
            a[0].isNone ? vm.string("locale") : a[0].retained()
        }
    }
    vm.installFunction("open", OpenRequest.signature) { (vm, a) throws(PythonError) -> Value in try streams.open(vm, a) }
    vm.installFunction("input", "prompt='', /") { (vm, a) throws(PythonError) -> Value in try streams.input(vm, a[0]) }
}

/// The classes of `_io`, made on first use.
final class IOClasses {
    let base: ClassPointer
    let rawBase: ClassPointer
    let bufferedBase: ClassPointer
    let textBase: ClassPointer
    let file: ClassPointer
    let reader: ClassPointer
    let writer: ClassPointer
    let random: ClassPointer
    let bytes: ClassPointer
    let text: ClassPointer
    let string: ClassPointer
    let unsupported: ClassPointer

    var all: [ClassPointer] { [base, rawBase, bufferedBase, textBase, file, reader, writer, random, bytes, text, string] }

    init(_ vm: VM) throws(PythonError) {
        unsupported = try IOClasses.makeUnsupported(vm)
        let base = vm.makeBuiltinClass("_IOBase", module: "_io", layout: Tag.instance, hasInstanceAttributes: true) { vm, type in
            fillStreamBase(vm, type)
        }
        self.base = base
        func abstract(_ name: String, _ fill: @escaping (VM, ClassPointer) -> Void) -> ClassPointer {
            vm.makeBuiltinClass(name, base: base, module: "_io", layout: Tag.instance, hasInstanceAttributes: true, populate: fill)
        }
        rawBase = abstract("_RawIOBase", fillRawBase)
        let bufferedBase = abstract("_BufferedIOBase", fillBufferedBase)
        self.bufferedBase = bufferedBase
        textBase = abstract("_TextIOBase", fillTextBase)
        func concrete(_ name: String, _ parent: ClassPointer, _ object: @escaping () -> AnyObject, _ fill: @escaping (VM, ClassPointer) -> Void)
            -> ClassPointer
        {
            let type = vm.makeBuiltinClass(name, base: parent, module: "_io", layout: Tag.native, hasInstanceAttributes: true, populate: fill)
            type.info.construct = NativeFunction(name, "cls, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
                let cls = a[0].classPointer
                let made = vm.native(object(), type)
                if cls != type, cls.info.isUserClass { return vm.instance(of: cls, payload: made) }
                return try vm.initialized(made, type, a[1], a[2])
            }
            return type
        }
        file = concrete("FileIO", rawBase, { ByteFile(.raw) }) { vm, type in
            fillByteFile(vm, type, .raw)
            defineFileInitializer(vm, type)
        }
        func buffered(_ name: String, _ kind: ByteFile.Kind) -> ClassPointer {
            concrete(name, bufferedBase, { ByteFile(kind) }) { vm, type in
                fillByteFile(vm, type, kind)
                defineBufferedInitializer(vm, type, kind)
            }
        }
        reader = buffered("BufferedReader", .reader)
        writer = buffered("BufferedWriter", .writer)
        random = buffered("BufferedRandom", .random)
        bytes = concrete("BytesIO", bufferedBase, { ByteFile(.memory) }) { vm, type in
            fillByteFile(vm, type, .memory)
            defineBytesIO(vm, type)
        }
        text = concrete("TextIOWrapper", textBase, { TextFile(ByteStream()) }) { vm, type in
            fillTextStream(vm, type)
            defineTextFile(vm, type)
        }
        string = concrete("StringIO", textBase, { MemoryText() }) { vm, type in
            fillTextStream(vm, type)
            defineStringIO(vm, type)
        }
    }

    private static func makeUnsupported(_ vm: VM) throws(PythonError) -> ClassPointer {
        let keywords = vm.dict()
        defer { vm.heap.release(keywords) }
        let bases = ["OSError", "ValueError"].compactMap { vm.builtinClasses[$0]?.value }
        let made = try vm.buildClass(
            name: "UnsupportedOperation", bases: bases, namespace: vm.dict(), keywords: keywords.dict, module: "io")
        vm.builtinClasses["UnsupportedOperation"] = made.classPointer
        return made.classPointer
    }
}

extension VM {
    /// Runs the class's `__init__` on a new object (taken over) and returns it.
    fileprivate func initialized(_ object: Value, _ type: ClassPointer, _ arguments: Value, _ keywords: Value) throws(PythonError) -> Value {
        do throws(PythonError) {
            let initialize = try bind(special(type, .initialize), object, type)
            defer { heap.release(initialize) }
            heap.release(try callPacked(initialize, arguments, keywords))
        } catch {
            heap.release(object)
            throw error
        }
        return object
    }
}
