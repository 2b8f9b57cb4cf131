/// The accelerator generation a model is meant for: the string constants of `horizon_plugin_pytorch.march.March`.
package enum March: String, CaseIterable, Sendable, Codable {
    case bernoulli = "bernoulli"
    case bernoulli2 = "bernoulli2"
    case bayes = "bayes"
    case bayesE = "bayes-e"
    case nash = "nash"
    case nashE = "nash-e"
    case nashM = "nash-m"
    case nashP = "nash-p"
    case meta = "meta"

    /// Whether right shifts of the integer path round half up; BERNOULLI and BERNOULLI2 truncate toward minus infinity.
    package var roundsShifts: Bool { self != .bernoulli && self != .bernoulli2 }

    /// The largest shift before the multiplication of a rescale.
    package var maximumPreShift: Int { roundsShifts ? 17 : 31 }

    /// Whether scales must be powers of two.
    package var usesPowerOfTwoScales: Bool { self == .bernoulli }

    /// Whether feature maps of 16 bits exist.
    package var supportsInt16: Bool { self != .bernoulli && self != .bernoulli2 }
}
