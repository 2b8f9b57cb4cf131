import Glibc
import Tensors

/// Arrays as text, as numpy's `array2string` lays them out.
struct NumpyPrinter {
    var precision = 8
    var threshold = 1000
    var edgeItems = 3
    var lineWidth = 75
    var suppressesSmall = false
    var nanText = "nan"
    var infinityText = "inf"

    // MARK: whole arrays

    /// `array([1, 2], dtype=uint8)`
    func repr(_ tensor: Tensor, extra: (DType) -> String = { $0.name }) throws -> String {
        let prefix = "array("
        let body = try text(tensor, separator: ", ", prefix: prefix, suffix: ")")
        var extras: [String] = []
        if (tensor.count == 0 && tensor.shape != [0]) || tensor.count > threshold { extras.append("shape=\(TensorPrinter.tuple(tensor.shape))") }
        let isImplied = tensor.dtype == .int64 || tensor.dtype == .float64 || tensor.dtype == .bool
        if !isImplied || tensor.count == 0 { extras.append("dtype=\(tensor.dtype.name)") }
        if extras.isEmpty { return prefix + body + ")" }
        let start = prefix + body + ","
        let end = extras.joined(separator: ", ") + ")"
        let lastLine = start.utf8.count - (start.utf8.lastIndex(of: 10).map { start.utf8.distance(from: start.utf8.startIndex, to: $0) + 1 } ?? 0)
        let spacer = lastLine + end.utf8.count + 1 > lineWidth ? "\n" + String(repeating: " ", count: prefix.utf8.count) : " "
        return start + spacer + end
    }

    /// `str(array)`
    func str(_ tensor: Tensor) throws -> String {
        tensor.rank == 0 ? scalar(try tensor.item(), tensor.dtype) : try text(tensor, separator: " ", prefix: "", suffix: "")
    }

    func text(_ tensor: Tensor, separator: String, prefix: String, suffix: String) throws -> String {
        if tensor.count == 0 { return "[]" }
        let isSummarised = tensor.count > threshold
        let shown = isSummarised ? try corners(tensor, 0) : tensor
        let format = NumpyElementFormat(try shown.scalars(), tensor.dtype, self, isBare: tensor.rank == 0)
        if tensor.rank == 0 { return format.text(try tensor.item()) }
        var block = NumpyBlock(
            values: try shown.scalars(), shape: shown.shape, fullShape: tensor.shape, format: format, separator: separator,
            edge: isSummarised ? edgeItems : Int.max)
        return block.text(depth: 0, hanging: String(repeating: " ", count: prefix.utf8.count + 1), width: lineWidth - suffix.utf8.count)
    }

    /// The elements a summary shows: the edges of every long axis.
    private func corners(_ tensor: Tensor, _ axis: Int) throws -> Tensor {
        if axis == tensor.rank { return tensor }
        let size = tensor.shape[axis]
        guard size > 2 * edgeItems else { return try corners(tensor, axis + 1) }
        let edges = [try tensor.slice(axis, start: 0, end: edgeItems), try tensor.slice(axis, start: size - edgeItems, end: size)]
        return try corners(try Tensor.cat(edges, dim: axis), axis + 1)
    }

    // MARK: single numbers

    /// What `str` of a numpy scalar says.
    func scalar(_ value: Scalar, _ dtype: DType) -> String {
        switch value {
        case .bool(let flag): return flag ? "True" : "False"
        case .int(let number): return String(number)
        case .double(let number):
            if number.isNaN { return "nan" }
            if number.isInfinite { return number < 0 ? "-inf" : "inf" }
            let size = abs(number)
            let isScientific = size != 0 && (size < 1e-4 || size >= (dtype == .float32 ? 1e6 : 1e16))
            let digits = ShortestDigits(number, isSingle: dtype == .float32)
            return isScientific ? digits.scientific(trimsPoint: true) : digits.positional(keepsZero: true)
        }
    }
}

/// The fewest decimal digits that read back as the same number.
struct ShortestDigits {
    let isNegative: Bool
    /// Significant digits without leading or trailing zeros ("0" for zero).
    let digits: [UInt8]
    /// The power of ten of the first digit.
    let exponent: Int
    let value: Double

    init(_ value: Double, isSingle: Bool) {
        self.value = value
        isNegative = value.sign == .minus
        let text = isSingle ? Float(value).magnitude.description : value.magnitude.description
        var digits: [UInt8] = []
        var point: Int?
        var power = 0
        var rest = text.utf8[...]
        while let byte = rest.first {
            rest = rest.dropFirst()
            switch byte {
            case UInt8(ascii: "."): point = digits.count
            case UInt8(ascii: "e"):
                // Written by the library: always a number.
                power = Int(String(decoding: rest.first == UInt8(ascii: "+") ? rest.dropFirst() : rest, as: UTF8.self)) ?? 0
                rest = rest.dropFirst(rest.count)
            default: digits.append(byte)
            }
        }
        var first = (point ?? digits.count) - 1 + power
        while digits.count > 1, digits[0] == UInt8(ascii: "0") {
            digits.removeFirst()
            first -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        self.digits = digits
        exponent = digits == [UInt8(ascii: "0")] ? 0 : first
    }

    private var sign: String { isNegative ? "-" : "" }
    private func string(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

    /// Digits before and after the point, at most `limit` of the latter.
    func positionalParts(limit: Int) -> (whole: String, fraction: String) {
        if digits.count - 1 - exponent > limit {
            let parts = formatted(value.magnitude, precision: limit, style: "f").split(separator: ".", omittingEmptySubsequences: false)
            var fraction = parts.count > 1 ? String(parts[1]) : ""
            while fraction.hasSuffix("0") { fraction.removeLast() }
            return (sign + parts[0], fraction)
        }
        if exponent < 0 { return (sign + "0", digits == [48] ? "" : String(repeating: "0", count: -exponent - 1) + string(digits)) }
        let padded = digits + [UInt8](repeating: 48, count: max(0, exponent + 1 - digits.count))
        return (sign + string(padded[...exponent]), string(padded[(exponent + 1)...]))
    }

    func positional(keepsZero: Bool) -> String {
        let (whole, fraction) = positionalParts(limit: Int.max / 2)
        return whole + "." + (fraction.isEmpty && keepsZero ? "0" : fraction)
    }

    /// Leading digit, fraction of at most `limit` digits, exponent.
    func scientificParts(limit: Int) -> (whole: String, fraction: String, exponent: Int) {
        if digits.count - 1 > limit {
            let text = formatted(value.magnitude, precision: limit, style: "e")
            let halves = text.split(separator: "e")
            let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
            var fraction = parts.count > 1 ? String(parts[1]) : ""
            while fraction.hasSuffix("0") { fraction.removeLast() }
            let power = halves.count > 1 ? Int(halves[1].hasPrefix("+") ? halves[1].dropFirst() : halves[1]) : nil
            return (sign + parts[0], fraction, power ?? exponent)
        }
        return (sign + string(digits.prefix(1)), string(digits.dropFirst()), exponent)
    }

    func scientific(trimsPoint: Bool) -> String {
        let (whole, fraction, power) = scientificParts(limit: Int.max / 2)
        return whole + (fraction.isEmpty && trimsPoint ? "" : "." + fraction) + "e" + ShortestDigits.exponentText(power, digits: 2)
    }

    static func exponentText(_ power: Int, digits: Int) -> String {
        let text = String(abs(power))
        return (power < 0 ? "-" : "+") + String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}

/// One format for all elements of an array: common widths, points aligned.
struct NumpyElementFormat {
    private enum Kind {
        case bool(padded: Bool)
        case integer(width: Int)
        case positional(left: Int, right: Int, precision: Int)
        case scientific(left: Int, right: Int, precision: Int, exponentDigits: Int)
    }
    private let kind: Kind
    private let printer: NumpyPrinter
    private let isSingle: Bool

    init(_ values: [Scalar], _ dtype: DType, _ printer: NumpyPrinter, isBare: Bool) {
        self.printer = printer
        isSingle = dtype == .float32
        switch dtype {
        case .bool: kind = .bool(padded: !isBare)
        case .float32, .float64: kind = NumpyElementFormat.floating(values.map(\.asDouble), isSingle: isSingle, printer)
        default: kind = .integer(width: values.map { String($0.asInt).utf8.count }.max() ?? 1)
        }
    }

    private static func floating(_ values: [Double], isSingle: Bool, _ printer: NumpyPrinter) -> Kind {
        let finite = values.filter(\.isFinite)
        let sizes = finite.filter { $0 != 0 }.map(\.magnitude)
        var isScientific = false
        if let greatest = sizes.max(), let smallest = sizes.min() {
            let ratio = isSingle ? Double(Float(greatest) / Float(smallest)) : greatest / smallest
            let isTiny = isSingle ? Float(smallest) < 0.0001 : smallest < 0.0001
            isScientific = greatest >= (isSingle ? 1e6 : 1e8) || (!printer.suppressesSmall && (isTiny || ratio > 1000))
        }
        let digits = finite.map { ShortestDigits($0, isSingle: isSingle) }
        var kind: Kind
        var (left, right) = (0, 0)
        if finite.isEmpty {
            kind = .positional(left: 0, right: 0, precision: 0)
        } else if isScientific {
            let parts = digits.map { $0.scientificParts(limit: printer.precision) }
            let precision = parts.map(\.fraction.utf8.count).max() ?? 0
            let exponentDigits = parts.map { ShortestDigits.exponentText($0.exponent, digits: 2).utf8.count - 1 }.max() ?? 2
            left = parts.map(\.whole.utf8.count).max() ?? 1
            right = exponentDigits + 2 + precision
            kind = .scientific(left: left, right: right, precision: precision, exponentDigits: exponentDigits)
        } else {
            let parts = digits.map { $0.positionalParts(limit: printer.precision) }
            left = parts.map(\.whole.utf8.count).max() ?? 1
            right = parts.map(\.fraction.utf8.count).max() ?? 0
            kind = .positional(left: left, right: right, precision: printer.precision)
        }
        guard finite.count != values.count else { return kind }
        let negative = values.contains { $0.isInfinite && $0 < 0 } ? 1 : 0
        if values.contains(where: \.isNaN) { left = max(left, printer.nanText.utf8.count - right - 1) }
        if values.contains(where: \.isInfinite) { left = max(left, printer.infinityText.utf8.count + negative - right - 1) }
        switch kind {
        case .positional(_, _, let precision): kind = .positional(left: left, right: right, precision: precision)
        case .scientific(_, _, let precision, let exponentDigits):
            kind = .scientific(left: left, right: right, precision: precision, exponentDigits: exponentDigits)
        case .bool, .integer: break
        }
        return kind
    }

    private func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.utf8.count)) + text }

    private func special(_ value: Double, _ width: Int) -> String {
        padded(value.isNaN ? printer.nanText : (value < 0 ? "-" : "") + printer.infinityText, width)
    }

    func text(_ value: Scalar) -> String {
        switch kind {
        case .bool(let isPadded): return value.asInt != 0 ? (isPadded ? " True" : "True") : "False"
        case .integer(let width): return padded(String(value.asInt), width)
        case .positional(let left, let right, let precision):
            let number = value.asDouble
            guard number.isFinite else { return special(number, left + right + 1) }
            let (whole, fraction) = ShortestDigits(number, isSingle: isSingle).positionalParts(limit: precision)
            return padded(whole, left) + "." + fraction + String(repeating: " ", count: max(0, right - fraction.utf8.count))
        case .scientific(let left, let right, let precision, let exponentDigits):
            let number = value.asDouble
            guard number.isFinite else { return special(number, left + right + 1) }
            let (whole, fraction, power) = ShortestDigits(number, isSingle: isSingle).scientificParts(limit: precision)
            return padded(whole, left) + "." + fraction + String(repeating: "0", count: max(0, precision - fraction.utf8.count)) + "e"
                + ShortestDigits.exponentText(power, digits: exponentDigits)
        }
    }
}

/// The nested brackets of an array, lines broken at the width.
private struct NumpyBlock {
    let values: [Scalar]
    let shape: [Int]
    let fullShape: [Int]
    let format: NumpyElementFormat
    let separator: String
    let edge: Int
    private var next = 0

    init(values: [Scalar], shape: [Int], fullShape: [Int], format: NumpyElementFormat, separator: String, edge: Int) {
        self.values = values
        self.shape = shape
        self.fullShape = fullShape
        self.format = format
        self.separator = separator
        self.edge = edge
    }

    private var bareSeparator: String { separator == ", " ? "," : "" }

    mutating func text(depth: Int, hanging: String, width: Int) -> String {
        if depth == shape.count {
            defer { next += 1 }
            return format.text(values[next])
        }
        let gap = shape[depth] < fullShape[depth] ? edge : nil
        return depth == shape.count - 1 ? row(depth, hanging, width, gap) : rows(depth, hanging, width, gap)
    }

    private mutating func row(_ depth: Int, _ hanging: String, _ width: Int, _ gap: Int?) -> String {
        let elementWidth = width - max(bareSeparator.utf8.count, 1)
        var done = ""
        var line = hanging
        func extend(_ word: String) {
            if line.utf8.count + word.utf8.count > elementWidth, line.utf8.count > hanging.utf8.count {
                while line.hasSuffix(" ") { line.removeLast() }
                done += line + "\n"
                line = hanging
            }
            line += word
        }
        for i in 0..<shape[depth] {
            if i == gap {
                extend("...")
                line += separator
            }
            extend(text(depth: depth + 1, hanging: hanging + " ", width: width - 1))
            if i < shape[depth] - 1 { line += separator }
        }
        done += line
        return "[" + done.dropFirst(hanging.utf8.count) + "]"
    }

    private mutating func rows(_ depth: Int, _ hanging: String, _ width: Int, _ gap: Int?) -> String {
        let between = bareSeparator + String(repeating: "\n", count: shape.count - depth - 1)
        var result = ""
        for i in 0..<shape[depth] {
            if i == gap { result += hanging + "..." + between }
            result += hanging + text(depth: depth + 1, hanging: hanging + " ", width: width - 1)
            if i < shape[depth] - 1 { result += between }
        }
        return "[" + result.dropFirst(hanging.utf8.count) + "]"
    }
}
