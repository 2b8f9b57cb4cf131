/// Appending to a graph, with the documented layer names.
extension IntegerGraph {
    package mutating func addValue(shape: [Int], type: IntegerType, scales: [Float]) -> Int {
        values.append(IntegerValue(shape: shape, type: type, scales: scales))
        return values.count - 1
    }

    package mutating func addInput(_ value: IntegerValue, quantizes: Bool) -> Int {
        values.append(value)
        inputs.append(IntegerInput(name: "arg\(inputs.count)", value: values.count - 1, quantizes: quantizes))
        return values.count - 1
    }

    /// Appends a layer and returns the id of its output.
    package mutating func addLayer(_ path: String, _ operation: IntegerOperation, _ operands: [Int], _ output: IntegerValue) -> Int {
        values.append(output)
        let name = layerName(path, operation, rank: output.shape.count)
        layers.append(IntegerLayer(path: path, name: name, operation: operation, inputs: operands, output: values.count - 1))
        return values.count - 1
    }

    /// `"_" + path with underscores + "_hz_" + operation`; `_torch_native` where the tensor stays in PyTorch's order, as those of rank ≤ 2 do;
    /// repeated names are numbered.
    private func layerName(_ path: String, _ operation: IntegerOperation, rank: Int) -> String {
        var base = path.split(separator: ".").reduce("") { $0 + "_" + $1 } + "_hz_" + operation.keyword
        if rank <= 2 { base += "_torch_native" }
        var name = base
        var k = 0
        while layers.contains(where: { $0.name == name }) {
            k += 1
            name = base + "_\(k)"
        }
        return name
    }

    /// Multiply-accumulate operations of a layer for the whole batch; 0 for all but convolutions and linear layers.
    package func multiplyAccumulates(_ layer: IntegerLayer) -> Int {
        switch layer.operation {
        case .convolution(let c), .linear(let c): values[layer.output].count * c.weightShape.dropFirst().reduce(1, *)
        case .add, .multiply, .averagePool, .maxPool, .concatenate, .requantize, .rectify, .lookup, .reshape, .permute, .slice, .pad,
            .nearestUpsample:
            0
        }
    }
}
