import Notebooks
import Reports
import Testing

/// What a browser that follows a notebook is sent.
struct LivePageTests {
    private func parts(_ segments: String..., title: String = "T") -> PageParts { PageParts(title: title, segments: segments, contents: "") }

    private func keys(_ changes: JSON?) -> [String] { changes?["order"]?.array?.compactMap(\.string) ?? [] }

    @Test func onlyWhatIsNewIsSent() throws {
        var page = LivePage()
        page.update(parts("<p>a</p>", "<p>b</p>"))
        #expect(page.version == 1)
        #expect(page.changes(after: 1) == nil)
        page.update(parts("<p>a</p>", "<p>c</p>"))
        let changes = try #require(page.changes(after: 1))
        #expect(changes["parts"]?.members?.map(\.value) == [.string("<p>c</p>")])
        #expect(keys(changes).count == 2)
        // A browser that has nothing gets everything, one from another life of the server as well.
        #expect(page.changes(after: 0)?["parts"]?.members?.count == 2)
        #expect(page.changes(after: 99)?["parts"]?.members?.count == 2)
    }

    @Test func nothingNewIsNoNewVersion() {
        var page = LivePage()
        page.update(parts("<p>a</p>"))
        page.update(parts("<p>a</p>"))
        #expect(page.version == 1)
        page.update(parts("<p>a</p>", title: "Other"))
        #expect(page.version == 2)
    }

    @Test func equalPartsAreToldApart() throws {
        var page = LivePage()
        page.update(parts("<p>a</p>", "<p>a</p>", "<p>a</p>"))
        #expect(Set(keys(page.changes(after: 0))).count == 3)
    }

    @Test func aProblemKeepsThePageAndGoesWithTheNextState() throws {
        var page = LivePage()
        page.update(parts("<p>a</p>"))
        page.fail("n.qnb:1:1: <broken>", name: "n")
        #expect(page.changes(after: 1)?["problem"]?.string == "n.qnb:1:1: <broken>")
        #expect(page.document.contains("&lt;broken&gt;") && page.document.contains("<p>a</p>"))
        page.update(parts("<p>a</p>"))
        #expect(page.changes(after: 2)?["problem"]?.string == "")
        #expect(page.version == 3)
    }

    @Test func thePolicyLetsThePageAskItsServerAndNothingElse() {
        var page = LivePage()
        page.update(parts("<p>a</p>"))
        #expect(page.document.contains("connect-src 'self'; base-uri 'none'"))
        #expect(page.document.contains("default-src 'none'"))
    }
}
