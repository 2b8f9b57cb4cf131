import Interpreter

/// `sys.modules`: a live mapping over the modules a machine has loaded, in alphabetical order.
enum LoadedModules {
    private final class View {}

    static func value(_ vm: VM) -> Value {
        let type = vm.makeBuiltinClass("dict", layout: Tag.native, isBase: false) { vm, type in
            fillAccess(vm, type)
            fillWhole(vm, type)
        }
        type.info.construct = nil
        return vm.native(View(), type)
    }

    private static func find(_ vm: VM, _ key: Value) -> Value? {
        let plain = vm.payload(key)
        return plain.tag == Tag.string ? vm.modules[vm.text(plain)] : nil
    }

    private static func snapshot(_ vm: VM) -> Value {
        let result = vm.dict()
        for name in vm.modules.keys.sorted() { if let module = vm.modules[name] { vm.dictSet(result.dict, name, module) } }
        return result
    }

    private static func remove(_ vm: VM, _ key: Value) -> Value? {
        let plain = vm.payload(key)
        return plain.tag == Tag.string ? vm.modules.removeValue(forKey: vm.text(plain)) : nil
    }

    private static func fillAccess(_ vm: VM, _ type: ClassPointer) {
        vm.define(type, "__getitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            guard let found = find(vm, a[1]) else { throw vm.keyError(a[1]) }
            return found.retained()
        }
        vm.define(type, "__setitem__", "self, key, value, /") { (vm, a) throws(PythonError) -> Value in
            let key = vm.payload(a[1])
            guard key.tag == Tag.string else { throw vm.typeError("sys.modules keys must be str in qnb, not \(vm.typeName(a[1]))") }
            let old = vm.modules.updateValue(a[2].retained(), forKey: vm.text(key))
            if let old { vm.heap.release(old) }
            return .none
        }
        vm.define(type, "__delitem__", "self, key, /") { (vm, a) throws(PythonError) -> Value in
            guard let old = remove(vm, a[1]) else { throw vm.keyError(a[1]) }
            vm.heap.release(old)
            return .none
        }
        vm.define(type, "__contains__", "self, key, /") { (vm, a) throws(PythonError) -> Value in .bool(find(vm, a[1]) != nil) }
        vm.define(type, "get", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            (find(vm, a[1]) ?? a[2]).retained()
        }
        vm.define(type, "pop", "self, key, default=..., /") { (vm, a) throws(PythonError) -> Value in
            if let old = remove(vm, a[1]) { return old }
            guard a.has(2) else { throw vm.keyError(a[1]) }
            return a[2].retained()
        }
        vm.define(type, "setdefault", "self, key, default=None, /") { (vm, a) throws(PythonError) -> Value in
            if let found = find(vm, a[1]) { return found.retained() }
            try vm.setItem(a[0], a[1], a[2])
            return a[2].retained()
        }
    }

    private static func fillWhole(_ vm: VM, _ type: ClassPointer) {
        vm.define(type, "__len__", "self, /") { (vm, a) throws(PythonError) -> Value in .int(vm.modules.count) }
        for name in ["__iter__", "__repr__", "keys", "values", "items", "copy"] {
            vm.define(type, name, "self, /") { (vm, a) throws(PythonError) -> Value in
                let all = snapshot(vm)
                defer { vm.heap.release(all) }
                switch name {
                case "copy": return all.retained()
                case "__iter__": return try vm.makeIterator(all)
                case "__repr__": return try vm.repr(all)
                default: return try vm.callMethod(all, name)
                }
            }
        }
        vm.define(type, "update", "self, other, /") { (vm, a) throws(PythonError) -> Value in
            let pairs = vm.dict()
            defer { vm.heap.release(pairs) }
            try vm.dictUpdate(pairs.dict, from: a[1])
            for index in 0..<pairs.dict.pointee.used {
                let entry = pairs.dict.pointee.entries.unsafelyUnwrapped[index]
                if !entry.key.isUndefined { try vm.setItem(a[0], entry.key, entry.value) }
            }
            return .none
        }
    }
}
