import Tensors

/// Numbers as Python writes them.
func python(_ value: Double) -> String { "\(value)" }
func python(_ flag: Bool) -> String { flag ? "True" : "False" }

/// `nn.Conv1d/2d/3d` and their transposed forms. `weight` is `[out, in / groups, kernel…]`, transposed `[in, out / groups, kernel…]`.
package final class Convolution: Module {
    package let dimensions: Int
    package private(set) var inChannels, outChannels: Int
    package private(set) var kernel: [Int]
    package private(set) var parameters_: ConvolutionParameters
    package let transposed: Bool
    /// `zeros`, `reflect`, `replicate` or `circular`.
    package private(set) var paddingMode: String
    /// `same` and `valid` as given by name.
    package private(set) var paddingName: String?

    package init(
        dimensions: Int, _ inChannels: Int, _ outChannels: Int, kernel: [Int], stride: [Int] = [1], padding: [Int] = [0], paddingName: String? = nil,
        dilation: [Int] = [1], groups: Int = 1, bias: Bool = true, paddingMode: String = "zeros", transposed: Bool = false,
        outputPadding: [Int] = [0],
        dtype: DType? = nil
    ) throws(TensorError) {
        self.dimensions = dimensions
        self.inChannels = inChannels
        self.outChannels = outChannels
        func spread(_ values: [Int]) -> [Int] { values.count == 1 ? [Int](repeating: values[0], count: dimensions) : values }
        self.kernel = spread(kernel)
        self.transposed = transposed
        self.paddingMode = paddingMode
        self.paddingName = paddingName
        if groups <= 0 { throw .value("groups must be a positive integer") }
        if inChannels % groups != 0 { throw .value("in_channels must be divisible by groups") }
        if outChannels % groups != 0 { throw .value("out_channels must be divisible by groups") }
        var amounts = spread(padding)
        if let paddingName {
            guard paddingName == "same" || paddingName == "valid" else {
                throw .value("Invalid padding string '\(paddingName)', should be one of {'same', 'valid'}")
            }
            if paddingName == "same" && spread(stride).contains(where: { $0 != 1 }) {
                throw .value("padding='same' is not supported for strided convolutions")
            }
            amounts = [Int](repeating: 0, count: dimensions)
        }
        guard ["zeros", "reflect", "replicate", "circular"].contains(paddingMode) else {
            throw .value("padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='\(paddingMode)'")
        }
        if transposed && paddingMode != "zeros" { throw .value("Only \"zeros\" padding mode is supported for ConvTranspose\(dimensions)d") }
        parameters_ = ConvolutionParameters(
            stride: spread(stride), padding: amounts, dilation: spread(dilation), groups: groups, outputPadding: spread(outputPadding))
        super.init(typeName: "Conv\(transposed ? "Transpose" : "")\(dimensions)d")
        let sizes = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
        try registerParameter("weight", try .parameter(try .empty(sizes + self.kernel, dtype: dtype)))
        try registerParameter("bias", bias ? try .parameter(try .empty([outChannels], dtype: dtype)) : nil)
        try resetParameters()
    }

    package func resetParameters() throws(TensorError) {
        guard let weight = parameter("weight") else { return }
        try Initializers.kaimingUniform(weight, a: 5.0.squareRoot())
        if let bias = parameter("bias") {
            let fan = try Initializers.fans(weight).in
            if fan > 0 {
                let bound = 1 / Double(fan).squareRoot()
                try Initializers.uniform(bias, -bound, bound)
            }
        }
    }

    /// Whether `Sequential` may run this together with what follows.
    func canFuse(_ input: Tensor) -> Bool {
        !transposed && !hasHooks && languageForward == nil && paddingMode == "zeros" && paddingName == nil && dimensions == 2 && input.rank == 4
            && input.dtype.isFloatingPoint && parameter("weight")?.dtype == input.dtype
    }

    package override func adoptSettings(of other: Module) {
        guard let other = other as? Convolution else { return }
        (inChannels, outChannels, kernel) = (other.inChannels, other.outChannels, other.kernel)
        (parameters_, paddingMode, paddingName) = (other.parameters_, other.paddingMode, other.paddingName)
    }

    package override func emptyCopy() throws(TensorError) -> Module {
        try Convolution(
            dimensions: dimensions, inChannels, outChannels, kernel: kernel, stride: parameters_.stride, padding: parameters_.padding,
            paddingName: paddingName,
            dilation: parameters_.dilation, groups: parameters_.groups, paddingMode: paddingMode, transposed: transposed,
            outputPadding: parameters_.outputPadding)
    }

    package override func forward(_ inputs: [Tensor]) throws(TensorError) -> Tensor {
        if languageForward != nil { return try super.forward(inputs) }
        guard let input = inputs.first, let weight = parameter("weight") else {
            throw .type("forward() missing 1 required positional argument: 'input'")
        }
        let bias = parameter("bias")
        if transposed { return try input.convolutionTransposed(weight, bias, parameters_, dimensions: dimensions) }
        var p = parameters_
        var x = input
        if paddingName == "same" || paddingMode != "zeros" {
            var amounts: [Int] = []
            for d in stride(from: dimensions - 1, through: 0, by: -1) {
                if paddingName == "same" {
                    let total = p.dilation[d] * (kernel[d] - 1)
                    amounts += [total / 2, total - total / 2]
                } else {
                    amounts += [p.padding[d], p.padding[d]]
                }
            }
            x = try x.pad(amounts, mode: paddingMode == "zeros" ? .constant : (Tensor.PaddingMode(rawValue: paddingMode) ?? .constant))
            p.padding = [Int](repeating: 0, count: dimensions)
        }
        return try x.convolution(weight, bias, p, dimensions: dimensions)
    }

    package override func extraRepr() -> String {
        let p = parameters_
        func uniform(_ values: [Int], _ value: Int) -> Bool { values.allSatisfy { $0 == value } }
        var text = "\(inChannels), \(outChannels), kernel_size=\(TensorPrinter.tuple(kernel)), stride=\(TensorPrinter.tuple(p.stride))"
        if let paddingName {
            text += ", padding=\(paddingName)"
        } else if !uniform(p.padding, 0) {
            text += ", padding=\(TensorPrinter.tuple(p.padding))"
        }
        if !uniform(p.dilation, 1) { text += ", dilation=\(TensorPrinter.tuple(p.dilation))" }
        if !uniform(p.outputPadding, 0) { text += ", output_padding=\(TensorPrinter.tuple(p.outputPadding))" }
        if p.groups != 1 { text += ", groups=\(p.groups)" }
        if parameter("bias") == nil { text += ", bias=False" }
        if paddingMode != "zeros" { text += ", padding_mode=\(paddingMode)" }
        return text
    }
}
