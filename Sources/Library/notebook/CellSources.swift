import Diagnostics
import Notebooks

/// The texts that were compiled for a notebook's cells, and how places in them are named.
final class CellSources {
    /// One compiled text of a cell.
    struct Entry {
        let cell: CellSource
        /// What was compiled; kept, so that its identity stays its own.
        let compiled: SourceText
        /// The cell's text as it stands in the file, where `compiled` is a transformed one.
        let original: SourceText?
        /// 0-based lines of `compiled` that differ from the file.
        let changedLines: Set<Int>
        /// Lines of the cell before the first one of `compiled`.
        let lineOffset: Int

        /// The range as the user wrote it: the whole line where the line was transformed.
        func shown(_ range: SourceRange) -> (source: SourceText, range: SourceRange) {
            guard let original else { return (compiled, range) }
            let index = compiled.lineIndex(of: range.start)
            guard index < original.lineStarts.count else { return (compiled, range) }
            let start = Int(original.lineStarts[index])
            if changedLines.contains(index) {
                let text = original.lineText(at: index)
                let indent = text.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
                return (original, SourceRange(start + indent, start + text.utf8.count))
            }
            let shift = start - Int(compiled.lineStarts[index])
            return (original, SourceRange(Int(range.start) + shift, Int(range.end) + shift))
        }
    }

    private var entries: [ObjectIdentifier: Entry] = [:]
    private let library: String?
    private let folder: String

    /// `folder` is the notebook's, with a final `/`.
    init(folder: String, library: String?) {
        self.folder = folder
        self.library = library
    }

    func add(_ compiled: SourceText, of cell: CellSource, original: SourceText? = nil, changedLines: Set<Int> = [], lineOffset: Int = 0) {
        entries[ObjectIdentifier(compiled)] = Entry(
            cell: cell, compiled: compiled, original: original, changedLines: changedLines, lineOffset: lineOffset)
    }

    func cell(of source: SourceText) -> Entry? { entries[ObjectIdentifier(source)] }

    /// The path of a file of the shipped library within it; nil for any other file.
    func libraryPath(_ file: String) -> String? {
        guard let library, file.hasPrefix(library + "/") else { return nil }
        return String(file.dropFirst(library.count + 1))
    }

    /// A path relative to the notebook's folder where it lies below it, else its last part.
    func relative(_ file: String) -> String {
        if file.hasPrefix(folder) { return String(file.dropFirst(folder.count)) }
        return file.hasPrefix("/") ? file.split(separator: "/").last.map(String.init) ?? file : file
    }
}
