import Interpreter

/// `_qnb_sample`: a module of one class, the smallest example of how Swift code joins the language. The machine knows
/// nothing of it.
func registerCounter(_ vm: VM) {
    vm.registerNativeModule("_qnb_sample") { (vm, module) throws(PythonError) -> Void in
        module.nativeClass(
            "Counter",
            construct: NativeFunction("Counter", "cls, start=0") { (vm, a) throws(PythonError) -> Value in
                vm.native(Counter(try vm.index(a[1])), a[0].classPointer)
            },
            populate: { vm, type in
                vm.define(type, "step", "self, by=1") { (vm, a) throws(PythonError) -> Value in
                    guard let counter = vm.nativeObject(a[0], as: Counter.self) else { throw vm.typeError("Counter expected") }
                    counter.value += try vm.index(a[1])
                    return .int(counter.value)
                }
                vm.define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in
                    .int(vm.nativeObject(a[0], as: Counter.self)?.value ?? 0)
                }
                vm.defineProperty(type, "value") { (vm, value) throws(PythonError) -> Value in
                    .int(vm.nativeObject(value, as: Counter.self)?.value ?? 0)
                }
            })
    }
}

private final class Counter {
    var value: Int
    init(_ value: Int) { self.value = value }
}
