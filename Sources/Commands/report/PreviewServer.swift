import Notebooks

#if canImport(Glibc)
    import Glibc
#endif

/// Serves one page and its changes to browsers on this machine, and nothing else: no path of a request ever names a file.
///
/// Every request must carry the token in its path, and in `Host` the address this server listens on, so that no page from elsewhere
/// reaches it by a name of its own that resolves to 127.0.0.1.
struct PreviewServer: Sendable {
    private let feed: PreviewFeed
    private let token: String

    init(feed: PreviewFeed, token: String) {
        self.feed = feed
        self.token = token
    }

    /// Starts serving on other threads; the page's address.
    func start(port: UInt16) throws(LocalServer.Failure) -> String {
        let server: LocalServer
        do throws(LocalServer.Failure) {
            server = try LocalServer(port: port) { respond($0) }
        } catch {
            throw LocalServer.Failure(reason: "cannot listen on port \(port): \(error.reason)")
        }
        server.run()
        return "http://127.0.0.1:\(server.port)/\(token)/"
    }

    // MARK: Requests

    /// Seconds a question for changes waits for some.
    private static let patience = 10.0

    private func respond(_ request: LocalServer.Request) -> LocalServer.Response {
        var response = answer(request)
        response.headers += Self.headers
        return response
    }

    private func answer(_ request: LocalServer.Request) -> LocalServer.Response {
        guard ["127.0.0.1:\(request.port)", "localhost:\(request.port)"].contains(request.host) else { return .init(status: 403) }
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, isToken(parts[1]) else { return .init(status: 404) }
        switch parts[2] {
        case "": return Self.response(feed.document, type: "text/html; charset=utf-8")
        case "changes":
            guard let version = request.query["after"].flatMap({ Int($0) }) else { return .init(status: 400) }
            return changes(after: version)
        default: return .init(status: 404)
        }
    }

    /// Compares in a time that does not tell how much of a guess was right.
    private func isToken(_ guess: Substring) -> Bool {
        let (a, b) = (Array(token.utf8), Array(guess.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func changes(after version: Int) -> LocalServer.Response {
        for _ in 0..<Int(Self.patience / 0.05) {
            if let changes = feed.changes(after: version) { return Self.response(changes.pretty(), type: "application/json") }
            usleep(50_000)
        }
        return .init(status: 204)
    }

    private static let headers: [(name: String, value: String)] = [
        ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("Cross-Origin-Opener-Policy", "same-origin"),
    ]

    private static func response(_ text: String, type: String) -> LocalServer.Response {
        .init(status: 200, headers: [("Content-Type", type)], body: Array(text.utf8))
    }
}
