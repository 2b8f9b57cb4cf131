/// Everything that can be wrong with a notebook's text, with the sentence that says so beside each case.
package enum NotebookProblem: Error, Sendable, Equatable {
    // Damage: the file's tool-owned parts can no longer be told apart from the user's.
    case blockNeverEnded
    case blockInsideBlock(openedAt: Int)
    case endWithoutBlock
    case blockWithoutCell
    case secondBlock(cellLine: Int)
    case markerInsideFence(fenceLine: Int)
    case malformedMarker(String)
    case unknownMarker(String, suggestion: String?)
    case secondSeal(firstLine: Int)
    case sealInsideBlock(openedAt: Int)
    case fenceNeverClosed(isCell: Bool)
    case fenceSwallowsCell(fenceLine: Int, isCell: Bool)
    case conflictMarker
    case frontMatterNeverClosed
    case sourceNotUTF8

    // Content: the file is whole, but what the user wrote in it cannot be used.
    case yaml(String)
    case frontMatterNotMapping
    case sectionNotMapping(String)
    case parameterName(String)
    case parameterType(name: String, declared: String, given: String)
    case unknownParameter(String, declared: [String])
    case notAChoice(name: String, given: String, choices: [String])
    case unknownExecuteKey(String, suggestion: String?)
    case malformedOption(String)
    case unknownOption(String, suggestion: String?)
    case repeatedOption(String)
    case optionValue(key: String, expected: String, given: String)
    case labelForm(String)
    case repeatedLabel(String, firstLine: Int)
    case unknownLabel(String, suggestion: String?)
    case emptySelection
    case missingDependency(String)

    // Outputs that no longer are what a run wrote.
    case editedOutput
    case missingAsset(String)

    package enum Category: Sendable, Equatable {
        case damage, content, edited, notice
    }

    package var category: Category {
        switch self {
        case .blockNeverEnded, .blockInsideBlock, .endWithoutBlock, .blockWithoutCell, .secondBlock, .markerInsideFence, .malformedMarker,
            .unknownMarker, .secondSeal, .sealInsideBlock, .fenceNeverClosed, .fenceSwallowsCell, .conflictMarker,
            .frontMatterNeverClosed, .sourceNotUTF8:
            .damage
        case .yaml, .frontMatterNotMapping, .sectionNotMapping, .parameterName, .parameterType, .unknownParameter, .notAChoice, .unknownExecuteKey,
            .malformedOption, .unknownOption, .repeatedOption, .optionValue, .labelForm, .repeatedLabel, .unknownLabel, .emptySelection:
            .content
        case .editedOutput: .edited
        case .missingAsset, .missingDependency: .notice
        }
    }

    package var message: String {
        switch self {
        case .blockNeverEnded: "this output block has no end marker"
        case .blockInsideBlock(let line): "an output block starts inside the one opened on line \(line)"
        case .endWithoutBlock: "this end marker closes no output block"
        case .blockWithoutCell: "this output block does not follow a cell"
        case .secondBlock(let line): "the cell on line \(line) already has an output block"
        case .markerInsideFence(let line): "a qnb marker stands inside the code fence opened on line \(line)"
        case .malformedMarker(let text): "this qnb marker cannot be read: \(text)"
        case .unknownMarker(let name, let suggestion): "there is no marker qnb:\(name)" + Self.didYouMean(suggestion.map { "qnb:" + $0 })
        case .secondSeal(let line): "a second seal; the first is on line \(line)"
        case .sealInsideBlock(let line): "a seal stands inside the output block opened on line \(line)"
        case .fenceNeverClosed(let isCell): isCell ? "this cell is never closed" : "this code fence is never closed"
        case .fenceSwallowsCell(let line, let isCell):
            "this looks like a cell, but lies inside the \(isCell ? "cell" : "code fence") opened on line \(line), which is not closed before it"
        case .conflictMarker: "a merge conflict is not resolved"
        case .frontMatterNeverClosed: "the front matter opened here is never closed"
        case .sourceNotUTF8: "this cell's source is not valid UTF-8"
        case .yaml(let text): text
        case .frontMatterNotMapping: "front matter must be a mapping of keys to values"
        case .sectionNotMapping(let name): "'\(name)' must be a mapping of keys to values"
        case .parameterName(let name): "'\(name)' cannot be a parameter: it is not a name"
        case .parameterType(let name, let declared, let given): "parameter '\(name)' is \(declared) in the front matter, but \(given) was given"
        case .unknownParameter(let name, let declared): "the front matter declares no parameter '\(name)'" + Self.instead(of: name, declared)
        case .notAChoice(let name, let given, let choices):
            "parameter '\(name)' cannot be '\(given)'; it is one of \(choices.joined(separator: ", "))"
        case .unknownExecuteKey(let name, let suggestion): "unknown key '\(name)' under 'execute'" + Self.didYouMean(suggestion)
        case .malformedOption(let text): "an option line must read '#| key: value', not '\(text)'"
        case .unknownOption(let name, let suggestion): "unknown cell option '\(name)'" + Self.didYouMean(suggestion)
        case .repeatedOption(let name): "option '\(name)' is given twice"
        case .optionValue(let key, let expected, let given): "option '\(key)' takes \(expected), not '\(given)'"
        case .labelForm(let label):
            "label '\(label)' must start with a letter, hold only letters, digits, '_' and '-', and not have the form cell-N"
        case .repeatedLabel(let label, let line): "label '\(label)' is already used by the cell on line \(line)"
        case .unknownLabel(let label, let suggestion): "no cell has the label '\(label)'" + Self.didYouMean(suggestion)
        case .emptySelection: "the selection holds no cell: its first cell comes after its last"
        case .missingDependency(let path): "dependency '\(path)' does not exist"
        case .editedOutput: "this output was edited by hand since it was written"
        case .missingAsset(let path): "asset '\(path)' is missing"
        }
    }

    /// What the user can do about it, where that is not plain from the message.
    package var hint: String? {
        switch self {
        case .markerInsideFence: "if the text is meant literally, put a blank or a backslash before '<!-- qnb:'"
        case .fenceNeverClosed(isCell: false): "close it with a line of at least as many fence characters"
        case .fenceSwallowsCell: "close the earlier fence, or give it more fence characters than this line has"
        case .conflictMarker, .blockNeverEnded, .blockInsideBlock, .endWithoutBlock, .blockWithoutCell, .secondBlock, .malformedMarker,
            .unknownMarker, .secondSeal, .sealInsideBlock:
            "'qnb fix' removes damaged markers and resolves conflicts inside outputs"
        case .editedOutput: "run with --overwrite-edited to replace it, or take the sum out of its end marker"
        default: nil
        }
    }

    private static func instead(of name: String, _ declared: [String]) -> String {
        if let suggestion = nearestMatch(to: name, among: declared) { return didYouMean(suggestion) }
        return declared.isEmpty ? "" : "; those it declares are \(declared.joined(separator: ", "))"
    }

    private static func didYouMean(_ suggestion: String?) -> String { suggestion.map { "; did you mean '\($0)'?" } ?? "" }
}

/// A problem with its place; every message about a notebook starts `file.qnb:LINE:COL:`.
package struct NotebookDiagnostic: Sendable, Equatable, CustomStringConvertible {
    package let file: String
    /// 1-based; 0 when the problem is with the command line, not with a line of the file.
    package let line: Int
    /// 1-based, in characters.
    package let column: Int
    package let problem: NotebookProblem

    package init(file: String, line: Int, column: Int = 1, _ problem: NotebookProblem) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
    }

    /// Place and message without the hint.
    package var headline: String { (line > 0 ? "\(file):\(line):\(column)" : file) + ": " + problem.message }

    package var description: String { headline + (problem.hint.map { "\n  hint: \($0)" } ?? "") }
}

/// The reasons why a notebook cannot be used as it is, in the order of their lines; never empty.
package struct NotebookRefusal: Error, Sendable, Equatable {
    package let diagnostics: [NotebookDiagnostic]

    package init(_ diagnostics: [NotebookDiagnostic]) {
        precondition(!diagnostics.isEmpty, "a refusal gives its reasons")
        self.diagnostics = diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }

    /// One text per diagnostic; a hint is given once, after the last diagnostic that it helps with.
    package var messages: [String] {
        diagnostics.enumerated().map { index, diagnostic in
            let isRepeated = diagnostics[(index + 1)...].contains { $0.problem.hint == diagnostic.problem.hint }
            return isRepeated ? diagnostic.headline : diagnostic.description
        }
    }

    package var isDamage: Bool { diagnostics.contains { $0.problem.category == .damage } }
}
