import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

/// Swift objects inside native values that hold references to language values.
package protocol ReferenceHolder: AnyObject {
    /// Visits every value held.
    func visitReferences(_ visit: (Value) -> Void)
    /// Gives up every value held (releasing it): called to break a garbage cycle.
    func dropReferences()
}

extension Value {
    @inlinable @inline(__always) public func object<T>(as type: T.Type) -> UnsafeMutablePointer<T> { pointer.assumingMemoryBound(to: type) }
}

extension UnsafeMutablePointer where Pointee == TupleObject {
    /// The items, directly behind the header.
    @inlinable @inline(__always) public var items: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(self) + MemoryLayout<TupleObject>.stride).assumingMemoryBound(to: Value.self)
    }
}

extension UnsafeMutablePointer where Pointee == StringObject {
    /// The UTF-8 bytes, directly behind the header.
    @inlinable @inline(__always) public var bytes: UnsafeMutablePointer<UInt8> {
        (UnsafeMutableRawPointer(self) + MemoryLayout<StringObject>.stride).assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutablePointer where Pointee == GeneratorObject {
    @inline(__always) var registers: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(self) + MemoryLayout<GeneratorObject>.stride).assumingMemoryBound(to: Value.self)
    }
}

extension UnsafeMutablePointer where Pointee == InstanceObject {
    /// Where slots begin when they are inline.
    @inline(__always) var inlineSlots: UnsafeMutablePointer<Value> {
        (UnsafeMutableRawPointer(self) + MemoryLayout<InstanceObject>.stride).assumingMemoryBound(to: Value.self)
    }
}

extension Heap {
    /// Kinds that can be part of a reference cycle.
    package static func isContainer(_ tag: UInt64) -> Bool {
        switch tag {
        case Tag.string, Tag.bytes, Tag.byteArray, Tag.bigInt, Tag.range, Tag.builtin: false
        default: tag >= Tag.firstHeap
        }
    }

    /// Visits each reference an object holds, once per reference. The one description of every kind's children.
    package func forEachChild(of value: Value, _ visit: (Value) -> Void) {
        func visitClass(_ type: UnsafeMutablePointer<ClassObject>?) {
            if let type { visit(Value(tag: Tag.classObject, pointer: type)) }
        }
        switch value.tag {
        case Tag.list:
            let list = value.object(as: ListObject.self)
            for index in 0..<list.pointee.count { visit(list.pointee.items[index]) }
        case Tag.tuple:
            let tuple = value.object(as: TupleObject.self)
            for index in 0..<tuple.pointee.count { visit(tuple.items[index]) }
        case Tag.dict:
            let dict = value.object(as: DictObject.self)
            for index in 0..<dict.pointee.used {
                let entry = dict.pointee.entries.unsafelyUnwrapped[index]
                if !entry.key.isUndefined {
                    visit(entry.key)
                    visit(entry.value)
                }
            }
        case Tag.set, Tag.frozenSet:
            let set = value.object(as: SetObject.self)
            guard let entries = set.pointee.entries else { return }
            for index in 0...set.pointee.mask where entries[index].isLive { visit(entries[index].key) }
        case Tag.slice:
            let slice = value.object(as: SliceObject.self)
            visit(slice.pointee.start)
            visit(slice.pointee.stop)
            visit(slice.pointee.step)
        case Tag.cell:
            visit(value.object(as: CellObject.self).pointee.content)
        case Tag.function:
            let function = value.object(as: FunctionObject.self)
            visit(function.pointee.defaults)
            visit(function.pointee.keywordDefaults)
            visit(function.pointee.closure)
            visit(function.pointee.annotations)
            visit(function.pointee.attributes)
        case Tag.boundMethod:
            let method = value.object(as: BoundMethodObject.self)
            visit(method.pointee.function)
            visit(method.pointee.receiver)
        case Tag.classObject:
            value.object(as: ClassObject.self).pointee.info._withUnsafeGuaranteedRef { $0.visitReferences(visit) }
        case Tag.instance, Tag.exception:
            let instance = value.object(as: InstanceObject.self)
            visitClass(instance.pointee.shape.pointee.type)
            for index in 0..<Int(instance.pointee.shape.pointee.count) { visit(instance.pointee.slots[index]) }
            visit(instance.pointee.payload)
            if value.tag == Tag.exception {
                let exception = value.object(as: ExceptionObject.self)
                visit(exception.pointee.arguments)
                visit(exception.pointee.cause)
                visit(exception.pointee.context)
                for entry in exception.pointee.traceback.entries { visit(entry.frame) }
            }
        case Tag.generator:
            let generator = value.object(as: GeneratorObject.self)
            visit(generator.pointee.function)
            visit(generator.pointee.handled)
            if generator.pointee.state != .running {
                for index in 0..<generator.pointee.liveCount { visit(generator.registers[index]) }
            }
        case Tag.module:
            value.object(as: ModuleObject.self).pointee.info._withUnsafeGuaranteedRef { $0.visitReferences(visit) }
        case Tag.iterator:
            let iterator = value.object(as: IteratorObject.self)
            visit(iterator.pointee.source)
            visit(iterator.pointee.second)
        case Tag.dictView:
            visit(value.object(as: DictViewObject.self).pointee.dict)
        case Tag.descriptor:
            let descriptor = value.object(as: DescriptorObject.self)
            visit(descriptor.pointee.getter)
            visit(descriptor.pointee.setter)
            visit(descriptor.pointee.deleter)
            visit(descriptor.pointee.documentation)
        case Tag.superObject:
            let object = value.object(as: SuperObject.self)
            visitClass(object.pointee.owner)
            visitClass(object.pointee.receiverType)
            visit(object.pointee.receiver)
        case Tag.native:
            let native = value.object(as: NativeObject.self)
            visitClass(native.pointee.type)
            (native.pointee.object.takeUnretainedValue() as? any ReferenceHolder)?.visitReferences(visit)
        default:
            break
        }
    }

    /// Releases what an object holds and returns its memory. The reference count is 0.
    func destroyNow(_ value: Value) {
        let header = value.header
        switch value.tag {
        case Tag.list:
            let list = value.object(as: ListObject.self)
            containerGrowth &-= 1
            let items = list.pointee.items
            for index in 0..<list.pointee.count { release(items[index]) }
            free(items)
        case Tag.tuple:
            let tuple = value.object(as: TupleObject.self)
            containerGrowth &-= 1
            for index in 0..<tuple.pointee.count { release(tuple.items[index]) }
        case Tag.string:
            if header.pointee.flags & HeaderFlag.interned != 0 {
                // The table's own reference keeps interned strings alive for good.
                header.pointee.references = 1
                return
            }
            if let index = value.object(as: StringObject.self).pointee.index { free(index) }
        case Tag.instance, Tag.exception:
            if header.pointee.flags & HeaderFlag.finalized == 0, value.object(as: InstanceObject.self).pointee.shape.pointee.hasFinalizer {
                header.pointee.flags |= HeaderFlag.finalized
                header.pointee.references = 1
                finalizer?(value)
                header.pointee.references &-= 1
                if header.pointee.references != 0 { return }
            }
            containerGrowth &-= 1
            destroyInstance(value)
        case Tag.dict:
            containerGrowth &-= 1
            let dict = value.object(as: DictObject.self)
            if let entries = dict.pointee.entries {
                for index in 0..<dict.pointee.used where !entries[index].key.isUndefined {
                    release(entries[index].key)
                    release(entries[index].value)
                }
                free(entries)
            }
            if let table = dict.pointee.table { free(table) }
        case Tag.set, Tag.frozenSet:
            containerGrowth &-= 1
            let set = value.object(as: SetObject.self)
            if let entries = set.pointee.entries {
                if header.pointee.flags & HeaderFlag.holdsObjects != 0 {
                    for index in 0...set.pointee.mask where entries[index].isObject { release(entries[index].key) }
                }
                free(entries)
            }
        case Tag.bytes, Tag.byteArray:
            free(value.object(as: BytesObject.self).pointee.bytes)
        case Tag.bigInt:
            value.object(as: NativeObject.self).pointee.object.release()
        case Tag.native:
            containerGrowth &-= 1
            let native = value.object(as: NativeObject.self)
            if header.pointee.extra >= Heap.firstTrackedMark {
                nativeFreed?(header.pointee.extra, native.pointee.object.takeUnretainedValue())
            }
            native.pointee.object.release()
            if let type = native.pointee.type { release(Value(tag: Tag.classObject, pointer: type)) }
        case Tag.builtin:
            let builtin = value.object(as: BuiltinObject.self)
            builtin.pointee.function.release()
            builtin.deinitialize(count: 1)
        case Tag.classObject:
            containerGrowth &-= 1
            let info = value.object(as: ClassObject.self).pointee.info
            info.takeUnretainedValue().destroy(in: self)
            info.release()
            cacheKeyFreed?()
        case Tag.module:
            containerGrowth &-= 1
            let module = value.object(as: ModuleObject.self)
            module.pointee.info.takeUnretainedValue().dropReferences(in: self)
            module.pointee.info.release()
            cacheKeyFreed?()
        case Tag.generator:
            if !finishGenerator(value) { return }
            containerGrowth &-= 1
        default:
            containerGrowth &-= 1
            forEachChild(of: value) { release($0) }
        }
        returnCell(value.pointer)
    }

    private func destroyInstance(_ value: Value) {
        let instance = value.object(as: InstanceObject.self)
        let shape = instance.pointee.shape
        let slots = instance.pointee.slots
        for index in 0..<Int(shape.pointee.count) { release(slots[index]) }
        if slots != firstSlot(of: value) { free(slots) }
        release(instance.pointee.payload)
        if value.tag == Tag.exception {
            let exception = value.object(as: ExceptionObject.self)
            release(exception.pointee.arguments)
            release(exception.pointee.cause)
            release(exception.pointee.context)
            exception.pointee.traceback.clear(in: self)
        }
        release(Value(tag: Tag.classObject, pointer: shape.pointee.type))
    }

    /// Where the inline slots of an instance or exception begin.
    @inline(__always)
    func firstSlot(of value: Value) -> UnsafeMutablePointer<Value> {
        let size = value.tag == Tag.exception ? MemoryLayout<ExceptionObject>.stride : MemoryLayout<InstanceObject>.stride
        return (value.pointer + size).assumingMemoryBound(to: Value.self)
    }

    /// Runs a suspended generator's `finally` blocks (through the finalizer), then frees its registers.
    /// Returns false when the generator came back to life.
    private func finishGenerator(_ value: Value) -> Bool {
        let generator = value.object(as: GeneratorObject.self)
        if generator.pointee.state == .suspended, generator.pointee.code.pointee.handlesExceptions,
            value.header.pointee.flags & HeaderFlag.finalized == 0
        {
            value.header.pointee.flags |= HeaderFlag.finalized
            value.header.pointee.references = 1
            finalizer?(value)
            value.header.pointee.references &-= 1
            if value.header.pointee.references != 0 { return false }
        }
        for index in 0..<generator.pointee.liveCount { release(generator.registers[index]) }
        release(generator.pointee.function)
        release(generator.pointee.handled)
        return true
    }
}
