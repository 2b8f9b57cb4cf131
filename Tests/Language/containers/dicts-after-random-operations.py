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

d={}
for i in range(600):
    k=rnd(60); w=rnd(12)
    if w<5: d[k]=i
    elif w<8: d.pop(k,None)
    elif w==8: d.setdefault(k,i)
    elif w==9 and d: print(d.popitem())
    elif w==10: d|={k:1,k+1:2}
    elif w==11: d.update([(k,5),(rnd(60),6)])
    if i%50==0: print(d, list(d.items()), list(reversed(d)), list(reversed(d.values())), list(reversed(d.items())), list(d.copy()), d=={**d})
print(dict(), dict([(1,2),'ab']), dict(a=1,b=2), dict({1:2},c=3), dict(zip('ab',[1,2])))
attempt('a', lambda: dict(5)); attempt('b', lambda: dict([1])); attempt('c', lambda: dict(['abc'])); attempt('d', lambda: dict(1,2)); attempt('e', lambda: {}[1]); attempt('f', lambda: {}['a'])
attempt('g', lambda: {}.pop(1)); attempt('h', lambda: {}.popitem()); attempt('i', lambda: {}|[]); attempt('j', lambda: {}<{}); attempt('k', lambda: {}.get()); attempt('l', lambda: {}.get([])); attempt('m', lambda: hash({}))
attempt('n', lambda: {}.update(5)); attempt('o', lambda: dict.fromkeys(5)); attempt('p', lambda: {}.update([(1,2,3)])); attempt('q', lambda: {}.update(1,2)); attempt('r', lambda: {}.setdefault([],1)); attempt('s', lambda: {1:2}.items()+1)
def f(): d={}; d|=5
attempt('t', f)
def f(): d={}; del d[5]
attempt('u', f)
print(dict.fromkeys('abc'), dict.fromkeys([1,2],0))
k={1:1,2:2}.keys(); i={1:1,2:2}.items(); v={1:1}.values()
print(k,i,v,len(k),1 in k,(1,1) in i,(1,2) in i,1 in i,1 in v, k=={1,2}, k<{1,2,3}, k>{1}, i=={(1,1),(2,2)}, k.isdisjoint([3]), i&{(1,1)}, i|{(5,5)}, k-{1}, k^{1,9}, {1}&k, [1,5]&k, k&[1,5])
attempt('v', lambda: k<5); attempt('w', lambda: v==v); attempt('x', lambda: k|5); attempt('y', lambda: hash(k)); attempt('z', lambda: k[0])
print(k.mapping, {1:2}.items().isdisjoint({}))
class D(dict):
    def __init__(self,*a,**k): super().__init__(*a,**k); self.n=len(self)
    def __missing__(self,k): return ('missing',k)
d=D({1:2},x=3); print(d, d.n, d[5], d.get(5), 5 in d, d==dict(d), {**d}, list(d), d|{7:8}, type(d|{7:8}), len(d), D.fromkeys([1]), d.copy(), type(d.copy()))
d[1]=5; del d['x']; d.update({3:4}); print(d, d.pop(3), sorted(d.items()), [x for x in d.items()])
def ff(**k): return k
print(ff(**d) if all(isinstance(x,str) for x in d) else 'no', ff(**{'a':1}))
class M:
    def keys(self): return ['a','b']
    def __getitem__(self,k): return k*2
print(dict(M()), {**M()}, ff(**M()))
class SS(dict):
    def __setitem__(self,k,v): super().__setitem__(k,v*2)
s=SS(a=1); s['b']=2; s.update(c=3); print(s)
class G(dict):
    def __getitem__(self,k): return 'g'
    def __iter__(self): return iter(['z'])
    def keys(self): return ['z']
g=G(a=1); print(g['q'], list(g), dict(g), g.get('a'), {**g})
print({1:'a',1.0:'b',True:'c'}, {(1,2):3}[(1,2)], {None:1}[None], {'a':{'b':[1]}}['a']['b'])
class E1:
    def __init__(s,v): s.v=v
    def __eq__(s,o): return isinstance(o,E1) and s.v==o.v
    def __hash__(s): return hash(s.v)
    def __repr__(s): return f'E{s.v}'
dd={E1(i):i for i in range(10)}; print(dd[E1(5)], E1(50) in dd, dd); dd.pop(E1(3)); print(len(dd)); print({E1(1),E1(1),E1(2)})
x={}
for i in range(100000): x[i]=i
for i in range(99990): del x[i]
print(x, next(iter(x)))
for i in range(20): x[i]=1; x.popitem()
print(len(x))
y={i:i for i in range(1000)}
while y: y.pop(next(iter(y)))
print(y, sum({i:i*i for i in range(1000)}.values()))
