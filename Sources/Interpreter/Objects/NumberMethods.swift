import Syntax

// What the classes int and float share: operators as methods.

extension VM {
    typealias NumberBody = (VM, Value, Arguments) throws(PythonError) -> Value

    /// A method of int or float; the receiver's payload must satisfy `accepts`.
    func defineNumber(
        _ type: ClassPointer, _ owner: String, _ accepts: @escaping (VM, Value) -> Bool, _ name: String, _ signature: String,
        _ body: @escaping NumberBody
    ) {
        define(type, name, signature) { (vm, a) throws(PythonError) -> Value in
            let receiver = vm.payload(a[0])
            guard accepts(vm, receiver) else { throw vm.wrongReceiver(name, owner, a[0]) }
            return try body(vm, receiver, a)
        }
    }

    private static let arithmeticNames: [(String, BinaryOperator)] = [
        ("add", .add), ("sub", .subtract), ("mul", .multiply), ("truediv", .trueDivide), ("floordiv", .floorDivide), ("mod", .modulo),
    ]

    private static let bitNames: [(String, BinaryOperator)] = [
        ("lshift", .leftShift), ("rshift", .rightShift), ("and", .and), ("or", .or), ("xor", .xor),
    ]

    /// Arithmetic, comparison, truth, hash and repr as methods. `accepts` says which operands the type understands:
    /// int only ints, float ints and floats; others get NotImplemented.
    func defineNumberOperators(_ type: ClassPointer, _ owner: String, isInt: Bool) {
        let accepts: (VM, Value) -> Bool = isInt ? { vm, value in vm.isInteger(value) } : { _, value in value.isFloat }
        let operand: (VM, Value) -> Bool = isInt ? accepts : { vm, value in vm.isNumber(value.tag) }
        func add(_ name: String, _ signature: String, _ body: @escaping NumberBody) {
            defineNumber(type, owner, accepts, name, signature, body)
        }
        for (name, operation) in VM.arithmeticNames + (isInt ? VM.bitNames : []) {
            add("__\(name)__", "self, value, /") { (vm, number, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                return operand(vm, other) ? try vm.numberBinary(operation, number, other) : .notImplemented
            }
            add("__r\(name)__", "self, value, /") { (vm, number, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                return operand(vm, other) ? try vm.numberBinary(operation, other, number) : .notImplemented
            }
        }
        add("__divmod__", "self, value, /") { (vm, number, a) throws(PythonError) -> Value in
            let other = vm.payload(a[1])
            return operand(vm, other) ? try vm.numberDivmod(number, other) : .notImplemented
        }
        add("__rdivmod__", "self, value, /") { (vm, number, a) throws(PythonError) -> Value in
            let other = vm.payload(a[1])
            return operand(vm, other) ? try vm.numberDivmod(other, number) : .notImplemented
        }
        add("__pow__", "self, value, mod=None, /") { (vm, number, a) throws(PythonError) -> Value in
            let (other, modulus) = (vm.payload(a[1]), vm.payload(a[2]))
            guard operand(vm, other) || (!modulus.isNone && vm.isNumber(other.tag)) else { return .notImplemented }
            if modulus.isNone { return try vm.numberBinary(.power, number, other) }
            guard vm.isNumber(modulus.tag) else { return .notImplemented }
            return try vm.numberPower(number, other, modulus: modulus)
        }
        add("__rpow__", "self, value, mod=None, /") { (vm, number, a) throws(PythonError) -> Value in
            let other = vm.payload(a[1])
            return operand(vm, other) ? try vm.numberBinary(.power, other, number) : .notImplemented
        }
        for (name, operation) in [("__neg__", UnaryOperator.negative), ("__pos__", .positive)] + (isInt ? [("__invert__", .invert)] : []) {
            add(name, "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.numberUnary(operation, number) }
        }
        for (name, operation) in VM.comparisonNames {
            add(name, "self, value, /") { (vm, number, a) throws(PythonError) -> Value in
                let other = vm.payload(a[1])
                return operand(vm, other) ? .bool(vm.numberCompare(operation, number, other)) : .notImplemented
            }
        }
        add("__abs__", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.numberAbsolute(number) }
        add("__bool__", "self, /") { (vm, number, a) throws(PythonError) -> Value in .bool(try vm.isTrue(number)) }
        add("__hash__", "self, /") { (vm, number, a) throws(PythonError) -> Value in .int(vm.numberHash(number)) }
        add("__int__", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.toInt(number) }
        add("__trunc__", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.toInt(number) }
        add("__float__", "self, /") { (vm, number, a) throws(PythonError) -> Value in .float(try vm.double(number)) }
        add("conjugate", "self, /") { (vm, number, a) throws(PythonError) -> Value in try vm.numberUnary(.positive, number) }
        add("__getnewargs__", "self, /") { (vm, number, a) throws(PythonError) -> Value in
            vm.tuple([try vm.numberUnary(.positive, number)])
        }
        add("__format__", "self, format_spec, /") { (vm, number, a) throws(PythonError) -> Value in
            let spec = vm.payload(a[1])
            guard spec.isString else { throw vm.typeError("__format__() argument must be str, not \(vm.typeName(a[1]))") }
            if spec.string.pointee.byteCount == 0 { return try vm.str(a[0]) }
            return isInt
                ? try vm.formatInteger(number, spec.string, as: a[0])
                : try vm.formatDouble(number.asDouble, spec.string, as: a[0])
        }
        defineProperty(type, "real", get: { (vm, value) throws(PythonError) -> Value in try vm.numberUnary(.positive, vm.payload(value)) })
        defineProperty(type, "imag", get: { (_, _) throws(PythonError) -> Value in isInt ? .int(0) : .float(0) })
    }
}
