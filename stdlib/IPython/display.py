"""Objects that show themselves in a notebook."""

import _notebook
from _notebook import display

__all__ = [
    "display", "clear_output", "publish_display_data", "update_display", "DisplayHandle", "DisplayObject", "TextDisplayObject", "HTML",
    "Markdown", "SVG", "Image", "Latex", "Math", "Pretty", "JSON", "Code", "FileLink", "IFrame", "ProgressBar", "set_matplotlib_formats",
]


def clear_output(wait=False):
    """Removes what the cell has shown so far; with `wait`, when the next output comes."""
    _notebook.clear(bool(wait))


def publish_display_data(data, metadata=None, **kwargs):
    _notebook.publish(data)


class DisplayHandle:
    """What `display(..., display_id=True)` returns: updates replace the output while its cell runs.

    The outputs of cells that have ended are stored; an update from a later cell is shown there as a new output.
    """

    _count = 0

    def __init__(self, display_id=None):
        if display_id is None or display_id is True:
            DisplayHandle._count += 1
            display_id = f"display-{DisplayHandle._count}"
        self.display_id = display_id

    def display(self, obj, **kwargs):
        display(obj, display_id=self.display_id, **kwargs)

    def update(self, obj, **kwargs):
        update_display(obj, display_id=self.display_id, **kwargs)

    def __repr__(self):
        return "<DisplayHandle display_id=" + str(self.display_id) + ">"


def update_display(obj, *, display_id, **kwargs):
    kwargs["update"] = True
    display(obj, display_id=display_id, **kwargs)


class DisplayObject:
    _read_flags = "r"

    def __init__(self, data=None, url=None, filename=None, metadata=None):
        if data is not None and not isinstance(data, (str, bytes, dict, list, tuple, int, float, bool)):
            if hasattr(data, "__fspath__"):
                filename, data = str(data), None
        self.data = data
        self.url = url
        self.filename = None if filename is None else str(filename)
        self.metadata = metadata or {}
        if self.data is None and self.filename is not None:
            self.reload()

    def reload(self):
        if self.filename is not None:
            if self._read_flags == "rb":
                with open(self.filename, "rb") as file:
                    self.data = file.read()
            else:
                with open(self.filename, encoding="utf-8") as file:
                    self.data = file.read()

    def __repr__(self):
        return "<IPython.core.display." + type(self).__name__ + " object>"


class TextDisplayObject(DisplayObject):
    def __init__(self, data=None, url=None, filename=None, metadata=None):
        super().__init__(data, url, filename, metadata)
        if self.data is not None and not isinstance(self.data, str):
            raise TypeError(type(self).__name__ + " expects text, not " + repr(type(self.data).__name__))


class HTML(TextDisplayObject):
    def _repr_html_(self):
        return self.data

    def __html__(self):
        return self.data


class Markdown(TextDisplayObject):
    def _repr_markdown_(self):
        return self.data


class Latex(TextDisplayObject):
    def _repr_latex_(self):
        return self.data


class Math(TextDisplayObject):
    def _repr_latex_(self):
        return "$\\displaystyle " + self.data.strip("$") + "$"


class Pretty(TextDisplayObject):
    def __repr__(self):
        return self.data


class SVG(TextDisplayObject):
    def _repr_svg_(self):
        return self.data


class Code(TextDisplayObject):
    def __init__(self, data=None, url=None, filename=None, language=None):
        self.language = language or "python"
        super().__init__(data, url, filename)

    def __repr__(self):
        return self.data


class JSON(DisplayObject):
    def __init__(self, data=None, url=None, filename=None, expanded=False, metadata=None, root="root", **kwargs):
        super().__init__(data, url, filename, metadata)
        if isinstance(self.data, str):
            import json
            self.data = json.loads(self.data)

    def __repr__(self):
        import json
        return json.dumps(self.data, indent=2)


class Image(DisplayObject):
    _read_flags = "rb"

    def __init__(
        self, data=None, url=None, filename=None, format=None, embed=None, width=None, height=None, retina=False, unconfined=False,
        metadata=None, alt=None
    ):
        if isinstance(data, str):
            if data.startswith("http://") or data.startswith("https://"):
                url, data = data, None
            else:
                filename, data = data, None
        self.width = width
        self.height = height
        self.alt = alt
        super().__init__(data, url, filename, metadata)
        name = self.filename or url or ""
        kind = name.rsplit(".", 1)[-1].lower() if "." in name else ""
        if self.data is not None:
            if self.data[:8] == b"\x89PNG\r\n\x1a\n":
                kind = "png"
            elif self.data[:2] == b"\xff\xd8":
                kind = "jpeg"
            elif self.data[:6] in (b"GIF87a", b"GIF89a"):
                kind = "gif"
        self.format = (format or kind or "png").lower()

    def _repr_png_(self):
        if self.data is None:
            return None
        if self.data[:8] == b"\x89PNG\r\n\x1a\n":
            return self.data
        return self._converted()

    def _converted(self):
        """The image as PNG, the one raster format a notebook stores."""
        import io
        try:
            from PIL import Image as pictures
        except ImportError:
            return None
        target = io.BytesIO()
        pictures.open(io.BytesIO(self.data)).save(target, format="PNG")
        return target.getvalue()

    def _repr_markdown_(self):
        if self.data is None and self.url is not None:
            return "![" + (self.alt or "") + "](" + self.url + ")"
        return None

    def __repr__(self):
        return "<IPython.core.display.Image object>"


class FileLink:
    def __init__(self, path, url_prefix="", result_html_prefix="", result_html_suffix="<br>"):
        self.path = str(path)

    def _repr_markdown_(self):
        return "[" + self.path + "](" + self.path.replace(" ", "%20") + ")"

    def __repr__(self):
        return self.path


class IFrame:
    """A page from elsewhere: a notebook stores a link to it."""

    def __init__(self, src, width=None, height=None, extras=None, **kwargs):
        self.src = src

    def _repr_markdown_(self):
        return "[" + self.src + "](" + self.src + ")"

    def __repr__(self):
        return "<IPython.lib.display.IFrame object: " + self.src + ">"


class ProgressBar:
    def __init__(self, total):
        self.total = total
        self._progress = -1
        self.text_width = 60

    def __repr__(self):
        done = max(0, self._progress) / self.total if self.total else 1
        filled = int(done * self.text_width)
        return "[" + "=" * filled + " " * (self.text_width - filled) + "] " + str(max(0, self._progress)) + "/" + str(self.total)

    def display(self):
        display(self)

    def update(self):
        clear_output(wait=True)
        display(self)

    @property
    def progress(self):
        return self._progress

    @progress.setter
    def progress(self, value):
        self._progress = value
        self.update()

    def __iter__(self):
        self._progress = -1
        self.display()
        return self

    def __next__(self):
        self.progress += 1
        if self.progress < self.total:
            return self.progress
        raise StopIteration


def set_matplotlib_formats(*formats, **kwargs):
    """Figures are stored as SVG: there is nothing to choose."""
