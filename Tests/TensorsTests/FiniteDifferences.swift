import Glibc
import Tensors
import Testing

/// One differentiable operation with operands in float64, away from points where it is not smooth.
struct Rule {
    let operation: Operation
    /// Tells rules of one operation apart.
    var name = ""
    let operands: [Tensor]
    let function: ([Tensor]) throws -> Tensor

    var title: String { name.isEmpty ? "\(operation)" : name }
}

/// Values between `low` and `high` that repeat nowhere.
func values(_ sizes: [Int], _ low: Double = -1.5, _ high: Double = 1.5, seed: Double = 1) throws -> Tensor {
    let count = sizes.reduce(1, *)
    var list: [Double] = []
    for i in 0..<count {
        let wave = sin(Double(i) * 2.3 + seed * 1.7)
        list.append(low + (high - low) * 0.5 * (1 + wave))
    }
    return try Tensor.from(list, sizes, dtype: .float64)
}

func number(_ x: Double) throws -> Tensor { try .wrapped(.double(x)) }

/// A number that depends on every element of `y`, each with another weight.
func weighted(_ y: Tensor) throws -> Tensor {
    let wide = try y.to(.float64)
    return try wide.mul(try values(wide.shape, 0.5, 1.5, seed: 9)).sum()
}

/// Compares a rule's gradients with central differences, at most `elements` of each operand's.
func expectAgreement(_ rule: Rule, elements: Int = .max) throws {
    let operands = try rule.operands.map { try $0.clone() }
    for operand in operands { try operand.setRequiresGrad(true) }
    try weighted(try rule.function(operands)).backward()
    // A conversion to single precision is differenced coarsely.
    let (h, tolerance) = rule.operation == .toCopy ? (1e-2, 1e-3) : (1e-6, 2e-6)
    for (k, operand) in operands.enumerated() {
        let gradient = try operand.grad?.doubles() ?? []
        #expect(gradient.count == operand.count, "\(rule.title): operand \(k) has no gradient")
        guard gradient.count == operand.count else { continue }
        for i in stride(from: 0, to: operand.count, by: max(1, operand.count / elements)) {
            func shifted(_ by: Double) throws -> Double {
                try EngineState.noGrad { () throws(TensorError) in
                    var copies: [Tensor] = []
                    for operand in operands { copies.append(try operand.detach().clone()) }
                    _ = try copies[k].view([-1]).select(0, i).add_(try .wrapped(.double(by)))
                    do { return try weighted(try rule.function(copies)).item().asDouble } catch let error as TensorError { throw error } catch {
                        throw TensorError.runtime("\(error)")
                    }
                }
            }
            let difference = (try shifted(h) - shifted(-h)) / (2 * h)
            #expect(
                abs(difference - gradient[i]) <= tolerance + tolerance * 10 * abs(difference),
                "\(rule.title): operand \(k) element \(i): rule \(gradient[i]), difference \(difference)")
        }
    }
}
