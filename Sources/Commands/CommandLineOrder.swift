/// Arranges the arguments of the process before they are parsed.
///
/// What follows a program on the command line belongs to the program, so parsing stops there; a notebook has no arguments of its own, and its
/// options may follow it. `qnb FILE` without a command means `qnb run FILE`, `qnb -i FILE` means `qnb repl FILE`.
enum CommandLineOrder {
    /// The arguments without the process's name.
    static func arranged(_ given: [String]) -> [String] {
        let arguments = given.first == "-c" ? given : splitParameters(given)
        guard let first = arguments.first else { return arguments }
        if isNotebook(first) || first.hasSuffix(".py") { return arranged(["run"] + arguments) }
        // As in Python: the program, then the prompt.
        if first == "-i" { return ["repl"] + arguments.dropFirst() }
        guard first == "run" else { return arguments }
        var index = 1
        while index < arguments.count {
            let argument = arguments[index]
            if argument.hasPrefix("-"), argument != "-" {
                index += optionsWithValue.contains(argument) ? 2 : 1
                continue
            }
            guard isNotebook(argument) else { return arguments }
            var arranged = arguments
            arranged.remove(at: index)
            return arranged + [argument]
        }
        return arguments
    }

    /// `-Pbits=4` as `-P bits=4`, up to the program whose own arguments follow.
    private static func splitParameters(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex { $0.hasSuffix(".py") } ?? arguments.count
        return arguments[..<end].flatMap { argument in
            argument.hasPrefix("-P") && argument.count > 2 ? ["-P", String(argument.dropFirst(2))] : [argument]
        } + arguments[end...]
    }

    /// Told by the file name.
    static func isNotebook(_ path: String) -> Bool { path.hasSuffix(".qnb") || path.hasSuffix(".md") }

    private static let optionsWithValue: Set<String> = [
        "-P", "--params", "--only", "--from", "--until", "--timeout", "--threads", "--seed", "--progress", "-o", "--output", "--emit",
    ]
}
