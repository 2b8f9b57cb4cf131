/// Reads the text that `Disassembler` writes.
package enum Assembler {
    private static let rows: [String: InstructionFormat] = Dictionary(uniqueKeysWithValues: Instruction.formats.map { ($0.mnemonic, $0) })

    package static func program(_ text: String) throws(ProgramError) -> Program {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == "qnb-bpu \(ProgramContainer.version)"[...] else {
            throw .assembly(line: 1, "expected 'qnb-bpu \(ProgramContainer.version)'")
        }
        guard lines.count > 2, lines[1].hasPrefix("header ") else { throw .assembly(line: 2, "expected 'header' and a JSON object") }
        let header: ProgramHeader
        do throws(ProgramError) { header = try ProgramContainer.decodeHeader(Array(lines[1].dropFirst(7).utf8)) } catch {
            throw .assembly(line: 2, "the header is malformed")
        }
        guard lines[2].hasPrefix("constants "), let size = Int(lines[2].dropFirst(10)), size >= 0 else {
            throw .assembly(line: 3, "expected 'constants' and a size")
        }
        var at = 3
        var constants: [UInt8] = []
        while at < lines.count, lines[at] != "instructions" {
            try appendConstants(lines[at], line: at + 1, limit: size, to: &constants)
            at += 1
        }
        guard at < lines.count else { throw .assembly(line: at, "expected 'instructions'") }
        guard constants.count == size else { throw .assembly(line: at + 1, "\(constants.count) bytes of constants, \(size) announced") }
        var instructions: [Instruction] = []
        for number in (at + 1)..<lines.count where !lines[number].allSatisfy({ $0 == " " }) {
            instructions.append(try instruction(lines[number], line: number + 1))
        }
        return Program(header: header, constants: constants, instructions: instructions)
    }

    package static func instruction(_ text: Substring, line: Int) throws(ProgramError) -> Instruction {
        let words = text.split(separator: " ")
        guard let mnemonic = words.first else { throw .assembly(line: line, "expected an instruction") }
        guard let format = rows[String(mnemonic)] else { throw .assembly(line: line, "unknown instruction '\(mnemonic)'") }
        var values = format.defaults
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let index = format.names.firstIndex(of: String(parts[0])) else {
                throw .assembly(line: line, "'\(mnemonic)' has no field '\(parts.first ?? "")'")
            }
            guard let value = Int(parts[1]) else { throw .assembly(line: line, "'\(parts[1])' is not an integer") }
            values[index] = value
        }
        return format.make(values)
    }

    private static func appendConstants(_ text: Substring, line: Int, limit: Int, to bytes: inout [UInt8]) throws(ProgramError) {
        let digits = Array(text.utf8.drop { $0 == 0x20 })
        if text.drop(while: { $0 == " " }).hasPrefix("zero ") {
            guard let count = Int(text.drop { $0 == " " }.dropFirst(5)), count > 0, count <= limit - bytes.count else {
                throw .assembly(line: line, "a bad count of zero bytes")
            }
            bytes += [UInt8](repeating: 0, count: count)
            return
        }
        guard digits.count % 2 == 0 else { throw .assembly(line: line, "an odd number of hexadecimal digits") }
        for k in stride(from: 0, to: digits.count, by: 2) {
            guard let high = nibble(digits[k]), let low = nibble(digits[k + 1]) else { throw .assembly(line: line, "expected hexadecimal digits") }
            bytes.append(high << 4 | low)
        }
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
