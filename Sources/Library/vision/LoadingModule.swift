import Interpreter
import Kernels
import Tensors
import Vision

/// Images by number, as an object of the language.
final class DataSource {
    let source: any ImageSource
    init(_ source: any ImageSource) { self.source = source }
}

final class DataChain {
    let chain: SampleChain
    init(_ chain: SampleChain) { self.chain = chain }
}

/// The generators of a loader's logical workers, and, where the whole way from number to sample is native, the batches they prepare ahead.
final class LoaderWorkers {
    let prefetcher: BatchPrefetcher?
    private var engines: [Kernels.MersenneTwister]

    init(engines: [Kernels.MersenneTwister], prefetcher: BatchPrefetcher?) {
        self.engines = engines
        self.prefetcher = prefetcher
    }

    deinit { prefetcher?.stop() }

    var count: Int { engines.count }

    /// Exchanges a worker's generator with the program's.
    func exchange(_ worker: Int) {
        if let prefetcher {
            prefetcher.withEngine(worker) { swap(&$0, &EngineState.defaultGenerator.engine) }
        } else {
            swap(&engines[worker], &EngineState.defaultGenerator.engine)
        }
    }
}

// `_data_loading`: what torch.utils.data's loader does without the language.

extension VisionBinding {
    func fillSourceClass(_ type: ClassPointer) {
        define(type, "__len__", "self, /") { [unowned self] a in .int(try source(a[0]).count) }
        define(type, "image", "self, index") { [unowned self] a in try value(source(a[0]).image(at: vm.index(a[1]))) }
    }

    private func source(_ value: Value) throws -> any ImageSource {
        guard let source = vm.nativeObject(value, as: DataSource.self) else { throw vm.typeError("a Source is required") }
        return source.source
    }

    private func chain(_ value: Value) throws -> SampleChain {
        guard let chain = vm.nativeObject(value, as: DataChain.self) else { throw vm.typeError("a Chain is required") }
        return chain.chain
    }

    func fillLoading(_ module: NativeModule) {
        function(module, "stack", "array") { [unowned self] a in
            guard let stack = ImageStack(try array(a[0])) else { return .none }
            return vm.native(DataSource(stack), sourceClass)
        }
        function(module, "files", "paths, mode") { [unowned self] a in
            var paths: [String] = []
            for item in try vm.collect(a[0]) {
                defer { vm.heap.release(item) }
                paths.append(try text(item))
            }
            return vm.native(DataSource(ImageFiles(paths, mode: try mode(a[1]))), sourceClass)
        }
        function(module, "chain", "steps, ending, mean, std") { [unowned self] a in
            var steps: [ImageTransform] = []
            for item in try vm.collect(a[0]) {
                defer { vm.heap.release(item) }
                steps.append(try step(item).transform)
            }
            let ending: SampleChain.Ending =
                switch try text(a[1]) {
                case "bytes": .bytes
                case "floats": .floats(mean: try numbers(a[2]).map { Float($0) }, std: try numbers(a[3]).map { Float($0) })
                default: .image
                }
            return vm.native(DataChain(SampleChain(steps: steps, ending: ending)), chainClass)
        }
        function(module, "samples", "source, chain, indices") { [unowned self] a in
            let (source, chain) = (try source(a[0]), try chain(a[1]))
            var items: [Value] = []
            do {
                for index in try integers(a[2]) {
                    items.append(try value(chain(source.image(at: index), &EngineState.defaultGenerator.engine)))
                    if vm.interruptFlag.pointee != 0 { try vm.poll() }
                }
            } catch {
                for item in items { vm.heap.release(item) }
                throw error
            }
            return vm.list(items)
        }
        function(module, "workers", "base_seed, count, source, chain") { [unowned self] a in
            let (seed, count) = (try vm.index(a[0]), try vm.index(a[1]))
            let engines = (0..<max(0, count)).map { Kernels.MersenneTwister(seed: UInt64(bitPattern: Int64(seed &+ $0))) }
            let prefetcher =
                try a[2].isNone ? nil : BatchPrefetcher(source(a[2]), chain(a[3]), engines: engines, threads: ThreadPool.shared.threadCount)
            return vm.native(LoaderWorkers(engines: engines, prefetcher: prefetcher), workersClass)
        }
    }

    private func value(_ sample: Sample) throws -> Value {
        switch sample {
        case .image(let image): try value(image)
        case .tensor(let tensor): vm.tensorValue(tensor)
        }
    }

    private func workers(_ a: Arguments) throws -> (LoaderWorkers, Int) {
        guard let workers = vm.nativeObject(a[0], as: LoaderWorkers.self) else { throw vm.typeError("Workers are required") }
        let worker = try vm.index(a[1])
        guard worker >= 0, worker < workers.count else { throw vm.indexError("no worker \(worker)") }
        return (workers, worker)
    }

    func fillWorkersClass(_ type: ClassPointer) {
        define(type, "exchange", "self, worker") { [unowned self] a in
            let (workers, worker) = try workers(a)
            workers.exchange(worker)
            return .none
        }
        define(type, "submit", "self, worker, indices") { [unowned self] a in
            let (workers, worker) = try workers(a)
            workers.prefetcher?.submit(worker, try integers(a[2]))
            return .none
        }
        define(type, "take", "self, worker") { [unowned self] a in
            let (workers, worker) = try workers(a)
            guard let prefetcher = workers.prefetcher else { return .none }
            let vm = vm
            let result = try prefetcher.take(worker) { () throws(PythonError) in if vm.interruptFlag.pointee != 0 { try vm.poll() } }
            return vm.list(try result.get().map { try value($0) })
        }
        define(type, "stop", "self") { [unowned self] a in
            vm.nativeObject(a[0], as: LoaderWorkers.self)?.prefetcher?.stop()
            return .none
        }
    }
}
