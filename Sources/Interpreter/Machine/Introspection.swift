import Bytecode
import Diagnostics
import Syntax

// What programs may ask about running calls, functions and their source: `sys`, `traceback`, `inspect`.

extension VM {
    /// A running call.
    package struct RunningLine {
        package let line: TraceLine
        /// `__name__` of the module whose code runs.
        package let module: String
    }

    /// The exception being handled, borrowed; None outside handlers.
    package var handledException: Value { handled }

    /// Calls of the language running now.
    package var runningCount: Int { frame - frames }

    /// The running call `depth` levels below the innermost one (0), nil past the outermost.
    package func runningLine(_ depth: Int) -> RunningLine? {
        guard depth >= 0, depth < runningCount else { return nil }
        let place = frame - depth
        let code = place.pointee.code.pointee.code.takeUnretainedValue()
        let index = UnsafePointer(place.pointee.pc) - UnsafePointer(place.pointee.code.pointee.instructions) - 1
        let range = code.ranges.isEmpty ? SourceRange(0, 0) : code.ranges[max(0, min(index, code.ranges.count - 1))]
        let info = place.pointee.module.pointee.info.takeUnretainedValue()
        return RunningLine(line: TraceLine(source: code.source, range: range, name: code.name), module: moduleName(info))
    }

    private func moduleName(_ info: ModuleInfo) -> String {
        if let name = info.value(of: "__name__"), name.tag == Tag.string { return text(name) }
        return info.name
    }

    /// The compiled code of a function or method of the language, nil for anything else.
    package func code(of value: Value) -> Code? {
        switch value.tag {
        case Tag.function: value.object(as: FunctionObject.self).pointee.code.pointee.code.takeUnretainedValue()
        case Tag.boundMethod: code(of: value.object(as: BoundMethodObject.self).pointee.function)
        default: nil
        }
    }

    /// Whether a text is one expression; raises SyntaxError for one that is no program.
    package func isExpression(_ source: SourceText) throws(PythonError) -> Bool {
        do throws(SyntaxProblem) {
            let tree = try parse(module: source)
            guard tree.body.count == 1, case .expression = tree.body[0].node else { return false }
            return true
        } catch {
            throw syntaxError(error)
        }
    }

    /// A parameter as `inspect` sees it.
    package struct ParameterDescription {
        package let name: String
        /// 0 positional-only, 1 positional or keyword, 2 `*args`, 3 keyword-only, 4 `**kwargs`.
        package let kind: Int
        /// Borrowed; undefined when there is none.
        package let defaultValue: Value
    }

    /// The parameters of a function of the language in the order of its signature.
    package func parameters(of function: Value) -> [ParameterDescription]? {
        guard function.tag == Tag.function, let code = code(of: function) else { return nil }
        let record = function.object(as: FunctionObject.self)
        let defaults = record.pointee.defaults.tag == Tag.tuple ? record.pointee.defaults.tuple : nil
        let firstDefault = code.positionalCount - (defaults.map { $0.pointee.count } ?? 0)
        var result: [ParameterDescription] = []
        for index in 0..<code.positionalCount {
            let value = defaults.map { index >= firstDefault ? $0.items[index - firstDefault] : .undefined } ?? Value.undefined
            result.append(
                ParameterDescription(name: code.localNames[index], kind: index < code.positionalOnlyCount ? 0 : 1, defaultValue: value))
        }
        var next = code.positionalCount + code.keywordOnlyCount
        if code.flags.contains(.variadic) {
            result.append(ParameterDescription(name: code.localNames[next], kind: 2, defaultValue: .undefined))
            next += 1
        }
        for index in code.positionalCount..<(code.positionalCount + code.keywordOnlyCount) {
            let name = code.localNames[index]
            let value = record.pointee.keywordDefaults.tag == Tag.dict ? dictValue(record.pointee.keywordDefaults.dict, name) : .undefined
            result.append(ParameterDescription(name: name, kind: 3, defaultValue: value))
        }
        if code.flags.contains(.keywordVariadic) {
            result.append(ParameterDescription(name: code.localNames[next], kind: 4, defaultValue: .undefined))
        }
        return result
    }

    /// The parameters of a native function, method, or class written in Swift; those of a bound method and of a class without the receiver.
    package func nativeParameters(of value: Value) -> [ParameterDescription]? {
        switch value.tag {
        case Tag.builtin:
            return parameters(of: value.object(as: BuiltinObject.self).pointee.function.takeUnretainedValue())
        case Tag.boundMethod:
            return nativeParameters(of: value.object(as: BoundMethodObject.self).pointee.function).map { Array($0.dropFirst()) }
        case Tag.classObject:
            let makers = value.classPointer.info.order.lazy.compactMap { $0.info.construct }
            return makers.first.map { Array(parameters(of: $0).dropFirst()) }
        default: return nil
        }
    }

    private func parameters(of function: NativeFunction) -> [ParameterDescription] {
        let signature = function.reader(self)
        // A default that only says "missing" is shown as `...`.
        func description(_ index: Int, kind: Int) -> ParameterDescription {
            let value = signature.parameters[index].defaultValue
            return ParameterDescription(
                name: signature.parameters[index].name, kind: kind, defaultValue: value.map { $0.isUndefined ? .ellipsis : $0 } ?? .undefined)
        }
        var result = (0..<signature.positional).map { description($0, kind: $0 < signature.positionalOnly ? 0 : 1) }
        if signature.hasVariadic { result.append(ParameterDescription(name: signature.variadicName, kind: 2, defaultValue: .undefined)) }
        for index in signature.positional..<max(signature.positional, signature.parameters.count) { result.append(description(index, kind: 3)) }
        if signature.hasKeywordVariadic {
            result.append(ParameterDescription(name: signature.keywordVariadicName, kind: 4, defaultValue: .undefined))
        }
        return result
    }

    /// Where a text defines a function that begins at `firstLine`, or, without one, the class of a qualified name.
    ///
    /// - Returns: 1-based first and last line, decorators included; nil when the text holds no such definition.
    package func definitionLines(in source: SourceText, qualifiedName: String, firstLine: Int?) -> ClosedRange<Int>? {
        guard let tree = try? parse(module: source) else { return nil }  // Text that does not parse defines nothing.
        let parts = qualifiedName.split(separator: ".").map(String.init).filter { $0 != "<locals>" }
        var found: ClosedRange<Int>?
        DefinitionSearch(source: source).visit(tree.body, path: []) { path, first, last in
            if let firstLine {
                if first == firstLine || path == parts && found == nil && first <= firstLine && firstLine <= last { found = first...last }
            } else if path == parts {
                found = first...last
            }
        }
        return found
    }
}
