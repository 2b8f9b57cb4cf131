import Checkpoints
import Interpreter
import Tensors

/// `_serialization`: values of the language as PyTorch checkpoints and back.
func registerSerialization(_ vm: VM) {
    vm.registerNativeModule("_serialization") { (vm, module) throws(PythonError) -> Void in
        let damaged = try vm.exceptionClass(module, "UnpicklingError", base: "Exception")
        func python(_ vm: VM, _ error: CheckpointError) -> PythonError {
            switch error.kind {
            case .unpickling: return PythonError(vm.makeException(damaged.classPointer, vm.tuple([vm.string(error.message)])))
            case .notFound: return vm.osError(2, path: error.path)
            default: return vm.error(error.kind.rawValue, error.message)
            }
        }
        module.function("encode", "obj, name, /") { (vm, a) throws(PythonError) -> Value in
            var writer = CheckpointWriter(vm)
            let value = try writer.convert(a[0])
            do throws(CheckpointError) { return vm.bytes(try Checkpoint.encode(value, file: a[1].isString ? vm.text(a[1]) : "archive")) } catch {
                throw python(vm, error)
            }
        }
        module.function("save", "obj, path, /") { (vm, a) throws(PythonError) -> Value in
            let path = try vm.path(a[1], "expected a path, not \(vm.typeName(a[1]))").text
            var writer = CheckpointWriter(vm)
            let value = try writer.convert(a[0])
            do throws(CheckpointError) {
                try Checkpoint.save(value, to: path)
                return .none
            } catch {
                throw python(vm, error)
            }
        }
        module.function("decode", "data, name, /") { (vm, a) throws(PythonError) -> Value in
            let data = vm.payload(a[0])
            guard data.tag == Tag.bytes || data.tag == Tag.byteArray else {
                throw vm.typeError("a bytes-like object is required, not '\(vm.typeName(a[0]))'")
            }
            let value: CheckpointValue
            do throws(CheckpointError) {
                value = try Checkpoint.decode(Array(vm.byteBuffer(data)), file: a[1].isString ? vm.text(a[1]) : "archive")
            } catch { throw python(vm, error) }
            var reader = CheckpointReader(vm)
            return try reader.convert(value)
        }
        module.function("load", "path, /") { (vm, a) throws(PythonError) -> Value in
            let path = try vm.path(a[0], "expected a path, not \(vm.typeName(a[0]))").text
            let value: CheckpointValue
            do throws(CheckpointError) { value = try Checkpoint.load(path) } catch { throw python(vm, error) }
            var reader = CheckpointReader(vm)
            return try reader.convert(value)
        }
    }
}

extension CheckpointError {
    /// The file's name, also from the sentence of a missing file.
    fileprivate var path: String {
        if !file.isEmpty { return file }
        return reason.split(separator: "'").last.map(String.init) ?? ""
    }
}

/// From values of the language to a checkpoint; what is shared stays shared.
struct CheckpointWriter {
    private let vm: VM
    private var sequences: [UInt64: CheckpointSequence] = [:]
    private var dictionaries: [UInt64: CheckpointDictionary] = [:]
    private var depth = 0

    init(_ vm: VM) { self.vm = vm }

    mutating func convert(_ value: Value) throws(PythonError) -> CheckpointValue {
        depth += 1
        defer { depth -= 1 }
        if depth > 900 { throw vm.recursionError(" while saving an object") }
        switch value.tag {
        case Tag.none: return .none
        case Tag.bool: return .bool(value.asBool)
        case Tag.int: return .int(Int64(value.asInt))
        case Tag.float: return .double(value.asDouble)
        case Tag.string: return .string(vm.text(value))
        case Tag.bytes: return .bytes(Array(vm.byteBuffer(value)))
        default: break
        }
        if let tensor = vm.tensor(value) { return .tensor(tensor) }
        if let box = vm.nativeObject(value, as: DTypeBox.self) { return .dtype(box.dtype) }
        if let device = vm.nativeObject(value, as: Device.self) { return .device(device.text) }
        if vm.isInstance(value, vm.torch.sizeClass) { return .size(try vm.torch.ints(value) ?? []) }
        let inner = vm.payload(value)
        switch inner.tag {
        case Tag.list, Tag.tuple, Tag.set, Tag.frozenSet: return .sequence(try sequence(value, inner.tag))
        case Tag.dict: return .dictionary(try dictionary(value, inner))
        case Tag.int, Tag.float, Tag.bool, Tag.string: return try convert(inner)
        default: break
        }
        throw vm.typeError(
            "torch.save cannot store a '\(vm.fullTypeName(value))' object: only tensors, numbers, text and containers of them are written"
                + (vm.module(value) != nil ? "; save its state_dict()" : ""))
    }

    private mutating func sequence(_ value: Value, _ tag: UInt64) throws(PythonError) -> CheckpointSequence {
        if let known = sequences[value.bits] { return known }
        let kind: CheckpointSequence.Kind = tag == Tag.list ? .list : tag == Tag.tuple ? .tuple : .set
        let made = CheckpointSequence(kind)
        sequences[value.bits] = made
        let items = try vm.collect(value)
        defer { for item in items { vm.heap.release(item) } }
        for item in items { made.items.append(try convert(item)) }
        return made
    }

    private mutating func dictionary(_ value: Value, _ inner: Value) throws(PythonError) -> CheckpointDictionary {
        if let known = dictionaries[value.bits] { return known }
        let made = CheckpointDictionary(isOrdered: vm.typeOf(value).info.name == "OrderedDict")
        dictionaries[value.bits] = made
        let dict = inner.dict
        for index in 0..<dict.pointee.used {
            guard let entry = dict.pointee.entries?[index], !entry.key.isUndefined else { continue }
            made.set(try convert(entry.key), try convert(entry.value))
        }
        if made.isOrdered { try addMetadata(of: value, to: made) }
        return made
    }
}

extension CheckpointWriter {
    /// The versions of its modules that a state dict carries.
    private mutating func addMetadata(of value: Value, to made: CheckpointDictionary) throws(PythonError) {
        let metadata = try vm.getAttribute(value, "_metadata", default: .undefined)
        defer { vm.heap.release(metadata) }
        guard vm.payload(metadata).tag == Tag.dict else { return }
        let attributes = CheckpointDictionary()
        attributes.set(.string("_metadata"), try convert(metadata))
        made.attributes = attributes
    }
}

/// From a checkpoint to values of the language.
struct CheckpointReader {
    private let vm: VM
    private var known: [ObjectIdentifier: Reference] = [:]
    private var depth = 0

    init(_ vm: VM) { self.vm = vm }

    /// The value, owned by the caller.
    mutating func convert(_ value: CheckpointValue) throws(PythonError) -> Value {
        depth += 1
        defer { depth -= 1 }
        if depth > 900 { throw vm.recursionError(" while loading an object") }
        switch value {
        case .none: return .none
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(Int(number))
        case .double(let number): return .float(number)
        case .string(let text): return vm.string(text)
        case .bytes(let bytes): return vm.bytes(bytes)
        case .tensor(let tensor): return vm.tensorValue(tensor)
        case .dtype(let dtype): return vm.torch.dtype(dtype)
        case .size(let sizes): return vm.torch.size(sizes)
        case .device(let text): return try device(text)
        case .sequence(let sequence): return try self.sequence(sequence)
        case .dictionary(let dictionary): return try self.dictionary(dictionary)
        }
    }

    private func device(_ text: String) throws(PythonError) -> Value {
        do { return vm.native(try vm.torch.parseDevice(text), vm.torch.deviceClass) } catch { throw vm.torch.pythonError(error) }
    }

    private mutating func sequence(_ sequence: CheckpointSequence) throws(PythonError) -> Value {
        if let known = known[ObjectIdentifier(sequence)] { return known.value.retained() }
        // A list is entered before its items: it may contain itself.
        let list = vm.list()
        if sequence.kind == .list { known[ObjectIdentifier(sequence)] = Reference(list, vm.heap) }
        do throws(PythonError) {
            for item in sequence.items { vm.listAppend(list.list, try convert(item)) }
        } catch {
            vm.heap.release(list)
            throw error
        }
        if sequence.kind == .list { return list }
        defer { vm.heap.release(list) }
        let result: Value
        if sequence.kind == .tuple { result = try vm.makeTuple(from: list) } else { result = try vm.callBuiltin("set", list) }
        known[ObjectIdentifier(sequence)] = Reference(result, vm.heap)
        return result
    }

    private mutating func dictionary(_ dictionary: CheckpointDictionary) throws(PythonError) -> Value {
        if let known = known[ObjectIdentifier(dictionary)] { return known.value.retained() }
        let result: Value
        if dictionary.isOrdered {
            let module = try vm.importModule("collections")
            defer { vm.heap.release(module) }
            result = try vm.callMethod(module, "OrderedDict")
        } else {
            result = vm.dict()
        }
        known[ObjectIdentifier(dictionary)] = Reference(result, vm.heap)
        do throws(PythonError) {
            for (key, value) in dictionary.pairs {
                let k = try convert(key)
                defer { vm.heap.release(k) }
                let v = try convert(value)
                defer { vm.heap.release(v) }
                try vm.setItem(result, k, v)
            }
            // Of the attributes a file may bring, only the one that PyTorch writes.
            if dictionary.isOrdered, let metadata = dictionary.attributes?["_metadata"] {
                let v = try convert(metadata)
                defer { vm.heap.release(v) }
                try vm.setAttribute(result, "_metadata", v)
            }
        } catch {
            vm.heap.release(result)
            throw error
        }
        return result
    }
}
