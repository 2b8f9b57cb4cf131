/// The name someone may have meant, chosen as CPython 3.11 chooses its “Did you mean”.
package enum Suggestion {
    /// More candidates than this are not searched.
    private static let candidateLimit = 750
    private static let lengthLimit = 40
    /// An insertion, deletion or substitution.
    private static let moveCost = 2
    /// A letter in the other case.
    private static let caseCost = 1

    /// The candidate nearest to `name`, the first of equals, if no more than a third of the letters involved would change. The name
    /// itself never counts. O(candidates · length²), bounded by the limits above.
    package static func nearest(to name: String, in candidates: some Collection<String>) -> String? {
        guard candidates.count < candidateLimit else { return nil }
        let wanted = Array(name.utf8)
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let letters = Array(candidate.utf8)
            var limit = (wanted.count + letters.count + 3) * moveCost / 6
            if let best { limit = min(limit, best.distance - 1) }
            guard let distance = distance(wanted, letters, limit: limit) else { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    /// The Levenshtein distance with the costs above; nil beyond `limit`.
    private static func distance(_ first: [UInt8], _ second: [UInt8], limit: Int) -> Int? {
        guard limit >= 0 else { return nil }
        var a = first[...]
        var b = second[...]
        while let x = a.first, x == b.first {
            a = a.dropFirst()
            b = b.dropFirst()
        }
        while let x = a.last, x == b.last {
            a = a.dropLast()
            b = b.dropLast()
        }
        if a.isEmpty || b.isEmpty {
            let cost = (a.count + b.count) * moveCost
            return cost <= limit ? cost : nil
        }
        guard a.count <= lengthLimit, b.count <= lengthLimit, abs(a.count - b.count) * moveCost <= limit else { return nil }
        if b.count < a.count { swap(&a, &b) }
        // row[i]: what it costs to turn the letters of b so far into the first i + 1 letters of a.
        var row = (1...a.count).map { $0 * moveCost }
        for (index, letter) in b.enumerated() {
            var diagonal = index * moveCost
            // CPython starts each row one move too low; its suggestions depend on it.
            var left = diagonal
            var lowest = Int.max
            for (column, other) in a.enumerated() {
                let substitution = diagonal + substitutionCost(letter, other)
                diagonal = row[column]
                left = min(substitution, min(left, diagonal) + moveCost)
                row[column] = left
                lowest = min(lowest, left)
            }
            if lowest > limit { return nil }
        }
        let distance = row[a.count - 1]
        return distance <= limit ? distance : nil
    }

    private static func substitutionCost(_ a: UInt8, _ b: UInt8) -> Int {
        if a == b { return 0 }
        let isLetter = { (byte: UInt8) in (byte | 0x20) &- 0x61 < 26 }
        return isLetter(a) && isLetter(b) && a | 0x20 == b | 0x20 ? caseCost : moveCost
    }
}
