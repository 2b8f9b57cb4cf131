/// Typing and merging of parameters given outside the notebook.
package enum Parameters {
    /// `name=value` as the command line's `-P` takes it; the value is typed like a literal, and a bare word is a str.
    package static func override(_ text: String) throws(ParameterFailure) -> ScalarValue.Entry {
        guard let equals = text.firstIndex(of: "=") else { throw .noValue(text) }
        let name = String(text[..<equals]).trimmingBlanks()
        guard FrontMatter.isName(name) else { throw .notName(name) }
        let value = String(text[text.index(after: equals)...])
        do {
            return ScalarValue.Entry(name, value.isEmpty ? .string("") : try FlowReader.read(value))
        } catch {
            throw .malformed(name: name, error.message)
        }
    }

    /// All entries of a YAML file, whose top level must be a mapping.
    package static func file(_ text: String) throws(ParameterFailure) -> [ScalarValue.Entry] {
        let root: YAMLNode?
        do {
            root = try YAMLReader.read(text)
        } catch {
            throw .yaml(line: error.line, column: error.column, error.message)
        }
        guard let root else { return [] }
        guard root.isMapping else { throw .yaml(line: root.line, column: root.column, "parameters must be a mapping of names to values") }
        return root.entries.map { ScalarValue.Entry($0.key, $0.node.value) }
    }

    /// The front matter's parameters with overrides in place. An override must name a declared parameter and have its type; an int
    /// may stand for a float; null may become anything.
    package static func merge(_ notebook: Notebook, _ overrides: [ScalarValue.Entry]) throws(NotebookRefusal) -> [ScalarValue.Entry] {
        let declared = notebook.frontMatter.parameters
        var values = declared.map { ScalarValue.Entry($0.name, $0.value) }
        var problems: [NotebookDiagnostic] = []
        for entry in overrides {
            guard let index = declared.firstIndex(where: { $0.name == entry.key }) else {
                problems.append(
                    notebook.diagnostic(
                        notebook.frontMatter.lines?.lowerBound ?? 1, .unknownParameter(entry.key, declared: declared.map(\.name))))
                continue
            }
            let parameter = declared[index]
            func report(_ problem: NotebookProblem) {
                problems.append(NotebookDiagnostic(file: notebook.file, line: parameter.line, column: parameter.column, problem))
            }
            guard let value = fit(entry.value, to: parameter.value) else {
                report(.parameterType(name: entry.key, declared: parameter.value.typeName, given: entry.value.typeName))
                continue
            }
            values[index] = ScalarValue.Entry(entry.key, value)
            if let problem = parameter.refusal(of: value) { report(problem) }
        }
        if !problems.isEmpty { throw NotebookRefusal(problems) }
        return values
    }

    private static func fit(_ value: ScalarValue, to declared: ScalarValue) -> ScalarValue? {
        switch (declared, value) {
        case (.null, _), (.bool, .bool), (.int, .int), (.float, .float), (.string, .string), (.list, .list), (.map, .map): value
        case (.float, .int(let number)): .float(Double(number))
        case (.string, _): .string(value.text)
        default: nil
        }
    }

    /// The overrides that change a declared value, as the seal records them; nil for none.
    package static func sealText(_ notebook: Notebook, _ merged: [ScalarValue.Entry]) -> String? {
        let changed = zip(notebook.frontMatter.parameters, merged).filter { $0.value != $1.value }.map { $0.1 }
        return changed.isEmpty ? nil : ScalarValue.map(changed).json.compact(isMarkerSafe: true)
    }
}

package enum ParameterFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case noValue(String)
    case notName(String)
    case malformed(name: String, String)
    case yaml(line: Int, column: Int, String)

    package var description: String {
        switch self {
        case .noValue(let text): "a parameter is given as name=value, not '\(text)'"
        case .notName(let name): "'\(name)' cannot be a parameter: it is not a name"
        case .malformed(let name, let reason): "parameter '\(name)': \(reason)"
        case .yaml(let line, let column, let reason): "\(line):\(column): \(reason)"
        }
    }
}
