import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

/// What a module knows besides the values of its globals.
package final class ModuleInfo {
    /// Address space reserved per module: 65,536 globals.
    package static let capacity = 65_536

    package let name: String
    package let names: GlobalNames
    package let globals: UnsafeMutablePointer<Value>
    /// Source file, when there is one.
    package var file: String?
    /// For packages: the folder that submodules are searched in.
    package var searchPath: String?
    /// The module's own code is running for the first time.
    package var isLoading = false
    /// Slots in use that were initialised.
    private(set) var initialised = 0
    /// Called for a missing attribute: lets native modules fill themselves on first use.
    package var missing: ((VM, String) throws(PythonError) -> Value?)?

    package init(name: String, names: GlobalNames = GlobalNames()) {
        self.name = name
        self.names = names
        let bytes = ModuleInfo.capacity * MemoryLayout<Value>.stride
        let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        precondition(memory != MAP_FAILED, "no address space for the globals of module \(name)")
        globals = memory.unsafelyUnwrapped.assumingMemoryBound(to: Value.self)
    }

    deinit { munmap(globals, ModuleInfo.capacity * MemoryLayout<Value>.stride) }

    /// Makes slots that the compiler handed out read as undefined. Call after compiling for this module.
    package func prepareSlots() {
        precondition(names.names.count <= ModuleInfo.capacity, "module \(name) has more than \(ModuleInfo.capacity) globals")
        while initialised < names.names.count {
            globals[initialised] = .undefined
            initialised += 1
        }
    }

    /// The slot of a name, made when missing.
    package func slot(of name: String) -> Int {
        let slot = names.slot(of: name)
        prepareSlots()
        return slot
    }

    /// The value bound to a name, borrowed; nil when unbound.
    package func value(of name: String) -> Value? {
        guard let slot = names.existingSlot(of: name), slot < initialised, !globals[slot].isUndefined else { return nil }
        return globals[slot]
    }

    func visitReferences(_ visit: (Value) -> Void) {
        for slot in 0..<initialised { visit(globals[slot]) }
    }

    func dropReferences(in heap: Heap) {
        for slot in 0..<initialised { heap.replace(globals + slot, with: .undefined) }
    }
}

extension ModuleInfo {
    /// Unbinds every global, newest last, as an ending program does.
    package func dropGlobals(_ vm: VM) {
        for slot in 0..<initialised where !globals[slot].isUndefined { vm.releaseGlobal(globals + slot, with: .undefined) }
    }
}
