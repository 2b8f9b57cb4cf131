import Diagnostics
import Syntax

/// Where a name lives, seen from one scope.
enum Variable: Equatable {
    /// A register of the frame.
    case local(Int)
    /// A register of the frame that holds a cell.
    case cell(Int)
    /// A cell of the function's closure.
    case free(Int)
    case global
    /// A name of a class body: its namespace, then the globals.
    case namespace
    /// A name a class body reads: its namespace, then the closure.
    case namespaceOrFree(Int)
}

/// One name space of a program: a module, function, class body, or comprehension.
///
/// The symbol table fills in `symbols`; name resolution then decides `variables`, registers and closures. A list, set or
/// dict comprehension is a scope of its own, but its code runs in the frame of its `host`.
final class Scope {
    enum Kind: Equatable {
        case module, function, lambda, classBody
        case generatorExpression
        /// Runs in the frame of its host.
        case comprehension
        /// The function that evaluates the annotations of one `def`.
        case annotations
    }

    struct Symbol: OptionSet {
        let rawValue: UInt8
        static let parameter = Symbol(rawValue: 1)
        static let bound = Symbol(rawValue: 2)
        static let used = Symbol(rawValue: 4)
        static let global = Symbol(rawValue: 8)
        static let nonlocal = Symbol(rawValue: 16)
        static let annotated = Symbol(rawValue: 32)
        /// Target of a `for` clause of this comprehension.
        static let iterationVariable = Symbol(rawValue: 64)
    }

    let kind: Kind
    let name: String
    let range: SourceRange
    unowned let parent: Scope?
    private(set) var children: [Scope] = []
    /// The innermost class around, for names like `__x`.
    let className: String?

    private(set) var symbols: [String: Symbol] = [:]
    /// Names in order of first appearance.
    private(set) var names: [String] = []
    var parameters: [String] = []
    /// Where names are first declared `global` or `nonlocal`.
    var declarations: [String: SourceRange] = [:]
    var isGenerator = false
    /// Holds a `:=` that binds in this frame.
    var hasWalrus = false
    /// Holds a `del` of a name or an `except … as`.
    var unbindsNames = false
    var hasStarImport = false
    /// The iterable of a comprehension clause is being visited.
    var isInsideIterable = false

    // Decided by name resolution.
    var captured: Set<String> = []
    var freeNames: [String] = []
    var variables: [String: Variable] = [:]
    /// Names of the registers, for a scope with a frame of its own.
    var localNames: [String] = []
    var cellRegisters: [Int] = []
    /// An annotations function that reads names of the class body around.
    var readsNamespace = false

    init(_ kind: Kind, name: String, range: SourceRange, parent: Scope?, className: String?) {
        self.kind = kind
        self.name = name
        self.range = range
        self.parent = parent
        self.className = className
        isInsideIterable = parent?.isInsideIterable ?? false
        parent?.children.append(self)
    }

    /// The scope whose frame this scope's code runs in.
    var host: Scope {
        var scope = self
        while scope.kind == .comprehension, let parent = scope.parent { scope = parent }
        return scope
    }

    /// Its names are local to a frame and visible to functions inside.
    var isFunctionLike: Bool {
        switch kind {
        case .function, .lambda, .generatorExpression, .comprehension, .annotations: true
        case .module, .classBody: false
        }
    }

    func add(_ name: String, _ symbol: Symbol) {
        if let old = symbols[name] {
            symbols[name] = old.union(symbol)
        } else {
            symbols[name] = symbol
            names.append(name)
        }
    }

    /// Bound here and not declared to belong elsewhere.
    func owns(_ name: String) -> Bool {
        guard let symbol = symbols[name] else { return false }
        return !symbol.isDisjoint(with: [.bound, .parameter]) && symbol.isDisjoint(with: [.global, .nonlocal])
    }

    /// `outer.<locals>.inner`, as `__qualname__` shows it.
    var qualifiedName: String {
        guard let parent, parent.kind != .module else { return name }
        if kind == .function || kind == .classBody, parent.symbols[name]?.contains(.global) == true { return name }
        return parent.qualifiedName + (parent.kind == .classBody ? "." : ".<locals>.") + name
    }

    /// `__x` inside class `C` is `_C__x`.
    func mangled(_ name: String) -> String { Scope.mangle(name, className: className) }

    static func mangle(_ name: String, className: String?) -> String {
        guard let className, name.utf8.count > 2, name.hasPrefix("__"), !name.hasSuffix("__"), !name.utf8.contains(0x2E) else { return name }
        let bare = className.drop { $0 == "_" }
        return bare.isEmpty ? name : "_\(bare)\(name)"
    }
}
