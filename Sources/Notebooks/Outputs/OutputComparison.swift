import Markdown

/// Compares stored with new outputs under a check rule.
package struct OutputComparison {
    private let rule: CheckRule
    private let storedAsset: (String) -> [UInt8]?
    private let newAsset: (String) -> [UInt8]?

    /// The closures give the bytes of assets by their path in the notebook.
    package init(rule: CheckRule, storedAsset: @escaping (String) -> [UInt8]?, newAsset: @escaping (String) -> [UInt8]?) {
        self.rule = rule
        self.storedAsset = storedAsset
        self.newAsset = newAsset
    }

    package func accepts(stored: [OutputItem], new: [OutputItem]) -> Bool {
        if rule == .skip { return true }
        guard stored.count == new.count else { return rule == .ellipsis && acceptsAcrossItems(stored, new) }
        return zip(stored, new).allSatisfy { accepts($0, $1) }
    }

    /// An ellipsis may stand for whole outputs: then the payloads are compared as text.
    private func acceptsAcrossItems(_ stored: [OutputItem], _ new: [OutputItem]) -> Bool {
        Self.matchesEllipsis(PayloadWriter.lines(stored).joined(separator: "\n"), PayloadWriter.lines(new).joined(separator: "\n"))
    }

    private func accepts(_ stored: OutputItem, _ new: OutputItem) -> Bool {
        switch (stored, new) {
        case (.text(let a, let old), .text(let b, let lines)): return a == b && acceptsText(old, lines)
        case (.markdown(let old), .markdown(let lines)), (.html(let old), .html(let lines)), (.unknown(let old), .unknown(let lines)):
            return acceptsText(old, lines)
        case (.table(let old), .table(let table)): return acceptsTable(old, table)
        case (.image(let old), .image(let image)): return acceptsImage(old, image)
        case (.elision(let old, let oldLog), .elision(let count, let log)): return acceptsElision(old, oldLog, count, log)
        default: return rule == .ellipsis && acceptsAcrossItems([stored], [new])
        }
    }

    private func acceptsText(_ stored: [String], _ new: [String]) -> Bool {
        let (stored, new) = (stored.map(LogTime.removed), new.map(LogTime.removed))
        return switch rule {
        case .exact: stored == new
        case .tolerance(let relative, let absolute):
            NumericText.agree(stored.joined(separator: "\n"), new.joined(separator: "\n"), relative: relative, absolute: absolute)
        case .ellipsis: Self.matchesEllipsis(stored.joined(separator: "\n"), new.joined(separator: "\n"))
        case .shape: stored.count == new.count
        case .skip: true
        }
    }

    private func acceptsTable(_ stored: Table, _ new: Table) -> Bool {
        guard stored.header.count == new.header.count, stored.rows.count == new.rows.count, stored.hiddenRows == new.hiddenRows else { return false }
        if rule == .shape { return true }
        guard rule != .exact || (stored.alignments == new.alignments && sameAsset(stored.fullData, new.fullData)) else { return false }
        return zip([stored.header] + stored.rows, [new.header] + new.rows).allSatisfy { zip($0, $1).allSatisfy { acceptsText([$0], [$1]) } }
    }

    private func acceptsImage(_ stored: OutputItem.ImageReference, _ new: OutputItem.ImageReference) -> Bool {
        if rule == .shape { return true }
        guard stored.alt == new.alt, stored.path == new.path else { return false }
        if sameAsset(stored.path, new.path) { return true }
        guard case .tolerance = rule, new.path.hasSuffix(".svg"), let old = storedAsset(stored.path), let bytes = newAsset(new.path) else {
            return false
        }
        return acceptsText([String(decoding: old, as: UTF8.self)], [String(decoding: bytes, as: UTF8.self)])
    }

    /// Without a new log (a check writes none) the count decides.
    private func acceptsElision(_ stored: Int, _ storedLog: String?, _ new: Int, _ newLog: String?) -> Bool {
        switch rule {
        case .exact: stored == new && (newLog == nil || sameAsset(storedLog, newLog))
        case .tolerance, .shape: stored == new
        case .ellipsis, .skip: true
        }
    }

    private func sameAsset(_ stored: String?, _ new: String?) -> Bool {
        guard let stored, let new else { return stored == new }
        if stored.hasPrefix("data:") || new.hasPrefix("data:") { return stored == new }
        guard let old = storedAsset(stored), let bytes = newAsset(new) else { return false }
        return old == bytes
    }

    /// Whether `text` is `pattern` with each `...` or `…` replaced by any text.
    package static func matchesEllipsis(_ pattern: String, _ text: String) -> Bool {
        let pieces = pattern.replacing("…", with: "...").split(separator: "...", omittingEmptySubsequences: false)
        guard pieces.count > 1, let first = pieces.first, let last = pieces.last else { return pattern == text }
        let text = text.replacing("…", with: "...")
        guard text.hasPrefix(first), text.hasSuffix(last), text.count >= first.count + last.count else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}

/// When a line was logged says nothing about whether outputs agree.
package enum LogTime {
    private static let form = Array("[0000-00-00 00:00:00,000]".utf8)

    /// The line without the time that starts it, as `logging` writes it.
    package static func removed(_ line: String) -> String {
        let start = line.utf8.prefix(form.count)
        guard start.count == form.count, zip(start, form).allSatisfy({ $1 == UInt8(ascii: "0") ? Ascii.isDigit($0) : $0 == $1 }) else { return line }
        return String(decoding: line.utf8.dropFirst(form.count), as: UTF8.self)
    }
}

/// Text read as an alternation of words and numbers.
package enum NumericText {
    private enum Token { case number(Double), text(Substring) }

    /// Whether two texts agree: numbers within tolerance, everything else equal up to runs of blanks.
    package static func agree(_ a: String, _ b: String, relative: Double, absolute: Double) -> Bool {
        let left = tokens(a)
        let right = tokens(b)
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { pair in
            switch pair {
            case (.number(let x), .number(let y)): return isClose(x, y, relative: relative, absolute: absolute)
            case (.text(let x), .text(let y)): return x == y
            default: return false
            }
        }
    }

    package static func isClose(_ x: Double, _ y: Double, relative: Double, absolute: Double) -> Bool {
        if x == y || (x.isNaN && y.isNaN) { return true }
        guard x.isFinite, y.isFinite else { return false }
        return abs(x - y) <= absolute + relative * max(abs(x), abs(y))
    }

    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        let bytes = Substring(text).utf8
        var position = bytes.startIndex
        while position < bytes.endIndex {
            let byte = bytes[position]
            if byte <= 0x20 {
                position = bytes.index(after: position)
            } else if let end = numberEnd(bytes, from: position), let value = Double(String(text[position..<end])) {
                tokens.append(.number(value))
                position = end
            } else {
                let start = position
                repeat { position = bytes.index(after: position) } while position < bytes.endIndex && !startsToken(bytes, position, after: byte)
                tokens.append(word(text[start..<position]))
            }
        }
        return tokens
    }

    private static func word(_ text: Substring) -> Token {
        switch text.lowercased() {
        case "nan", "inf", "-inf", "infinity", "-infinity": .number(Double(text) ?? .nan)
        default: .text(text)
        }
    }

    /// Letters and digits make one word (`fc1`), so a number starts only after something that is neither.
    private static func startsToken(_ bytes: Substring.UTF8View, _ position: Substring.Index, after first: UInt8) -> Bool {
        let byte = bytes[position]
        if byte <= 0x20 { return true }
        let before = bytes[bytes.index(before: position)]
        let isInWord = isWord(before)
        return isWord(byte) != isInWord || (!isInWord && numberEnd(bytes, from: position) != nil)
    }

    private static func isWord(_ byte: UInt8) -> Bool { Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 0x80 }

    /// The end of the decimal number at a position: sign, digits, fraction, exponent, and no letter right after.
    private static func numberEnd(_ bytes: Substring.UTF8View, from start: Substring.Index) -> Substring.Index? {
        var position = start
        func current() -> UInt8? { position < bytes.endIndex ? bytes[position] : nil }
        func digits() -> Int {
            var count = 0
            while let byte = current(), Ascii.isDigit(byte) {
                position = bytes.index(after: position)
                count += 1
            }
            return count
        }
        if let byte = current(), byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") { position = bytes.index(after: position) }
        var count = digits()
        if current() == UInt8(ascii: ".") {
            position = bytes.index(after: position)
            count += digits()
        }
        guard count > 0 else { return nil }
        let mantissaEnd = position
        if let byte = current(), byte | 0x20 == UInt8(ascii: "e") {
            position = bytes.index(after: position)
            if let sign = current(), sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position = bytes.index(after: position) }
            if digits() == 0 { position = mantissaEnd }
        }
        if let next = current(), isWord(next) { return nil }
        return position
    }
}
