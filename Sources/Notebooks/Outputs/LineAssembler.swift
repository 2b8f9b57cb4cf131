/// Turns what a program writes into the lines a terminal would show in the end, piece by piece and in bounded memory.
///
/// `\n` ends a line; `\r` goes back to its start, so that a progress bar leaves its last state; ANSI sequences vanish, of them erase-line is
/// obeyed; tabs stay; every other control character and the separators U+2028/2029 become U+FFFD; blanks at the end of a line are cut;
/// the address in a default `repr` (`<T object at 0x7f…>`), another one in every run, becomes `0x…`.
package struct LineAssembler: Sendable {
    private var line: [Unicode.Scalar] = []
    private var cursor = 0
    private var dropped = 0
    private var escape = EscapeState.none
    private var hasStarted = false

    /// Characters kept of one line; what is written beyond is counted only.
    package static let maximumLineLength = 8192

    private enum EscapeState: Sendable {
        case none, started, controlSequence([UInt8]), string, stringEscape, oneMore
    }

    package init() {}

    /// Whether something was written since the last line end.
    package var isOpen: Bool { hasStarted }

    /// The unfinished line as it stands.
    package var current: String { finished() }

    package mutating func feed(_ text: String, line emit: (String) -> Void) {
        for scalar in text.unicodeScalars {
            if case .none = escape {
                switch scalar.value {
                case 0x0A:
                    emit(finished())
                    reset()
                case 0x0D: cursor = 0
                case 0x1B: escape = .started
                case 0x09, 0x20...0x7E: put(scalar)
                case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029: put("\u{FFFD}")
                default: put(scalar)
                }
            } else {
                advanceEscape(scalar)
            }
        }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        hasStarted = true
        if cursor < line.count {
            line[cursor] = scalar
            cursor += 1
        } else if line.count < Self.maximumLineLength {
            line.append(scalar)
            cursor += 1
        } else {
            dropped += 1
        }
    }

    private mutating func reset() {
        line.removeAll(keepingCapacity: true)
        cursor = 0
        dropped = 0
        hasStarted = false
    }

    private func finished() -> String {
        var end = line.count
        if dropped == 0 {
            while end > 0, line[end - 1] == " " || line[end - 1] == "\t" { end -= 1 }
        }
        var text = String.UnicodeScalarView()
        Self.append(line[..<end], to: &text)
        let note = dropped > 0 ? " … \(PayloadWriter.grouped(dropped)) more characters" : ""
        return String(text) + note
    }

    private static let addressStart = Array(" at 0x".unicodeScalars)

    private static func append(_ line: ArraySlice<Unicode.Scalar>, to text: inout String.UnicodeScalarView) {
        var copied = line.startIndex
        var index = line.startIndex
        while index < line.endIndex {
            defer { index += 1 }
            guard line[index] == "x", index - line.startIndex >= 5, line[(index - 5)...index].elementsEqual(addressStart) else { continue }
            let digits = line[(index + 1)...].prefix { $0.isASCII && $0.properties.isASCIIHexDigit }
            guard digits.count >= 6, digits.endIndex < line.endIndex, line[digits.endIndex] == ">" else { continue }
            text.append(contentsOf: line[copied...index])
            text.append("…")
            copied = digits.endIndex
        }
        text.append(contentsOf: line[copied...])
    }

    private mutating func advanceEscape(_ scalar: Unicode.Scalar) {
        switch escape {
        case .none: break
        case .started:
            switch scalar {
            case "[": escape = .controlSequence([])
            case "]", "P", "X", "^", "_": escape = .string
            case "(", ")", "*", "+", "#", "%", " ": escape = .oneMore
            default: escape = .none
            }
        case .oneMore: escape = .none
        case .controlSequence(let parameters):
            if scalar.value >= 0x40, scalar.value <= 0x7E {
                escape = .none
                if scalar == "K" { eraseLine(parameters) }
            } else if scalar.value >= 0x20, scalar.value < 0x40, parameters.count < 32 {
                escape = .controlSequence(parameters + [UInt8(scalar.value)])
            } else {
                escape = .none
            }
        case .string:
            if scalar.value == 0x07 || scalar.value == 0x0A { escape = .none } else if scalar.value == 0x1B { escape = .stringEscape }
        case .stringEscape: escape = .none
        }
    }

    private mutating func eraseLine(_ parameters: [UInt8]) {
        switch String(decoding: parameters, as: UTF8.self) {
        case "", "0": line.removeSubrange(min(cursor, line.count)...)
        case "2":
            line.removeAll(keepingCapacity: true)
            cursor = 0
        default: return
        }
        dropped = 0
    }

    /// A whole text's lines; a final line end opens no further line.
    package static func lines(of text: String) -> [String] {
        var assembler = LineAssembler()
        var lines: [String] = []
        assembler.feed(text) { lines.append($0) }
        if assembler.isOpen { lines.append(assembler.current) }
        return lines
    }
}
