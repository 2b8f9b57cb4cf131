import Foundation
import Testing

/// `qnb preview` as a browser sees it, and as those who may not see it do.
@Suite(.serialized) struct PreviewTests {
    private static let notebook = """
        # Shown

        ```python
        print("first")
        ```

        ```python
        import os
        import time
        print("working", flush=True)
        while not os.path.exists("go"):
            time.sleep(0.01)
        print("finished")
        ```

        """

    /// A preview that runs until the body returns.
    private func withPreview(_ shell: Shell, _ body: (_ port: UInt16, _ token: String) throws -> Void) throws {
        let output = shell.folder.appending(path: "preview")
        let process = try shell.start("exec qnb preview n.qnb", output: output)
        defer {
            process.interrupt()
            process.waitUntilExit()
        }
        var said = ""
        try wait("the address") {
            said = try String(contentsOf: output, encoding: .utf8)
            return said.contains("/\n") || !process.isRunning
        }
        let address = try #require(said.firstMatch(of: #/http:\/\/127\.0\.0\.1:(\d+)\/([0-9a-f]{32})\/\n/#), "\(said)")
        try body(try #require(UInt16(address.1)), String(address.2))
    }

    private func wait(_ what: String, until isDone: () throws -> Bool) throws {
        for _ in 0..<1200 {
            if try isDone() { return }
            usleep(50_000)
        }
        Issue.record("waited a minute for \(what)")
    }

    /// Status and text of the answer to a request.
    private func ask(_ port: UInt16, _ path: String, method: String = "GET", host: String? = nil) throws -> (status: Int, text: String) {
        let text = try Loopback.exchange(
            port: port, "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        return (text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0, text)
    }

    @Test func onlyTheOneWhoKnowsTheAddressSeesThePageAndNothingElse() throws {
        let shell = try Shell()
        try shell.write(Self.notebook, to: "n.qnb")
        try shell.write("secret", to: "secret.txt")
        try withPreview(shell) { port, token in
            let page = try ask(port, "/\(token)/")
            #expect(page.status == 200)
            #expect(page.text.contains("<h1>Shown</h1>") && page.text.contains("connect-src 'self'"))
            #expect(page.text.lowercased().contains("cache-control: no-store"))
            #expect(try ask(port, "/\(token)/", method: "HEAD").status == 200)
            #expect(try ask(port, "/").status == 404)
            #expect(try ask(port, "/\(String(repeating: "0", count: 32))/").status == 404)
            for path in ["n.qnb", "secret.txt", "../secret.txt", "..%2fsecret.txt", "/etc/passwd", "changes/../secret.txt"] {
                let answer = try ask(port, "/\(token)/\(path)")
                #expect(answer.status >= 400 && !answer.text.contains("secret\n"), "\(path)")
            }
            #expect(try ask(port, "/\(token)/changes").status == 400)
            #expect(try ask(port, "/\(token)/", host: "evil.example").status == 403)
            #expect(try ask(port, "/\(token)/", host: "evil.example:\(port)").status == 403)
            #expect(try ask(port, "/\(token)/", method: "POST").status == 405)
            // The socket is bound to 127.0.0.1 and to no other address.
            let sockets = try shell.run("cat /proc/net/tcp /proc/net/tcp6").output
            let bound = sockets.split(separator: "\n").filter {
                $0.contains(":" + String(port, radix: 16, uppercase: true) + " ") && $0.contains(" 0A ")
            }
            #expect(bound.count == 1 && bound[0].contains("0100007F:"))
            #expect(try !shell.run("ls -a").output.contains(".html"))
        }
    }

    @Test func thePageFollowsSavesAndShowsOutputsWhileCellsRun() throws {
        let shell = try Shell()
        try shell.write(Self.notebook, to: "n.qnb")
        try withPreview(shell) { port, token in
            var version = 1
            func change(until isDone: (String) -> Bool) throws -> String {
                var last = ""
                try wait("a change") {
                    let answer = try ask(port, "/\(token)/changes?after=\(version)")
                    guard answer.status == 200 else { return false }
                    version = answer.text.firstMatch(of: #/"version": (\d+)/#).flatMap { Int($0.1) } ?? version
                    last = answer.text
                    return isDone(last)
                }
                return last
            }
            try shell.write(Self.notebook.replacing("# Shown", with: "# Changed"), to: "n.qnb")
            let saved = try change { $0.contains("<h1>Changed") }
            // Only what changed is sent: the cells are the same.
            #expect(!saved.contains("flush"))

            let running = try shell.start("exec qnb run n.qnb -q", output: shell.folder.appending(path: "run"))
            let shown = try change { $0.contains(">working</pre>") }
            #expect(shown.contains("RUNNING"))
            #expect(!shown.contains(">working\\nfinished"))
            #expect(running.isRunning)
            try shell.write("", to: "go")
            let done = try change { $0.contains("working\\nfinished</pre>") && !$0.contains("RUNNING") }
            #expect(!done.contains("STALE"))
            running.waitUntilExit()

            try shell.write("```python\n1\n", to: "n.qnb")
            #expect(try change { $0.contains("\"problem\": \"n.qnb:1:1: ") }.contains("never closed"))
            #expect(try ask(port, "/\(token)/").text.contains("<h1>Changed</h1>"))
        }
    }

    @Test func whatCannotBePreviewedIsRefused() throws {
        let shell = try Shell()
        let missing = try shell.run("qnb preview missing.qnb")
        #expect(missing.status == 2 && missing.output.contains("missing.qnb"))
        try shell.write(Self.notebook, to: "n.qnb")
        try withPreview(shell) { port, _ in
            let taken = try shell.run("qnb preview n.qnb --port \(port)")
            #expect(taken.status == 2)
            #expect(taken.output.contains("cannot listen on port \(port)"))
        }
    }
}

/// One exchange over a socket to this machine; what libraries hide, such as a wrong `Host`, is sent as it stands.
enum Loopback {
    struct Failed: Error {}

    static func exchange(port: UInt16, _ request: String) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failed() }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw Failed() }
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, 0) == bytes.count else { throw Failed() }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}
