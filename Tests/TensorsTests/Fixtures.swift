import Foundation
import Tensors

/// The committed fixtures, and JSON read without surprises.
struct FixtureCase {
    let op: String
    let inputs: [Tensor]
    let arguments: [String: Any]
    let layout: String?
    let results: [[String: Any]]
    let gradients: [[String: Any]?]?
    let error: (type: String, message: String)?
    let index: Int

    var positional: [Any] { arguments["a"] as? [Any] ?? [] }
    func int(_ name: String, _ fallback: Int = 0) -> Int { (arguments[name] as? NSNumber)?.intValue ?? fallback }
    func double(_ name: String) -> Double? { Fixtures.number(arguments[name]) }
    func flag(_ name: String) -> Bool { (arguments[name] as? NSNumber)?.boolValue ?? false }
    func text(_ name: String) -> String? { arguments[name] as? String }
    func ints(_ name: String) -> [Int]? { (arguments[name] as? [NSNumber])?.map(\.intValue) }
    func position(_ i: Int) -> Int { (positional[i] as? NSNumber)?.intValue ?? 0 }
    func positions(_ i: Int) -> [Int] { (positional[i] as? [NSNumber])?.map(\.intValue) ?? [] }
    /// `dim` as a list, whatever it was given as.
    var dims: [Int]? { ints("dim") ?? (arguments["dim"] as? NSNumber).map { [$0.intValue] } }
    var reduction: LossReduction { LossReduction(rawValue: text("reduction") ?? "mean") ?? .mean }
}

enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
        "Fixtures/torch")

    static func json(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
        return object
    }

    static func number(_ value: Any?) -> Double? {
        switch value {
        case let text as String: text == "nan" ? .nan : (text == "inf" ? .infinity : (text == "-inf" ? -.infinity : nil))
        case let number as NSNumber: number.doubleValue
        default: nil
        }
    }

    static func tensor(_ object: [String: Any]) throws -> Tensor {
        guard let shape = (object["shape"] as? [NSNumber])?.map(\.intValue), let name = object["dtype"] as? String,
            let data = object["data"] as? [Any],
            let dtype = DType.allCases.first(where: { $0.name == name })
        else { throw CocoaError(.fileReadCorruptFile) }
        if !dtype.isFloatingPoint { return try .from(integers: data.map { ($0 as? NSNumber)?.intValue ?? 0 }, shape, dtype: dtype) }
        return try .from(data.map { number($0) ?? .nan }, shape, dtype: dtype)
    }

    static func cases() throws -> [FixtureCase] {
        let list = try ["cases.json", "volumes.json"].flatMap { try json($0)["cases"] as? [[String: Any]] ?? [] }
        return try list.enumerated().map { index, entry in
            let error = (entry["error"] as? [String: String]).map { (type: $0["type"] ?? "", message: $0["message"] ?? "") }
            return FixtureCase(
                op: entry["op"] as? String ?? "", inputs: try (entry["inputs"] as? [[String: Any]] ?? []).map(tensor),
                arguments: entry["args"] as? [String: Any] ?? [:],
                layout: entry["layout"] as? String, results: entry["results"] as? [[String: Any]] ?? [],
                gradients: (entry["grads"] as? [Any])?.map { $0 as? [String: Any] }, error: error, index: index)
        }
    }

    /// The first difference beyond tolerance, as text; nil if none.
    static func difference(_ actual: Tensor, _ expected: Tensor, rtol: Double = 1e-5, atol: Double = 1e-6, what: String) throws -> String? {
        if actual.dtype != expected.dtype { return "\(what): dtype \(actual.dtype.name), expected \(expected.dtype.name)" }
        if actual.shape != expected.shape { return "\(what): shape \(actual.shape), expected \(expected.shape)" }
        let (a, e) = (try actual.doubles(), try expected.doubles())
        for i in 0..<a.count where !(a[i] == e[i] || (a[i].isNaN && e[i].isNaN) || abs(a[i] - e[i]) <= atol + rtol * abs(e[i])) {
            return "\(what): element \(i) is \(a[i]), expected \(e[i])"
        }
        return nil
    }
}
