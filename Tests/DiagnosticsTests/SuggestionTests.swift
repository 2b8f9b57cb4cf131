import Diagnostics
import Foundation
import Testing

@Suite struct SuggestionTests {
    @Test func suggestionsAreCPythons() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/suggestions.txt")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 500)
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            let candidates = Array(fields[1..<(fields.count - 2)])
            let found = Suggestion.nearest(to: String(fields[0].dropLast()), in: candidates) ?? "-"
            #expect(found == fields[fields.count - 1], "\(line)")
        }
    }

    @Test func theFirstOfEqualsWins() {
        #expect(Suggestion.nearest(to: "bat", in: ["cat", "hat"]) == "cat")
    }

    @Test func aNameIsNotItsOwnSuggestion() {
        #expect(Suggestion.nearest(to: "append", in: ["append"]) == nil)
    }

    @Test func searchIsBounded() {
        let many = (0..<750).map { "name\($0)" }
        #expect(Suggestion.nearest(to: "nam1", in: many) == nil)
        #expect(Suggestion.nearest(to: "nam1", in: many.dropLast()) == "name1")
        let long = String(repeating: "a", count: 41)
        #expect(Suggestion.nearest(to: "b" + long, in: ["cc" + long]) == "cc" + long)
        #expect(Suggestion.nearest(to: "b" + long.uppercased() + "b", in: ["c" + long + "c"]) == nil)
    }
}
