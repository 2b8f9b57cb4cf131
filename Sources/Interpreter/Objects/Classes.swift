import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

// Classes: making, looking up, changing.

/// One entry of the table that remembers lookups along method resolution orders.
struct LookupCacheEntry {
    var type: UnsafeMutableRawPointer?
    var name: UnsafeMutableRawPointer?
    var epoch: UInt64
    var value: Value
}

/// Lookup state that changes with every write to any class.
final class ClassState {
    static let size = 4096
    let cache: UnsafeMutablePointer<LookupCacheEntry>
    var epoch: UInt64 = 1
    /// The table of special methods that classes share until one is looked up on them.
    let noSpecials = ClassInfo.emptySpecials()

    init() {
        // Zero bytes are an entry of no class; untouched parts of the table cost nothing at start.
        guard let memory = calloc(ClassState.size, MemoryLayout<LookupCacheEntry>.stride) else {
            preconditionFailure("out of memory: the table of remembered lookups")
        }
        cache = memory.assumingMemoryBound(to: LookupCacheEntry.self)
    }

    deinit {
        free(cache)
        noSpecials.deallocate()
    }
}

extension UnsafeMutablePointer where Pointee == ClassObject {
    /// What the class knows.
    package var info: ClassInfo { pointee.info._withUnsafeGuaranteedRef { $0 } }
    package var value: Value { Value(tag: Tag.classObject, pointer: self) }
}

extension VM {
    /// The class of a value, borrowed.
    @inline(__always)
    package func typeOf(_ value: Value) -> ClassPointer {
        switch value.tag {
        case Tag.instance, Tag.exception: value.object(as: InstanceObject.self).pointee.shape.pointee.type
        case Tag.native: value.object(as: NativeObject.self).pointee.type.unsafelyUnwrapped
        case Tag.iterator, Tag.dictView, Tag.descriptor, Tag.boundMethod: classByDetail(value)
        default: classOfTag[Int(value.tag)].unsafelyUnwrapped
        }
    }

    private func classByDetail(_ value: Value) -> ClassPointer {
        let detail = Int(value.header.pointee.extra)
        switch value.tag {
        case Tag.iterator: return iteratorClasses[detail]
        case Tag.dictView: return dictViewClasses[detail]
        case Tag.boundMethod:
            let isNative = value.object(as: BoundMethodObject.self).pointee.function.tag == Tag.builtin
            return classOfTag[Int(isNative ? Tag.builtin : Tag.boundMethod)].unsafelyUnwrapped
        default: return descriptorClasses[detail]
        }
    }

    /// The class's name as messages show it.
    package func typeName(_ value: Value) -> String { typeOf(value).info.name }

    /// The class's name with the module of a class written in Swift, as CPython's messages show those written in C.
    package func fullTypeName(_ value: Value) -> String {
        let info = typeOf(value).info
        if info.isUserClass {
            // Library classes that CPython writes in C say so: its errors name them with their module.
            let name = dictValue(info.namespace, "__c_name__")
            return name.tag == Tag.string ? text(name.string) : info.name
        }
        return info.isShownBare || info.module == "builtins" ? info.name : "\(info.module).\(info.name)"
    }

    @inline(__always)
    package func isSubclass(_ type: ClassPointer, _ base: ClassPointer) -> Bool {
        if type == base { return true }
        return type.pointee.info._withUnsafeGuaranteedRef { $0.order.contains(base) }
    }

    /// isinstance for one class, hooks left aside.
    @inline(__always)
    package func isInstance(_ value: Value, _ type: ClassPointer) -> Bool { isSubclass(typeOf(value), type) }

    // MARK: lookup

    /// An attribute along the class's method resolution order, borrowed and unbound; undefined when absent.
    @inline(__always)
    package func lookup(_ type: ClassPointer, _ name: StringPointer) -> Value {
        let key = Int((UInt(bitPattern: type) >> 4) ^ (UInt(bitPattern: name) >> 5)) & (ClassState.size - 1)
        let entry = classState.cache + key
        if entry.pointee.type == UnsafeMutableRawPointer(type), entry.pointee.name == UnsafeMutableRawPointer(name),
            entry.pointee.epoch == classState.epoch
        {
            return entry.pointee.value
        }
        return lookupSlowly(type, name, entry)
    }

    @inline(never)
    private func lookupSlowly(_ type: ClassPointer, _ name: StringPointer, _ entry: UnsafeMutablePointer<LookupCacheEntry>) -> Value {
        var found = Value.undefined
        for candidate in type.info.order {
            let info = candidate.info
            if let populate = info.populate {
                info.populate = nil
                populate(self, candidate)
            }
            found = dictValue(info.namespace, name)
            if !found.isUndefined { break }
        }
        entry.pointee = LookupCacheEntry(
            type: UnsafeMutableRawPointer(type), name: UnsafeMutableRawPointer(name), epoch: classState.epoch, value: found)
        return found
    }

    /// A special method of the class, borrowed and unbound; undefined when absent.
    @inline(__always)
    package func special(_ type: ClassPointer, _ special: Special) -> Value {
        let cached = type.pointee.info._withUnsafeGuaranteedRef { $0.specials[special.rawValue] }
        if cached.isUndefined { return findSpecial(type, special) }
        return cached.tag == Tag.notImplemented ? .undefined : cached
    }

    @inline(never)
    private func findSpecial(_ type: ClassPointer, _ special: Special) -> Value {
        let found = lookup(type, specialNames[special.rawValue])
        type.info.rememberSpecial(special, found.isUndefined ? .notImplemented : found)
        return found
    }

    /// Runs the class's populate step now, when it has not run yet.
    package func populate(_ type: ClassPointer) {
        let info = type.info
        if let populate = info.populate {
            info.populate = nil
            populate(self, type)
        }
    }

    // MARK: making

    /// A class object. Takes over `namespace` (a dict); bases are retained. The order of resolution must be consistent.
    func makeClass(
        name: String, qualifiedName: String? = nil, module: String = "builtins", bases: [ClassPointer], order: [ClassPointer]? = nil,
        namespace: Value? = nil, layout: UInt64, isUserClass: Bool = false, hasInstanceAttributes: Bool = false
    ) -> ClassPointer {
        let memory = heap.allocate(MemoryLayout<ClassObject>.stride, Tag.classObject)
        heap.containerGrowth &+= 1
        let type = memory.assumingMemoryBound(to: ClassObject.self)
        let space = namespace ?? dict()
        var resolution = [type]
        resolution += order ?? bases.first.map { $0.info.order } ?? []
        let info = ClassInfo(
            name: name, qualifiedName: qualifiedName ?? name, module: module, bases: bases, order: resolution, namespace: space.dict,
            layout: layout, isUserClass: isUserClass, hasInstanceAttributes: hasInstanceAttributes, specials: classState.noSpecials)
        type.pointee.info = Unmanaged.passRetained(info)
        type.pointee.rootShape = nil
        type.pointee.construction = .general
        type.pointee.constructionEpoch = 0
        type.pointee.initializer = nil
        type.pointee.constructor = nil
        for base in bases {
            base.value.retain()
            base.info.subclasses.append(type)
        }
        for ancestor in resolution.dropFirst() { ancestor.value.retain() }
        if let hint = bases.first.map({ $0.info.slotHint }) { info.slotHint = hint }
        return type
    }

    /// A built-in class, kept for good. Its namespace is filled by `populate` on first lookup.
    ///
    /// - Parameters:
    ///   - alsoBases: further bases behind the first, whose orders share nothing with it but `object`.
    ///   - layout: the tag of its instances; `Tag.native` for classes whose state is a Swift object.
    ///   - construct: makes an instance; argument 0 is the class called.
    @discardableResult
    package func makeBuiltinClass(
        _ name: String, base: ClassPointer? = nil, alsoBases: [ClassPointer] = [], module: String = "builtins", layout: UInt64, isBase: Bool = true,
        hasInstanceAttributes: Bool = false, construct: NativeFunction? = nil, populate: ((VM, ClassPointer) -> Void)? = nil
    ) -> ClassPointer {
        let first = base ?? objectClass
        let order =
            alsoBases.isEmpty
            ? nil : first.info.order.filter { $0 != objectClass } + alsoBases.flatMap { $0.info.order.filter { $0 != objectClass } } + [objectClass]
        let type = makeClass(
            name: name, module: module, bases: [first] + alsoBases, order: order, layout: layout, hasInstanceAttributes: hasInstanceAttributes)
        let info = type.info
        info.construct = construct ?? (base ?? objectClass).info.construct
        info.populate = populate
        info.isBase = isBase
        return type
    }

    /// The shape of a fresh instance.
    func rootShape(_ type: ClassPointer) -> UnsafeMutablePointer<Shape> {
        if let shape = type.pointee.rootShape { return shape }
        let shape = Shape.make(type: type, names: [], hasFinalizer: !special(type, .del).isUndefined)
        type.pointee.rootShape = shape
        return shape
    }

    /// An instance without attributes and payload; for exceptions the extra fields are not initialised.
    func allocateInstance(_ type: ClassPointer, _ tag: UInt64) -> Value {
        let room = type.pointee.info._withUnsafeGuaranteedRef { $0.slotHint }
        let size = tag == Tag.exception ? MemoryLayout<ExceptionObject>.stride : MemoryLayout<InstanceObject>.stride
        let memory = heap.allocate(size + room * MemoryLayout<Value>.stride, tag)
        heap.containerGrowth &+= 1
        let instance = memory.assumingMemoryBound(to: InstanceObject.self)
        instance.pointee.shape = rootShape(type)
        instance.pointee.slots = (memory + size).assumingMemoryBound(to: Value.self)
        instance.pointee.slotCapacity = room
        instance.pointee.payload = .undefined
        type.value.retain()
        return Value(tag: tag, pointer: memory)
    }

    /// An instance of a class derived from a built-in type around the built-in value (taken over).
    package func instance(of type: ClassPointer, payload: Value) -> Value {
        let value = allocateInstance(type, Tag.instance)
        value.object(as: InstanceObject.self).pointee.payload = payload
        return value
    }

    // MARK: natives in namespaces

    /// Adds a native method. The signature begins with `self`.
    package func define(
        _ type: ClassPointer, _ name: String, _ signature: String, documentation: String? = nil, _ body: @escaping NativeBody
    ) {
        let function = NativeFunction(name, signature, documentation: documentation, body: body)
        function.owner = type.info.name
        let value = builtin(function)
        dictSet(type.info.namespace, intern(name), value)
        heap.release(value)
    }

    /// Adds a native method that reads any number of positional arguments itself.
    package func defineVariable(_ type: ClassPointer, _ name: String, _ body: @escaping NativeBody) {
        let function = NativeFunction(name, "self, /, *args", takesAny: true, body: body)
        function.owner = type.info.name
        let value = builtin(function)
        dictSet(type.info.namespace, intern(name), value)
        heap.release(value)
    }

    /// Adds a native static method (such as `__new__` or `maketrans`).
    package func defineStatic(_ type: ClassPointer, _ name: String, _ signature: String, _ body: @escaping NativeBody) {
        let function = NativeFunction(name, signature, body: body)
        function.owner = type.info.name
        function.bindsReceiver = false
        let value = builtin(function)
        dictSet(type.info.namespace, intern(name), value)
        heap.release(value)
    }

    /// Adds a native class method: argument 0 is the class.
    package func defineClassMethod(_ type: ClassPointer, _ name: String, _ signature: String, _ body: @escaping NativeBody) {
        let function = NativeFunction(name, signature, body: body)
        function.owner = type.info.name
        function.isClassMethod = true
        let value = builtin(function)
        dictSet(type.info.namespace, intern(name), value)
        heap.release(value)
    }

    /// Adds a computed attribute; without `set` it is read-only.
    package func defineProperty(
        _ type: ClassPointer, _ name: String, get: @escaping (VM, Value) throws(PythonError) -> Value,
        set: ((VM, Value, Value) throws(PythonError) -> Void)? = nil
    ) {
        let getter = builtin(NativeFunction(name, "self") { (vm, a) throws(PythonError) -> Value in try get(vm, a[0]) })
        var setter = Value.none
        if let set {
            setter = builtin(
                NativeFunction(name, "self, value") { (vm, a) throws(PythonError) -> Value in
                    try set(vm, a[0], a[1])
                    return .none
                })
        }
        let value = descriptor(.property, getter, setter: setter)
        dictSet(type.info.namespace, intern(name), value)
        heap.release(value)
    }

    /// Adds a constant to a class.
    package func defineConstant(_ type: ClassPointer, _ name: String, _ value: Value) {
        dictSet(type.info.namespace, intern(name), value)
        heap.release(value)
    }

    // MARK: changing

    /// To be called before a class attribute changes from `old` to `new` (either may be undefined).
    func classWillChange(_ type: ClassPointer, _ name: StringPointer, from old: Value, to new: Value) {
        classState.epoch &+= 1
        let first = name.pointee.byteCount > 1 && name.bytes[0] == 0x5F
        if first { forgetSpecials(type) }
        func isCached(_ value: Value) -> Bool {
            switch value.tag {
            case Tag.function, Tag.builtin, Tag.descriptor, Tag.instance, Tag.native: true
            default: false
            }
        }
        if isCached(old) || isCached(new) { emptyInlineCaches() }
    }

    private func forgetSpecials(_ type: ClassPointer) {
        let info = type.info
        info.forgetSpecials()
        for subclass in info.subclasses { forgetSpecials(subclass) }
    }

    func emptyInlineCaches() {
        for record in records {
            for index in 0..<record.pointee.cacheCount {
                record.pointee.caches[index].key = 0
                record.pointee.caches[index].kind = .empty
            }
        }
    }
}

extension Value {
    /// Meaningful for classes.
    package var classPointer: ClassPointer { pointer.assumingMemoryBound(to: ClassObject.self) }
}
