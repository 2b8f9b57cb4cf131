import Interpreter

#if canImport(Glibc)
    import Glibc
#endif

/// A mode as `open` takes it.
struct FileMode {
    private(set) var reads = false
    private(set) var writes = false
    private(set) var appends = false
    private(set) var creates = false
    private(set) var updates = false
    private(set) var isBinary = false
    private(set) var isText = false
    let text: String

    /// The mode of the built-in `open`.
    init(_ vm: VM, _ text: String) throws(PythonError) {
        self.text = text
        guard Set(text).count == text.count, parse(text, letters: "rwxab+t") else { throw vm.valueError("invalid mode: \(FileMode.quoted(text))") }
        if isText, isBinary { throw vm.valueError("can't have text and binary mode at once") }
        if [reads, writes, appends, creates].filter({ $0 }).count != 1 {
            let hasNone = !reads && !writes && !appends && !creates
            throw vm.valueError(
                hasNone
                    ? "Must have exactly one of create/read/write/append mode and at most one plus"
                    : "must have exactly one of create/read/write/append mode")
        }
    }

    /// The mode of `FileIO`.
    init(_ vm: VM, raw text: String) throws(PythonError) {
        self.text = text
        guard parse(text, letters: "rwxab+") else { throw vm.valueError("invalid mode: \(text)") }
        if [reads, writes, appends, creates].filter({ $0 }).count != 1 {
            throw vm.valueError("Must have exactly one of create/read/write/append mode and at most one plus")
        }
        isBinary = true
    }

    private static func quoted(_ text: String) -> String { "'\(text)'" }

    private mutating func parse(_ text: String, letters: String) -> Bool {
        for letter in text {
            guard letters.contains(letter) else { return false }
            switch letter {
            case "r": reads = true
            case "w": writes = true
            case "a": appends = true
            case "x": creates = true
            case "+": updates = true
            case "b": isBinary = true
            default: isText = true
            }
        }
        return true
    }

    var canRead: Bool { reads || updates }
    var canWrite: Bool { !reads || updates }

    /// `FileIO.mode`
    var rawText: String {
        if creates { return updates ? "xb+" : "xb" }
        if appends { return updates ? "ab+" : "ab" }
        return canRead ? (canWrite ? "rb+" : "rb") : "wb"
    }

    /// Flags of the system call.
    var flags: Int32 {
        var flags = canRead && canWrite ? O_RDWR : canRead ? O_RDONLY : O_WRONLY
        if writes { flags |= O_CREAT | O_TRUNC }
        if appends { flags |= O_CREAT | O_APPEND }
        if creates { flags |= O_CREAT | O_EXCL }
        return flags | O_CLOEXEC
    }
}
