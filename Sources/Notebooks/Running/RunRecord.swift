/// `NAME.qnb-run.json`: the volatile facts of the last run, which have no place in the notebook itself.
package struct RunRecord: Sendable {
    package let file: String
    package let status: RunStatus
    package let cells: [CellReport]
    package let parameters: [ScalarValue.Entry]
    package let seed: UInt64?
    package let residentBytes: Int?
    package let facts: [JSON.Member]

    package var json: JSON {
        let total = cells.reduce(0) { $0 + $1.seconds }
        var members: [JSON.Member] = [
            JSON.Member("notebook", .string(file)), JSON.Member("exit_status", .int(Int(status.rawValue))),
            JSON.Member("seconds", Self.seconds(total)), JSON.Member("params", ScalarValue.map(parameters).json),
            JSON.Member("seed", seed.map { .number(String($0)) } ?? .null), JSON.Member("memory_bytes", residentBytes.map { .int($0) } ?? .null),
        ]
        members += facts
        members.append(JSON.Member("cells", .array(cells.map(\.json))))
        return .object(members)
    }

    /// Rounded to microseconds.
    fileprivate static func seconds(_ value: Double) -> JSON {
        value.isFinite && abs(value) < 1e12 ? .number("\((value * 1e6).rounded() / 1e6)") : .null
    }
}

extension CellReport {
    package var json: JSON {
        var members: [JSON.Member] = [
            JSON.Member("cell", .int(index + 1)), JSON.Member("name", .string(name)), JSON.Member("line", .int(line)),
            JSON.Member("status", .string(status.rawValue)), JSON.Member("seconds", RunRecord.seconds(seconds)),
            JSON.Member("changed", .bool(isChanged)),
        ]
        if isReplay { members.append(JSON.Member("replay", .bool(true))) }
        if let error { members.append(JSON.Member("error", .string("\(error.typeName): \(error.message)"))) }
        return .object(members)
    }
}
