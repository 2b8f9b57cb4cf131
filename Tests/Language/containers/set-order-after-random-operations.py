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

def mk(n,m): return [rnd(m) for _ in range(n)]
for trial in range(25):
    a=mk(rnd(40),[20,60,1000,100000][rnd(4)]); b=mk(rnd(40),[20,60,1000][rnd(3)])
    s=set(a); t=set(b)
    for x in mk(rnd(10),60): s.discard(x)
    for x in mk(rnd(10),60): s.add(x)
    print(s, t, s|t, s&t, s-t, s^t, t-s, t^s)
    print(s.union(b, a), s.intersection(b), s.difference(b), s.symmetric_difference(b), s.isdisjoint(b), s<=t, s>=t, s<t, s==t, s.issubset(a), s.issuperset(b))
    u=s.copy(); u|=t; v=s.copy(); v&=t; w=s.copy(); w-=t; x=s.copy(); x^=t; print(u,v,w,x)
    u.update(b,a); v.intersection_update(a,b); w.difference_update(a); x.symmetric_difference_update(a); print(u,v,w,x)
    f=frozenset(a); print(f, hash(f)==hash(frozenset(reversed(a))), hash(f), f|s, s|f, type(f|s), type(s|f))
    if s: print(s.pop(), s.pop() if s else None, s)
    print(set(dict.fromkeys(a)), set(range(rnd(50))), {x*x for x in a}, frozenset(s))
    d=dict.fromkeys(a); print(s-d.keys(), d.keys()&s, d.keys()|s, d.keys()-s, d.keys()^s, s.difference(d), s.union(d))
big=set(range(70000)); big.update(range(140000,60000,-7)); print(sum(i*x for i,x in enumerate(big))%1000007)
big-=set(range(0,70000,2)); print(sum(i*x for i,x in enumerate(big))%1000007, len(big))
print({-1,-2,0}, {2**61-1, 0}, {2**64, 2**65}, {1.0, 1, True}, {0.5,0.25}, {(1,2),(3,4)}, {-5,-3,100})
print(set(), frozenset(), {1}, frozenset([1]))
attempt('a', lambda: {1}|[2]); attempt('b', lambda: {1}<[2]); attempt('c', lambda: set(5)); attempt('d', lambda: {1}.remove(2)); attempt('e', lambda: set().pop())
attempt('f', lambda: {1}.add([])); attempt('g', lambda: {1}.remove({2})); attempt('h', lambda: {1} in {frozenset([1])}); attempt('i', lambda: [] in {1}); attempt('j', lambda: hash({1}))
attempt('k', lambda: set(1,2)); attempt('l', lambda: {1}.union(5)); attempt('m', lambda: {1}.update(5)); attempt('n', lambda: {1}.isdisjoint(5)); attempt('o', lambda: frozenset([1]).add(2))
def g():
    s={1,2,3}
    for x in s: s.add(x+10)
attempt('p', g)
def g():
    d={1:2,3:4}
    for x in d: d[x+10]=1
attempt('q', g)
def g():
    d={1:2,3:4}
    for x in d:
        del d[x]; d[x+10]=1
attempt('r', g)
class S(set):
    def __init__(self, x=()): super().__init__(x); self.t=0
    def add(self, v): self.t+=1; super().add(v)
s=S([1,2]); s.add(5); print(s, s.t, s|{9}, len(s), 5 in s, s=={1,2,5}, sorted(s))
class F(frozenset): pass
f=F([1,2]); print(f, f=={1,2}, {f:1}[frozenset([1,2])], f|{3}, type(f.copy()))
s={1}; s2=s; s|={2}; print(s is s2, s); f=frozenset([1]); f2=f; f|={2}; print(f is f2, f)
a={1,2}; a.intersection_update(a); print(a); a-=a; print(a); a={1,2}; a^=a; print(a); a={1}; print(a.intersection(), a.union(), a.difference())
