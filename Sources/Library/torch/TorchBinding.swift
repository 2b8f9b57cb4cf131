import Interpreter
import NN
import Tensors

/// What `torch` is in one machine: its classes, its dtype objects, and the rule that one Swift tensor is one object of the language.
///
/// A `torch.Tensor` value is a native object around the Swift `Tensor`; the tensor remembers that object while it lives, so that
/// `model.weight is model.weight` holds whichever way the tensor was reached.
package final class TorchBinding {
    unowned let vm: VM
    package let tensorClass: ClassPointer
    package let parameterClass: ClassPointer
    package let sizeClass: ClassPointer
    let dtypeClass: ClassPointer
    let deviceClass: ClassPointer
    let generatorClass: ClassPointer
    let layoutClass: ClassPointer
    /// One object per dtype, by the order of `TorchBinding.dtypes`.
    private(set) var dtypeValues: [Value] = []
    private(set) var cpu: Value = .undefined
    private(set) var strided: Value = .undefined
    private(set) var contiguousFormat: Value = .undefined
    private(set) var channelsLastFormat: Value = .undefined
    private(set) var preserveFormat: Value = .undefined
    private(set) var defaultGenerator: Value = .undefined
    var printOptions = PrintOptions()
    /// Numbers lately met beside tensors, by a hash of their bits.
    var keptNumbers = [(bits: UInt64, tensor: Tensor)?](repeating: nil, count: 16)
    /// Named results such as `torch.return_types.max`, made when first needed.
    private var resultClasses: [String: StructSequence] = [:]
    /// The class of modules, once `torch.nn` is loaded.
    var modules: ModuleBinding?
    /// Sees calls of functions and modules before they run, while a forward function is traced.
    var interceptor: CallInterceptor?

    static let tensorMark = Heap.firstTrackedMark
    static let moduleMark = Heap.firstTrackedMark + 1
    static let nodeMark = Heap.firstTrackedMark + 2

    static let dtypes: [DType] = [.bool, .uint8, .int8, .int16, .int32, .int64, .float32, .float64]

    init(_ vm: VM) {
        self.vm = vm
        tensorClass = vm.makeBuiltinClass("Tensor", module: "torch", layout: Tag.native)
        parameterClass = vm.makeBuiltinClass("Parameter", base: tensorClass, module: "torch.nn.parameter", layout: Tag.native)
        sizeClass = vm.makeBuiltinClass("Size", base: vm.builtinClasses["tuple"], module: "torch", layout: Tag.tuple, isBase: false)
        dtypeClass = vm.makeBuiltinClass("dtype", module: "torch", layout: Tag.native, isBase: false)
        deviceClass = vm.makeBuiltinClass("device", module: "torch", layout: Tag.native, isBase: false)
        generatorClass = vm.makeBuiltinClass("Generator", module: "torch", layout: Tag.native, isBase: false)
        layoutClass = vm.makeBuiltinClass("memory_format", module: "torch", layout: Tag.native, isBase: false)
        tensorClass.info.isShownBare = true
        parameterClass.info.isShownBare = true
        dtypeValues = TorchBinding.dtypes.map { vm.native(DTypeBox($0), dtypeClass) }
        cpu = vm.native(Device("cpu", nil), deviceClass)
        strided = vm.native(MemoryFormat("strided"), layoutClass)
        contiguousFormat = vm.native(MemoryFormat("contiguous_format"), layoutClass)
        channelsLastFormat = vm.native(MemoryFormat("channels_last"), layoutClass)
        preserveFormat = vm.native(MemoryFormat("preserve_format"), layoutClass)
        defaultGenerator = vm.native(EngineState.defaultGenerator, generatorClass)
        vm.heap.nativeFreed = { mark, object in
            if mark == TorchBinding.tensorMark {
                unsafeDowncast(object, to: Tensor.self).languageCell = 0
            } else if mark == TorchBinding.moduleMark {
                let module = unsafeDowncast(object, to: Module.self)
                module.languageCell = 0
                module.languageReference = nil
                module.languageForward = nil
            } else if mark == TorchBinding.nodeMark {
                unsafeDowncast(object, to: Node.self).languageCell = 0
            }
        }
    }

    // MARK: tensors

    /// The language's object for a tensor, owned by the caller.
    @inline(__always)
    package func value(_ tensor: Tensor) -> Value {
        if tensor.languageCell != 0 { return Value(tag: Tag.native, bits: UInt64(tensor.languageCell)).retained() }
        let value = vm.native(tensor, tensor.isParameter ? parameterClass : tensorClass)
        value.header.pointee.extra = TorchBinding.tensorMark
        tensor.languageCell = UInt(value.bits)
        return value
    }

    package func value(_ tensor: Tensor?) -> Value { tensor.map { value($0) } ?? .none }

    /// The tensor behind a value; nil for anything else.
    @inline(__always)
    package func tensor(_ value: Value) -> Tensor? {
        if value.tag == Tag.native, value.header.pointee.extra == TorchBinding.tensorMark {
            return unsafeDowncast(value.object(as: NativeObject.self).pointee.object.takeUnretainedValue(), to: Tensor.self)
        }
        if value.tag == Tag.instance {
            let inner = vm.payload(value)
            if inner.tag == Tag.native, inner.header.pointee.extra == TorchBinding.tensorMark {
                return unsafeDowncast(inner.object(as: NativeObject.self).pointee.object.takeUnretainedValue(), to: Tensor.self)
            }
        }
        return nil
    }

    func tuple(_ tensors: [Tensor]) -> Value { vm.tuple(tensors.map { value($0) }) }

    // MARK: sizes, dtypes, devices

    /// A `torch.Size`.
    package func size(_ sizes: [Int]) -> Value { vm.instance(of: sizeClass, payload: vm.makeTuple(sizes.count) { .int(sizes[$0]) }) }

    package func dtype(_ dtype: DType) -> Value {
        dtypeValues[TorchBinding.dtypes.firstIndex(of: dtype) ?? 0].retained()
    }

    /// The dtype a value denotes: a `torch.dtype`, or Python's `float`, `int`, `bool`.
    package func dtypeOrNil(_ value: Value) -> DType? {
        if let box = vm.nativeObject(value, as: DTypeBox.self) { return box.dtype }
        guard value.tag == Tag.classObject else { return nil }
        let type = value.classPointer
        if type == vm.builtinClasses["float"] { return .float64 }
        if type == vm.builtinClasses["int"] { return .int64 }
        if type == vm.builtinClasses["bool"] { return .bool }
        return nil
    }

    // MARK: results with names

    /// `torch.return_types.name(fields…)`; takes over the references.
    func result(_ name: String, _ fields: [String], _ items: [Value]) -> Value {
        if let known = resultClasses[name] { return known.make(vm, items) }
        let sequence = StructSequence(vm, "torch.return_types.\(name)", visible: fields, isConstructible: true)
        sequence.type.info.module = "torch.return_types"
        vm.populate(sequence.type)
        vm.define(sequence.type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            var parts: [String] = []
            let items = vm.payload(a[0]).tuple.items
            for (index, field) in fields.enumerated() { parts.append("\(field)=\(try vm.reprText(items[index]))") }
            return vm.string("torch.return_types.\(name)(\n\(parts.joined(separator: ",\n")))")
        }
        resultClasses[name] = sequence
        return sequence.make(vm, items)
    }

    // MARK: errors

    /// The language's exception for an error of the engine.
    package func pythonError(_ error: any Error) -> PythonError {
        if let error = error as? PythonError { return error }
        guard let error = error as? TensorError else { return vm.runtimeError("\(error)") }
        if let foreign = error.foreign as? PythonError { return foreign }
        if error.kind == .key { return vm.keyError(vm.string(error.message)) }
        return vm.error(error.kind.rawValue, error.message)
    }
}

/// Takes over calls whose arguments are not tensors but stand for them; a nil result lets the call run as usual.
final class CallInterceptor {
    /// `(module of the function, its name, its arguments)`
    let function: (String, String, Arguments) throws -> Value?
    /// `(module, its object, positional arguments, keywords)`
    let module: (Module, Value, Value, Value) throws -> Value?

    init(function: @escaping (String, String, Arguments) throws -> Value?, module: @escaping (Module, Value, Value, Value) throws -> Value?) {
        self.function = function
        self.module = module
    }
}

extension VM {
    /// The binding of `torch` in this machine, made when first needed.
    package var torch: TorchBinding {
        let key = ObjectIdentifier(TorchBinding.self)
        if let known = attachments[key] { return unsafeDowncast(known, to: TorchBinding.self) }
        let fresh = TorchBinding(self)
        attachments[key] = fresh
        return fresh
    }

    /// A `torch.Tensor` object, owned by the caller.
    package func tensorValue(_ tensor: Tensor) -> Value { torch.value(tensor) }

    /// The tensor behind a value; nil for anything else.
    package func tensor(_ value: Value) -> Tensor? { torch.tensor(value) }
}

/// What a `torch.dtype` object holds.
package final class DTypeBox {
    package let dtype: DType
    init(_ dtype: DType) { self.dtype = dtype }
}

/// What a `torch.device` object holds.
package final class Device {
    package let type: String
    package let index: Int?
    init(_ type: String, _ index: Int?) {
        self.type = type
        self.index = index
    }

    var text: String { index.map { "\(type):\($0)" } ?? type }
}

/// What a `torch.memory_format` or `torch.layout` object holds: only its name matters here.
final class MemoryFormat {
    let name: String
    init(_ name: String) { self.name = name }
}
