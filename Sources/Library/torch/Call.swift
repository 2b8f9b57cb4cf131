import Interpreter
import Tensors

/// The name and parameters of an operation, for the sentences about wrong arguments.
final class OperationSignature {
    let name: String
    private let text: String
    /// Whether the receiver counts as an argument (functions) or not (methods).
    let isMethod: Bool

    init(_ name: String, _ text: String, isMethod: Bool) {
        self.name = name
        self.text = text
        self.isMethod = isMethod
    }

    /// The parameter's name.
    func parameter(_ index: Int) -> String {
        let pieces = text.split(separator: ",").map { $0.trimmingSpaces }.filter { $0 != "/" && $0 != "*" && !$0.hasPrefix("*") }
        guard index < pieces.count else { return text.split(separator: "*").last.map { $0.split(separator: ",").first.map(String.init) ?? "" } ?? "" }
        return String(pieces[index].split(separator: "=")[0])
    }

    func position(_ index: Int) -> Int { isMethod ? index : index + 1 }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// One call of an operation: reads its arguments as what the operation needs, with PyTorch's sentences when they are something else.
struct Call {
    let torch: TorchBinding
    let a: Arguments
    let signature: OperationSignature

    @inline(__always) var vm: VM { torch.vm }

    /// Whether argument `i` was given and is not None.
    @inline(__always) func has(_ i: Int) -> Bool { !a[i].isUndefined && !a[i].isNone }

    // MARK: tensors

    /// The receiver or first argument.
    @inline(__always) var x: Tensor { get throws(PythonError) { try tensor(0) } }

    @inline(__always)
    func tensor(_ i: Int) throws(PythonError) -> Tensor {
        if let tensor = torch.tensor(a[i]) { return tensor }
        throw mismatch(i, "Tensor")
    }

    func tensorOrNil(_ i: Int) throws(PythonError) -> Tensor? { has(i) ? try tensor(i) : nil }

    /// A tensor, or a number as a tensor that does not widen what it meets.
    @inline(__always)
    func operand(_ i: Int) throws(PythonError) -> Tensor {
        if let tensor = torch.tensor(a[i]) { return tensor }
        return try number(i)
    }

    @inline(never)
    private func number(_ i: Int) throws(PythonError) -> Tensor {
        guard let scalar = try torch.scalarOrNil(a[i]) else { throw mismatch(i, "Tensor") }
        return try torch.wrapped(scalar)
    }

    /// A list or tuple of tensors.
    func tensors(_ i: Int) throws(PythonError) -> [Tensor] {
        guard let items = torch.sequence(a[i]) else { throw mismatch(i, "tuple of Tensors") }
        var result: [Tensor] = []
        result.reserveCapacity(items.count)
        for (position, item) in items.enumerated() {
            guard let tensor = torch.tensor(item) else {
                throw vm.typeError("expected Tensor as element \(position) in argument \(i), but got \(vm.typeName(item))")
            }
            result.append(tensor)
        }
        return result
    }

    // MARK: numbers

    func int(_ i: Int) throws(PythonError) -> Int {
        if a[i].isInt { return a[i].asInt }
        if a[i].isFloat || a[i].isString || a[i].isNone { throw mismatch(i, "int") }
        return try vm.index(a[i], mismatchText(i, "int"))
    }

    func intOrNil(_ i: Int) throws(PythonError) -> Int? { has(i) ? try int(i) : nil }

    func double(_ i: Int) throws(PythonError) -> Double {
        if a[i].isFloat { return a[i].asDouble }
        guard let scalar = try torch.scalarOrNil(a[i]) else { throw mismatch(i, "float") }
        return scalar.asDouble
    }

    func doubleOrNil(_ i: Int) throws(PythonError) -> Double? { has(i) ? try double(i) : nil }

    func scalar(_ i: Int) throws(PythonError) -> Scalar {
        guard let scalar = try torch.scalarOrNil(a[i]) else { throw mismatch(i, "Number") }
        return scalar
    }

    func scalarOrNil(_ i: Int) throws(PythonError) -> Scalar? { has(i) ? try scalar(i) : nil }

    func flag(_ i: Int) throws(PythonError) -> Bool {
        if a[i].isBool || a[i].isInt { return a[i].bits != 0 }
        if a[i].isNone || a[i].isUndefined { return false }
        return try vm.isTrue(a[i])
    }

    func text(_ i: Int) throws(PythonError) -> String {
        guard a[i].isString else { throw mismatch(i, "str") }
        return vm.text(a[i])
    }

    func textOrNil(_ i: Int) throws(PythonError) -> String? { has(i) ? try text(i) : nil }

    // MARK: dimensions and sizes

    /// An int or a sequence of ints.
    func ints(_ i: Int) throws(PythonError) -> [Int] {
        guard let result = try torch.ints(a[i]) else { throw mismatch(i, "tuple of ints") }
        return result
    }

    func intsOrNil(_ i: Int) throws(PythonError) -> [Int]? { has(i) ? try ints(i) : nil }

    /// Sizes given as separate ints or as one sequence: parameter `i` is the variadic tuple.
    func sizes(_ i: Int, _ keyword: Int? = nil) throws(PythonError) -> [Int] {
        let given = a[i].tuple
        if given.pointee.count == 0, let keyword, has(keyword) { return try ints(keyword) }
        if given.pointee.count == 1, let items = torch.sequence(given.items[0]) { return try intItems(items, i) }
        return try intItems((0..<given.pointee.count).map { given.items[$0] }, i)
    }

    private func intItems(_ items: [Value], _ i: Int) throws(PythonError) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(items.count)
        for item in items {
            if item.isInt {
                result.append(item.asInt)
            } else {
                if item.isFloat || item.isString || item.isNone {
                    throw vm.typeError(
                        "\(signature.name)(): argument '\(signature.parameter(i))' (position 1) must be tuple of ints, not \(vm.typeName(item))")
                }
                result.append(try vm.index(item))
            }
        }
        return result
    }

    // MARK: dtypes and generators

    func dtypeOrNil(_ i: Int) throws(PythonError) -> DType? {
        guard has(i) else { return nil }
        guard let dtype = torch.dtypeOrNil(a[i]) else {
            throw vm.typeError("\(signature.name)(): argument '\(signature.parameter(i))' must be torch.dtype, not \(vm.typeName(a[i]))")
        }
        return dtype
    }

    func generatorOrNil(_ i: Int) throws(PythonError) -> Generator? {
        guard has(i) else { return nil }
        guard let generator = vm.nativeObject(a[i], as: Generator.self) else { throw mismatch(i, "torch.Generator") }
        return generator
    }

    // MARK: errors

    func mismatchText(_ i: Int, _ wanted: String) -> String {
        if a[i].isUndefined { return "\(signature.name)() missing 1 required positional arguments: \"\(signature.parameter(i))\"" }
        return
            "\(signature.name)(): argument '\(signature.parameter(i))' (position \(signature.position(i))) must be \(wanted), not \(vm.typeName(a[i]))"
    }

    func mismatch(_ i: Int, _ wanted: String) -> PythonError { vm.typeError(mismatchText(i, wanted)) }
}

extension TorchBinding {
    /// A number of the language, or what converts to one: 0-d tensors and objects with `__float__` or `__index__`.
    func scalarOrNil(_ value: Value) throws(PythonError) -> Scalar? {
        switch value.tag {
        case Tag.int: return .int(Int64(value.asInt))
        case Tag.float: return .double(value.asDouble)
        case Tag.bool: return .bool(value.asBool)
        case Tag.bigInt: throw vm.overflowError("int too big to convert")
        case Tag.instance, Tag.native:
            let inner = vm.payload(value)
            if inner.tag < Tag.firstHeap { return try scalarOrNil(inner) }
            if let tensor = tensor(value) {
                do throws(TensorError) { return try tensor.item() } catch { throw pythonError(error) }
            }
            let type = vm.typeOf(value)
            if !vm.special(type, .index).isUndefined { return .int(Int64(try vm.index(value))) }
            if !vm.special(type, .float).isUndefined { return .double(try vm.real(value)) }
            return nil
        default: return nil
        }
    }

    func wrapped(_ scalar: Scalar) throws(PythonError) -> Tensor {
        do throws(TensorError) { return try .wrapped(scalar) } catch { throw pythonError(error) }
    }

    /// Borrowed items of a list or tuple (or of a class derived from them); nil for anything else.
    func sequence(_ value: Value) -> [Value]? {
        let inner = vm.payload(value)
        if inner.tag == Tag.list { return (0..<inner.list.pointee.count).map { inner.list.pointee.items[$0] } }
        if inner.tag == Tag.tuple { return (0..<inner.tuple.pointee.count).map { inner.tuple.items[$0] } }
        return nil
    }

    /// One int, or the ints of a sequence; nil when it is neither.
    func ints(_ value: Value) throws(PythonError) -> [Int]? {
        if value.isInt { return [value.asInt] }
        if let items = sequence(value) {
            var result: [Int] = []
            result.reserveCapacity(items.count)
            for item in items {
                if item.isInt {
                    result.append(item.asInt)
                } else {
                    if item.isFloat || item.isString || item.isNone { return nil }
                    result.append(try vm.index(item))
                }
            }
            return result
        }
        if value.isFloat || value.isString || value.isNone || value.isUndefined { return nil }
        if vm.special(vm.typeOf(value), .index).isUndefined { return nil }
        return [try vm.index(value)]
    }
}

extension VM {
    /// An attribute's name; TypeError for anything but text.
    func requiredName(_ value: Value) throws(PythonError) -> StringPointer {
        let plain = payload(value)
        guard plain.isString else { throw typeError("attribute name must be string, not '\(typeName(value))'") }
        return intern(plain)
    }
}
