import CZlib
import Foundation

/// The `.hbm` file, version 1. All integers are little-endian.
///
///     8 bytes   "QNBBPU\r\n"
///     u32       version
///     u32       CRC-32 of everything that follows
///     3 sections, each: u64 expanded size, u64 stored size, then that many bytes of zlib data
///       1. header: JSON (name, march, segments, inputs, outputs, layers)
///       2. instructions: for each, its code as one byte, then every field of its format as a zigzag varint
///       3. constants
///
/// It is this project's own format: the vendor's container is closed, and neither reads the other's.
package enum ProgramContainer {
    package static let magic: [UInt8] = Array("QNBBPU\r\n".utf8)
    package static let version: UInt32 = 1
    private static let largestSection = 1 << 32

    package static func encode(_ program: Program) throws(ProgramError) -> [UInt8] {
        var body: [UInt8] = []
        for section in [try headerJSON(program.header), encode(program.instructions), program.constants] {
            guard let packed = compress(section) else { throw .container("a section of \(section.count) bytes cannot be compressed") }
            append(UInt64(section.count), 8, to: &body)
            append(UInt64(packed.count), 8, to: &body)
            body += packed
        }
        var file = magic
        append(UInt64(version), 4, to: &file)
        append(UInt64(checksum(body)), 4, to: &file)
        return file + body
    }

    /// Throws when the bytes are not a program of this version, or damaged. Does not verify the program itself.
    package static func decode(_ file: [UInt8]) throws(ProgramError) -> Program {
        guard file.count >= 16, Array(file[0..<8]) == magic else { throw .container("it does not start with the signature of this format") }
        let found = UInt32(truncatingIfNeeded: read(file, 8, 4))
        guard found == version else { throw .container("it has version \(found); this program reads version \(version)") }
        let body = Array(file[16...])
        guard UInt64(checksum(body)) == read(file, 12, 4) else { throw .container("its checksum is wrong: the file is damaged") }
        var at = 0
        let header = try section(body, &at)
        let instructions = try section(body, &at)
        let constants = try section(body, &at)
        guard at == body.count else { throw .container("\(body.count - at) bytes follow the last section") }
        return Program(header: try decodeHeader(header), constants: constants, instructions: try decodeInstructions(instructions))
    }

    package static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) } }

    static func headerJSON(_ header: ProgramHeader) throws(ProgramError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(header)) } catch { throw .container("its header cannot be written: \(error)") }
    }

    static func decodeHeader(_ bytes: [UInt8]) throws(ProgramError) -> ProgramHeader {
        do { return try JSONDecoder().decode(ProgramHeader.self, from: Data(bytes)) } catch { throw .container("its header is malformed") }
    }

    // MARK: instructions

    package static func encode(_ instructions: [Instruction]) -> [UInt8] {
        var bytes: [UInt8] = []
        for instruction in instructions {
            bytes.append(instruction.format.code)
            for value in instruction.fieldValues {
                var rest = UInt64(bitPattern: Int64((value << 1) ^ (value >> 63)))
                while rest >= 0x80 {
                    bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                    rest >>= 7
                }
                bytes.append(UInt8(rest))
            }
        }
        return bytes
    }

    static func decodeInstructions(_ bytes: [UInt8]) throws(ProgramError) -> [Instruction] {
        var list: [Instruction] = []
        var at = 0
        while at < bytes.count {
            let code = Int(bytes[at])
            guard code < Instruction.formats.count else { throw .container("instruction \(list.count) has the unknown code \(code)") }
            let format = Instruction.formats[code]
            at += 1
            var values: [Int] = []
            values.reserveCapacity(format.names.count)
            for _ in format.names {
                guard let value = varint(bytes, &at) else { throw .container("instruction \(list.count) is cut short") }
                values.append(value)
            }
            list.append(format.make(values))
        }
        return list
    }

    private static func varint(_ bytes: [UInt8], _ at: inout Int) -> Int? {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while at < bytes.count, shift < 64 {
            let byte = bytes[at]
            at += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(bitPattern: UInt(result >> 1)) ^ -Int(result & 1) }
            shift += 7
        }
        return nil
    }

    // MARK: sections

    private static func section(_ body: [UInt8], _ at: inout Int) throws(ProgramError) -> [UInt8] {
        guard at + 16 <= body.count else { throw .container("a section is missing") }
        let (size, stored) = (read(body, at, 8), read(body, at + 8, 8))
        at += 16
        // Deflate expands at most 1032 times: a larger claim is damage.
        guard stored <= UInt64(body.count - at), size <= UInt64(largestSection), size / 1040 <= stored else {
            throw .container("a section's size is impossible")
        }
        guard let expanded = expand(body[at..<(at + Int(stored))], Int(size)) else { throw .container("a section cannot be decompressed") }
        at += Int(stored)
        return expanded
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        var size = compressBound(uLong(bytes.count))
        var packed = [UInt8](repeating: 0, count: Int(size))
        // Level 1: weights hardly shrink further, and compilation waits for it.
        guard compress2(&packed, &size, bytes, uLong(bytes.count), 1) == Z_OK else { return nil }
        return Array(packed[0..<Int(size)])
    }

    private static func expand(_ packed: ArraySlice<UInt8>, _ size: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: max(size, 1))
        var count = uLong(size)
        let status = packed.withUnsafeBufferPointer { uncompress(&bytes, &count, $0.baseAddress, uLong($0.count)) }
        guard status == Z_OK, Int(count) == size else { return nil }
        if size == 0 { bytes.removeAll() }
        return bytes
    }

    private static func append(_ value: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for k in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(k)))) }
    }

    private static func read(_ bytes: [UInt8], _ at: Int, _ count: Int) -> UInt64 {
        (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << (8 * UInt64($1)) }
    }
}
