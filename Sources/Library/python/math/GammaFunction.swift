import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// The gamma function by Lanczos' approximation (N = 13, g = 6.0246…), whose roundings CPython's results show.
enum GammaFunction {
    private static let g = 6.024680040776729583740234375
    private static let gMinusHalf = 5.524680040776729583740234375
    private static let numerator: [Double] = [
        23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
        35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
        6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
        248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
        2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
        8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
        2.5066282746310002701649081771338373386264310793408,
    ]
    /// x (x + 1) … (x + 11), expanded.
    private static let denominator: [Double] = [
        0, 39916800, 120543840, 150917976, 105258076, 45995730, 13339535, 2637558, 357423, 32670, 1925, 66, 1,
    ]

    /// The rational part; evaluated from the other end for large `x`, where powers would overflow.
    private static func rational(_ x: Double) -> Double {
        var top = 0.0
        var bottom = 0.0
        if x < 5 {
            for index in numerator.indices.reversed() {
                top = top * x + numerator[index]
                bottom = bottom * x + denominator[index]
            }
        } else {
            for index in numerator.indices {
                top = top / x + numerator[index]
                bottom = bottom / x + denominator[index]
            }
        }
        return top / bottom
    }

    /// sin(πx) without losing digits near the integers.
    private static func sinPi(_ x: Double) -> Double {
        let y = fmod(x.magnitude, 2)
        let result: Double
        switch Int((2 * y).rounded(.toNearestOrAwayFromZero)) {
        case 0: result = sin(.pi * y)
        case 1: result = cos(.pi * (y - 0.5))
        case 2: result = sin(.pi * (1 - y))
        case 3: result = -cos(.pi * (y - 1.5))
        default: result = sin(.pi * (y - 2))
        }
        return x < 0 ? -result : result
    }

    static func gamma(_ x: Double, _ vm: VM) throws(PythonError) -> Double {
        if x.isNaN || x == .infinity { return x }
        if x == -.infinity || x == 0 { throw vm.domainError }
        if x == x.rounded(.down) {
            if x < 0 { throw vm.domainError }
            if x <= 23 { return (1..<max(1, Int(x))).reduce(1.0) { $0 * Double($1) } }
        }
        let size = x.magnitude
        if size < 1e-20 {
            if (1 / x).isInfinite { throw vm.rangeError }
            return 1 / x
        }
        if size > 200 {
            if x > 0 { throw vm.rangeError }
            return 0 / sinPi(x)
        }
        let result = scaled(x, size)
        if result.isInfinite { throw vm.rangeError }
        return result
    }

    private static func scaled(_ x: Double, _ size: Double) -> Double {
        let y = size + gMinusHalf
        // What rounding took from y, as a correction of the power.
        let lost = size > gMinusHalf ? (y - size) - gMinusHalf : (y - gMinusHalf) - size
        let correction = lost * g / y
        if x < 0 {
            var result = -.pi / sinPi(size) / size * exp(y) / rational(size)
            result -= correction * result
            if size < 140 { return result / pow(y, size - 0.5) }
            let root = pow(y, size / 2 - 0.25)
            return result / root / root
        }
        var result = rational(size) / exp(y)
        result += correction * result
        if size < 140 { return result * pow(y, size - 0.5) }
        let root = pow(y, size / 2 - 0.25)
        return result * root * root
    }

    static func logarithm(_ x: Double, _ vm: VM) throws(PythonError) -> Double {
        if x.isNaN { return x }
        if x.isInfinite { return .infinity }
        if x == x.rounded(.down), x <= 2 {
            if x <= 0 { throw vm.domainError }
            return 0
        }
        let size = x.magnitude
        if size < 1e-20 { return -log(size) }
        var result = log(rational(size)) - g
        result += (size - 0.5) * (log(size + g - 0.5) - 1)
        if x < 0 { result = 1.144729885849400174143427351353058711647 - log(sinPi(size).magnitude) - log(size) - result }
        if result.isInfinite { throw vm.rangeError }
        return result
    }
}
