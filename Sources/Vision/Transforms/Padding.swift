/// What stands outside an image after `padded`.
package enum Padding: Sendable {
    case constant([Double])
    case edge, reflect, symmetric

    /// The position in 0..<count that stands at `i`, which may lie outside; nil shows the constant.
    func source(_ i: Int, _ count: Int) -> Int? {
        if i >= 0, i < count { return i }
        switch self {
        case .constant: return nil
        case .edge: return i < 0 ? 0 : count - 1
        case .reflect:
            if count == 1 { return 0 }
            let period = 2 * (count - 1)
            let position = ((i % period) + period) % period
            return position < count ? position : period - position
        case .symmetric:
            let period = 2 * count
            let position = ((i % period) + period) % period
            return position < count ? position : period - 1 - position
        }
    }
}

extension Image {
    /// Borders on the left, top, right and bottom; negative ones cut.
    package func padded(_ border: [Int], _ padding: Padding) throws(VisionError) -> Image {
        guard border.count == 4 else { throw .value("Padding must be an int or a 1, 2, or 4 element tuple, not a \(border.count) element tuple") }
        let (w, h) = (width + border[0] + border[2], height + border[1] + border[3])
        guard w >= 0, h >= 0 else { throw .value("Width and height must be >= 0") }
        let result = try similar(w, h)
        if case .constant(let values) = padding {
            result.fill(try Filling(values: values).ink(mode))
            try result.paste(self, border[0], border[1])
            return result
        }
        guard width > 0, height > 0 else { throw .value("can't extend empty axis 0 using modes other than 'constant' or 'empty'") }
        let size = mode.pixelSize
        let columns = (0..<w).map { padding.source($0 - border[0], width) ?? 0 }
        for y in 0..<h {
            let input = row(padding.source(y - border[1], height) ?? 0)
            let output = result.row(y)
            for (x, column) in columns.enumerated() { for b in 0..<size { output[x * size + b] = input[column * size + b] } }
        }
        return result
    }
}
