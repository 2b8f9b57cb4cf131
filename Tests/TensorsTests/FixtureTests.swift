import EngineTestSupport
import Foundation
import Tensors
import Testing

@Suite(.takingTurns) struct PyTorchFixtureTests {
    /// Runs one case; the differences found, as text.
    private func differences(_ c: FixtureCase) throws -> [String] {
        guard let function = fixtureOperations[c.op] else { return ["no function for \(c.op)"] }
        let leaves = c.inputs
        for leaf in leaves where leaf.dtype.isFloatingPoint && (c.gradients != nil || c.error != nil) { try leaf.setRequiresGrad(true) }
        var inputs = leaves
        if c.layout == "t" { inputs[0] = try inputs[0].transpose(0, 1) }
        let results: [Tensor]
        do { results = try function(c, inputs) } catch let error as TensorError {
            guard let expected = c.error else { return ["raised \(error)"] }
            if error.kind.rawValue != expected.type { return ["raised \(error), expected \(expected.type): \(expected.message)"] }
            return expected.message.hasPrefix(error.message) || error.message == expected.message
                ? [] : ["message: \(error.message)\n   expected: \(expected.message)"]
        }
        if let expected = c.error { return ["no error, expected \(expected.type): \(expected.message)"] }
        var found: [String] = []
        if results.count != c.results.count { return ["\(results.count) results, expected \(c.results.count)"] }
        for (i, pair) in zip(results, c.results).enumerated() {
            if let text = try Fixtures.difference(pair.0, try Fixtures.tensor(pair.1), what: "result \(i)") { found.append(text) }
        }
        guard let gradients = c.gradients else { return found }
        var total: Tensor?
        for result in results where result.requiresGrad {
            let weights = try Tensor.from((0..<result.count).map { sin(Double($0 + 1) * 0.7) }, result.shape, dtype: result.dtype)
            let part = try result.mul(weights).sum()
            total = try total?.add(part) ?? part
        }
        guard let total else { return found + ["no result requires a gradient"] }
        try total.backward()
        for (i, pair) in zip(leaves.filter { $0.dtype.isFloatingPoint }, gradients).enumerated() {
            guard let expected = pair.1 else { continue }
            guard let gradient = pair.0.grad else {
                found.append("no gradient \(i)")
                continue
            }
            if let text = try Fixtures.difference(gradient, try Fixtures.tensor(expected), rtol: 2e-5, atol: 5e-6, what: "gradient \(i)") {
                found.append(text)
            }
        }
        return found
    }

    @Test func everyOperationAgreesWithPyTorchInValueTypeShapeGradientAndError() throws {
        let cases = try Fixtures.cases()
        #expect(cases.count >= 300)
        for c in cases {
            do {
                for text in try differences(c) { Issue.record("case \(c.index) \(c.op) \(c.inputs.map(\.shape)) \(c.arguments): \(text)") }
            } catch { Issue.record("case \(c.index) \(c.op): \(error)") }
        }
    }

    @Test func tensorsPrintAsPyTorchPrintsThem() throws {
        let list = try Fixtures.json("printing.json")["tensors"] as? [[String: Any]] ?? []
        #expect(list.count >= 25)
        for entry in list {
            let tensor = try Fixtures.tensor(entry["tensor"] as? [String: Any] ?? [:])
            if entry["requires_grad"] as? Bool == true { try tensor.setRequiresGrad(true) }
            #expect(try TensorPrinter.repr(tensor) == entry["text"] as? String)
        }
    }

    private static let streams: [String: @Sendable () throws -> [Tensor]] = [
        "rand": { [try .rand([700])] }, "rand_double": { [try .rand([5], dtype: .float64)] }, "randn_small": { [try .randn([7])] },
        "randn_16": { [try .randn([16])] },
        "randn_37": { [try .randn([37])] }, "randn_large": { [try .randn([1000])] }, "randn_double": { [try .randn([20], dtype: .float64)] },
        "randint": { [try .randint(0, 10, [20])] }, "randint_wide": { [try .randint(-5, 1 << 40, [6])] },
        "randint_mid": { [try .randint(0, 1 << 30, [6])] },
        "randperm": { [try .randperm(50)] }, "bernoulli": { [try Tensor.empty([40]).bernoulli_(0.3)] },
        "bernoulli_tensor": { [try Tensor.full([20], 0.4).bernoulli()] },
        "exponential": { [try Tensor.empty([20]).exponential_(1.5)] }, "uniform": { [try Tensor.empty([20]).uniform_(-3, 5)] },
        "normal": { [try Tensor.empty([20]).normal_(2, 0.5)] },
        "random": { [try Tensor.empty([5], dtype: .int64).random_()] }, "dropout": { [try Tensor.ones([60]).dropout(0.4)] },
        "dropout2d": { [try Tensor.ones([2, 5, 2, 2]).featureDropout(0.4)] },
        "multinomial": { [try Tensor.from([0.1, 0.2, 0.3, 0.4], [4]).multinomial(3)] },
        "multinomial_replace": { [try Tensor.from([0.1, 0.2, 0.3, 0.4, 1, 2, 0, 1], [2, 4]).multinomial(6, replacement: true)] },
    ]

    @Test func randomStreamsEqualPyTorchBitForBit() throws {
        let recorded = try Fixtures.json("random.json")
        for (name, draw) in PyTorchFixtureTests.streams {
            guard let entry = recorded[name] as? [String: Any], let seed = entry["seed"] as? Int, let values = entry["values"] as? [[String: Any]]
            else {
                Issue.record("no stream \(name)")
                continue
            }
            EngineState.defaultGenerator.manualSeed(Int64(seed))
            let tensors = try draw()
            for (tensor, value) in zip(tensors, values) {
                let expected = (value["bits"] as? [NSNumber] ?? []).map(\.int64Value)
                let actual = try bits(tensor)
                let wrong = zip(actual, expected).filter { $0 != $1 }.count
                #expect(wrong == 0 && actual.count == expected.count, "\(name): \(wrong) of \(expected.count) samples differ")
            }
            let next = try bits(try Tensor.rand([1]))
            #expect(next == (entry["next"] as? [NSNumber])?.map(\.int64Value), "\(name) consumed another number of samples")
        }
    }

    private func bits(_ tensor: Tensor) throws -> [Int64] {
        let p = try tensor.detach().contiguous().pointer
        return (0..<tensor.count).map { i in
            switch tensor.dtype {
            case .float32: Int64(p.load(fromByteOffset: i * 4, as: Int32.self))
            case .float64, .int64: p.load(fromByteOffset: i * 8, as: Int64.self)
            default: -1
            }
        }
    }
}
