import Glibc
import Tensors

/// The base of learning-rate schedules in PyTorch's chainable form: each step computes new rates from the present ones.
package class LRScheduler {
    package let optimizer: Optimizer
    package private(set) var baseRates: [Double]
    package var lastEpoch: Int
    package private(set) var lastRates: [Double] = []
    package private(set) var stepCount = 0

    init(_ optimizer: Optimizer, lastEpoch: Int = -1) throws(TensorError) {
        self.optimizer = optimizer
        self.lastEpoch = lastEpoch
        if lastEpoch == -1 {
            for group in optimizer.groups { group.options["initial_lr"] = .number(group.rate) }
        } else {
            for (i, group) in optimizer.groups.enumerated() where group.options["initial_lr"] == nil {
                throw TensorError(.key, "param 'initial_lr' is not specified in param_groups[\(i)] when resuming an optimizer")
            }
        }
        baseRates = optimizer.groups.map { $0.number("initial_lr") }
    }

    /// The rates of epoch `lastEpoch`, from the rates the groups have now.
    func rates() throws(TensorError) -> [Double] { optimizer.groups.map(\.rate) }

    package func step() throws(TensorError) {
        stepCount += 1
        lastEpoch += 1
        for (group, rate) in zip(optimizer.groups, try rates()) { group.rate = rate }
        lastRates = optimizer.groups.map(\.rate)
    }

    /// Saved progress, as `state_dict()` holds it.
    package func restore(lastEpoch: Int, baseRates: [Double], lastRates: [Double], stepCount: Int) {
        self.lastEpoch = lastEpoch
        self.baseRates = baseRates
        self.lastRates = lastRates
        self.stepCount = stepCount
    }
}

package final class StepLR: LRScheduler {
    package let stepSize: Int
    package let gamma: Double
    package init(_ optimizer: Optimizer, stepSize: Int, gamma: Double = 0.1, lastEpoch: Int = -1) throws(TensorError) {
        self.stepSize = stepSize
        self.gamma = gamma
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }
    override func rates() throws(TensorError) -> [Double] {
        optimizer.groups.map { lastEpoch == 0 || lastEpoch % stepSize != 0 ? $0.rate : $0.rate * gamma }
    }
}

package final class MultiStepLR: LRScheduler {
    package let milestones: [Int]
    package let gamma: Double
    package init(_ optimizer: Optimizer, milestones: [Int], gamma: Double = 0.1, lastEpoch: Int = -1) throws(TensorError) {
        self.milestones = milestones
        self.gamma = gamma
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }
    override func rates() throws(TensorError) -> [Double] {
        let times = milestones.filter { $0 == lastEpoch }.count
        return optimizer.groups.map { times == 0 ? $0.rate : $0.rate * pow(gamma, Double(times)) }
    }
}

package final class ExponentialLR: LRScheduler {
    package let gamma: Double
    package init(_ optimizer: Optimizer, gamma: Double, lastEpoch: Int = -1) throws(TensorError) {
        self.gamma = gamma
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }
    override func rates() throws(TensorError) -> [Double] { optimizer.groups.map { lastEpoch == 0 ? $0.rate : $0.rate * gamma } }
}

package final class CosineAnnealingLR: LRScheduler {
    package let period: Int
    package let minimum: Double
    package init(_ optimizer: Optimizer, period: Int, minimum: Double = 0, lastEpoch: Int = -1) throws(TensorError) {
        self.period = period
        self.minimum = minimum
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }
    override func rates() throws(TensorError) -> [Double] {
        if lastEpoch == 0 { return optimizer.groups.map(\.rate) }
        let t = Double(period)
        return zip(optimizer.groups, baseRates).map { group, base in
            if stepCount == 1 && lastEpoch > 0 { return minimum + (base - minimum) * (1 + cos(Double(lastEpoch) * .pi / t)) / 2 }
            if (lastEpoch - 1 - period) % (2 * period) == 0 { return group.rate + (base - minimum) * (1 - cos(.pi / t)) / 2 }
            return (1 + cos(.pi * Double(lastEpoch) / t)) / (1 + cos(.pi * Double(lastEpoch - 1) / t)) * (group.rate - minimum) + minimum
        }
    }
}

/// Each group's first rate times a function of the epoch.
package final class LambdaLR: LRScheduler {
    private let factors: [(Int) throws -> Double]
    /// One function for all groups, or one for each.
    package init(_ optimizer: Optimizer, _ factors: [(Int) throws -> Double], lastEpoch: Int = -1) throws(TensorError) {
        guard factors.count == 1 || factors.count == optimizer.groups.count else {
            throw .value("Expected \(optimizer.groups.count) lr_lambdas, but got \(factors.count)")
        }
        self.factors = factors
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }
    override func rates() throws(TensorError) -> [Double] {
        do { return try baseRates.enumerated().map { try $0.element * factors[factors.count == 1 ? 0 : $0.offset](lastEpoch) } } catch {
            throw Module.passing(error)
        }
    }
}

/// From `startFactor` to `endFactor` of the rate in `iterations` steps.
package final class LinearLR: LRScheduler {
    private let startFactor, endFactor: Double
    private let iterations: Int
    package init(_ optimizer: Optimizer, startFactor: Double = 1.0 / 3, endFactor: Double = 1, iterations: Int = 5, lastEpoch: Int = -1)
        throws(TensorError)
    {
        if startFactor > 1 || startFactor <= 0 {
            throw .value("Starting multiplicative factor expected to be greater than 0 and less or equal to 1.")
        }
        self.startFactor = startFactor
        self.endFactor = endFactor
        self.iterations = iterations
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }
    override func rates() throws(TensorError) -> [Double] {
        optimizer.groups.map { group in
            if lastEpoch == 0 { return group.rate * startFactor }
            if lastEpoch > iterations { return group.rate }
            let n = Double(iterations)
            return group.rate * (1 + (endFactor - startFactor) / (n * startFactor + Double(lastEpoch - 1) * (endFactor - startFactor)))
        }
    }
}

/// The one-cycle policy: rise, fall, and annihilate, momentum in the opposite direction.
package final class OneCycleLR: LRScheduler {
    package let totalSteps: Int
    private let linear: Bool
    private let cyclesMomentum: Bool
    private let usesBetas: Bool
    private var phases: [(end: Double, startRate: String, endRate: String, startMomentum: String, endMomentum: String)] = []

    package init(
        _ optimizer: Optimizer, maxRate: [Double], totalSteps: Int, pctStart: Double = 0.3, anneal: String = "cos", cycleMomentum: Bool = true,
        baseMomentum: Double = 0.85, maxMomentum: Double = 0.95, divFactor: Double = 25, finalDivFactor: Double = 1e4, threePhase: Bool = false,
        lastEpoch: Int = -1
    ) throws(TensorError) {
        guard totalSteps > 0 else { throw .value("Expected positive integer total_steps, but got \(totalSteps)") }
        guard pctStart >= 0 && pctStart <= 1 else { throw .value("Expected float between 0 and 1 pct_start, but got \(python(pctStart))") }
        guard anneal == "cos" || anneal == "linear" else { throw .value("anneal_strategy must be one of 'cos' or 'linear', instead got \(anneal)") }
        self.totalSteps = totalSteps
        linear = anneal == "linear"
        cyclesMomentum = cycleMomentum
        usesBetas = optimizer.defaults.contains("betas")
        let total = Double(totalSteps)
        if threePhase {
            phases = [
                (pctStart * total - 1, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
                (2 * pctStart * total - 2, "max_lr", "initial_lr", "base_momentum", "max_momentum"),
                (total - 1, "initial_lr", "min_lr", "max_momentum", "max_momentum"),
            ]
        } else {
            phases = [
                (pctStart * total - 1, "initial_lr", "max_lr", "max_momentum", "base_momentum"),
                (total - 1, "max_lr", "min_lr", "base_momentum", "max_momentum"),
            ]
        }
        if cycleMomentum && !usesBetas && !optimizer.defaults.contains("momentum") {
            throw .value("optimizer must support momentum or beta1 with `cycle_momentum` option enabled")
        }
        if lastEpoch == -1 {
            for (i, group) in optimizer.groups.enumerated() {
                let top = maxRate.count == 1 ? maxRate[0] : maxRate[i]
                group.rate = top / divFactor
                group.options["initial_lr"] = .number(top / divFactor)
                group.options["max_lr"] = .number(top)
                group.options["min_lr"] = .number(top / divFactor / finalDivFactor)
                if cycleMomentum {
                    group.options["max_momentum"] = .number(maxMomentum)
                    group.options["base_momentum"] = .number(baseMomentum)
                }
            }
        }
        try super.init(optimizer, lastEpoch: lastEpoch)
        try step()
    }

    private func between(_ start: Double, _ end: Double, _ fraction: Double) -> Double {
        linear ? (end - start) * fraction + start : end + (start - end) / 2 * (cos(.pi * fraction) + 1)
    }

    override func rates() throws(TensorError) -> [Double] {
        let now = Double(lastEpoch)
        if lastEpoch > totalSteps { throw .value("Tried to step \(lastEpoch) times. The specified number of total steps is \(totalSteps)") }
        return optimizer.groups.map { group in
            var start = 0.0
            var rate = group.rate
            for (i, phase) in phases.enumerated() {
                if now <= phase.end || i == phases.count - 1 {
                    let fraction = (now - start) / (phase.end - start)
                    rate = between(group.number(phase.startRate), group.number(phase.endRate), fraction)
                    if cyclesMomentum {
                        let momentum = between(group.number(phase.startMomentum), group.number(phase.endMomentum), fraction)
                        if usesBetas {
                            group.options["betas"] = .pair(momentum, group.pair("betas").1)
                        } else {
                            group.options["momentum"] = .number(momentum)
                        }
                    }
                    break
                }
                start = phase.end
            }
            return rate
        }
    }
}

/// Lowers the rate when a measured quantity stops improving.
package final class ReduceLROnPlateau {
    package let optimizer: Optimizer
    private let lowerIsBetter, relative: Bool
    private let factor, threshold, epsilon: Double
    private let minimums: [Double]
    private let patience, cooldown: Int
    package private(set) var best: Double
    package private(set) var badEpochs = 0
    package private(set) var cooldownCounter = 0
    package private(set) var lastEpoch = 0
    package private(set) var lastRates: [Double]

    package init(
        _ optimizer: Optimizer, mode: String = "min", factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
        thresholdMode: String = "rel",
        cooldown: Int = 0, minimum: [Double] = [0], epsilon: Double = 1e-8
    ) throws(TensorError) {
        if factor >= 1 { throw .value("Factor should be < 1.0.") }
        guard mode == "min" || mode == "max" else { throw .value("mode \(mode) is unknown!") }
        guard thresholdMode == "rel" || thresholdMode == "abs" else { throw .value("threshold mode \(thresholdMode) is unknown!") }
        self.optimizer = optimizer
        lowerIsBetter = mode == "min"
        relative = thresholdMode == "rel"
        self.factor = factor
        self.threshold = threshold
        self.epsilon = epsilon
        minimums = minimum.count == 1 ? [Double](repeating: minimum[0], count: optimizer.groups.count) : minimum
        self.patience = patience
        self.cooldown = cooldown
        best = mode == "min" ? .infinity : -.infinity
        lastRates = optimizer.groups.map(\.rate)
    }

    private func improves(_ value: Double) -> Bool {
        switch (lowerIsBetter, relative) {
        case (true, true): value < best * (1 - threshold)
        case (true, false): value < best - threshold
        case (false, true): value > best * (threshold + 1)
        case (false, false): value > best + threshold
        }
    }

    package func step(_ metric: Double) {
        lastEpoch += 1
        if improves(metric) {
            best = metric
            badEpochs = 0
        } else {
            badEpochs += 1
        }
        if cooldownCounter > 0 {
            cooldownCounter -= 1
            badEpochs = 0
        }
        if badEpochs > patience {
            for (group, minimum) in zip(optimizer.groups, minimums) {
                let rate = max(group.rate * factor, minimum)
                if group.rate - rate > epsilon { group.rate = rate }
            }
            cooldownCounter = cooldown
            badEpochs = 0
        }
        lastRates = optimizer.groups.map(\.rate)
    }
}
