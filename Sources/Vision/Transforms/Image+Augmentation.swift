import Kernels

extension Image {
    func randAugmented(_ count: Int, _ magnitude: Int, _ bins: Int, _ filling: Filling, _ random: inout MersenneTwister) throws(VisionError) -> Image
    {
        let space = AugmentSpaces.randAugment(bins, width, height)
        var current = self
        for _ in 0..<count {
            let entry = space.entries[random.integer(0, space.entries.count)]
            var level = 0.0
            if !entry.magnitudes.isEmpty {
                let position = magnitude < 0 ? magnitude + bins : magnitude
                guard position >= 0, position < bins else {
                    throw VisionError(.index, "index \(magnitude) is out of bounds for dimension 0 with size \(bins)")
                }
                level = entry.magnitudes[position]
            }
            if entry.signed, random.integer(0, 2) != 0 { level = -level }
            current = try current.augmented(entry.operation, level, filling)
        }
        return current
    }

    func autoAugmented(_ policy: AugmentPolicy, _ filling: Filling, _ random: inout MersenneTwister) throws(VisionError) -> Image {
        let pairs = policy.pairs
        let pair = pairs[random.integer(0, pairs.count)]
        let chances = [random.uniformFloat(), random.uniformFloat()]
        let signs = [random.integer(0, 2), random.integer(0, 2)]
        let space = AugmentSpace.autoAugment(10, width: width, height: height)
        var current = self
        for (i, step) in [pair.0, pair.1].enumerated() where chances[i] <= step.probability {
            guard let entry = space.entry(step.operation) else { continue }
            var level = step.magnitude.map { entry.magnitudes[$0] } ?? 0
            if entry.signed, signs[i] == 0 { level = -level }
            current = try current.augmented(step.operation, level, filling)
        }
        return current
    }

    func triviallyAugmented(_ bins: Int, _ filling: Filling, _ random: inout MersenneTwister) throws(VisionError) -> Image {
        let space = AugmentSpaces.trivialAugmentWide(bins)
        let entry = space.entries[random.integer(0, space.entries.count)]
        var level = entry.magnitudes.isEmpty ? 0 : entry.magnitudes[random.integer(0, bins)]
        if entry.signed, random.integer(0, 2) != 0 { level = -level }
        return try augmented(entry.operation, level, filling)
    }

    /// Factors of brightness, contrast, saturation and hue, drawn from their ranges and applied in random order.
    func jittered(_ ranges: [(Double, Double)?], _ random: inout MersenneTwister) throws(VisionError) -> Image {
        let order = random.permutation(4)
        var factors: [Double?] = []
        for range in ranges { factors.append(range.map { random.uniform($0.0, $0.1) }) }
        var current = self
        for property in order {
            guard let factor = factors[property] else { continue }
            switch property {
            case 0: current = try current.brightened(Float(factor))
            case 1: current = try current.contrasted(Float(factor))
            case 2: current = try current.colored(Float(factor))
            default: current = try current.hueShifted(factor)
            }
        }
        return current
    }

    /// Turns the hue by `factor` (−0.5…0.5) of the circle.
    package func hueShifted(_ factor: Double) throws(VisionError) -> Image {
        guard factor >= -0.5, factor <= 0.5 else { throw .value("hue_factor (\(factor)) is not in [-0.5, 0.5].") }
        switch mode {
        case .gray, .binary, .int32, .float32: return self
        case .grayAlpha, .palette, .rgb, .rgba, .cmyk, .yCbCr, .hsv, .uint16, .premultipliedGray, .premultipliedRGB: break
        }
        let shift = UInt8(truncatingIfNeeded: Int(factor * 255))
        let turned = try converted(to: .hsv)
        for i in 0..<width * height { turned.pixels[i * 3] &+= shift }
        return try turned.converted(to: mode)
    }

    package func grayscaled(_ channels: Int) throws(VisionError) -> Image {
        guard channels == 1 || channels == 3 else { throw .value("num_output_channels should be either 1 or 3") }
        let gray = try converted(to: .gray)
        return channels == 1 ? gray : try gray.converted(to: .rgb)
    }

    func randomPerspective(_ distortion: Double, _ probability: Double, _ filling: Filling, _ random: inout MersenneTwister) throws(VisionError)
        -> Image
    {
        guard Double(random.uniformFloat()) < Double(Float(probability)) else { return self }
        let (dx, dy) = (Int(distortion * Double(width / 2)), Int(distortion * Double(height / 2)))
        var corners: [(Double, Double)] = []
        for (right, bottom) in [(false, false), (true, false), (true, true), (false, true)] {
            let x = right ? random.integer(width - dx - 1, width) : random.integer(0, dx + 1)
            let y = bottom ? random.integer(height - dy - 1, height) : random.integer(0, dy + 1)
            corners.append((Double(x), Double(y)))
        }
        let (w, h) = (Double(width - 1), Double(height - 1))
        let warp = try Warp.perspective(from: [(0, 0), (w, 0), (w, h), (0, h)], to: corners)
        return try transformed(warp, width, height, filling.filter, fill: filling.ink(mode))
    }
}
