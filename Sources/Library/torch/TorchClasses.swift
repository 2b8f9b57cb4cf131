import Interpreter
import Tensors

// torch.Size, torch.dtype, torch.device, torch.memory_format, and the constructors of Tensor and Parameter.

extension TorchBinding {
    func defineClasses(_ module: NativeModule) {
        defineSize(module)
        defineDTypes(module)
        defineDevice(module)
        defineFormats(module)
        defineTensorConstructors(module)
        defineLimits(module)
    }

    private func defineSize(_ module: NativeModule) {
        let torch = self
        func items(_ vm: VM, _ value: Value) throws(PythonError) -> [Int] {
            guard let items = torch.sequence(value) else { throw vm.typeError("torch.Size() takes an iterable of 'int'") }
            var result: [Int] = []
            for item in items { result.append(try vm.index(item, "torch.Size() takes an iterable of 'int' (item 0 is '\(vm.typeName(item))')")) }
            return result
        }
        sizeClass.info.construct = NativeFunction("Size", "cls, iterable=(), /") { (vm, a) throws(PythonError) -> Value in
            let list = try vm.makeList(from: a[1])
            defer { vm.heap.release(list) }
            return torch.size(try items(vm, list))
        }
        vm.define(sizeClass, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.string("torch.Size(\(bracketed(try items(vm, a[0]))))")
        }
        vm.define(sizeClass, "numel", "self, /") { (vm, a) throws(PythonError) -> Value in .int(try items(vm, a[0]).reduce(1, *)) }
        vm.define(sizeClass, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            let found = try vm.tupleItem(vm.payload(a[0]), a[1])
            guard found.tag == Tag.tuple else { return found }
            return vm.instance(of: torch.sizeClass, payload: found)
        }
        vm.define(sizeClass, "__add__", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[1]).tag == Tag.tuple else {
                throw vm.typeError("can only concatenate tuple (not \(vm.typeName(a[1]))) to torch.Size")
            }
            return torch.size(try items(vm, a[0]) + items(vm, a[1]))
        }
        vm.define(sizeClass, "__radd__", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            guard vm.payload(a[1]).tag == Tag.tuple else { return .notImplemented }
            return torch.size(try items(vm, a[1]) + items(vm, a[0]))
        }
        module.set("Size", sizeClass.value.retained())
    }

    private func defineDTypes(_ module: NativeModule) {
        func dtype(_ vm: VM, _ value: Value) throws(PythonError) -> DType {
            guard let box = vm.nativeObject(value, as: DTypeBox.self) else { throw vm.typeError("torch.dtype expected, not '\(vm.typeName(value))'") }
            return box.dtype
        }
        vm.define(dtypeClass, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string("torch.\(try dtype(vm, a[0]).name)") }
        vm.defineProperty(dtypeClass, "is_floating_point") { (vm, value) throws(PythonError) -> Value in .bool(try dtype(vm, value).isFloatingPoint) }
        vm.defineProperty(dtypeClass, "is_complex") { (_, _) throws(PythonError) -> Value in .false }
        vm.defineProperty(dtypeClass, "is_signed") { (vm, value) throws(PythonError) -> Value in
            let dtype = try dtype(vm, value)
            return .bool(dtype != .uint8 && dtype != .bool)
        }
        vm.defineProperty(dtypeClass, "itemsize") { (vm, value) throws(PythonError) -> Value in .int(try dtype(vm, value).size) }
        vm.define(dtypeClass, "__deepcopy__", "self, memo, /") { (_, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(dtypeClass, "__copy__", "self, /") { (_, a) throws(PythonError) -> Value in a[0].retained() }
        module.set("dtype", dtypeClass.value.retained())
        let aliases: [String: DType] = [
            "float": .float32, "double": .float64, "int": .int32, "long": .int64, "short": .int16,
        ]
        for dtype in TorchBinding.dtypes { module.set(dtype.name, self.dtype(dtype)) }
        for (name, dtype) in aliases { module.set(name, self.dtype(dtype)) }
    }

    private func defineDevice(_ module: NativeModule) {
        let torch = self
        func device(_ vm: VM, _ value: Value) throws(PythonError) -> Device {
            guard let device = vm.nativeObject(value, as: Device.self) else {
                throw vm.typeError("torch.device expected, not '\(vm.typeName(value))'")
            }
            return device
        }
        deviceClass.info.construct = NativeFunction("device", "cls, type, index=None") { (vm, a) throws(PythonError) -> Value in
            do {
                if vm.nativeObject(a[1], as: Device.self) != nil { return a[1].retained() }
                if a[1].isInt { return vm.native(Device("cuda", a[1].asInt), torch.deviceClass) }
                guard a[1].isString else { throw vm.typeError("device(): argument 'type' (position 1) must be str, not \(vm.typeName(a[1]))") }
                var parsed = try torch.parseDevice(vm.text(a[1]))
                if !a[2].isNone { parsed = Device(parsed.type, try vm.index(a[2])) }
                return parsed.type == "cpu" && parsed.index == nil ? torch.cpu.retained() : vm.native(parsed, torch.deviceClass)
            } catch {
                throw torch.pythonError(error)
            }
        }
        vm.define(deviceClass, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let device = try device(vm, a[0])
            return vm.string("device(type='\(device.type)'" + (device.index.map { ", index=\($0)" } ?? "") + ")")
        }
        vm.define(deviceClass, "__str__", "self, /") { (vm, a) throws(PythonError) -> Value in vm.string(try device(vm, a[0]).text) }
        vm.define(deviceClass, "__eq__", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            guard let other = vm.nativeObject(a[1], as: Device.self) else { return .notImplemented }
            return .bool(try device(vm, a[0]).text == other.text)
        }
        vm.define(deviceClass, "__hash__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let text = vm.string(try device(vm, a[0]).text)
            defer { vm.heap.release(text) }
            return .int(try vm.hash(text))
        }
        vm.defineProperty(deviceClass, "type") { (vm, value) throws(PythonError) -> Value in vm.string(try device(vm, value).type) }
        vm.defineProperty(deviceClass, "index") { (vm, value) throws(PythonError) -> Value in try device(vm, value).index.map { .int($0) } ?? .none }
        vm.define(deviceClass, "__deepcopy__", "self, memo, /") { (_, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(deviceClass, "__enter__", "self, /") { (_, a) throws(PythonError) -> Value in a[0].retained() }
        vm.define(deviceClass, "__exit__", "self, type, value, traceback, /") { (_, _) throws(PythonError) -> Value in .none }
        module.set("device", deviceClass.value.retained())
    }

    private func defineFormats(_ module: NativeModule) {
        vm.define(layoutClass, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            vm.string("torch.\(vm.nativeObject(a[0], as: MemoryFormat.self)?.name ?? "")")
        }
        module.set("memory_format", layoutClass.value.retained())
        module.set("layout", layoutClass.value.retained())
        for (name, value) in [
            ("strided", strided), ("contiguous_format", contiguousFormat), ("channels_last", channelsLastFormat), ("preserve_format", preserveFormat),
        ] { module.set(name, value.retained()) }
    }

    private func defineTensorConstructors(_ module: NativeModule) {
        let torch = self
        let names: [(String, DType?)] = [
            ("Tensor", nil), ("FloatTensor", .float32), ("DoubleTensor", .float64), ("LongTensor", .int64),
            ("IntTensor", .int32), ("ShortTensor", .int16), ("CharTensor", .int8), ("ByteTensor", .uint8), ("BoolTensor", .bool),
        ]
        for (name, dtype) in names {
            // Sizes as separate ints, or data as one sequence.
            let make: NativeBody = { (vm, a) throws(PythonError) -> Value in
                let dtype = dtype ?? EngineState.defaultDType
                let given = a[a.count - 1].tuple
                do {
                    if given.pointee.count == 1, !given.items[0].isInt {
                        if vm.isInstance(given.items[0], torch.sizeClass) {
                            return torch.value(try .zeros(torch.ints(given.items[0]) ?? [], dtype: dtype))
                        }
                        return torch.value(try torch.makeTensor(given.items[0], dtype: dtype))
                    }
                    var sizes: [Int] = []
                    for position in 0..<given.pointee.count { sizes.append(try vm.index(given.items[position])) }
                    return torch.value(try .zeros(sizes.isEmpty ? [0] : sizes, dtype: dtype))
                } catch {
                    throw torch.pythonError(error)
                }
            }
            if name == "Tensor" {
                tensorClass.info.construct = NativeFunction("Tensor", "cls, *data", body: make)
            } else {
                module.function(name, "*data", make)
            }
        }
        module.set("Tensor", tensorClass.value.retained())
        parameterClass.info.construct = NativeFunction("Parameter", "cls, data=None, requires_grad=True") { (vm, a) throws(PythonError) -> Value in
            do {
                let data = a[1].isNone ? try Tensor.zeros([0]) : torch.tensor(a[1])
                guard let data else { throw vm.typeError("Parameter data must be a Tensor, not \(vm.typeName(a[1]))") }
                return torch.value(try Tensor.parameter(data, requiresGrad: try vm.isTrue(a[2])))
            } catch {
                throw torch.pythonError(error)
            }
        }
        vm.define(parameterClass, "__reduce_ex__", "self, protocol, /") { (vm, a) throws(PythonError) -> Value in
            throw vm.typeError("cannot pickle 'Parameter' object: use torch.save")
        }
        module.set("Parameter", parameterClass.value.retained())
    }

    private func defineLimits(_ module: NativeModule) {
        let torch = self
        let names = ["bits", "max", "min", "eps", "tiny", "smallest_normal", "resolution", "dtype"]
        let floats = StructSequence(vm, "torch.finfo", visible: names, isConstructible: true)
        floats.type.info.construct = NativeFunction("finfo", "cls, type=None") { (vm, a) throws(PythonError) -> Value in
            let dtype = a[1].isNone ? EngineState.defaultDType : torch.dtypeOrNil(a[1])
            guard let dtype else { throw vm.typeError("finfo(): argument 'type' (position 1) must be torch.dtype, not \(vm.typeName(a[1]))") }
            guard dtype.isFloatingPoint else {
                throw vm.typeError("torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'")
            }
            let single = dtype == .float32
            let largest = single ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
            let tiny = single ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
            return floats.make(
                vm,
                [
                    .int(single ? 32 : 64), .float(largest), .float(-largest), .float(single ? Double(Float.ulpOfOne) : Double.ulpOfOne),
                    .float(tiny),
                    .float(tiny), .float(single ? 1e-6 : 1e-15), vm.string(dtype.name),
                ])
        }
        vm.populate(floats.type)
        vm.define(floats.type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let items = vm.payload(a[0]).tuple.items
            func text(_ i: Int) -> String { shortFloat(items[i].asDouble) }
            return vm.string(
                "finfo(resolution=\(text(6)), min=\(text(2)), max=\(text(1)), eps=\(text(3)), smallest_normal=\(text(5)), tiny=\(text(4)), dtype=\(vm.text(items[7])))"
            )
        }
        module.set("finfo", floats.type.value.retained())
        let integers = StructSequence(vm, "torch.iinfo", visible: ["bits", "max", "min", "dtype"], isConstructible: true)
        integers.type.info.construct = NativeFunction("iinfo", "cls, type") { (vm, a) throws(PythonError) -> Value in
            guard let dtype = torch.dtypeOrNil(a[1]) else {
                throw vm.typeError("iinfo(): argument 'type' (position 1) must be torch.dtype, not \(vm.typeName(a[1]))")
            }
            if dtype.isFloatingPoint { throw vm.typeError("torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'") }
            let bits = dtype.size * 8
            let unsigned = dtype == .uint8 || dtype == .bool
            let largest = unsigned ? (1 << bits) - 1 : bits == 64 ? Int.max : (1 << (bits - 1)) - 1
            return integers.make(vm, [.int(bits), .int(largest), .int(unsigned ? 0 : -largest - 1), vm.string(dtype.name)])
        }
        vm.populate(integers.type)
        vm.define(integers.type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let items = vm.payload(a[0]).tuple.items
            return vm.string("iinfo(min=\(items[2].asInt), max=\(items[1].asInt), dtype=\(vm.text(items[3])))")
        }
        module.set("iinfo", integers.type.value.retained())
    }
}

/// Six significant digits, as C++ streams print.
private func shortFloat(_ value: Double) -> String { formatted(value, precision: 6, style: "g") }
