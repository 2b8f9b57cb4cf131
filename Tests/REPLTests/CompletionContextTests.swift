import REPL
import Testing

struct CompletionContextTests {
    @Test(arguments: [
        ("pri", CompletionContext.name(prefix: "pri", callee: nil)),
        ("x = tor", .name(prefix: "tor", callee: nil)),
        ("torch.nn.Con", .attribute(owner: [.name("torch"), .attribute("nn")], prefix: "Con")),
        ("model.layers[0].we", .attribute(owner: [.name("model"), .attribute("layers"), .index(0)], prefix: "we")),
        ("d['a'].", .attribute(owner: [.name("d"), .key("a")], prefix: "")),
        ("f(x).", .nothing),
        ("d['ke", .key(owner: [.name("d")], prefix: "ke")),
        ("open('data/ci", .path(prefix: "data/ci")),
        ("train(model, ep", .name(prefix: "ep", callee: [.name("train")])),
        ("nn.Conv2d(3, 16, ker", .name(prefix: "ker", callee: [.name("nn"), .attribute("Conv2d")])),
        ("f([1, 2], g(3), h", .name(prefix: "h", callee: [.name("f")])),
        ("import tor", .module(prefix: "tor")),
        ("import os, ma", .module(prefix: "ma")),
        ("from torch.n", .module(prefix: "torch.n")),
        ("from torch.nn import Li", .member(module: "torch.nn", prefix: "Li")),
        ("from os import path, get", .member(module: "os", prefix: "get")),
        ("%ti", .command(prefix: "%ti")),
        ("%run note", .path(prefix: "note")),
        ("# com", .nothing),
        ("'text' + na", .name(prefix: "na", callee: nil)),
        ("12", .nothing),
    ])
    func theCursorTellsWhatMayFollow(_ text: String, _ expected: CompletionContext) {
        #expect(CompletionContext(text, utf8Offset: text.utf8.count) == expected)
    }

    @Test func theCommonPrefixIsWhatAllShare() {
        #expect(Completions(start: 0, [.init("Conv1d"), .init("Conv2d"), .init("ConvTranspose2d")]).commonPrefix == "Conv")
        #expect(Completions(start: 0, []).commonPrefix == "")
    }
}

struct CandidateListTests {
    private func candidates(_ count: Int) -> [Completions.Candidate] { (0..<count).map { .init("name\($0 + 100)") } }

    @Test func bareNamesStandInColumns() {
        #expect(
            CandidateList.rows(candidates(5), width: 22, height: 10, isColoured: false) == ["  name100  name103", "  name101  name104", "  name102"])
    }

    @Test func aLongListIsShownByPages() {
        #expect(
            CandidateList.rows(candidates(9), width: 22, height: 3, isColoured: false) == ["  name100  name102", "  name101  name103", "  … 5 more"])
        #expect(
            CandidateList.rows(candidates(9), selected: 5, width: 22, height: 3, isColoured: false) == [
                "  name104  name106", "  [name105]name107", "  … 5 more",
            ])
        #expect(CandidateList.rows(candidates(9), selected: 8, width: 22, height: 3, isColoured: false) == ["  [name108]", "", "  … 8 more"])
    }

    @Test func differentKindsAreDescribed() {
        let found = [Completions.Candidate("alpha", note: "int"), .init("beta", note: "function of a long description")]
        #expect(CandidateList.rows(found, width: 30, height: 5, isColoured: false) == ["  alpha  int", "  beta   function of a long …"])
    }
}
