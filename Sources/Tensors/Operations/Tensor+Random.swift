import Kernels

/// Sampling with PyTorch's algorithms and order of consumption. `generator` nil means the default one.
extension Tensor {
    private func needsFloating(_ name: String) throws(TensorError) { if !dtype.isFloatingPoint { throw .notImplemented(name, dtype) } }

    /// Writes samples in logical order, through a contiguous buffer where the layout is another.
    private func fillRandom(_ body: (Tensor) throws(TensorError) -> Void) throws(TensorError) -> Tensor {
        try inPlace { () throws(TensorError) in
            if isContiguous {
                storage.linearize()
                try body(self)
            } else {
                let buffer = try Tensor.empty(shape, dtype: dtype)
                try body(buffer)
                try assignElements(from: buffer)
            }
        } gradient: {
            .constant(.fill, operands: 1)
        }
    }

    package func uniform_(_ from: Double = 0, _ to: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        try needsFloating("check_uniform_bounds")
        guard from <= to else { throw .runtime("uniform_ expects to return a [from, to) range, but found from=\(from) > to=\(to)") }
        let source = generator ?? EngineState.defaultGenerator
        return try fillRandom { (t: Tensor) throws(TensorError) in
            if t.dtype == .float32 {
                source.engine.fillUniform(t.pointer.assumingMemoryBound(to: Float.self), t.count, from: from, to: to)
            } else {
                source.engine.fillUniform(t.pointer.assumingMemoryBound(to: Double.self), t.count, from: from, to: to)
            }
        }
    }

    package func normal_(_ mean: Double = 0, _ std: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        try needsFloating("normal_kernel_cpu")
        guard std >= 0 else {
            throw .runtime("normal expects std >= 0.0, but found std \(std == std.rounded() && std > -1e15 ? String(Int(std)) : String(std))")
        }
        let source = generator ?? EngineState.defaultGenerator
        return try inPlace { () throws(TensorError) in
            // Contiguous and other layouts draw differently: 16 at a time, or one by one.
            let target = try isContiguous ? self : Tensor.empty(shape, dtype: dtype)
            storage.linearize()
            if dtype == .float32 {
                let p = target.pointer.assumingMemoryBound(to: Float.self)
                if isContiguous {
                    source.engine.fillNormal(p, count, mean: mean, std: std)
                } else {
                    for i in 0..<count { p[i] = Float(source.engine.normal(mean: mean, std: std)) }
                }
            } else {
                let p = target.pointer.assumingMemoryBound(to: Double.self)
                if isContiguous {
                    source.engine.fillNormal(p, count, mean: mean, std: std)
                } else {
                    for i in 0..<count { p[i] = source.engine.normal(mean: mean, std: std) }
                }
            }
            if target !== self { try assignElements(from: target) }
        } gradient: {
            .constant(.fill, operands: 1)
        }
    }

    private func fillScalars(_ draw: () -> Scalar) throws(TensorError) -> Tensor {
        try fillRandom { (t: Tensor) throws(TensorError) in
            let values = try Tensor.empty([t.count], dtype: t.dtype.isFloatingPoint ? .float64 : .int64)
            for i in 0..<t.count {
                let value = draw()
                if t.dtype.isFloatingPoint {
                    values.pointer.storeBytes(of: value.asDouble, toByteOffset: i * 8, as: Double.self)
                } else {
                    values.pointer.storeBytes(of: value.asInt, toByteOffset: i * 8, as: Int64.self)
                }
            }
            try t.assignElements(from: try values.view(t.shape))
        }
    }

    /// Integers in [from, to).
    package func random_(_ from: Int64, _ to: Int64, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard from < to else { throw .runtime("random_ expects 'from' to be less than 'to', but got from=\(from) >= to=\(to)") }
        let source = generator ?? EngineState.defaultGenerator
        let range = UInt64(bitPattern: to) &- UInt64(bitPattern: from)
        return try fillScalars { .int(Int64(bitPattern: source.engine.below(range) &+ UInt64(bitPattern: from))) }
    }

    /// Integers the dtype can hold exactly, from 0.
    package func random_(generator: Generator? = nil) throws(TensorError) -> Tensor {
        let source = generator ?? EngineState.defaultGenerator
        return try fillScalars {
            switch dtype {
            case .bool: .int(Int64(source.engine.next32() & 1))
            case .uint8: .int(Int64(source.engine.next32() % 256))
            case .int8: .int(Int64(source.engine.next32() % 128))
            case .int16: .int(Int64(source.engine.next32() % 32_768))
            case .int32: .int(Int64(source.engine.next32() % (1 << 31)))
            case .int64: .int(Int64(source.engine.next64() % (1 << 63)))
            case .float32: .int(Int64(source.engine.next32() % ((1 << 24) + 1)))
            case .float64: .int(Int64(source.engine.next64() % ((1 << 53) + 1)))
            }
        }
    }

    package func bernoulli_(_ p: Double = 0.5, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard p >= 0 && p <= 1 else { throw .runtime("bernoulli_ expects p to be in [0, 1], but got p=\(p)") }
        let source = generator ?? EngineState.defaultGenerator
        return try fillScalars { .int(source.engine.uniformDouble() < p ? 1 : 0) }
    }

    /// Zeros and ones, one with the probability each element tells.
    package func bernoulli(generator: Generator? = nil) throws(TensorError) -> Tensor {
        try needsFloating("bernoulli_tensor_cpu_p_")
        let source = generator ?? EngineState.defaultGenerator
        let single = dtype == .float32
        let probabilities = try doubles()
        guard probabilities.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { throw .runtime("Expected p_in >= 0 && p_in <= 1 to be true, but got false.") }
        var next = probabilities.makeIterator()
        return try Tensor.empty(shape, dtype: dtype).fillScalars {
            let p = next.next() ?? 0
            return .int((single ? Double(source.engine.uniformFloat()) < p : source.engine.uniformDouble() < p) ? 1 : 0)
        }
    }

    package func exponential_(_ lambda: Double = 1, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard lambda > 0 else { throw .runtime("exponential_ expects lambda > 0.0, but found lambda=\(lambda)") }
        try needsFloating("exponential_cpu")
        let source = generator ?? EngineState.defaultGenerator
        return try fillScalars { .double(source.engine.exponential(lambda)) }
    }

    package static func rand(_ sizes: [Int], dtype: DType? = nil, generator: Generator? = nil) throws(TensorError) -> Tensor {
        try empty(sizes, dtype: dtype).uniform_(generator: generator)
    }

    package static func randn(_ sizes: [Int], dtype: DType? = nil, generator: Generator? = nil) throws(TensorError) -> Tensor {
        try empty(sizes, dtype: dtype).normal_(generator: generator)
    }

    package static func randint(_ low: Int64, _ high: Int64, _ sizes: [Int], dtype: DType = .int64, generator: Generator? = nil) throws(TensorError)
        -> Tensor
    {
        try empty(sizes, dtype: dtype).random_(low, high, generator: generator)
    }

    package static func normal(mean: Double, std: Double, _ sizes: [Int], dtype: DType? = nil, generator: Generator? = nil) throws(TensorError)
        -> Tensor
    {
        try empty(sizes, dtype: dtype).normal_(mean, std, generator: generator)
    }

    /// Normals with a mean and deviation for each element.
    package static func normal(mean: Tensor, std: Tensor, generator: Generator? = nil) throws(TensorError) -> Tensor {
        let sizes = try broadcastSizes(mean.shape, std.shape)
        let sample = try empty(sizes, dtype: mean.dtype).normal_(generator: generator)
        return try sample.mul(std.detach()).add(mean.detach())
    }

    package static func randperm(_ n: Int, dtype: DType = .int64, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard n >= 0 else { throw .negativeSize(n, [n]) }
        let source = generator ?? EngineState.defaultGenerator
        var order = Array(0..<n)
        if n > 1 {
            for i in 0..<(n - 1) {
                let z = Int(source.engine.next32() % UInt32(truncatingIfNeeded: n - i))
                order.swapAt(i, i + z)
            }
        }
        return try .from(integers: order, dtype: dtype)
    }

    /// Row-wise draws of category numbers with the given weights.
    package func multinomial(_ samples: Int, replacement: Bool = false, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard dtype.isFloatingPoint else { throw .runtime("multinomial only supports floating-point dtypes for input, got: \(dtype.typeName)") }
        guard rank == 1 || rank == 2 else { throw .runtime("prob_dist must be 1 or 2 dim") }
        guard samples > 0 else { throw .runtime("cannot sample n_sample <= 0 samples") }
        let categories = shape[rank - 1]
        guard replacement || samples <= categories else { throw .runtime("cannot sample n_sample > prob_dist.size(-1) samples without replacement") }
        let weights = detach()
        guard try weights.isfinite().logicalAnd(try weights.ge(try .wrapped(0))).all().item() == .bool(true) else {
            throw .runtime("probability tensor contains either `inf`, `nan` or element < 0")
        }
        guard try weights.sum(dim: [-1]).ne(try .wrapped(0)).all().item() == .bool(true) else {
            throw .runtime("invalid multinomial distribution (sum of probabilities <= 0)")
        }
        if !replacement || samples == 1 {
            let race = try weights.div(try weights.emptyLike().exponential_(generator: generator))
            if samples == 1 { return try race.argmax(dim: -1, keepdim: true) }
            return try race.topk(samples).indices
        }
        let source = generator ?? EngineState.defaultGenerator
        let rows = rank == 1 ? 1 : shape[0]
        let values = try weights.doubles()
        var picks: [Int] = []
        for row in 0..<rows {
            var cumulative: [Double] = []
            var total = 0.0
            for c in 0..<categories {
                total += values[row * categories + c]
                cumulative.append(total)
            }
            for c in 0..<categories { cumulative[c] /= total }
            for _ in 0..<samples {
                let u = source.engine.uniformDouble()
                var (low, high) = (0, categories)
                while low < high {
                    let middle = (low + high) / 2
                    if cumulative[middle] < u { low = middle + 1 } else { high = middle }
                }
                picks.append(low)
            }
        }
        return try .from(integers: picks, rank == 1 ? [samples] : [rows, samples])
    }

    /// Zeroes elements with probability `p` and scales the others by 1 / (1 - p).
    package func dropout(_ p: Double = 0.5, training: Bool = true, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard p >= 0 && p <= 1 else { throw .runtime("dropout probability has to be between 0 and 1, but got \(p)") }
        if p == 0 || !training || count == 0 { return self }
        if p == 1 { return try mul(try zerosLike()) }
        let mask = try Tensor.empty(shape, dtype: dtype).bernoulli_(1 - p, generator: generator)
        return try mul(try mask.div_(try .wrapped(.double(1 - p))))
    }

    /// `dropout` of whole channels of `[batch, channels, …]`.
    package func featureDropout(_ p: Double = 0.5, training: Bool = true, generator: Generator? = nil) throws(TensorError) -> Tensor {
        guard p >= 0 && p <= 1 else { throw .runtime("dropout probability has to be between 0 and 1, but got \(p)") }
        if p == 0 || !training || count == 0 { return self }
        if p == 1 { return try mul(try zerosLike()) }
        guard rank >= 2 else { throw .runtime("Feature dropout requires at least 2 dimensions in the input") }
        let mask = try Tensor.empty([shape[0], shape[1]] + [Int](repeating: 1, count: rank - 2), dtype: dtype).bernoulli_(1 - p, generator: generator)
        return try mul(try mask.div_(try .wrapped(.double(1 - p))))
    }
}
