import Interpreter
import Kernels
import Tensors

/// Declares the native parts of `torch`: the package in `stdlib/torch` puts them together.
func registerTorch(_ vm: VM) {
    vm.registerNativeModule("_torch") { (vm, module) throws(PythonError) -> Void in
        let torch = vm.torch
        let table = OperationTable(torch: torch, module: module)
        torch.defineClasses(module)
        torch.defineGeneratorClass(module)
        table.defineElementwise()
        table.defineReductions()
        table.defineShapes()
        table.defineIndexing()
        table.defineCreation()
        table.defineRandom()
        table.defineProducts()
        table.defineProperties()
        table.defineConversions()
        table.defineOperators()
        table.defineState()
        table.defineWriting()
        table.defineAutograd()
    }
    vm.registerNativeModule("_nn") { (vm, module) throws(PythonError) -> Void in
        let torch = vm.torch
        let modules = ModuleBinding(torch)
        torch.modules = modules
        modules.defineBase()
        module.set("_ModuleBase", modules.baseClass.value.retained())
        // Called with `nn.Module` once that class exists: the layers derive from it.
        module.function("_define_layers", "module_class, /") { (vm, a) throws(PythonError) -> Value in
            guard a[0].tag == Tag.classObject else { throw vm.typeError("a class is needed") }
            modules.moduleClass = a[0].retained().classPointer
            modules.defineLayers(module)
            return .none
        }
    }
    vm.registerNativeModule("_nn_functional") { (vm, module) throws(PythonError) -> Void in
        OperationTable(torch: vm.torch, module: module).defineFunctional()
    }
    vm.registerNativeModule("_nn_init") { (vm, module) throws(PythonError) -> Void in
        OperationTable(torch: vm.torch, module: module).defineInitializers()
    }
    vm.registerNativeModule("_optim") { (vm, module) throws(PythonError) -> Void in
        OperationTable(torch: vm.torch, module: module).defineOptimizerSteps()
    }
}

extension OperationTable {
    /// What is kept process-wide: gradient mode, default dtype, printing, threads.
    func defineState() {
        function("is_grad_enabled", "") { _ in .bool(EngineState.gradEnabled) }
        function("_set_grad_enabled", "mode") { c in
            EngineState.gradEnabled = try c.flag(0)
            return .none
        }
        function("is_anomaly_enabled", "") { _ in .bool(EngineState.detectAnomaly) }
        function("_set_anomaly_enabled", "mode") { c in
            EngineState.detectAnomaly = try c.flag(0)
            return .none
        }
        function("get_default_dtype", "") { _ in torch.dtype(EngineState.defaultDType) }
        function("set_default_dtype", "d") { c in
            guard let dtype = try c.dtypeOrNil(0), dtype.isFloatingPoint else {
                throw c.vm.typeError("only floating-point types are supported as the default type")
            }
            EngineState.defaultDType = dtype
            return .none
        }
        function("get_num_threads", "") { _ in .int(ThreadPool.shared.threadCount) }
        function("set_num_threads", "num") { c in
            let count = try c.int(0)
            guard count > 0 else { throw c.vm.runtimeError("set_num_threads expects a positive integer") }
            ThreadPool.shared.threadCount = count
            return .none
        }
        function("promote_types", "type1, type2") { c in
            guard let a = try c.dtypeOrNil(0), let b = try c.dtypeOrNil(1) else { throw c.mismatch(0, "torch.dtype") }
            return torch.dtype(a.promoted(with: b))
        }
        function("result_type", "tensor1, tensor2") { c in
            // An empty sum finds the dtype; numbers and 0-d tensors keep their lower rank.
            func sample(_ i: Int) throws -> Tensor {
                guard let tensor = torch.tensor(c.a[i]) else { return try c.operand(i) }
                return tensor.rank == 0 ? tensor.detach() : try tensor.detach().flatten().narrow(0, 0, 0)
            }
            return torch.dtype(try sample(0).add(try sample(1)).dtype)
        }
        function("can_cast", "from_, to") { c in
            guard let a = try c.dtypeOrNil(0), let b = try c.dtypeOrNil(1) else { throw c.mismatch(0, "torch.dtype") }
            return .bool(a.canCast(to: b))
        }
        definePrinting()
    }

    private func definePrinting() {
        function("set_printoptions", "precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None") { c in
            var options = torch.printOptions
            switch try c.textOrNil(4) {
            case nil: break
            case "default"?: options = PrintOptions()
            case "short"?:
                options.precision = 2
                options.threshold = 1000
                options.edgeItems = 2
                options.lineWidth = 80
            case "full"?:
                options = PrintOptions()
                options.threshold = Int.max
            case let name?: throw c.vm.valueError("unknown printing profile '\(name)'")
            }
            if let precision = try c.intOrNil(0) { options.precision = max(0, min(precision, 64)) }
            if c.has(1) { options.threshold = Int(clamping: Int64(min(try c.double(1), 9e18))) }
            if let items = try c.intOrNil(2) { options.edgeItems = max(0, items) }
            if let width = try c.intOrNil(3) { options.lineWidth = max(1, width) }
            options.scientific = c.has(5) ? try c.flag(5) : nil
            torch.printOptions = options
            return .none
        }
        function("_print_options", "") { c in
            let options = torch.printOptions
            return c.vm.tuple([
                .int(options.precision), .int(options.threshold), .int(options.edgeItems), .int(options.lineWidth),
                options.scientific.map { .bool($0) } ?? .none,
            ])
        }
    }
}
