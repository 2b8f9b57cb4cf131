import Interpreter

/// The text of a displayed value as IPython lays it out: containers that do not fit a line of 79 characters show one item per line.
///
///     {'train': [0.91, 0.95, 0.97, 0.98, 0.98, 0.99],
///      'valid': [0.89, 0.91, 0.92, 0.92, 0.93, 0.93]}
struct PrettyPrinter {
    private let vm: VM
    private static let width = 79
    private static let maximumItems = 1000
    private static let maximumDepth = 100

    init(_ vm: VM) { self.vm = vm }

    func text(_ value: Value) throws(PythonError) -> String {
        var open: [UInt64] = []
        let document = try document(value, &open)
        var layout = Layout(width: Self.width)
        layout.write(document, trailing: 0)
        return layout.text
    }

    // MARK: Documents

    private indirect enum Document {
        /// Lines of text; lines behind the first stand at the group's indentation.
        case text([Substring])
        /// Items between brackets, separated by commas: all on one line or each on its own.
        case group(open: String, items: [[Document]], close: String)
    }

    private func document(_ value: Value, _ open: inout [UInt64]) throws(PythonError) -> Document {
        let plain = vm.payload(value)
        guard hasContainerRepr(value), open.count < Self.maximumDepth else { return .text(Self.lines(try text(ofLeaf: value))) }
        let brackets = Self.brackets(plain.tag)
        if open.contains(plain.bits) { return .text([plain.tag == Tag.tuple ? "(...)" : plain.tag == Tag.dict ? "{...}" : "[...]"]) }
        open.append(plain.bits)
        defer { open.removeLast() }
        if plain.tag == Tag.dict { return try dictionary(value, &open) }
        let members = try firstMembers(of: value)
        defer { for member in members { vm.heap.release(member) } }
        guard !members.isEmpty else { return .text([Substring(try vm.reprText(value))]) }
        let isSet = plain.tag == Tag.set || plain.tag == Tag.frozenSet
        let shown = isSet && members.count < Self.maximumItems ? sorted(members) : members
        var items: [[Document]] = []
        for member in shown.prefix(Self.maximumItems) { items.append([try document(member, &open)]) }
        if members.count > Self.maximumItems { items.append([.text(["..."])]) }
        let close = plain.tag == Tag.tuple && members.count == 1 ? ",)" : brackets.close
        return .group(open: brackets.open, items: items, close: close)
    }

    private func dictionary(_ value: Value, _ open: inout [UInt64]) throws(PythonError) -> Document {
        let pairs = try vm.callMethod(value, "items")
        defer { vm.heap.release(pairs) }
        let entries = try firstMembers(of: pairs)
        defer { for entry in entries { vm.heap.release(entry) } }
        var items: [[Document]] = []
        for entry in entries.prefix(Self.maximumItems) where entry.tag == Tag.tuple && entry.tuple.pointee.count == 2 {
            items.append([try document(entry.tuple.items[0], &open), .text([": "]), try document(entry.tuple.items[1], &open)])
        }
        if entries.count > Self.maximumItems { items.append([.text(["..."])]) }
        return items.isEmpty ? .text(["{}"]) : .group(open: "{", items: items, close: "}")
    }

    /// As many members as are shown, and one more that tells that there are others; owned.
    private func firstMembers(of container: Value) throws(PythonError) -> [Value] {
        var members: [Value] = []
        do throws(PythonError) {
            try vm.iterate(container) { (member) throws(PythonError) -> Bool in
                members.append(member.retained())
                return members.count <= Self.maximumItems
            }
        } catch {
            for member in members { vm.heap.release(member) }
            throw error
        }
        return members
    }

    /// Whether the value is a container whose class leaves `__repr__` to the built-in one.
    private func hasContainerRepr(_ value: Value) -> Bool {
        let plain = vm.payload(value)
        switch plain.tag {
        case Tag.list, Tag.tuple, Tag.dict, Tag.set, Tag.frozenSet:
            if plain.tag == value.tag { return true }
            let name = vm.intern("__repr__")
            return vm.lookup(vm.typeOf(value), name).isIdentical(to: vm.lookup(vm.typeOf(plain), name))
        default: return false
        }
    }

    private static func brackets(_ tag: UInt64) -> (open: String, close: String) {
        switch tag {
        case Tag.tuple: ("(", ")")
        case Tag.set: ("{", "}")
        case Tag.frozenSet: ("frozenset({", "})")
        default: ("[", "]")
        }
    }

    /// Members in their own order where they have one: a set's changes from run to run.
    private func sorted(_ members: [Value]) -> [Value] {
        do throws(PythonError) {
            var result: [Value] = []
            for member in members {
                var index = result.count
                while index > 0 {
                    let isLess = try vm.compare(.less, member, result[index - 1])
                    defer { vm.heap.release(isLess) }
                    guard try vm.isTrue(isLess) else { break }
                    index -= 1
                }
                result.insert(member, at: index)
            }
            return result
        } catch {
            vm.discard(error)
            return members
        }
    }

    /// Classes and functions are named as IPython names them; everything else is its `repr`.
    private func text(ofLeaf value: Value) throws(PythonError) -> String {
        guard value.tag == Tag.classObject else { return try vm.reprText(value) }
        let info = value.classPointer.info
        return info.module == "builtins" ? info.qualifiedName : "\(info.module).\(info.qualifiedName)"
    }

    private static func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    // MARK: Layout

    /// A group stays on its line if all of it, with what must follow on that line, fits.
    private struct Layout {
        let width: Int
        var text = ""
        private var column = 0
        private var indentation = 0

        init(width: Int) { self.width = width }

        mutating func write(_ document: Document, trailing: Int) {
            switch document {
            case .text(let lines):
                for (index, line) in lines.enumerated() {
                    if index > 0 { newLine() }
                    put(line)
                }
            case .group(let open, let items, let close):
                let isFlat = PrettyPrinter.flatWidth(document).map { column + $0 + trailing <= width } ?? false
                let outer = indentation
                indentation += open.count
                put(open[...])
                for (index, item) in items.enumerated() {
                    let isLast = index == items.count - 1
                    if index > 0, isFlat { put(" ") } else if index > 0 { newLine() }
                    for (place, part) in item.enumerated() {
                        let rest = item[(place + 1)...].reduce(0) { $0 + (PrettyPrinter.headWidth($1)) }
                        write(part, trailing: rest + (isLast ? close.count + trailing : 1))
                    }
                    if !isLast { put(",") }
                }
                indentation = outer
                put(close[...])
            }
        }

        private mutating func put(_ piece: Substring) {
            text += piece
            column += piece.count
        }

        private mutating func newLine() {
            text += "\n" + String(repeating: " ", count: indentation)
            column = indentation
        }
    }

    /// The width on one line; nil for text of several lines.
    private static func flatWidth(_ document: Document) -> Int? {
        switch document {
        case .text(let lines): return lines.count == 1 ? lines[0].count : nil
        case .group(let open, let items, let close):
            var width = open.count + close.count + 2 * (items.count - 1)
            for item in items {
                for part in item {
                    guard let inner = flatWidth(part) else { return nil }
                    width += inner
                }
            }
            return width
        }
    }

    /// The width up to the first place where a line may end.
    private static func headWidth(_ document: Document) -> Int {
        switch document {
        case .text(let lines): lines.first?.count ?? 0
        case .group(let open, let items, _): open.count + (items.first?.first.map(headWidth) ?? 0)
        }
    }
}
