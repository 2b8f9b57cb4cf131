/// Every differentiable operation; the raw value is what `grad_fn` prints.
package enum Operation: String, CaseIterable, Sendable {
    case accumulate = "AccumulateGrad"
    // Arithmetic
    case add = "AddBackward0", sub = "SubBackward0", rsub = "RsubBackward1", mul = "MulBackward0", div = "DivBackward0", pow = "PowBackward0",
        powTensor = "PowBackward1"
    case remainder = "RemainderBackward1", fmod = "FmodBackward1", maximum = "MaximumBackward0", minimum = "MinimumBackward0", atan2 =
        "Atan2Backward0"
    case neg = "NegBackward0", abs = "AbsBackward0", reciprocal = "ReciprocalBackward0", sqrt = "SqrtBackward0", rsqrt = "RsqrtBackward0"
    case clamp = "ClampBackward1", whereSelect = "WhereBackward0", addcmul = "AddcmulBackward0", addcdiv = "AddcdivBackward0", lerp = "LerpBackward0"
    /// Functions constant almost everywhere.
    case sign = "SignBackward0", floor = "FloorBackward0", ceil = "CeilBackward0", round = "RoundBackward0", trunc = "TruncBackward0", frac =
        "FracBackward0"
    // Transcendental functions
    case exp = "ExpBackward0", exp2 = "Exp2Backward0", expm1 = "Expm1Backward0", log = "LogBackward0", log2 = "Log2Backward0", log10 =
        "Log10Backward0", log1p = "Log1PBackward0"
    case sin = "SinBackward0", cos = "CosBackward0", tan = "TanBackward0", asin = "AsinBackward0", acos = "AcosBackward0", atan = "AtanBackward0"
    case sinh = "SinhBackward0", cosh = "CoshBackward0", tanh = "TanhBackward0", asinh = "AsinhBackward0", acosh = "AcoshBackward0", atanh =
        "AtanhBackward0"
    case erf = "ErfBackward0", erfc = "ErfcBackward0"
    // Activations
    case relu = "ReluBackward0", hardtanh = "HardtanhBackward0", leakyRelu = "LeakyReluBackward0", elu = "EluBackward0", sigmoid = "SigmoidBackward0",
        logSigmoid = "LogSigmoidBackward0"
    case silu = "SiluBackward0", mish = "MishBackward0", gelu = "GeluBackward0", hardswish = "HardswishBackward0", hardsigmoid =
        "HardsigmoidBackward0"
    case softplus = "SoftplusBackward0", softshrink = "SoftshrinkBackward0", hardshrink = "HardshrinkBackward0", threshold = "ThresholdBackward0",
        prelu = "PreluKernelBackward0"
    case softmax = "SoftmaxBackward0", logSoftmax = "LogSoftmaxBackward0", nativeDropout = "NativeDropoutBackward0"
    // Reductions
    case sum = "SumBackward1", sumAll = "SumBackward0", mean = "MeanBackward1", meanAll = "MeanBackward0", prod = "ProdBackward1", maxAll =
        "MaxBackward1", minAll = "MinBackward1"
    case maxDim = "MaxBackward0", minDim = "MinBackward0", amax = "AmaxBackward0", amin = "AminBackward0", variance = "VarBackward0", std =
        "StdBackward0", norm = "LinalgVectorNormBackward0"
    case logsumexp = "LogsumexpBackward0", cumsum = "CumsumBackward0", cumprod = "CumprodBackward0", cummax = "CummaxBackward0", cummin =
        "CumminBackward0"
    // Products
    case mm = "MmBackward0", bmm = "BmmBackward0", mv = "MvBackward0", dot = "DotBackward0", addmm = "AddmmBackward0"
    // Views and movement of elements
    case view = "ViewBackward0", unsafeView = "UnsafeViewBackward0", reshapeAlias = "ReshapeAliasBackward0", permute = "PermuteBackward0", transpose =
        "TransposeBackward0", transposeMatrix = "TBackward0"
    case expand = "ExpandBackward0", squeeze = "SqueezeBackward0", squeezeDim = "SqueezeBackward1", unsqueeze = "UnsqueezeBackward0", select =
        "SelectBackward0", slice = "SliceBackward0", split = "SplitBackward0", unbind = "UnbindBackward0"
    case asStrided = "AsStridedBackward0", diagonal = "DiagonalBackward0", unfold = "UnfoldBackward0", alias = "AliasBackward0", copySlices =
        "CopySlices"
    case clone = "CloneBackward0", toCopy = "ToCopyBackward0", copy = "CopyBackwards"
    case cat = "CatBackward0", stack = "StackBackward0", repeatTiles = "RepeatBackward0", flip = "FlipBackward0", roll = "RollBackward0", pad =
        "ConstantPadNdBackward0", padIndexed = "ReflectionPad2DBackward0"
    case index = "IndexBackward0", indexPut = "IndexPutBackward0", indexSelect = "IndexSelectBackward0", gather = "GatherBackward0", scatter =
        "ScatterBackward0", scatterAdd = "ScatterAddBackward0", indexAdd = "IndexAddBackward0"
    case maskedFill = "MaskedFillBackward0", maskedSelect = "MaskedSelectBackward0", triu = "TriuBackward0", tril = "TrilBackward0", sort =
        "SortBackward0", topk = "TopkBackward0", fill = "FillBackward0"
    // Layers
    case convolution = "ConvolutionBackward0", batchNorm = "NativeBatchNormBackward0", layerNorm = "NativeLayerNormBackward0", groupNorm =
        "NativeGroupNormBackward0"
    case convolutionBatchNorm = "ConvolutionBatchNormBackward0"
    case maxPool = "MaxPool2DWithIndicesBackward0", avgPool = "AvgPool2DBackward0", adaptiveAvgPool = "AdaptiveAvgPool2DBackward0", adaptiveMaxPool =
        "AdaptiveMaxPool2DBackward0"
    case upsample = "UpsampleBilinear2DBackward0", embedding = "EmbeddingBackward0"
    // Losses
    case nllLoss = "NllLossBackward0", mseLoss = "MseLossBackward0", l1Loss = "L1LossBackward0", smoothL1Loss = "SmoothL1LossBackward0", huberLoss =
        "HuberLossBackward0", bce = "BinaryCrossEntropyBackward0", bceWithLogits = "BinaryCrossEntropyWithLogitsBackward0", klDiv = "KlDivBackward0"
    /// A rule the caller supplies: `autograd.Function`, fake quantization.
    case custom = "CustomFunctionBackward"
}
