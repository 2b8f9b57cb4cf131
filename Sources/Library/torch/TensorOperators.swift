import Interpreter
import Tensors

// The operators of the language on tensors. Operands that are neither tensors nor numbers are left to the other side.

extension OperationTable {
    typealias BinaryBody = (Tensor, Tensor) throws(TensorError) -> Tensor

    func defineOperators() {
        defineArithmeticOperators()
        defineComparisonOperators()
        defineInPlaceOperators()
        let unary: [(String, (Tensor) throws(TensorError) -> Tensor)] = [
            ("__neg__", { (x) throws(TensorError) in try x.neg() }), ("__pos__", { (x) throws(TensorError) in x }),
            ("__abs__", { (x) throws(TensorError) in try x.abs() }),
            (
                "__invert__",
                { (x) throws(TensorError) in
                    if x.dtype.isFloatingPoint { throw .type("~ (operator.invert) is only implemented on integer and Boolean-type tensors") }
                    return try x.bitwiseNot()
                }
            ),
        ]
        for (name, body) in unary { op(name, "", .method) { c in try body(try c.x) } }
    }

    /// `__name__(self, other)`; NotImplemented when `other` is no operand. Reflected ones get the operands swapped.
    private func operator_(_ name: String, reflected: Bool = false, keepsNumbers: Bool = false, _ body: @escaping BinaryBody) {
        let torch = torch
        torch.vm.define(torch.tensorClass, name, "self, other, /") { (vm, a) throws(PythonError) -> Value in
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            guard let x = torch.tensor(a[0]) else { return .notImplemented }
            let other: Tensor
            if let tensor = torch.tensor(a[1]) {
                other = tensor
            } else if keepsNumbers, let number = try torch.number(a[1], beside: x) {
                other = number
            } else if let scalar = try torch.operatorScalar(a[1]) {
                other = try torch.wrapped(scalar)
            } else if let array = try torch.arrayTensor(a[1]) {
                other = array
            } else {
                return .notImplemented
            }
            do throws(TensorError) { return torch.value(reflected ? try body(other, x) : try body(x, other)) } catch {
                throw torch.pythonError(error)
            }
        }
    }

    private func defineArithmeticOperators() {
        let operators: [(String, BinaryBody)] = [
            ("add", { (x, y) throws(TensorError) in try x.add(y) }), ("sub", { (x, y) throws(TensorError) in try x.sub(y) }),
            ("mul", { (x, y) throws(TensorError) in try x.mul(y) }), ("truediv", { (x, y) throws(TensorError) in try x.div(y) }),
            ("floordiv", { (x, y) throws(TensorError) in try x.floorDivide(y) }), ("mod", { (x, y) throws(TensorError) in try x.remainder(y) }),
            ("pow", { (x, y) throws(TensorError) in try x.pow(y) }), ("matmul", { (x, y) throws(TensorError) in try x.matmul(y) }),
            ("and", { (x, y) throws(TensorError) in try x.bitwiseAnd(y) }), ("or", { (x, y) throws(TensorError) in try x.bitwiseOr(y) }),
            ("xor", { (x, y) throws(TensorError) in try x.bitwiseXor(y) }), ("lshift", { (x, y) throws(TensorError) in try x.bitwiseLeftShift(y) }),
            ("rshift", { (x, y) throws(TensorError) in try x.bitwiseRightShift(y) }),
        ]
        for (name, body) in operators {
            let keepsNumbers = ["add", "sub", "mul", "truediv"].contains(name)
            operator_("__\(name)__", keepsNumbers: keepsNumbers, body)
            operator_("__r\(name)__", reflected: true, keepsNumbers: keepsNumbers, body)
        }
    }

    private func defineComparisonOperators() {
        let operators: [(String, BinaryBody)] = [
            ("__eq__", { (x, y) throws(TensorError) in try x.eq(y) }), ("__ne__", { (x, y) throws(TensorError) in try x.ne(y) }),
            ("__lt__", { (x, y) throws(TensorError) in try x.lt(y) }), ("__le__", { (x, y) throws(TensorError) in try x.le(y) }),
            ("__gt__", { (x, y) throws(TensorError) in try x.gt(y) }), ("__ge__", { (x, y) throws(TensorError) in try x.ge(y) }),
        ]
        for (name, body) in operators { operator_(name, keepsNumbers: true, body) }
    }

    private func defineInPlaceOperators() {
        let operators: [(String, BinaryBody)] = [
            ("__iadd__", { (x, y) throws(TensorError) in try x.add_(y) }), ("__isub__", { (x, y) throws(TensorError) in try x.sub_(y) }),
            ("__imul__", { (x, y) throws(TensorError) in try x.mul_(y) }), ("__itruediv__", { (x, y) throws(TensorError) in try x.div_(y) }),
            ("__ipow__", { (x, y) throws(TensorError) in try x.pow_(y) }), ("__imod__", { (x, y) throws(TensorError) in try x.remainder_(y) }),
            ("__ifloordiv__", { (x, y) throws(TensorError) in try x.div_(y, rounding: .floor) }),
            ("__iand__", { (x, y) throws(TensorError) in try x.applyInPlace { (v: Tensor) throws(TensorError) in try v.bitwiseAnd(y) } }),
            ("__ior__", { (x, y) throws(TensorError) in try x.applyInPlace { (v: Tensor) throws(TensorError) in try v.bitwiseOr(y) } }),
            ("__ixor__", { (x, y) throws(TensorError) in try x.applyInPlace { (v: Tensor) throws(TensorError) in try v.bitwiseXor(y) } }),
        ]
        for (name, body) in operators {
            let torch = torch
            torch.vm.define(torch.tensorClass, name, "self, other, /") { (vm, a) throws(PythonError) -> Value in
                if vm.interruptFlag.pointee != 0 { try vm.poll() }
                guard let x = torch.tensor(a[0]) else { return .notImplemented }
                let other: Tensor
                if let tensor = torch.tensor(a[1]) {
                    other = tensor
                } else if let scalar = try torch.operatorScalar(a[1]) {
                    other = try torch.wrapped(scalar)
                } else {
                    return .notImplemented
                }
                do throws(TensorError) {
                    _ = try body(x, other)
                    return a[0].retained()
                } catch {
                    throw torch.pythonError(error)
                }
            }
        }
    }
}

extension TorchBinding {
    /// A number beside a floating-point tensor, as a tensor of that dtype, kept for the next time: loops use the same few numbers. Nil where
    /// the number's own dtype may matter.
    func number(_ value: Value, beside x: Tensor) throws(PythonError) -> Tensor? {
        guard x.dtype.isFloatingPoint, value.isFloat || value.isInt && value.asInt.magnitude <= 1 << 24 else { return nil }
        let bits = value.isFloat ? value.asDouble.bitPattern : Double(value.asInt).bitPattern
        let slot = Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 60)
        if let known = keptNumbers[slot], known.bits == bits, known.tensor.dtype == x.dtype { return known.tensor }
        do throws(TensorError) {
            let tensor = try Tensor.full([], .double(Double(bitPattern: bits)), dtype: x.dtype)
            keptNumbers[slot] = (bits, tensor)
            return tensor
        } catch {
            throw pythonError(error)
        }
    }

    /// A number as the operand of an operator; arrays and objects with operators of their own are left alone.
    func operatorScalar(_ value: Value) throws(PythonError) -> Scalar? {
        switch value.tag {
        case Tag.int: return .int(Int64(value.asInt))
        case Tag.float: return .double(value.asDouble)
        case Tag.bool: return .bool(value.asBool)
        case Tag.bigInt: throw vm.overflowError("int too big to convert")
        case Tag.native, Tag.instance:
            let inner = vm.payload(value)
            if inner.tag < Tag.firstHeap { return try operatorScalar(inner) }
            // A zero-dimensional number of another library: it converts to float or int and has no length.
            let type = vm.typeOf(value)
            if vm.special(type, .float).isUndefined || !vm.special(type, .length).isUndefined || !vm.special(type, .getItem).isUndefined {
                return nil
            }
            return try scalarOrNil(value)
        default: return nil
        }
    }
}
