import Quantization

/// A traced model as a graph in the DOT language: layers with operation, shapes, types and scales.
package enum ModelDrawing {
    package static func dot(_ graph: IntegerGraph) -> String {
        var lines = [
            "digraph {",
            "  rankdir=TB; bgcolor=\"transparent\"; nodesep=0.3; ranksep=0.35; label=\(quoted(graph.name)); labelloc=t; fontname=\"Helvetica\"; fontsize=16;",
            "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=10, margin=\"0.14,0.06\", color=\"#94a3b8\", fillcolor=\"#f8fafc\"];",
            "  edge [fontname=\"Helvetica\", fontsize=8, color=\"#475569\", fontcolor=\"#475569\", arrowsize=0.6];",
        ]
        var producers: [Int: (id: String, index: Int)] = [:]
        for (k, input) in graph.inputs.enumerated() {
            let value = graph.values[input.value]
            lines.append("  i\(k) [shape=ellipse, fillcolor=\"#dbeafe\", label=\(quoted(input.name + "\n" + description(value)))];")
            producers[input.value] = ("i\(k)", -1)
        }
        for (k, layer) in graph.layers.enumerated() {
            let value = graph.values[layer.output]
            let label = layer.path + "\n" + operation(layer, graph) + "\n" + description(value)
            lines.append("  l\(k) [fillcolor=\"\(color(layer.operation))\", label=\(quoted(label)), tooltip=\(quoted(layer.name))];")
            for (position, input) in layer.inputs.enumerated() {
                guard let producer = producers[input] else { continue }
                // A residual stands out; it does not pull the layers apart.
                let style = position > 0 || producer.index < k - 1 ? " [color=\"#2563eb\", penwidth=1.4, weight=0]" : " [weight=4]"
                lines.append("  \(producer.id) -> l\(k)\(style);")
            }
            producers[layer.output] = ("l\(k)", k)
        }
        for (k, output) in graph.outputs.enumerated() {
            lines.append("  o\(k) [shape=ellipse, fillcolor=\"#dcfce7\", label=\(quoted("output \(k)" + (output.dequantizes ? "\nfloat32" : "")))];")
            if let producer = producers[output.value] { lines.append("  \(producer.id) -> o\(k) [weight=4];") }
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    private static func description(_ value: IntegerValue) -> String {
        let scale = value.scales.count == 1 ? "scale \(value.scales[0])" : "\(value.scales.count) scales"
        return value.shape.map(String.init).joined(separator: "×") + " \(value.type.rawValue), \(scale)"
    }

    private static func operation(_ layer: IntegerLayer, _ graph: IntegerGraph) -> String {
        switch layer.operation {
        case .convolution(let body):
            var text = "\(body.isDepthwise ? "depthwise" : "conv2d") \(body.weightShape[2])×\(body.weightShape[3])"
            if body.stride != [1, 1] { text += " stride \(body.stride[0])×\(body.stride[1])" }
            if body.padding != [0, 0] { text += " pad \(body.padding[0])×\(body.padding[1])" }
            if body.dilation != [1, 1] { text += " dilation \(body.dilation[0])×\(body.dilation[1])" }
            if body.groups > 1, !body.isDepthwise { text += " groups \(body.groups)" }
            if !body.alignment.isEmpty { text += " + residual" }
            return text + (body.rectifies ? " relu" : "")
        case .linear(let body): return "linear \(body.weightShape[1]) → \(body.weightShape[0])"
        case .averagePool(let body, _), .maxPool(let body): return "\(layer.operation.keyword) \(body.kernel[0])×\(body.kernel[1])"
        case .add, .multiply, .concatenate, .requantize, .rectify, .lookup, .reshape, .permute, .slice, .pad, .nearestUpsample:
            return layer.operation.keyword
        }
    }

    private static func color(_ operation: IntegerOperation) -> String {
        switch operation {
        case .convolution(let body): body.isDepthwise ? "#fef3c7" : "#ede9fe"
        case .linear: "#ede9fe"
        case .add, .multiply: "#dbeafe"
        case .averagePool, .maxPool: "#fee2e2"
        case .concatenate, .requantize, .rectify, .lookup, .reshape, .permute, .slice, .pad, .nearestUpsample: "#f1f5f9"
        }
    }

    /// A DOT string: quotes and backslashes escaped, line ends as `\n`.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            switch character {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result + "\""
    }
}
