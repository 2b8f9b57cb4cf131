/// Arranges the arguments of the process before they are parsed.
///
/// What follows a program on the command line belongs to the program, so parsing stops there; a notebook has no arguments of its own, and its
/// options may follow it. `qnb FILE` without a command means `qnb run FILE`.
enum CommandLineOrder {
    /// The arguments without the process's name.
    static func arranged(_ arguments: [String]) -> [String] {
        guard let first = arguments.first else { return arguments }
        if isNotebook(first) || first.hasSuffix(".py") { return arranged(["run"] + arguments) }
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

    /// Told by the file name.
    static func isNotebook(_ path: String) -> Bool { path.hasSuffix(".qnb") || path.hasSuffix(".md") }

    private static let optionsWithValue: Set<String> = [
        "-P", "--params", "--only", "--from", "--until", "--timeout", "--threads", "--seed", "--progress", "-o", "--output", "--emit",
    ]
}
