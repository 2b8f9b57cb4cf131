import Notebooks

extension RunResult {
    /// What `--json` prints: one object with status, messages and cells.
    func json(file: String) -> JSON {
        .object([
            JSON.Member("notebook", .string(file)), JSON.Member("exit_status", .int(Int(status.rawValue))),
            JSON.Member("written_to", writtenTo.map { .string(Paths.shortened($0)) } ?? .null),
            JSON.Member("messages", .array(messages.map { .string($0) })),
            JSON.Member("cells", .array(cells.map(\.json))),
        ])
    }
}

extension CheckResult {
    func json(file: String) -> JSON {
        .object([
            JSON.Member("notebook", .string(file)), JSON.Member("exit_status", .int(Int(status.rawValue))),
            JSON.Member("messages", .array(messages.map { .string($0) })),
            JSON.Member(
                "differences",
                .array(
                    differences.map {
                        .object([
                            JSON.Member("cell", .string($0.cell)), JSON.Member("line", .int($0.line)), JSON.Member("diff", .string($0.diff)),
                        ])
                    })),
            JSON.Member("cells", .array(cells.map(\.json))),
        ])
    }
}
