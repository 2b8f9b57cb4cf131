extension Tensor {
    func checkInPlace(_ recordsGradient: Bool) throws(TensorError) {
        if EngineState.gradEnabled {
            if leafRequiresGrad && isLeaf { throw .runtime("a leaf Variable that requires grad is being used in an in-place operation.") }
            if let base, base.leafRequiresGrad, base.isLeaf {
                throw .runtime("a view of a leaf Variable that requires grad is being used in an in-place operation.")
            }
        }
        if layout.overlapsItself {
            throw .runtime(
                "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation."
            )
        }
    }

    /// Runs an in-place operation: checks, records, writes, counts the version.
    ///
    /// `gradient` is asked for before anything is written, so that operands it saves keep the version they had.
    @discardableResult
    func inPlace(_ others: [Tensor] = [], write: () throws(TensorError) -> Void, gradient: () -> Gradient) throws(TensorError) -> Tensor {
        let records = EngineState.gradEnabled && dtype.isFloatingPoint && (requiresGrad || others.contains { $0.requiresGrad })
        try checkInPlace(records)
        let rule = records ? gradient() : nil
        let edges: [Node?] = records ? [gradientEdge] + others.map { $0.gradientEdge } : []
        storage.willChange()
        try write()
        storage.bumpVersion()
        if let rule { rebase(rule, edges) }
        return self
    }

    /// Makes `rule` the history of this tensor, and of the base it is a view of.
    private func rebase(_ rule: Gradient, _ edges: [Node?]) {
        if let base {
            let node = Node(.copySlices(base: base, layout: layout, inner: rule), next: [base.gradientEdge] + edges.dropFirst(), result: base)
            base.ownNode = node
            base.historyEpoch += 1
        } else {
            ownNode = Node(rule, next: edges, result: self)
            historyEpoch += 1
        }
    }

    /// A fresh tensor with this layout's strides in a storage just large enough, holding `values`.
    static func shaped(as layout: Layout, dtype: DType, values: Tensor?) throws(TensorError) -> Tensor {
        var extent = 1
        for d in 0..<layout.rank { extent += (layout.sizes[d] - 1) * layout.strides[d] }
        if layout.count == 0 { extent = 0 }
        let flat = try Tensor.zeros([Swift.max(extent, 0)], dtype: dtype)
        let result = Tensor(storage: flat.storage, layout: Layout(sizes: layout.sizes, strides: layout.strides), dtype: dtype)
        if let values { try result.assignElements(from: values) }
        return result
    }
}

extension Gradient {
    /// The gradient of the base of a view that was written in place.
    static func copySlices(base: Tensor, layout view: Layout, inner: Gradient) -> Gradient {
        let whole = base.layout
        return Gradient(.copySlices, saved: inner.saved) { g in
            let buffer = try Tensor.shaped(as: whole, dtype: g.dtype, values: g)
            let slice = Tensor(
                storage: buffer.storage, layout: Layout(sizes: view.sizes, strides: view.strides, offset: view.offset - whole.offset), dtype: g.dtype)
            var results = try inner.rule(try slice.clone())
            if let own = results.first ?? nil {
                try slice.assignElements(from: own)
            } else {
                try slice.assignElements(from: try Tensor.zeros([], dtype: g.dtype))
            }
            results[0] = buffer
            return results
        }
    }

    /// The gradient of the base of a view, whatever the view.
    static func asStrided(base: Tensor, layout view: Layout) -> Gradient {
        let whole = base.layout
        return Gradient(.asStrided) { g in
            let buffer = try Tensor.shaped(as: whole, dtype: g.dtype, values: nil)
            let slice = Tensor(
                storage: buffer.storage, layout: Layout(sizes: view.sizes, strides: view.strides, offset: view.offset - whole.offset), dtype: g.dtype)
            if view.mayOverlapItself {
                try slice.accumulateOverlapping(g)
            } else {
                try slice.assignElements(from: g)
            }
            return [buffer]
        }
    }
}

extension Tensor {
    /// `unsqueeze_`, `transpose_` and their like: takes over the layout and history of `view`, a view of this tensor.
    package func takeLayout(of view: Tensor) throws(TensorError) {
        try checkInPlace(false)
        layout = view.layout
        if requiresGrad { ownNode = view.node }
    }

    /// `detach_`: leaves the graph. Views cannot, their base would still know them.
    package func detachInPlace() throws(TensorError) {
        if base != nil, node != nil { throw .runtime("Can't detach views in-place. Use detach() instead.") }
        ownNode = nil
        leafRequiresGrad = false
    }
}
