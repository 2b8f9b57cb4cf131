import Glibc

/// How positions along an axis grow with the values.
package enum PlotScale: Equatable, Sendable {
    case linear, log

    func forward(_ value: Double) -> Double { self == .log ? log10(value) : value }
    func backward(_ value: Double) -> Double { self == .log ? pow(10, value) : value }
    func accepts(_ value: Double) -> Bool { value.isFinite && (self == .linear || value > 0) }
}

/// A marked position on an axis. A label with a raised part is `base` and `exponent`.
struct PlotTick: Equatable {
    var value: Double
    var label: String
    var exponent: String?
    var isMinor = false
}

/// Where ticks lie and what they say: round steps of 1, 2, 2.5 and 5 for linear axes, decades for logarithmic ones.
enum PlotTicks {
    private static let steps: [Double] = [0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10, 20]

    /// Multiples of a round step within low…high, at most `limit` + 1 of them.
    static func linear(_ low: Double, _ high: Double, limit: Int) -> [Double] {
        guard low < high, low.isFinite, high.isFinite, (high - low).isFinite else { return low.isFinite ? [low] : [] }
        let span = high - low
        let middle = (low + high) / 2
        let offset = abs(middle) / span < 100 ? 0 : copysign(pow(10, floor(log10(abs(middle)))), middle)
        let scale = pow(10, floor(log10(span / Double(limit))))
        let (first, last) = (low - offset, high - offset)
        let raw = span / Double(limit)
        var index = steps.firstIndex { $0 * scale >= raw } ?? steps.count - 1
        while true {
            let step = steps[index] * scale
            let start = floor(first / step) * step
            // A hair's width outside still counts as on the edge.
            let slack = 1e-10 * max(1, abs(offset) / step)
            let from = ceil((first - start) / step - slack)
            let to = floor((last - start) / step + slack)
            if to - from >= 1 || index == 0 {
                guard to >= from, to - from < 1000 else { return [] }
                return stride(from: from, through: to, by: 1).map { count in
                    let value = count * step + start + offset
                    return abs(value) < step * 1e-9 ? 0 : value
                }
            }
            index -= 1
        }
    }

    /// Labels with just the digits that tell the ticks apart, and the power of ten written once at the end of the axis.
    static func labels(_ values: [Double], _ low: Double, _ high: Double) -> (texts: [String], power: Int) {
        guard let greatest = values.map({ abs($0) }).max() else { return ([], 0) }
        let size = greatest == 0 ? 0 : Int(floor(log10(greatest)))
        let power = size <= -5 || size >= 6 ? size : 0
        if power > 0, power < 15, spread(values) * 1e4 < greatest {
            // Neighbours far from zero: the power would only add digits.
            return (values.map { fixed($0, digits: decimals(values, low, high, unit: 1)) }, 0)
        }
        let unit = pow(10, Double(power))
        return (values.map { fixed($0 / unit, digits: decimals(values, low, high, unit: unit)) }, power)
    }

    private static func spread(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }

    /// Decimals that tell values apart to a thousandth of their range.
    private static func decimals(_ values: [Double], _ low: Double, _ high: Double, unit: Double) -> Int {
        let scaled = values.map { $0 / unit }
        let range = spread((values + [low, high]).map { $0 / unit })
        let greatest = scaled.map { abs($0) }.max() ?? 0
        let order = range > 0 ? Int(floor(log10(range))) : greatest == 0 ? 0 : Int(floor(log10(greatest)))
        var digits = max(0, 3 - order)
        let threshold = 1e-3 * pow(10, Double(order))
        while digits > 0 {
            let factor = pow(10, Double(digits - 1))
            let worst = scaled.map { abs($0 - ($0 * factor).rounded() / factor) }.max() ?? 0
            if worst >= threshold { break }
            digits -= 1
        }
        return min(digits, 15)
    }

    /// A number with so many decimals and a real minus sign.
    static func fixed(_ value: Double, digits: Int) -> String {
        var buffer = [CChar](repeating: 0, count: 400)
        let length = withVaList([Int32(digits), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
        let text = String(decoding: buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isZero = !text.utf8.contains { $0 >= 0x31 && $0 <= 0x39 }
        if text.hasPrefix("-") { return isZero ? String(text.dropFirst()) : "\u{2212}" + text.dropFirst() }
        return text
    }

    /// Decades and what lies between them; labels at 2, 5… too when the axis spans less than one decade.
    static func logarithmic(_ low: Double, _ high: Double, limit: Int) -> [PlotTick] {
        guard low > 0, high > low, high.isFinite else { return [] }
        let (first, last) = (log10(low), log10(high))
        let (from, to) = (Int(ceil(first - 1e-9)), Int(floor(last + 1e-9)))
        let every = max(1, (max(0, to - from) + 1) / max(1, limit) + ((max(0, to - from) + 1) % max(1, limit) == 0 ? 0 : 1))
        var ticks: [PlotTick] = []
        if from <= to {
            for power in stride(from: from, through: to, by: every) {
                ticks.append(PlotTick(value: pow(10, Double(power)), label: "10", exponent: power < 0 ? "\u{2212}\(-power)" : "\(power)"))
            }
        }
        guard every == 1 else { return ticks }
        let isNarrow = ticks.count < 2
        for power in Int(floor(first))...Int(ceil(last)) {
            for digit in 2...9 {
                let value = Double(digit) * pow(10, Double(power))
                guard value >= low * (1 - 1e-9), value <= high * (1 + 1e-9) else { continue }
                let label = isNarrow ? "\(digit) × 10" : ""
                ticks.append(
                    PlotTick(
                        value: value, label: label, exponent: isNarrow ? (power < 0 ? "\u{2212}\(-power)" : "\(power)") : nil, isMinor: !isNarrow))
            }
        }
        return ticks
    }
}
