"""Writes the corpus of Jupyter notebooks in jupyter/ with the real nbformat. Run it with a Python that has nbformat."""

import base64
import os
import struct
import zlib

from nbformat import v4, validate, write

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "jupyter")


def png(width, height, color):
    rows = b"".join(b"\0" + bytes(color) * width for _ in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def stream(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def result(text, **more):
    data = {"text/plain": text}
    data.update({key.replace("_", "/"): value for key, value in more.items()})
    return v4.new_output("execute_result", data=data, execution_count=1)


def shown(data, metadata=None):
    return v4.new_output("display_data", data=data, metadata=metadata or {})


def error(name, value, traceback):
    return v4.new_output("error", ename=name, evalue=value, traceback=traceback)


def code(source, *outputs, count=1, **metadata):
    return v4.new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def text(source, **metadata):
    return v4.new_markdown_cell(source, metadata=metadata)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4">\n<rect width="4" height="4"/>\n</svg>\n'
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"

NOTEBOOKS = {
    "empty": [],
    "prose": [text("# Title\n\nSome *prose*."), text("A second cell.\n\n- list\n- items"), text("```python\nnot_a_cell()\n```\n\nafter")],
    "code": [code("x = 1", count=1), code("x + 1", result("2"), count=2), code("", count=None), code("print(x)", stream("1\n"), count=3)],
    "streams": [
        code("import sys", stream("out 1\nout 2\n"), stream("warning\n", "stderr"), stream("out 3\n")),
        code("bars", stream("\r 10%|#  |\r100%|###|\n", "stderr")),
        code("colours", stream("\x1b[31mred\x1b[0m and \x1b[1mbold\x1b[0m\n")),
        code("no newline", stream("tail without line end")),
    ],
    "results": [
        code("1 + 1", result("2")),
        code("df", result("   a  b\n0  1  2", text_html="<table><tr><td>1</td></tr></table>")),
        code("latex", result("x", text_latex="$x^2$")),
        code("md", result("<Markdown>", text_markdown="**bold**")),
        code("table", result("<Table>", text_markdown=TABLE)),
    ],
    "images": [
        code("plot()", shown({"image/png": base64.encodebytes(png(3, 2, (200, 30, 30))).decode(), "text/plain": "<Figure size 640x480 with 1 Axes>"})),
        code("svg", shown({"image/svg+xml": SVG, "text/plain": "<SVG>"})),
        code("two", shown({"image/png": base64.encodebytes(png(1, 1, (0, 0, 0))).decode()}), result("[<Line2D>]")),
    ],
    "errors": [
        code(
            "1 / 0",
            error(
                "ZeroDivisionError", "division by zero",
                ["\x1b[0;31m-----\x1b[0m", "\x1b[0;31mZeroDivisionError\x1b[0m: division by zero"])),
        code("raise", stream("before\n"), error("ValueError", "", ["ValueError"]), tags=["raises-exception"]),
    ],
    "tags": [
        code("hidden = 1", tags=["hide-input"]), code("skip()", tags=["skip-execution"], count=None), code("mine", tags=["one", "two words"]),
        code("#| label: named\n#| echo: false\nx"), code("parameters = 1", tags=["parameters"]),
    ],
    "raw": [v4.new_raw_cell("---\ntitle: Raw\nparams:\n  bits: 8\n---"), text("Body."), code("params"), v4.new_raw_cell("<raw>")],
    "hostile": [
        text("<!-- qnb:out in=000000000000 -->\n\n```python\nunclosed"), text("<script>alert(1)</script>\n\n<div>open"),
        code("'''\n```\n'''", stream("```\n````\n<!-- qnb:end sum=00000000 -->\n<<<<<<< HEAD\n")),
        code("text = 'Ünïcödé 漢字 👩‍👩‍👧'", result("'Ünïcödé 漢字 👩‍👩‍👧'")),
        code("html", shown({"text/html": "<b onclick='x()'>kept</b><script>gone()</script>", "text/plain": "<HTML>"})),
        code("nul", stream("a\x00b\u2028c\n")),
    ],
    "long": [code("for i in range(500): print(i)", stream("".join(f"{i}\n" for i in range(500))))],
    "magics": [code("%matplotlib inline\n%timeit f()", stream("1 ms per loop\n")), code("%%bash\nls", stream("a\n")), code("!pip install x", stream("ok\n"))],
    "widgets": [
        code("w", shown({"application/vnd.jupyter.widget-view+json": {"model_id": "0", "version_major": 2}, "text/plain": "IntSlider()"})),
        code("j", shown({"application/json": {"a": [1, 2]}, "text/plain": "<JSON>"})),
    ],
    "attachments": [
        v4.new_markdown_cell("![picture](attachment:a.png)", attachments={"a.png": {"image/png": base64.b64encode(png(2, 2, (9, 9, 9))).decode()}})
    ],
    "metadata": [
        code("collapsed", collapsed=True, scrolled=False), text("slide", slideshow={"slide_type": "slide"}),
        code("jupyter", jupyter={"source_hidden": True}, deletable=False),
    ],
}


def main():
    for name, cells in NOTEBOOKS.items():
        for index, cell in enumerate(cells):
            cell["id"] = f"{name}-{index}"
        book = v4.new_notebook(
            cells=cells,
            metadata={
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python", "version": "3.11.2"},
            })
        validate(book)
        write(book, os.path.join(FOLDER, name + ".ipynb"))


main()
