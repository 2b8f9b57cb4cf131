import Diagnostics
import Syntax

extension UnitCompiler {
    /// Where a (mangled) name lives. Names the program never mentions are the compiler's own, like `__annotations__`.
    func variable(_ name: String) -> Variable {
        current.variables[name] ?? (current.kind == .classBody ? .namespace : .global)
    }

    func slot(_ name: String) -> UInt16 { index(compilation.globals.slot(of: name)) }

    /// 1 + number of the built-in called `name`, 0 for none.
    func builtin(_ name: String) -> UInt16 { BuiltinNames.index(of: name).map { index($0 + 1) } ?? 0 }

    /// Makes sure that reading local `register` meets a value.
    func check(_ register: Int, at range: SourceRange) {
        guard isReachable, !bound.contains(register) else { return }
        emit(.checkLocal, a: operand(register), at: range)
        bound.insert(register)
    }

    /// Marks a register as written when it is a local.
    func wrote(_ register: Int) { if register < localCount, isReachable { bound.insert(register) } }

    /// The register a result goes to; temporaries from `mark` on are given back first.
    func settle(_ destination: Destination, from mark: Int) -> Int {
        release(to: mark)
        switch destination {
        case .push: return take()
        case .register(let register): return register
        }
    }

    func load(_ identifier: String, to destination: Destination, at range: SourceRange) {
        let name = current.mangled(identifier)
        let target = settle(destination, from: top)
        let a = operand(target)
        switch variable(name) {
        case .local(let register):
            check(register, at: range)
            if register != target { emit(.move, a: a, b: operand(register), at: range) }
        case .cell(let register): emit(.loadCell, a: a, b: operand(register), at: range)
        case .free(let number): emit(.loadFree, a: a, b: index(number), at: range)
        case .global: emit(.loadGlobal, a: a, b: slot(name), c: builtin(name), at: range)
        case .namespace:
            emit(.loadName, a: a, b: self.name(name), at: range)
            emit(.extra, a: slot(name), b: builtin(name), at: range)
        case .namespaceOrFree(let number): emit(.loadNameOrFree, a: a, b: self.name(name), c: index(number), at: range)
        }
        wrote(target)
    }

    /// Binds a (not yet mangled) name to a value, which is consumed.
    func store(_ identifier: String, _ value: Operand, at range: SourceRange) {
        let name = current.mangled(identifier)
        let a = operand(value.register)
        let x = value.consumed(OperandFlag.consumeA)
        switch variable(name) {
        case .local(let register):
            if register != value.register { emit(value.isTemporary ? .moveTemp : .move, a: operand(register), b: a, at: range) }
            wrote(register)
        case .cell(let register): emit(.storeCell, x: x, a: a, b: operand(register), at: range)
        case .free(let number): emit(.storeFree, x: x, a: a, b: index(number), at: range)
        case .global: emit(.storeGlobal, x: x, a: a, b: slot(name), at: range)
        case .namespace: emit(.storeName, x: x, a: a, b: self.name(name), at: range)
        case .namespaceOrFree(let number):
            // Bound through `nonlocal`.
            emit(.storeFree, x: x, a: a, b: index(number), at: range)
        }
    }

    func delete(_ identifier: String, at range: SourceRange) {
        let name = current.mangled(identifier)
        switch variable(name) {
        case .local(let register):
            check(register, at: range)
            emit(.clear, a: operand(register), at: range)
            bound.remove(register)
        case .cell(let register): emit(.deleteCell, a: operand(register), at: range)
        case .free(let number), .namespaceOrFree(let number): emit(.deleteFree, a: index(number), at: range)
        case .global: emit(.deleteGlobal, a: slot(name), at: range)
        case .namespace: emit(.deleteName, a: self.name(name), at: range)
        }
    }

    /// Unbinds a name whether or not it is bound, as at the end of `except … as name`.
    func forget(_ identifier: String, at range: SourceRange) {
        if case .local(let register) = variable(current.mangled(identifier)) {
            emit(.clear, a: operand(register), at: range)
            bound.remove(register)
            return
        }
        let none = take()
        load(.none, into: none, at: range)
        store(identifier, .temporary(none), at: range)
        release(to: none)
        delete(identifier, at: range)
    }

    func load(_ value: CodeConstant, into register: Int, at range: SourceRange) {
        if case .int(let number) = value, let small = Int32(exactly: number) {
            var instruction = Instruction(.loadInt, a: operand(register))
            instruction.wide = small
            if isReachable { builder.append(instruction, at: range) }
        } else {
            emit(.loadConst, a: operand(register), b: constant(value), at: range)
        }
        wrote(register)
    }

    /// Registers of locals that statements in `body` may unbind.
    func unboundRegisters(in body: [Statement]) -> [Int] {
        guard scope.unbindsNames else { return [] }
        var names: Set<String> = []
        UnboundNames.collect(from: body, into: &names)
        return names.compactMap {
            if case .local(let register) = variable(current.mangled($0)) { register } else { nil }
        }
    }
}

/// The names that statements unbind: `del` and the end of `except … as`.
private enum UnboundNames {
    static func collect(from body: [Statement], into names: inout Set<String>) {
        for statement in body {
            switch statement.node {
            case .delete(let targets): for target in targets { collect(from: target, into: &names) }
            case .if(_, let body, let orElse), .while(_, let body, let orElse), .for(_, _, let body, let orElse):
                collect(from: body, into: &names)
                collect(from: orElse, into: &names)
            case .try(let body, let handlers, let orElse, let finally):
                for part in [body, orElse, finally] { collect(from: part, into: &names) }
                for handler in handlers {
                    if let name = handler.name { names.insert(name) }
                    collect(from: handler.body, into: &names)
                }
            case .with(_, let body): collect(from: body, into: &names)
            case .match(_, let cases): for matchCase in cases { collect(from: matchCase.body, into: &names) }
            case .expression, .assign, .augmentedAssign, .annotatedAssign, .pass, .break, .continue, .return, .raise, .assert, .global,
                .nonlocal, .import, .importFrom, .functionDefinition, .classDefinition:
                break
            }
        }
    }

    private static func collect(from target: Expression, into names: inout Set<String>) {
        switch target.node {
        case .name(let name): names.insert(name)
        case .tuple(let items), .list(let items): for item in items { collect(from: item, into: &names) }
        default: break
        }
    }
}
