import Checkpoints
import Foundation
import Tensors

/// The file form of an integer graph: a zip archive with `graph.json` and the weights and biases as `.npy` files.
///
/// Reading checks everything: the archive's offsets and checksums, the JSON, the arrays' types, and the graph's invariants.
package enum IntegerArchive {
    private struct Header: Codable {
        var format = "integer-graph"
        var version = 1
        var graph: IntegerGraph
    }

    package static func encode(_ graph: IntegerGraph) throws -> [UInt8] {
        var bare = graph
        var files: [(name: String, content: [UInt8])] = []
        for (i, layer) in graph.layers.enumerated() {
            guard let c = convolution(layer.operation) else { continue }
            let weight = try Tensor.empty(c.weightShape, dtype: .int8)
            c.weight.withUnsafeBytes { if $0.count > 0 { weight.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
            let bias = try Tensor.empty([c.bias.count], dtype: .int32)
            c.bias.withUnsafeBytes { if $0.count > 0 { bias.pointer.copyMemory(from: $0.baseAddress!, byteCount: $0.count) } }
            files.append(("layers/\(i).weight.npy", try NumpyFile.encode(weight)))
            files.append(("layers/\(i).bias.npy", try NumpyFile.encode(bias)))
            bare.layers[i].operation = replacing(layer.operation, weight: [], bias: [])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        files.insert(("graph.json", Array(try encoder.encode(Header(graph: bare)))), at: 0)
        return try ZipArchive.write(files, file: graph.name)
    }

    package static func decode(_ bytes: [UInt8]) throws -> IntegerGraph {
        let archive = try ZipArchive(bytes, file: "archive")
        guard let entry = archive.entry(named: "graph.json") else {
            throw IntegerGraphError("the archive has no graph.json: it is not a traced integer model")
        }
        let header: Header
        do { header = try JSONDecoder().decode(Header.self, from: Data(try archive.read(entry))) } catch let error as DecodingError {
            throw IntegerGraphError("graph.json is damaged: \(error)")
        }
        guard header.format == "integer-graph", header.version == 1 else {
            throw IntegerGraphError("version \(header.version) of the format is not supported")
        }
        var graph = header.graph
        for (i, layer) in graph.layers.enumerated() where convolution(layer.operation) != nil {
            let weight = try array(archive, "layers/\(i).weight.npy", .int8)
            let bias = try array(archive, "layers/\(i).bias.npy", .int32)
            graph.layers[i].operation = replacing(
                layer.operation, weight: Array(UnsafeBufferPointer(start: weight.pointer.assumingMemoryBound(to: Int8.self), count: weight.count)),
                bias: Array(UnsafeBufferPointer(start: bias.pointer.assumingMemoryBound(to: Int32.self), count: bias.count)))
        }
        try graph.verify()
        return graph
    }

    private static func array(_ archive: ZipArchive, _ name: String, _ dtype: DType) throws -> Tensor {
        guard let entry = archive.entry(named: name) else { throw IntegerGraphError("the archive has no \(name)") }
        let tensor = try NumpyFile.decode(try archive.read(entry), file: name)
        guard tensor.dtype == dtype else { throw IntegerGraphError("\(name) holds \(tensor.dtype.name) where \(dtype.name) is expected") }
        return try tensor.contiguous()
    }

    private static func convolution(_ operation: IntegerOperation) -> IntegerConvolution? {
        switch operation {
        case .convolution(let c), .linear(let c): c
        default: nil
        }
    }

    private static func replacing(_ operation: IntegerOperation, weight: [Int8], bias: [Int32]) -> IntegerOperation {
        guard var c = convolution(operation) else { return operation }
        (c.weight, c.bias) = (weight, bias)
        if case .linear = operation { return .linear(c) }
        return .convolution(c)
    }
}
