/// How far a new output may differ from the stored one and still count as the same; also guards write-back, so that a
/// re-run within tolerance changes no byte.
package enum CheckRule: Sendable, Equatable {
    case exact
    /// Numbers a, b agree when |a − b| ≤ atol + rtol·max(|a|, |b|); NaN agrees with NaN; all other text must be equal up to runs of blanks.
    case tolerance(relative: Double, absolute: Double)
    /// `...` or `…` in the stored text stands for any text, as in doctest.
    case ellipsis
    /// The same kinds of outputs with as many lines, rows and columns.
    case shape
    case skip

    package init?(_ text: String) {
        switch text {
        case "exact": self = .exact
        case "ellipsis": self = .ellipsis
        case "shape": self = .shape
        case "skip": self = .skip
        default:
            var relative: Double?
            var absolute: Double?
            for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
                let parts = word.split(separator: "=", omittingEmptySubsequences: false)
                guard parts.count == 2, let value = Double(parts[1]), value >= 0, value.isFinite else { return nil }
                if parts[0] == "rtol", relative == nil {
                    relative = value
                } else if parts[0] == "atol", absolute == nil {
                    absolute = value
                } else {
                    return nil
                }
            }
            guard relative != nil || absolute != nil else { return nil }
            self = .tolerance(relative: relative ?? 0, absolute: absolute ?? 0)
        }
    }
}
