/// A format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
struct FormatSpec {
    enum Align: UInt8 {
        case left = 0x3C, right = 0x3E, center = 0x5E
        /// Padding between sign and digits.
        case inner = 0x3D
    }

    var fill: UInt32 = 0x20
    var align: Align
    /// `+`, `-` or space; 0 when not given.
    var sign: UInt8 = 0
    var coercesNegativeZero = false
    var isAlternate = false
    /// −1: none.
    var width = -1
    /// `,` or `_`; 0 for none.
    var grouping: UInt8 = 0
    /// −1: none.
    var precision = -1
    /// The type letter; 0 when not given.
    var type: UInt32 = 0

    /// ValueError for anything else than a specification; `value` is named in messages.
    init(_ vm: VM, _ text: StringPointer, _ value: Value, defaultAlign: Align) throws(PythonError) {
        align = defaultAlign
        var scanner = Scanner(text)
        let hasFill = takeAlignment(&scanner)
        if case let byte = scanner.byte, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: " ") {
            sign = byte
            scanner.advance()
        }
        coercesNegativeZero = scanner.take(UInt8(ascii: "z"))
        isAlternate = scanner.take(UInt8(ascii: "#"))
        if !hasFill.fill, scanner.take(UInt8(ascii: "0")) {
            fill = 0x30
            if !hasFill.align, defaultAlign == .right { align = .inner }
        }
        if let number = try scanner.integer(vm) { width = number }
        if scanner.take(UInt8(ascii: ",")) { grouping = UInt8(ascii: ",") }
        if scanner.take(UInt8(ascii: "_")) {
            if grouping != 0 { throw vm.valueError("Cannot specify both ',' and '_'.") }
            grouping = UInt8(ascii: "_")
        }
        if scanner.byte == UInt8(ascii: ","), grouping == UInt8(ascii: "_") { throw vm.valueError("Cannot specify both ',' and '_'.") }
        if scanner.take(UInt8(ascii: ".")) {
            guard let number = try scanner.integer(vm) else { throw vm.valueError("Format specifier missing precision") }
            precision = number
        }
        if !scanner.isAtEnd {
            type = scanner.scalar
            scanner.advance()
            if !scanner.isAtEnd {
                throw vm.valueError("Invalid format specifier '\(vm.text(text))' for object of type '\(vm.typeName(value))'")
            }
        }
        try checkGrouping(vm, type == 0 && defaultAlign == .left ? 0x73 : type)
    }

    /// Takes `[fill]align`; says which of the two were there.
    private mutating func takeAlignment(_ scanner: inout Scanner) -> (fill: Bool, align: Bool) {
        if scanner.isAtEnd { return (false, false) }
        var ahead = scanner
        ahead.advance()
        if !ahead.isAtEnd, let given = Align(rawValue: ahead.byte) {
            fill = scanner.scalar
            align = given
            ahead.advance()
            scanner = ahead
            return (true, true)
        }
        if let given = Align(rawValue: scanner.byte) {
            align = given
            scanner.advance()
            return (false, true)
        }
        return (false, false)
    }

    private func checkGrouping(_ vm: VM, _ type: UInt32) throws(PythonError) {
        if grouping == 0 { return }
        switch type {
        case 0, 0x64, 0x65, 0x66, 0x67, 0x45, 0x47, 0x46, 0x25: return
        case 0x62, 0x6F, 0x78, 0x58: if grouping == UInt8(ascii: "_") { return }
        default: break
        }
        let mark = String(UnicodeScalar(grouping))
        throw vm.valueError("Cannot specify '\(mark)' with \(FormatSpec.quoted(type)).")
    }

    /// A type letter in messages: `'x'`, or its number when it would not print.
    static func quoted(_ type: UInt32) -> String {
        type > 32 && type < 128 ? "'\(UnicodeScalar(UInt8(type)))'" : "'\\x\(String(type, radix: 16))'"
    }

    func unknownType(_ vm: VM, _ value: Value) -> PythonError {
        vm.valueError("Unknown format code \(FormatSpec.quoted(type)) for object of type '\(vm.typeName(value))'")
    }

    /// Padding on both sides for content of `length` code points.
    func padding(_ length: Int) -> (left: Int, right: Int) {
        let missing = max(0, width - length)
        switch align {
        case .left: return (0, missing)
        case .right, .inner: return (missing, 0)
        case .center: return (missing / 2, missing - missing / 2)
        }
    }

    /// Reads a specification code point by code point.
    private struct Scanner {
        private let bytes: UnsafePointer<UInt8>
        private let end: Int
        private var place = 0

        init(_ text: StringPointer) {
            bytes = UnsafePointer(text.bytes)
            end = text.pointee.byteCount
        }

        var isAtEnd: Bool { place >= end }
        /// The next byte, 0 at the end.
        var byte: UInt8 { place < end ? bytes[place] : 0 }
        var scalar: UInt32 { UTF8Scalar.decode(bytes + place).code }

        mutating func advance() { place += UTF8Scalar.width(lead: bytes[place]) }

        mutating func take(_ wanted: UInt8) -> Bool {
            if byte != wanted { return false }
            place += 1
            return true
        }

        /// Digits as a number; nil when there are none.
        mutating func integer(_ vm: VM) throws(PythonError) -> Int? {
            var number: Int?
            while place < end, case let digit = bytes[place] &- 0x30, digit < 10 {
                let (tenfold, overflow) = (number ?? 0).multipliedReportingOverflow(by: 10)
                if overflow || tenfold > Int.max - 9 { throw vm.valueError("Too many decimal digits in format string") }
                number = tenfold + Int(digit)
                place += 1
            }
            return number
        }
    }
}
