import Foundation
import Kernels
import NN
import Tensors

/// A model to be timed.
protocol Network {
    var module: Module { get }
    func callAsFunction(_ input: Tensor) throws(TensorError) -> Tensor
}

/// Times a network (10 classes, 32×32): a float training step (forward, loss, backward, Adam) and an evaluation pass.
/// MobileNetV2 is made of `Sequential`s; ResNet18 calls its layers one after another.
/// PyTorch and ONNX Runtime do the same work in the same run, round by round, if `--python` names an interpreter that has them.
///
///     EngineBenchmark [--network mobilenet_v2|resnet18] [--threads N] [--rounds N] [--python PATH]
struct EngineBenchmark {
    private let model: any Network
    private let input, labels: Tensor
    private let optimizer: Adam
    private let loss: Module

    init(_ make: (Int) throws -> any Network, batch: Int) throws {
        EngineState.defaultGenerator.manualSeed(0)
        model = try make(10)
        input = try Tensor.randn([batch, 3, 32, 32])
        labels = try Tensor.randint(0, 10, [batch])
        optimizer = try Adam([ParameterGroup(model.module.parameters)], lr: 1e-3)
        loss = try Layers.crossEntropyLoss()
    }

    private func train() throws -> Double {
        model.module.train()
        try optimizer.zeroGrad()
        let value = try loss(try model(input), labels)
        try value.backward()
        try optimizer.step()
        return try value.item().asDouble
    }

    private func evaluate() throws -> Tensor {
        model.module.eval()
        return try EngineState.noGrad { () throws(TensorError) in try model(input) }
    }

    /// Wall time; on a machine with other work compare the best times.
    private func milliseconds(_ body: () throws -> Void) throws -> Double {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
    }

    /// One seed gives the peers' weights and data: results must agree before times mean anything.
    private func check(_ peer: Peer?) throws {
        func expect(_ what: String, _ value: Double, _ expected: Double?) throws {
            guard let expected, abs(value - expected) > 1e-4 * abs(expected) else { return }
            throw BenchmarkFailure(message: "\(what) is \(value), the peer's \(expected)")
        }
        let magnitude = try evaluate().abs().sum().item().asDouble
        try expect("the sum of evaluated logits", magnitude, peer?.facts.evaluation)
        try expect("the sum of evaluated logits", magnitude, peer?.facts.onnx)
        let first = try train()
        try expect("the first loss", first, peer?.facts.loss)
        var last = first
        for _ in 0..<5 { last = try train() }
        guard last.isFinite, last < first else { throw BenchmarkFailure(message: "the loss goes from \(first) to \(last)") }
        print(String(format: "results agree; loss %.6f -> %.6f in six steps", first, last))
    }

    func run(rounds: Int, peer: Peer?) throws {
        try check(peer)
        var table = Table()
        Allocator.shared.resetPeak()
        var peak = 0
        for _ in 0..<rounds {
            table.add("training step", "ours", try milliseconds { _ = try train() })
            peak = max(peak, Allocator.shared.peakBytes)
            if let peer { table.add("training step", "PyTorch", try peer.ask("train")) }
            table.add("evaluation", "ours", try milliseconds { _ = try evaluate() })
            if let peer {
                table.add("evaluation", "PyTorch", try peer.ask("eval"))
                if peer.facts.onnxruntime != nil { table.add("evaluation", "ONNX Runtime", try peer.ask("onnx")) }
            }
        }
        table.show()
        var usage = rusage()
        getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
        var text = String(format: "memory: %.0f MB of tensors at the peak of a training step, process %.0f MB", Double(peak) / 1e6, Double(usage.ru_maxrss) / 1024)
        if let peer { text += String(format: " (PyTorch's process %.0f MB)", try peer.ask("memory")) }
        print(text)
    }
}

/// Measured times by work and contestant, shown as medians and ratios to ours.
private struct Table {
    private var rows: [(work: String, who: String, times: [Double])] = []

    mutating func add(_ work: String, _ who: String, _ time: Double) {
        if let i = rows.firstIndex(where: { $0.work == work && $0.who == who }) { rows[i].times.append(time) } else { rows.append((work, who, [time])) }
    }

    func show() {
        func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }
        for row in rows {
            let ours = rows.first { $0.work == row.work && $0.who == "ours" }.map { median($0.times) } ?? .nan
            let ratio = row.who == "ours" ? "" : String(format: "  ours takes %.2f of it", ours / median(row.times))
            let names = row.work.padding(toLength: 16, withPad: " ", startingAt: 0) + row.who.padding(toLength: 14, withPad: " ", startingAt: 0)
            print(names + String(format: "median %8.1f ms   best %8.1f ms", median(row.times), row.times.min() ?? .nan) + ratio)
        }
    }
}

private func option(_ name: String) -> String? {
    let arguments = CommandLine.arguments
    guard let at = arguments.firstIndex(of: "--" + name), at + 1 < arguments.count else { return nil }
    return arguments[at + 1]
}

/// What is timed when no `--network` is given: the name in torchvision, its own name, the batch, how it is made.
private let networks: [(name: String, title: String, batch: Int, make: (Int) throws -> any Network)] = [
    ("mobilenet_v2", "MobileNetV2", 256, { try MobileNetV2(classes: $0) }),
    ("resnet18", "ResNet18", 128, { try ResNet18(classes: $0) }),
]

if let threads = option("threads").flatMap({ Int($0) }) { ThreadPool.shared.threadCount = threads }
let threads = ThreadPool.shared.threadCount
for network in networks where option("network") == nil || option("network") == network.name {
    let peer = option("python").flatMap { Peer(python: $0, threads: threads, network: network.name, batch: network.batch) }
    print("\(network.title), 10 classes, 32x32, batch \(network.batch); \(threads) thread\(threads == 1 ? "" : "s")")
    if let facts = peer?.facts {
        print("beside PyTorch \(facts.torch) channels_last" + (facts.onnxruntime.map { " and ONNX Runtime \($0)" } ?? ""))
    } else {
        print("no peer: give --python an interpreter with torch and torchvision (and onnx, onnxruntime) to compare")
    }
    try EngineBenchmark(network.make, batch: network.batch).run(rounds: option("rounds").flatMap { Int($0) } ?? 15, peer: peer)
    peer?.end()
}
