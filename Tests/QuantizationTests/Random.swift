/// The same numbers on every run and machine.
struct Random {
    var state: UInt64

    mutating func next(_ low: Int, _ high: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return low + Int(state >> 33) % (high - low + 1)
    }
}
