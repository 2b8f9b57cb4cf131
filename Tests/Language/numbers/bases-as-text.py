print("bin:", bin(10), bin(-10), bin(0), bin(2 ** 70))
print("oct:", oct(8), oct(-8), oct(0))
print("hex:", hex(255), hex(-255), hex(0), hex(2 ** 70))
print("format:", format(255, "x"), format(255, "X"), format(255, "#x"), format(5, "b"), format(5, "#b"), format(8, "o"), format(8, "#o"))
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("bin float:", lambda: bin(1.5))
attempt("hex str:", lambda: hex("a"))
print("bool:", bin(True), hex(False))
