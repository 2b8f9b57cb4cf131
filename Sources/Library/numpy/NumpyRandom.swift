import Interpreter
import Kernels
import Tensors

/// The stream of `numpy.random.RandomState`: mt19937 and numpy's legacy sampling, bit for bit.
final class NumpyMersenne {
    var engine = Kernels.MersenneTwister(seed: 0)
    /// The second normal sample of a pair, kept for the next call.
    var spare: Double?

    func seed(_ value: UInt32) {
        engine = Kernels.MersenneTwister(seed: UInt64(value))
        spare = nil
    }

    func restore(_ words: [UInt32], position: Int, spare: Double?) {
        engine = Kernels.MersenneTwister(seed: 0, state: words, next: position, cachedNormal: nil)
        self.spare = spare
    }

    /// 53 random bits in [0, 1).
    func nextDouble() -> Double {
        let high = engine.next32() >> 5
        let low = engine.next32() >> 6
        return (Double(high) * 67_108_864 + Double(low)) / 9_007_199_254_740_992
    }

    private func next64() -> UInt64 {
        let high = UInt64(engine.next32())
        return high << 32 | UInt64(engine.next32())
    }

    /// Marsaglia's polar method; pairs are used up one by one.
    func nextNormal() -> Double {
        if let kept = spare {
            spare = nil
            return kept
        }
        while true {
            let x = 2 * nextDouble() - 1
            let y = 2 * nextDouble() - 1
            let square = x * x + y * y
            if square < 1, square != 0 {
                let factor = (-2 * naturalLogarithm(square) / square).squareRoot()
                spare = factor * x
                return factor * y
            }
        }
    }

    /// A number in 0...limit by masking and rejection.
    func interval(_ limit: UInt64) -> UInt64 {
        if limit == 0 { return 0 }
        let mask = UInt64.max >> UInt64(limit.leadingZeroBitCount)
        while true {
            let candidate = (limit <= 0xFFFF_FFFF ? UInt64(engine.next32()) : next64()) & mask
            if candidate <= limit { return candidate }
        }
    }

    /// Integers low...low+range as `randint` draws them for a dtype: narrow ones share 32-bit words.
    func integers(low: Int, range: UInt64, dtype: DType, _ result: UnsafeMutablePointer<Int>, _ count: Int) {
        if range == 0 {
            for i in 0..<count { result[i] = low }
            return
        }
        let bits = dtype == .bool ? 1 : dtype.size * 8
        guard bits < 32 else {
            if bits == 64, range > 0xFFFF_FFFF {
                for i in 0..<count { result[i] = low &+ Int(truncatingIfNeeded: range == UInt64.max ? next64() : interval(range)) }
            } else {
                for i in 0..<count { result[i] = low &+ Int(range == 0xFFFF_FFFF ? UInt64(engine.next32()) : interval(range)) }
            }
            return
        }
        var buffer: UInt32 = 0
        var left = 0
        let width = UInt32(bits)
        let mask = UInt32(UInt64.max >> UInt64(range.leadingZeroBitCount))
        let perWord = bits == 1 ? 32 : 32 / bits
        let low32 = bits == 1 ? 1 : UInt32(1) << width - 1
        for i in 0..<count {
            while true {
                if left == 0 {
                    buffer = engine.next32()
                    left = perWord - 1
                } else {
                    buffer >>= width
                    left -= 1
                }
                let candidate = buffer & low32 & mask
                if UInt64(candidate) <= range {
                    result[i] = low &+ Int(candidate)
                    break
                }
            }
        }
    }

    /// Shuffles `count` integers in place as `shuffle` does.
    func shuffle(_ order: UnsafeMutablePointer<Int>, _ count: Int) {
        for i in stride(from: count - 1, to: 0, by: -1) {
            let j = Int(interval(UInt64(i)))
            (order[i], order[j]) = (order[j], order[i])
        }
    }
}

extension Numpy {
    func addRandom(_ module: NativeModule) {
        let type = module.nativeClass("_MT19937")
        type.info.construct = NativeFunction("_MT19937", "cls") { (vm, _) throws(PythonError) -> Value in vm.native(NumpyMersenne(), type) }
        func own(_ value: Value) throws -> NumpyMersenne {
            guard let stream = vm.nativeObject(value, as: NumpyMersenne.self) else { throw vm.typeError("a _MT19937 is required") }
            return stream
        }
        define(type, "seed", "self, value") { [self] a in
            try own(a[0]).seed(UInt32(truncatingIfNeeded: try vm.index(a[1])))
            return .none
        }
        define(type, "seed_by_array", "self, words") { [self] a in
            let words = try requiredOperand(a[1], "seed").tensor.integers().map { UInt32(truncatingIfNeeded: $0) }
            guard !words.isEmpty else { throw vm.valueError("Seed must be non-empty") }
            let seeded = MersenneTwister()
            seeded.seed(words)
            try own(a[0]).restore(Array(seeded.words), position: seeded.index, spare: nil)
            return .none
        }
        func filled(_ shape: Value, _ next: () -> Double) throws -> Value {
            if shape.isNone { return .float(next()) }
            let result = try Tensor.empty(try sizes(shape), dtype: .float64)
            let p = result.pointer.assumingMemoryBound(to: Double.self)
            for i in 0..<result.count { p[i] = next() }
            return array(result)
        }
        define(type, "doubles", "self, shape") { a in
            let stream = try own(a[0])
            return try filled(a[1]) { stream.nextDouble() }
        }
        define(type, "normals", "self, shape") { a in
            let stream = try own(a[0])
            return try filled(a[1]) { stream.nextNormal() }
        }
        define(type, "exponentials", "self, shape") { a in
            let stream = try own(a[0])
            return try filled(a[1]) { -naturalLogarithm(1 - stream.nextDouble()) }
        }
        define(type, "integers", "self, low, high, shape, dtype") { [self] a in
            let (low, high, dtype) = (try vm.index(a[1]), try vm.index(a[2]), try dtype(a[4]))
            if let bounds = dtype.integerBounds ?? (dtype == .bool ? (0, 1) : nil) {
                if low < bounds.low { throw vm.valueError("low is out of bounds for \(dtype.name)") }
                if high > bounds.high { throw vm.valueError("high is out of bounds for \(dtype.name)") }
            } else {
                throw vm.typeError("Unsupported dtype dtype('\(dtype.name)') for randint")
            }
            guard low <= high else { throw vm.valueError("low >= high") }
            let range = UInt64(bitPattern: Int64(high)) &- UInt64(bitPattern: Int64(low))
            let stream = try own(a[0])
            let isScalar = a[3].isNone
            let result = try Tensor.empty(isScalar ? [] : try sizes(a[3]), dtype: .int64)
            stream.integers(low: low, range: range, dtype: dtype, result.pointer.assumingMemoryBound(to: Int.self), result.count)
            return isScalar ? plain(try result.item()) : array(try result.to(dtype))
        }
        define(type, "shuffled", "self, count") { [self] a in
            let count = max(0, try vm.index(a[1]))
            try checkSize([count])
            let result = try Tensor.empty([count], dtype: .int64)
            let order = result.pointer.assumingMemoryBound(to: Int.self)
            for i in 0..<count { order[i] = i }
            try own(a[0]).shuffle(order, count)
            return array(result)
        }
        define(type, "state", "self") { [self] a in
            let stream = try own(a[0])
            let (words, next) = stream.engine.words
            let spare = stream.spare
            return vm.tuple([
                array(try Tensor.from(integers: words.map { Int($0) })), .int(next), .int(spare == nil ? 0 : 1), .float(spare ?? 0),
            ])
        }
        define(type, "set_state", "self, words, position, has_gauss, gauss") { [self] a in
            let words = try requiredOperand(a[1], "set_state").tensor.integers().map { UInt32(truncatingIfNeeded: $0) }
            let position = try vm.index(a[2])
            guard words.count == 624, position >= 0, position <= 624 else { throw vm.valueError("state is not a legacy MT19937 state") }
            try own(a[0]).restore(words, position: position, spare: try vm.isTrue(a[3]) ? try number(a[4], "set_state").asDouble : nil)
            return .none
        }
    }
}
