/// Very many points, painted into pixels one over the other as they would be drawn.
struct PlotCloud {
    /// More points than this are painted, not written one by one.
    static let limit = 20_000
    /// Pixels per CSS pixel.
    private static let density = 1.25

    private let box: PlotBox
    private let columns, rows: Int
    /// Premultiplied red, green, blue and the opacity, per pixel.
    private var canvas: [SIMD4<Float>]

    init(_ box: PlotBox) {
        self.box = box
        columns = min(4096, max(1, Int(box.width * PlotCloud.density)))
        rows = min(4096, max(1, Int(box.height * PlotCloud.density)))
        canvas = [SIMD4<Float>](repeating: .zero, count: columns * rows)
    }

    /// Paints a disc; the opacity of pixels at its rim falls off with the part covered.
    mutating func paint(_ place: (x: Double, y: Double), diameter: Double, _ color: PlotColor, opacity: Double) {
        let (x, y) = ((place.x - box.left) * Double(columns) / box.width, (place.y - box.top) * Double(rows) / box.height)
        let radius = max(0.5, diameter / 2 * PlotCloud.density)
        guard x > -radius, y > -radius, x < Double(columns) + radius, y < Double(rows) + radius else { return }
        let alpha = Float(color.alpha * opacity)
        let paint = SIMD4<Float>(Float(color.red), Float(color.green), Float(color.blue), 1)
        for row in max(0, Int(y - radius))...min(rows - 1, max(0, Int(y + radius))) {
            for column in max(0, Int(x - radius))...min(columns - 1, max(0, Int(x + radius))) {
                let (dx, dy) = (Double(column) + 0.5 - x, Double(row) + 0.5 - y)
                let cover = Float(min(1, max(0, radius + 0.5 - (dx * dx + dy * dy).squareRoot()))) * alpha
                guard cover > 0 else { continue }
                let index = row * columns + column
                canvas[index] = paint * cover + canvas[index] * (1 - cover)
            }
        }
    }

    /// What was painted. Levels of colour are rounded: neighbours compress well and the eye sees no difference in a cloud.
    func raster(levels: Int) -> PlotRaster {
        var pixels = [UInt8](repeating: 0, count: columns * rows * 4)
        let top = Float(levels - 1)
        func level(_ value: Float) -> UInt8 { UInt8((min(max(value, 0), 1) * top).rounded() / top * 255) }
        for (index, value) in canvas.enumerated() where value.w > 0.01 {
            for k in 0..<3 { pixels[index * 4 + k] = level(value[k] / value.w) }
            pixels[index * 4 + 3] = level(value.w)
        }
        return PlotRaster(pixels: pixels, columns: columns, rows: rows)
    }
}
