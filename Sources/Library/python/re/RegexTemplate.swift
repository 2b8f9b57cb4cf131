/// A replacement text: literal parts and group references.
struct RegexTemplate {
    enum Part {
        case literal([UInt8])
        case group(Int)
    }
    private(set) var parts: [Part] = []

    /// Adds the template with the groups of the last search put in.
    func append(_ groups: UnsafeMutablePointer<Int>, _ subject: RegexSubject, to output: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let bytes): output.append(contentsOf: bytes)
            case .group(let index):
                let (from, to) = (groups[2 * index], groups[2 * index + 1])
                if from >= 0, to >= 0 { output.append(contentsOf: subject.part(from, to)) }
            }
        }
    }

    init(_ text: [UInt8], _ pattern: RegexPattern) throws(RegexProblem) {
        var literal: [UInt8] = []
        var index = 0
        func flush(_ literal: inout [UInt8], _ parts: inout [Part]) {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
        }
        while index < text.count {
            let byte = text[index]
            guard byte == UInt8(ascii: "\\") else {
                literal.append(byte)
                index += 1
                continue
            }
            guard index + 1 < text.count else { throw RegexProblem(message: "bad escape (end of pattern)", position: index) }
            let start = index
            let letter = text[index + 1]
            index += 2
            switch letter {
            case UInt8(ascii: "g"):
                guard index < text.count, text[index] == UInt8(ascii: "<") else { throw RegexProblem(message: "missing <", position: index) }
                guard let close = text[index...].firstIndex(of: UInt8(ascii: ">")) else {
                    throw RegexProblem(message: "missing >, unterminated name", position: index + 1)
                }
                let name = String(decoding: text[(index + 1)..<close], as: UTF8.self)
                if name.isEmpty { throw RegexProblem(message: "missing group name", position: index + 1) }
                flush(&literal, &parts)
                if let number = Int(name), number >= 0 {
                    if number > pattern.program.groupCount { throw RegexProblem(message: "invalid group reference \(number)", position: index + 1) }
                    parts.append(.group(number))
                } else if let group = pattern.groupNames.first(where: { $0.name == name }) {
                    parts.append(.group(group.index))
                } else if name.utf8.allSatisfy({ RegexCharacter.isWord(UInt32($0), isASCII: false) }) {
                    throw RegexProblem(message: "unknown group name '\(name)'", position: index + 1)
                } else {
                    throw RegexProblem(message: "bad character in group name '\(name)'", position: index + 1)
                }
                index = close + 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                var digits = [letter]
                let isOctal = letter == UInt8(ascii: "0")
                while index < text.count, digits.count < 3, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) {
                    let octal = digits.count == 2 || isOctal ? text[index] <= UInt8(ascii: "7") : true
                    if !octal { break }
                    if digits.count == 2, !isOctal, !(digits.allSatisfy { $0 <= UInt8(ascii: "7") } && text[index] <= UInt8(ascii: "7")) { break }
                    digits.append(text[index])
                    index += 1
                }
                if isOctal || digits.count == 3 {
                    let value = digits.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) }
                    if value > 0o377 {
                        throw RegexProblem(
                            message: "octal escape value \\\(String(decoding: digits, as: UTF8.self)) outside of range 0-0o377", position: start)
                    }
                    literal.append(contentsOf: String(Unicode.Scalar(UInt8(value))).utf8)
                } else {
                    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
                    if number > pattern.program.groupCount { throw RegexProblem(message: "invalid group reference \(number)", position: start + 1) }
                    flush(&literal, &parts)
                    parts.append(.group(number))
                }
            case UInt8(ascii: "n"): literal.append(10)
            case UInt8(ascii: "t"): literal.append(9)
            case UInt8(ascii: "r"): literal.append(13)
            case UInt8(ascii: "a"): literal.append(7)
            case UInt8(ascii: "b"): literal.append(8)
            case UInt8(ascii: "f"): literal.append(12)
            case UInt8(ascii: "v"): literal.append(11)
            case UInt8(ascii: "\\"): literal.append(letter)
            default:
                if (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) {
                    throw RegexProblem(message: "bad escape \\\(String(decoding: [letter], as: UTF8.self))", position: start)
                }
                literal.append(UInt8(ascii: "\\"))
                literal.append(letter)
            }
        }
        flush(&literal, &parts)
    }
}
