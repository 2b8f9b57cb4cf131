/// An exception of the language on its way through Swift code. Owns one reference to the exception object.
package struct PythonError: Error {
    package let exception: Value

    package init(_ exception: Value) { self.exception = exception }
}

/// Where an exception passed: one entry per frame, innermost first as it unwinds.
package struct Traceback {
    package struct Entry {
        package let code: UnsafeMutablePointer<CodeRecord>
        /// Index of the instruction that was running.
        package let instruction: Int
        /// `(module, variables)` of the call, owned by the traceback; undefined where `VM.keepsFrames` was not set.
        package let frame: Value
    }
    private var memory: UnsafeMutablePointer<Entry>?
    private var count: Int32 = 0
    private var capacity: Int32 = 0

    package init() {}

    package var entries: UnsafeBufferPointer<Entry> { UnsafeBufferPointer(start: memory, count: Int(count)) }

    mutating func append(_ entry: Entry) {
        if count == capacity { grow() }
        memory.unsafelyUnwrapped[Int(count)] = entry
        count += 1
    }

    private mutating func grow() {
        let wanted = max(4, capacity * 2)
        let fresh = UnsafeMutablePointer<Entry>.allocate(capacity: Int(wanted))
        if let memory {
            fresh.moveInitialize(from: memory, count: Int(count))
            memory.deallocate()
        }
        memory = fresh
        capacity = wanted
    }

    /// Forgets every entry and returns the memory.
    mutating func clear(in heap: Heap) {
        for entry in entries where entry.frame.isHeap { heap.release(entry.frame) }
        memory?.deallocate()
        self = Traceback()
    }
}
