/// Widths of text in the sans-serif faces that readers have, near enough to lay out labels.
enum TextMetrics {
    /// Advance widths of the printable ASCII characters in thousandths of the size, of a common grotesque face.
    private static let advances: [Int] = [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278,
        584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944,
        667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
        278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ]

    /// Generous, as faces differ: the widest of the common ones is an eighth wider than the table.
    static func width(_ text: String, size: Double) -> Double {
        var thousandths = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20...0x7E: thousandths += advances[Int(scalar.value) - 0x20]
            case 0x2212: thousandths += 584
            case 0x1100...0x11FF, 0x2E80...0xFFFF, 0x1F000...0x1FFFF: thousandths += 1000
            default: thousandths += 580
            }
        }
        return Double(thousandths) / 1000 * size * 1.12
    }

    static func lines(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    /// Width and height of text of one or more lines.
    static func extent(_ text: String, size: Double) -> (width: Double, height: Double) {
        let lines = lines(text)
        return (lines.map { width($0, size: size) }.max() ?? 0, Double(lines.count) * size * 1.2)
    }
}
