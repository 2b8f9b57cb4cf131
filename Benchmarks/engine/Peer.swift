import Foundation

/// What the other side says before it is timed.
struct PeerFacts: Decodable {
    let torch: String
    let onnxruntime: String?
    /// Σ |logits| of the untrained network in evaluation mode, by PyTorch and by ONNX Runtime.
    let evaluation: Double
    let onnx: Double?
    /// Loss of the first training step.
    let loss: Double
}

/// A Python process that does the same work with PyTorch and ONNX Runtime, one step per request.
final class Peer {
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()
    private var buffered = Data()
    let facts: PeerFacts

    /// Nil where `python` cannot import PyTorch and torchvision.
    init?(python: String, threads: Int, network: String, batch: Int) {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("peer.py").path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python, script, String(threads), network, String(batch)]
        process.standardInput = requests
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        var data = Data()
        do {
            try process.run()
            data = Peer.line(answers.fileHandleForReading, &buffered)
            facts = try JSONDecoder().decode(PeerFacts.self, from: data)
        } catch {
            // A python without the packages ends without a line of facts.
            if process.isRunning { process.terminate() }
            return nil
        }
    }

    private static func line(_ handle: FileHandle, _ buffered: inout Data) -> Data {
        while true {
            if let end = buffered.firstIndex(of: 10) {
                let line = Data(buffered[buffered.startIndex..<end])
                buffered = Data(buffered[buffered.index(after: end)...])
                return line
            }
            let more = handle.availableData
            if more.isEmpty { return Data() }
            buffered += more
        }
    }

    /// The number the other side answers.
    func ask(_ request: String) throws -> Double {
        try requests.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
        let text = String(decoding: Peer.line(answers.fileHandleForReading, &buffered), as: UTF8.self)
        guard let value = Double(text) else { throw BenchmarkFailure(message: "the peer answered \"\(request)\" with \"\(text)\"") }
        return value
    }

    func end() {
        requests.fileHandleForWriting.closeFile()
        process.waitUntilExit()
    }
}

struct BenchmarkFailure: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
