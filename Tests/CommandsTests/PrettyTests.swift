import Foundation
import Notebooks
import Testing

/// Results are laid out as IPython does (Fixtures/make_pretty.py recorded the real one).
@Test func resultsAreLaidOutAsIPythonDoes() throws {
    let fixture = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/pretty.json")
    let rows = try #require(try JSONSerialization.jsonObject(with: try Data(contentsOf: fixture)) as? [[String]])
    let shell = try Shell()
    try shell.write(rows.map { "```python\n\($0[0])\n```\n" }.joined(separator: "\n"), to: "n.qnb")
    let result = try shell.run("qnb run n.qnb --quiet")
    #expect(result.status == 0, "\(result.output)")
    let notebook = try NotebookParser.parse(Array(try shell.read("n.qnb").utf8), file: "n.qnb")
    #expect(notebook.cells.count == rows.count)
    for (cell, row) in zip(notebook.cells, rows) {
        let outputs = notebook.outputs(of: cell, paths: NotebookPaths("n.qnb"))
        #expect(outputs == [.text(.result, row[1].split(separator: "\n", omittingEmptySubsequences: false).map(String.init))], "\(row[0])")
    }
}
