import Foundation

/// A program as text that `Assembler` reads back unchanged.
///
///     qnb-bpu 1
///     header {"frames":1,…}
///     constants 512
///       9f01…                     (64 bytes a line; a line `zero N` stands for N zero bytes)
///     instructions
///       conv frames=1 weights=5242880 …   (fields equal to their default are left out)
package enum Disassembler {
    package static func text(_ program: Program) throws(ProgramError) -> String {
        var lines = [
            "qnb-bpu \(ProgramContainer.version)", "header " + String(decoding: try ProgramContainer.headerJSON(program.header), as: UTF8.self),
        ]
        lines.append("constants \(program.constants.count)")
        lines += constantLines(program.constants)
        lines.append("instructions")
        for instruction in program.instructions { lines.append("  " + line(instruction)) }
        return lines.joined(separator: "\n") + "\n"
    }

    package static func line(_ instruction: Instruction) -> String {
        let format = instruction.format
        var text = format.mnemonic
        for (k, value) in instruction.fieldValues.enumerated() where value != format.defaults[k] { text += " \(format.names[k])=\(value)" }
        return text
    }

    private static func constantLines(_ bytes: [UInt8]) -> [String] {
        let digits = Array("0123456789abcdef".utf8)
        var lines: [String] = []
        var zeros = 0
        for start in stride(from: 0, to: bytes.count, by: 64) {
            let chunk = bytes[start..<min(start + 64, bytes.count)]
            if chunk.allSatisfy({ $0 == 0 }) {
                zeros += chunk.count
                continue
            }
            if zeros > 0 { lines.append("  zero \(zeros)") }
            zeros = 0
            var text: [UInt8] = [0x20, 0x20]
            for byte in chunk {
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
            lines.append(String(decoding: text, as: UTF8.self))
        }
        if zeros > 0 { lines.append("  zero \(zeros)") }
        return lines
    }
}
