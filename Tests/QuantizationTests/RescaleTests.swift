import Quantization
import Testing

/// The documented golden vectors of the integer path.
@Suite struct RescaleTests {
    @Test(arguments: [
        (1.0 / 3, IntegerType.int8, 21845, 0, 16), (1.0 / 3, .int16, 21845, 2, 14), (0.0123, .int8, 25795, 0, 21), (0.0123, .int16, 25795, 7, 14),
        (0.001, .int8, 16777, 2, 22), (0.001, .int16, 16777, 10, 14), (1e-4, .int8, 26844, 6, 22), (1e-4, .int16, 26844, 14, 14),
        (1.0, .int8, 16384, 0, 14), (2.5, .int8, 20480, 0, 13), (0.9999, .int8, 32765, 0, 15),
    ])
    func parametersFromInt32OnBayes(_ row: (Double, IntegerType, Int, Int, Int)) {
        #expect(Rescale(factor: row.0, from: .int32, to: row.1, march: .bayes) == Rescale(multiplier: row.2, preShift: row.3, postShift: row.4))
    }

    @Test(arguments: [
        (12345, 0.001, IntegerType.int8, 12), (12345, 1e-4, .int8, 1), (12345, 1e-4, .int16, 2), (-6789, 0.0123, .int8, -84),
        (-6789, 1e-4, .int16, 0),
    ])
    func applicationWithRoundingShifts(_ row: (Int, Double, IntegerType, Int)) {
        #expect(Rescale(factor: row.1, from: .int32, to: row.2, march: .bayes).apply(row.0, rounding: true, to: row.2) == row.3)
    }

    @Test func truncatingShiftsOfBernoulli2RoundTowardMinusInfinity() {
        let half = Rescale(factor: 0.5, from: .int32, to: .int8, march: .bernoulli2)
        #expect(half.apply(3, rounding: false, to: .int8) == 1)
        #expect(half.apply(-3, rounding: false, to: .int8) == -2)
        #expect(half.apply(3, rounding: true, to: .int8) == 2)
    }

    @Test func differsFromIdealRoundingByAtMostALittleMoreThanHalf() {
        var state: UInt64 = 1
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        for _ in 0..<20_000 {
            let top = (random() * 2 - 1) * 127
            let factor = 1 / (8 + random() * 100_000)
            let x = Int(top / factor)
            let y = Rescale(factor: factor, from: .int32, to: .int8, march: .bayes).apply(x, rounding: true, to: .int8)
            #expect(abs(Double(y) - Double(x) * factor) <= 0.51)
        }
    }

    @Test func theResidualAlignmentIsThePlainProductWithin15Bits() {
        for factor in [800.0, 0.37, 3.2, 70_000, 1] {
            let alignment = Alignment(factor: factor)
            for e in [-128, -1, 0, 1, 77, 127] {
                let exact = Double(e) * factor
                #expect(abs(Double(alignment.apply(e, rounding: true)) - exact) <= 0.5 + abs(exact) / 32768)
            }
        }
    }
}
