/// Fewer points for the same picture.
enum PlotDecimation {
    /// A line with more points than this is thinned.
    static let lineLimit = 4_000
    /// More points than this no line keeps: about 200 KB of text.
    private static let strokeLimit = 14_000

    /// Keeps, of each stretch of points within one pixel column, the first, lowest, highest and last: the drawn line is the same. Points are in pixels; nil is a gap.
    static func line(_ points: [(x: Double, y: Double)?]) -> [(x: Double, y: Double)?] {
        guard points.count > lineLimit else { return points }
        var result: [(x: Double, y: Double)?] = []
        var column: [(x: Double, y: Double)] = []
        func flush() {
            guard let first = column.first, let last = column.last else { return }
            if column.count <= 4 {
                result += column
            } else {
                let low = column.indices.min { column[$0].y < column[$1].y } ?? 0
                let high = column.indices.max { column[$0].y < column[$1].y } ?? 0
                result.append(first)
                for index in [min(low, high), max(low, high)] { result.append(column[index]) }
                result.append(last)
            }
            column.removeAll(keepingCapacity: true)
        }
        for point in points {
            guard let point else {
                flush()
                if let last = result.last, last != nil { result.append(nil) }
                continue
            }
            if let present = column.first, present.x.rounded(.down) != point.x.rounded(.down) { flush() }
            column.append(point)
        }
        flush()
        // Curves that run back and forth keep many points per column: a coarser grid, then every n-th point of what is a solid patch anyway.
        var grid = 1.0
        while result.count > strokeLimit, grid < 4 {
            result = snapped(result, grid)
            grid *= 1.5
        }
        guard result.count > strokeLimit else { return result }
        let every = (result.count + strokeLimit - 1) / strokeLimit
        return result.enumerated().filter { $0.offset % every == 0 || $0.element == nil }.prefix(2 * strokeLimit).map(\.element)
    }

    /// Drops points that fall on the one before when positions are rounded to a grid.
    private static func snapped(_ points: [(x: Double, y: Double)?], _ grid: Double) -> [(x: Double, y: Double)?] {
        var result: [(x: Double, y: Double)?] = []
        var previous: (Double, Double)?
        for point in points {
            guard let point else {
                previous = nil
                result.append(nil)
                continue
            }
            let place = ((point.x / grid).rounded(), (point.y / grid).rounded())
            if let previous, previous == place { continue }
            previous = place
            result.append(point)
        }
        return result
    }

    /// Which of many points still show: of those that fall into one cell of a grid the last is drawn. The grid grows until few enough are left.
    static func points(_ points: [(x: Double, y: Double)?], limit: Int) -> [Int] {
        var kept = points.indices.filter { points[$0] != nil }
        var grid = 0.5
        while kept.count > limit, grid < 128 {
            var seen: Set<Int64> = []
            var result: [Int] = []
            for index in kept.reversed() {
                guard let point = points[index] else { continue }
                let cell = Int64((point.x / grid).rounded()) << 32 ^ (Int64((point.y / grid).rounded()) & 0xFFFF_FFFF)
                if seen.insert(cell).inserted { result.append(index) }
            }
            kept = result.reversed()
            grid *= 1.5
        }
        return kept
    }
}
