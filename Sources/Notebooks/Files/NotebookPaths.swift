/// A notebook's own path and those of the files that live beside it.
package struct NotebookPaths: Sendable, Equatable {
    package let file: String

    package init(_ file: String) { self.file = file }

    /// Ends with `/`, or is empty for a bare file name.
    package var folder: String { file.lastIndex(of: "/").map { String(file[...$0]) } ?? "" }
    package var fileName: String { String(file.dropFirst(folder.count)) }

    /// `digits` for `digits.qnb` and its synonym `digits.qnb.md`; any other name in full, so that two notebooks never share files.
    package var name: String {
        for suffix in [".qnb.md", ".qnb"] where fileName.hasSuffix(suffix) && fileName.count > suffix.count {
            return String(fileName.dropLast(suffix.count))
        }
        return fileName
    }

    package var assetFolderName: String { name + ".assets" }
    package var assetFolder: String { folder + assetFolderName }
    package var journal: String { folder + name + ".qnb-journal" }
    package var lock: String { folder + name + ".qnb-lock" }
    package var runRecord: String { folder + name + ".qnb-run.json" }
    /// Where results go when the notebook itself cannot be written.
    package var fallback: String { file + ".new" }
    /// The folder as a path that can be opened.
    package var openableFolder: String { folder.isEmpty ? "." : folder }

    /// A path written in the notebook, relative to its folder.
    package func resolve(_ path: String) -> String { path.hasPrefix("/") ? path : folder + path }
}
