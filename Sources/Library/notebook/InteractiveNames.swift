import Interpreter

/// IPython's names for what a session has seen: `In`, `Out`, `_`, `__`, `___`, `_N`.
final class InteractiveNames {
    private let vm: VM
    private let module: UnsafeMutablePointer<ModuleObject>
    private let inputs: Reference
    private let outputs: Reference
    /// What `_`, `__` and `___` were last set to: a program that gives one of them another meaning keeps it.
    private var recent: [Reference] = []

    init(_ vm: VM, _ main: Value) {
        self.vm = vm
        module = main.object(as: ModuleObject.self)
        let first = vm.string("")
        let list = vm.list([first])
        let dict = vm.dict()
        inputs = Reference(list, vm.heap)
        outputs = Reference(dict, vm.heap)
        set("In", list)
        set("Out", dict)
        for _ in 0..<3 { recent.append(Reference(first, vm.heap)) }
        for name in Self.names { vm.setGlobal(module, name, first) }
    }

    private static let names = ["_", "__", "___"]

    private func set(_ name: String, _ value: Value) {
        vm.setGlobal(module, name, value)
        vm.heap.release(value)
    }

    /// Enters a cell's text as `In[number]`.
    func begin(_ text: String, number: Int) throws(PythonError) {
        // A program may have emptied the list or put something else into it.
        while inputs.value.list.pointee.count <= number {
            let empty = vm.string("")
            defer { vm.heap.release(empty) }
            vm.heap.release(try vm.callMethod(inputs.value, "append", empty))
        }
        let value = vm.string(text)
        defer { vm.heap.release(value) }
        try vm.setItem(inputs.value, .int(number), value)
    }

    /// Enters the value of a cell's last expression.
    func finish(_ value: Value, number: Int) throws(PythonError) {
        try vm.dictSet(outputs.value.dict, .int(number), value)
        vm.setGlobal(module, "_\(number)", value)
        let info = module.pointee.info.takeUnretainedValue()
        let isUntouched = zip(Self.names, recent).allSatisfy { name, reference in
            info.value(of: name).map { $0.isIdentical(to: reference.value) } ?? true
        }
        guard isUntouched else { return }
        recent = [Reference(value, vm.heap)] + recent.dropLast()
        for (name, reference) in zip(Self.names, recent) { vm.setGlobal(module, name, reference.value) }
    }
}
