/// Which slot of a module's globals belongs to which name. Grows as code is compiled for the module; slots never move.
package final class GlobalNames {
    package private(set) var names: [String] = []
    private var slots: [String: Int] = [:]

    package init() {}

    /// The slot of `name`, new when it has none.
    package func slot(of name: String) -> Int {
        if let slot = slots[name] { return slot }
        let slot = names.count
        names.append(name)
        slots[name] = slot
        return slot
    }

    package func existingSlot(of name: String) -> Int? { slots[name] }
}
