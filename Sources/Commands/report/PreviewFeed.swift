import Notebooks
import Reports
import Synchronization

/// The page a preview shows, between the thread that follows the notebook and those that serve browsers.
final class PreviewFeed: Sendable {
    private let page = Mutex(LivePage())

    func update(_ parts: PageParts, theme: ReportOptions.Theme?) { page.withLock { $0.update(parts, theme: theme) } }
    func fail(_ message: String, name: String) { page.withLock { $0.fail(message, name: name) } }

    var document: String { page.withLock { $0 }.document }

    /// What a browser with that version lacks; nil when it lacks nothing.
    func changes(after version: Int) -> JSON? {
        page.withLock { $0.version == version ? nil : $0 }?.changes(after: version)
    }
}
