import sys
print("one")
print("two", end="")
sys.stderr.write("to stderr\n")
raise OSError(2, "No such file or directory", "f.txt")
