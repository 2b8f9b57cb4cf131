import BPU
import BPUCompiler
import BPUSimulator
import Quantization
import Testing

@Suite struct DocumentedModelTests {
    @Test func printTable() throws {
        let graph = TestModels.mobileNetV2(batch: 256)
        let options = CompilerOptions(name: graph.name, sources: [.pyramid], optimization: .o1)
        let program = try Compiler.compile(graph, march: .bayes, options: options)
        let timeline = Timeline(program.instructions, march: .bayes)
        let timing = InstructionTiming(.bayes)
        var loads = [Double](repeating: 0, count: program.header.layers.count), computes = loads
        var loaded = 0, stored = 0
        for (k, i) in program.instructions.enumerated() {
            switch i {
            case .load(let b): loaded += b.byteCount; loads[timeline.entries[k].layer] += timing.cost(i)
            case .store(let b): stored += b.byteCount; loads[timeline.entries[k].layer] += timing.cost(i)
            case .layer: break
            default: computes[timeline.entries[k].layer] += timing.cost(i)
            }
        }
        for (k, l) in program.header.layers.enumerated() { print(k + 1, l.name, l.operations, Int(computes[k].rounded()), Int(loads[k].rounded())) }
        var gaps = [Double](repeating: 0, count: loads.count), last = 0.0
        for (k, i) in program.instructions.enumerated() {
            switch i {
            case .load, .store, .layer: gaps[timeline.entries[k].layer] += timeline.entries[k].start - last; last = timeline.entries[k].end
            default: break
            }
        }
        print(gaps.map { Int($0.rounded()) })
        print(program.header.layers.count, loaded, stored, timeline.latency, program.instructions.count, program.constants.count, loads.reduce(0, +))
    }
}
