/// The release this library belongs to.
package enum Release {
    package static let number = "0.1.0"
    /// Part of every notebook's seal: goes up only when the same notebook may give other results.
    package static let notebookEpoch = 1
}
