def f(n):
    out = []
    for a in range(n):
        if a % 2:
            while True:
                try:
                    with_list = []
                    for b in range(a):
                        if b == 3: break
                        elif b == 1: continue
                        else:
                            with_list.append((a, b))
                    else:
                        out.append("complete")
                    out.extend(with_list)
                    break
                finally:
                    out.append("f")
        else:
            pass
    return out
print(f(6))
def classify(x):
    if isinstance(x, bool): return "bool"
    elif isinstance(x, int):
        if x < 0:
            if x < -10: return "very negative"
            return "negative"
        elif x == 0: return "zero"
    elif isinstance(x, str):
        return "text" if x else "empty"
    return "other"
print([classify(v) for v in (True, -50, -1, 0, 5, "a", "", None)])
if 1:
    if 0: print("a")
    elif 0: print("b")
    elif 1:
        if 1: print("c")
    else: print("d")
pass
if True: pass
else: print("no")
class A:
    if True:
        def m(self):
            for i in range(2):
                def inner():
                    class B:
                        x = i
                    return B.x
                yield inner()
print(list(A().m()))
total = 0
for i in range(5):
    for j in range(5):
        for k in range(5):
            if i == j == k: break
            if (i + j + k) % 3 == 0: continue
            total += i * j - k
print(total)
def state_machine(text):
    state, out = "start", []
    for c in text:
        if state == "start":
            if c.isdigit(): state = "number"; out.append(c)
            elif c == '"': state = "string"; out.append("")
        elif state == "number":
            if c.isdigit(): out[-1] += c
            else: state = "start"
        elif state == "string":
            if c == '"': state = "start"
            else: out[-1] += c
    return out
print(state_machine('12 "ab c" 7x"z"'))
