extension ExpressionPrinter {
    /// An f-string in the first quotes that leave its fields enough quotes of their own.
    func formatted(_ parts: [FStringPart]) -> String {
        for quote in quotes {
            if let body = body(parts, in: quote, isFormat: false) { return "f" + quote.rawValue + body + quote.rawValue }
        }
        // Only a tree that no text of Python 3.11 gives comes here.
        return "f\"" + (unrestrictedBody(parts) ?? "") + "\""
    }

    private func unrestrictedBody(_ parts: [FStringPart]) -> String? {
        var printer = self
        printer.isInField = false
        return printer.body(parts, in: .double, isFormat: false)
    }

    private func body(_ parts: [FStringPart], in quote: Quote, isFormat: Bool) -> String? {
        var result = ""
        for part in parts {
            switch part {
            case .literal(let text):
                guard let literal = literal(text, in: quote, isFormat: isFormat) else { return nil }
                result += literal
            case .replacement(let value, let conversion, let format, let debugText):
                guard let field = field(value, conversion, format, debugText, in: quote) else { return nil }
                result += field
            }
        }
        return result
    }

    /// Literal text. Nested in another f-string's field it may not hold a backslash.
    private func literal(_ text: String, in quote: Quote, isFormat: Bool) -> String? {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "{" || scalar == "}" {
                result += isFormat ? String(scalar) : String(scalar) + String(scalar)
            } else if isInField {
                if scalar == "\\" || (scalar == "\n" && !quote.isTriple) { return nil }
                result.unicodeScalars.append(scalar)
            } else if scalar == "'", quote == .single || quote == .tripleSingle {
                result += "\\'"
            } else {
                result += StringText.escaped(scalar)
            }
        }
        if isInField, result.contains(quote.rawValue) || (quote.isTriple && result.last == quote.rawValue.last) { return nil }
        return result
    }

    private func field(
        _ value: Expression, _ conversion: FStringPart.Conversion?, _ format: [FStringPart]?, _ debugText: String?, in quote: Quote
    ) -> String? {
        var printer = self
        printer.isInField = true
        printer.quotes = quotes.filter { $0 != quote && !(quote == .double && $0 == .tripleDouble) && !(quote == .single && $0 == .tripleSingle) }
        var text = debugText ?? printer.bareField(value)
        if text.contains(quote.rawValue) || text.contains("\\") || (text.contains("\n") && !quote.isTriple) { return nil }
        if debugText == nil, text.hasPrefix("{") { text = " " + text }
        let isImplied = debugText != nil && format == nil && conversion == .repr
        if let conversion, !isImplied { text += "!\(Character(UnicodeScalar(conversion.rawValue)))" }
        if let format {
            guard let formatText = body(format, in: quote, isFormat: true) else { return nil }
            text += ":" + formatText
        }
        return "{" + text + "}"
    }

    private func bareField(_ value: Expression) -> String { text(value) }
}
