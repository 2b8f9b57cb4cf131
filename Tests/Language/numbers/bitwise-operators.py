a, b = 0b1100, 0b1010
print("and or xor not:", bin(a & b), bin(a | b), bin(a ^ b), ~a)
print("shifts:", 1 << 10, 1024 >> 3, -5 >> 1, -5 << 1, 5 >> 100)
print("negative operands:", -1 & 0xff, -8 | 3, -6 ^ 5, -1 & -2)
print("precedence:", 1 | 2 & 3 ^ 4, 1 << 2 + 1, 1 + 2 << 1)
print("bool results:", True & False, True | False, True ^ True, True & 1, ~True)
x = 5
x &= 4; print("&=", x)
x |= 3; print("|=", x)
x ^= 1; print("^=", x)
x <<= 4; print("<<=", x)
x >>= 2; print(">>=", x)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("negative shift", lambda: 1 << -1)
attempt("negative right shift", lambda: 1 >> -1)
attempt("float and", lambda: 1.0 & 1)
attempt("invert float", lambda: ~1.5)
