/// Where the values of an integer graph lie in one block of memory: values that are never needed at the same time share bytes.
struct ActivationPlan {
    /// Byte offset of every value, a multiple of 64.
    let offsets: [Int]
    let byteCount: Int

    /// Values have `sizes[id]` bytes and are needed from layer `births[id]` (-1: inputs) to layer `deaths[id]`.
    init(sizes: [Int], births: [Int], deaths: [Int]) {
        var offsets = [Int](repeating: 0, count: sizes.count)
        var placed: [Int] = []
        var total = 0
        // The largest first, each at the lowest place that is free during its life.
        for id in sizes.indices.sorted(by: { (sizes[$1], $0) < (sizes[$0], $1) }) {
            let rivals = placed.filter { births[$0] <= deaths[id] && births[id] <= deaths[$0] }.sorted { offsets[$0] < offsets[$1] }
            var at = ActivationPlan.start(0, id)
            for rival in rivals {
                if at + sizes[id] <= offsets[rival] { break }
                at = max(at, ActivationPlan.start(offsets[rival] + sizes[rival], id))
            }
            offsets[id] = at
            total = max(total, at + sizes[id])
            placed.append(id)
        }
        self.offsets = offsets
        byteCount = total
    }

    /// The first place from `bytes` on for a value. A layer's operand and result start half a page apart: a load behind a store to an address with
    /// the same last 12 bits waits for it.
    private static func start(_ bytes: Int, _ id: Int) -> Int {
        let (page, wanted) = (4096, id % 2 * 2048)
        return (bytes - wanted + page - 1) / page * page + wanted
    }
}
