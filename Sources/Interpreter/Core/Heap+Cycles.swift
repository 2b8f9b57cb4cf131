/// The cycle collector: trial deletion, as CPython's. It needs no roots: a reference from a register or from Swift code
/// shows up as a count that no object inside the heap explains.
extension Heap {
    /// Whether enough containers were made since the last collection to make another worthwhile.
    @inline(__always)
    var wantsCollection: Bool {
        isAutomatic && !isCollecting && containerGrowth > 10_000 && containerGrowth > containersAfterCollection / 4
    }

    /// Frees every object that is reachable only from garbage. Returns how many objects were in cycles.
    @discardableResult
    package func collectCycles() -> Int {
        guard !isCollecting, canNoteObjects() else { return 0 }
        isCollecting = true
        defer { isCollecting = false }

        var containers: [Value] = []
        forEachObject { value in
            if Heap.isContainer(value.tag) {
                value.header.pointee.cycleReferences = value.header.pointee.references
                value.header.pointee.flags &= ~HeaderFlag.reachable
                containers.append(value)
            }
        }
        for container in containers {
            forEachChild(of: container) { child in
                if Heap.isContainer(child.tag) { child.header.pointee.cycleReferences &-= 1 }
            }
        }
        var work: [Value] = []
        func reach(_ value: Value) {
            guard Heap.isContainer(value.tag), value.header.pointee.flags & HeaderFlag.reachable == 0 else { return }
            value.header.pointee.flags |= HeaderFlag.reachable
            work.append(value)
        }
        for container in containers where container.header.pointee.cycleReferences > 0 { reach(container) }
        while let value = work.popLast() { forEachChild(of: value) { reach($0) } }

        let garbage = containers.filter { $0.header.pointee.flags & HeaderFlag.reachable == 0 }
        containersAfterCollection = containers.count - garbage.count
        containerGrowth = 0
        guard !garbage.isEmpty else { return 0 }
        for value in garbage { value.retain() }
        if finalize(garbage) {
            // A finalizer may have stored a reference anywhere; judge again next time.
            for value in garbage { release(value) }
            return 0
        }
        for value in garbage { clear(value) }
        for value in garbage { release(value) }
        containerGrowth = 0
        return garbage.count
    }

    /// Whether there is memory for the lists that a collection makes. Without, the heap is left as it is until it has grown
    /// again: what needs memory then will say so.
    private func canNoteObjects() -> Bool {
        // Three lists that may come to hold every object, each of which is copied as it grows.
        let bytes = liveCount * 9 * MemoryLayout<Value>.stride
        // They are Swift's, which the heap's reserve does not help.
        guard bytes > 1 << 20 else { return true }
        if AvailableMemory.hasAddresses(bytes) { return true }
        containersAfterCollection += newContainers
        containerGrowth = 0
        return false
    }

    /// Runs `__del__` of garbage objects that have one. Returns whether any ran.
    private func finalize(_ garbage: [Value]) -> Bool {
        var ran = false
        for value in garbage where value.header.pointee.flags & HeaderFlag.finalized == 0 {
            let needs: Bool
            switch value.tag {
            case Tag.instance, Tag.exception: needs = value.object(as: InstanceObject.self).pointee.shape.pointee.hasFinalizer
            case Tag.generator:
                let generator = value.object(as: GeneratorObject.self)
                needs = generator.pointee.state == .suspended && generator.pointee.code.pointee.handlesExceptions
            default: needs = false
            }
            guard needs else { continue }
            value.header.pointee.flags |= HeaderFlag.finalized
            finalizer?(value)
            ran = true
        }
        return ran
    }

    /// Makes a garbage container give up what it holds, leaving it valid.
    private func clear(_ value: Value) {
        switch value.tag {
        case Tag.list:
            let list = value.object(as: ListObject.self)
            let count = list.pointee.count
            let items = list.pointee.items
            list.pointee.count = 0
            for index in 0..<count { release(items[index]) }
        case Tag.tuple:
            let tuple = value.object(as: TupleObject.self)
            for index in 0..<tuple.pointee.count {
                let item = tuple.items[index]
                tuple.items[index] = .none
                release(item)
            }
        case Tag.dict:
            clearDict(value.object(as: DictObject.self))
        case Tag.set, Tag.frozenSet:
            clearSet(value.object(as: SetObject.self))
        case Tag.cell:
            replace(&value.object(as: CellObject.self).pointee.content, with: .undefined)
        case Tag.function:
            let function = value.object(as: FunctionObject.self)
            replace(&function.pointee.defaults, with: .undefined)
            replace(&function.pointee.keywordDefaults, with: .undefined)
            replace(&function.pointee.annotations, with: .undefined)
            replace(&function.pointee.attributes, with: .undefined)
        case Tag.instance, Tag.exception:
            let instance = value.object(as: InstanceObject.self)
            for index in 0..<Int(instance.pointee.shape.pointee.count) { replace(&instance.pointee.slots[index], with: .none) }
            if value.tag == Tag.exception {
                let exception = value.object(as: ExceptionObject.self)
                replace(&exception.pointee.cause, with: .none)
                replace(&exception.pointee.context, with: .none)
                exception.pointee.traceback.clear(in: self)
            }
        case Tag.generator:
            let generator = value.object(as: GeneratorObject.self)
            guard generator.pointee.state != .running else { return }
            generator.pointee.state = .finished
            for index in 0..<generator.pointee.liveCount { replace(generator.registers + index, with: .undefined) }
        case Tag.classObject:
            value.object(as: ClassObject.self).pointee.info.takeUnretainedValue().clearNamespace(in: self)
        case Tag.native:
            (value.object(as: NativeObject.self).pointee.object.takeUnretainedValue() as? any ReferenceHolder)?.dropReferences()
        case Tag.iterator:
            let iterator = value.object(as: IteratorObject.self)
            replace(&iterator.pointee.source, with: .none)
            replace(&iterator.pointee.second, with: .none)
        case Tag.boundMethod:
            replace(&value.object(as: BoundMethodObject.self).pointee.receiver, with: .none)
        case Tag.descriptor:
            let descriptor = value.object(as: DescriptorObject.self)
            replace(&descriptor.pointee.getter, with: .none)
            replace(&descriptor.pointee.setter, with: .none)
            replace(&descriptor.pointee.deleter, with: .none)
        default:
            break
        }
    }
}
