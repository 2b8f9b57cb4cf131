import sys
for i in range(2):
    try: import broken_module
    except ZeroDivisionError as e: print("raised", e, "broken_module" in sys.modules)
try: import broken_syntax
except SyntaxError as e: print(type(e).__name__, e.lineno, e.filename.endswith("broken_syntax.py"), e.msg)
