import BPU
import Quantization

/// The compiler: a traced integer model in, a program for the virtual accelerator out.
///
/// The pipelines, in one place (each pass is in the file of its name):
///
///     check → dead channels → legalise → fuse → copies → partition (residency, workspace) → constants, tile → schedule → emit → verify
///
/// `O0` leaves out fuse, residency and overlap. `O1` does what the documented run shows. `O2` also leaves out dead channels and searches chunks of the
/// batch, `O3`, `fast`, `ddr` and `balance` also groups of layers. Higher levels keep the best program of the levels below as a candidate, by the
/// timing model.
package enum Compiler {
    package static func compile(_ graph: IntegerGraph, march: MarchDescription, options: CompilerOptions) throws(CompilerError) -> Program {
        do throws(IntegerGraphError) { try graph.verify() } catch {
            throw .unsupported([ModelViolation(layer: error.layer.isEmpty ? graph.name : error.layer, text: error.reason)])
        }
        let violations = ModelChecker.check(graph, march: march, options: options)
        guard violations.isEmpty else { throw .unsupported(violations) }
        let lean = graph.withoutDeadChannels()
        let objective = Objective(options, march: march)
        var best: (program: Program, value: Double)?
        for strategy in strategies(options.optimization) {
            let lowered = try Lowering.run(strategy.leavesOutDeadChannels ? lean : graph, options: options)
            for program in try candidates(lowered, graph, march, options, strategy, objective) {
                let value = objective.value(Cost(program.instructions, march: march))
                if value < best?.value ?? .infinity { best = (program, value) }
            }
        }
        guard let best else { throw .malformed(pass: "partition", "no program was made") }
        return best.program
    }

    /// The levels whose programs compete.
    private static func strategies(_ optimization: Optimization) -> [Strategy] {
        switch optimization {
        case .o0, .o1: [Strategy.named(optimization)]
        case .o2: [Strategy.named(.o1), Strategy.named(.o2)]
        case .o3, .ddr, .fast, .balance: [Strategy.named(.o1), Strategy.named(.o3)]
        }
    }

    private static func candidates(
        _ lowered: StepList, _ graph: IntegerGraph, _ march: MarchDescription, _ options: CompilerOptions, _ strategy: Strategy,
        _ objective: Objective
    ) throws(CompilerError) -> [Program] {
        var list = lowered
        if strategy.fusesClamps { try ClampFusion.run(&list) }
        try DepthwiseLayout.run(&list, march: march, stages: strategy.stagesThroughDDR)
        let segments = SegmentTable(inputs: graph.inputs.count, outputs: graph.outputs.count)
        let constants = ConstantPacking(list, march: march)
        let partitioning = Partitioning(list, march: march, strategy: strategy, objective: objective, segments: segments, constants: constants)
        var programs: [Program] = []
        for plans in try partitioning.best() {
            programs.append(try emit(list, plans, graph, march, options, strategy, segments, constants))
        }
        return programs
    }

    /// Tiles, schedules and wraps up a program, and verifies it.
    private static func emit(
        _ list: StepList, _ plans: [SegmentPlan], _ graph: IntegerGraph, _ march: MarchDescription, _ options: CompilerOptions, _ strategy: Strategy,
        _ segments: SegmentTable, _ constants: ConstantPacking
    ) throws(CompilerError) -> Program {
        let workspace = WorkspaceAllocation(list, plans: plans)
        let context = TilingContext(list, march: march, strategy: strategy, workspace: workspace, segments: segments)
        var tiling = Tiling(context, plans: plans, constants: constants)
        try tiling.run()
        let header = ProgramEmission.header(
            list, graph, options, march: march, segments: segments, constants: constants.bytes, workspaceBytes: workspace.byteCount)
        let program = Program(header: header, constants: constants.bytes, instructions: Scheduling.order(tiling.jobs, strategy: strategy))
        do throws(ProgramError) { try ProgramVerifier.verify(program) } catch { throw .malformed(pass: "emit", error.description) }
        return program
    }
}
