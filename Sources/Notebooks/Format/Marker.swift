import Markdown

/// How a cell's last execution ended; the raw value stands in the marker, a cell that simply finished carries none.
package enum CellStatus: String, Sendable, Equatable, CaseIterable {
    case done
    case error
    case interrupted
    case timeout
    case running

    /// Whether the outputs are all that the cell has to say.
    package var isComplete: Bool { self == .done || self == .error }
}

/// What the line that opens an output block says.
package struct OutMarker: Sendable, Equatable {
    /// 12 hex digits over what was executed; nil when the block was imported and never verified by a run.
    package var hash: String?
    package var status: CellStatus
    package var isStale: Bool
    /// Seconds the cell took, only under `timing: true`.
    package var seconds: String?

    package init(hash: String?, status: CellStatus = .done, isStale: Bool = false, seconds: String? = nil) {
        self.hash = hash
        self.status = status
        self.isStale = isStale
        self.seconds = seconds
    }
}

/// What the seal line says: the run that the stored outputs come from.
package struct Seal: Sendable, Equatable {
    /// 12 hex digits over all cells, parameters, seed and engine epoch.
    package var chain: String
    /// Ordinals (1-based) of the cells whose outputs that run vouches for; nil for all.
    package var ran: [ClosedRange<Int>]?
    /// Command-line parameter overrides as one line of JSON without blanks; nil without overrides.
    package var overrides: String?
    package var seed: UInt64?

    package init(chain: String, ran: [ClosedRange<Int>]? = nil, overrides: String? = nil, seed: UInt64? = nil) {
        self.chain = chain
        self.ran = ran
        self.overrides = overrides
        self.seed = seed
    }
}

/// A line that starts `<!-- qnb:`: an HTML comment, so that Markdown viewers show nothing.
///
///     <!-- qnb:out in=H [status=S] [t=1.3s] [stale] -->   opens an output block
///     <!-- qnb:end [sum=S] -->                            closes it
///     <!-- qnb:part markdown|html --> … <!-- qnb:part end -->   raw Markdown or HTML inside a block
///     <!-- qnb:seal chain=H [ran=1-7,9] [params=JSON] [seed=N] -->   vouches for the run
///     <!-- qnb:cell -->                                   splits imported prose into Markdown cells
package enum Marker: Sendable, Equatable {
    case out(OutMarker)
    case end(sum: String?)
    case partStart(RawPart)
    case partEnd
    case seal(Seal)
    case cellBreak

    package enum RawPart: String, Sendable, Equatable {
        case markdown, html
    }

    package static let prefix = "<!-- qnb:"
    private static let suffix = "-->"
    private static let names = ["out", "end", "part", "seal", "cell"]

    package var text: String {
        let words: [String]
        switch self {
        case .out(let out):
            words =
                ["out"] + (out.hash.map { ["in=\($0)"] } ?? []) + (out.status == .done ? [] : ["status=\(out.status.rawValue)"])
                + (out.seconds.map { ["t=\($0)"] } ?? []) + (out.isStale ? ["stale"] : [])
        case .end(let sum): words = ["end"] + (sum.map { ["sum=\($0)"] } ?? [])
        case .partStart(let part): words = ["part", part.rawValue]
        case .partEnd: words = ["part", "end"]
        case .seal(let seal):
            words =
                ["seal", "chain=\(seal.chain)"] + (seal.ran.map { ["ran=\(Self.format($0))"] } ?? [])
                + (seal.overrides.map { ["params=\($0)"] } ?? []) + (seal.seed.map { ["seed=\($0)"] } ?? [])
        case .cellBreak: words = ["cell"]
        }
        return Self.prefix + words.joined(separator: " ") + " " + Self.suffix
    }

    package static func isMarker(_ line: ArraySlice<UInt8>) -> Bool { line.starts(with: prefix.utf8) }

    /// Reads a line for which `isMarker` holds; blanks at its end are ignored.
    package static func parse(_ line: String) throws(NotebookProblem) -> Marker {
        let trimmed = line.trimmingTrailingBlanks()
        guard trimmed.hasPrefix(prefix), trimmed.hasSuffix(suffix), trimmed.utf8.count >= prefix.utf8.count + suffix.utf8.count else {
            throw .malformedMarker(trimmed)
        }
        let body = trimmed.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
        guard !endsEarly(body) else { throw .malformedMarker(trimmed) }
        var words = body.split(separator: Ascii.space).map { String(Substring($0)) }
        guard !words.isEmpty else { throw .malformedMarker(trimmed) }
        let name = words.removeFirst()
        guard names.contains(name) else { throw .unknownMarker(name, suggestion: nearestMatch(to: name, among: names)) }
        guard let marker = read(name, words) else { throw .malformedMarker(trimmed) }
        return marker
    }

    /// Whether a marker's body ends the comment, or the line, before its own end.
    private static func endsEarly(_ body: Substring.UTF8View) -> Bool {
        var hyphens = 0
        for byte in body {
            if byte < Ascii.space || hyphens >= 2 && byte == UInt8(ascii: ">") { return true }
            hyphens = byte == UInt8(ascii: "-") ? hyphens + 1 : 0
        }
        return false
    }

    private static func read(_ name: String, _ words: [String]) -> Marker? {
        switch name {
        case "out": return readOut(words)
        case "end":
            if words.isEmpty { return .end(sum: nil) }
            guard words.count == 1, let sum = value(of: "sum", in: words[0]) else { return nil }
            return sum.isEmpty ? .end(sum: nil) : isHex(sum, count: 8) ? .end(sum: sum) : nil
        case "part":
            guard words.count == 1 else { return nil }
            return words[0] == "end" ? .partEnd : RawPart(rawValue: words[0]).map { .partStart($0) }
        case "seal": return readSeal(words)
        default: return words.isEmpty ? .cellBreak : nil
        }
    }

    private static func readOut(_ words: [String]) -> Marker? {
        var out = OutMarker(hash: nil)
        for word in words {
            if word == "stale", !out.isStale {
                out.isStale = true
            } else if let hash = value(of: "in", in: word), out.hash == nil, isHex(hash, count: 12) {
                out.hash = hash
            } else if let name = value(of: "status", in: word), let status = CellStatus(rawValue: name), out.status == .done {
                out.status = status
            } else if let seconds = value(of: "t", in: word), out.seconds == nil, seconds.last == "s", Double(seconds.dropLast()) != nil {
                out.seconds = seconds
            } else {
                return nil
            }
        }
        return .out(out)
    }

    private static func readSeal(_ words: [String]) -> Marker? {
        var chain: String?
        var seal = Seal(chain: "")
        for word in words {
            if let value = value(of: "chain", in: word), chain == nil, isHex(value, count: 12) {
                chain = value
            } else if let text = value(of: "ran", in: word), seal.ran == nil, let ran = ranges(text) {
                seal.ran = ran
            } else if let text = value(of: "params", in: word), seal.overrides == nil, text.hasPrefix("{") {
                seal.overrides = text
            } else if let text = value(of: "seed", in: word), seal.seed == nil, let seed = UInt64(text) {
                seal.seed = seed
            } else {
                return nil
            }
        }
        guard let chain else { return nil }
        seal.chain = chain
        return .seal(seal)
    }

    private static func value(of key: String, in word: String) -> String? {
        guard word.hasPrefix(key), word.utf8.dropFirst(key.utf8.count).first == UInt8(ascii: "=") else { return nil }
        return String(Substring(word.utf8.dropFirst(key.utf8.count + 1)))
    }

    private static func isHex(_ text: String, count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { Ascii.isDigit($0) || ($0 >= 0x61 && $0 <= 0x66) }
    }

    /// `1-7,9` for ordinals 1 to 7 and 9; `-` for none.
    private static func format(_ ranges: [ClosedRange<Int>]) -> String {
        if ranges.isEmpty { return "-" }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
    }

    private static func ranges(_ text: String) -> [ClosedRange<Int>]? {
        if text == "-" { return [] }
        var result: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first.flatMap({ Int($0) }), let last = ends.last.flatMap({ Int($0) }), ends.count <= 2 else { return nil }
            guard first >= 1, first <= last, first > (result.last?.upperBound ?? 0) else { return nil }
            result.append(first...last)
        }
        return result
    }
}

/// The escape that keeps payload lines from reading as markers or as merge conflicts: a line of back-slashes (perhaps none)
/// followed by `<!-- qnb:` or a conflict mark gets one back-slash more.
package enum MarkerEscape {
    package static func escape(_ line: String) -> String { isAffected(line) ? "\\" + line : line }

    package static func unescape(_ line: String) -> String {
        line.utf8.first == Ascii.backslash && isAffected(line) ? String(line.dropFirst()) : line
    }

    package static func isAffected(_ line: String) -> Bool {
        guard let first = line.utf8.first, first == Ascii.backslash || "<|=>".utf8.contains(first) else { return false }
        let rest = ArraySlice(line.utf8.drop { $0 == Ascii.backslash })
        return rest.starts(with: Marker.prefix.utf8) || ConflictScan.isMark(rest)
    }
}

extension String {
    /// The text without blanks and tabs at its end.
    package func trimmingTrailingBlanks() -> String {
        guard let last = utf8.last, last == Ascii.space || last == Ascii.tab else { return self }
        let end = utf8.lastIndex { $0 != Ascii.space && $0 != Ascii.tab }.map { utf8.index(after: $0) } ?? startIndex
        return String(self[..<end])
    }

    package func trimmingBlanks() -> String {
        String(trimmingTrailingBlanks().drop { $0 == " " || $0 == "\t" })
    }
}
