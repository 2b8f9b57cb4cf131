import Synchronization

/// Spaces computed once for each number of bins and image size: an image of a batch costs no arithmetic for them.
enum AugmentSpaces {
    private struct Key: Hashable {
        let bins, width, height: Int
    }

    private static let known = Mutex<[Key: AugmentSpace]>([:])

    private static func space(_ key: Key, _ make: () -> AugmentSpace) -> AugmentSpace {
        known.withLock { known in
            if let space = known[key] { return space }
            // Folders of photographs have many sizes; the table need not remember them all.
            if known.count > 64 { known.removeAll() }
            let space = make()
            known[key] = space
            return space
        }
    }

    static func randAugment(_ bins: Int, _ width: Int, _ height: Int) -> AugmentSpace {
        space(Key(bins: bins, width: width, height: height)) { .randAugment(bins, width: width, height: height) }
    }

    static func trivialAugmentWide(_ bins: Int) -> AugmentSpace {
        space(Key(bins: bins, width: -1, height: -1)) { .trivialAugmentWide(bins) }
    }
}
