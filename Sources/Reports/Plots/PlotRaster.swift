/// RGBA pixels, rows from the top.
struct PlotRaster {
    var pixels: [UInt8]
    var columns, rows: Int

    /// No more than about one pixel per pixel of the page. Pictures of few colours keep them: single pixels stand for their
    /// neighbours; in others boxes of pixels are averaged.
    func reduced(width: Double, height: Double) -> PlotRaster {
        let (wide, high) = (max(1, Int(min(width, 4096) * 1.1)), max(1, Int(min(height, 4096) * 1.1)))
        let (stepX, stepY) = (max(1, (columns + wide - 1) / wide), max(1, (rows + high - 1) / high))
        if stepX == 1 && stepY == 1 { return self }
        let (newColumns, newRows) = ((columns + stepX - 1) / stepX, (rows + stepY - 1) / stepY)
        let isPalette = PNGImage.palette(pixels) != nil
        var result = [UInt8](repeating: 0, count: newColumns * newRows * 4)
        for row in 0..<newRows {
            for column in 0..<newColumns {
                let target = (row * newColumns + column) * 4
                if isPalette {
                    let source = (min(rows - 1, row * stepY + stepY / 2) * columns + min(columns - 1, column * stepX + stepX / 2)) * 4
                    for k in 0..<4 { result[target + k] = pixels[source + k] }
                    continue
                }
                var sums = SIMD4<Int>.zero
                var count = 0
                for y in row * stepY..<min(rows, (row + 1) * stepY) {
                    for x in column * stepX..<min(columns, (column + 1) * stepX) {
                        for k in 0..<4 { sums[k] += Int(pixels[(y * columns + x) * 4 + k]) }
                        count += 1
                    }
                }
                for k in 0..<4 { result[target + k] = UInt8((sums[k] + count / 2) / max(1, count)) }
            }
        }
        return PlotRaster(pixels: result, columns: newColumns, rows: newRows)
    }

    /// Pixels repeated until they are about as many as on the page: squares stay sharp in viewers that only know smooth scaling.
    func repeated(width: Double, height: Double) -> PlotRaster {
        let factor = max(1, Int((min(max(width / Double(columns), height / Double(rows)), 64)).rounded(.up)))
        guard factor > 2, columns * factor <= 2048, rows * factor <= 2048 else { return self }
        var result = [UInt8](repeating: 0, count: pixels.count * factor * factor)
        for row in 0..<rows * factor {
            for column in 0..<columns * factor {
                let (source, target) = ((row / factor * columns + column / factor) * 4, (row * columns * factor + column) * 4)
                for k in 0..<4 { result[target + k] = pixels[source + k] }
            }
        }
        return PlotRaster(pixels: result, columns: columns * factor, rows: rows * factor)
    }

    func flipped(horizontally: Bool, vertically: Bool) -> PlotRaster {
        guard horizontally || vertically else { return self }
        var result = pixels
        for y in 0..<rows {
            for x in 0..<columns {
                let from = ((vertically ? rows - 1 - y : y) * columns + (horizontally ? columns - 1 - x : x)) * 4
                for k in 0..<4 { result[(y * columns + x) * 4 + k] = pixels[from + k] }
            }
        }
        return PlotRaster(pixels: result, columns: columns, rows: rows)
    }
}
