/// A dictionary that keeps the order of insertion: the `OrderedDict` of parameters, buffers, children.
package struct OrderedTable<Value> {
    package private(set) var keys: [String] = []
    private var values: [String: Value] = [:]

    package init() {}
    package init(_ pairs: [(String, Value)]) { for (key, value) in pairs { self[key] = value } }

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }
    package func contains(_ key: String) -> Bool { values[key] != nil }

    /// Setting nil removes; O(count) then, O(1) otherwise.
    package subscript(_ key: String) -> Value? {
        get { values[key] }
        set {
            if let newValue {
                if values.updateValue(newValue, forKey: key) == nil { keys.append(key) }
            } else if values.removeValue(forKey: key) != nil {
                keys.removeAll { $0 == key }
            }
        }
    }

    package var pairs: [(key: String, value: Value)] { keys.map { ($0, values[$0]!) } }
}
