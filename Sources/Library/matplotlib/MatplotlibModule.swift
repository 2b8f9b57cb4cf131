import Diagnostics
import Interpreter
import Reports
import Tensors

/// Declares `_matplotlib`: drawing of figures that `stdlib/matplotlib` collects, and names of colours.
func registerMatplotlib(_ vm: VM) {
    vm.registerNativeModule("_matplotlib") { (vm, module) throws(PythonError) -> Void in
        module.function("svg", "figure, light=False") { (vm, a) throws(PythonError) -> Value in
            let isLight = try vm.isTrue(a[1])
            return vm.string(PlotRenderer.svg(try readFigure(vm, a[0]), theme: isLight ? .light : .adaptive))
        }
        module.function("save_png", "figure, path, scale") { (vm, a) throws(PythonError) -> Value in
            let svg = PlotRenderer.svg(try readFigure(vm, a[0]), theme: .light)
            let (path, scale) = (try vm.strText(a[1]), try vm.real(a[2]))
            do throws(RasterProblem) {
                try SVGRasterizer.load().write(svg, to: path, scale: scale)
            } catch {
                throw vm.runtimeError(error.description)
            }
            return .none
        }
        module.function("color", "name") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.strText(a[0])
            guard let color = PlotColor(name: name) else {
                let hint = Suggestion.nearest(to: name, in: PlotColor.names).map { ". Did you mean: '\($0)'?" } ?? ""
                throw vm.valueError("\(try vm.reprText(a[0])) is not a valid value for color\(hint)")
            }
            return rgba(vm, color)
        }
        module.function("map_color", "cmap, position") { (vm, a) throws(PythonError) -> Value in
            let name = try vm.strText(a[0])
            guard let map = ColorMap(name: name) else {
                throw vm.valueError(
                    "'\(name)' is not a known colormap name; the known ones are \(ColorMap.names.joined(separator: ", ")) and each with _r")
            }
            return rgba(vm, map.color(try vm.real(a[1])))
        }
        module.set("cycle", vm.list(PlotColor.cycle.map { vm.string($0.hex) }))
        module.set("palettes", vm.list(ColorMap.names.map { vm.string($0) }))
        module.set("markers", vm.list(PlotMarker.shapes.sorted().map { vm.string($0) }))
    }
}

private func rgba(_ vm: VM, _ color: PlotColor) -> Value {
    vm.tuple([color.red, color.green, color.blue, color.alpha].map { .float($0) })
}

private func readFigure(_ vm: VM, _ value: Value) throws(PythonError) -> PlotFigure {
    do {
        return try PlotReader(vm: vm).figure(value)
    } catch let error as PythonError {
        throw error
    } catch let error as TensorError {
        throw vm.error(error.kind.rawValue, error.message)
    } catch {
        throw vm.runtimeError("\(error)")
    }
}
