import EngineTestSupport
import Foundation
import Kernels
import NN
import Tensors
import Testing

@Suite(.takingTurns) struct TrainingTests {
    private func json(_ name: String) throws -> [String: Any] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures/torch")
        return try JSONSerialization.jsonObject(with: try Data(contentsOf: folder.appendingPathComponent(name))) as? [String: Any] ?? [:]
    }

    private func tensor(_ object: Any?) throws -> Tensor {
        let entry = object as? [String: Any] ?? [:]
        return try .from((entry["data"] as? [NSNumber] ?? []).map(\.doubleValue), (entry["shape"] as? [NSNumber] ?? []).map(\.intValue))
    }

    private func close(_ a: [Double], _ b: [Double], _ rtol: Double = 1e-5) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 + rtol * abs($1) }
    }

    private func optimizer(_ name: String, _ p: Tensor, _ a: [String: Any]) throws -> Optimizer {
        func number(_ key: String, _ fallback: Double) -> Double { (a[key] as? NSNumber)?.doubleValue ?? fallback }
        let groups = [ParameterGroup([p])]
        let betas = (a["betas"] as? [NSNumber])?.map(\.doubleValue) ?? [0.9, 0.999]
        switch name {
        case "SGD":
            return try SGD(
                groups, lr: number("lr", 0.1), momentum: number("momentum", 0), dampening: number("dampening", 0),
                weightDecay: number("weight_decay", 0),
                nesterov: a["nesterov"] as? Bool ?? false)
        case "RMSprop":
            return try RMSprop(
                groups, lr: number("lr", 0.01), weightDecay: number("weight_decay", 0), momentum: number("momentum", 0),
                centered: a["centered"] as? Bool ?? false)
        default:
            return try Adam(
                groups, lr: number("lr", 0.1), betas: (betas[0], betas[1]), weightDecay: (a["weight_decay"] as? NSNumber)?.doubleValue,
                amsgrad: a["amsgrad"] as? Bool ?? false,
                decoupled: name == "AdamW")
        }
    }

    @Test func optimizersFollowPyTorchForTwentySteps() throws {
        for entry in try json("training.json")["optimizers"] as? [[String: Any]] ?? [] {
            let p = try tensor(entry["w"])
            try p.setRequiresGrad(true)
            let (x, y) = (try tensor(entry["x"]), try tensor(entry["y"]))
            let name = entry["name"] as? String ?? ""
            let optimizer = try optimizer(name, p, entry["args"] as? [String: Any] ?? [:])
            var losses: [Double] = []
            for _ in 0..<20 {
                try optimizer.zeroGrad()
                let loss = try x.linear(p).mseLoss(y)
                try loss.backward()
                try optimizer.step()
                losses.append(try loss.item().asDouble)
            }
            let expected = (entry["losses"] as? [NSNumber] ?? []).map(\.doubleValue)
            #expect(close(losses, expected, 1e-4), "\(name) \(entry["args"] ?? ""): \(losses) instead of \(expected)")
            #expect(close(try p.doubles(), try tensor(entry["final"]).doubles(), 1e-4), "\(name) \(entry["args"] ?? "")")
        }
    }

    private func scheduler(_ name: String, _ optimizer: Optimizer, _ a: [String: Any]) throws -> LRScheduler {
        func number(_ key: String, _ fallback: Double) -> Double { (a[key] as? NSNumber)?.doubleValue ?? fallback }
        func int(_ key: String) -> Int { (a[key] as? NSNumber)?.intValue ?? 0 }
        switch name {
        case "StepLR": return try StepLR(optimizer, stepSize: int("step_size"))
        case "MultiStepLR":
            return try MultiStepLR(optimizer, milestones: (a["milestones"] as? [NSNumber] ?? []).map(\.intValue), gamma: number("gamma", 0.1))
        case "ExponentialLR": return try ExponentialLR(optimizer, gamma: number("gamma", 0.1))
        case "CosineAnnealingLR": return try CosineAnnealingLR(optimizer, period: int("T_max"), minimum: number("eta_min", 0))
        case "OneCycleLR":
            return try OneCycleLR(
                optimizer, maxRate: [number("max_lr", 0)], totalSteps: int("total_steps"), anneal: a["anneal_strategy"] as? String ?? "cos",
                threePhase: a["three_phase"] as? Bool ?? false)
        case "LinearLR": return try LinearLR(optimizer, iterations: int("total_iters"))
        default: return try LambdaLR(optimizer, [{ pow(0.95, Double($0)) }])
        }
    }

    @Test func schedulersFollowPyTorch() throws {
        let recorded = try json("training.json")
        for entry in recorded["schedulers"] as? [[String: Any]] ?? [] {
            let p = try Tensor.parameter(try .zeros([1]))
            let optimizer = try SGD([ParameterGroup([p])], lr: 0.1, momentum: 0.9)
            let name = entry["name"] as? String ?? ""
            let schedule = try scheduler(name, optimizer, entry["args"] as? [String: Any] ?? [:])
            var rates = [optimizer.groups[0].rate]
            var momenta = [optimizer.groups[0].number("momentum")]
            for _ in 0..<20 {
                try schedule.step()
                rates.append(optimizer.groups[0].rate)
                momenta.append(optimizer.groups[0].number("momentum"))
            }
            #expect(close(rates, (entry["rates"] as? [NSNumber] ?? []).map(\.doubleValue), 1e-9), "\(name): \(rates)")
            #expect(close(momenta, (entry["momenta"] as? [NSNumber] ?? []).map(\.doubleValue), 1e-9), "\(name)")
        }
        let plateau = recorded["plateau"] as? [String: Any] ?? [:]
        let optimizer = try SGD([ParameterGroup([try Tensor.parameter(try .zeros([1]))])], lr: 0.1)
        let schedule = try ReduceLROnPlateau(optimizer, factor: 0.5, patience: 2, cooldown: 1)
        var rates: [Double] = []
        for metric in plateau["metrics"] as? [NSNumber] ?? [] {
            schedule.step(metric.doubleValue)
            rates.append(optimizer.groups[0].rate)
        }
        #expect(close(rates, (plateau["rates"] as? [NSNumber] ?? []).map(\.doubleValue), 1e-9))
    }

    private func network() throws -> Sequential {
        try Sequential([
            try Convolution(dimensions: 2, 3, 8, kernel: [3], padding: [1], bias: false), try BatchNorm(dimensions: 2, 8), Layers.relu6(),
            try Convolution(dimensions: 2, 8, 8, kernel: [3], stride: [2], padding: [1], groups: 8, bias: false), try BatchNorm(dimensions: 2, 8),
            Layers.relu(),
            try Convolution(dimensions: 2, 8, 16, kernel: [1], bias: false), try BatchNorm(dimensions: 2, 16), Layers.adaptiveAvgPool([1]),
            Layers.flatten(), try Layers.dropout(0.2), try Linear(16, 4),
        ])
    }

    private func train(_ steps: Int) throws -> (losses: [Double], final: Tensor) {
        EngineState.defaultGenerator.manualSeed(0)
        let net = try network()
        let x = try Tensor.randn([8, 3, 10, 10])
        let y = try Tensor.randint(0, 4, [8])
        let optimizer = try Adam([ParameterGroup(net.parameters)], lr: 0.01)
        var losses: [Double] = []
        for _ in 0..<steps {
            try optimizer.zeroGrad()
            let loss = try net(x).crossEntropy(y)
            try loss.backward()
            try optimizer.step()
            losses.append(try loss.item().asDouble)
        }
        net.eval()
        return (losses, try net(x))
    }

    @Test func aNetworkTrainsAsInPyTorchFromTheSameSeed() throws {
        let recorded = try json("training.json")["network"] as? [String: Any] ?? [:]
        let (losses, final) = try train(20)
        let expected = (recorded["losses"] as? [NSNumber] ?? []).map(\.doubleValue)
        #expect(close(losses, expected, 1e-3), "\(losses) instead of \(expected)")
        let outputs = try tensor(recorded["final"]).doubles()
        let ours = try final.doubles()
        #expect(zip(ours, outputs).allSatisfy { abs($0 - $1) <= 2e-3 + 1e-2 * abs($1) }, "\(ours) instead of \(outputs)")
    }

    @Test func trainingDoesNotDependOnThreadsAndRepeats() throws {
        let threads = ThreadPool.shared.threadCount
        defer { ThreadPool.shared.threadCount = threads }
        ThreadPool.shared.threadCount = 1
        let (one, _) = try train(5)
        ThreadPool.shared.threadCount = 2
        let (two, _) = try train(5)
        let (again, _) = try train(5)
        #expect(one == two && two == again)
    }

    @Test func fusionChangesNoBit() throws {
        EngineState.defaultGenerator.manualSeed(3)
        let net = try network()
        let x = try Tensor.randn([4, 3, 10, 10])
        let fused = try net(x)
        for child in net.children where child is Convolution { child.forwardHooks.append(.init { _, _, _ in nil }) }
        EngineState.defaultGenerator.manualSeed(3)
        let twin = try network()
        _ = try Tensor.randn([4, 3, 10, 10])
        for child in twin.children where child is Convolution { child.forwardHooks.append(.init { _, _, _ in nil }) }
        let apart = try twin(x)
        #expect(try fused.equal(apart))
    }
}
