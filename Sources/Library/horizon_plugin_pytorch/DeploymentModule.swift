import BPU
import BPUCompiler
import BPUSimulator
import Interpreter
import Quantization
import Reports
import Tensors

/// Declares `_deployment`: checking, compiling, simulating and drawing traced models. Printed lines and files are written in the language.
func registerDeployment(_ vm: VM) {
    vm.registerNativeModule("_deployment") { (vm, module) throws(PythonError) -> Void in
        let binding = DeploymentBinding(vm, module)
        binding.defineChecking(module)
        binding.defineCompiling(module)
        binding.defineDrawing(module)
        binding.definePrograms()
        binding.defineRunning()
    }
}

/// A program with what reports and runs need more than once.
final class LoadedProgram {
    let program: Program
    let simulator: Simulator
    private var known: PerformanceReport?

    init(_ program: Program) throws(ProgramError) {
        self.program = program
        simulator = try Simulator(program)
    }

    func report() throws(ProgramError) -> PerformanceReport {
        if let known { return known }
        let made = try PerformanceReport(program)
        known = made
        return made
    }
}

/// The native side of deployment in one machine.
final class DeploymentBinding {
    unowned let vm: VM
    let programClass: ClassPointer

    init(_ vm: VM, _ module: NativeModule) {
        self.vm = vm
        programClass = module.nativeClass("Program")
    }

    func guarded<R>(_ body: () throws -> R) throws(PythonError) -> R {
        do { return try body() } catch let error as PythonError {
            throw error
        } catch let error as TensorError {
            throw vm.torch.pythonError(error)
        } catch let error as ProgramError {
            if case .argument(let text) = error { throw vm.valueError(text) }
            throw vm.runtimeError(error.description)
        } catch let error as CompilerError {
            if case .options(let text) = error { throw vm.valueError(text) }
            throw vm.runtimeError(error.description)
        } catch {
            throw vm.runtimeError("\(error)")
        }
    }

    // MARK: arguments

    private func graph(_ value: Value) throws(PythonError) -> IntegerGraph {
        guard let executor = vm.nativeObject(value, as: IntegerExecutor.self) else {
            throw vm.typeError("a traced integer model is needed, not '\(vm.typeName(value))'")
        }
        return executor.graph
    }

    func program(_ value: Value) throws(PythonError) -> LoadedProgram {
        guard let loaded = vm.nativeObject(value, as: LoadedProgram.self) else {
            throw vm.typeError("a Program is needed, not '\(vm.typeName(value))'")
        }
        return loaded
    }

    private func march(_ value: Value) throws(PythonError) -> MarchDescription {
        let name = try vm.strText(value)
        guard let march = MarchDescription.named(name) else {
            throw vm.valueError("march '\(name)' cannot be compiled for; there are \(MarchDescription.all.map(\.name).joined(separator: ", "))")
        }
        return march
    }

    private func texts(_ value: Value) throws(PythonError) -> [String] {
        let items = try vm.collect(value)
        defer { for item in items { vm.heap.release(item) } }
        var result: [String] = []
        for item in items { result.append(try vm.strText(item)) }
        return result
    }

    private func one<T: RawRepresentable & CaseIterable>(_ text: String, _ what: String, _ type: T.Type) throws(PythonError) -> T
    where T.RawValue == String {
        if let found = T(rawValue: text) { return found }
        throw vm.valueError("unknown \(what) '\(text)', expected one of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    private func sources(_ value: Value) throws(PythonError) -> [InputSource] {
        var result: [InputSource] = []
        for text in try texts(value) { result.append(try one(text, "input_source", InputSource.self)) }
        return result.isEmpty ? [.ddr] : result
    }

    // MARK: functions

    func defineChecking(_ module: NativeModule) {
        let binding = self
        // `[(layer, text)]`, empty where the model is supported.
        module.function("check", "graph, march, sources, check_parameters=True, /") { (vm, a) throws(PythonError) -> Value in
            let graph = try binding.graph(a[0])
            let options = CompilerOptions(name: graph.name, sources: try binding.sources(a[2]))
            let checksParameters = a.has(3) ? try vm.isTrue(a[3]) : true
            let violations = ModelChecker.check(graph, march: try binding.march(a[1]), options: options, checksParameters: checksParameters)
            return vm.list(violations.map { vm.tuple([vm.string($0.layer), vm.string($0.text)]) })
        }
        // `[(name, shape, type)]`
        module.function("inputs", "graph, /") { (vm, a) throws(PythonError) -> Value in
            let graph = try binding.graph(a[0])
            return vm.list(
                graph.inputs.map { input in
                    let value = graph.values[input.value]
                    return vm.tuple([vm.string(input.name), vm.tuple(value.shape.map { .int($0) }), vm.string(value.type.rawValue)])
                })
        }
        module.function("output_count", "graph, /") { (vm, a) throws(PythonError) -> Value in .int(try binding.graph(a[0]).outputs.count) }
    }

    func defineCompiling(_ module: NativeModule) {
        let binding = self
        module.function("compile", "graph, march, name, sources, input_layouts, output_layout, opt, balance_factor, command_line, /") {
            (vm, a) throws(PythonError) -> Value in
            let graph = try binding.graph(a[0])
            var options = CompilerOptions(name: try vm.strText(a[2]), sources: try binding.sources(a[3]))
            for text in try binding.texts(a[4]) { options.inputLayouts.append(try binding.one(text, "input_layout", MapLayout.self)) }
            options.outputLayout = try binding.one(try vm.strText(a[5]), "output_layout", MapLayout.self)
            options.optimization = try binding.one(try vm.strText(a[6]), "opt", Optimization.self)
            options.balanceFactor = try vm.real(a[7])
            options.commandLine = try vm.strText(a[8])
            let march = try binding.march(a[1])
            return try binding.guarded {
                vm.native(try LoadedProgram(try Compiler.compile(graph, march: march, options: options)), binding.programClass)
            }
        }
        module.function("decode", "data, /") { (vm, a) throws(PythonError) -> Value in
            let bytes = Array(try vm.bytesLike(a[0]))
            return try binding.guarded { vm.native(try LoadedProgram(try ProgramContainer.decode(bytes)), binding.programClass) }
        }
    }

    func defineDrawing(_ module: NativeModule) {
        let binding = self
        module.function("draw", "graph, format, /") { (vm, a) throws(PythonError) -> Value in
            let graph = try binding.graph(a[0])
            let format = try vm.strText(a[1])
            return try binding.guarded { vm.bytes(try Graphviz().render(dot: ModelDrawing.dot(graph), format: format)) }
        }
        module.function("dot", "graph, /") { (vm, a) throws(PythonError) -> Value in vm.string(ModelDrawing.dot(try binding.graph(a[0]))) }
    }

    // MARK: programs

    func definePrograms() {
        let binding = self
        vm.define(programClass, "encode", "self, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            return try binding.guarded { vm.bytes(try ProgramContainer.encode(loaded.program)) }
        }
        vm.define(programClass, "disassemble", "self, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            return try binding.guarded { vm.string(try Disassembler.text(loaded.program)) }
        }
        vm.define(programClass, "report_json", "self, model_file, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            let file = try vm.strText(a[1])
            return try binding.guarded { vm.string(try loaded.report().summary(modelFile: file).json) }
        }
        vm.define(programClass, "report_html", "self, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            return try binding.guarded { vm.string(PerformancePage.html(try loaded.report())) }
        }
        // `[(layer, µs the computing unit needs, µs it would need at its full rate)]`
        vm.define(programClass, "losses", "self, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            return try binding.guarded {
                let report = try loaded.report()
                let rate = 2 * report.march.convolutionRate
                return vm.list(
                    report.layers.map { layer in
                        let atFullRate: Double = Double(layer.operations) / rate
                        return vm.tuple([vm.string(layer.name), Value.float(layer.compute), Value.float(atFullRate)])
                    })
            }
        }
        vm.defineProperty(programClass, "name") { (vm, value) throws(PythonError) -> Value in
            vm.string(try binding.program(value).program.header.name)
        }
        // Bytes of the feature memory that are ever used.
        vm.defineProperty(programClass, "chip_peak") { (vm, value) throws(PythonError) -> Value in
            let loaded = try binding.program(value)
            return .int(try binding.guarded { try loaded.report().chipPeak })
        }
        vm.defineProperty(programClass, "march") { (vm, value) throws(PythonError) -> Value in
            vm.string(try binding.program(value).program.header.march)
        }
        // `[(name, source, shape)]`
        vm.defineProperty(programClass, "inputs") { (vm, value) throws(PythonError) -> Value in
            vm.list(
                try binding.program(value).program.header.inputs.map {
                    vm.tuple([vm.string($0.name), vm.string($0.source.rawValue), vm.tuple($0.shape.map { .int($0) })])
                })
        }
        vm.defineProperty(programClass, "outputs") { (vm, value) throws(PythonError) -> Value in
            vm.list(try binding.program(value).program.header.outputs.map { vm.tuple($0.shape.map { .int($0) }) })
        }
    }
}
