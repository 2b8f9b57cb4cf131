import Tensors

/// x wᵀ + b; `weight` is `[out, in]`.
package final class Linear: Module {
    package private(set) var inFeatures, outFeatures: Int

    package init(_ inFeatures: Int, _ outFeatures: Int, bias: Bool = true, dtype: DType? = nil) throws(TensorError) {
        self.inFeatures = inFeatures
        self.outFeatures = outFeatures
        super.init(typeName: "Linear")
        try registerParameter("weight", try .parameter(try .empty([outFeatures, inFeatures], dtype: dtype)))
        try registerParameter("bias", bias ? try .parameter(try .empty([outFeatures], dtype: dtype)) : nil)
        try resetParameters()
    }

    package func resetParameters() throws(TensorError) {
        guard let weight = parameter("weight") else { return }
        try Initializers.kaimingUniform(weight, a: 5.0.squareRoot())
        if let bias = parameter("bias") {
            let bound = inFeatures > 0 ? 1 / Double(inFeatures).squareRoot() : 0
            try Initializers.uniform(bias, -bound, bound)
        }
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? Linear else { return }
        (inFeatures, outFeatures) = (other.inFeatures, other.outFeatures)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try Linear(inFeatures, outFeatures)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil, let input = inputs.first, let weight = parameter("weight") else { return try super.forward(inputs) }
        return try input.linear(weight, parameter("bias"))
    }

    package override func extraRepr() -> String { "in_features=\(inFeatures), out_features=\(outFeatures), bias=\(python(parameter("bias") != nil))" }
}

/// Rows of a table by index. `weight` is `[count, width]`.
package final class Embedding: Module {
    package private(set) var count, width: Int
    package private(set) var paddingIndex: Int?

    package init(_ count: Int, _ width: Int, paddingIndex: Int? = nil, dtype: DType? = nil) throws(TensorError) {
        if let paddingIndex, paddingIndex >= count || paddingIndex < -count { throw .value("Padding_idx must be within num_embeddings") }
        self.count = count
        self.width = width
        self.paddingIndex = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
        super.init(typeName: "Embedding")
        let weight = try Tensor.parameter(try .empty([count, width], dtype: dtype))
        try registerParameter("weight", weight)
        try Initializers.normal(weight)
        if let index = self.paddingIndex { _ = try weight.detach().select(0, index).zero_() }
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? Embedding else { return }
        (count, width, paddingIndex) = (other.count, other.width, other.paddingIndex)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try Embedding(count, width, paddingIndex: paddingIndex)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil, let input = inputs.first, let weight = parameter("weight") else { return try super.forward(inputs) }
        return try weight.embedding(input, paddingIndex: paddingIndex)
    }

    package override func extraRepr() -> String { "\(count), \(width)" + (paddingIndex.map { ", padding_idx=\($0)" } ?? "") }
}

/// What a function layer was made with, for graph passes that need the numbers.
package enum LayerConfiguration: Equatable, Sendable {
    case none
    case pool(Tensor.PoolParameters, countIncludePad: Bool)
    case adaptivePool([Int?])
    case upsample(size: [Int]?, scale: [Double]?, mode: String, alignCorners: Bool)
    case pad([Int], mode: String, value: Double)
    case flatten(Int, Int)
    case softmax(Int)
}

/// A layer that is a function of its input and a few fixed numbers.
package class FunctionLayer: Module {
    package private(set) var configuration = LayerConfiguration.none
    private var function: (Module, Tensor) throws(TensorError) -> Tensor
    private var description_: String

    package init(_ name: String, _ description: String = "", _ function: @escaping (Module, Tensor) throws(TensorError) -> Tensor) {
        self.function = function
        description_ = description
        super.init(typeName: name)
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? FunctionLayer else { return }
        (function, description_, configuration) = (other.function, other.description_, other.configuration)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        FunctionLayer(typeName, description_, function).configured(configuration)
    }

    func configured(_ configuration: LayerConfiguration) -> FunctionLayer {
        self.configuration = configuration
        return self
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil, let input = inputs.first else { return try super.forward(inputs) }
        return try function(self, input)
    }

    package override func extraRepr() -> String { description_ }
}

/// ReLU and ReLU6: activations that clamp, which a preceding normalisation can apply itself.
package final class Rectifier: FunctionLayer {
    package private(set) var range: Tensor.ActivationRange
    package private(set) var isInPlace: Bool

    package init(_ range: Tensor.ActivationRange, inPlace: Bool = false) {
        self.range = range
        isInPlace = inPlace
        super.init(range == .relu6 ? "ReLU6" : "ReLU", inPlace ? "inplace=True" : "") { (_: Module, x: Tensor) throws(TensorError) in
            if range == .relu6 { return inPlace ? try x.hardtanh_(0, 6) : try x.relu6() }
            return inPlace ? try x.relu_() : try x.relu()
        }
    }

    package override func adoptSettings(of other: Module) {
        super.adoptSettings(of: other)
        guard let other = other as? Rectifier else { return }
        (range, isInPlace) = (other.range, other.isInPlace)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        Rectifier(range, inPlace: isInPlace)
    }
}

/// `nn.PReLU`: learnt slopes for negative values.
package final class PReLU: Module {
    private let count: Int

    package init(_ count: Int = 1, initial: Double = 0.25, dtype: DType? = nil) throws(TensorError) {
        self.count = count
        super.init(typeName: "PReLU")
        try registerParameter("weight", try .parameter(try .full([count], .double(initial), dtype: dtype ?? EngineState.defaultDType)))
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try PReLU(count)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil, let input = inputs.first, let weight = parameter("weight") else { return try super.forward(inputs) }
        return try input.prelu(weight)
    }

    package override func extraRepr() -> String { "num_parameters=\(count)" }
}

/// A loss: forward takes the prediction and the target.
package final class LossLayer: Module {
    private var function: (Module, Tensor, Tensor) throws(TensorError) -> Tensor

    package init(
        _ name: String, weight: Tensor? = nil, posWeight: Tensor? = nil, _ function: @escaping (Module, Tensor, Tensor) throws(TensorError) -> Tensor
    ) throws(TensorError) {
        self.function = function
        super.init(typeName: name)
        if let weight { try registerBuffer("weight", weight) }
        if let posWeight { try registerBuffer("pos_weight", posWeight) }
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? LossLayer else { return }
        function = other.function
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try LossLayer(typeName, function)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        guard languageForward == nil else { return try super.forward(inputs) }
        guard inputs.count == 2 else { throw .type("forward() takes 2 positional arguments: 'input' and 'target'") }
        return try function(self, inputs[0], inputs[1])
    }
}
