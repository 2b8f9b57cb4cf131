import Interpreter
import Library

#if canImport(Glibc)
    import Glibc
#endif

/// Completions from the live objects of a session. Looks attributes up, calls nothing but what an attribute itself runs.
package final class SessionCompleter {
    private let vm: VM
    private let main: Value
    private let search: ModuleSearch
    /// The session's `%` commands with their marks, once they were asked for.
    private var commands: [Completions.Candidate]?
    /// Cells of the notebook that was opened.
    package var labels: [String] = []
    /// Names that hide those of the session, with their values (borrowed): a debugger's.
    package var innerNames: [(name: String, value: Value)] = []

    package init(vm: VM, main: Value, search: ModuleSearch) {
        self.vm = vm
        self.main = main
        self.search = search
    }

    package func completions(_ text: String, utf8Offset: Int) -> Completions {
        let context = CompletionContext(text, utf8Offset: utf8Offset)
        let start = utf8Offset - context.replacedLength
        return Completions(start: start, candidates(context))
    }

    private func candidates(_ context: CompletionContext) -> [Completions.Candidate] {
        switch context {
        case .nothing: return []
        case .command(let prefix): return describedCommands().filter { $0.text.hasPrefix(prefix) }
        case .path(let prefix): return paths(prefix)
        case .loadable(let prefix): return labels.filter { $0.hasPrefix(prefix) }.map { Completions.Candidate($0, note: "cell") } + paths(prefix)
        case .module(let prefix): return modules(prefix)
        case .member(let module, let prefix): return members(module, prefix)
        case .attribute(let owner, let prefix):
            guard let value = follow(owner) else { return [] }
            defer { vm.heap.release(value) }
            return attributes(value, prefix)
        case .key(let owner, let prefix):
            guard let value = follow(owner) else { return paths(prefix) }
            defer { vm.heap.release(value) }
            return keys(value, prefix) ?? paths(prefix)
        case .name(let prefix, let callee):
            let arguments = callee.map { self.arguments($0, prefix) } ?? []
            // Right behind the bracket the question is what the function takes.
            return prefix.isEmpty && !arguments.isEmpty ? arguments : arguments + names(prefix)
        }
    }

    // MARK: Commands

    /// What `%lsmagic` lists, asked of the language once.
    private func describedCommands() -> [Completions.Candidate] {
        if let commands { return commands }
        let list = quietly { () throws(PythonError) -> Value? in
            let package = try self.vm.importModule("IPython")
            defer { self.vm.heap.release(package) }
            let shell = try self.vm.callMethod(package, "get_ipython")
            defer { self.vm.heap.release(shell) }
            return try self.vm.callMethod(shell, "commands")
        }
        guard let list, list.tag == Tag.list else { return [] }
        defer { vm.heap.release(list) }
        var found: [Completions.Candidate] = []
        for index in 0..<list.list.pointee.count {
            let pair = strings(list.list.pointee.items[index])
            if pair.count == 2 { found.append(Completions.Candidate(pair[0], note: pair[1])) }
        }
        commands = found
        return found
    }

    // MARK: Names

    private static let keywords = [
        "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
        "import", "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "None", "True",
        "False",
    ]

    private func names(_ prefix: String) -> [Completions.Candidate] {
        var found: [String: String] = [:]
        for name in Self.keywords where name.hasPrefix(prefix) { found[name] = "keyword" }
        for (name, value) in vm.builtinValues where isOffered(name, prefix) { found[name] = kind(of: value) }
        let info = vm.moduleInfo(main)
        for name in info.names.names where isOffered(name, prefix) {
            if let value = info.value(of: name) { found[name] = kind(of: value) }
        }
        for (name, value) in innerNames where isOffered(name, prefix) { found[name] = kind(of: value) }
        return sorted(found)
    }

    /// Names with a leading underscore are offered to those who type it.
    private func isOffered(_ name: String, _ prefix: String) -> Bool { name.hasPrefix(prefix) && (prefix.hasPrefix("_") || !name.hasPrefix("_")) }

    private func sorted(_ found: [String: String]) -> [Completions.Candidate] {
        found.sorted { $0.key < $1.key }.map { Completions.Candidate($0.key, note: $0.value) }
    }

    private func kind(of value: Value) -> String {
        switch value.tag {
        case Tag.function, Tag.builtin, Tag.boundMethod: "function"
        case Tag.classObject: "class"
        case Tag.module: "module"
        default: vm.typeName(value)
        }
    }

    // MARK: Objects

    /// The object an expression names, owned; nil when there is none. What looking it up raises is dropped.
    private func follow(_ links: [CompletionContext.Link]) -> Value? {
        var value: Value?
        for link in links {
            let next = step(value, link)
            if let value { vm.heap.release(value) }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    private func step(_ value: Value?, _ link: CompletionContext.Link) -> Value? {
        quietly { () throws(PythonError) -> Value? in
            switch link {
            case .name(let name):
                if let inner = self.innerNames.first(where: { $0.name == name }) { return inner.value.retained() }
                if let found = self.vm.moduleInfo(self.main).value(of: name) { return found.retained() }
                return self.vm.builtinValues.first { $0.0 == name }?.1.retained()
            case .attribute(let name):
                guard let value else { return nil }
                return try self.vm.getAttribute(value, name)
            case .index(let index):
                guard let value else { return nil }
                return try self.vm.getItem(value, .int(index))
            case .key(let text):
                guard let value else { return nil }
                let key = self.vm.string(text)
                defer { self.vm.heap.release(key) }
                return try self.vm.getItem(value, key)
            }
        }
    }

    private func quietly(_ body: () throws(PythonError) -> Value?) -> Value? {
        do throws(PythonError) {
            return try body()
        } catch {
            vm.discard(error)
            return nil
        }
    }

    private func strings(_ value: Value) -> [String] {
        var found: [String] = []
        do throws(PythonError) {
            try vm.iterate(value) { (item) throws(PythonError) -> Bool in
                if item.tag == Tag.string { found.append(self.vm.text(item)) }
                return true
            }
        } catch {
            vm.discard(error)
        }
        return found
    }

    private func attributes(_ value: Value, _ prefix: String) -> [Completions.Candidate] {
        guard let function = vm.builtinValues.first(where: { $0.0 == "dir" })?.1,
            let list = quietly({ () throws(PythonError) -> Value? in try self.vm.call(function, value) })
        else { return [] }
        defer { vm.heap.release(list) }
        return Set(strings(list).filter { isOffered($0, prefix) }).sorted().map { Completions.Candidate($0, note: kind(ofAttribute: $0, value)) }
    }

    /// What an attribute is, told without running properties: from the class or, for modules, from what is loaded.
    private func kind(ofAttribute name: String, _ owner: Value) -> String {
        if owner.tag == Tag.module { return vm.moduleInfo(owner).value(of: name).map(kind) ?? "" }
        let found = vm.lookup(vm.typeOf(owner), vm.intern(name))
        if !found.isUndefined {
            switch found.tag {
            case Tag.function, Tag.builtin, Tag.boundMethod: return "method"
            default: return ""
            }
        }
        let own = owner.tag == Tag.instance ? vm.ownAttribute(owner, vm.intern(name)) : .undefined
        return own.isUndefined ? "" : vm.typeName(own)
    }

    private func keys(_ value: Value, _ prefix: String) -> [Completions.Candidate]? {
        guard let names = quietly({ () throws(PythonError) -> Value? in try self.vm.callMethod(value, "keys") }) else { return nil }
        defer { vm.heap.release(names) }
        return strings(names).filter { $0.hasPrefix(prefix) }.map { Completions.Candidate($0, note: "key") }
    }

    /// Keyword arguments of a function or class, as `name=`.
    private func arguments(_ callee: [CompletionContext.Link], _ prefix: String) -> [Completions.Candidate] {
        guard let function = follow(callee) else { return [] }
        defer { vm.heap.release(function) }
        let names = quietly { () throws(PythonError) -> Value? in
            let module = try self.vm.importModule("inspect")
            defer { self.vm.heap.release(module) }
            let signature = try self.vm.callMethod(module, "signature", function)
            defer { self.vm.heap.release(signature) }
            return try self.vm.getAttribute(signature, "parameters")
        }
        guard let names else { return [] }
        defer { vm.heap.release(names) }
        return strings(names).filter { isOffered($0, prefix) && $0 != "self" && $0 != "args" && $0 != "kwargs" }.map { name in
            Completions.Candidate(name + "=", note: defaultValue(of: name, in: names))
        }
    }

    /// `default 0.1`, for a parameter that has one.
    private func defaultValue(of name: String, in parameters: Value) -> String {
        let text = quietly { () throws(PythonError) -> Value? in
            let key = self.vm.string(name)
            defer { self.vm.heap.release(key) }
            let parameter = try self.vm.getItem(parameters, key)
            defer { self.vm.heap.release(parameter) }
            return try self.vm.str(parameter)
        }
        guard let text else { return "argument" }
        defer { vm.heap.release(text) }
        let parts = vm.text(text).split(separator: "=", maxSplits: 1)
        return parts.count == 2 ? "default " + parts[1].drop { $0 == " " } : "argument"
    }

    // MARK: Modules

    private func modules(_ prefix: String) -> [Completions.Candidate] {
        let parent = prefix.lastIndex(of: ".").map { String(prefix[..<$0]) }
        let leaf = parent.map { String(prefix.dropFirst($0.count + 1)) } ?? prefix
        var names = Set(nativeModules(in: parent))
        for folder in parent.map(packageFolders) ?? search.folders.map({ $0.isEmpty ? "." : $0 }) { names.formUnion(Self.modules(in: folder)) }
        return names.filter { $0.hasPrefix(leaf) && (leaf.hasPrefix("_") || !$0.hasPrefix("_")) }.sorted()
            .map { Completions.Candidate((parent.map { $0 + "." } ?? "") + $0, note: "module") }
    }

    private func members(_ module: String, _ prefix: String) -> [Completions.Candidate] {
        guard let value = quietly({ () throws(PythonError) -> Value? in try self.vm.importModule(module) }) else { return [] }
        vm.heap.release(value)
        guard let loaded = vm.modules[module] else { return [] }
        var found = attributes(loaded, prefix)
        let known = Set(found.map(\.text))
        for folder in packageFolders(module) {
            for name in Self.modules(in: folder) where isOffered(name, prefix) && !known.contains(name) { found.append(.init(name, note: "module")) }
        }
        return found.sorted { $0.text < $1.text }
    }

    private func nativeModules(in parent: String?) -> [String] {
        let prefix = parent.map { $0 + "." } ?? ""
        return vm.nativeModuleNames.filter { $0.hasPrefix(prefix) }.compactMap {
            $0.dropFirst(prefix.count).split(separator: ".").first.map(String.init)
        }
    }

    /// Where a package's modules lie: of one not yet imported, by its name along the search path.
    private func packageFolders(_ name: String) -> [String] {
        if let loaded = vm.modules[name], loaded.tag == Tag.module { return vm.moduleInfo(loaded).searchPath.map { [$0] } ?? [] }
        return search.folders.map { ($0.isEmpty ? "." : $0) + "/" + name.replacing(".", with: "/") }
    }

    /// Modules and packages of a folder.
    private static func modules(in folder: String) -> [String] {
        entries(of: folder).compactMap { name in
            if name.hasSuffix(".py") { return name == "__init__.py" ? nil : String(name.dropLast(3)) }
            return access("\(folder)/\(name)/__init__.py", R_OK) == 0 ? name : nil
        }
    }

    // MARK: Paths

    private func paths(_ prefix: String) -> [Completions.Candidate] {
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        let leaf = prefix.dropFirst(folder.count)
        let place = folder.hasPrefix("~/") ? (getenv("HOME").map { String(cString: $0) } ?? "") + folder.dropFirst() : folder
        return Self.entries(of: place.isEmpty ? "." : place).filter { $0.hasPrefix(leaf) && (leaf.hasPrefix(".") || !$0.hasPrefix(".")) }.sorted()
            .map { name in
                var status = stat()
                let isFolder = stat(place + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                return Completions.Candidate(folder + name + (isFolder ? "/" : ""), note: isFolder ? "folder" : "file")
            }
    }

    private static func entries(of folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
