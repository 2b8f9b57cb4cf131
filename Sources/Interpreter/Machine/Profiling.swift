import Bytecode

#if canImport(Glibc)
    import Glibc
#endif

/// Counts every call of a stretch of a program and measures its time: calls of the language's functions, resumptions of its generators,
/// and calls of native functions. What the machine does itself (operators, `list.append`) counts for the function it happens in.
package final class Profiler {
    /// What is called.
    package enum Callee {
        case function(Code)
        case native(NativeFunction)
    }

    package struct Entry {
        package let callee: Callee
        /// Calls that were not made while another call of the same function ran.
        package fileprivate(set) var primitiveCalls = 0
        package fileprivate(set) var calls = 0
        /// Nanoseconds in the function itself.
        package fileprivate(set) var ownTime: UInt64 = 0
        /// Nanoseconds in the function and all it calls; of recursive calls the outermost counts.
        package fileprivate(set) var totalTime: UInt64 = 0
        fileprivate var depth = 0
    }

    private struct Running {
        let entry: Int
        let start: UInt64
        var timeInCalls: UInt64 = 0
    }

    package private(set) var entries: [Entry] = []
    private var indices: [UnsafeRawPointer: Int] = [:]
    private var stack: [Running] = []

    package init() {}

    func enter(_ code: UnsafeMutablePointer<CodeRecord>) {
        enter(UnsafeRawPointer(code)) { .function(code.pointee.code.takeUnretainedValue()) }
    }

    func enter(_ function: NativeFunction) {
        enter(UnsafeRawPointer(Unmanaged.passUnretained(function).toOpaque())) { .native(function) }
    }

    private func enter(_ key: UnsafeRawPointer, _ callee: () -> Callee) {
        let index: Int
        if let known = indices[key] {
            index = known
        } else {
            index = entries.count
            indices[key] = index
            entries.append(Entry(callee: callee()))
        }
        entries[index].calls += 1
        if entries[index].depth == 0 { entries[index].primitiveCalls += 1 }
        entries[index].depth += 1
        stack.append(Running(entry: index, start: Profiler.now()))
    }

    /// The call entered last ends.
    func leave() {
        guard let running = stack.popLast() else { return }
        let time = Profiler.now() - running.start
        entries[running.entry].ownTime += time - min(time, running.timeInCalls)
        entries[running.entry].depth -= 1
        if entries[running.entry].depth == 0 { entries[running.entry].totalTime += time }
        if !stack.isEmpty { stack[stack.count - 1].timeInCalls += time }
    }

    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

// While a profiler is set no frame is within `frameLimit`, so that every push takes the way of the recursion limit and is noted there;
// the frame's flag then leads its end through the slow paths. Native functions lose the mark by which the loop calls them directly.
// Programs without a profiler pay nothing.
extension VM {
    /// Runs `body` with a profiler, which a profile within it takes over for its time.
    package func profile(with profiler: Profiler, _ body: () throws(PythonError) -> Void) throws(PythonError) {
        let outer = self.profiler
        self.profiler = profiler
        setDirectCalls(false)
        defer {
            self.profiler = outer
            if outer == nil { setDirectCalls(true) }
        }
        try body()
    }

    /// Whether a frame is within the limits proper.
    @inline(never)
    func isWithinRealLimit(_ next: UnsafeMutablePointer<Frame>, _ top: UnsafeMutablePointer<Value>) -> Bool {
        next <= frames + recursionLimit && top <= stackLimit
    }

    /// Notes a call whose frame is beyond `frameLimit` because of the profiler; false when it is beyond the limits proper.
    @inline(never)
    func isProfiledCall(_ next: UnsafeMutablePointer<Frame>, _ top: UnsafeMutablePointer<Value>, _ code: UnsafeMutablePointer<CodeRecord>) -> Bool {
        guard let profiler, isWithinRealLimit(next, top) else { return false }
        profiler.enter(code)
        return true
    }

    /// Sets whether native functions are called without a look at the profiler: those of built-ins, classes and loaded modules.
    private func setDirectCalls(_ isDirect: Bool) {
        var seen: Set<ObjectIdentifier> = []
        func set(_ value: Value) {
            switch value.tag {
            case Tag.builtin:
                let object = value.object(as: BuiltinObject.self)
                object.pointee.exactCount = isDirect ? object.pointee.function.takeUnretainedValue().exactCount : -1
            case Tag.descriptor: set(value.object(as: DescriptorObject.self).pointee.getter)
            case Tag.classObject: setClass(value.object(as: ClassObject.self))
            default: break
            }
        }
        func setClass(_ type: ClassPointer) {
            guard seen.insert(ObjectIdentifier(type.info)).inserted else { return }
            for ancestor in type.info.order where ancestor != type { setClass(ancestor) }
            let namespace = type.info.namespace
            for index in 0..<namespace.pointee.used {
                let entry = namespace.pointee.entries.unsafelyUnwrapped[index]
                if !entry.key.isUndefined { set(entry.value) }
            }
        }
        for index in 0..<builtinCount { set(builtins[index]) }
        for type in builtinClasses.values { setClass(type) }
        for module in modules.values where module.tag == Tag.module { moduleInfo(module).visitReferences(set) }
    }
}
