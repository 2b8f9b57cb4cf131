import Bytecode
import Diagnostics

#if canImport(Glibc)
    import Glibc
#endif

/// One running instance of the language: heap, classes, modules, register stack. Not thread-safe; several may coexist.
///
/// Conventions of every operation on it: arguments are borrowed, a returned `Value` is owned by the caller, exceptions
/// travel as `PythonError`.
public final class VM {
    package let heap = Heap()

    // MARK: registers and frames
    /// Reserved address space of the register stack: frames lie one behind the other and never move.
    static let stackCapacity = 24 * 1024 * 1024
    let stack: UnsafeMutablePointer<Value>
    let stackLimit: UnsafeMutablePointer<Value>
    /// First register above every active frame, valid while Swift code runs on behalf of a program.
    var stackTop: UnsafeMutablePointer<Value>
    static let frameCapacity = 1_000_100
    let frames: UnsafeMutablePointer<Frame>
    /// The running frame; `frames` itself (a sentinel) when none runs.
    var frame: UnsafeMutablePointer<Frame>
    /// Frames and Swift re-entries allowed: `sys.setrecursionlimit`.
    package var recursionLimit = 1000 {
        didSet { setFrameLimit() }
    }
    /// The last frame that is pushed without a closer look: where `recursionLimit` is reached, or, with a profiler, none at all.
    private(set) var frameLimit: UnsafeMutablePointer<Frame>
    /// Counts calls while it is set (see Profiling.swift).
    var profiler: Profiler? {
        didSet { setFrameLimit() }
    }
    /// Whether exceptions keep the variables of the calls they leave, for a debugger to look at.
    package var keepsFrames = false

    private func setFrameLimit() { frameLimit = profiler == nil ? frames + recursionLimit : frames }
    /// Re-entries of `run` from Swift code, natives included.
    var nativeDepth = 0
    /// Re-entries that the native stack surely holds.
    package var nativeDepthLimit = 1000
    /// Counts the NaNs that programs read from text.
    var nanSerial: UInt64 = 0
    /// Result of a call that needed no frame (see `prepareCall`).
    var nativeResult: Value = .undefined
    /// What the generator that finished last returned, owned.
    var generatorReturn: Value = .none
    /// The exception that left the entry frame of a `run` (see `unwind`).
    var pendingException: Value = .undefined
    /// The next unwinding repeats an earlier raise: traceback and context stay as they are.
    var isReraising = false
    /// The exception being handled (`raise` alone, `__context__`); none outside handlers.
    var handled: Value = .none

    // MARK: names and classes
    private var interned = InternTable()
    /// Class of each kind of value, by tag; borrowed for good.
    let classOfTag: UnsafeMutablePointer<ClassPointer?>
    package var objectClass: ClassPointer
    package var typeClass: ClassPointer
    /// Values of `BuiltinNames.all`, by index.
    let builtins: UnsafeMutablePointer<Value>
    package private(set) var builtinCount = 0
    /// Built-in classes by name, `BaseException` and `type` included.
    package var builtinClasses: [String: ClassPointer] = [:]
    let classState = ClassState()
    /// Classes of iterators by `IteratorKind`, of views (keys, values, items), of descriptors.
    var iteratorClasses: [ClassPointer] = []
    var dictViewClasses: [ClassPointer] = []
    var descriptorClasses: [ClassPointer] = []
    let emptyTuple: Value
    let specialNames: UnsafeMutablePointer<StringPointer>
    /// Single-character strings U+0000…U+00FF, immortal.
    let latinStrings: UnsafeMutablePointer<Value>
    let emptyString: Value
    /// Methods of class `object` that tell "not overridden".
    package var objectNew: Value = .undefined
    package var objectInit: Value = .undefined
    package var objectStr: Value = .undefined
    package var objectSetAttr: Value = .undefined
    /// `BaseException.__new__` and `BaseException.__init__`.
    var exceptionNew: Value = .undefined
    var exceptionInit: Value = .undefined

    // MARK: code and modules
    var records: [UnsafeMutablePointer<CodeRecord>] = []
    /// Constants of loaded code by content.
    var sharedConstants: [ConstantKey: Value] = [:]
    /// Loaded modules by dotted name (`sys.modules`), owned.
    package var modules: [String: Value] = [:]
    /// Finds modules that are not loaded yet.
    package var loader: any ModuleLoader = NoModules()
    /// Functions whose global name was rebound while frames ran (see `releaseGlobal`).
    var retiredFunctions: [Value] = []

    var nativeModules: [String: (VM, NativeModule) throws(PythonError) -> Void] = [:]
    /// Problems behind the last few SyntaxErrors.
    var problems: [(Reference, SyntaxProblem)] = []
    /// `len`, which the loop answers itself for the common kinds.
    private(set) var lengthFunction: Value = .undefined
    let buildClassIndex = BuiltinNames.index(of: "__build_class__") ?? 0

    // MARK: the outside
    /// Set from signal handlers and other threads by `InterruptRequests`. Polled at backward jumps, calls and by long native loops.
    package let interruptFlag: UnsafeMutablePointer<Int32>
    /// Where `print` and uncaught output go.
    package var output: any ProgramOutput = StandardOutput()
    /// Receives the values of expression statements in interactive modes. The value is borrowed.
    package var displayHook: ((VM, Value) throws(PythonError) -> Void)?
    /// Command line of the program: `sys.argv`.
    package var arguments: [String] = [""]
    /// State that libraries keep per machine, by type.
    package var attachments: [ObjectIdentifier: AnyObject] = [:]

    package init() {
        func reserve<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
            let memory = mmap(nil, count * MemoryLayout<T>.stride, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
            precondition(memory != MAP_FAILED, "no address space for the register stack")
            return memory.unsafelyUnwrapped.assumingMemoryBound(to: T.self)
        }
        stack = reserve(Value.self, VM.stackCapacity)
        stackLimit = stack + (VM.stackCapacity - 8192)
        stackTop = stack
        frames = reserve(Frame.self, VM.frameCapacity)
        frame = frames
        frameLimit = frames + 1000
        classOfTag = .allocate(capacity: Tag.count)
        classOfTag.initialize(repeating: nil, count: Tag.count)
        builtinCount = BuiltinNames.all.count
        builtins = .allocate(capacity: builtinCount)
        builtins.initialize(repeating: .undefined, count: builtinCount)
        interruptFlag = heap.requestFlag
        specialNames = .allocate(capacity: Special.count)
        latinStrings = .allocate(capacity: 256)
        emptyTuple = Heap.makeTuple(heap, 0)
        emptyString = Heap.makeString(heap, byteCount: 0, length: 0, isASCII: true)
        // Placeholders until the first classes exist, a few lines down.
        let unset = UnsafeMutablePointer<ClassObject>(bitPattern: 16).unsafelyUnwrapped
        objectClass = unset
        typeClass = unset
        _ = internAs(emptyString)
        for code in 0..<256 { latinStrings[code] = makeLatin(UInt32(code)) }
        for special in Special.allCases { specialNames[special.rawValue] = intern(special.name) }
        makeCoreClasses()
        installBuiltins()
        if let index = BuiltinNames.index(of: "len") { lengthFunction = builtins[index] }
        heap.finalizer = { [unowned self] value in runFinalizer(value) }
        heap.cacheKeyFreed = { [unowned self] in
            classState.epoch &+= 1
            emptyInlineCaches()
        }
    }

    deinit {
        heap.finalizer = nil
        heap.cacheKeyFreed = nil
        munmap(stack, VM.stackCapacity * MemoryLayout<Value>.stride)
        munmap(frames, VM.frameCapacity * MemoryLayout<Frame>.stride)
        builtins.deallocate()
        interned.deallocate()
        specialNames.deallocate()
        latinStrings.deallocate()
        classOfTag.deallocate()
    }

    // MARK: interned strings

    private func internAs(_ value: Value) -> StringPointer {
        let string = value.object(as: StringObject.self)
        string.pointee.header.flags |= HeaderFlag.interned
        heap.leaveOutOfCount()
        _ = stringHash(string)
        interned.insert(string)
        return string
    }

    private func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> StringPointer {
        guard let start = bytes.baseAddress else { return emptyString.string }
        if let found = interned.find(start, bytes.count, hash: VM.stringHash(start, bytes.count)) { return found }
        return internAs(Heap.makeString(heap, bytes))
    }

    private func makeLatin(_ code: UInt32) -> Value {
        let text = String(Unicode.Scalar(code).map(Character.init) ?? " ")
        return Value(tag: Tag.string, pointer: intern(text))
    }

    /// The one string object with this content that attribute names are compared by. Lives for good.
    package func intern(_ text: String) -> StringPointer {
        var text = text
        return text.withUTF8 { intern($0) }
    }

    /// The interned string with the same content as `value`, a str.
    package func intern(_ value: Value) -> StringPointer {
        let string = value.object(as: StringObject.self)
        if string.pointee.header.flags & HeaderFlag.interned != 0 { return string }
        if let found = interned.find(string.bytes, string.pointee.byteCount, hash: stringHash(string)) { return found }
        return internAs(Heap.makeString(heap, UnsafeBufferPointer(start: string.bytes, count: string.pointee.byteCount)))
    }

    /// An interned string as a value with a reference of its own.
    package func internedValue(_ text: String) -> Value { Value(tag: Tag.string, pointer: intern(text)).retained() }
}

/// What a call in progress knows.
struct Frame {
    /// The next instruction, while another frame runs above this one.
    var pc: UnsafePointer<Instruction>
    var base: UnsafeMutablePointer<Value>
    /// The first register above the frame's own.
    var top: UnsafeMutablePointer<Value>
    var code: UnsafeMutablePointer<CodeRecord>
    var globals: UnsafeMutablePointer<Value>
    var module: UnsafeMutablePointer<ModuleObject>
    /// Not counted: whoever called holds it.
    var function: UnsafeMutablePointer<FunctionObject>?
    var generator: UnsafeMutablePointer<GeneratorObject>?
    var flags: UInt8
    /// For constructors, otherwise without meaning: the new instance, owned.
    var instance: Value
    /// For generators, otherwise without meaning: the exception that was being handled outside, owned.
    var outerHandled: Value

    /// Returning from it returns from `run`.
    static let entry: UInt8 = 1
    /// Called as a constructor: the result is the new instance, kept below the first register.
    static let constructor: UInt8 = 2
    /// A generator resumed by `forIter`: its end is the loop's end, not StopIteration.
    static let loop: UInt8 = 4
    /// A generator resumed by `send` (`yield from`).
    static let delegate: UInt8 = 8
    /// The profiler was told of the call.
    static let profiled: UInt8 = 16
}

/// Receives what programs print.
package protocol ProgramOutput: AnyObject {
    func write(_ bytes: UnsafeBufferPointer<UInt8>, toError: Bool)
    func flush()
    var isTerminal: Bool { get }
}

/// The process's own standard output, buffered, and standard error, unbuffered.
package final class StandardOutput: ProgramOutput {
    private var buffer: [UInt8] = []
    package let isTerminal: Bool

    package init() {
        isTerminal = isatty(1) == 1
        buffer.reserveCapacity(1 << 16)
    }

    package func write(_ bytes: UnsafeBufferPointer<UInt8>, toError: Bool) {
        if toError {
            flush()
            StandardOutput.writeAll(2, bytes)
            return
        }
        buffer.append(contentsOf: bytes)
        if buffer.count >= 1 << 16 || (isTerminal && bytes.contains(0x0A)) { flush() }
    }

    package func flush() {
        buffer.withUnsafeBufferPointer { StandardOutput.writeAll(1, $0) }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes everything, taking up again after interruptions; gives up silently when the reader is gone (EPIPE), as
    /// nobody is left to tell.
    private static func writeAll(_ descriptor: Int32, _ bytes: UnsafeBufferPointer<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            let written = Glibc.write(descriptor, bytes.baseAddress.unsafelyUnwrapped + offset, bytes.count - offset)
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return
            }
            offset += written
        }
    }
}

/// Finds and loads modules that are not in `sys.modules`.
package protocol ModuleLoader: AnyObject {
    /// The loaded module (owned), already entered in `vm.modules`; nil when there is none of that name.
    func load(_ vm: VM, _ name: String) throws(PythonError) -> Value?
}

final class NoModules: ModuleLoader {
    func load(_ vm: VM, _ name: String) throws(PythonError) -> Value? { nil }
}
