import Interpreter

/// A compiled pattern as programs hold it.
final class RegexPattern {
    /// The pattern's text, a str or bytes object.
    let source: Reference
    let isBytes: Bool
    let flags: Int
    let program: RegexProgram
    let groupNames: [(name: String, index: Int)]

    init(source: Reference, isBytes: Bool, flags: Int, program: RegexProgram, groupNames: [(name: String, index: Int)]) {
        self.source = source
        self.isBytes = isBytes
        self.flags = flags
        self.program = program
        self.groupNames = groupNames
    }
}

/// A match: spans in characters (bytes for bytes).
final class RegexMatch {
    /// The pattern object and what was searched, held.
    let pattern: Value
    let subject: Value
    /// Group count of the pattern, the whole match not counted.
    let groupCount: Int
    let start: Int
    let end: Int
    let lastGroup: Int
    private let spans: UnsafeMutablePointer<Int>
    private unowned(unsafe) let heap: Heap

    /// Copies the groups that the pattern's last search left.
    init(_ pattern: Value, _ program: RegexProgram, subject: Value, start: Int, end: Int, _ heap: Heap) {
        self.pattern = pattern.retained()
        self.subject = subject.retained()
        self.start = start
        self.end = end
        self.heap = heap
        groupCount = program.groupCount
        lastGroup = program.work.lastGroup
        spans = .allocate(capacity: program.work.groupSlots)
        spans.initialize(from: program.work.groups, count: program.work.groupSlots)
    }

    deinit {
        spans.deallocate()
        heap.release(pattern)
        heap.release(subject)
    }

    /// Where a group matched, nil when it did not.
    func span(_ index: Int) -> (Int, Int)? {
        let (from, to) = (spans[2 * index], spans[2 * index + 1])
        return from < 0 || to < 0 ? nil : (from, to)
    }
}

/// Successive matches in a text: an empty match is followed by one that advances.
final class RegexScanner {
    let pattern: Value
    let program: RegexProgram
    let subject: RegexSubject
    /// What the program searches in (the subject may hold a copy).
    let text: Value
    let start: Int
    let end: Int
    private var position: Int
    private var mustAdvance = false
    private let heap: Heap

    init(_ vm: VM, _ pattern: Value, _ program: RegexProgram, _ subject: RegexSubject, text: Value, from: Int, to: Int) {
        self.pattern = pattern.retained()
        self.program = program
        self.subject = subject
        self.text = text.retained()
        start = from
        end = to
        position = from
        heap = vm.heap
    }

    deinit {
        heap.release(pattern)
        heap.release(text)
    }

    /// Whether there is one more match; its groups are then in `program.work`.
    func next() throws(PythonError) -> Bool {
        guard position <= end, try subject.find(program, .search, from: position, end: end, mustAdvance: mustAdvance) else {
            position = end + 1
            return false
        }
        let groups = program.work.groups
        position = groups[1]
        mustAdvance = groups[0] == groups[1]
        return true
    }
}
