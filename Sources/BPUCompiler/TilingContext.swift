import BPU

/// What every tile of a program needs to know.
struct TilingContext {
    let list: StepList
    let march: MarchDescription
    let strategy: Strategy
    let workspace: WorkspaceAllocation
    let segments: SegmentTable
    private let producers: [Int?]
    private let uses: [[Int]]

    init(_ list: StepList, march: MarchDescription, strategy: Strategy, workspace: WorkspaceAllocation, segments: SegmentTable) {
        (self.list, self.march, self.strategy, self.workspace, self.segments) = (list, march, strategy, workspace, segments)
        producers = list.producers
        uses = list.uses
    }

    /// The report row that loads of a step are charged to.
    func loadRow(_ k: Int, _ storage: Int) -> Int {
        if list.steps[k].chargesLoadsToProducer, let producer = producers[storage] { return list.steps[producer].row }
        return list.steps[k].row
    }

    /// The report row that stores of a step are charged to.
    func storeRow(_ k: Int) -> Int {
        let storage = list.steps[k].output.storage
        if list.steps[k].chargesStoresToConsumer, list.storages[storage].home == .workspace, let reader = uses[storage].first { return list.steps[reader].row }
        return list.steps[k].row
    }

    func place(_ storage: Int) -> (segment: Int, offset: Int) { segments.place(list, storage, workspace) }
}
