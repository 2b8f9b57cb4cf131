import Interpreter
import Tensors

/// The operators of arrays and scalars.
extension Numpy {
    private static let arithmetic: [(method: String, function: String)] = [
        ("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "true_divide"), ("floordiv", "floor_divide"), ("mod", "remainder"),
        ("pow", "power"), ("lshift", "left_shift"), ("rshift", "right_shift"), ("and", "bitwise_and"), ("or", "bitwise_or"), ("xor", "bitwise_xor"),
    ]
    private static let comparisons: [(method: String, function: String)] = [
        ("eq", "equal"), ("ne", "not_equal"), ("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"),
    ]

    /// Both operands of `a ⊕ b`; nil when the other side must be asked instead.
    private func operands(_ a: Value, _ b: Value) throws -> (NumpyOperand, NumpyOperand)? {
        // torch.Tensor decides by itself how it meets arrays.
        if vm.nativeObject(a, as: Tensor.self) != nil || vm.nativeObject(b, as: Tensor.self) != nil { return nil }
        guard let first = try operand(a), let second = try operand(b) else { return nil }
        return (first, second)
    }

    func addOperators(_ type: ClassPointer) {
        for (method, name) in Numpy.arithmetic {
            guard let function = NumpyBinaryUfunc.byName[name] else { continue }
            let signature = method == "pow" ? "self, other, mod=None, /" : "self, other, /"
            define(type, "__\(method)__", signature) { [self] a in
                if let quick = quickly(method, a[0], a[1]) { return quick }
                guard let (x, y) = try operands(a[0], a[1]) else { return .notImplemented }
                return try result(try apply(function, x, y))
            }
            define(type, "__r\(method)__", signature) { [self] a in
                if let quick = quickly(method, a[1], a[0]) { return quick }
                guard let (x, y) = try operands(a[1], a[0]) else { return .notImplemented }
                return try result(try apply(function, x, y))
            }
        }
        for (method, name) in Numpy.comparisons {
            guard let function = NumpyBinaryUfunc.byName[name] else { continue }
            define(type, "__\(method)__", "self, other, /") { [self] a in
                guard let (x, y) = try operands(a[0], a[1]) else { return .notImplemented }
                return try result(try apply(function, x, y))
            }
        }
        for (method, name) in [("neg", "negative"), ("pos", "positive"), ("abs", "absolute"), ("invert", "invert")] {
            guard let function = NumpyUnaryUfunc.byName[name] else { continue }
            define(type, "__\(method)__", "self, /") { [self] a in
                try result(try apply(function, NumpyOperand(tensor: try receiver(a[0]))))
            }
        }
        define(type, "__divmod__", "self, other, /") { [self] a in try quotientAndRemainder(a[0], a[1]) }
        define(type, "__rdivmod__", "self, other, /") { [self] a in try quotientAndRemainder(a[1], a[0]) }
    }

    /// In-place forms, for arrays only.
    func addInPlaceOperators() {
        for (method, name) in Numpy.arithmetic {
            guard let function = NumpyBinaryUfunc.byName[name] else { continue }
            define(arrayClass, "__i\(method)__", "self, other, /") { [self] a in
                let own = try receiver(a[0])
                guard let (x, y) = try operands(a[0], a[1]) else { return .notImplemented }
                let computed = try apply(function, x, y)
                guard computed.dtype.category <= own.dtype.category else {
                    throw vm.typeError(
                        "Cannot cast ufunc '\(name == "true_divide" ? "divide" : name)' output from dtype('\(computed.dtype.name)') to dtype('\(own.dtype.name)') "
                            + "with casting rule 'same_kind'")
                }
                guard computed.shape == own.shape else {
                    throw vm.valueError(
                        "non-broadcastable output operand with shape \(Numpy.compact(own.shape)) doesn't match the broadcast shape \(Numpy.compact(computed.shape))"
                    )
                }
                _ = try own.copy_(try computed.to(own.dtype))
                return a[0].retained()
            }
        }
        define(arrayClass, "__imatmul__", "self, other, /") { [self] a in
            let own = try receiver(a[0])
            guard let (x, y) = try operands(a[0], a[1]) else { return .notImplemented }
            _ = try own.copy_(try matmul(x.tensor, y.tensor).to(own.dtype))
            return a[0].retained()
        }
    }

    func addMatrixOperators(_ type: ClassPointer) {
        define(type, "__matmul__", "self, other, /") { [self] a in
            guard let (x, y) = try operands(a[0], a[1]) else { return .notImplemented }
            return try result(try matmul(x.tensor, y.tensor))
        }
        define(type, "__rmatmul__", "self, other, /") { [self] a in
            guard let (x, y) = try operands(a[1], a[0]) else { return .notImplemented }
            return try result(try matmul(x.tensor, y.tensor))
        }
    }

    private func quotientAndRemainder(_ a: Value, _ b: Value) throws -> Value {
        guard let (x, y) = try operands(a, b), let floor = NumpyBinaryUfunc.byName["floor_divide"], let rest = NumpyBinaryUfunc.byName["remainder"]
        else {
            return .notImplemented
        }
        return vm.tuple([try result(try apply(floor, x, y)), try result(try apply(rest, x, y))])
    }

    /// float64 scalars with plain numbers, without making tensors.
    private func quickly(_ method: String, _ a: Value, _ b: Value) -> Value? {
        guard let x = quickDouble(a), let y = quickDouble(b), isFloat64(a) || isFloat64(b) else { return nil }
        switch method {
        case "add": return scalar(x + y)
        case "sub": return scalar(x - y)
        case "mul": return scalar(x * y)
        case "truediv": return scalar(x / y)
        default: return nil
        }
    }

    private func quickDouble(_ value: Value) -> Double? {
        switch value.tag {
        case Tag.float: value.asDouble
        case Tag.int: Double(value.asInt)
        case Tag.instance: isFloat64(value) ? vm.payload(value).asDouble : nil
        default: nil
        }
    }

    // MARK: products

    /// `a @ b` with numpy's promotion and messages.
    func matmul(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        for (position, operand) in [a, b].enumerated() where operand.rank == 0 {
            throw vm.valueError(
                "matmul: Input operand \(position) does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)"
            )
        }
        let (inner, outer) = (a.shape[a.rank - 1], b.shape[max(0, b.rank - 2)])
        if inner != outer {
            throw vm.valueError(
                "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size \(outer) is different from \(inner))"
            )
        }
        return try product(a, b) { x, y in try x.matmul(y) }
    }

    /// `np.dot`: products of vectors and matrices; over more dimensions the last of `a` with the second last of `b`.
    func dot(_ a: Tensor, _ b: Tensor) throws -> Tensor {
        if a.rank == 0 || b.rank == 0 { return try product(a, b) { x, y in x.dtype == .bool ? try x.logicalAnd(y) : try x.mul(y) } }
        let axis = max(0, b.rank - 2)
        let (inner, outer) = (a.shape[a.rank - 1], b.shape[axis])
        if inner != outer {
            throw vm.valueError(
                "shapes \(Numpy.compact(a.shape)) and \(Numpy.compact(b.shape)) not aligned: \(inner) (dim \(a.rank - 1)) != \(outer) (dim \(axis))")
        }
        if b.rank <= 2 { return try product(a, b) { x, y in try x.matmul(y) } }
        let moved = try b.movedim([axis], [0]).reshape([outer, -1])
        let rest = b.shape.enumerated().filter { $0.offset != axis }.map(\.element)
        return try product(a, moved) { x, y in try x.matmul(y) }.reshape(Array(a.shape.dropLast()) + rest)
    }

    /// Integer products run in 64 bits, as numpy's wrap at the width of the result.
    private func product(_ a: Tensor, _ b: Tensor, _ body: (Tensor, Tensor) throws -> Tensor) throws -> Tensor {
        let dtype = a.dtype.numpyPromoted(with: b.dtype)
        if dtype == .bool { return try body(try a.to(.int64), try b.to(.int64)).ne(try .full([], 0, dtype: .int64)) }
        let wide = dtype.isFloatingPoint ? dtype : .int64
        return try body(try a.to(wide), try b.to(wide)).to(dtype)
    }
}
