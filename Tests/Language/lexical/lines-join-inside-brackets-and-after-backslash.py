total = 1 + \
    2 + \
    3
print("backslash:", total)
items = [
    1,
    2,  # comments are allowed inside brackets

    3,
]
print("brackets:", items)
text = ("adjacent "
        'literals '
        """join""")
print("literals:", text)
if total == 6 and \
        len(items) == 3:
    print("condition continues")
value = (1
         + 2
+ 3)
print("indentation inside parentheses is free:", value)
print("string \
continues")
table = {
    "a": 1,
    "b": [
        2, 3
    ],
}
print("dict:", table)
def f(
    a,
    b=2,
):
    return a + b
print("call:", f(
    1,
    b=5,
))
