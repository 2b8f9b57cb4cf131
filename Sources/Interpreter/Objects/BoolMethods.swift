// The class bool: two ints that print as words.

extension VM {
    /// Makes class bool; int exists already.
    func makeBoolClass() {
        let construct = NativeFunction("bool", "cls, x=False, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.isTrue(a[1])) }
        let type = makeBuiltinClass("bool", base: classOfTag[Int(Tag.int)], layout: Tag.bool, isBase: false, construct: construct) { vm, type in
            vm.define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
                guard a[0].isBool else { throw vm.wrongReceiver("__repr__", "bool", a[0]) }
                return vm.internedValue(a[0].asBool ? "True" : "False")
            }
            vm.defineStatic(type, "__new__", "cls, x=False, /") { (vm, a) throws(PythonError) -> Value in .bool(try vm.isTrue(a[1])) }
        }
        classOfTag[Int(Tag.bool)] = type
        builtinClasses["bool"] = type
    }
}
