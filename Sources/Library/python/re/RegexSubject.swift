import Interpreter

/// Text in the form the matcher reads: bytes when one unit is one character, else scalars. Positions count characters.
final class RegexSubject {
    /// The str or bytes object searched, held.
    let value: Value
    let isBytes: Bool
    let count: Int
    private let vm: VM
    private let narrow: UnsafePointer<UInt8>?
    private let wide: UnsafeMutablePointer<UInt32>?

    enum Mode { case search, match, fullMatch }

    init(_ vm: VM, _ value: Value) throws(PythonError) {
        self.vm = vm
        let plain = vm.payload(value)
        switch plain.tag {
        case Tag.string:
            self.value = plain.retained()
            isBytes = false
            count = plain.string.pointee.length
            if plain.string.isASCII {
                narrow = UnsafePointer(plain.string.bytes)
                wide = nil
            } else {
                narrow = nil
                wide = RegexSubject.scalars(plain.string)
            }
        case Tag.bytes, Tag.byteArray:
            // A bytearray may change while a callback runs.
            self.value = plain.tag == Tag.bytes ? plain.retained() : vm.bytes(vm.byteBuffer(plain))
            isBytes = true
            count = vm.byteBuffer(self.value).count
            narrow = vm.byteBuffer(self.value).baseAddress
            wide = nil
        default: throw vm.typeError("expected string or bytes-like object, got '\(vm.typeName(value))'")
        }
    }

    deinit {
        wide?.deallocate()
        vm.heap.release(value)
    }

    private static func scalars(_ string: StringPointer) -> UnsafeMutablePointer<UInt32> {
        let result = UnsafeMutablePointer<UInt32>.allocate(capacity: string.pointee.length)
        var next = result
        string.forEachScalar { code in
            next.initialize(to: code)
            next += 1
        }
        return result
    }

    /// Whether a match exists; its groups are then in `program.work`.
    func find(_ program: RegexProgram, _ mode: Mode, from: Int, end: Int, mustAdvance: Bool = false) throws(PythonError) -> Bool {
        if let narrow { return try find(program, narrow, mode, from, end, mustAdvance) }
        if let wide { return try find(program, UnsafePointer(wide), mode, from, end, mustAdvance) }
        return false
    }

    @inline(__always)
    private func find<Character: FixedWidthInteger & UnsignedInteger>(
        _ program: RegexProgram, _ text: UnsafePointer<Character>, _ mode: Mode, _ from: Int, _ end: Int, _ mustAdvance: Bool
    ) throws(PythonError) -> Bool {
        var matcher = RegexMatcher(program, text, end: end, mustReachEnd: mode == .fullMatch, interrupt: vm.interruptFlag)
        while true {
            let found =
                mode == .search ? matcher.search(from: from, mustAdvance: mustAdvance) : matcher.match(at: from, mustAdvance: mustAdvance)
            switch matcher.failure {
            case .none: return found
            case .tooLarge: throw vm.memoryError()
            case .interrupted:
                try vm.poll()
                // The request was none that ends the program: once more from the start.
                matcher = RegexMatcher(program, text, end: end, mustReachEnd: mode == .fullMatch, interrupt: vm.interruptFlag)
            }
        }
    }

    /// A part of the text, owned.
    func slice(_ from: Int, _ to: Int) -> Value { RegexSubject.slice(vm, value, from, to) }

    /// Characters `from` to `to` of a str or bytes object, owned.
    static func slice(_ vm: VM, _ value: Value, _ from: Int, _ to: Int) -> Value {
        if value.tag == Tag.string {
            let string = value.string
            if from == 0, to == string.pointee.length { return value.retained() }
            return vm.substring(string, vm.byteOffset(string, from), vm.byteOffset(string, max(from, to)))
        }
        return vm.bytes(UnsafeBufferPointer(rebasing: vm.byteBuffer(value)[from..<max(from, to)]))
    }

    /// The bytes (UTF-8 for a str) of a part of the text.
    func part(_ from: Int, _ to: Int) -> UnsafeBufferPointer<UInt8> {
        if isBytes { return UnsafeBufferPointer(rebasing: vm.byteBuffer(value)[from..<max(from, to)]) }
        let (start, end) = (vm.byteOffset(value.string, from), vm.byteOffset(value.string, max(from, to)))
        return UnsafeBufferPointer(rebasing: vm.utf8(value)[start..<end])
    }
}
