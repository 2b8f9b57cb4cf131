import _notebook
from IPython.core.magics import Commands


class InteractiveShell:
    """The session as cells see it through `get_ipython()`."""

    # "last_expr" shows the value of a cell's last expression, "all" that of every expression, "none" no value.
    ast_node_interactivity = "last_expr"
    _instance = None

    def __init__(self):
        self._commands = Commands(self)
        self.config = {}

    @classmethod
    def instance(cls, *args, **kwargs):
        if InteractiveShell._instance is None:
            InteractiveShell._instance = InteractiveShell()
        return InteractiveShell._instance

    @classmethod
    def initialized(cls):
        return InteractiveShell._instance is not None

    @property
    def user_ns(self):
        import __main__
        return {name: getattr(__main__, name) for name in dir(__main__)}

    def push(self, variables, interactive=True):
        import __main__
        for name, value in variables.items():
            setattr(__main__, name, value)

    def run_line_magic(self, magic_name, line, line_number=0):
        return self._commands.run(magic_name, line, None, line_number)

    def run_cell_magic(self, magic_name, line, cell, line_number=0):
        return self._commands.run(magic_name, line, cell, line_number)

    def magic(self, text):
        name, _, rest = text.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest.strip())

    def run_cell(self, raw_cell, **kwargs):
        _notebook.run(raw_cell, 0)

    def commands(self):
        """(name with its mark, what it does) of every `%` command."""
        return self._commands.described()

    def system(self, command):
        raise RuntimeError("shell commands are not available: !" + command)

    def getoutput(self, command, **kwargs):
        self.system(command)

    def show_help(self, name, detail=0):
        self._commands.show_help(name, detail)

    def __repr__(self):
        return "<qnb notebook session>"


def get_ipython():
    """The session's shell; None in a program."""
    if not _notebook.is_running():
        return None
    return InteractiveShell.instance()
