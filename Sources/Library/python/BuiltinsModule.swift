import Bytecode
import Interpreter

/// `builtins`: the names every module sees. Rebinding them here changes nothing elsewhere.
func registerBuiltins(_ vm: VM) {
    vm.registerNativeModule("builtins") { (vm, module) throws(PythonError) -> Void in
        for name in BuiltinNames.all { if let value = vm.builtinValue(name) { module.set(name, value.retained()) } }
        for (name, value) in [("None", Value.none), ("True", .true), ("False", .false)] { module.set(name, value) }
    }
}
