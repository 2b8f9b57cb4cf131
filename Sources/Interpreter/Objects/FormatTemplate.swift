// str.format: replacement fields with attributes, items, conversions and nested specifications.

extension VM {
    /// `template.format(*positional, **keywords)`: a tuple (undefined for `format_map`) and a mapping.
    func formatTemplate(_ template: StringPointer, _ positional: Value, _ keywords: Value) throws(PythonError) -> Value {
        var formatter = TemplateFormatter(self, template, positional, keywords)
        return try formatter.format(0..<template.pointee.byteCount, depth: 2)
    }
}

/// One run over a template: its text, the arguments, and whether fields are numbered by hand or by themselves.
private struct TemplateFormatter {
    private let vm: VM
    private let bytes: UnsafePointer<UInt8>
    private let template: StringPointer
    private let positional: Value
    private let keywords: Value
    private enum Numbering { case undecided, automatic, manual }
    private var numbering = Numbering.undecided
    private var nextIndex = 0

    /// A replacement field: places in the template.
    private struct Field {
        var name: Range<Int>
        var spec: Range<Int>
        var specHasFields = false
        var conversion: UInt32 = 0
    }

    init(_ vm: VM, _ template: StringPointer, _ positional: Value, _ keywords: Value) {
        self.vm = vm
        self.template = template
        bytes = UnsafePointer(template.bytes)
        self.positional = positional
        self.keywords = keywords
    }

    /// The part `range` of the template with its fields replaced, a str.
    mutating func format(_ range: Range<Int>, depth: Int) throws(PythonError) -> Value {
        if depth <= 0 { throw vm.valueError("Max string recursion exceeded") }
        var out = StringBuilder(vm)
        var place = range.lowerBound
        let end = range.upperBound
        while place < end {
            let start = place
            while place < end, bytes[place] != UInt8(ascii: "{"), bytes[place] != UInt8(ascii: "}") { place += 1 }
            out.append(bytes + start, place - start, isASCII: template.isASCII)
            if place == end { break }
            let brace = bytes[place]
            place += 1
            if brace == UInt8(ascii: "}"), place == end || bytes[place] != brace {
                throw vm.valueError("Single '}' encountered in format string")
            }
            if place == end { throw vm.valueError("Single '{' encountered in format string") }
            if bytes[place] == brace {
                out.append(brace)
                place += 1
                continue
            }
            let field = try parseField(&place, end)
            try output(field, depth, to: &out)
        }
        return out.finish()
    }

    /// Reads a field from behind its brace up to and including the closing one.
    private func parseField(_ place: inout Int, _ end: Int) throws(PythonError) -> Field {
        let start = place
        var terminator: UInt8 = 0
        scan: while place < end {
            terminator = bytes[place]
            place += 1
            switch terminator {
            case UInt8(ascii: "{"): throw vm.valueError("unexpected '{' in field name")
            case UInt8(ascii: "["): while place < end, bytes[place] != UInt8(ascii: "]") { place += 1 }
            case UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "!"): break scan
            default: break
            }
        }
        var field = Field(name: start..<max(start, place - 1), spec: 0..<0)
        if terminator == UInt8(ascii: "}") { return field }
        guard terminator == UInt8(ascii: "!") || terminator == UInt8(ascii: ":") else {
            throw vm.valueError("expected '}' before end of string")
        }
        if terminator == UInt8(ascii: "!") {
            if place >= end { throw vm.valueError("end of string while looking for conversion specifier") }
            let (code, width) = UTF8Scalar.decode(bytes + place)
            field.conversion = code
            place += width
            if place < end {
                let next = bytes[place]
                place += 1
                if next == UInt8(ascii: "}") { return field }
                if next != UInt8(ascii: ":") { throw vm.valueError("expected ':' after conversion specifier") }
            }
        }
        let specStart = place
        var depth = 1
        while place < end {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "{") {
                field.specHasFields = true
                depth += 1
            } else if byte == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 {
                    field.spec = specStart..<(place - 1)
                    return field
                }
            }
        }
        throw vm.valueError("unmatched '{' in format spec")
    }

    private mutating func output(_ field: Field, _ depth: Int, to out: inout StringBuilder) throws(PythonError) {
        var value = try object(field.name)
        defer { vm.heap.release(value) }
        if field.conversion != 0 {
            let converted = try convert(value, field.conversion)
            vm.heap.release(value)
            value = converted
        }
        if field.spec.isEmpty {
            if value.isString {
                out.append(value.string)
                return
            }
            if value.isInt {
                out.append(decimal: value.asInt)
                return
            }
        }
        if !field.specHasFields, let text = try formatBuiltin(value, field.spec) {
            out.append(text.string)
            vm.heap.release(text)
            return
        }
        let spec = field.specHasFields ? try format(field.spec, depth: depth - 1) : substring(field.spec)
        defer { vm.heap.release(spec) }
        let text = try vm.formatValue(value, spec.string)
        defer { vm.heap.release(text) }
        out.append(text.string)
    }

    /// A str or number by a specification without fields, read where it stands; nil for other values.
    private func formatBuiltin(_ value: Value, _ range: Range<Int>) throws(PythonError) -> Value? {
        if range.isEmpty { return nil }
        let spec = UnsafeBufferPointer(start: bytes + range.lowerBound, count: range.count)
        switch value.tag {
        case Tag.string: return try vm.formatString(value.string, FormatSpec(vm, spec, value, defaultAlign: .left))
        case Tag.float: return try vm.formatDouble(value.asDouble, spec, as: value)
        case Tag.int, Tag.bool, Tag.bigInt: return try vm.formatInteger(value, spec, as: value)
        default: return nil
        }
    }

    private func convert(_ value: Value, _ conversion: UInt32) throws(PythonError) -> Value {
        switch conversion {
        case 0x72: return try vm.repr(value)
        case 0x73: return try vm.str(value)
        case 0x61: return try vm.ascii(value)
        default:
            let shown = conversion > 32 && conversion < 127 ? String(UnicodeScalar(UInt8(conversion))) : "\\x" + String(conversion, radix: 16)
            throw vm.valueError("Unknown conversion specifier \(shown)")
        }
    }

    private func substring(_ range: Range<Int>) -> Value { vm.substring(template, range.lowerBound, range.upperBound) }

    /// The integer that digits spell; nil for anything else.
    private func integer(_ range: Range<Int>) throws(PythonError) -> Int? {
        if range.isEmpty { return nil }
        var number = 0
        for place in range {
            let digit = bytes[place] &- 0x30
            if digit > 9 { return nil }
            if number > (Int.max - 9) / 10 { throw vm.valueError("Too many decimal digits in format string") }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// What a field names, owned: an argument, then attributes and items of it.
    private mutating func object(_ name: Range<Int>) throws(PythonError) -> Value {
        var place = name.lowerBound
        while place < name.upperBound, bytes[place] != UInt8(ascii: "."), bytes[place] != UInt8(ascii: "[") { place += 1 }
        var value = try argument(name.lowerBound..<place)
        do {
            while place < name.upperBound {
                let next = try step(value, &place, name.upperBound)
                vm.heap.release(value)
                value = next
            }
        } catch {
            vm.heap.release(value)
            throw error
        }
        return value
    }

    private mutating func argument(_ name: Range<Int>) throws(PythonError) -> Value {
        var index = try integer(name)
        if name.isEmpty || index != nil {
            let wanted: Numbering = name.isEmpty ? .automatic : .manual
            if numbering == .undecided { numbering = wanted }
            if numbering != wanted {
                throw vm.valueError(
                    name.isEmpty
                        ? "cannot switch from manual field specification to automatic field numbering"
                        : "cannot switch from automatic field numbering to manual field specification")
            }
            if name.isEmpty {
                index = nextIndex
                nextIndex += 1
            }
        }
        guard let index else {
            let key = substring(name)
            defer { vm.heap.release(key) }
            return try vm.getItem(keywords, key)
        }
        if positional.isUndefined { throw vm.valueError("Format string contains positional fields") }
        guard index < positional.tuple.pointee.count else {
            throw vm.indexError("Replacement index \(index) out of range for positional args tuple")
        }
        return positional.tuple.items[index].retained()
    }

    /// One `.name` or `[key]`.
    private func step(_ value: Value, _ place: inout Int, _ end: Int) throws(PythonError) -> Value {
        let mark = bytes[place]
        place += 1
        let start = place
        if mark == UInt8(ascii: ".") {
            while place < end, bytes[place] != UInt8(ascii: "."), bytes[place] != UInt8(ascii: "[") { place += 1 }
            if place == start { throw vm.valueError("Empty attribute in format string") }
            let name = substring(start..<place)
            defer { vm.heap.release(name) }
            return try vm.getAttribute(value, vm.intern(name))
        }
        if mark != UInt8(ascii: "[") { throw vm.valueError("Only '.' or '[' may follow ']' in format field specifier") }
        while place < end, bytes[place] != UInt8(ascii: "]") { place += 1 }
        if place >= end { throw vm.valueError("Missing ']' in format string") }
        let name = start..<place
        place += 1
        if name.isEmpty { throw vm.valueError("Empty attribute in format string") }
        if let index = try integer(name) { return try vm.getItem(value, .int(index)) }
        let key = substring(name)
        defer { vm.heap.release(key) }
        return try vm.getItem(value, key)
    }
}
