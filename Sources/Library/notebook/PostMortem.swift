import Diagnostics
import Interpreter

/// The calls that an uncaught exception left and their variables, outermost first: what a debugger looks at afterwards.
///
/// Holds the exception, and so everything its calls could reach.
package final class PostMortem {
    package struct Call {
        /// The function's name, `<module>` for a cell's or file's own code.
        package let function: String
        /// The file, or the cell as `In[3]`.
        package let file: String
        /// The text as its author wrote it.
        package let source: SourceText
        /// Where in it the call was.
        package let range: SourceRange
        /// The part of `source` the function is: 1-based lines.
        package let lines: ClosedRange<Int>
        package let arguments: [String]
        /// Borrowed from the exception. `variables` is a dict, or None where they are the module's.
        let module: Value
        let variables: Value

        /// 1-based in `source`.
        package var line: Int { source.lineIndex(of: range.start) + 1 }
    }

    package let calls: [Call]
    /// `Type: message`
    package let headline: String
    private let exception: Reference

    /// Nil when the exception kept no call: syntax errors, exceptions from before frames were kept.
    init?(_ vm: VM, _ exception: Value, _ sources: CellSources) {
        let entries = exception.object(as: ExceptionObject.self).pointee.traceback.entries
        var calls: [Call] = []
        for entry in entries.reversed() where entry.frame.tag == Tag.tuple {
            let code = entry.code.pointee.code.takeUnretainedValue()
            // How a `%` command reaches the text it runs is of no use to its reader.
            guard code.ranges.indices.contains(entry.instruction), sources.libraryPath(code.source.name)?.hasPrefix("IPython/core/") != true else {
                continue
            }
            let cell = sources.cell(of: code.source)
            let shown = cell?.shown(code.ranges[entry.instruction]) ?? (code.source, code.ranges[entry.instruction])
            let count = shown.0.lineStarts.count
            let isWhole = code.flags.contains(.module) || code.firstLine < 1
            let lines = isWhole ? nil : vm.definitionLines(in: code.source, qualifiedName: code.qualifiedName, firstLine: code.firstLine)
            let offset = code.source.lineOffset
            calls.append(
                Call(
                    function: code.name, file: cell?.cell.file ?? sources.libraryPath(code.source.name) ?? sources.relative(code.source.name),
                    source: shown.0, range: shown.1,
                    lines: lines.map { max(1, $0.lowerBound - offset)...max(1, min(count, $0.upperBound - offset)) } ?? 1...max(1, count),
                    arguments: Array(code.localNames.prefix(code.parameterCount)), module: entry.frame.tuple.items[0],
                    variables: entry.frame.tuple.items[1]))
        }
        guard !calls.isEmpty else { return nil }
        self.calls = calls
        headline = vm.exceptionLine(exception)
        self.exception = Reference(exception, vm.heap)
    }
}

/// How the debugger shows a value.
package enum ValueForm {
    /// Its `repr` on one line.
    case plain
    /// As a cell would.
    case pretty
    /// The name of its class.
    case typeName
}

// MARK: Running text in a call

extension NotebookSession {
    /// Names a call can see as its own, with their values' text.
    func variables(of call: PostMortem.Call) -> [(name: String, value: Value)] {
        guard call.variables.tag == Tag.dict else { return [] }
        let dict = call.variables.dict
        var found: [(String, Value)] = []
        for index in 0..<dict.pointee.used {
            guard let entry = dict.pointee.entries?[index], entry.key.tag == Tag.string else { continue }
            let name = vm.text(entry.key)
            if Self.isIdentifier(name) { found.append((name, entry.value)) }
        }
        return found
    }

    /// Runs a statement with a call's variables, which it may change; returns the text of an expression's value.
    func run(_ text: String, in call: PostMortem.Call, form: ValueForm) throws(PythonError) -> String? {
        let isExpression = try vm.isExpression(SourceText(name: "<debugger>", text: text))
        if !isExpression, call.variables.tag != Tag.dict {
            let record = try vm.compile(SourceText(name: "<debugger>", text: text), for: call.module, mode: .module)
            try vm.execute(record, in: call.module)
            return nil
        }
        let variables = self.variables(of: call)
        let body = isExpression ? "return (\(text)\n    )" : "\(text)\n    return locals()"
        let function = try self.function(parameters: variables.map(\.name), body: body, in: call.module)
        defer { vm.heap.release(function) }
        let result = try vm.call(function, arguments: variables.map(\.value))
        defer { vm.heap.release(result) }
        if isExpression { return try shown(result, form) }
        if result.tag == Tag.dict { try takeOver(result, in: call) }
        return nil
    }

    private func shown(_ value: Value, _ form: ValueForm) throws(PythonError) -> String? {
        switch form {
        case .plain: return try vm.reprText(value)
        case .pretty: return value.isNone ? nil : try PrettyPrinter(vm).text(value)
        case .typeName: return try vm.reprText(vm.typeOf(value).value)
        }
    }

    /// A function of the module, owned, that is bound to no name afterwards.
    private func function(parameters: [String], body: String, in module: Value) throws(PythonError) -> Value {
        let name = "_qnb_debugger"
        let source = SourceText(name: "<debugger>", text: "def \(name)(\(parameters.joined(separator: ", "))):\n    \(body)\n")
        let record = try vm.compile(source, for: module, mode: .module)
        try vm.execute(record, in: module)
        let function = try vm.getAttribute(module, name)
        try vm.deleteAttribute(module, vm.intern(name))
        return function
    }

    private func takeOver(_ changed: Value, in call: PostMortem.Call) throws(PythonError) {
        for index in 0..<changed.dict.pointee.used {
            guard let entry = changed.dict.pointee.entries?[index], !entry.key.isUndefined else { continue }
            try vm.setItem(call.variables, entry.key, entry.value)
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first == "_" else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
}
