import Bytecode
import Diagnostics
import Syntax

// Tracebacks as text, in CPython 3.11's form.

extension VM {
    /// One line of a traceback, outermost first in lists.
    package struct TraceLine {
        package let source: SourceText
        package let range: SourceRange
        package let name: String
        package var file: String { source.name }
        package var line: Int { source.line(of: range.start) }
        /// The source line without its indentation; empty when there is none.
        package var text: String {
            source.lineText(at: source.lineIndex(of: range.start)).trimmingSpaces
        }
    }

    /// The frames an exception passed, outermost first.
    package func traceLines(_ exception: Value) -> [TraceLine] {
        guard exception.tag == Tag.exception else { return [] }
        var lines: [TraceLine] = []
        for entry in exception.object(as: ExceptionObject.self).pointee.traceback.entries.reversed() {
            let code = entry.code.pointee.code.takeUnretainedValue()
            guard entry.instruction >= 0, entry.instruction < code.ranges.count else { continue }
            let scopes = code.inlinedScopes.filter { Int($0.start) <= entry.instruction && entry.instruction < Int($0.end) }
                .sorted { $0.end - $0.start > $1.end - $1.start }
            var name = code.name
            for scope in scopes {
                lines.append(TraceLine(source: code.source, range: scope.range, name: name))
                name = scope.name
            }
            lines.append(TraceLine(source: code.source, range: code.ranges[entry.instruction], name: name))
        }
        return lines
    }

    /// The whole report of an uncaught exception, chained ones first, ending in a line end.
    package func tracebackText(_ exception: Value) -> String {
        var text = ""
        var seen: Set<UInt64> = []
        appendChain(exception, &text, &seen)
        return text
    }

    private func appendChain(_ exception: Value, _ text: inout String, _ seen: inout Set<UInt64>) {
        seen.insert(exception.bits)
        let record = exception.object(as: ExceptionObject.self)
        let cause = record.pointee.cause
        let context = record.pointee.context
        if cause.tag == Tag.exception, !seen.contains(cause.bits) {
            appendChain(cause, &text, &seen)
            text += "\nThe above exception was the direct cause of the following exception:\n\n"
        } else if cause.isNone, context.tag == Tag.exception, !record.pointee.suppressesContext, !seen.contains(context.bits) {
            appendChain(context, &text, &seen)
            text += "\nDuring handling of the above exception, another exception occurred:\n\n"
        }
        if isGroup(exception) { return appendGroup(exception, margin: 2, isOutermost: true, &text, &seen) }
        let lines = traceLines(exception)
        if !lines.isEmpty {
            text += "Traceback (most recent call last):\n"
            appendLines(lines, &text)
        }
        if let problem = problem(of: exception) {
            text += problem.rendered() + "\n"
            return
        }
        appendSummary(exception, &text)
    }

    /// The exception's own line and its notes.
    private func appendSummary(_ exception: Value, _ text: inout String) {
        text += exceptionLine(exception) + "\n"
        let notes = ownAttribute(exception, intern("__notes__"))
        if notes.tag == Tag.list {
            for index in 0..<notes.list.pointee.count {
                let note = notes.list.pointee.items[index]
                text += (note.tag == Tag.string ? self.text(note) : "<note>") + "\n"
            }
        }
    }

    /// A group as a tree: its members stand numbered below it, each behind a margin of its own.
    private func appendGroup(_ group: Value, margin: Int, isOutermost: Bool, _ text: inout String, _ seen: inout Set<UInt64>) {
        let indent = String(repeating: " ", count: margin)
        func behindMargin(_ block: String) {
            for line in block.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { text += "\(indent)| \(line)\n" }
        }
        let lines = traceLines(group)
        var block = ""
        if !lines.isEmpty {
            let heading = "Exception Group Traceback (most recent call last):\n"
            if isOutermost { text += "\(indent)+ \(heading)" } else { block += heading }
            appendLines(lines, &block)
        }
        appendSummary(group, &block)
        behindMargin(block)
        let members: [Value]
        do throws(PythonError) {
            members = try groupMembers(group)
        } catch {
            return discard(error)
        }
        defer { for member in members { heap.release(member) } }
        let shown = margin > 20 ? 0 : min(members.count, VM.groupWidth)
        for (index, member) in members.prefix(shown).enumerated() {
            text += "\(indent)\(index == 0 ? "+-+" : "  +")---------------- \(index + 1) ----------------\n"
            if isGroup(member) {
                appendGroup(member, margin: margin + 2, isOutermost: false, &text, &seen)
                continue
            }
            var inner = ""
            appendChain(member, &inner, &seen)
            for line in inner.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { text += "\(indent)  | \(line)\n" }
        }
        if members.count > shown {
            text += "\(indent)\(shown == 0 ? "+-+" : "  +")---------------- ... ----------------\n"
            text += "\(indent)  | and \(members.count - shown) more exception\(members.count - shown == 1 ? "" : "s")\n"
        } else if let last = members.last, isGroup(last) {
            return
        }
        text += "\(indent)  +------------------------------------\n"
    }

    /// Members of a group that a traceback shows, as in CPython.
    private static let groupWidth = 15

    private func appendLines(_ lines: [TraceLine], _ text: inout String) {
        var repeated = 0
        var previous: (String, Int, String)?
        func flushRepeats() {
            if repeated > 3 { text += "  [Previous line repeated \(repeated - 3) more time\(repeated - 3 == 1 ? "" : "s")]\n" }
        }
        for line in lines {
            let key = (line.file, line.line, line.name)
            if let previous, previous == key {
                repeated += 1
            } else {
                flushRepeats()
                repeated = 1
                previous = key
            }
            if repeated > 3 { continue }
            text += "  File \"\(line.file)\", line \(line.line), in \(line.name)\n"
            text += sourceFrame(line)
        }
        flushRepeats()
    }

    /// The `Type: message` line.
    package func exceptionLine(_ exception: Value) -> String {
        let info = typeOf(exception).info
        let name = info.module == "builtins" || info.module == "__main__" ? info.qualifiedName : "\(info.module).\(info.qualifiedName)"
        let message: String
        do throws(PythonError) {
            message = try strText(exception)
        } catch {
            discard(error)
            message = "<exception str() failed>"
        }
        let hint = suggestion(for: exception).map { ". Did you mean: '\($0)'?" } ?? ""
        return message.isEmpty ? name + hint : "\(name): \(message)\(hint)"
    }

    /// The nearest existing name for a NameError or AttributeError.
    private func suggestion(for exception: Value) -> String? {
        let name = ownAttribute(exception, intern("name"))
        guard name.tag == Tag.string else { return nil }
        let wanted = text(name)
        var candidates: [String] = []
        if isInstance(exception, builtinClasses["AttributeError"] ?? objectClass) {
            let object = ownAttribute(exception, intern("obj"))
            if object.isUndefined { return nil }
            candidates = attributeNames(object)
        } else if isInstance(exception, builtinClasses["ImportError"] ?? objectClass) {
            let from = ownAttribute(exception, intern("name_from"))
            guard from.tag == Tag.string, let module = modules[wanted] else { return nil }
            return Suggestion.nearest(to: text(from), in: attributeNames(module))
        } else if isInstance(exception, builtinClasses["NameError"] ?? objectClass) {
            guard let entry = exception.object(as: ExceptionObject.self).pointee.traceback.entries.first else { return nil }
            let code = entry.code.pointee.code.takeUnretainedValue()
            candidates = code.localNames + code.freeNames + BuiltinNames.all + ["None", "True", "False"]
            for module in modules.values where moduleInfo(module).name == "__main__" {
                candidates += moduleInfo(module).names.names.filter { moduleInfo(module).value(of: $0) != nil }
            }
        }
        return Suggestion.nearest(to: wanted, in: candidates)
    }

    /// Names of attributes, sorted: the basis of `dir()`, completion and suggestions.
    package func attributeNames(_ object: Value) -> [String] {
        var names: Set<String> = []
        func addClass(_ type: ClassPointer) {
            for ancestor in type.info.order {
                populate(ancestor)
                let namespace = ancestor.info.namespace
                for index in 0..<namespace.pointee.used {
                    let key = namespace.pointee.entries.unsafelyUnwrapped[index].key
                    if key.tag == Tag.string { names.insert(text(key)) }
                }
            }
        }
        switch object.tag {
        case Tag.module:
            let info = moduleInfo(object)
            return info.names.names.filter { info.value(of: $0) != nil }.sorted()
        case Tag.classObject:
            addClass(object.object(as: ClassObject.self))
        default:
            if object.tag == Tag.instance || object.tag == Tag.exception {
                let instance = object.object(as: InstanceObject.self)
                let shape = instance.pointee.shape
                if shape.pointee.isDictionary {
                    let dict = instance.pointee.slots[0].dict
                    for index in 0..<dict.pointee.used {
                        let key = dict.pointee.entries.unsafelyUnwrapped[index].key
                        if key.tag == Tag.string { names.insert(text(key)) }
                    }
                } else {
                    for slot in 0..<Int(shape.pointee.count) { names.insert(text(shape.pointee.names[slot])) }
                }
            }
            addClass(typeOf(object))
        }
        return names.sorted()
    }

    // MARK: traceback objects

    /// `__traceback__`: a view of the frames passed; None when there are none.
    func tracebackValue(_ exception: Value) -> Value {
        let lines = traceLines(exception)
        if lines.isEmpty { return .none }
        return native(TracebackView(lines), tracebackClass())
    }

    private func tracebackClass() -> ClassPointer {
        if let type = builtinClasses["traceback"] { return type }
        let type = makeBuiltinClass("traceback", layout: Tag.native, isBase: false) { vm, type in
            vm.defineProperty(type, "tb_lineno") { (vm, value) throws(PythonError) -> Value in
                .int(vm.nativeObject(value, as: TracebackView.self)?.lines.first?.line ?? 0)
            }
            vm.defineProperty(type, "tb_next") { (vm, value) throws(PythonError) -> Value in
                guard let view = vm.nativeObject(value, as: TracebackView.self), view.lines.count > 1 else { return .none }
                return vm.native(TracebackView(Array(view.lines.dropFirst())), vm.typeOf(value))
            }
        }
        type.info.construct = nil
        builtinClasses["traceback"] = type
        return type
    }
}

/// The frames behind a traceback object.
package final class TracebackView {
    package let lines: [VM.TraceLine]
    init(_ lines: [VM.TraceLine]) { self.lines = lines }
}

extension String {
    var trimmingSpaces: String {
        var view = Substring(self)
        while let first = view.first, first == " " || first == "\t" || first == "\u{0C}" { view.removeFirst() }
        while let last = view.last, last == " " || last == "\t" || last == "\r" { view.removeLast() }
        return String(view)
    }
}

extension VM {
    /// The source line of a frame, with markers under the failing expression as CPython 3.11 draws them.
    package func sourceFrame(_ line: TraceLine) -> String {
        let text = line.text
        // Nobody reads a line of thousands of characters in a report.
        if text.isEmpty || text.utf8.count > 4_000 { return "" }
        var frame = "    \(text)\n"
        let index = line.source.lineIndex(of: line.range.start)
        let raw = line.source.lineText(at: index)
        let lineStart = line.source.lineStarts[index]
        let isOneLine = line.source.lineIndex(of: max(line.range.start, line.range.end - (line.range.end > line.range.start ? 1 : 0))) == index
        let indent = raw.utf8.count - raw.drop(while: { $0 == " " || $0 == "\t" || $0 == "\u{0C}" }).utf8.count
        let startByte = Int(line.range.start - lineStart)
        let endByte = isOneLine ? Int(line.range.end - lineStart) : indent + text.utf8.count
        guard startByte >= indent, endByte > startByte, endByte <= raw.utf8.count else { return frame }
        let bytes = Array(raw.utf8)
        func width(_ from: Int, _ to: Int) -> Int { String(decoding: bytes[from..<to], as: UTF8.self).unicodeScalars.count }
        let before = width(indent, startByte)
        let span = width(startByte, endByte)
        let anchors = isOneLine ? markerAnchors(String(decoding: bytes[startByte..<endByte], as: UTF8.self)) : nil
        if span >= text.unicodeScalars.count, anchors == nil { return frame }
        frame += "    " + String(repeating: " ", count: before)
        if let anchors {
            frame += String(repeating: "~", count: anchors.left) + String(repeating: "^", count: anchors.right - anchors.left)
            frame += String(repeating: "~", count: max(0, span - anchors.right))
        } else {
            frame += String(repeating: "^", count: span)
        }
        return frame + "\n"
    }

    /// For a binary operation the operator's place, for a subscript its brackets'; in characters.
    private func markerAnchors(_ segment: String) -> (left: Int, right: Int)? {
        guard let tree = try? parse(module: SourceText(name: "", text: segment)), tree.body.count == 1,
            case .expression(let expression) = tree.body[0].node
        else { return nil }  // Not an expression by itself: no markers inside it.
        let bytes = Array(segment.utf8)
        func characters(_ offset: Int) -> Int { String(decoding: bytes[..<offset], as: UTF8.self).unicodeScalars.count }
        switch expression.node {
        case .binary(_, let left, let right):
            var at = Int(left.range.end)
            while at < Int(right.range.start), bytes[at] == 0x20 || bytes[at] == 0x29 || bytes[at] == 0x09 { at += 1 }
            guard at < Int(right.range.start) else { return nil }
            let isDouble = at + 1 < Int(right.range.start) && bytes[at + 1] != 0x20 && bytes[at + 1] != 0x28
            return (characters(at), characters(at) + (isDouble ? 2 : 1))
        case .subscript(let value, let index):
            let end = min(Int(index.range.end) + 1, bytes.count)
            return (characters(Int(value.range.end)), characters(end))
        default: return nil
        }
    }
}
