import Markdown

/// The YAML between `---` lines at the head of a notebook: `title`, `params`, `choices` (the values a parameter may take), `execute`
/// (defaults of cell options) and `report`; any other key belongs to the user's other tools and is kept unread.
package struct FrontMatter: Sendable, Equatable {
    /// From the opening to the closing `---`; nil without front matter.
    package let lines: ClosedRange<Int>?
    package let root: YAMLNode?
    package private(set) var parameters: [Parameter] = []
    package private(set) var defaults: [CellOption: ScalarValue] = [:]
    /// Writes each cell's duration into its marker.
    package private(set) var recordsTiming = false

    package struct Parameter: Sendable, Equatable {
        package let name: String
        package let value: ScalarValue
        /// The values it may take; empty for any of its type.
        package fileprivate(set) var choices: [ScalarValue] = []
        package let line: Int
        package let column: Int

        /// Why the parameter cannot be `value`, nil where it can.
        package func refusal(of value: ScalarValue) -> NotebookProblem? {
            choices.isEmpty || choices.contains(value) ? nil : .notAChoice(name: name, given: value.text, choices: choices.map(\.text))
        }
    }

    package static let empty = FrontMatter(lines: nil, root: nil)

    package var title: String? { root?["title"]?.value.text }
    package var report: YAMLNode? { root?["report"] }

    private init(lines: ClosedRange<Int>?, root: YAMLNode?) {
        self.lines = lines
        self.root = root
    }

    /// Where front matter lies: the first line is `---` and is followed by a non-blank line, a later one is `---` or `...`
    /// and comes before any code fence and any marker. A document that merely starts with a rule has none.
    package static func find(in source: SourceLines, firstMarker: Int?) -> (lines: ClosedRange<Int>?, isUnclosed: Bool) {
        guard source.count >= 2, isRule(line(1, of: source)), !source.isBlank(2) else { return (nil, false) }
        var looksLikeYAML = false
        for number in 2...source.count {
            let text = source[number]
            if isRule(text) || text.elementsEqual("...".utf8) { return (1...number, false) }
            if number == firstMarker || text.starts(with: "```".utf8) || text.starts(with: "~~~".utf8) { break }
            if number == 2 { looksLikeYAML = isKey(text) }
        }
        return (nil, looksLikeYAML)
    }

    private static func line(_ number: Int, of source: SourceLines) -> ArraySlice<UInt8> {
        let line = source[number]
        return number == 1 && line.starts(with: Ascii.byteOrderMark) ? line.dropFirst(3) : line
    }

    private static func isRule(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "---".utf8) && line.dropFirst(3).allSatisfy { $0 == Ascii.space || $0 == Ascii.tab }
    }

    private static func isKey(_ line: ArraySlice<UInt8>) -> Bool {
        let name = line.prefix { Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
        return !name.isEmpty && line.dropFirst(name.count).first == UInt8(ascii: ":")
    }

    /// Reads and types front matter; problems are appended with their places in the file.
    package static func read(
        _ lines: ClosedRange<Int>, of source: SourceLines, file: String, into diagnostics: inout [NotebookDiagnostic]
    ) -> FrontMatter {
        guard lines.count > 2 else { return FrontMatter(lines: lines, root: nil) }
        var text = ""
        for number in lines.lowerBound + 1..<lines.upperBound { text += source.text(number) + "\n" }
        let root: YAMLNode?
        do {
            root = try YAMLReader.read(text, firstLine: lines.lowerBound + 1)
        } catch {
            diagnostics.append(NotebookDiagnostic(file: file, line: error.line, column: error.column, .yaml(error.message)))
            return FrontMatter(lines: lines, root: nil)
        }
        var result = FrontMatter(lines: lines, root: root)
        guard let root else { return result }
        guard root.isMapping else {
            diagnostics.append(NotebookDiagnostic(file: file, line: root.line, column: root.column, .frontMatterNotMapping))
            return result
        }
        result.readParameters(file: file, into: &diagnostics)
        result.readChoices(file: file, into: &diagnostics)
        result.readExecute(file: file, into: &diagnostics)
        return result
    }

    private func section(_ name: String, file: String, into diagnostics: inout [NotebookDiagnostic]) -> [YAMLNode.Entry] {
        guard let node = root?[name], node.value != .null else { return [] }
        if !node.isMapping { diagnostics.append(NotebookDiagnostic(file: file, line: node.line, column: node.column, .sectionNotMapping(name))) }
        return node.entries
    }

    private mutating func readParameters(file: String, into diagnostics: inout [NotebookDiagnostic]) {
        for entry in section("params", file: file, into: &diagnostics) {
            if Self.isName(entry.key) {
                parameters.append(Parameter(name: entry.key, value: entry.node.value, line: entry.line, column: entry.column))
            } else {
                diagnostics.append(NotebookDiagnostic(file: file, line: entry.line, column: entry.column, .parameterName(entry.key)))
            }
        }
    }

    private mutating func readChoices(file: String, into diagnostics: inout [NotebookDiagnostic]) {
        for entry in section("choices", file: file, into: &diagnostics) {
            func report(_ problem: NotebookProblem) {
                diagnostics.append(NotebookDiagnostic(file: file, line: entry.line, column: entry.column, problem))
            }
            guard let index = parameters.firstIndex(where: { $0.name == entry.key }) else {
                report(.unknownParameter(entry.key, declared: parameters.map(\.name)))
                continue
            }
            guard case .list(let choices) = entry.node.value, !choices.isEmpty else {
                report(.optionValue(key: "choices", expected: "a list of values", given: entry.node.value.text))
                continue
            }
            parameters[index].choices = choices
            if let problem = parameters[index].refusal(of: parameters[index].value) { report(problem) }
        }
    }

    private mutating func readExecute(file: String, into diagnostics: inout [NotebookDiagnostic]) {
        let known = CellOption.allCases.filter(\.rule.hasDefault).map(\.rawValue) + ["timing"]
        for entry in section("execute", file: file, into: &diagnostics) {
            func report(_ problem: NotebookProblem) {
                diagnostics.append(NotebookDiagnostic(file: file, line: entry.line, column: entry.column, problem))
            }
            if entry.key == "timing" {
                guard case .bool(let isOn) = entry.node.value else {
                    report(.optionValue(key: "timing", expected: "true or false", given: entry.node.value.text))
                    continue
                }
                recordsTiming = isOn
            } else if let option = CellOption(rawValue: entry.key), option.rule.hasDefault {
                do {
                    defaults[option] = try option.accept(entry.node.value)
                } catch {
                    report(error)
                }
            } else {
                report(.unknownExecuteKey(entry.key, suggestion: nearestMatch(to: entry.key, among: known)))
            }
        }
    }

    /// Whether a parameter of that name can be read as `params.name`.
    package static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isXIDStart || first == "_" else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || $0 == "_" }
    }
}
