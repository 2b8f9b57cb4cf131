import Foundation
import Glibc
import Synchronization

/// An HTTP server on 127.0.0.1 that has one file, and several manners of giving it: the first part of a path says which.
final class FileServer: Sendable {
    enum Manner: String {
        /// Honours `Range`.
        case ranged
        /// Answers every request with the whole file.
        case whole
        /// Breaks the connection after half of what was asked for, once; then honours `Range`.
        case breaking
        /// As `whole`, the last byte changed.
        case changed
        /// Sends elsewhere, to `ranged`.
        case moved
    }

    private struct State {
        var requests: [String] = []
        var hasBroken = false
    }

    private let content: [UInt8]
    private let descriptor: Int32
    let port: UInt16
    private let state = Mutex(State())

    struct NoSocket: Error {}

    init(_ content: [UInt8]) throws {
        self.content = content
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = descriptor
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw NoSocket() }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve() }
    }

    /// Ends the thread that waits for connections.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// The path of every request so far, with the `Range` it asked for.
    var requests: [String] { state.withLock(\.requests) }

    private func serve() {
        while true {
            let client = accept(descriptor, nil, nil)
            if client < 0 { return }
            answer(client)
            shutdown(client, Int32(SHUT_RDWR))
            close(client)
        }
    }

    private func answer(_ client: Int32) {
        var head: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while head.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            let count = recv(client, &chunk, chunk.count, 0)
            guard count > 0 else { return }
            head += chunk[..<count]
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }?.split(separator: "=").last.map(String.init)
        state.withLock { $0.requests.append(path + (range.map { " " + $0 } ?? "")) }
        respond(client, Manner(rawValue: String(path.split(separator: "/").first ?? "")), from: range.flatMap { Int($0.dropLast()) } ?? 0)
    }

    private func respond(_ client: Int32, _ manner: Manner?, from start: Int) {
        switch manner {
        case .ranged: sendRange(client, start)
        case .whole: send(client, "200 OK", content)
        case .changed: send(client, "200 OK", content.dropLast() + [content[content.count - 1] ^ 1])
        case .moved: send(client, "302 Found", [], headers: ["Location: /ranged/file.txt"])
        case .breaking:
            let breaks = state.withLock { state in
                defer { state.hasBroken = true }
                return !state.hasBroken
            }
            if breaks { send(client, "200 OK", Array(content[..<(content.count / 2)]), length: content.count) } else { sendRange(client, start) }
        case nil: send(client, "404 Not Found", Array("nothing here".utf8))
        }
    }

    private func sendRange(_ client: Int32, _ start: Int) {
        if start == 0 { return send(client, "200 OK", content) }
        if start >= content.count { return send(client, "416 Range Not Satisfiable", [], headers: ["Content-Range: bytes */\(content.count)"]) }
        send(
            client, "206 Partial Content", Array(content[start...]), headers: ["Content-Range: bytes \(start)-\(content.count - 1)/\(content.count)"])
    }

    private func send(_ client: Int32, _ status: String, _ body: [UInt8], headers: [String] = [], length: Int? = nil) {
        let head =
            (["HTTP/1.1 \(status)", "Content-Length: \(length ?? body.count)", "Connection: close"] + headers).joined(separator: "\r\n") + "\r\n\r\n"
        let bytes = Array(head.utf8) + body
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.send(client, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }
}
