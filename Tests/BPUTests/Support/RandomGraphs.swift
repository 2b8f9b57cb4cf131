import Quantization

/// Small random models of every operation the compiler knows, valid by construction.
struct RandomGraph {
    private var b: ModelBuilder
    private var maps: [Int] = []
    private var count = 0

    static func make(_ seed: Int, march: March, image: Bool) -> IntegerGraph {
        var generator = RandomGraph(b: ModelBuilder("Random\(seed)", march: march, seed: UInt64(seed)))
        generator.build(image: image)
        return generator.b.graph
    }

    private init(b: ModelBuilder) { self.b = b }

    private mutating func path(_ kind: String) -> String {
        count += 1
        return "\(kind).\(count)"
    }

    private mutating func build(image: Bool) {
        let batch = b.random.pick([1, 1, 2, 3, 5])
        let (height, width) = image ? (2 + 2 * b.random.below(8), 2 + 2 * b.random.below(12)) : (1 + b.random.below(18), 1 + b.random.below(20))
        let channels = image ? 3 : 1 + b.random.below(12)
        let wide = !image && b.graph.march != .bernoulli2 && b.random.chance(15)
        let value = IntegerValue(shape: [batch, channels, height, width], type: wide ? .int16 : .int8, scales: [1.0 / 128])
        maps.append(b.graph.addInput(value, quantizes: true))
        for _ in 0..<1 + b.random.below(6) { grow() }
        finish()
    }

    private mutating func grow() {
        let x = b.random.pick(Array(maps.suffix(3)))
        let shape = b.shape(x)
        switch b.random.below(14) {
        case 0...4: maps.append(convolution(x))
        case 5: depthwise(x)
        case 6: add(x)
        case 7: pool(x, average: b.random.chance(50))
        case 8: concatenate(x)
        case 9: elementwise(x)
        case 10: slice(x)
        case 11:
            let before = [0, b.random.below(2), b.random.below(2), b.random.below(3)]
            let after = [0, b.random.below(2), b.random.below(2), b.random.below(3)]
            let padded = zip(shape, zip(before, after)).map { $0 + $1.0 + $1.1 }
            maps.append(layer("pad", .pad(before: before, after: after, value: b.random.below(200) - 100), [x], padded))
        case 12:
            guard shape[2] * shape[3] < 150 else { return }
            let (h, w) = (1 + b.random.below(2), 1 + b.random.below(3))
            maps.append(layer("up", .nearestUpsample(scaleH: h, scaleW: w), [x], [shape[0], shape[1], shape[2] * h, shape[3] * w]))
        default:
            let order = [0] + b.random.pick([[1, 3, 2], [2, 1, 3], [3, 2, 1], [2, 3, 1]])
            maps.append(layer("permute", .permute(order: order), [x], order.map { shape[$0] }))
        }
    }

    private mutating func layer(_ kind: String, _ operation: IntegerOperation, _ inputs: [Int], _ shape: [Int], type: IntegerType? = nil) -> Int {
        b.graph.addLayer(path(kind), operation, inputs, IntegerValue(shape: shape, type: type ?? b.graph.values[inputs[0]].type, scales: [0.05]))
    }

    private mutating func convolution(_ x: Int) -> Int {
        let shape = b.shape(x)
        let groups = b.random.pick((1...shape[1]).filter { shape[1] % $0 == 0 })
        let out = groups * (1 + b.random.below(max(1, 24 / groups)))
        let dilation = b.random.chance(15) ? 2 : 1
        let stride = dilation > 1 ? (1, 1) : (1 + b.random.below(3), 1 + b.random.below(3))
        let padding = (b.random.below(3), b.random.below(3))
        func kernel(_ size: Int, _ pad: Int, _ random: inout TestRandom) -> Int {
            1 + random.below(max(1, min(5, (size + 2 * pad - 1) / dilation + 1)))
        }
        let size = (kernel(shape[2], padding.0, &b.random), kernel(shape[3], padding.1, &b.random))
        var residual: Int?
        let type: IntegerType = b.graph.march != .bernoulli2 && b.random.chance(12) ? .int16 : .int8
        if stride.0 <= 2, stride.1 <= 2, b.random.chance(40) {
            let outH: Int = (shape[2] + 2 * padding.0 - dilation * (size.0 - 1) - 1) / stride.0 + 1
            let outW: Int = (shape[3] + 2 * padding.1 - dilation * (size.1 - 1) - 1) / stride.1 + 1
            residual = maps.last { b.shape($0) == [shape[0], out, outH, outW] }
        }
        return b.convolution(
            path("conv"), x, out: out, kernel: size, stride: stride, padding: padding, dilation: (dilation, dilation), groups: groups,
            residual: residual,
            rectifies: b.random.chance(40), type: type)
    }

    private mutating func depthwise(_ x: Int) {
        let shape = b.shape(x)
        let stride = 1 + b.random.below(2)
        let y = b.convolution(path("point"), x, out: shape[1] + 5, kernel: (1, 1))
        maps.append(
            b.convolution(
                path("dw"), y, out: shape[1] + 5, kernel: (3, 3), stride: (stride, stride), padding: (1, 1), groups: shape[1] + 5, rectifies: true))
        if b.random.chance(50) {
            maps.append(b.convolution(path("project"), maps[maps.count - 1], out: shape[1], kernel: (1, 1), residual: stride == 1 ? x : nil))
        }
    }

    private mutating func add(_ x: Int) {
        guard let y = maps.last(where: { b.shape($0) == b.shape(x) }) else { return }
        if b.random.chance(25), b.graph.values[x].type == .int8, b.graph.values[y].type == .int8 {
            maps.append(
                layer("mul", .multiply(Rescale(factor: 0.01, from: .int32, to: .int8, march: b.graph.march)), [x, y], b.shape(x), type: .int8))
            return
        }
        let wide = b.graph.values[x].type == .int16 || b.graph.values[y].type == .int16
        let shift = wide ? 10 : 20
        let body = IntegerAddition(
            multiplierA: 1 << shift, multiplierB: b.random.below(1 << shift),
            rescale: Rescale(factor: 0.6 / Double(1 << shift), from: .int32, to: .int8, march: b.graph.march),
            rectifies: b.random.chance(30))
        maps.append(layer("add", .add(body), [x, y], b.shape(x), type: .int8))
    }

    private mutating func pool(_ x: Int, average: Bool) {
        let shape = b.shape(x)
        let kernel = [1 + b.random.below(min(4, shape[2])), 1 + b.random.below(min(4, shape[3]))]
        let padding = [b.random.below(kernel[0] / 2 + 1), b.random.below(kernel[1] / 2 + 1)]
        let stride = [1 + b.random.below(3), 1 + b.random.below(3)]
        let body = IntegerPooling(kernel: kernel, stride: stride, padding: padding)
        let outH: Int = (shape[2] + 2 * padding[0] - kernel[0]) / stride[0] + 1
        let outW: Int = (shape[3] + 2 * padding[1] - kernel[1]) / stride[1] + 1
        let out = [shape[0], shape[1], outH, outW]
        guard average else {
            maps.append(layer("max", .maxPool(body), [x], out))
            return
        }
        let rescale = Rescale(factor: 0.9 / Double(kernel[0] * kernel[1]), from: .int32, to: .int8, march: b.graph.march)
        maps.append(layer("avg", .averagePool(body, rescale), [x], out, type: .int8))
    }

    private mutating func concatenate(_ x: Int) {
        let shape = b.shape(x)
        let axis = 1 + b.random.below(3)
        let others = maps.filter { y in
            b.graph.values[y].type == b.graph.values[x].type && shape.indices.allSatisfy { $0 == axis || b.shape(y)[$0] == shape[$0] }
        }
        let inputs = [x] + others.suffix(2)
        let type = b.graph.values[x].type
        let rescales: [Rescale?] = inputs.map { _ in b.random.chance(50) ? nil : Rescale(factor: 0.7, from: type, to: type, march: b.graph.march) }
        var result = shape
        result[axis] = inputs.reduce(0) { $0 + b.shape($1)[axis] }
        maps.append(layer("cat", .concatenate(axis: axis, rescales), inputs, result))
    }

    private mutating func elementwise(_ x: Int) {
        let (shape, type) = (b.shape(x), b.graph.values[x].type)
        switch b.random.below(3) {
        case 0: maps.append(layer("relu", .rectify(high: b.random.chance(50) ? 40 : nil), [x], shape))
        case 1 where type == .int8 && b.graph.march != .bernoulli2:
            maps.append(layer("lut", .lookup(table: (0..<256).map { _ in b.random.int8() }), [x], shape))
        default:
            maps.append(
                layer(
                    "requantize", .requantize(Rescale(factor: type == .int16 ? 0.004 : 1.4, from: type, to: .int8, march: b.graph.march)), [x], shape,
                    type: .int8))
        }
    }

    private mutating func slice(_ x: Int) {
        let shape = b.shape(x)
        let axis = 1 + b.random.below(3)
        let step = 1 + b.random.below(2)
        let start = b.random.below(shape[axis])
        var result = shape
        result[axis] = 1 + b.random.below((shape[axis] - start + step - 1) / step)
        maps.append(layer("slice", .slice(axis: axis, start: start, step: step), [x], result))
    }

    private mutating func finish() {
        if maps.count == 1 { maps.append(convolution(maps[0])) }
        var last = maps[maps.count - 1]
        let shape = b.shape(last)
        if b.random.chance(35), b.graph.values[last].type == .int8, b.graph.march != .bernoulli2, shape.dropFirst().reduce(1, *) < 3000 {
            last = b.reshape(path("flatten"), last, [shape[0], shape.dropFirst().reduce(1, *)])
            last = b.linear(path("fc"), last, out: 1 + b.random.below(12), type: b.random.chance(60) ? .int32 : .int8)
        } else if b.random.chance(25) {
            last = b.convolution(path("head"), last, out: 1 + b.random.below(9), kernel: (1, 1), type: .int32)
        }
        b.output(last)
        if b.random.chance(30) { b.output(maps[maps.count / 2]) }
    }
}
