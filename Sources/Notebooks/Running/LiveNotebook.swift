/// A notebook as a run in progress sees it: what is on disk, and in memory what the run's journal adds to it. Nothing is written.
package struct LiveNotebook {
    package let loaded: LoadedNotebook
    /// Images the run will store with the notebook's next write, by path.
    package let images: [String: [UInt8]]
    package let staleness: Staleness

    /// - Parameter path: the notebook's.
    package init(_ path: String, files: any FileSystem, epoch: Int) throws(LoadedNotebook.Failure) {
        let disk = try LoadedNotebook(path, files: files)
        let staleness = disk.staleness(files: files, epoch: epoch)
        // No journal is the usual case, and one that vanishes while it is read is a run that has just ended.
        guard let bytes = try? files.read(disk.paths.journal) else {
            self.init(loaded: disk, images: [:], staleness: staleness)
            return
        }
        var image = DocumentImage(disk.notebook)
        var images: [String: [UInt8]] = [:]
        var renewed: Set<Int> = []
        for journaled in JournaledCell.all(in: JournalRecord.decode(bytes)) where !journaled.isCapped {
            guard let cell = journaled.match(in: disk), journaled.regions.contains(Recovery.digest(image.region(ofCell: cell.index))) else {
                continue
            }
            let output = journaled.output(for: cell, folder: disk.paths.assetFolderName, embeds: false, log: nil)
            for asset in output.assets { if case .bytes(let bytes) = asset.content { images[asset.path] = bytes } }
            let marker = OutMarker(hash: journaled.hash, status: journaled.status ?? .running)
            image.setBlock(DocumentImage.Block(marker: marker, payload: PayloadWriter.lines(output.items), sum: nil), ofCell: cell.index)
            if journaled.status?.isComplete == true { renewed.insert(cell.index) }
        }
        guard image.isChanged else {
            self.init(loaded: disk, images: [:], staleness: staleness)
            return
        }
        let loaded: LoadedNotebook
        do throws(NotebookRefusal) {
            loaded = try LoadedNotebook(bytes: image.render(), status: disk.status, paths: disk.paths, name: path, files: files)
        } catch {
            throw .refused(error)
        }
        self.init(loaded: loaded, images: images, staleness: staleness.renewing(renewed))
    }

    private init(loaded: LoadedNotebook, images: [String: [UInt8]], staleness: Staleness) {
        self.loaded = loaded
        self.images = images
        self.staleness = staleness
    }
}
