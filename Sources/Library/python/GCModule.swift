import Interpreter

/// `gc`.
func registerGC(_ vm: VM) {
    vm.registerNativeModule("gc") { (vm, module) throws(PythonError) -> Void in
        let threshold = Threshold()
        module.function("collect", "generation=2") { (vm, a) throws(PythonError) -> Value in
            guard (0...2).contains(try vm.index(a[0])) else { throw vm.valueError("invalid generation") }
            return .int(vm.heap.collectCycles())
        }
        module.function("enable", "") { (vm, a) throws(PythonError) -> Value in
            vm.heap.isAutomatic = true
            return .none
        }
        module.function("disable", "") { (vm, a) throws(PythonError) -> Value in
            vm.heap.isAutomatic = false
            return .none
        }
        module.function("isenabled", "") { (vm, a) throws(PythonError) -> Value in .bool(vm.heap.isAutomatic) }
        module.function("get_count", "") { (vm, a) throws(PythonError) -> Value in vm.tuple([.int(vm.heap.newContainers), .int(0), .int(0)]) }
        module.function("get_threshold", "") { (vm, a) throws(PythonError) -> Value in vm.tuple(threshold.values.map { .int($0) }) }
        module.function("set_threshold", "threshold0, threshold1=10, threshold2=10, /") { (vm, a) throws(PythonError) -> Value in
            threshold.values = [try vm.index(a[0]), try vm.index(a[1]), try vm.index(a[2])]
            vm.heap.isAutomatic = threshold.values[0] > 0
            return .none
        }
        module.function("get_objects", "generation=None") { (vm, a) throws(PythonError) -> Value in
            var found: [Value] = []
            vm.heap.forEachObject { value in if Heap.isContainer(value.tag), value.tag != Tag.cell { found.append(value.retained()) } }
            return vm.list(found)
        }
        module.function("get_referents", "*objs") { (vm, a) throws(PythonError) -> Value in
            var found: [Value] = []
            for index in 0..<a[0].tuple.pointee.count {
                let value = a[0].tuple.items[index]
                if value.isHeap { vm.heap.forEachChild(of: value) { if !$0.isUndefined { found.append($0.retained()) } } }
            }
            return vm.list(found)
        }
        module.function("is_tracked", "obj, /") { (vm, a) throws(PythonError) -> Value in .bool(Heap.isContainer(a[0].tag)) }
        module.function("get_stats", "") { (vm, a) throws(PythonError) -> Value in vm.list() }
        module.set("garbage", vm.list())
        module.set("callbacks", vm.list())
    }
}

/// What the program set; the collector has its own rule, which looks at growth.
private final class Threshold {
    var values = [700, 10, 10]
}
