import BigInt
import Foundation
import Interpreter
import Testing

/// The arithmetic below the operators: rounding, printing, hashing at the edges of their fast paths.
@Suite struct NumbersTests {
    private let vm = VM()

    @Test(arguments: [
        (0.1, "0.1"), (1e16, "1e+16"), (9999999999999998.0, "9999999999999998.0"), (1e-4, "0.0001"), (1e-5, "1e-05"),
        (.leastNonzeroMagnitude, "5e-324"),
        (-0.0, "-0.0"), (1.7976931348623157e308, "1.7976931348623157e+308"), (123456789.0, "123456789.0"), (.infinity, "inf"), (.nan, "nan"),
    ])
    func floatsPrintTheirShortestDigits(number: Double, text: String) {
        #expect(vm.floatRepr(number) == text)
    }

    /// Ties and near ties: 0.125, 0.375, 2.5 lie exactly between; 1.005 and 2.675 just below.
    @Test(arguments: [
        (0.125, ".2f", "0.12"), (0.375, ".2f", "0.38"), (2.5, ".0f", "2"), (3.5, ".0f", "4"), (1.005, ".2f", "1.00"), (2.675, ".2f", "2.67"),
        (1e-30, ".5f", "0.00000"), (0.5, ".0f", "0"), (9.9996, ".3e", "1.000e+01"), (12345.678, ".1e", "1.2e+04"), (0.00025, ".0e", "3e-04"),
        (2.5, ".0e", "2e+00"),
    ])
    func printingRoundsHalfToEven(number: Double, specification: String, expected: String) throws {
        #expect(try formatted(.float(number), specification) == expected)
    }

    private func formatted(_ value: Value, _ specification: String) throws -> String {
        let spec = vm.string(specification)
        defer { vm.heap.release(spec) }
        let text = try vm.formatValue(value, spec.string)
        defer { vm.heap.release(text) }
        return vm.text(text)
    }

    /// The fast paths against C's printf.
    @Test func fixedAndScientificDigitsAgreeWithC() throws {
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let number = Double(state >> 11) / Double(1 + (state >> 40) % 1_000_000_007)
            let precision = Int((state >> 13) % 10)
            for letter in ["e", "f", "g"] {
                let specification = ".\(precision)\(letter)"
                #expect(try formatted(.float(number), specification) == String(format: "%" + specification, number))
            }
        }
    }

    @Test func hashesAreThoseOfCPython() {
        #expect(vm.numberHash(.int(-1)) == -2)
        #expect(vm.numberHash(.int((1 << 61) - 1)) == 0)
        #expect(vm.numberHash(.float(0.5)) == 1_152_921_504_606_846_976)
        #expect(vm.numberHash(.float(1e300)) == 1_224_995_262_755_759_164)
        #expect(vm.numberHash(.float(.infinity)) == 314_159)
        #expect(vm.numberHash(vm.int(BigInt(10).power(30))) == 465_258_685_558_744_706)
        #expect(vm.numberHash(vm.int(-BigInt(10).power(30))) == -465_258_685_558_744_706)
    }

    @Test func bigIntsBecomeSmallAgain() throws {
        let big = vm.int(BigInt(Int.max) + 1)
        #expect(big.tag == Tag.bigInt)
        let small = try vm.numberBinary(.subtract, big, .int(1))
        #expect(small.isInt && small.asInt == Int.max)
        let least = try vm.numberUnary(.negative, big)
        #expect(least.isInt && least.asInt == Int.min)
        let back = try vm.numberUnary(.negative, least)
        #expect(back.tag == Tag.bigInt)
    }

    @Test func intsAndFloatsCompareExactly() {
        let limit = 1 << 53
        #expect(vm.numberCompare(.greater, .int(limit + 1), .float(0x1p53)))
        #expect(vm.numberCompare(.equal, .int(limit), .float(0x1p53)))
        #expect(vm.numberCompare(.less, .int(Int.max), .float(0x1p63)))
        #expect(vm.numberCompare(.less, .float(-.infinity), .int(Int.min)))
        #expect(vm.numberCompare(.notEqual, .float(.nan), .int(0)))
        #expect(!vm.numberCompare(.lessEqual, .float(.nan), .int(0)))
    }

    @Test func enormousPowersAreRefusedAtOnce() {
        let clock = ContinuousClock()
        let start = clock.now
        #expect(throws: PythonError.self) { try vm.numberBinary(.power, .int(10), .int(100_000_000_000)) }
        #expect(throws: PythonError.self) { try vm.numberBinary(.leftShift, .int(1), .int(1 << 40)) }
        #expect(clock.now - start < .seconds(1))
    }

    @Test(arguments: [
        ("1e400", Double.infinity), ("-1e-400", -0.0), ("0.1", 0.1), ("1_000.5", 1000.5),
        ("123456789012345678901234567890", 123456789012345678901234567890.0),
        ("9007199254740993", 9007199254740992.0), ("  .5e1 ", 5.0),
    ])
    func textReadsAsTheNearestFloat(text: String, number: Double) {
        var text = text
        let parsed = text.withUTF8 { VM.parseFloat($0) }
        #expect(parsed?.bitPattern == number.bitPattern)
    }

    @Test(arguments: ["", ".", "1e", "1__0", "_1", "1_", "0x10", "infinit", "1 2"])
    func textThatIsNoFloatIsRefused(text: String) {
        var text = text
        #expect(text.withUTF8 { VM.parseFloat($0) } == nil)
    }
}
