/// The release this library belongs to.
package enum Release {
    package static let number = "0.1.0"
}
