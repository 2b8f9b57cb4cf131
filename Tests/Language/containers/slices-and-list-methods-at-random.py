_seed = 12345
def rnd(n):
    global _seed
    _seed = (_seed * 1103515245 + 12345) % 2147483648
    return (_seed >> 8) % n
def attempt(label, f):
    try:
        print(label, f())
    except Exception as e:
        print(label, type(e).__name__, e)

def opt(n):
    k = rnd(5)
    if k == 0: return None
    return rnd(2*n+3) - n - 1
for trial in range(250):
    n = rnd(12)
    l = [rnd(100) for _ in range(n)]
    s = slice(opt(12), opt(12), [None,1,-1,2,-2,3,-3,5,0][rnd(9)])
    what = rnd(12)
    def go():
        if what == 0: return l[s]
        if what == 1:
            l[s] = [rnd(9) for _ in range(rnd(6))]; return l
        if what == 2:
            del l[s]; return l
        if what == 3: return tuple(l)[s]
        if what == 4: return range(n)[s], list(range(n)[s])
        if what == 5:
            l.insert(opt(12) or 0, 7); return l
        if what == 6: return l.pop(opt(12) or 0), l
        if what == 7: return l * (rnd(5)-1), l
        if what == 8: l.extend(l); return l
        if what == 9: return s.indices(n)
        if what == 10:
            l[s] = l; return l
        if what == 11:
            l.reverse(); return l, l.index(rnd(100)) if l else None
    attempt((what, s, n), go)
