import Foundation
import Kernels
import NN
import Tensors

// Times the float training step and the evaluation pass of MobileNetV2 (10 classes, 32×32, batch 256), after checking the losses.

func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

let batch = 256
EngineState.defaultGenerator.manualSeed(0)
let model = try MobileNetV2(classes: 10)
let input = try Tensor.randn([batch, 3, 32, 32])
let labels = try Tensor.randint(0, 10, [batch])
let optimizer = try Adam([ParameterGroup(model.parameters)], lr: 1e-3)
let loss = try Layers.crossEntropyLoss()

func step() throws -> Double {
    try optimizer.zeroGrad()
    let value = try loss(try model(input), labels)
    try value.backward()
    try optimizer.step()
    return try value.item().asDouble
}

print("threads: \(ThreadPool.shared.threadCount)")
var losses: [Double] = []
for _ in 0..<6 { losses.append(try step()) }
print("losses: " + losses.map { String(format: "%.6f", $0) }.joined(separator: " "))
guard losses.allSatisfy({ $0.isFinite }), losses[5] < losses[0] else { fatalError("the losses do not fall: the step is wrong, timing it means nothing") }

Allocator.shared.resetPeak()
var times: [Double] = []
for _ in 0..<15 { times.append(try milliseconds { _ = try step() }) }
print(String(format: "training step: median %.1f ms, best %.1f ms, peak %.0f MB", median(times), times.min()!, Double(Allocator.shared.peakBytes) / 1e6))

model.eval()
var passes: [Double] = []
for _ in 0..<15 {
    passes.append(try milliseconds { try EngineState.noGrad { () throws(TensorError) in _ = try model(input) } })
}
print(String(format: "evaluation pass: median %.1f ms, best %.1f ms", median(passes), passes.min()!))
