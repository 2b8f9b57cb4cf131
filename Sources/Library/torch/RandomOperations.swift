import Interpreter
import Tensors

// Random numbers: PyTorch's streams on the CPU.

extension OperationTable {
    private static let options = "generator=None, dtype=None, device=None, requires_grad=False, layout=None, pin_memory=False, out=None"

    func defineRandom() {
        defineGenerators()
        defineSamples()
        defineInPlaceSamples()
    }

    private func defineGenerators() {
        function("manual_seed", "seed") { c in
            // Whatever int() takes.
            let seed = try c.vm.builtinClasses["int"].map { type throws(PythonError) in try c.vm.call(type.value, c.a[0]) } ?? c.a[0].retained()
            defer { c.vm.heap.release(seed) }
            EngineState.defaultGenerator.manualSeed(Int64(try c.vm.index(seed)))
            return torch.defaultGenerator.retained()
        }
        function("seed", "") { c in .int(Int(bitPattern: UInt(reseed(EngineState.defaultGenerator)))) }
        function("initial_seed", "") { _ in .int(Int(bitPattern: UInt(EngineState.defaultGenerator.initialSeed))) }
        create("get_rng_state", "") { _ in try EngineState.defaultGenerator.state() }
        function("set_rng_state", "new_state") { c in
            try EngineState.defaultGenerator.setState(try c.x)
            return .none
        }
    }

    private func defineSamples() {
        // Parameters: 0 generator, 1 dtype, 2 device, 3 requires_grad … 6 out, 7 size, 8 the variadic sizes.
        let signature = "*size, \(OperationTable.options), size=None"
        create("rand", signature) { c in
            try c.finished(1, try .rand(try c.sizes(8, 7), dtype: try c.factoryDType(1), generator: try c.generatorOrNil(0)))
        }
        create("randn", signature) { c in
            try c.finished(1, try .randn(try c.sizes(8, 7), dtype: try c.factoryDType(1), generator: try c.generatorOrNil(0)))
        }
        let likes = "*, dtype=None, device=None, requires_grad=False, layout=None, memory_format=None"
        create("rand_like", "input, \(likes)") { c in try finishedLike(c, 1, try .rand(try c.x.shape, dtype: try c.dtypeOrNil(1) ?? c.x.dtype)) }
        create("randn_like", "input, \(likes)") { c in try finishedLike(c, 1, try .randn(try c.x.shape, dtype: try c.dtypeOrNil(1) ?? c.x.dtype)) }
        create("randint", "low, high=None, size=None, *, \(OperationTable.options)") { c in
            let (low, high, sizes) = try bounds(c)
            return try c.finished(4, try .randint(low, high, sizes, dtype: try c.factoryDType(4) ?? .int64, generator: try c.generatorOrNil(3)))
        }
        create("randint_like", "input, low, high=None, *, dtype=None") { c in
            let low = c.has(2) ? try c.int(1) : 0
            let high = c.has(2) ? try c.int(2) : try c.int(1)
            return try .randint(Int64(low), Int64(high), try c.x.shape, dtype: try c.dtypeOrNil(3) ?? c.x.dtype)
        }
        create("randperm", "n, *, \(OperationTable.options)") { c in
            try c.finished(2, try .randperm(c.int(0), dtype: try c.factoryDType(2) ?? .int64, generator: try c.generatorOrNil(1)))
        }
        create("normal", "mean, std=1.0, size=None, *, \(OperationTable.options)") { c in
            if let sizes = try c.intsOrNil(2) {
                return try c.finished(
                    4, try .normal(mean: c.double(0), std: c.double(1), sizes, dtype: try c.factoryDType(4), generator: try c.generatorOrNil(3)))
            }
            let mean = try c.operand(0)
            let std = try c.operand(1)
            let dtype = torch.tensor(c.a[0])?.dtype ?? torch.tensor(c.a[1])?.dtype ?? EngineState.defaultDType
            let sizes = try broadcastSizes(mean.shape, std.shape)
            return try c.finished(
                4, try .normal(mean: try mean.to(dtype).expand(sizes), std: try std.to(dtype).expand(sizes), generator: try c.generatorOrNil(3)))
        }
        op("bernoulli", "p=None, *, generator=None") { c in
            if let p = try c.doubleOrNil(1) { return try c.x.clone().bernoulli_(p, generator: try c.generatorOrNil(2)) }
            return try c.x.bernoulli(generator: try c.generatorOrNil(2))
        }
        op("multinomial", "num_samples, replacement=False, *, generator=None") { c in
            try c.x.multinomial(c.int(1), replacement: c.flag(2), generator: try c.generatorOrNil(3))
        }
    }

    /// `randint(high, size)` or `randint(low, high, size)`.
    private func bounds(_ c: Call) throws -> (Int64, Int64, [Int]) {
        if c.has(2) { return (Int64(try c.int(0)), Int64(try c.int(1)), try c.ints(2)) }
        if !c.a[1].isInt, let sizes = try c.intsOrNil(1) { return (0, Int64(try c.int(0)), sizes) }
        throw c.vm.typeError("randint() missing 1 required positional arguments: \"size\"")
    }

    private func defineInPlaceSamples() {
        inPlace("uniform_", "from=0.0, to=1.0, *, generator=None") { c in
            _ = try c.x.uniform_(c.double(1), c.double(2), generator: c.generatorOrNil(3))
        }
        inPlace("normal_", "mean=0.0, std=1.0, *, generator=None") { c in
            _ = try c.x.normal_(c.double(1), c.double(2), generator: c.generatorOrNil(3))
        }
        inPlace("exponential_", "lambd=1.0, *, generator=None") { c in _ = try c.x.exponential_(c.double(1), generator: c.generatorOrNil(2)) }
        inPlace("bernoulli_", "p=0.5, *, generator=None") { c in
            let x = try c.x
            if let p = torch.tensor(c.a[1]), p.rank > 0 {
                _ = try x.copy_(try p.expand(x.shape).bernoulli(generator: try c.generatorOrNil(2)))
            } else {
                _ = try x.bernoulli_(c.double(1), generator: c.generatorOrNil(2))
            }
        }
        inPlace("random_", "from=None, to=None, *, generator=None") { c in
            let generator = try c.generatorOrNil(3)
            if c.has(2) {
                _ = try c.x.random_(Int64(try c.int(1)), Int64(try c.int(2)), generator: generator)
            } else if c.has(1) {
                _ = try c.x.random_(0, Int64(try c.int(1)), generator: generator)
            } else {
                _ = try c.x.random_(generator: generator)
            }
        }
    }
}

/// Seeds from the system's source of randomness; returns the seed.
private func reseed(_ generator: Generator) -> UInt64 {
    let seed = UInt64.random(in: 0..<(1 << 53))
    generator.manualSeed(Int64(bitPattern: seed))
    return seed
}

extension TorchBinding {
    /// `torch.Generator`.
    func defineGeneratorClass(_ module: NativeModule) {
        let torch = self
        let type = generatorClass
        type.info.construct = NativeFunction("Generator", "cls, device='cpu'") { (vm, a) throws(PythonError) -> Value in
            do { _ = try torch.device(a[1]) } catch { throw torch.pythonError(error) }
            return vm.native(Generator(), torch.generatorClass)
        }
        func generator(_ vm: VM, _ value: Value) throws(PythonError) -> Generator {
            guard let generator = vm.nativeObject(value, as: Generator.self) else {
                throw vm.typeError("Generator expected, not '\(vm.typeName(value))'")
            }
            return generator
        }
        vm.define(type, "manual_seed", "self, seed") { (vm, a) throws(PythonError) -> Value in
            try generator(vm, a[0]).manualSeed(Int64(try vm.index(a[1])))
            return a[0].retained()
        }
        vm.define(type, "initial_seed", "self, /") { (vm, a) throws(PythonError) -> Value in
            .int(Int(truncatingIfNeeded: try generator(vm, a[0]).initialSeed))
        }
        vm.define(type, "seed", "self, /") { (vm, a) throws(PythonError) -> Value in .int(Int(reseed(try generator(vm, a[0])))) }
        vm.define(type, "get_state", "self, /") { (vm, a) throws(PythonError) -> Value in
            let generator = try generator(vm, a[0])
            do throws(TensorError) { return torch.value(try generator.state()) } catch { throw torch.pythonError(error) }
        }
        vm.define(type, "set_state", "self, new_state") { (vm, a) throws(PythonError) -> Value in
            let generator = try generator(vm, a[0])
            guard let state = torch.tensor(a[1]) else { throw vm.typeError("expected a torch.ByteTensor, but got \(vm.typeName(a[1]))") }
            do throws(TensorError) {
                try generator.setState(state)
                return .none
            } catch {
                throw torch.pythonError(error)
            }
        }
        vm.defineProperty(type, "device") { (vm, _) throws(PythonError) -> Value in torch.cpu.retained() }
        module.set("Generator", type.value.retained())
        module.set("default_generator", defaultGenerator.retained())
    }
}
