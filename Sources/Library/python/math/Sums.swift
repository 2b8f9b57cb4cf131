import Interpreter

func defineSums(_ module: NativeModule) {
    module.function("fsum", "seq, /") { (vm, a) throws(PythonError) -> Value in
        var sum = ExactSum()
        try vm.iterate(a[0]) { (item) throws(PythonError) -> Bool in
            try sum.add(vm.real(item), vm)
            return true
        }
        return .float(try sum.total(vm))
    }
    module.function("prod", "iterable, /, *, start=1") { (vm, a) throws(PythonError) -> Value in
        var result = a[1].retained()
        do throws(PythonError) {
            try vm.iterate(a[0]) { (item) throws(PythonError) -> Bool in
                let next = try vm.binary(.multiply, result, item)
                vm.heap.release(result)
                result = next
                return true
            }
        } catch {
            vm.heap.release(result)
            throw error
        }
        return result
    }
    module.function("hypot", "*coordinates") { (vm, a) throws(PythonError) -> Value in
        let items = a[0].tuple
        var vector: [Double] = []
        for index in 0..<items.pointee.count { vector.append(try vm.real(items.items[index]).magnitude) }
        return .float(euclideanNorm(vector))
    }
    module.function("dist", "p, q, /") { (vm, a) throws(PythonError) -> Value in
        let p = try coordinates(vm, a[0])
        let q = try coordinates(vm, a[1])
        guard p.count == q.count else { throw vm.valueError("both points must have the same number of dimensions") }
        return .float(euclideanNorm(zip(p, q).map { ($0 - $1).magnitude }))
    }
}

private func coordinates(_ vm: VM, _ value: Value) throws(PythonError) -> [Double] {
    var result: [Double] = []
    try vm.iterate(value) { (item) throws(PythonError) -> Bool in
        result.append(try vm.real(item))
        return true
    }
    return result
}

/// √Σx² of absolute values, correct to the last digit but for the rarest cases: squares are summed in twice the precision,
/// then one Newton step repairs the root.
private func euclideanNorm(_ vector: [Double]) -> Double {
    if vector.contains(.infinity) { return .infinity }
    if vector.contains(where: \.isNaN) { return .nan }
    guard let largest = vector.max(), largest > 0 else { return 0 }
    if vector.count == 1 { return largest }
    let exponent = Int(largest.exponent)
    // Scaling in two steps keeps the scale itself representable for subnormal vectors.
    func scaled(_ x: Double, _ power: Int) -> Double {
        let half = power / 2
        return x * Double(sign: .plus, exponent: half, significand: 1) * Double(sign: .plus, exponent: power - half, significand: 1)
    }
    var high = 0.0
    var low = 0.0
    func accumulate(_ x: Double, _ y: Double) {
        let product = x * y
        let error = (-product).addingProduct(x, y)
        let sum = high + product
        let part = sum - high
        low += (high - (sum - part)) + (product - part) + error
        high = sum
    }
    for x in vector {
        let y = scaled(x, -exponent)
        accumulate(y, y)
    }
    let root = (high + low).squareRoot()
    accumulate(-root, root)
    return scaled(root + (high + low) / (2 * root), exponent)
}

/// A sum of doubles without rounding until the end (Shewchuk's non-overlapping partial sums).
private struct ExactSum {
    private var partials: [Double] = []
    private var specials = 0.0
    private var infinities = 0.0

    mutating func add(_ value: Double, _ vm: VM) throws(PythonError) {
        var x = value
        var kept = 0
        for partial in partials {
            var y = partial
            if x.magnitude < y.magnitude { swap(&x, &y) }
            let high = x + y
            let low = y - (high - x)
            if low != 0 {
                partials[kept] = low
                kept += 1
            }
            x = high
        }
        partials.removeSubrange(kept...)
        if x == 0 { return }
        if x.isFinite {
            partials.append(x)
            return
        }
        if value.isFinite { throw vm.overflowError("intermediate overflow in fsum") }
        if value.isInfinite { infinities += value }
        specials += value
        partials = []
    }

    func total(_ vm: VM) throws(PythonError) -> Double {
        if specials != 0 || specials.isNaN {
            if infinities.isNaN { throw vm.valueError("-inf + inf in fsum") }
            return specials
        }
        guard var high = partials.last else { return 0 }
        var rest = partials.dropLast()
        var low = 0.0
        while let y = rest.popLast() {
            let x = high
            high = x + y
            low = y - (high - x)
            if low != 0 { break }
        }
        // Half-way cases round by what lies below.
        if let below = rest.last, low < 0 && below < 0 || low > 0 && below > 0 {
            let doubled = low * 2
            let x = high + doubled
            if doubled == x - high { high = x }
        }
        return high
    }
}
