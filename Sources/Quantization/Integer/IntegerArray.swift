/// Integers with a shape: what the reference computes with. Elements are in row-major order and lie within `type`.
package struct IntegerArray: Equatable, Sendable {
    package var shape: [Int]
    package var type: IntegerType
    package var elements: [Int32]

    package init(shape: [Int], type: IntegerType, elements: [Int32]) {
        self.shape = shape
        self.type = type
        self.elements = elements
    }

    package var count: Int { elements.count }

    /// Steps between neighbours along each dimension.
    var strides: [Int] {
        var result = [Int](repeating: 1, count: shape.count)
        for d in stride(from: shape.count - 2, through: 0, by: -1) { result[d] = result[d + 1] * shape[d + 1] }
        return result
    }
}
