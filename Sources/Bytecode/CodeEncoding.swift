import Diagnostics

// Code as bytes: what a compiled library is made of. Written and read by the same binary, so arrays of fixed-size records are
// stored as they lie in memory; the reader checks every length, and that every instruction is one.

/// The bytes are no code.
package struct CodeDamage: Error {}

/// Writes a module's code and the names of its globals, in the order of their slots.
package struct CodeEncoder {
    private var bytes: [UInt8] = []

    package static func encode(_ code: Code, globals: [String]) -> [UInt8] {
        var encoder = CodeEncoder()
        encoder.add(globals)
        encoder.add(code)
        return encoder.bytes
    }

    private mutating func add(_ number: Int) { withUnsafeBytes(of: Int64(number)) { bytes.append(contentsOf: $0) } }

    private mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(_ texts: [String]) {
        add(texts.count)
        for text in texts { add(text) }
    }

    /// `T` is trivial: integers all the way down.
    private mutating func add<T>(records: [T]) {
        add(records.count)
        records.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func add(_ code: Code) {
        add(code.name)
        add(code.qualifiedName)
        for number in [
            code.firstLine, Int(code.flags.rawValue), code.positionalOnlyCount, code.positionalCount, code.keywordOnlyCount, code.registerCount,
        ] {
            add(number)
        }
        add(code.documentation.map { [$0] } ?? [])
        add(records: code.instructions)
        add(records: code.ranges)
        add(code.names)
        add(records: code.cacheNames)
        add(records: code.handlers)
        add(code.inlinedScopes.count)
        for scope in code.inlinedScopes {
            add(scope.name)
            for number in [scope.start, scope.end, scope.range.start, scope.range.end] { add(Int(number)) }
        }
        add(code.localNames)
        add(code.freeNames)
        add(records: code.cellRegisters)
        add(code.constants)
    }

    private mutating func add(_ constants: [CodeConstant]) {
        add(constants.count)
        for constant in constants { add(constant) }
    }

    private mutating func add(_ constant: CodeConstant) {
        switch constant {
        case .none: bytes.append(0)
        case .ellipsis: bytes.append(1)
        case .bool(let value): bytes.append(value ? 3 : 2)
        case .int(let value):
            bytes.append(4)
            add(value)
        case .bigInt(let digits, let radix):
            bytes.append(5)
            add(digits)
            add(radix)
        case .float(let value):
            bytes.append(6)
            add(Int(bitPattern: UInt(value.bitPattern)))
        case .string(let text):
            bytes.append(7)
            add(text)
        case .surrogateString(let content):
            bytes.append(8)
            add(records: content)
        case .bytes(let content):
            bytes.append(9)
            add(records: content)
        case .tuple(let items):
            bytes.append(10)
            add(items)
        case .frozenSet(let items):
            bytes.append(11)
            add(items)
        case .code(let code):
            bytes.append(12)
            add(code)
        }
    }
}

/// Reads what `CodeEncoder` wrote.
package struct CodeDecoder {
    private let bytes: UnsafeRawBufferPointer
    private let source: SourceText
    private var position = 0
    private var depth = 0

    /// The code and the names of its module's globals.
    package static func decode(_ bytes: [UInt8], source: SourceText) throws(CodeDamage) -> (code: Code, globals: [String]) {
        // A closure would have to carry the typed error through a generic function.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        var decoder = CodeDecoder(bytes: UnsafeRawBufferPointer(memory), source: source)
        let globals = try decoder.texts()
        let code = try decoder.code()
        guard decoder.position == bytes.count else { throw CodeDamage() }
        return (code, globals)
    }

    private init(bytes: UnsafeRawBufferPointer, source: SourceText) {
        self.bytes = bytes
        self.source = source
    }

    private mutating func take(_ count: Int) throws(CodeDamage) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= bytes.count - position else { throw CodeDamage() }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<(position + count)])
    }

    private mutating func byte() throws(CodeDamage) -> UInt8 { try take(1)[0] }

    private mutating func number() throws(CodeDamage) -> Int { Int(try take(8).loadUnaligned(as: Int64.self)) }

    /// A number of things that take at least `size` bytes each.
    private mutating func count(of size: Int) throws(CodeDamage) -> Int {
        let count = try number()
        guard count >= 0, count <= (bytes.count - position) / size else { throw CodeDamage() }
        return count
    }

    private mutating func text() throws(CodeDamage) -> String { String(decoding: try take(try number()), as: UTF8.self) }

    private mutating func texts() throws(CodeDamage) -> [String] {
        var texts: [String] = []
        let count = try self.count(of: 8)
        texts.reserveCapacity(count)
        for _ in 0..<count { texts.append(try text()) }
        return texts
    }

    private mutating func records<T>(_ type: T.Type) throws(CodeDamage) -> [T] {
        let count = try self.count(of: MemoryLayout<T>.stride)
        let content = try take(count * MemoryLayout<T>.stride)
        return [T](unsafeUninitializedCapacity: count) { buffer, filled in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: content)
            filled = count
        }
    }

    private mutating func instructions() throws(CodeDamage) -> [Instruction] {
        let words = try records(UInt64.self)
        for word in words where Opcode(rawValue: UInt8(truncatingIfNeeded: word)) == nil { throw CodeDamage() }
        return words.map { word in
            Instruction(
                Opcode(rawValue: UInt8(truncatingIfNeeded: word)) ?? .nop, x: UInt8(truncatingIfNeeded: word >> 8),
                a: UInt16(truncatingIfNeeded: word >> 16), b: UInt16(truncatingIfNeeded: word >> 32), c: UInt16(truncatingIfNeeded: word >> 48))
        }
    }

    private mutating func code() throws(CodeDamage) -> Code {
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else { throw CodeDamage() }
        let name = try text()
        let qualifiedName = try text()
        let firstLine = try number()
        let flags = Code.Flags(rawValue: UInt16(truncatingIfNeeded: try number()))
        let positionalOnlyCount = try number()
        let positionalCount = try number()
        let keywordOnlyCount = try number()
        let registerCount = try number()
        let documentation = try texts().first
        let instructions = try self.instructions()
        let ranges = try records(SourceRange.self)
        guard ranges.count == instructions.count else { throw CodeDamage() }
        let names = try texts()
        let cacheNames = try records(UInt16.self)
        let handlers = try records(Code.Handler.self)
        let inlinedScopes = try scopes()
        let localNames = try texts()
        let freeNames = try texts()
        let cellRegisters = try records(Int.self)
        return Code(
            name: name, qualifiedName: qualifiedName, source: source, firstLine: firstLine, flags: flags, documentation: documentation,
            instructions: instructions, ranges: ranges, constants: try constants(), names: names, cacheNames: cacheNames, handlers: handlers,
            inlinedScopes: inlinedScopes, positionalOnlyCount: positionalOnlyCount, positionalCount: positionalCount,
            keywordOnlyCount: keywordOnlyCount, localNames: localNames, freeNames: freeNames, cellRegisters: cellRegisters,
            registerCount: registerCount)
    }

    private mutating func scopes() throws(CodeDamage) -> [Code.InlinedScope] {
        var scopes: [Code.InlinedScope] = []
        for _ in 0..<(try count(of: 40)) {
            let name = try text()
            var numbers: [Int32] = []
            for _ in 0..<4 { numbers.append(Int32(truncatingIfNeeded: try number())) }
            scopes.append(
                Code.InlinedScope(start: numbers[0], end: numbers[1], name: name, range: SourceRange(start: numbers[2], end: numbers[3])))
        }
        return scopes
    }

    private mutating func constants() throws(CodeDamage) -> [CodeConstant] {
        depth += 1
        defer { depth -= 1 }
        guard depth < 200 else { throw CodeDamage() }
        var constants: [CodeConstant] = []
        let count = try self.count(of: 1)
        constants.reserveCapacity(count)
        for _ in 0..<count { constants.append(try constant()) }
        return constants
    }

    private mutating func constant() throws(CodeDamage) -> CodeConstant {
        switch try byte() {
        case 0: return .none
        case 1: return .ellipsis
        case 2: return .bool(false)
        case 3: return .bool(true)
        case 4: return .int(try number())
        case 5:
            let digits = try text()
            return .bigInt(digits: digits, radix: try number())
        case 6: return .float(Double(bitPattern: UInt64(UInt(bitPattern: try number()))))
        case 7: return .string(try text())
        case 8: return .surrogateString(try records(UInt8.self))
        case 9: return .bytes(try records(UInt8.self))
        case 10: return .tuple(try constants())
        case 11: return .frozenSet(try constants())
        case 12: return .code(try code())
        default: throw CodeDamage()
        }
    }
}
