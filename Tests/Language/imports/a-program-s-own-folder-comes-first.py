import sys, os
print(os.path.basename(sys.path[0]), os.path.basename(sys.argv[0]), len(sys.argv))
print(sys.modules["__main__"].__name__, __name__, sys.modules["__main__"].__file__.endswith(".py"))
import __main__
x = 5
print(__main__.x)
