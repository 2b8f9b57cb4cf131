/// The arguments of a call into Swift: borrowed values in the order of the function's parameters. A parameter without
/// argument and default reads as undefined; `*args` is a tuple, `**kwargs` a dict.
public struct Arguments {
    public let base: UnsafeMutablePointer<Value>
    public let count: Int

    @inlinable @inline(__always)
    public init(base: UnsafeMutablePointer<Value>, count: Int) {
        self.base = base
        self.count = count
    }

    @inlinable @inline(__always)
    public subscript(index: Int) -> Value { base[index] }

    /// Whether parameter `index` was given (or has a default other than `...`).
    @inlinable @inline(__always)
    public func has(_ index: Int) -> Bool { !base[index].isUndefined }
}

/// Swift code callable from programs: arguments borrowed, result owned by the caller.
package typealias NativeBody = (VM, Arguments) throws(PythonError) -> Value

extension UnsafeMutablePointer where Pointee == BuiltinObject {
    /// Runs the Swift code. No reference to it is counted, which costs more than many a function: whoever calls holds the built-in.
    @inline(__always)
    func invoke(_ vm: VM, _ arguments: Arguments) throws(PythonError) -> Value {
        let outcome: Result<Value, PythonError> = pointee.function._withUnsafeGuaranteedRef { function in
            do throws(PythonError) { return .success(try function.body(vm, arguments)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}

/// A function written in Swift with its Python signature, which one reader applies to every call.
package final class NativeFunction {
    package let name: String
    /// As Python would write it: `self, sep=None, /, *, maxsplit=-1, **options`. Defaults: None, True, False, an integer, a float,
    /// a quoted string, or `...` for "missing".
    package let signature: String
    package let body: NativeBody
    package let documentation: String?
    /// Set when users know the function as one written in Python: errors about arguments speak so, under this name.
    package var pythonName: String?
    /// `str` for `str.split`; nil for plain functions.
    package var owner: String?
    /// The module of a plain function, nil for built-ins.
    package var module: String?
    /// Calls with exactly this many positional arguments need no reading; −1: always read.
    package private(set) var exactCount: Int
    /// A function in a class namespace that binds its receiver (false for static ones such as `__new__`).
    package var bindsReceiver = true
    /// `classmethod` natives: the receiver is the class.
    package var isClassMethod = false
    /// Takes any number of positional arguments, and no keywords, as they lie: no reading.
    package let takesAny: Bool
    private var parsed: NativeSignature?
    /// Calls with `least` to `most` positional arguments need only the defaults behind them; `most` is −1 while unknown or
    /// where a call must be read.
    private(set) var least = 0
    private(set) var most = -1
    /// Parameters, which is how many values the body expects (0: as many as were given).
    private(set) var parameterCount = 0
    /// The default of every parameter, by position.
    private(set) var defaults: UnsafeMutablePointer<Value>?

    package init(_ name: String, _ signature: String, documentation: String? = nil, takesAny: Bool = false, body: @escaping NativeBody) {
        self.name = name
        self.takesAny = takesAny
        self.signature = signature
        self.body = body
        self.documentation = documentation
        exactCount = NativeFunction.countPlain(signature)
        if takesAny {
            most = Int.max
        } else if exactCount >= 0 {
            least = exactCount
            most = exactCount
            parameterCount = exactCount
        }
    }

    deinit { defaults?.deallocate() }

    /// Number of parameters when all are plain positional ones (defaults allowed), else −1. Cheap: no parsing.
    private static func countPlain(_ signature: String) -> Int {
        if signature.isEmpty { return 0 }
        var commas = 0
        var hasSlash = false
        var quoted = false
        for byte in signature.utf8 {
            switch byte {
            case UInt8(ascii: "'"): quoted.toggle()
            case UInt8(ascii: ","): if !quoted { commas += 1 }
            case UInt8(ascii: "*"): if !quoted { return -1 }
            case UInt8(ascii: "/"): if !quoted { hasSlash = true }
            default: break
            }
        }
        return commas + 1 - (hasSlash ? 1 : 0)
    }

    func reader(_ vm: VM) -> NativeSignature {
        if let parsed { return parsed }
        let made = NativeSignature(signature, vm)
        parsed = made
        learnDefaults(made)
        return made
    }

    private func learnDefaults(_ signature: NativeSignature) {
        let isRequired = signature.defaults.map { $0.tag == Tag.notImplemented }
        guard !takesAny, !signature.hasVariadic, !signature.hasKeywordVariadic, !isRequired[signature.positional...].contains(true) else { return }
        least = isRequired.count { $0 }
        most = signature.positional
        parameterCount = isRequired.count
        let memory = UnsafeMutablePointer<Value>.allocate(capacity: max(1, isRequired.count))
        memory.initialize(from: signature.defaults, count: isRequired.count)
        defaults = memory
    }
}

/// A parsed signature.
final class NativeSignature {
    struct Parameter {
        let name: String
        let interned: StringPointer
        /// undefined for `...`; nil when required
        let defaultValue: Value?
    }
    var parameters: [Parameter] = []
    /// Default of each parameter, notImplemented when it must be given: read without touching the names.
    private(set) var defaults: [Value] = []
    /// Leading parameters that keywords cannot name.
    var positionalOnly = 0
    /// Parameters that positional arguments can fill.
    var positional = 0
    var hasVariadic = false
    var hasKeywordVariadic = false
    private(set) var variadicName = ""
    private(set) var keywordVariadicName = ""

    init(_ text: String, _ vm: VM) {
        var keywordOnly = false
        for piece in NativeSignature.split(text) {
            if piece == "/" {
                positionalOnly = parameters.count
            } else if piece == "*" {
                keywordOnly = true
            } else if piece.hasPrefix("**") {
                hasKeywordVariadic = true
                keywordVariadicName = String(piece.dropFirst(2))
            } else if piece.hasPrefix("*") {
                hasVariadic = true
                keywordOnly = true
                variadicName = String(piece.dropFirst())
            } else {
                let parts = piece.split(separator: "=", maxSplits: 1)
                let name = String(parts[0])
                let value = parts.count > 1 ? NativeSignature.parseDefault(String(parts[1]), vm) : nil
                parameters.append(Parameter(name: name, interned: vm.intern(name), defaultValue: value))
                if !keywordOnly { positional = parameters.count }
            }
        }
        defaults = parameters.map { $0.defaultValue ?? .notImplemented }
    }

    /// Slots a call fills: parameters, then `*args`, then `**kwargs`.
    var slotCount: Int { parameters.count + (hasVariadic ? 1 : 0) + (hasKeywordVariadic ? 1 : 0) }

    private static func split(_ text: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        var quoted = false
        for character in text {
            if character == "'" { quoted.toggle() }
            if character == ",", !quoted {
                pieces.append(current)
                current = ""
            } else if character != " " || quoted {
                current.append(character)
            }
        }
        if !current.isEmpty { pieces.append(current) }
        return pieces
    }

    private static func parseDefault(_ text: String, _ vm: VM) -> Value {
        switch text {
        case "None": return .none
        case "True": return .true
        case "False": return .false
        case "...": return .undefined
        case "()": return vm.tuple([])
        default: break
        }
        if text.hasPrefix("'") { return vm.internedValue(String(text.dropFirst().dropLast())) }
        if let value = Int(text) { return .int(value) }
        if let value = Double(text) { return .float(value) }
        preconditionFailure("native signature default \(text)")
    }
}
