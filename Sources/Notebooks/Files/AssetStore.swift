/// The tool-owned folder `NAME.assets` with the images, tables and logs that blocks refer to.
package struct AssetStore {
    private let files: any FileSystem
    private let paths: NotebookPaths

    package init(_ paths: NotebookPaths, files: any FileSystem) {
        self.paths = paths
        self.files = files
    }

    package func bytes(_ path: String) -> [UInt8]? {
        do throws(FileFailure) { return try files.read(paths.resolve(path)) } catch { return nil }
    }

    package func bytes(of asset: PendingAsset) -> [UInt8]? {
        switch asset.content {
        case .bytes(let bytes): return bytes
        case .file(let temporary): do throws(FileFailure) { return try files.read(temporary) } catch { return nil }
        }
    }

    /// Whether storing the assets would change a file that is there.
    package func replacesAny(of assets: [PendingAsset]) -> Bool {
        assets.contains { asset in bytes(asset.path).map { $0 != bytes(of: asset) } ?? false }
    }

    /// Puts assets in place; those that are there already with the same bytes are left alone.
    package func store(_ assets: [PendingAsset], _ durability: Durability = .synced) throws(FileFailure) {
        guard !assets.isEmpty else { return }
        try files.makeFolder(paths.assetFolder)
        for asset in assets {
            let target = paths.resolve(asset.path)
            switch asset.content {
            case .bytes(let bytes):
                if self.bytes(asset.path) != bytes { try files.replace(target, with: bytes, mode: 0o644, durability) }
            case .file(let temporary):
                try files.rename(temporary, to: target)
            }
        }
    }

    /// Where a log grows until its cell ends.
    package func temporaryLog(cellName: String) -> String { files.temporaryPath(for: paths.assetFolder + "/" + cellName + ".log") }

    /// Removes files that the text never names, and the folder once it is empty. Returns the removed names.
    package func removeUnreferenced(in text: [UInt8]) throws(FileFailure) -> [String] {
        guard let status = try files.status(paths.assetFolder), status.isFolder else { return [] }
        let words = String(decoding: text, as: UTF8.self)
        let names = try files.list(paths.assetFolder)
        var removed: [String] = []
        for name in names where !words.contains(name) && !words.contains(LinkText.destination(name)) {
            guard let entry = try files.status(paths.assetFolder + "/" + name), !entry.isFolder else { continue }
            try files.remove(paths.assetFolder + "/" + name)
            removed.append(name)
        }
        if removed.count == names.count { try files.removeFolder(paths.assetFolder) }
        return removed
    }
}
