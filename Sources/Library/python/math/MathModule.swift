import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// `math`.
func registerMath(_ vm: VM) {
    vm.registerNativeModule("math") { (vm, module) throws(PythonError) -> Void in
        module.set("pi", .float(.pi))
        module.set("e", .float(M_E))
        module.set("tau", .float(2 * .pi))
        module.set("inf", .float(.infinity))
        module.set("nan", .float(.nan))
        defineElementary(module)
        defineLogarithms(module)
        defineBinaryMath(module)
        defineParts(module)
        defineRounding(module)
        defineSums(module)
        defineIntegerMath(module)
    }
}

extension VM {
    var domainError: PythonError { valueError("math domain error") }
    var rangeError: PythonError { overflowError("math range error") }
}

/// Functions of one real number, each with whether a finite argument can overflow.
private func defineElementary(_ module: NativeModule) {
    let functions: [(String, (Double) -> Double, Bool)] = [
        ("acos", acos, false), ("acosh", acosh, false), ("asin", asin, false), ("asinh", asinh, false), ("atan", atan, false),
        ("atanh", atanh, false), ("cbrt", cbrt, false), ("cos", cos, false), ("cosh", cosh, true), ("exp", exp, true), ("exp2", exp2, true),
        ("expm1", expm1, true), ("fabs", { $0.magnitude }, false), ("log1p", log1p, false), ("sin", sin, false), ("sinh", sinh, true),
        ("sqrt", { $0.squareRoot() }, false), ("tan", tan, false), ("tanh", tanh, false), ("erf", erf, false), ("erfc", erfc, false),
        ("degrees", { $0 * (180 / .pi) }, true), ("radians", { $0 * (.pi / 180) }, true),
    ]
    for (name, compute, canOverflow) in functions {
        module.function(name, "x, /") { (vm, a) throws(PythonError) -> Value in
            let x = try vm.real(a[0])
            let result = compute(x)
            if result.isFinite { return .float(result) }
            if result.isNaN, !x.isNaN { throw vm.domainError }
            if result.isInfinite, x.isFinite, name != "degrees" { throw canOverflow ? vm.rangeError : vm.domainError }
            return .float(result)
        }
    }
    module.function("gamma", "x, /") { (vm, a) throws(PythonError) -> Value in .float(try GammaFunction.gamma(vm.real(a[0]), vm)) }
    module.function("lgamma", "x, /") { (vm, a) throws(PythonError) -> Value in .float(try GammaFunction.logarithm(vm.real(a[0]), vm)) }
}

private func defineLogarithms(_ module: NativeModule) {
    func logarithm(_ vm: VM, _ value: Value, _ function: (Double) -> Double) throws(PythonError) -> Double {
        let plain = vm.payload(value)
        if plain.tag == Tag.bigInt {
            let integer = vm.bigInt(plain)
            if integer.sign == .minus { throw vm.domainError }
            let approximate = VM.nearest(integer)
            if approximate.isFinite { return function(approximate) }
            // Beyond the range of doubles: log(m * 2^e) from its parts.
            let exponent = integer.magnitude.bitWidth
            let fraction = Double(sign: .plus, exponent: -64, significand: Double(UInt64(truncatingIfNeeded: integer.magnitude >> (exponent - 64))))
            return function(fraction) + function(2) * Double(exponent)
        }
        let x = try vm.real(value)
        if x <= 0 { throw vm.domainError }
        return function(x)
    }
    module.function("log", "*args") { (vm, a) throws(PythonError) -> Value in
        let given = a[0].tuple
        guard (1...2).contains(given.pointee.count) else { throw vm.typeError("math.log requires 1 to 2 arguments") }
        let numerator = try logarithm(vm, given.items[0], log)
        if given.pointee.count == 1 { return .float(numerator) }
        let denominator = try logarithm(vm, given.items[1], log)
        if denominator == 0 { throw vm.zeroDivisionError("float division by zero") }
        return .float(numerator / denominator)
    }
    module.function("log2", "x, /") { (vm, a) throws(PythonError) -> Value in .float(try logarithm(vm, a[0], log2)) }
    module.function("log10", "x, /") { (vm, a) throws(PythonError) -> Value in .float(try logarithm(vm, a[0], log10)) }
}

private func defineBinaryMath(_ module: NativeModule) {
    let functions: [(String, (Double, Double) -> Double)] = [
        ("atan2", atan2), ("copysign", copysign), ("remainder", { $0.remainder(dividingBy: $1) }),
        ("fmod", { $1.isInfinite && $0.isFinite ? $0 : fmod($0, $1) }), ("nextafter", nextafter),
    ]
    for (name, compute) in functions {
        module.function(name, "x, y, /") { (vm, a) throws(PythonError) -> Value in
            let x = try vm.real(a[0])
            let y = try vm.real(a[1])
            let result = compute(x, y)
            if result.isNaN, !x.isNaN, !y.isNaN { throw vm.domainError }
            return .float(result)
        }
    }
    module.function("pow", "x, y, /") { (vm, a) throws(PythonError) -> Value in
        let x = try vm.real(a[0])
        let y = try vm.real(a[1])
        let result = pow(x, y)
        if result.isFinite || !x.isFinite || !y.isFinite { return .float(result) }
        throw result.isNaN || x == 0 ? vm.domainError : vm.rangeError
    }
    module.function("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0") { (vm, a) throws(PythonError) -> Value in
        let x = try vm.real(a[0])
        let y = try vm.real(a[1])
        let relative = try vm.real(a[2])
        let absolute = try vm.real(a[3])
        if relative < 0 || absolute < 0 { throw vm.valueError("tolerances must be non-negative") }
        if x == y { return .true }
        if x.isInfinite || y.isInfinite { return .false }
        let difference = (y - x).magnitude
        return .bool(difference <= (relative * y).magnitude || difference <= (relative * x).magnitude || difference <= absolute)
    }
}

private func defineParts(_ module: NativeModule) {
    module.function("frexp", "x, /") { (vm, a) throws(PythonError) -> Value in
        let x = try vm.real(a[0])
        if x == 0 || !x.isFinite { return vm.tuple([.float(x), .int(0)]) }
        return vm.tuple([.float(Double(sign: x.sign, exponent: -1, significand: x.significand)), .int(Int(x.exponent) + 1)])
    }
    module.function("ldexp", "x, i, /") { (vm, a) throws(PythonError) -> Value in
        let x = try vm.real(a[0])
        let plain = vm.payload(a[1])
        guard plain.isInt || plain.isBool || plain.tag == Tag.bigInt else { throw vm.typeError("Expected an int as second argument to ldexp.") }
        if x == 0 || !x.isFinite { return .float(x) }
        let exponent = plain.tag == Tag.bigInt ? (vm.bigInt(plain).sign == .minus ? Int.min : Int.max) : plain.asInt
        let result = ldexp(x, Int32(clamping: exponent))
        if result.isInfinite { throw vm.rangeError }
        return .float(result)
    }
    module.function("modf", "x, /") { (vm, a) throws(PythonError) -> Value in
        let x = try vm.real(a[0])
        if x.isInfinite { return vm.tuple([.float(copysign(0, x)), .float(x)]) }
        if x.isNaN { return vm.tuple([.float(x), .float(x)]) }
        let whole = x.rounded(.towardZero)
        return vm.tuple([.float(copysign(x - whole, x)), .float(whole)])
    }
    module.function("ulp", "x, /") { (vm, a) throws(PythonError) -> Value in
        let x = try vm.real(a[0]).magnitude
        return .float(x.isNaN || x.isInfinite ? x : x.ulp)
    }
    module.function("isfinite", "x, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.real(a[0]).isFinite) }
    module.function("isinf", "x, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.real(a[0]).isInfinite) }
    module.function("isnan", "x, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.real(a[0]).isNaN) }
}

private func defineRounding(_ module: NativeModule) {
    func whole(_ vm: VM, _ value: Double) throws(PythonError) -> Value {
        if value.isNaN { throw vm.valueError("cannot convert float NaN to integer") }
        if value.isInfinite { throw vm.overflowError("cannot convert float infinity to integer") }
        return vm.int(exactly: value)
    }
    let rules: [(String, Special, FloatingPointRoundingRule)] = [("ceil", .ceil, .up), ("floor", .floor, .down), ("trunc", .trunc, .towardZero)]
    for (name, special, rule) in rules {
        module.function(name, "x, /") { (vm, a) throws(PythonError) -> Value in
            switch a[0].tag {
            case Tag.float: return try whole(vm, a[0].asDouble.rounded(rule))
            case Tag.int, Tag.bigInt: return a[0].retained()
            case Tag.bool: return .int(a[0].asInt)
            default: break
            }
            let method = vm.special(vm.typeOf(a[0]), special)
            if !method.isUndefined { return try vm.call(method, a[0]) }
            if special == .trunc { throw vm.typeError("type \(vm.typeName(a[0])) doesn't define __trunc__ method") }
            return try whole(vm, vm.real(a[0]).rounded(rule))
        }
    }
}
