import Diagnostics
import Syntax

/// Decides for every name of every scope where it lives: register, cell, closure or globals.
///
/// A variable becomes a cell when a function other than the one that owns it uses it; comprehensions run in the frame of
/// their host and read its variables directly.
struct NameResolver {
    let source: SourceText

    private enum Home {
        case owner(Scope)
        case global
    }

    mutating func resolve(_ module: Scope) throws(SyntaxProblem) {
        try findCaptures(module)
        try assign(module)
    }

    /// First walk: marks captured variables and passes free names down through the functions between.
    private func findCaptures(_ scope: Scope) throws(SyntaxProblem) {
        for name in scope.names {
            guard let symbol = scope.symbols[name] else { continue }
            if symbol.contains(.nonlocal) {
                guard case .owner(let owner) = home(of: name, seenFrom: scope) else {
                    throw SyntaxProblem(
                        .syntax, "no binding for nonlocal '\(name)' found", at: scope.declarations[name] ?? scope.range, in: source)
                }
                capture(name, of: owner, from: scope)
            } else if !scope.owns(name), !symbol.contains(.global), case .owner(let owner) = home(of: name, seenFrom: scope) {
                capture(name, of: owner, from: scope)
            }
        }
        if scope.kind == .annotations, let parent = scope.parent, parent.kind == .classBody {
            scope.readsNamespace = scope.names.contains { parent.symbols[$0]?.contains(.bound) == true }
            if scope.readsNamespace { scope.freeNames.insert(NameResolver.namespaceName, at: 0) }
        }
        for child in scope.children { try findCaptures(child) }
    }

    /// The nearest enclosing scope that owns `name`; class bodies are skipped, but they own the cell `__class__`.
    private func home(of name: String, seenFrom scope: Scope) -> Home {
        var ancestor = scope.parent
        var isInsideFunction = scope.kind != .comprehension
        while let current = ancestor {
            switch current.kind {
            case .module: return .global
            case .classBody:
                if name == "__class__", isInsideFunction { return .owner(current) }
            case .function, .lambda, .generatorExpression, .comprehension, .annotations:
                if current.kind != .comprehension { isInsideFunction = true }
                guard let symbol = current.symbols[name] else { break }
                if symbol.contains(.global) { return .global }
                if current.owns(name) { return .owner(current) }
            }
            ancestor = current.parent
        }
        return .global
    }

    private func capture(_ name: String, of owner: Scope, from scope: Scope) {
        var host = scope.host
        let target = owner.host
        guard host !== target else { return }
        owner.captured.insert(name)
        while host !== target {
            if !host.freeNames.contains(name) { host.freeNames.append(name) }
            guard let parent = host.parent else { return }
            host = parent.host
        }
    }

    /// Second walk, one frame at a time: gives registers to locals and fills in `variables`.
    private func assign(_ host: Scope) throws(SyntaxProblem) {
        host.localNames = host.parameters
        switch host.kind {
        case .classBody:
            host.localNames.append(NameResolver.namespaceName)
            if host.captured.contains("__class__") { host.localNames.append("__class__") }
        case .annotations: if host.readsNamespace { host.localNames.append(NameResolver.namespaceName) }
        default: break
        }
        if host.kind != .module, host.kind != .classBody {
            let parameters = Set(host.parameters)
            host.localNames += host.names.filter { host.owns($0) && !parameters.contains($0) }
        }
        var registers: [String: Int] = [:]
        for (register, name) in host.localNames.enumerated() { registers[name] = register }
        host.cellRegisters = host.captured.compactMap { registers[$0] }.sorted()
        for name in host.names { host.variables[name] = variable(name, in: host, registers: registers) }
        var hidden = HiddenRegisters(host: host)
        for child in host.children where child.kind == .comprehension { assign(child, of: host, &hidden) }
        try assignFunctions(inside: host)
    }

    private func assignFunctions(inside scope: Scope) throws(SyntaxProblem) {
        for child in scope.children {
            if child.kind == .comprehension { try assignFunctions(inside: child) } else { try assign(child) }
        }
    }

    private func variable(_ name: String, in host: Scope, registers: [String: Int]) -> Variable {
        let symbol = host.symbols[name] ?? []
        if symbol.contains(.global) { return .global }
        if host.kind == .annotations, host.readsNamespace, host.parent?.symbols[name]?.contains(.bound) == true {
            return host.freeNames.firstIndex(of: name).map { .namespaceOrFree($0) } ?? .namespace
        }
        if let free = host.freeNames.firstIndex(of: name), host.kind != .classBody || !host.owns(name) {
            return host.kind == .classBody ? .namespaceOrFree(free) : .free(free)
        }
        guard host.owns(name), host.kind != .module else { return host.kind == .classBody ? .namespace : .global }
        guard host.kind != .classBody, let register = registers[name] else { return .namespace }
        return host.captured.contains(name) ? .cell(register) : .local(register)
    }

    /// A comprehension's own variables get registers of the host under their own names, shared with comprehensions that
    /// never run at the same time.
    private func assign(_ comprehension: Scope, of host: Scope, _ hidden: inout HiddenRegisters) {
        let own = comprehension.names.filter { comprehension.owns($0) }
        for name in own {
            let isCell = comprehension.captured.contains(name)
            let register = hidden.take(name, isCell: isCell)
            comprehension.variables[name] = isCell ? .cell(register) : .local(register)
        }
        for name in comprehension.names where comprehension.variables[name] == nil {
            comprehension.variables[name] = inherited(name, by: comprehension)
        }
        for child in comprehension.children where child.kind == .comprehension { assign(child, of: host, &hidden) }
        for name in own { hidden.giveBack(name, isCell: comprehension.captured.contains(name)) }
    }

    private func inherited(_ name: String, by comprehension: Scope) -> Variable {
        var ancestor = comprehension.parent
        while let current = ancestor, current.kind == .comprehension {
            if current.owns(name), let variable = current.variables[name] { return variable }
            ancestor = current.parent
        }
        guard let host = ancestor else { return .global }
        if host.kind == .classBody || host.readsNamespace {
            return host.freeNames.firstIndex(of: name).map { .free($0) } ?? .global
        }
        if let variable = host.variables[name] { return variable }
        return host.freeNames.firstIndex(of: name).map { .free($0) } ?? .global
    }

    /// The hidden variable that holds a class body's namespace.
    static let namespaceName = ".namespace"
}

/// Registers of a frame for the variables of the comprehensions in it, keyed by name and how often the name is in use.
private struct HiddenRegisters {
    private struct Key: Hashable {
        let name: String
        let isCell: Bool
        let depth: Int
    }

    let host: Scope
    private var registers: [Key: Int] = [:]
    private var inUse: [String: Int] = [:]

    init(host: Scope) { self.host = host }

    mutating func take(_ name: String, isCell: Bool) -> Int {
        let depth = inUse[name, default: 0]
        inUse[name] = depth + 1
        let key = Key(name: name, isCell: isCell, depth: depth)
        if let register = registers[key] { return register }
        let register = host.localNames.count
        host.localNames.append(name)
        if isCell { host.cellRegisters.append(register) }
        registers[key] = register
        return register
    }

    mutating func giveBack(_ name: String, isCell: Bool) { inUse[name, default: 1] -= 1 }
}
