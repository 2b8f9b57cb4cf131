import BigInt
import Interpreter

func defineIntegerMath(_ module: NativeModule) {
    module.function("gcd", "*integers") { (vm, a) throws(PythonError) -> Value in
        try vm.foldIntegers(a[0].tuple, from: 0) { (x, y) throws(PythonError) -> BigInt in try vm.greatestCommonDivisor(x, y) }
    }
    module.function("lcm", "*integers") { (vm, a) throws(PythonError) -> Value in
        try vm.foldIntegers(a[0].tuple, from: 1) { (x, y) throws(PythonError) -> BigInt in
            if x == 0 || y == 0 { return 0 }
            let share = try vm.quotientAndRemainder(x, vm.greatestCommonDivisor(x, y)).quotient
            return BigInt(try vm.product(share, y).magnitude)
        }
    }
    module.function("factorial", "n, /") { (vm, a) throws(PythonError) -> Value in
        let n = try vm.wholeNumber(a[0])
        if n < 0 { throw vm.valueError("factorial() not defined for negative values") }
        guard let small = Int(exactly: n) else {
            throw vm.overflowError("factorial() argument should not exceed \(Int.max)")
        }
        return vm.int(try vm.product(from: 1, through: small))
    }
    module.function("isqrt", "n, /") { (vm, a) throws(PythonError) -> Value in
        let n = try vm.wholeNumber(a[0])
        if n < 0 { throw vm.valueError("isqrt() argument must be nonnegative") }
        return vm.int(try vm.squareRoot(n))
    }
    module.function("comb", "n, k, /") { (vm, a) throws(PythonError) -> Value in
        let (n, k) = try vm.selection(a[0], a[1])
        if k > n { return .int(0) }
        guard let steps = Int(exactly: min(k, n - k)) else {
            throw vm.overflowError("min(n - k, k) must not exceed \(Int.max)")
        }
        var result: BigInt = 1
        for step in 0..<steps {
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            result = try vm.quotientAndRemainder(vm.product(result, n - BigInt(step)), BigInt(step + 1)).quotient
        }
        return vm.int(result)
    }
    module.function("perm", "n, k=None, /") { (vm, a) throws(PythonError) -> Value in
        if a[1].isNone {
            let factorial = try vm.importModule("math")
            defer { vm.heap.release(factorial) }
            return try vm.callMethod(factorial, "factorial", a[0])
        }
        let (n, k) = try vm.selection(a[0], a[1])
        if k > n { return .int(0) }
        guard let steps = Int(exactly: k) else { throw vm.overflowError("k must not exceed \(Int.max)") }
        if let small = Int(exactly: n) { return vm.int(try vm.product(from: small - steps + 1, through: small)) }
        var result: BigInt = 1
        for step in 0..<steps {
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            result = try vm.product(result, n - BigInt(step))
        }
        return vm.int(result)
    }
}

extension VM {
    fileprivate func foldIntegers(
        _ items: TuplePointer, from start: BigInt, _ combine: (BigInt, BigInt) throws(PythonError) -> BigInt
    ) throws(PythonError) -> Value {
        var result = start
        for index in 0..<items.pointee.count {
            let next = try wholeNumber(items.items[index])
            result = index == 0 ? BigInt(next.magnitude) : try combine(result, next)
        }
        return int(result)
    }

    /// The arguments of comb and perm.
    fileprivate func selection(_ first: Value, _ second: Value) throws(PythonError) -> (BigInt, BigInt) {
        let n = try wholeNumber(first)
        let k = try wholeNumber(second)
        if n < 0 { throw valueError("n must be a non-negative integer") }
        if k < 0 { throw valueError("k must be a non-negative integer") }
        return (n, k)
    }

    /// low · (low + 1) … high, multiplied in halves so that factors grow evenly.
    fileprivate func product(from low: Int, through high: Int) throws(PythonError) -> BigInt {
        if low > high { return 1 }
        try heed()
        if high - low < 16 {
            var result = BigInt(low)
            for factor in low..<high { result *= BigInt(factor + 1) }
            return result
        }
        let middle = low + (high - low) / 2
        // The upper half alone has so many bits; what cannot be had need not be begun.
        let bits = Int.bitWidth - middle.leadingZeroBitCount - 1
        if (high - middle).multipliedReportingOverflow(by: bits).overflow || (high - middle) * bits > VM.largestBitCount { throw memoryError() }
        let left = try product(from: low, through: middle)
        return try product(left, product(from: middle + 1, through: high))
    }
}
