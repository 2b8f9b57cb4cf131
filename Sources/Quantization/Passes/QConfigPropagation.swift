import Graphs
import NN

/// Gives every module its qconfig, by rising priority: the parent's, by type, by name, its own attribute.
///
/// State: which keys matched. Entry: `run`, which returns the choice of each module path.
struct QConfigPropagation {
    let mapping: QConfigMapping
    /// What the user set on a module of the original model.
    let attribute: (String) -> QConfigChoice?
    /// By fused path: the original modules it stands for, last operation first.
    let members: [String: [String]]

    func run(_ root: Module) -> [String: QConfigChoice] {
        var choices: [String: QConfigChoice] = [:]
        var matched: Set<String> = []
        visit(root, "", mapping.global, &choices, &matched)
        let missing = mapping.byName.map(\.name).filter { !matched.contains("name:" + $0) }
        if !missing.isEmpty { warn(missing) }
        let missingTypes = mapping.byType.map(\.type).filter { !matched.contains("type:" + $0) }
        if !missingTypes.isEmpty { warn(missingTypes) }
        return choices
    }

    private func warn(_ keys: [String]) {
        QuantizationState.warn(
            "The model doesn't have {\(keys.map { "'\($0)'" }.joined(separator: ", "))}, whose qconfig is ignored. Names are matched after fusion; check them with print(model)"
        )
    }

    private func visit(
        _ module: Module, _ path: String, _ parent: QConfigChoice?, _ choices: inout [String: QConfigChoice], _ matched: inout Set<String>
    ) {
        var choice = parent
        for (type, wanted) in mapping.byType where names(module).contains(type) {
            choice = wanted
            matched.insert("type:" + type)
        }
        let named = mapping.byName.last { $0.name == path }
        if let named {
            choice = named.choice
            matched.insert("name:" + path)
        }
        if let own = ([path] + (members[path] ?? [])).lazy.compactMap(attribute).first {
            if named != nil { QuantizationState.warn("\(path) already has a qconfig, its entry in module_name is ignored") }
            choice = own
        }
        choices[path] = choice
        for (name, child) in module.namedChildren { visit(child, path.isEmpty ? name : path + "." + name, choice, &choices, &matched) }
    }

    /// The type, and for fused layers that of the layer without what is fused to it.
    private func names(_ module: Module) -> [String] {
        guard let layer = module as? WeightedLayer else { return [module.typeName] }
        return switch layer.base {
        case .convolution(_, let dimensions): [layer.typeName, "Conv\(dimensions)d"]
        case .transposed(_, let dimensions): [layer.typeName, "ConvTranspose\(dimensions)d"]
        case .linear: [layer.typeName, "Linear"]
        }
    }
}
