/// What a slice selects. Unpacked: bounds as written; adjusted: positions within a sequence and how many there are.
package struct SliceBounds {
    package var start: Int
    package var stop: Int
    package var step: Int
    package var count = 0

    /// The positions a slice selects in a sequence of `length` items, as CPython clips them.
    package func adjusted(to length: Int) -> SliceBounds {
        var result = self
        func clip(_ value: Int) -> Int {
            if value < 0 {
                let shifted = value &+ length
                return shifted < 0 ? (step < 0 ? -1 : 0) : shifted
            }
            return value >= length ? (step < 0 ? length - 1 : length) : value
        }
        result.start = clip(start)
        result.stop = clip(stop)
        if step < 0 {
            if result.stop < result.start { result.count = (result.start - result.stop - 1) / -step + 1 }
        } else if result.start < result.stop {
            result.count = (result.stop - result.start - 1) / step + 1
        }
        return result
    }
}

extension VM {
    /// Reads a slice's bounds, running `__index__` where needed. ValueError for a step of 0.
    package func unpackSlice(_ slice: Value) throws(PythonError) -> SliceBounds {
        let object = slice.object(as: SliceObject.self)
        var step = 1
        if !object.pointee.step.isNone {
            step = try sliceIndex(object.pointee.step)
            if step == 0 { throw valueError("slice step cannot be zero") }
            if step < -Int.max { step = -Int.max }
        }
        let start = object.pointee.start.isNone ? (step < 0 ? Int.max : 0) : try sliceIndex(object.pointee.start)
        let stop = object.pointee.stop.isNone ? (step < 0 ? Int.min : Int.max) : try sliceIndex(object.pointee.stop)
        return SliceBounds(start: start, stop: stop, step: step)
    }

    /// A bound of a slice, clipped to 64 bits.
    func sliceIndex(_ value: Value, allowsNone: Bool = true) throws(PythonError) -> Int {
        if value.isInt { return value.asInt }
        let plain = payload(value)
        if plain.isInt || plain.isBool { return plain.asInt }
        if plain.tag == Tag.bigInt { return bigInt(plain).sign == .minus ? Int.min : Int.max }
        let method = special(typeOf(value), .index)
        if method.isUndefined {
            throw typeError("slice indices must be integers\(allowsNone ? " or None" : "") or have an __index__ method")
        }
        let result = try call(method, value)
        defer { heap.release(result) }
        let number = payload(result)
        if number.isInt || number.isBool { return number.asInt }
        if number.tag == Tag.bigInt { return bigInt(number).sign == .minus ? Int.min : Int.max }
        throw typeError("__index__ returned non-int (type \(typeName(result)))")
    }

    func makeSliceClass() {
        let construct = NativeFunction("slice", "cls, *arguments") { (vm, a) throws(PythonError) -> Value in
            let given = a[1].tuple
            switch given.pointee.count {
            case 0: throw vm.typeError("slice expected at least 1 argument, got 0")
            case 1: return vm.slice(.none, given.items[0].retained(), .none)
            case 2: return vm.slice(given.items[0].retained(), given.items[1].retained(), .none)
            case 3: return vm.slice(given.items[0].retained(), given.items[1].retained(), given.items[2].retained())
            default: throw vm.typeError("slice expected at most 3 arguments, got \(given.pointee.count)")
            }
        }
        let type = makeBuiltinClass("slice", layout: Tag.slice, isBase: false, construct: construct) { (vm, type) in vm.fillSliceClass(type) }
        classOfTag[Int(Tag.slice)] = type
        builtinClasses["slice"] = type
    }

    private func fillSliceClass(_ type: ClassPointer) {
        defineProperty(
            type, "start", get: { (vm, value) throws(PythonError) -> Value in value.object(as: SliceObject.self).pointee.start.retained() })
        defineProperty(type, "stop", get: { (vm, value) throws(PythonError) -> Value in value.object(as: SliceObject.self).pointee.stop.retained() })
        defineProperty(type, "step", get: { (vm, value) throws(PythonError) -> Value in value.object(as: SliceObject.self).pointee.step.retained() })
        defineConstant(type, "__hash__", .none)
        define(type, "indices", "self, len, /") { (vm, a) throws(PythonError) -> Value in
            let slice = try vm.containerSelf(a[0], Tag.slice, "indices")
            let length = try vm.index(a[1])
            if length < 0 { throw vm.valueError("length should not be negative") }
            let bounds = try vm.unpackSlice(slice).adjusted(to: length)
            return vm.tuple([.int(bounds.start), .int(bounds.stop), .int(bounds.step)])
        }
        define(type, "__repr__", "self, /") { (vm, a) throws(PythonError) -> Value in
            let slice = try vm.containerSelf(a[0], Tag.slice, "__repr__").object(as: SliceObject.self)
            let start = try vm.reprText(slice.pointee.start)
            let stop = try vm.reprText(slice.pointee.stop)
            let step = try vm.reprText(slice.pointee.step)
            return vm.string("slice(\(start), \(stop), \(step))")
        }
        for (name, operation) in VM.orderings {
            define(type, name, "self, value, /") { (vm, a) throws(PythonError) -> Value in
                guard a[1].tag == Tag.slice else { return .notImplemented }
                let left = vm.sliceTuple(try vm.containerSelf(a[0], Tag.slice, name))
                defer { vm.heap.release(left) }
                let right = vm.sliceTuple(a[1])
                defer { vm.heap.release(right) }
                return try vm.compareTuples(operation, left.tuple, right.tuple)
            }
        }
    }

    private func sliceTuple(_ slice: Value) -> Value {
        let object = slice.object(as: SliceObject.self)
        return tuple([object.pointee.start.retained(), object.pointee.stop.retained(), object.pointee.step.retained()])
    }
}
