import ArgumentParser
import Library
import Notebooks
import Reports

#if canImport(Glibc)
    import Glibc
#endif

/// `qnb preview FILE`
struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Show a notebook in the browser and follow it while it is edited and run.",
        discussion: """
            The page is the notebook's report. It changes as the file is saved, and while `qnb run` executes the notebook it shows
            each cell's output as it comes. Preview itself executes nothing. The page is served to this machine only, at an address
            that nobody can guess; Ctrl-C ends it.

            EXAMPLE
              qnb preview digits.qnb
            """)

    @Option(help: ArgumentHelp("Listen on this port; by default on a free one.", valueName: "n"))
    var port: UInt16 = 0

    @Flag(help: "Keep the notebook's own HTML as it is.")
    var trust = false

    @Argument(help: ArgumentHelp("The notebook.", valueName: "file"))
    var file: String

    func run() throws {
        let store = PosixFileSystem()
        let path = Paths.absolute(file)
        do {
            let status = try store.status(store.resolve(path))
            if status?.isFolder == true { throw mistake("\(file): a preview shows one notebook; 'qnb render' makes pages of a folder") }
        } catch let failure as FileFailure {
            throw mistake(failure.description)
        }
        let feed = PreviewFeed()
        var notebook = PreviewedNotebook(path, trusts: trust, files: store)
        notebook.refresh(feed)
        let server = PreviewServer(feed: feed, token: try Self.token())
        do throws(LocalServer.Failure) {
            print("\(file) is shown at \(try server.start(port: port))")
            fflush(nil)
        } catch {
            throw mistake(error.reason)
        }
        while true {
            usleep(FileWatch.interval)
            notebook.refreshIfChanged(feed)
        }
    }

    /// 128 bits nobody can guess, as hexadecimal digits.
    private static func token() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard getentropy(&bytes, bytes.count) == 0 else { throw mistake("the system gives no random bytes") }
        return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The notebook on disk as its preview last saw it.
struct PreviewedNotebook {
    private let path: String
    private let trusts: Bool
    private let files: PosixFileSystem
    private var watch: FileWatch
    /// The notebook, what a run leaves beside it, and the images it shows.
    private var watched: Set<String>

    init(_ path: String, trusts: Bool, files: PosixFileSystem) {
        self.path = path
        self.trusts = trusts
        self.files = files
        watch = FileWatch(files: files)
        let paths = NotebookPaths((try? files.resolve(path)) ?? path)
        watched = [path, paths.file, paths.journal, paths.runRecord]
        _ = watch.changes(in: watched)
    }

    mutating func refreshIfChanged(_ feed: PreviewFeed) {
        if !watch.changes(in: watched).isEmpty { refresh(feed) }
    }

    mutating func refresh(_ feed: PreviewFeed) {
        let live: LiveNotebook
        do throws(LoadedNotebook.Failure) {
            live = try LiveNotebook(path, files: files, epoch: Release.notebookEpoch)
        } catch {
            feed.fail(Paths.shortened(error.messages.joined(separator: "\n")), name: NotebookPaths(path).name)
            return
        }
        let images = NotebookImages(live.loaded.paths, files: files)
        let shown = ShownImages()
        // What is wrong with the options is said by `render`; the page goes on without them.
        var warnings: [String] = []
        var page = NotebookReport.page(live.loaded, live.staleness, file: path, trusts: trusts, files: files, warnings: &warnings) { path in
            if let place = images.place(path) { shown.places.insert(place) }
            return live.images[path].flatMap { NotebookImages.dataURI($0, path: path) } ?? images.dataURI(path)
        }
        feed.update(page.parts(), theme: page.options.theme)
        let new = shown.places.subtracting(watched)
        watched.formUnion(new)
        _ = watch.changes(in: new)
    }

    private final class ShownImages { var places: Set<String> = [] }
}
