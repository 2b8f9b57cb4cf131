import sys, io
sys.stdin = io.StringIO("first\nsecond\n\nlast without newline")
print(repr(input())); print(repr(input("prompt> "))); print(repr(input())); print(repr(input()))
try: input()
except EOFError as e: print("EOFError:", e)
sys.stdin = io.StringIO("1 2 3\n"); a, b, c = map(int, input().split()); print(a + b + c)
sys.stdin = io.StringIO("a\nb\n"); print([line for line in sys.stdin], sys.stdin.read())
