import BPU
import BPUCompiler
import BPUSimulator
import Foundation
import Quantization
import Reports
import Testing

@Suite struct ReportTests {
    @Test func thePageHasTheFiguresAndSaysWhatIsSimulated() throws {
        let graph = TestModels.mobileNetV2(batch: 4)
        let program = try Compiler.compile(graph, march: .bayes, options: CompilerOptions(name: "A<B>", sources: [.pyramid], optimization: .o1))
        let page = PerformancePage.html(try PerformanceReport(program))
        #expect(page.contains("Simulated, not measured."))
        #expect(page.contains("A&lt;B&gt;") && !page.contains("<B>"))
        #expect(page.contains("_features_3_generated_add_0_hz_conv2d") && page.contains("fitted"))
        #expect(!page.contains("http://") && !page.contains("https://"))
    }

    @Test func theDrawingShowsLayersShapesTypesAndScales() throws {
        let graph = TestModels.mobileNetV2(batch: 2)
        let dot = ModelDrawing.dot(graph)
        #expect(dot.contains("features.3_generated_add_0\\nconv2d 1×1 + residual\\n2×24×8×8 int8, scale 0.05"))
        #expect(dot.components(separatedBy: "penwidth=1.4").count - 1 == 10)
        // The library may be missing on a machine that draws nothing; then there must be a sentence that says what to install.
        do throws(DrawingError) {
            let svg = String(decoding: try Graphviz().render(dot: dot, format: "svg"), as: UTF8.self)
            #expect(svg.contains("<svg") && svg.contains("features.18.0"))
        } catch {
            #expect(error.description.contains("apt-get install"))
        }
    }
}
