import Tensors

/// Saving and loading of parameters and persistent buffers by dotted name.
extension Module {
    /// Detached tensors sharing storage with the module's, in order.
    package func stateDict(prefix: String = "") -> OrderedTable<Tensor> {
        var result = OrderedTable<Tensor>()
        collect(prefix, into: &result)
        return result
    }

    private func collect(_ prefix: String, into table: inout OrderedTable<Tensor>) {
        for (name, entry) in parameterEntries.pairs { if let tensor = entry.value { table[prefix + name] = tensor.detach() } }
        for (name, entry) in bufferEntries.pairs where !nonPersistentBuffers.contains(name) {
            if let tensor = entry.value { table[prefix + name] = tensor.detach() }
        }
        for (name, child) in namedChildren { child.collect(prefix + name + ".", into: &table) }
    }

    /// Copies `state` in. Strict: every name must match; sizes always must.
    @discardableResult
    package func loadStateDict(_ state: OrderedTable<Tensor>, strict: Bool = true) throws(TensorError) -> (missing: [String], unexpected: [String]) {
        var missing: [String] = []
        var messages: [String] = []
        var used: Set<String> = []
        try load(state, "", &missing, &messages, &used)
        let unexpected = state.keys.filter { !used.contains($0) }
        if strict {
            func quoted(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
            if !unexpected.isEmpty { messages.insert("Unexpected key(s) in state_dict: \(quoted(unexpected)). ", at: 0) }
            if !missing.isEmpty { messages.insert("Missing key(s) in state_dict: \(quoted(missing)). ", at: 0) }
        }
        if !messages.isEmpty {
            throw .runtime("Error(s) in loading state_dict for \(typeName):\n\t" + messages.joined(separator: "\n\t"))
        }
        return (missing, unexpected)
    }

    private func load(
        _ state: OrderedTable<Tensor>, _ prefix: String, _ missing: inout [String], _ messages: inout [String], _ used: inout Set<String>
    ) throws(TensorError) {
        let own =
            parameterEntries.pairs.map { ($0.key, $0.value.value) }
            + bufferEntries.pairs.filter { !nonPersistentBuffers.contains($0.key) }.map { ($0.key, $0.value.value) }
        for (name, entry) in own {
            guard let tensor = entry else { continue }
            let key = prefix + name
            guard let source = state[key] else {
                missing.append(key)
                continue
            }
            used.insert(key)
            try willLoad(name, tensor, from: source)
            guard source.shape == tensor.shape else {
                messages.append(
                    "size mismatch for \(key): copying a param with shape torch.Size(\(bracketed(source.shape))) from checkpoint, the shape in current model is torch.Size(\(bracketed(tensor.shape)))."
                )
                continue
            }
            try EngineState.noGrad { () throws(TensorError) in _ = try tensor.copy_(source) }
        }
        try didLoadState()
        for (name, child) in namedChildren { try child.load(state, prefix + name + ".", &missing, &messages, &used) }
    }
}
