/// The keys an option line (`#| key: value`) may have: Quarto's names where Quarto has one, then ours.
package enum CellOption: String, Sendable, CaseIterable {
    case label
    case eval
    case echo
    case output
    case include
    case error
    case warning
    case codeFold = "code-fold"
    case codeSummary = "code-summary"
    case figCap = "fig-cap"
    case figAlt = "fig-alt"
    case tblCap = "tbl-cap"
    case cache
    case timeout
    case raises
    case check
    case deps
    case seed
    case tags
    case limit

    package enum ValueType: Sendable, Equatable {
        case flag
        case text
        case label
        case seconds
        case natural
        case names
        /// true, false or one of the words.
        case flagOr([String])
        case checkRule
    }

    package struct Rule: Sendable {
        package let type: ValueType
        /// Part of the cell's hash: changing it can change what the cell does or what is stored.
        package let isExecuting: Bool
        /// May be given for all cells under `execute:` in the front matter.
        package let hasDefault: Bool
    }

    /// The one table of options: type, part of the hash, may have a default in the front matter.
    package var rule: Rule {
        switch self {
        case .label: Rule(type: .label, isExecuting: false, hasDefault: false)
        case .eval: Rule(type: .flag, isExecuting: true, hasDefault: true)
        case .echo: Rule(type: .flag, isExecuting: false, hasDefault: true)
        case .output: Rule(type: .flagOr(["asis"]), isExecuting: false, hasDefault: true)
        case .include: Rule(type: .flag, isExecuting: false, hasDefault: true)
        case .error: Rule(type: .flag, isExecuting: true, hasDefault: true)
        case .warning: Rule(type: .flag, isExecuting: false, hasDefault: true)
        case .codeFold: Rule(type: .flagOr(["show"]), isExecuting: false, hasDefault: true)
        case .codeSummary: Rule(type: .text, isExecuting: false, hasDefault: true)
        case .figCap: Rule(type: .text, isExecuting: false, hasDefault: false)
        case .figAlt: Rule(type: .text, isExecuting: false, hasDefault: false)
        case .tblCap: Rule(type: .text, isExecuting: false, hasDefault: false)
        case .cache: Rule(type: .flag, isExecuting: false, hasDefault: true)
        case .timeout: Rule(type: .seconds, isExecuting: false, hasDefault: true)
        case .raises: Rule(type: .names, isExecuting: true, hasDefault: false)
        case .check: Rule(type: .checkRule, isExecuting: false, hasDefault: true)
        case .deps: Rule(type: .names, isExecuting: true, hasDefault: false)
        case .seed: Rule(type: .natural, isExecuting: true, hasDefault: false)
        case .tags: Rule(type: .names, isExecuting: false, hasDefault: false)
        case .limit: Rule(type: .natural, isExecuting: true, hasDefault: true)
        }
    }

    /// Checks a value against the table and brings it to its one form (a lone name becomes a list of one).
    package func accept(_ value: ScalarValue) throws(NotebookProblem) -> ScalarValue {
        let type = rule.type
        switch (type, value) {
        case (.flag, .bool), (.flagOr, .bool), (.text, .string), (.names, .list([])): return value
        case (.text, .int), (.text, .float), (.text, .bool), (.text, .null): return .string(value.text)
        case (.flagOr(let words), .string(let word)) where words.contains(word): return value
        case (.label, .string(let label)):
            guard Self.isLabel(label) else { throw .labelForm(label) }
            return value
        case (.seconds, .int(let seconds)) where seconds > 0: return .float(Double(seconds))
        case (.seconds, .float(let seconds)) where seconds > 0 && seconds.isFinite: return value
        case (.natural, .int(let number)) where number >= 0: return value
        case (.names, .string(let name)) where !name.isEmpty: return .list([value])
        case (.names, .list(let values)) where values.allSatisfy({ if case .string(let name) = $0 { !name.isEmpty } else { false } }):
            return value
        case (.checkRule, .string(let text)) where CheckRule(text) != nil: return value
        default: throw .optionValue(key: rawValue, expected: type.expectation, given: value.text)
        }
    }

    /// A letter, then letters, digits, `_`, `-`; not `cell-N`, which names the assets of unlabelled cells.
    package static func isLabel(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.isASCII, first.properties.isAlphabetic else { return false }
        let isWord = text.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-")
        }
        let isReserved = text.hasPrefix("cell-") && text.count > 5 && text.dropFirst(5).allSatisfy(\.isNumber)
        return isWord && !isReserved
    }
}

extension CellOption.ValueType {
    package var expectation: String {
        switch self {
        case .flag: "true or false"
        case .text: "a text"
        case .label: "a label"
        case .seconds: "a positive number of seconds"
        case .natural: "a whole number from 0"
        case .names: "a name or a list of names"
        case .flagOr(let words): "true, false or " + words.joined(separator: ", ")
        case .checkRule: "exact, rtol=X [atol=Y], ellipsis, shape or skip"
        }
    }
}

/// The options of one cell over the notebook's defaults.
package struct CellOptions: Sendable, Equatable {
    package private(set) var own: [CellOption: ScalarValue] = [:]
    package let defaults: [CellOption: ScalarValue]

    package init(defaults: [CellOption: ScalarValue]) { self.defaults = defaults }

    /// False when the option was set before.
    package mutating func set(_ option: CellOption, _ value: ScalarValue) -> Bool { own.updateValue(value, forKey: option) == nil }

    package subscript(option: CellOption) -> ScalarValue? { own[option] ?? defaults[option] }

    private func flag(_ option: CellOption, default value: Bool) -> Bool { if case .bool(let set) = self[option] { set } else { value } }
    private func text(_ option: CellOption) -> String? { if case .string(let set) = self[option] { set } else { nil } }
    private func names(_ option: CellOption) -> [String] {
        guard case .list(let values) = self[option] else { return [] }
        return values.map(\.text)
    }

    package var label: String? { text(.label) }
    package var isEvaluated: Bool { flag(.eval, default: true) }
    /// An error neither stops the run nor fails it.
    package var allowsError: Bool { flag(.error, default: false) }
    package var raises: [String] { names(.raises) }
    package var dependencies: [String] { names(.deps) }
    package var tags: [String] { names(.tags) }
    package var figureAlt: String? { text(.figAlt) ?? text(.figCap) }
    package var figureCaption: String? { text(.figCap) }
    package var tableCaption: String? { text(.tblCap) }
    package var codeSummary: String? { text(.codeSummary) }
    /// For reports: the cell appears at all, its code, its outputs, its code folded (nil: as the report says).
    package var isIncluded: Bool { flag(.include, default: true) }
    package var showsCode: Bool { flag(.echo, default: true) }
    package var showsOutput: Bool { flag(.output, default: true) }
    package var foldsCode: Bool? { if case .bool(let set) = self[.codeFold] { set } else { self[.codeFold] == nil ? nil : false } }
    package var checkRule: CheckRule { text(.check).flatMap { CheckRule($0) } ?? .exact }
    package var timeout: Double? { if case .float(let seconds) = self[.timeout] { seconds } else { nil } }
    package var seed: UInt64? { if case .int(let seed) = self[.seed] { UInt64(exactly: seed) } else { nil } }
    /// Stored lines of text per cell; nil for the format's limit.
    package var limit: Int? { if case .int(let lines) = self[.limit] { lines } else { nil } }

    /// The executing options that are in force, one per line in the order of the table: the first part of the cell's hash.
    package var executingText: String {
        var text = ""
        for option in CellOption.allCases where option.rule.isExecuting {
            if let value = self[option] { text += "\(option.rawValue): \(value.json.compact())\n" }
        }
        return text
    }
}
