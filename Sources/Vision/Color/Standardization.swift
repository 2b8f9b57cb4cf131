/// `output[i] = (values[i] − shift) / scale`, each step rounded, as two operations on tensors round.
package func standardize(_ values: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>, _ count: Int, shift: Float, scale: Float) {
    for i in 0..<count { output[i] = (values[i] - shift) / scale }
}
