def f():
    import json, no_such_module
f()
