/// An iterator written in Swift: what library modules build theirs on. `step` gives the next item (owned) or undefined at
/// the end. The values it works with lie in `held`, where the cycle collector sees them; plain state is captured by `step`.
package final class NativeIterator: ReferenceHolder {
    package typealias Step = (VM, NativeIterator) throws(PythonError) -> Value

    /// Owned; change them through `hold`.
    package let held: UnsafeMutablePointer<Value>
    private let count: Int
    private let heap: Heap
    fileprivate let step: Step
    /// The object around this iterator, borrowed.
    package fileprivate(set) var value = Value.undefined

    fileprivate init(_ heap: Heap, _ values: [Value], _ step: @escaping Step) {
        self.heap = heap
        self.step = step
        count = values.count
        held = .allocate(capacity: max(1, count))
        held.initialize(from: values, count: count)
    }

    deinit {
        for index in 0..<count { heap.release(held[index]) }
        held.deallocate()
    }

    /// Stores a value (taken over) in place `index`.
    @inline(__always)
    package func hold(_ index: Int, _ value: Value) { heap.replace(held + index, with: value) }

    /// Gives out what is stored in place `index` and leaves `undefined`.
    package func take(_ index: Int) -> Value {
        let value = held[index]
        held[index] = .undefined
        return value
    }

    package func visitReferences(_ visit: (Value) -> Void) {
        for index in 0..<count { visit(held[index]) }
    }

    package func dropReferences() {
        for index in 0..<count { hold(index, .none) }
    }
}

extension VM {
    /// Marks native objects whose Swift object is a `NativeIterator`.
    static let nativeIteratorMark: UInt32 = 1

    /// An iterator object of class `type`; takes over `values`.
    package func nativeIterator(_ type: ClassPointer, holding values: [Value], _ step: @escaping NativeIterator.Step) -> Value {
        let iterator = NativeIterator(heap, values, step)
        let value = native(iterator, type)
        value.header.pointee.extra = VM.nativeIteratorMark
        iterator.value = value
        return value
    }

    /// The next item of a native object marked as iterator.
    @inline(__always)
    func nextNative(_ value: Value) throws(PythonError) -> Value {
        // Without counting references, as `invoke` does it.
        let outcome: Result<Value, PythonError> = value.object(as: NativeObject.self).pointee.object._withUnsafeGuaranteedRef { object in
            let iterator = unsafeDowncast(object, to: NativeIterator.self)
            do throws(PythonError) { return .success(try iterator.step(self, iterator)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// Gives a class of native iterators its protocol.
    package func defineIteration(_ type: ClassPointer) {
        define(type, "__iter__", "self, /") { (vm, a) throws(PythonError) -> Value in a[0].retained() }
        define(type, "__next__", "self, /") { (vm, a) throws(PythonError) -> Value in
            guard let iterator = vm.nativeObject(a[0], as: NativeIterator.self) else {
                throw vm.typeError("descriptor '__next__' requires a '\(type.info.name)' object but received a '\(vm.typeName(a[0]))'")
            }
            let item = try iterator.step(vm, iterator)
            if item.isUndefined { throw vm.stopIteration() }
            return item
        }
    }

    /// `__new__` of a class of native objects: what `make` makes, wrapped for derived classes.
    package func defineNativeNew(_ type: ClassPointer, _ signature: String, _ make: @escaping NativeBody) {
        defineStatic(type, "__new__", signature) { (vm, a) throws(PythonError) -> Value in
            let requested = try vm.requestedClass(a[0], type)
            let made = try make(vm, a)
            return requested == type ? made : vm.instance(of: requested, payload: made)
        }
    }
}

extension NativeModule {
    /// A class of iterators written in Swift. The signature begins with `cls`; `make` gets the class itself and the
    /// arguments (class included).
    @discardableResult
    package func iteratorClass(
        _ name: String, _ signature: String, populate: ((VM, ClassPointer) -> Void)? = nil,
        _ make: @escaping (VM, ClassPointer, Arguments) throws(PythonError) -> Value
    ) -> ClassPointer {
        let type = nativeClass(
            name,
            populate: { vm, type in
                vm.defineIteration(type)
                vm.defineNativeNew(type, signature) { (vm, a) throws(PythonError) -> Value in try make(vm, type, a) }
                populate?(vm, type)
            })
        type.info.construct = NativeFunction(name, signature) { (vm, a) throws(PythonError) -> Value in try make(vm, type, a) }
        return type
    }
}
