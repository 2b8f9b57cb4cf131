import Foundation
import Kernels
import NN
import Tensors

/// Times the float training step and the evaluation pass of MobileNetV2 (10 classes, 32×32, batch 256), after checking the losses.
/// `EngineBenchmark [threads]`
struct EngineBenchmark {
    private let model: MobileNetV2
    private let input, labels: Tensor
    private let optimizer: Adam
    private let loss: Module

    init() throws {
        EngineState.defaultGenerator.manualSeed(0)
        model = try MobileNetV2(classes: 10)
        input = try Tensor.randn([256, 3, 32, 32])
        labels = try Tensor.randint(0, 10, [256])
        optimizer = try Adam([ParameterGroup(model.module.parameters)], lr: 1e-3)
        loss = try Layers.crossEntropyLoss()
    }

    private func step() throws -> Double {
        try optimizer.zeroGrad()
        let value = try loss(try model(input), labels)
        try value.backward()
        try optimizer.step()
        return try value.item().asDouble
    }

    private func times(_ count: Int, _ body: () throws -> Void) throws -> [Double] {
        var result: [Double] = []
        for _ in 0..<count {
            let start = DispatchTime.now().uptimeNanoseconds
            try body()
            result.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6)
        }
        return result.sorted()
    }

    func run() throws {
        print("threads: \(ThreadPool.shared.threadCount)")
        var losses: [Double] = []
        for _ in 0..<6 { losses.append(try step()) }
        print("losses: " + losses.map { String(format: "%.6f", $0) }.joined(separator: " "))
        guard losses.allSatisfy({ $0.isFinite }), losses[5] < losses[0] else { throw TensorError.runtime("the losses do not fall: the step is wrong and its time means nothing") }
        Allocator.shared.resetPeak()
        let training = try times(15) { _ = try step() }
        print(String(format: "training step: median %.1f ms, best %.1f ms, peak %.0f MB", training[7], training[0], Double(Allocator.shared.peakBytes) / 1e6))
        model.module.eval()
        let evaluation = try times(15) { try EngineState.noGrad { () throws(TensorError) in _ = try model(input) } }
        print(String(format: "evaluation pass: median %.1f ms, best %.1f ms", evaluation[7], evaluation[0]))
    }
}

if CommandLine.arguments.count > 1, let threads = Int(CommandLine.arguments[1]) { ThreadPool.shared.threadCount = threads }
try EngineBenchmark().run()
