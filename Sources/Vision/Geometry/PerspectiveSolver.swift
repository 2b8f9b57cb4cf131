extension Warp {
    /// The perspective map that takes the four points `to` back to `from`. Throws when three of them lie on a line.
    package static func perspective(from: [(Double, Double)], to: [(Double, Double)]) throws(VisionError) -> Warp {
        guard from.count == 4, to.count == 4 else { throw .value("perspective needs four points on each side") }
        var rows: [[Double]] = []
        for ((u, v), (x, y)) in zip(from, to) {
            rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
            rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
        }
        for column in 0..<8 {
            guard let pivot = (column..<8).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }), abs(rows[pivot][column]) > 1e-12 else {
                throw VisionError(.runtime, "the points of a perspective transform lie on a line")
            }
            rows.swapAt(column, pivot)
            for row in column + 1..<8 {
                let factor = rows[row][column] / rows[column][column]
                if factor != 0 { for k in column...8 { rows[row][k] -= factor * rows[column][k] } }
            }
        }
        var solution = [Double](repeating: 0, count: 8)
        for row in (0..<8).reversed() {
            let known = (row + 1..<8).reduce(0.0) { $0 + rows[row][$1] * solution[$1] }
            solution[row] = (rows[row][8] - known) / rows[row][row]
        }
        // torchvision solves in double precision and keeps single.
        return .perspective(solution.map { Double(Float($0)) })
    }
}
