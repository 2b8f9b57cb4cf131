/// What is wrong with a program, its file or its text.
package enum ProgramError: Error, Equatable, CustomStringConvertible {
    /// The file is no program, damaged, or of another version.
    case container(String)
    /// Line (from 1) and what is wrong there.
    case assembly(line: Int, String)
    /// The program breaks a rule of the machine.
    case invalid(instruction: Int?, String)
    /// The instruction read on-chip memory or a segment that nothing had written.
    case undefinedRead(instruction: Int, what: String)
    /// The caller ended the run before this instruction.
    case interrupted(instruction: Int)
    /// The data given to run the program do not fit it.
    case argument(String)

    package var description: String {
        switch self {
        case .container(let what): "not a usable .hbm program: \(what)"
        case .assembly(let line, let what): "line \(line): \(what)"
        case .invalid(nil, let what): "invalid program: \(what)"
        case .invalid(let instruction?, let what): "invalid program: instruction \(instruction): \(what)"
        case .undefinedRead(let instruction, let what): "instruction \(instruction) reads \(what), which was never written"
        case .interrupted(let instruction): "the run was interrupted before instruction \(instruction)"
        case .argument(let what): what
        }
    }
}
