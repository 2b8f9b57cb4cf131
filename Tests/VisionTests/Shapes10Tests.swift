import Tensors
import Testing
import Vision

/// The drawn dataset: the same bytes everywhere, and not for linear models.
@Suite struct Shapes10Tests {
    /// Digests of images and labels, from a second implementation of the drawing.
    @Test(arguments: [
        (true, 10_000, "3101e755dd5b91d440dc8038c09e91a3", "980de9f34eeb3fcdcaa28fea84ec503b"),
        (false, 2_000, "fe6a52a9c184204e25744aed7b76fb33", "e2d49e0c4696dffc5cd48cfc768534ab"),
    ])
    func everyMachineDrawsTheSameBytes(train: Bool, count: Int, images: String, labels: String) throws {
        let drawn = try Shapes10.draw(train: train)
        #expect(drawn.images.shape == [count, 32, 32, 3] && drawn.labels.count == count)
        var digest = MD5()
        digest.update(UnsafeRawBufferPointer(start: drawn.images.pointer, count: drawn.images.count))
        #expect(digest.hexDigest() == images)
        var ofLabels = MD5()
        drawn.labels.map { UInt8($0) }.withUnsafeBytes { ofLabels.update($0) }
        #expect(ofLabels.hexDigest() == labels)
    }

    /// A class's mean image says little about it: nearest means, the simplest linear model, stays far from 60 %.
    @Test func meanImagesDoNotTellTheClasses() throws {
        let (train, labels) = try Shapes10.draw(train: true)
        let (test, answers) = try Shapes10.draw(train: false)
        let (x, y) = (train.pointer.assumingMemoryBound(to: UInt8.self), test.pointer.assumingMemoryBound(to: UInt8.self))
        var means = [[Float]](repeating: [Float](repeating: 0, count: 3072), count: 10)
        var counts = [Float](repeating: 0, count: 10)
        for (i, label) in labels.enumerated() {
            counts[label] += 1
            for k in 0..<3072 { means[label][k] += Float(x[i * 3072 + k]) }
        }
        for label in 0..<10 { for k in 0..<3072 { means[label][k] /= counts[label] } }
        #expect((counts.min() ?? 0) > 900)
        var right = 0
        for i in 0..<500 {
            let distances = means.map { mean in
                (0..<3072).reduce(Float(0)) { $0 + (mean[$1] - Float(y[i * 3072 + $1])) * (mean[$1] - Float(y[i * 3072 + $1])) }
            }
            if distances.firstIndex(of: distances.min() ?? 0) == answers[i] { right += 1 }
        }
        #expect(right < 250, "nearest means find \(right) of 500")
    }
}
