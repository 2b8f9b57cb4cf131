import ArgumentParser
import Library
import Notebooks
import Reports

#if canImport(Glibc)
    import Glibc
#endif

/// `qnb render FILE…`
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Make self-contained HTML reports from notebooks and their stored outputs.",
        discussion: """
            The report of digits.qnb is digits.html beside it. A folder becomes a folder of reports with an index page.
            Nothing is executed unless --execute says so. Outputs that no longer match their source are marked; HTML in the
            notebook is reduced to an allow-list.

            EXAMPLE
              qnb render digits.qnb
              qnb render notebooks -o build/site
              qnb render digits.qnb --watch
            """)

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The report, or for several notebooks the folder for them.", valueName: "path"))
    var output: String?

    @Flag(help: "Keep the notebook's own HTML as it is.")
    var trust = false

    @Flag(help: "Make a report again whenever its notebook is saved, until interrupted.")
    var watch = false

    @Flag(help: "Run the notebooks first, writing their outputs back into them.")
    var execute = false

    @OptionGroup(title: "Options of --execute")
    var evaluation: EvaluationArguments

    @Argument(help: ArgumentHelp("Notebooks, or folders of them.", valueName: "file"))
    var files: [String]

    private struct Job {
        let source: String
        let target: String

        /// The record of a run has the timings, and is written after the notebook.
        var watched: [String] { [source, NotebookPaths(source).runRecord] }
    }

    func run() throws {
        let store = PosixFileSystem()
        let (jobs, index) = try jobs(store)
        var status = execute ? try executed(jobs) : .done
        var watched = FileWatch(files: store)
        // Before the pages are made: a save meanwhile must not go unseen.
        _ = watched.changes(in: jobs.flatMap(\.watched))
        status = worse(status, render(jobs, index: index, store))
        guard watch else { throw ExitCode(status.rawValue) }
        say(["watching \(jobs.count) notebook\(jobs.count == 1 ? "" : "s"); Ctrl-C ends"])
        while true {
            usleep(FileWatch.interval)
            let changed = Set(watched.changes(in: jobs.flatMap(\.watched)))
            let again = jobs.filter { job in job.watched.contains(where: changed.contains) }
            if again.isEmpty { continue }
            // The index tells of all of them.
            if render(index == nil ? again : jobs, index: index, store) == .done { say(again.map { "made \($0.target)" }) }
        }
    }

    // MARK: What to do

    private func jobs(_ store: PosixFileSystem) throws -> (jobs: [Job], index: String?) {
        let isFolder = files.count == 1 && Self.isFolder(files[0])
        var sources: [String] = []
        for path in files {
            guard Self.isFolder(path) else {
                sources.append(path)
                continue
            }
            do { for name in try store.list(path) where CommandLineOrder.isNotebook(name) { sources.append(path + "/" + name) } } catch {
                throw mistake("\(path): \(error)")
            }
        }
        if sources.isEmpty { throw mistake("\(files.joined(separator: ", ")): no notebook to render") }
        let folder = isFolder || sources.count > 1 ? output ?? (isFolder ? files[0] : nil) : nil
        if let folder {
            do { try store.makeFolder(folder) } catch { throw mistake("\(folder): \(error)") }
        }
        // Cells may change the process's folder.
        let jobs = sources.map { source in
            let paths = NotebookPaths(source)
            let name = paths.name + ".html"
            return Job(source: Paths.absolute(source), target: Paths.absolute(folder.map { $0 + "/" + name } ?? output ?? paths.folder + name))
        }
        try refuseSharedTargets(jobs)
        return (jobs, isFolder ? folder.map { Paths.absolute($0 + "/index.html") } : nil)
    }

    private func refuseSharedTargets(_ jobs: [Job]) throws {
        var owners: [String: String] = [:]
        for job in jobs {
            if let other = owners.updateValue(job.source, forKey: job.target) {
                throw mistake("\(other) and \(job.source) would both become \(job.target); render them one by one with -o")
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func worse(_ a: RunStatus, _ b: RunStatus) -> RunStatus { a.rawValue >= b.rawValue ? a : b }

    // MARK: Doing it

    private func executed(_ jobs: [Job]) throws -> RunStatus {
        var status = RunStatus.done
        for job in jobs {
            let result = NotebookExecution(job.source, options: try evaluation.options(), style: evaluation.style, verb: "run").run()
            say(result.messages)
            if result.status == .interrupted { throw ExitCode(result.status.rawValue) }
            status = worse(status, result.status)
        }
        return status
    }

    private func render(_ jobs: [Job], index: String?, _ store: PosixFileSystem) -> RunStatus {
        var status = RunStatus.done
        var pages: [(title: String, target: String, summary: String)] = []
        for job in jobs {
            do throws(RenderFailure) {
                let report = try NotebookReport.make(job.source, trusts: trust, files: store)
                try NotebookReport.write(report.html, to: job.target, files: store)
                say(report.warnings)
                pages.append((report.title, NotebookPaths(job.target).fileName, report.summary))
            } catch {
                say([error.message])
                status = worse(status, error.status)
            }
        }
        guard let index, !pages.isEmpty else { return status }
        do throws(RenderFailure) {
            let title = files[0].split(separator: "/").last.map(String.init) ?? files[0]
            try NotebookReport.write(IndexPage(title: title, entries: pages).html(), to: index, files: store)
        } catch {
            say([error.message])
            return worse(status, error.status)
        }
        return status
    }
}
