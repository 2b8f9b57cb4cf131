import BPU
import BPUCompiler
import BPUSimulator
import Quantization
import Testing

/// The run of the documentation: MobileNetV2 at 32×32, batch 256, BAYES, O1, pyramid.
@Suite struct DocumentedModelTests {
    private static func report(batch: Int, _ optimization: Optimization = .o1) throws -> PerformanceReport {
        let graph = TestModels.mobileNetV2(batch: batch)
        return try PerformanceReport(
            try Compiler.compile(graph, march: .bayes, options: CompilerOptions(name: graph.name, sources: [.pyramid], optimization: optimization)))
    }

    /// Name without prefix and suffix, operations, load/store cost in µs as documented.
    private static let rows: [(String, Int, Int)] = [
        ("features_0_0", 113_246_208, 267), ("features_1_conv_0_0", 37_748_736, 1156), ("features_1_conv_1", 67_108_864, 1),
        ("features_2_conv_0_0", 201_326_592, 3132), ("features_2_conv_1_0", 28_311_552, 3132), ("features_2_conv_2", 75_497_472, 1),
        ("features_3_conv_0_0", 113_246_208, 638), ("features_3_conv_1_0", 42_467_328, 3592), ("features_3_generated_add_0", 113_246_208, 637),
        ("features_4_conv_0_0", 113_246_208, 2433), ("features_4_conv_1_0", 10_616_832, 2432), ("features_4_conv_2", 37_748_736, 1),
        ("features_5_conv_0_0", 50_331_648, 3), ("features_5_conv_1_0", 14_155_776, 463), ("features_5_generated_add_0", 50_331_648, 462),
        ("features_6_conv_0_0", 50_331_648, 3), ("features_6_conv_1_0", 14_155_776, 463), ("features_6_generated_add_0", 50_331_648, 462),
        ("features_7_conv_0_0", 50_331_648, 813), ("features_7_conv_1_0", 3_538_944, 812), ("features_7_conv_2", 25_165_824, 3),
        ("features_8_conv_0_0", 50_331_648, 5), ("features_8_conv_1_0", 7_077_888, 463), ("features_8_generated_add_0", 50_331_648, 465),
        ("features_9_conv_0_0", 50_331_648, 5), ("features_9_conv_1_0", 7_077_888, 463), ("features_9_generated_add_0", 50_331_648, 465),
        ("features_10_conv_0_0", 50_331_648, 5), ("features_10_conv_1_0", 7_077_888, 463), ("features_10_generated_add_0", 50_331_648, 465),
        ("features_11_conv_0_0", 50_331_648, 5), ("features_11_conv_1_0", 7_077_888, 463), ("features_11_conv_2", 75_497_472, 467),
        ("features_12_conv_0_0", 113_246_208, 644), ("features_12_conv_1_0", 10_616_832, 1274), ("features_12_generated_add_0", 113_246_208, 643),
        ("features_13_conv_0_0", 113_246_208, 644), ("features_13_conv_1_0", 10_616_832, 1274), ("features_13_generated_add_0", 113_246_208, 642),
        ("features_14_conv_0_0", 113_246_208, 644), ("features_14_conv_1_0", 2_654_208, 1274), ("features_14_conv_2", 47_185_920, 647),
        ("features_15_conv_0_0", 78_643_200, 1004), ("features_15_conv_1_0", 4_423_680, 1973), ("features_15_generated_add_0", 78_643_200, 1004),
        ("features_16_conv_0_0", 78_643_200, 1004), ("features_16_conv_1_0", 4_423_680, 1973), ("features_16_generated_add_0", 78_643_200, 1004),
        ("features_17_conv_0_0", 78_643_200, 1004), ("features_17_conv_1_0", 4_423_680, 1973), ("features_17_conv_2", 157_286_400, 1021),
        ("features_18_0", 209_715_200, 2601),
    ]

    @Test func layersAreNamedAndCountedAsDocumented() throws {
        let report = try Self.report(batch: 256)
        let names = Self.rows.map { "_\($0.0)_hz_conv2d" } + ["_features_18_0_hz_conv2d_torch_native", "_classifier_1_hz_linear_torch_native"]
        #expect(report.layers.map(\.name) == names)
        #expect(report.layers.map(\.operations) == Self.rows.map(\.1) + [0, 6_553_600])
        #expect(report.operations == 3_135_963_136)
    }

    @Test func trafficIsExactlyTheDocumentedOne() throws {
        let report = try Self.report(batch: 256)
        #expect(report.loadedBytes == 181_051_392)
        #expect(report.storedBytes == 178_268_160)
        #expect(report.loadedBytes / 256 == 707_232)
        #expect(report.storedBytes / 256 == 696_360)
    }

    @Test func latencyIsWithinTwoPercent() throws {
        let report = try Self.report(batch: 256)
        #expect(abs(report.latency / 44_731.9 - 1) < 0.02, "latency \(report.latency) us")
        #expect(abs(report.framesPerSecond / 5722.98 - 1) < 0.02)
    }

    @Test func heavyRowsCostWithinTwoPercent() throws {
        let report = try Self.report(batch: 256)
        var heavy = 0
        for (row, layer) in zip(Self.rows, report.layers) where row.2 >= 100 {
            heavy += 1
            #expect(abs(layer.transfer / Double(row.2) - 1) < 0.02, "\(layer.name): \(layer.transfer) us, documented \(row.2)")
        }
        #expect(heavy == 42)
    }

    @Test func invariantsHold() throws {
        for (batch, optimization) in [(256, Optimization.o1), (256, .o3), (1, .o0), (7, .o2)] {
            let report = try Self.report(batch: batch, optimization)
            #expect(report.layers.reduce(0) { $0 + $1.operations } == report.operations)
            #expect(abs(report.framesPerSecond * report.latency / 1e6 - Double(batch)) < 1e-6)
            #expect(report.intervals.count == Int((report.latency / 1000).rounded(.up)))
            let loaded = report.intervals.reduce(0) { $0 + $1.loadedBytes }
            let stored = report.intervals.reduce(0) { $0 + $1.storedBytes }
            #expect(abs(loaded - Double(report.loadedBytes)) < 1 && abs(stored - Double(report.storedBytes)) < 1)
            #expect(report.intervals.allSatisfy { $0.utilization >= 0 && $0.utilization <= 1 + 1e-9 })
            #expect(report.intervals.allSatisfy { $0.loadedBytes + $0.storedBytes <= 1000 * report.march.bandwidth * 1.000001 })
        }
    }

    /// Out of sample: no parameter but the launch cost looked at this run.
    @Test func batchOneMovesTheDocumentedBytes() throws {
        let report = try Self.report(batch: 1)
        let bytes = report.loadedBytes + report.storedBytes
        #expect(abs(Double(bytes) / 2_481_312 - 1) < 0.05, "\(bytes) bytes")
        #expect(abs(report.latency / 376.6 - 1) < 0.05, "latency \(report.latency) us")
    }

    @Test func levelsAreOrdered() throws {
        for batch in [256, 1] {
            let reports = try [Optimization.o0, .o1, .o2, .o3].map { try Self.report(batch: batch, $0) }
            let latencies = reports.map(\.latency)
            #expect(zip(latencies, latencies.dropFirst()).allSatisfy { $0 >= $1 }, "\(latencies)")
            #expect(latencies[0] > latencies[1])
            if batch == 256 { #expect(latencies[1] > latencies[2]) }
            let least = try Self.report(batch: batch, .ddr)
            #expect(reports.allSatisfy { $0.loadedBytes + $0.storedBytes >= least.loadedBytes + least.storedBytes })
        }
    }

    @Test func theSummaryHasTheDocumentedKeysAndForms() throws {
        let report = try Self.report(batch: 256)
        guard case .table(let outer) = report.summary(modelFile: "m.hbir"), case .table(let rows)? = outer.first?.value else {
            Issue.record("no summary")
            return
        }
        let keys = rows.map(\.key)
        #expect(keys == keys.sorted() && keys.count == 39)
        let values = Dictionary(uniqueKeysWithValues: rows.map { ($0.key, $0.value.json) })
        #expect(values["BPU march"] == "\"BAYES\"")
        #expect(values["DDR bytes per frame"] == "1403592.0")
        #expect(values["DDR megabytes per frame"] == "1.339")
        #expect(values["DDR megabytes per run"] == "342.674")
        #expect(values["input features"] == "[[\"input name\", \"input size\"], [\"arg0\", \"256x32x32x3\"]]")
        #expect(values["loaded bytes per frame"] == "707232")
        #expect(report.grouped(3_135_963_136) == "3,135,963,136")
        #expect(report.costText(0) == "0")
    }
}
