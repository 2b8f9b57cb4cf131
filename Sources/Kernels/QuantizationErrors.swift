import CInt8Kernels

/// Groups of runs of neighbouring elements over which errors are added: all of a tensor, or parts of it.
package enum ElementRuns: Sendable {
    /// Groups of `size` runs of 64 elements, one run in every `period` ≥ 64.
    case sample(Int, period: Int, size: Int)
    /// One of every four blocks of 4,096 elements.
    case quarter(Int)
    /// The blocks that are not in that quarter; the last may have fewer elements.
    case rest(Int)

    private static let block = 4096
    private static let run = 64

    package var groups: Int {
        switch self {
        case .sample(let count, let period, let size): count / (period * size)
        case .quarter(let count): count / (4 * ElementRuns.block)
        case .rest(let count): (count + ElementRuns.block - 1) / ElementRuns.block - count / (4 * ElementRuns.block)
        }
    }

    /// Elements of a whole group.
    package var elements: Int { if case .sample(_, _, let size) = self { size * ElementRuns.run } else { ElementRuns.block } }

    /// How many runs a group has.
    var runs: Int { if case .sample(_, _, let size) = self { size } else { 1 } }

    /// Runs and blocks are chosen by chance: a regular choice whose period divides the tensor's sizes would show the same channels of the same
    /// pixels again and again.
    private static func chance(_ index: Int, _ choices: Int) -> Int { Int((UInt64(index) &* 0x9E37_79B9_7F4A_7C15) >> 33) % choices }

    /// Where a run of a group lies.
    func range(_ group: Int, _ index: Int) -> Range<Int> {
        func block(_ number: Int, _ count: Int) -> Range<Int> { number * ElementRuns.block..<min(count, (number + 1) * ElementRuns.block) }
        switch self {
        case .quarter(let count): return block(4 * group + ElementRuns.chance(group, 4), count)
        case .rest(let count):
            let (four, place) = (group / 3, group % 3)
            // What follows the last four blocks is not in the quarter.
            if four >= count / (4 * ElementRuns.block) { return block(group + count / (4 * ElementRuns.block), count) }
            return block(4 * four + place + (place >= ElementRuns.chance(four, 4) ? 1 : 0), count)
        case .sample(_, let period, let size):
            let run = group * size + index
            let start = run * period + ElementRuns.chance(run, period - ElementRuns.run + 1)
            return start..<start + ElementRuns.run
        }
    }
}

/// For every group and every scale `Σ (q(x / scale) − x / scale)²`, where q rounds to integers and cuts to `low…high`, which hold 0 and lie within
/// ±2²²: element `group * scales.count + k`. `low` is −∞ where no x is negative. Elements whose magnitude exceeds `limit` count as 0.
///
/// In units of the squared scale: errors of different scales must be weighed before they are compared. How ties round does not matter.
package func quantizationErrors(_ x: UnsafePointer<Float>, _ runs: ElementRuns, scales: [Float], low: Float, high: Float, limit: Float = .infinity) -> [Float] {
    let (count, groups, padded) = (scales.count, runs.groups, (scales.count + 3) / 4 * 4)
    if count == 0 || groups == 0 { return [] }
    let inverses = scales.map { 1 / $0 } + [Float](repeating: 0, count: padded - count)
    return [Float](unsafeUninitializedCapacity: groups * count) { result, filled in
        filled = groups * count
        guard let result = result.baseAddress else { return }
        parallel(groups, grain: max(1, 8 * elementsPerPiece / (runs.elements * padded))) { range in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { sums in
                withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: runs.runs) { starts in
                    guard let sums = sums.baseAddress, let starts = starts.baseAddress else { return }
                    for group in range {
                        for index in 0..<runs.runs { starts[index] = x + runs.range(group, index).lowerBound }
                        quantization_errors(starts, runs.runs, runs.range(group, 0).count, inverses, Int32(padded), low, high, limit, sums)
                        (result + group * count).update(from: sums, count: count)
                    }
                }
            }
        }
    }
}

/// The elements whose magnitude exceeds `limit`, in order; nil where they are more than one in 16, or more than half somewhere.
package func elementsBeyond(_ limit: Float, _ count: Int, _ x: UnsafePointer<Float>) -> [Float]? {
    let (pieces, room) = ((count + elementsPerPiece - 1) / elementsPerPiece, elementsPerPiece / 2)
    var numbers = [Int](repeating: 0, count: pieces)
    var found = [Float](unsafeUninitializedCapacity: pieces * room) { found, filled in
        filled = pieces * room
        guard let found = found.baseAddress else { return }
        numbers.withUnsafeMutableBufferPointer { numbers in
            guard let numbers = numbers.baseAddress else { return }
            ThreadPool.shared.run(pieces) { piece in
                let start = piece * elementsPerPiece
                numbers[piece] = values_beyond(x + start, min(elementsPerPiece, count - start), limit, room, found + piece * room)
            }
        }
    }
    if numbers.contains(where: { $0 < 0 }) || numbers.reduce(0, +) > count / 16 { return nil }
    var total = 0
    for (piece, number) in numbers.enumerated() {
        for i in 0..<number { found[total + i] = found[piece * room + i] }
        total += number
    }
    found.removeLast(found.count - total)
    return found
}
