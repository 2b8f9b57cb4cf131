import BPUSimulator
import Interpreter
import Tensors

/// Running programs on the simulator with tensors and arrays of the language.
extension DeploymentBinding {
    func defineRunning() {
        let binding = self
        // Inputs: tensors or arrays, one for each input. `regions`: None, or (left, top, width, height) for each resizer input.
        vm.define(programClass, "run", "self, inputs, regions=None, /") { (vm, a) throws(PythonError) -> Value in
            let loaded = try binding.program(a[0])
            let items = try vm.collect(a[1])
            defer { for item in items { vm.heap.release(item) } }
            var tensors: [Tensor] = []
            for item in items { tensors.append(try binding.tensor(item)) }
            let regions = try a.has(2) && !a[2].isNone ? binding.regions(a[2]) : []
            return vm.tuple(try binding.simulate(loaded.simulator, tensors, regions).map { vm.tensorValue($0) })
        }
    }

    /// Interrupts of the user end the run between two instructions.
    private func simulate(_ simulator: Simulator, _ tensors: [Tensor], _ regions: [ImageRegion]) throws(PythonError) -> [Tensor] {
        var interrupt: PythonError?
        return try guarded {
            do {
                return try ProgramRunner(simulator).run(tensors, regions: regions) {
                    do throws(PythonError) { try self.vm.poll() } catch { interrupt = error }
                    return interrupt == nil
                }
            } catch {
                throw interrupt ?? error
            }
        }
    }

    private func tensor(_ value: Value) throws(PythonError) -> Tensor {
        if let tensor = vm.tensor(value) { return tensor.detach() }
        if let array = vm.nativeObject(value, as: NumpyArray.self) { return array.tensor.detach() }
        throw vm.typeError("inputs are tensors or arrays, not '\(vm.typeName(value))'")
    }

    private func regions(_ value: Value) throws(PythonError) -> [ImageRegion] {
        let items = try vm.collect(value)
        defer { for item in items { vm.heap.release(item) } }
        var result: [ImageRegion] = []
        for item in items {
            let parts = try vm.collect(item)
            defer { for part in parts { vm.heap.release(part) } }
            guard parts.count == 4 else { throw vm.valueError("a region is (left, top, width, height)") }
            var numbers: [Int] = []
            for part in parts { numbers.append(try vm.index(part)) }
            result.append(ImageRegion(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3]))
        }
        return result
    }
}
