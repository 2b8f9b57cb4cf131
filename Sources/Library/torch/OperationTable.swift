import Interpreter
import Tensors

/// Declares operations once: as functions of `torch` and as methods of `Tensor`, with one body.
struct OperationTable {
    let torch: TorchBinding
    let module: NativeModule

    struct Placement: OptionSet {
        let rawValue: Int
        static let function = Placement(rawValue: 1)
        static let method = Placement(rawValue: 2)
        static let both: Placement = [.function, .method]
    }

    /// An operation that returns one tensor. `signature` leaves out the tensor it is a method of; the function also takes `out=`.
    func op(_ name: String, _ signature: String = "", _ placement: Placement = .both, _ body: @escaping (Call) throws -> Tensor) {
        let torch = torch
        value(name, signature, placement.intersection(.method)) { call in torch.value(try body(call)) }
        if placement.contains(.function) { writing(name, signature.isEmpty ? "input" : "input, \(signature)", body) }
    }

    /// A function of the module that returns one tensor, or puts it into the one given as `out=`.
    func writing(_ name: String, _ parameters: String, _ body: @escaping (Call) throws -> Tensor) {
        guard module.name == "_torch", let (extended, position) = OutParameter.added(to: parameters, of: name) else {
            return create(name, parameters, body)
        }
        function(name, extended) { call in try call.written(try body(call), to: position) }
    }

    /// An operation that returns several tensors as a tuple.
    func tuple(_ name: String, _ signature: String = "", _ placement: Placement = .both, _ body: @escaping (Call) throws -> [Tensor]) {
        let torch = torch
        value(name, signature, placement) { call in torch.tuple(try body(call)) }
    }

    /// An operation with any result, owned by the caller.
    func value(_ name: String, _ signature: String = "", _ placement: Placement = .both, _ body: @escaping (Call) throws -> Value) {
        let torch = torch
        if placement.contains(.method) {
            let text = signature.isEmpty ? "self, /" : "self, \(signature)"
            let description = OperationSignature(name, text, isMethod: true)
            torch.vm.define(torch.tensorClass, name, text) { (vm, a) throws(PythonError) -> Value in
                if vm.interruptFlag.pointee != 0 { try vm.poll() }
                do { return try body(Call(torch: torch, a: a, signature: description)) } catch { throw torch.pythonError(error) }
            }
        }
        if placement.contains(.function) {
            function(name, signature.isEmpty ? "input" : "input, \(signature)", body)
        }
    }

    /// A function of the module without a method.
    func function(_ name: String, _ signature: String, _ body: @escaping (Call) throws -> Value) {
        let torch = torch
        let description = OperationSignature(name, signature, isMethod: false)
        let home = module.name == "_nn_functional" ? "torch.nn.functional" : "torch"
        module.function(name, signature, pythonName: name) { (vm, a) throws(PythonError) -> Value in
            if vm.interruptFlag.pointee != 0 { try vm.poll() }
            do {
                if let interceptor = torch.interceptor, let result = try interceptor.function(home, name, a) { return result }
                return try body(Call(torch: torch, a: a, signature: description))
            } catch { throw torch.pythonError(error) }
        }
    }

    /// A function of the module that returns one tensor.
    func create(_ name: String, _ signature: String, _ body: @escaping (Call) throws -> Tensor) {
        let torch = torch
        function(name, signature) { call in torch.value(try body(call)) }
    }

    /// A method that changes its receiver and returns it.
    func inPlace(_ name: String, _ signature: String = "", _ body: @escaping (Call) throws -> Void) {
        value(name, signature, .method) { call in
            try body(call)
            return call.a[0].retained()
        }
    }

    /// An elementwise function of one tensor, with its in-place form `name_`.
    func elementwise(_ name: String, _ body: @escaping (Tensor) throws(TensorError) -> Tensor) {
        op(name) { c in try body(try c.x) }
        inPlace(name + "_") { c in _ = try c.x.applyInPlace(body) }
        function(name + "_", "input") { c in
            _ = try c.x.applyInPlace(body)
            return c.a[0].retained()
        }
    }

    /// An operation of two operands, the second a tensor or a number, with its in-place form.
    func binary(_ name: String, _ other: String = "other", _ body: @escaping (Tensor, Tensor) throws(TensorError) -> Tensor) {
        op(name, other) { c in try body(try c.x, try c.operand(1)) }
        inPlace(name + "_", other) { c in
            let second = try c.operand(1)
            _ = try c.x.applyInPlace { (x: Tensor) throws(TensorError) in try body(x, second) }
        }
    }

    /// A computed attribute of tensors.
    func property(
        _ name: String, _ get: @escaping (TorchBinding, Tensor) throws -> Value, set: ((TorchBinding, Tensor, Value) throws -> Void)? = nil
    ) {
        let torch = torch
        func receiver(_ vm: VM, _ value: Value) throws(PythonError) -> Tensor {
            guard let tensor = torch.tensor(value) else { throw vm.typeError("descriptor '\(name)' needs a Tensor, not '\(vm.typeName(value))'") }
            return tensor
        }
        let getter: (VM, Value) throws(PythonError) -> Value = { (vm, value) throws(PythonError) -> Value in
            let tensor = try receiver(vm, value)
            do { return try get(torch, tensor) } catch { throw torch.pythonError(error) }
        }
        guard let set else {
            torch.vm.defineProperty(torch.tensorClass, name, get: getter)
            return
        }
        torch.vm.defineProperty(
            torch.tensorClass, name, get: getter,
            set: { (vm, value, new) throws(PythonError) -> Void in
                let tensor = try receiver(vm, value)
                do { try set(torch, tensor, new) } catch { throw torch.pythonError(error) }
            })
    }
}
