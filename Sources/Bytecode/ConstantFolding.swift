import Syntax

extension CodeConstant {
    init(_ constant: Constant) {
        self =
            switch constant {
            case .none: .none
            case .true: .bool(true)
            case .false: .bool(false)
            case .ellipsis: .ellipsis
            case .int(let value): .int(value)
            case .bigInt(let digits, let radix): .bigInt(digits: digits, radix: radix)
            case .float(let value): .float(value)
            case .string(let value): .string(value)
            case .surrogateString(let value): .surrogateString(value)
            case .bytes(let value): .bytes(value)
            }
    }

    /// As a condition; nil when that is not worth deciding here.
    var truth: Bool? {
        switch self {
        case .none: false
        case .ellipsis, .bigInt: true
        case .bool(let value): value
        case .int(let value): value != 0
        case .float(let value): value != 0
        case .string(let value): !value.isEmpty
        case .surrogateString: true
        case .bytes(let value): !value.isEmpty
        case .tuple(let items): !items.isEmpty
        case .frozenSet, .code: nil
        }
    }
}

/// Evaluates operators on constants while compiling. Folds only what cannot fail, gives exactly the value the machine
/// would, and stays small.
enum ConstantFolding {
    /// Longest string or tuple made by folding.
    private static let sizeLimit = 4096

    /// The value of an expression made of constants, or nil.
    static func value(of expression: Expression) -> CodeConstant? {
        switch expression.node {
        case .constant(let constant): return CodeConstant(constant)
        case .name("__debug__"): return .bool(true)
        case .joinedString(let parts): return text(of: parts)
        case .tuple(let items):
            var values: [CodeConstant] = []
            values.reserveCapacity(items.count)
            for item in items {
                guard let value = value(of: item) else { return nil }
                values.append(value)
            }
            return .tuple(values)
        case .unary(let operation, let operand): return value(of: operand).flatMap { apply(operation, $0) }
        case .binary: return valueOfSpine(expression)
        default: return nil
        }
    }

    /// The text of an f-string without replacements.
    private static func text(of parts: [FStringPart]) -> CodeConstant? {
        var result = ""
        for part in parts {
            guard case .literal(let text) = part else { return nil }
            result += text
        }
        return .string(result)
    }

    private static func valueOfSpine(_ expression: Expression) -> CodeConstant? {
        var pending: [(BinaryOperator, Expression)] = []
        var expression = expression
        while case .binary(let operation, let left, let right) = expression.node {
            pending.append((operation, right))
            expression = left
        }
        guard var result = value(of: expression) else { return nil }
        for (operation, right) in pending.reversed() {
            guard let operand = value(of: right), let next = apply(operation, result, operand) else { return nil }
            result = next
        }
        return result
    }

    static func apply(_ operation: UnaryOperator, _ operand: CodeConstant) -> CodeConstant? {
        switch (operation, operand) {
        case (.negative, .int(let value)): value == .min ? nil : .int(-value)
        case (.negative, .float(let value)): .float(-value)
        case (.positive, .int), (.positive, .float): operand
        case (.invert, .int(let value)): .int(~value)
        case (.not, _): operand.truth.map { .bool(!$0) }
        default: nil
        }
    }

    static func apply(_ operation: BinaryOperator, _ left: CodeConstant, _ right: CodeConstant) -> CodeConstant? {
        switch (left, right) {
        case (.int(let a), .int(let b)): integer(operation, a, b)
        case (.float(let a), .float(let b)): float(operation, a, b)
        case (.float(let a), .int(let b)): exactDouble(b).flatMap { float(operation, a, $0) }
        case (.int(let a), .float(let b)): exactDouble(a).flatMap { float(operation, $0, b) }
        case (.string(let a), .string(let b)) where operation == .add && a.utf8.count + b.utf8.count <= sizeLimit: .string(a + b)
        case (.string(let a), .int(let b)), (.int(let b), .string(let a)):
            operation == .multiply && isSmall(a.utf8.count, times: b) ? .string(String(repeating: a, count: max(0, b))) : nil
        default: nil
        }
    }

    private static func isSmall(_ count: Int, times factor: Int) -> Bool {
        let (size, overflow) = count.multipliedReportingOverflow(by: factor)
        return !overflow && size <= sizeLimit
    }

    private static func exactDouble(_ value: Int) -> Double? { value.magnitude <= 1 << 53 ? Double(value) : nil }

    private static func float(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> CodeConstant? {
        switch operation {
        case .add: .float(a + b)
        case .subtract: .float(a - b)
        case .multiply: .float(a * b)
        case .trueDivide: b == 0 ? nil : .float(a / b)
        default: nil
        }
    }

    private static func integer(_ operation: BinaryOperator, _ a: Int, _ b: Int) -> CodeConstant? {
        func checked(_ result: (partialValue: Int, overflow: Bool)) -> CodeConstant? { result.overflow ? nil : .int(result.partialValue) }
        switch operation {
        case .add: return checked(a.addingReportingOverflow(b))
        case .subtract: return checked(a.subtractingReportingOverflow(b))
        case .multiply: return checked(a.multipliedReportingOverflow(by: b))
        case .trueDivide:
            guard b != 0, let x = exactDouble(a), let y = exactDouble(b) else { return nil }
            return .float(x / y)
        case .floorDivide, .modulo:
            guard b != 0, !(a == .min && b == -1) else { return nil }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            let isBelow = remainder != 0 && (remainder < 0) != (b < 0)
            return .int(operation == .modulo ? (isBelow ? remainder + b : remainder) : (isBelow ? quotient - 1 : quotient))
        case .power: return power(a, b)
        case .leftShift:
            guard (0..<63).contains(b), (a << b) >> b == a else { return nil }
            return .int(a << b)
        case .rightShift: return b < 0 ? nil : .int(a >> min(b, 63))
        case .and: return .int(a & b)
        case .or: return .int(a | b)
        case .xor: return .int(a ^ b)
        case .matrixMultiply: return nil
        }
    }

    private static func power(_ base: Int, _ exponent: Int) -> CodeConstant? {
        guard (0...64).contains(exponent) else { return nil }
        var result = 1
        for _ in 0..<exponent {
            let (next, overflow) = result.multipliedReportingOverflow(by: base)
            guard !overflow else { return nil }
            result = next
        }
        return .int(result)
    }
}
