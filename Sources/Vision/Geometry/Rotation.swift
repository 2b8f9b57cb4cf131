import Glibc

/// `value` rounded to 15 decimals, correctly: through its decimal expansion, as Python's `round` does it.
private func rounded15(_ value: Double) -> Double {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
        guard let text = buffer.baseAddress else { return value }
        return withVaList([value]) { arguments in
            vsnprintf(text, 64, "%.15f", arguments) > 0 ? strtod(text, nil) : value
        }
    }
}

extension Image {
    /// The image turned counter-clockwise by `angle` degrees about `center` (the middle when nil) and moved by `translate`.
    /// `expand` enlarges the result so that it holds everything.
    package func rotated(
        _ angle: Double, _ filter: Resampling = .nearest, expand: Bool = false, center: (x: Double, y: Double)? = nil,
        translate: (x: Double, y: Double)? = nil, fill: [UInt8]? = nil
    ) throws(VisionError) -> Image {
        guard angle.isFinite else { throw .value("cannot rotate by \(angle) degrees") }
        var turn = fmod(angle, 360)
        if turn < 0 { turn += 360 }
        if center == nil, translate == nil {
            if turn == 0 { return try copy() }
            if turn == 180 { return try transposed(.rotate180) }
            if turn == 90 || turn == 270, expand || width == height { return try transposed(turn == 90 ? .rotate90 : .rotate270) }
        }
        let radians = -(turn * (Double.pi / 180))
        let (cosine, sine) = (rounded15(cos(radians)), rounded15(sin(radians)))
        var m = [cosine, sine, 0, rounded15(-sin(radians)), cosine, 0]
        func apply(_ x: Double, _ y: Double, _ m: [Double]) -> (Double, Double) { (m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]) }
        let pivot = center ?? (Double(width) / 2, Double(height) / 2)
        (m[2], m[5]) = apply(-pivot.x - (translate?.x ?? 0), -pivot.y - (translate?.y ?? 0), m)
        m[2] += pivot.x
        m[5] += pivot.y
        var (w, h) = (width, height)
        if expand {
            let corners = [(0, 0), (w, 0), (w, h), (0, h)].map { apply(Double($0.0), Double($0.1), m) }
            let (xs, ys) = (corners.map(\.0), corners.map(\.1))
            let newWidth = Int((xs.max() ?? 0).rounded(.up)) - Int((xs.min() ?? 0).rounded(.down))
            let newHeight = Int((ys.max() ?? 0).rounded(.up)) - Int((ys.min() ?? 0).rounded(.down))
            (m[2], m[5]) = apply(-Double(newWidth - w) / 2, -Double(newHeight - h) / 2, m)
            (w, h) = (newWidth, newHeight)
        }
        return try transformed(.affine(m), w, h, filter, fill: fill)
    }
}
