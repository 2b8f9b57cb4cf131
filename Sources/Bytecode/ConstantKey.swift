/// Constants are shared when they are the same in type and value: 1, 1.0 and True are three.
package enum ConstantKey: Hashable {
    case none, ellipsis
    case bool(Bool)
    case int(Int)
    case bigInt(String, Int)
    case float(UInt64)
    case string(String)
    case bytes([UInt8])
    case tuple([ConstantKey])
    case frozenSet([ConstantKey])
    case code(ObjectIdentifier)

    package init(_ constant: CodeConstant) {
        self =
            switch constant {
            case .none: .none
            case .ellipsis: .ellipsis
            case .bool(let value): .bool(value)
            case .int(let value): .int(value)
            case .bigInt(let digits, let radix): .bigInt(digits, radix)
            case .float(let value): .float(value.bitPattern)
            // Swift compares strings by canonical equivalence, the language by code points.
            case .string(let value): value.utf8.allSatisfy { $0 < 0x80 } ? .string(value) : .tuple([.string(""), .bytes(Array(value.utf8))])
            case .surrogateString(let value): .tuple([.string(""), .bytes(value)])
            case .bytes(let value): .bytes(value)
            case .tuple(let items): .tuple(items.map(ConstantKey.init))
            case .frozenSet(let items): .frozenSet(items.map(ConstantKey.init))
            case .code(let code): .code(ObjectIdentifier(code))
            }
    }
}
