/// The outlines of point markers.
enum PlotMarkers {
    /// Drawn with lines only.
    static func isOpen(_ shape: String) -> Bool { ["+", "x", "|", "_", "1", "2", "3", "4"].contains(shape) }

    /// A path around `place`; `isDot` gives a point that round caps turn into a disc.
    static func path(_ shape: String, _ place: (x: Double, y: Double), _ size: Double, isDot: Bool) -> String {
        let (x, y) = place
        func n(_ value: Double) -> String { SVGWriter.number(value) }
        if isDot { return "M\(n(x)) \(n(y))h0" }
        let r = size / 2
        func polygon(_ points: [(Double, Double)]) -> String {
            points.enumerated().map { ($0.offset == 0 ? "M" : "L") + n(x + $0.element.0 * r) + " " + n(y + $0.element.1 * r) }.joined() + "z"
        }
        func regular(_ corners: Int, start: Double, inner: Double? = nil) -> String {
            let count = inner == nil ? corners : corners * 2
            return polygon(
                (0..<count).map { index in
                    let (sine, cosine) = PlotGeometry.rotation(start + 360 / Double(count) * Double(index))
                    let scale = index % 2 == 1 ? inner ?? 1 : 1
                    return (sine * scale, -cosine * scale)
                })
        }
        switch shape {
        case "s": return "M\(n(x - r)) \(n(y - r))h\(n(size))v\(n(size))h\(n(-size))z"
        case "^": return polygon([(0, -1), (1, 1), (-1, 1)])
        case "v": return polygon([(0, 1), (1, -1), (-1, -1)])
        case "<": return polygon([(-1, 0), (1, -1), (1, 1)])
        case ">": return polygon([(1, 0), (-1, -1), (-1, 1)])
        case "D": return polygon([(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)])
        case "d": return polygon([(0, -1.2), (0.72, 0), (0, 1.2), (-0.72, 0)])
        case "p": return regular(5, start: 0)
        case "h": return regular(6, start: 0)
        case "H": return regular(6, start: 30)
        case "8": return regular(8, start: 22.5)
        case "*": return regular(5, start: 0, inner: 0.39)
        case "P":
            return polygon([
                (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35), (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35),
                (-1, -0.35), (-0.35, -0.35),
            ])
        case "X":
            return polygon([
                (-0.5, -1), (0, -0.5), (0.5, -1), (1, -0.5), (0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (-0.5, 1), (-1, 0.5), (-0.5, 0), (-1, -0.5),
            ])
        case "+": return "M\(n(x - r)) \(n(y))h\(n(size))M\(n(x)) \(n(y - r))v\(n(size))"
        case "x": return "M\(n(x - r)) \(n(y - r))l\(n(size)) \(n(size))M\(n(x - r)) \(n(y + r))l\(n(size)) \(n(-size))"
        case "|": return "M\(n(x)) \(n(y - r))v\(n(size))"
        case "_": return "M\(n(x - r)) \(n(y))h\(n(size))"
        case "1": return "M\(n(x)) \(n(y))v\(n(r))M\(n(x)) \(n(y))l\(n(-r)) \(n(-r / 2))M\(n(x)) \(n(y))l\(n(r)) \(n(-r / 2))"
        case "2": return "M\(n(x)) \(n(y))v\(n(-r))M\(n(x)) \(n(y))l\(n(-r)) \(n(r / 2))M\(n(x)) \(n(y))l\(n(r)) \(n(r / 2))"
        case "3": return "M\(n(x)) \(n(y))h\(n(-r))M\(n(x)) \(n(y))l\(n(r / 2)) \(n(-r))M\(n(x)) \(n(y))l\(n(r / 2)) \(n(r))"
        case "4": return "M\(n(x)) \(n(y))h\(n(r))M\(n(x)) \(n(y))l\(n(-r / 2)) \(n(-r))M\(n(x)) \(n(y))l\(n(-r / 2)) \(n(r))"
        default: return "M\(n(x - r)) \(n(y))a\(n(r)) \(n(r)) 0 1 0 \(n(size)) 0a\(n(r)) \(n(r)) 0 1 0 \(n(-size)) 0z"
        }
    }
}
