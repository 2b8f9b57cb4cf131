import BigInt
import Syntax

// Built-in functions over numbers: abs, round, divmod, pow, bin, oct, hex.

extension VM {
    func installNumberFunctions() {
        installFunction("abs", "x, /") { (vm, a) throws(PythonError) -> Value in
            if a[0].isFloat { return .float(a[0].asDouble.magnitude) }
            if a[0].isInt, a[0].asInt != Int.min { return .int(abs(a[0].asInt)) }
            let method = vm.special(vm.typeOf(a[0]), .abs)
            if method.isUndefined { throw vm.typeError("bad operand type for abs(): '\(vm.typeName(a[0]))'") }
            return try vm.call(method, a[0])
        }
        installFunction("round", "number, ndigits=None") { (vm, a) throws(PythonError) -> Value in
            let method = vm.special(vm.typeOf(a[0]), .round)
            if method.isUndefined { throw vm.typeError("type \(vm.typeName(a[0])) doesn't define __round__ method") }
            return a[1].isNone ? try vm.call(method, a[0]) : try vm.call(method, a[0], a[1])
        }
        installFunction("divmod", "x, y, /") { (vm, a) throws(PythonError) -> Value in try vm.quotientAndRemainder(a[0], a[1]) }
        installFunction("pow", "base, exp, mod=None") { (vm, a) throws(PythonError) -> Value in
            if a[2].isNone { return try vm.binary(.power, a[0], a[1]) }
            let method = vm.special(vm.typeOf(a[0]), .pow)
            if !method.isUndefined {
                let result = try vm.call(method, a[0], a[1], a[2])
                if result.tag != Tag.notImplemented { return result }
            }
            let names = "'\(vm.typeName(a[0]))', '\(vm.typeName(a[1]))', '\(vm.typeName(a[2]))'"
            throw vm.typeError("unsupported operand type(s) for ** or pow(): \(names)")
        }
        for (name, prefix, base) in [("bin", "0b" as StaticString, 2), ("oct", "0o", 8), ("hex", "0x", 16)] {
            installFunction(name, "number, /") { (vm, a) throws(PythonError) -> Value in
                let number = try vm.integer(a[0])
                defer { vm.heap.release(number) }
                return try vm.intDigits(number, base: base, prefix: prefix).withUnsafeBufferPointer { vm.asciiString($0) }
            }
        }
    }

    /// An int (of any size) from an int, bool or object with `__index__`.
    package func integer(_ value: Value) throws(PythonError) -> Value {
        let plain = payload(value)
        if plain.isInt { return plain }
        if plain.isBool { return .int(plain.asInt) }
        if plain.tag == Tag.bigInt { return plain.retained() }
        let method = special(typeOf(value), .index)
        if method.isUndefined { throw typeError("'\(typeName(value))' object cannot be interpreted as an integer") }
        let result = try call(method, value)
        if result.isInt || result.tag == Tag.bigInt { return result }
        defer { heap.release(result) }
        let inner = payload(result)
        if inner.isInt || inner.isBool { return .int(inner.asInt) }
        if inner.tag == Tag.bigInt { return inner.retained() }
        throw typeError("__index__ returned non-int (type \(typeName(result)))")
    }

    private func quotientAndRemainder(_ a: Value, _ b: Value) throws(PythonError) -> Value {
        if (a.tag | b.tag) == 0, b.asInt > 0 {
            var quotient = a.asInt / b.asInt
            var rest = a.asInt % b.asInt
            if rest < 0 {
                quotient -= 1
                rest += b.asInt
            }
            return pair(.int(quotient), .int(rest))
        }
        let typeA = typeOf(a)
        let typeB = typeOf(b)
        let forward = special(typeA, .divmod)
        let reflected = special(typeB, .rdivmod)
        let isDerived = typeA != typeB && isSubclass(typeB, typeA) && !reflected.isUndefined && !reflected.isIdentical(to: special(typeA, .rdivmod))
        if isDerived {
            let result = try call(reflected, b, a)
            if result.tag != Tag.notImplemented { return result }
        }
        if !forward.isUndefined {
            let result = try call(forward, a, b)
            if result.tag != Tag.notImplemented { return result }
        }
        if !reflected.isUndefined, typeA != typeB, !isDerived {
            let result = try call(reflected, b, a)
            if result.tag != Tag.notImplemented { return result }
        }
        throw typeError("unsupported operand type(s) for divmod(): '\(typeA.info.name)' and '\(typeB.info.name)'")
    }
}
