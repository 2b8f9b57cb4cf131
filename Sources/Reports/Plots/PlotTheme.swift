/// Where a picture takes the colours of text, frames and paper from.
package enum PlotTheme: Sendable {
    /// From whoever shows it: text in `currentColor`, light and dark by the reader's preference, paper transparent.
    case adaptive
    /// Black on white, for printers and pixel formats.
    case light

    /// The colour of text and frames.
    var ink: String { self == .light ? "#1f2328" : "currentColor" }

    /// Fill of boxes that cover the drawing, such as the legend: an attribute for either theme.
    var surface: (String, String) { self == .light ? ("fill", "#ffffff") : ("style", "fill:var(--plot-surface,Canvas)") }

    /// The rules of a picture standing alone; inside a page they do not apply, and the page's colours are inherited.
    var styleSheet: String? {
        guard self == .adaptive else { return nil }
        return "svg:root{color:#1f2328;--plot-surface:#fff}@media(prefers-color-scheme:dark){svg:root{color:#e6edf3;--plot-surface:#0d1117}}"
    }

    static let fontFamily = "system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,DejaVu Sans,sans-serif"
}
