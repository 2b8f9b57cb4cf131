import Diagnostics
import Interpreter
import Notebooks

/// An uncaught exception as a notebook stores it: place and message first, the code there, then, where calls led there, each of them.
///
///     digits.qnb:41:1: ShapeError: Linear expects 64 features, got 3
///       41 | net(zeros(3))
///          | ^~~~~~~~~~~~~
///
/// Holds nothing that differs between machines: no absolute paths, and of the library's own code only names.
struct CellTraceback {
    let vm: VM
    let sources: CellSources

    func error(_ exception: Value) -> CellError {
        let place = self.place(of: exception)
        return CellError(
            typeNames: typeNames(exception), message: message(exception), traceback: text(exception), line: place?.line ?? 0,
            column: place?.column ?? 0)
    }

    private func typeNames(_ exception: Value) -> [String] { vm.typeOf(exception).info.order.map(\.info.name) }

    private func message(_ exception: Value) -> String {
        do throws(PythonError) {
            return try vm.strText(exception)
        } catch {
            vm.discard(error)
            return "<exception str() failed>"
        }
    }

    // MARK: Where

    private struct Place: Equatable {
        let file: String
        let line: Int
        let column: Int
        let frame: String
    }

    private func place(of exception: Value) -> Place? {
        if let problem = vm.problem(of: exception) { return place(problem.source, problem.range) }
        let lines = vm.traceLines(exception)
        guard let line = lines.last(where: { sources.cell(of: $0.source) != nil }) else { return nil }
        return place(line.source, line.range)
    }

    private func place(_ source: SourceText, _ range: SourceRange) -> Place {
        guard let cell = sources.cell(of: source) else {
            let column = self.column(of: range.start, in: source)
            return Place(
                file: sources.relative(source.name), line: source.line(of: range.start), column: column,
                frame: CodeFrame(range, in: source).rendered())
        }
        let shown = cell.shown(range)
        let index = shown.source.lineIndex(of: shown.range.start)
        let position = cell.cell.position(line: index + 1 + cell.lineOffset, column: column(of: shown.range.start, in: shown.source))
        return Place(
            file: cell.cell.file, line: position.line, column: position.column, frame: CodeFrame(shown.range, in: shown.source).rendered())
    }

    /// 1-based, in characters.
    private func column(of offset: Int32, in source: SourceText) -> Int {
        let start = Int(source.lineStarts[source.lineIndex(of: offset)])
        let end = max(start, min(Int(offset), source.bytes.count))
        return source.bytes[start..<end].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    // MARK: Text

    private func text(_ exception: Value) -> String {
        var parts: [String] = []
        var seen: Set<UInt64> = []
        append(exception, heading: nil, to: &parts, &seen)
        return parts.joined(separator: "\n")
    }

    private func append(_ exception: Value, heading: String?, to parts: inout [String], _ seen: inout Set<UInt64>) {
        seen.insert(exception.bits)
        if let heading { parts += ["", heading] }
        let place = self.place(of: exception)
        parts.append((place.map { "\($0.file):\($0.line):\($0.column): " } ?? "") + headline(exception))
        if let frame = place?.frame, !frame.isEmpty { parts.append(frame) }
        appendCalls(vm.traceLines(exception), shown: place, to: &parts)
        guard seen.count < Self.longestChain else { return }
        let record = exception.object(as: ExceptionObject.self)
        let cause = record.pointee.cause
        let context = record.pointee.context
        if cause.tag == Tag.exception, !seen.contains(cause.bits) {
            append(cause, heading: "The direct cause was:", to: &parts, &seen)
        } else if cause.isNone, context.tag == Tag.exception, !record.pointee.suppressesContext, !seen.contains(context.bits) {
            append(context, heading: "It happened while this was handled:", to: &parts, &seen)
        }
    }

    private static let longestChain = 16
    private static let longestList = 24

    private func headline(_ exception: Value) -> String {
        var text =
            vm.problem(of: exception).map { "\($0.kind == .unsupported ? "SyntaxError" : $0.kind.rawValue): \($0.sentence)" }
            ?? vm.exceptionLine(exception)
        let notes = vm.ownAttribute(exception, vm.intern("__notes__"))
        guard notes.tag == Tag.list else { return text }
        for index in 0..<notes.list.pointee.count {
            let note = notes.list.pointee.items[index]
            text += "\n" + (note.tag == Tag.string ? vm.text(note) : "<note>")
        }
        return text
    }

    /// The calls that led to the place, the cell's own line first; nothing when the cell's own line is the place.
    private func appendCalls(_ passed: [VM.TraceLine], shown place: Place?, to parts: inout [String]) {
        // How a `%` command reaches the text it runs is of no use to its reader.
        let lines = passed.filter { sources.libraryPath($0.file)?.hasPrefix("IPython/core/") != true }
        guard lines.count > 1 else { return }
        parts.append("Traceback (most recent call last):")
        var shown: [String] = []
        var previous = ""
        var repeated = 0
        func flush() {
            if repeated > 1 { shown.append("  [the last call repeated \(repeated - 1) more time\(repeated == 2 ? "" : "s")]") }
            repeated = 0
        }
        for line in lines {
            let text = call(line, shown: place)
            if text == previous {
                repeated += 1
                continue
            }
            flush()
            previous = text
            repeated = 1
            shown.append(text)
        }
        flush()
        if shown.count > Self.longestList {
            let half = Self.longestList / 2
            shown.replaceSubrange(half..<shown.count - half, with: ["  [\(shown.count - 2 * half) calls left out]"])
        }
        parts += shown
    }

    /// The code stands only once: not again where it is shown with the message.
    private func call(_ line: VM.TraceLine, shown: Place?) -> String {
        if let library = sources.libraryPath(line.file) { return "  \(library), in \(line.name)" }
        let place = self.place(line.source, line.range)
        if place == shown { return "  \(place.file):\(place.line):\(place.column), in \(line.name)" }
        let frame = place.frame.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
        return "  \(place.file):\(place.line):\(place.column), in \(line.name)" + (place.frame.isEmpty ? "" : "\n" + frame)
    }
}
