import BigInt
import Interpreter

/// `_random`: the generator under `random.Random`.
func registerRandom(_ vm: VM) {
    vm.registerNativeModule("_random") { (vm, module) throws(PythonError) -> Void in
        let type = vm.makeBuiltinClass("Random", module: "_random", layout: Tag.native, populate: fillRandomClass)
        func make(_ vm: VM, _ a: Arguments) throws(PythonError) -> Value {
            if a[1].tuple.pointee.count > 1 { throw vm.typeError("Random() requires 0 or 1 argument") }
            let generator = MersenneTwister()
            let requested = a[0].classPointer
            // A subclass seeds in `__init__`.
            if requested == type || a[1].tuple.pointee.count == 0 {
                try seed(vm, generator, a[1].tuple.pointee.count == 1 ? a[1].tuple.items[0] : .none)
            }
            let made = vm.native(generator, type)
            return requested == type ? made : vm.instance(of: requested, payload: made)
        }
        type.info.construct = NativeFunction("Random", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in try make(vm, a) }
        vm.defineStatic(type, "__new__", "cls, /, *args, **kwargs") { (vm, a) throws(PythonError) -> Value in
            _ = try vm.requestedClass(a[0], type)
            return try make(vm, a)
        }
        module.set("Random", type.value.retained())
    }
}

@inline(__always)
private func generator(_ vm: VM, _ value: Value) throws(PythonError) -> MersenneTwister {
    guard let generator = vm.nativeObject(value, as: MersenneTwister.self) else {
        throw vm.typeError("descriptor requires a '_random.Random' object but received a '\(vm.typeName(value))'")
    }
    return generator
}

/// From the absolute value of an int, the hash of anything else, the system's randomness for None.
private func seed(_ vm: VM, _ generator: MersenneTwister, _ value: Value) throws(PythonError) {
    if value.isNone {
        let words = (0..<MersenneTwister.size).map { _ in UInt32.random(in: 0...UInt32.max) }
        generator.seed(words)
        return
    }
    let plain = vm.payload(value)
    if plain.tag == Tag.bigInt {
        var words: [UInt32] = []
        for word in vm.bigInt(plain).magnitude.words {
            words.append(UInt32(truncatingIfNeeded: word))
            words.append(UInt32(truncatingIfNeeded: word >> 32))
        }
        while words.count > 1, words.last == 0 { words.removeLast() }
        generator.seed(words)
        return
    }
    let magnitude = plain.isInt || plain.isBool ? UInt64(plain.asInt.magnitude) : UInt64(bitPattern: Int64(try vm.hash(value)))
    let high = UInt32(truncatingIfNeeded: magnitude >> 32)
    generator.seed(high == 0 ? [UInt32(truncatingIfNeeded: magnitude)] : [UInt32(truncatingIfNeeded: magnitude), high])
}

private func randomBits(_ vm: VM, _ generator: MersenneTwister, _ count: Int) throws(PythonError) -> Value {
    if count < 0 { throw vm.valueError("number of bits must be non-negative") }
    if count == 0 { return .int(0) }
    if count < 64 { return .int(Int(generator.nextBits(count))) }
    if count > 1 << 36 { throw vm.memoryError() }
    var words: [UInt] = []
    var rest = count
    while rest > 0 {
        words.append(UInt(generator.nextBits(min(64, rest))))
        rest -= 64
        try vm.heed()
    }
    return vm.int(BigInt(BigUInt(words: words)))
}

private func fillRandomClass(_ vm: VM, _ type: ClassPointer) {
    vm.define(type, "random", "self, /") { (vm, a) throws(PythonError) -> Value in .float(try generator(vm, a[0]).nextDouble()) }
    vm.define(type, "seed", "self, n=None, /") { (vm, a) throws(PythonError) -> Value in
        try seed(vm, try generator(vm, a[0]), a[1])
        return .none
    }
    vm.define(type, "getrandbits", "self, k, /") { (vm, a) throws(PythonError) -> Value in
        try randomBits(vm, try generator(vm, a[0]), try vm.index(a[1]))
    }
    // What `random.Random._randbelow` does with getrandbits(), in one step for small numbers.
    vm.define(type, "_below", "self, n, /") { (vm, a) throws(PythonError) -> Value in
        let generator = try generator(vm, a[0])
        if a[1].tag == Tag.bigInt { return try below(vm, generator, vm.bigInt(a[1])) }
        let limit = try vm.index(a[1])
        if limit <= 0 { return .int(0) }
        let bits = 64 - limit.leadingZeroBitCount
        while true {
            let candidate = generator.nextBits(bits)
            if candidate < UInt64(limit) { return .int(Int(candidate)) }
        }
    }
    vm.define(type, "getstate", "self, /") { (vm, a) throws(PythonError) -> Value in
        let generator = try generator(vm, a[0])
        return vm.tuple(generator.words.map { .int(Int($0)) } + [.int(generator.index)])
    }
    vm.define(type, "setstate", "self, state, /") { (vm, a) throws(PythonError) -> Value in
        let generator = try generator(vm, a[0])
        let state = vm.payload(a[1])
        guard state.tag == Tag.tuple else { throw vm.typeError("state vector must be a tuple") }
        guard state.tuple.pointee.count == MersenneTwister.size + 1 else { throw vm.valueError("state vector is the wrong size") }
        var words: [UInt32] = []
        for place in 0..<MersenneTwister.size { words.append(UInt32(truncatingIfNeeded: try vm.index(state.tuple.items[place]))) }
        let index = try vm.index(state.tuple.items[MersenneTwister.size])
        guard index >= 0, index <= MersenneTwister.size else { throw vm.valueError("invalid state") }
        generator.restore(words, index: index)
        return .none
    }
}

/// A number below a big one.
private func below(_ vm: VM, _ generator: MersenneTwister, _ limit: BigInt) throws(PythonError) -> Value {
    let bits = limit.magnitude.bitWidth
    while true {
        let candidate = try randomBits(vm, generator, bits)
        if vm.bigInt(candidate) < limit { return candidate }
        vm.heap.release(candidate)
    }
}
