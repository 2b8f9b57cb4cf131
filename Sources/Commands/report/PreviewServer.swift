import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

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

    enum Start: Sendable {
        case listening(String)
        case failed(String)
    }

    /// Starts serving on other threads; returns when the server listens or cannot.
    func start(port: UInt16) -> Start {
        let outcome = Mutex<Start?>(nil)
        let shared = Shared(outcome: outcome)
        let server = self
        Task.detached { await server.serve(port: port, shared) }
        while true {
            if let outcome = shared.outcome.withLock({ $0 }) { return outcome }
            usleep(1000)
        }
    }

    private final class Shared: Sendable {
        let outcome: Mutex<Start?>
        init(outcome: consuming Mutex<Start?>) { self.outcome = outcome }
        func set(_ start: Start) { outcome.withLock { if $0 == nil { $0 = start } } }
    }

    private func serve(port: UInt16, _ shared: Shared) async {
        do {
            let http = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: port), timeout: Self.patience * 2, logger: .disabled)
            let running = Task { try await http.run() }
            do {
                try await http.waitUntilListening(timeout: 5)
            } catch {
                // The server's own error says why it does not listen.
                try await running.value
                throw error
            }
            guard case .ip4(_, let actual)? = await http.listeningAddress else { throw SocketError.unsupportedAddress }
            let hosts: Set<String> = ["127.0.0.1:\(actual)", "localhost:\(actual)"]
            await http.appendRoute("*") { request in await respond(request, hosts: hosts) }
            shared.set(.listening("http://127.0.0.1:\(actual)/\(token)/"))
            try await running.value
        } catch {
            shared.set(.failed("cannot listen on port \(port): \(Self.reason(error))"))
        }
    }

    private static func reason(_ error: any Error) -> String {
        if case SocketError.failed(_, let number, _) = error { return String(cString: strerror(number)) }
        return "\(error)"
    }

    // MARK: Requests

    /// Seconds a question for changes waits for some.
    private static let patience = 10.0

    private func respond(_ request: HTTPRequest, hosts: Set<String>) async -> HTTPResponse {
        guard let host = request.headers[.host], hosts.contains(host.lowercased()) else { return Self.refusal(.forbidden) }
        guard request.method == .GET || request.method == .HEAD else { return Self.refusal(.methodNotAllowed) }
        // As it was sent: the decoded path has lost its last slash, which relative addresses on the page count on.
        let parts = request.target.path().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, isToken(parts[1]) else { return Self.refusal(.notFound) }
        switch parts[2] {
        case "": return Self.response(feed.document, type: "text/html; charset=utf-8")
        case "changes":
            guard let version = request.query["after"].flatMap({ Int($0) }) else { return Self.refusal(.badRequest) }
            return await changes(after: version)
        default: return Self.refusal(.notFound)
        }
    }

    /// Compares in a time that does not tell how much of a guess was right.
    private func isToken(_ guess: Substring) -> Bool {
        let (a, b) = (Array(token.utf8), Array(guess.utf8))
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private func changes(after version: Int) async -> HTTPResponse {
        for _ in 0..<Int(Self.patience / 0.05) {
            if let changes = feed.changes(after: version) { return Self.response(changes.pretty(), type: "application/json") }
            do { try await Task.sleep(nanoseconds: 50_000_000) } catch { break }
        }
        return HTTPResponse(statusCode: .noContent, headers: Self.headers)
    }

    private static let headers: HTTPHeaders = [
        .cacheControl: "no-store", HTTPHeader("X-Content-Type-Options"): "nosniff", HTTPHeader("Referrer-Policy"): "no-referrer",
        HTTPHeader("X-Frame-Options"): "DENY", HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin", HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
    ]

    private static func response(_ text: String, type: String) -> HTTPResponse {
        var headers = headers
        headers[.contentType] = type
        return HTTPResponse(statusCode: .ok, headers: headers, body: Data(text.utf8))
    }

    private static func refusal(_ status: HTTPStatusCode) -> HTTPResponse {
        var headers = headers
        headers[.contentType] = "text/plain; charset=utf-8"
        return HTTPResponse(statusCode: status, headers: headers, body: Data("\(status.code) \(status.phrase)\n".utf8))
    }
}
