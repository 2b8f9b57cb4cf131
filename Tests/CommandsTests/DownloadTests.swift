import Foundation
import Testing

/// Files of datasets come over HTTP: whole, in two attempts, from servers that cannot go on in the middle, or not at all.
@Suite(.serialized) struct DownloadTests {
    private static let content = Array((1...20_000).map(String.init).joined(separator: "\n").utf8)

    private static let script = """
        import hashlib
        import os
        import sys

        from torchvision.datasets.utils import download_url

        port, manner, keep = sys.argv[1:4]
        md5 = hashlib.md5(open("file.txt", "rb").read()).hexdigest()
        os.makedirs("out", exist_ok=True)
        for name in os.listdir("out"):
            os.remove("out/" + name)
        if int(keep):
            with open("out/file.txt.partial", "wb") as partial:
                partial.write(open("file.txt", "rb").read()[:int(keep)])
        for attempt in range(2):
            try:
                download_url(f"http://127.0.0.1:{port}/{manner}/file.txt", "out", md5=md5)
                print("same" if open("out/file.txt", "rb").read() == open("file.txt", "rb").read() else "different")
                break
            except RuntimeError as error:
                print("RuntimeError:", error)
        print(sorted(os.listdir("out")))
        """

    /// What the program prints, `PORT` for the port and `MD5` for the checksum, and what it asked the server for.
    private func fetch(_ manner: String, keep: Int = 0, port: UInt16? = nil) throws -> (lines: [String], requests: [String]) {
        let shell = try Shell()
        try Data(Self.content).write(to: shell.work.appending(path: "file.txt"))
        try shell.write(Self.script, to: "fetch.py")
        let server = try FileServer(Self.content)
        defer { server.stop() }
        let port = port ?? server.port
        let result = try shell.run("qnb run fetch.py \(port) \(manner) \(keep) 2>/dev/null")
        #expect(result.status == 0, "\(result.output)")
        let text = result.output.replacing("127.0.0.1:\(port)", with: "HOST").replacing(#/MD5 [0-9a-f]{32}|the MD5 [0-9a-f]{32}/#, with: "MD5")
        return (text.split(separator: "\n").map(String.init), server.requests)
    }

    private func downloading(_ manner: String) -> String { "Downloading http://HOST/\(manner)/file.txt to out/file.txt" }

    @Test func aWholeFile() throws {
        let (lines, requests) = try fetch("ranged")
        #expect(lines == [downloading("ranged"), "same", "['file.txt']"])
        #expect(requests == ["/ranged/file.txt"])
    }

    @Test func aRedirectIsFollowed() throws {
        let (lines, requests) = try fetch("moved")
        #expect(lines == [downloading("moved"), "same", "['file.txt']"])
        #expect(requests == ["/moved/file.txt", "/ranged/file.txt"])
    }

    @Test func anEarlierAttemptIsContinued() throws {
        let (lines, requests) = try fetch("ranged", keep: 70_000)
        #expect(lines == [downloading("ranged"), "same", "['file.txt']"])
        #expect(requests == ["/ranged/file.txt 70000-"])
    }

    @Test func aBrokenConnectionLeavesWhatCameForTheNextAttempt() throws {
        let (lines, requests) = try fetch("breaking")
        let half = Self.content.count / 2
        #expect(
            lines == [
                downloading("breaking"),
                "RuntimeError: http://HOST/breaking/file.txt could not be fetched: curl ended with status 18. Fetch it by hand and put it at out/file.txt (MD5)",
                downloading("breaking"), "same", "['file.txt']",
            ])
        #expect(requests == ["/breaking/file.txt", "/breaking/file.txt \(half)-"])
    }

    @Test func aServerThatCannotGoOnInTheMiddleIsAskedForTheWholeFile() throws {
        let (lines, requests) = try fetch("whole", keep: 70_000)
        #expect(lines == [downloading("whole"), "same", "['file.txt']"])
        #expect(requests.last == "/whole/file.txt")
    }

    @Test func aFileWithAnotherChecksumIsRefusedAndRemoved() throws {
        let (lines, _) = try fetch("changed")
        let refusal = "RuntimeError: File not found or corrupted: http://HOST/changed/file.txt does not have MD5"
        #expect(lines == [downloading("changed"), refusal, downloading("changed"), refusal, "[]"])
    }

    @Test func anAddressWithoutTheFile() throws {
        let (lines, _) = try fetch("absent")
        let refusal =
            "RuntimeError: http://HOST/absent/file.txt could not be fetched: curl ended with status 22. Fetch it by hand and put it at out/file.txt (MD5)"
        #expect(lines == [downloading("absent"), refusal, downloading("absent"), refusal, "[]"])
    }

    @Test func withoutConnectionItSaysWhatToFetchAndWhereToPutIt() throws {
        // A port that was free a moment ago: nobody listens there.
        let gone = try FileServer(Self.content)
        let port = gone.port
        gone.stop()
        let (lines, requests) = try fetch("ranged", port: port)
        let refusal =
            "RuntimeError: http://HOST/ranged/file.txt could not be fetched: curl ended with status 7. Fetch it by hand and put it at out/file.txt (MD5)"
        #expect(lines == [downloading("ranged"), refusal, downloading("ranged"), refusal, "[]"])
        #expect(requests.isEmpty)
    }
}
