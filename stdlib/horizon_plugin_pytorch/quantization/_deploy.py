"""Checking, compiling, measuring and drawing of traced models.

The vendor's compiler is closed. These functions have its documented interface and printed lines, but an open compiler and a simulated accelerator
behind them: latencies come from a timing model whose parameters were fitted to one documented run, not from hardware.
"""

import json
import os
import tempfile
import time

import torch
import _deployment
from horizon_plugin_pytorch.march import get_march
from torch.jit import ScriptModule

SIMULATED = "note: simulated by an open compiler's timing model fitted to one documented run; not measured on hardware"


def _traced(module, example_inputs, caller):
    if not isinstance(example_inputs, (list, tuple)):
        example_inputs = (example_inputs,)
    if not isinstance(module, ScriptModule):
        module = torch.jit.trace(module, tuple(example_inputs))
    if module._graph is not None:
        inputs = _deployment.inputs(module._graph)
        if len(inputs) != len(example_inputs):
            raise ValueError("{}: the model takes {} inputs, {} were given".format(caller, len(inputs), len(example_inputs)))
        for (name, shape, _), example in zip(inputs, example_inputs):
            if tuple(example.shape) != shape:
                raise ValueError(
                    "{}: the model was traced with {} of shape {}, the example has {}; trace it again with such an example".format(
                        caller, name, list(shape), list(example.shape)
                    )
                )
    return module


def _march(march, caller):
    march = march or get_march()
    if march is None:
        raise AssertionError("march is not set: give it to {} or call set_march first".format(caller))
    return march


def _per_input(value, names, what):
    """One text, a list, a dict by name, or a comma-separated text, as a list."""
    if value is None:
        return []
    if isinstance(value, dict):
        unknown = [name for name in value if name not in names]
        if unknown:
            raise ValueError("{} names unknown inputs {}; the inputs are {}".format(what, unknown, names))
        return [value.get(name, "ddr") for name in names]
    if isinstance(value, str):
        value = value.split(",")
    value = [item.strip() for item in value]
    if len(value) not in (1, len(names)):
        raise ValueError("{} has {} entries for {} inputs".format(what, len(value), len(names)))
    return value


def check_model(module, example_inputs, march=None, input_source="ddr", advice=None, check_quanti_param=True):
    """Prints whether the march supports every operator of the model; returns 0 if so, else 1.

    `advice`: also list layers whose use of the computing unit loses more than so many microseconds.
    """
    march = _march(march, "check_model")
    module = _traced(module, example_inputs, "check_model")
    if module._graph is None:
        print(module._obstacle)
        print("HBDK model check FAIL: the model is not supported by HBDK")
        return 1
    names = [row[0] for row in _deployment.inputs(module._graph)]
    sources = _per_input(input_source, names, "input_source")
    problems = _deployment.check(module._graph, march, sources, check_quanti_param)
    if problems:
        for layer, text in problems:
            print("ERROR: {}: {}".format(layer, text))
        print("HBDK model check FAIL: {} problem{}, the model is not supported by HBDK".format(len(problems), "" if len(problems) == 1 else "s"))
        return 1
    if advice is not None:
        _advise(module, march, sources, advice)
    print("This model is supported!")
    print("HBDK model check PASS")
    return 0


def _advise(module, march, sources, limit):
    program = _deployment.compile(module._graph, march, module._graph.name, sources, [], "NCHW", "O2", 2.0, "")
    for layer, needed, ideal in program.losses():
        if needed - ideal > limit:
            print("ADVICE: {}: loses {:.1f} us of {:.1f} us to the shape of its map and fixed costs".format(layer, needed - ideal, needed))
    print(SIMULATED)


def export_hbir(module, example_inputs, hbir, march=None):
    """Writes the traced model to a `.hbir` file and, beside it, a `.pt`; returns the names of inputs and outputs, or 1."""
    if not hbir.endswith(".hbir"):
        print("the path of the model must end with .hbir, but is " + hbir)
        return 1
    _march(march, "export_hbir")
    module = _traced(module, example_inputs, "export_hbir")
    data = module._integer_graph("export_hbir").encode()
    _write(hbir, data)
    _write(hbir[: -len(".hbir")] + ".pt", data)
    inputs = [row[0] for row in _deployment.inputs(module._graph)]
    outputs = ["out{}".format(k) for k in range(_deployment.output_count(module._graph))]
    if len(inputs) > 1 or len(outputs) > 1:
        print("WARNING: the model has several inputs or outputs; they are named {} and {}".format(", ".join(inputs), ", ".join(outputs)))
    return inputs, outputs


def _write(path, data):
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise FileNotFoundError("the folder '{}' of '{}' does not exist".format(folder, path))
    with open(path, "wb" if isinstance(data, bytes) else "w") as file:
        file.write(data)


def _compile(caller, module, hbir, hbm, march, name, input_source, input_layout, output_layout, opt, balance_factor, progressbar, jobs, debug, extra_args):
    """Compiles, writes the program, prints the documented lines; returns the program."""
    started = time.time()
    graph = module._integer_graph(caller)
    name = name or graph.name
    names = [row[0] for row in _deployment.inputs(graph)]
    sources = _per_input(input_source, names, "input_source")
    layouts = _per_input(input_layout, names, "input_layout")
    opt = str(opt)
    level = "--" + opt if opt[:1] == "O" else "--" + opt + ("" if opt != "balance" else " " + str(balance_factor))
    options = ["--march", march, "-m", hbir, "-f", "hbir", level, "-o", hbm, "--jobs", str(jobs), "-n", name]
    options += ["-i", ",".join(sources), "--input-name", ",".join(names)]
    if layouts:
        options += ["--input-layout", ",".join(layouts)]
    options += ["--output-layout", output_layout]
    if progressbar:
        options.append("--progressbar")
    if debug:
        options.append("--debug")
    options += [str(argument) for argument in extra_args or []]
    print("INFO: launch {} threads for optimization".format(jobs or os.cpu_count()))
    try:
        program = _deployment.compile(graph, march, name, sources, layouts, output_layout, opt, float(balance_factor), " ".join(options))
    except RuntimeError as error:
        print("HBDK model compilation FAIL")
        raise RuntimeError("HBDK model compilation FAIL: " + str(error)) from None
    if progressbar:
        print("[" + "=" * 50 + "] 100%")
    for input_name, source in zip(names, sources if len(sources) > 1 else sources * len(names)):
        if source != "ddr":
            print("WARNING: {} can not be assigned to NCHW_NATIVE layout because it's input source is pyramid/resizer.".format(input_name))
    _write(hbm, program.encode())
    print("consumed time {:.4f}".format(time.time() - started))
    print("HBDK model compilation SUCCESS")
    return program


def compile_model(
    module,
    example_inputs,
    hbm,
    march=None,
    name=None,
    input_source="ddr",
    input_layout=None,
    output_layout="NCHW",
    opt="O2",
    balance_factor=2,
    progressbar=True,
    jobs=16,
    debug=True,
    extra_args=None,
):
    """Compiles a traced model to the program file `hbm`, with the traced model beside it as `.hbir`; returns 0.

    `opt`: effort `O0`…`O3`, or what to make small: `ddr` (bytes), `fast` (latency), `balance` (both, weighed by `balance_factor`).
    Raises RuntimeError where `check_model` would fail, with the same text.
    """
    if not hbm.endswith(".hbm"):
        print("the path of the program must end with .hbm, but is " + hbm)
        return 1
    march = _march(march, "compile_model")
    module = _traced(module, example_inputs, "compile_model")
    hbir = hbm[: -len(".hbm")] + ".hbir"
    _write(hbir, module._integer_graph("compile_model").encode())
    _compile(
        "compile_model", module, hbir, hbm, march, name, input_source, input_layout, output_layout, opt, balance_factor, progressbar, jobs, debug, extra_args
    )
    return 0


def perf_model(
    module,
    example_inputs,
    march=None,
    out_dir=".",
    name=None,
    hbm=None,
    input_source="ddr",
    input_layout=None,
    output_layout="NCHW",
    opt="O3",
    balance_factor=2,
    progressbar=True,
    jobs=16,
    layer_details=False,
    extra_args=None,
):
    """Compiles a traced model and estimates its latency and traffic; writes `<name>.html` and `<name>.json` to `out_dir`, returns the dict.

    `hbm`: where to keep the program; a temporary file otherwise.
    """
    march = _march(march, "perf_model")
    module = _traced(module, example_inputs, "perf_model")
    name = name or module._integer_graph("perf_model").name
    if not os.path.isdir(out_dir):
        os.mkdir(out_dir)
    with tempfile.TemporaryDirectory(prefix="hbdktmp_") as folder:
        program_file = hbm or os.path.join(folder, "hbdktmp_.hbm")
        hbir = program_file[: -len(".hbm")] + ".hbir"
        _write(hbir, module._graph.encode())
        program = _compile(
            "perf_model", module, hbir, program_file, march, name, input_source, input_layout, output_layout, opt, balance_factor, progressbar, jobs, True, extra_args
        )
    text = program.report_json(hbir)
    result = json.loads(text)
    if not layer_details:
        del result["summary"]["layer details"]
    page = os.path.join(out_dir, name + ".html")
    _write(page, program.report_html())
    _write(os.path.join(out_dir, name + ".json"), json.dumps(result, indent=2))
    summary = result["summary"]
    print("FPS={}, latency = {} us   (see {})".format(summary["FPS"], summary["latency (us)"], page))
    print(SIMULATED)
    print("HBDK model compilation SUCCESS")
    print("HBDK performance estimation SUCCESS")
    return result


def visualize_model(module, example_inputs, march=None, save_path=None, show=True):
    """Draws the traced model; the format follows the extension of `save_path`, SVG by default.

    With `show`, a notebook shows an SVG in place, and other programs print where the drawing is.
    """
    march = _march(march, "visualize_model")
    module = _traced(module, example_inputs, "visualize_model")
    graph = module._integer_graph("visualize_model")
    if save_path is None:
        folder = tempfile.mkdtemp(prefix="hbdktmp_")
        save_path = os.path.join(folder, graph.name + ".svg")
    extension = os.path.splitext(save_path)[1][1:] or "svg"
    with tempfile.TemporaryDirectory(prefix="hbdktmp_") as folder:
        hbm = os.path.join(folder, "hbdktmp_.hbm")
        _compile("visualize_model", module, hbm[:-4] + ".hbir", hbm, march, None, "ddr", None, "NCHW", "O0", 2, False, 1, True, None)
    drawing = _deployment.draw(graph, extension)
    with open(save_path, "wb") as file:
        file.write(drawing)
    if show:
        _show(drawing, save_path, extension)


def _show(drawing, path, extension):
    import _notebook

    if extension == "svg" and _notebook.is_running():
        from IPython.display import SVG, display

        display(SVG(data=drawing.decode()))
        return
    print("the drawing is in " + path)
