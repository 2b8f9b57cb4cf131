import Foundation
import REPL
import Testing

struct HistoryFileTests {
    private let path = NSTemporaryDirectory() + "qnb-history-\(UUID().uuidString)/deep/history"

    @Test func cellsComeBackAsTheyWere() {
        let history = HistoryFile(path: path)
        let cells = ["x = 1", "def f():\n    return '\\n'", "tab\there", "日本"]
        for (index, cell) in cells.enumerated() { #expect(history.append(cell, seconds: index)) }
        #expect(history.load() == cells)
    }

    @Test func repetitionsAndPrivateCellsAreLeftOut() {
        let history = HistoryFile(path: path)
        for cell in ["a", "a", " secret", "b", "a"] { #expect(history.append(cell, seconds: 0)) }
        #expect(history.load() == ["a", "b", "a"])
    }

    @Test func aLineCutShortCostsOnlyItself() throws {
        let history = HistoryFile(path: path)
        #expect(history.append("whole", seconds: 1))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        handle.seekToEndOfFile()
        handle.write(Data("2\tcut sh".utf8))
        try handle.close()
        #expect(history.load() == ["whole"])
        #expect(history.append("next", seconds: 3))
        #expect(history.load().last == "next")
        #expect(history.load().first == "whole")
    }

    @Test func sessionsThatWriteAtOnceLoseNothing() async {
        let history = HistoryFile(path: path)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for index in 0..<50 { _ = history.append("cell \(task) \(index)", seconds: index) } }
            }
        }
        #expect(Set(history.load()).count == 400)
    }

    @Test func aFullDiskIsReported() {
        #expect(!HistoryFile(path: "/dev/full").append("x", seconds: 0))
        #expect(!HistoryFile(path: "/proc/nowhere/history").append("x", seconds: 0))
    }
}
