import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A server of short HTTP/1.1 answers to programs on this machine: GET and HEAD, one request a connection.
///
/// A library for this brings Foundation's networking, for which the static binary would load libcurl at every start.
final class LocalServer: Sendable {
    struct Request: Sendable {
        /// As it was sent, without the query.
        var path: String
        var query: [String: String]
        /// The `Host` header, in lower case.
        var host: String
        /// The port it came in at.
        var port: UInt16
    }

    struct Response: Sendable {
        var status: Int
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []
    }

    struct Failure: Error {
        var reason: String
    }

    private static let maximumHead = 16 * 1024
    private static let maximumConnections = 32
    /// Seconds a client may take to send its request or to read its answer.
    private static let patience = 10

    private let socket: Int32
    /// The port it listens on, also where 0 was asked for.
    let port: UInt16
    private let connections = Atomic<Int>(0)
    private let respond: @Sendable (Request) -> Response

    /// Listens on 127.0.0.1; answers once `run` is called.
    init(port: UInt16, respond: @escaping @Sendable (Request) -> Response) throws(Failure) {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(reason: Self.error()) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else {
            let reason = Self.error()
            close(descriptor)
            throw Failure(reason: reason)
        }
        socket = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
        self.respond = respond
    }

    private static func error() -> String { String(cString: strerror(errno)) }

    /// Answers from threads of its own until the process ends.
    func run() { Self.thread { [self] in takeConnections() } }

    private func takeConnections() {
        while true {
            let client = accept(socket, nil, nil)
            guard client >= 0 else {
                // Interrupted, or out of descriptors for a moment.
                usleep(10_000)
                continue
            }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            guard connections.wrappingAdd(1, ordering: .relaxed).newValue <= Self.maximumConnections else {
                finish(client)
                continue
            }
            Self.thread { [self] in
                serve(client)
                finish(client)
            }
        }
    }

    private func finish(_ client: Int32) {
        close(client)
        connections.wrappingSubtract(1, ordering: .relaxed)
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        final class Box { let body: @Sendable () -> Void; init(_ body: @escaping @Sendable () -> Void) { self.body = body } }
        var thread = pthread_t()
        var (all, before) = (sigset_t(), sigset_t())
        // Signals belong to the main thread.
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let box = Unmanaged.passRetained(Box(body))
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, box.toOpaque())
        guard status == 0 else {
            box.takeRetainedValue().body()
            return
        }
        pthread_detach(thread)
    }

    private func serve(_ client: Int32) {
        var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard let head = readHead(client) else { return send(Response(status: 400), isHead: false, to: client) }
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.first?.split(separator: " ", omittingEmptySubsequences: false) ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return send(Response(status: 400), isHead: false, to: client) }
        guard words[0] == "GET" || words[0] == "HEAD" else { return send(Response(status: 405), isHead: false, to: client) }
        let hosts = lines.dropFirst().filter { $0.lowercased().hasPrefix("host:") }
        guard hosts.count == 1, let host = hosts.first?.dropFirst(5) else { return send(Response(status: 400), isHead: false, to: client) }
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var query: [String: String] = [:]
        for pair in target.count > 1 ? target[1].split(separator: "&") : [] {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        let request = Request(
            path: target.first.map(String.init) ?? "", query: query, host: host.filter { $0 != " " && $0 != "\t" }.lowercased(), port: port)
        send(respond(request), isHead: words[0] == "HEAD", to: client)
    }

    /// Everything before the empty line; nil where it does not come, is too long or is no text.
    private func readHead(_ client: Int32) -> String? {
        var head: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while head.count < Self.maximumHead {
            let count = recv(client, &chunk, chunk.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return nil }
            head += chunk[..<count]
            // The end may lie across two chunks; heads are short.
            if let end = head.firstRange(of: Array("\r\n\r\n".utf8)) { return String(validating: head[..<end.lowerBound], as: UTF8.self) }
        }
        return nil
    }

    private static let phrases = [
        200: "OK", 204: "No Content", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    ]

    private func send(_ response: Response, isHead: Bool, to client: Int32) {
        let phrase = Self.phrases[response.status] ?? "Error"
        var (body, headers) = (response.body, response.headers)
        if response.status >= 400, body.isEmpty {
            body = Array("\(response.status) \(phrase)\n".utf8)
            headers.append(("Content-Type", "text/plain; charset=utf-8"))
        }
        var head = "HTTP/1.1 \(response.status) \(phrase)\r\nConnection: close\r\n"
        if response.status != 204 { head += "Content-Length: \(body.count)\r\n" }
        for header in headers { head += "\(header.name): \(header.value)\r\n" }
        var bytes = Array((head + "\r\n").utf8)
        if !isHead && response.status != 204 { bytes += body }
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let count = Glibc.send(client, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                sent += count
            }
        }
        shutdown(client, Int32(SHUT_WR))
        // Unread bytes of the client would make the system drop the answer.
        var rest = [UInt8](repeating: 0, count: 1024)
        while recv(client, &rest, rest.count, 0) > 0 {}
    }
}
