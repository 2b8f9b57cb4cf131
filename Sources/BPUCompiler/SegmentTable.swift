import BPU

/// The DDR segments of a program: constants, one for each input and output, the workspace.
struct SegmentTable {
    private let inputs: Int
    private let outputs: Int

    init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
    }

    func input(_ k: Int) -> Int { 1 + k }
    func output(_ k: Int) -> Int { 1 + inputs + k }
    var workspace: Int { 1 + inputs + outputs }

    /// Segment and offset of a storage that is not on chip.
    func place(_ list: StepList, _ storage: Int, _ allocation: WorkspaceAllocation) -> (segment: Int, offset: Int) {
        switch list.storages[storage].home {
        case .input(let k): return (input(k), 0)
        case .output(let k): return (output(k), 0)
        case .workspace:
            guard let offset = allocation.offsets[storage] else { preconditionFailure("storage \(storage) has no place in the workspace") }
            return (workspace, offset)
        }
    }
}
