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

from _collections import deque, defaultdict, OrderedDict, _count_elements
d=deque([1,2,3],maxlen=3); d.append(4); print(d, d.maxlen); d.appendleft(0); print(d, d[0], d[-1], len(d), 4 in d); d.extend([7,8]); d.extendleft([9,10]); print(d)
for t in range(120):
    n=rnd(8); d=deque([rnd(5) for _ in range(n)], [None,5,3][rnd(3)]); w=rnd(12)
    def go():
        if w==0: d.rotate(rnd(20)-10); return d
        if w==1: return d.pop(), d
        if w==2: return d.popleft(), d
        if w==3: d.insert(rnd(10)-5,99); return d
        if w==4: d.remove(3); return d
        if w==5: return d.index(2), d.count(2)
        if w==6: del d[rnd(6)-3]; return d
        if w==7: d[rnd(6)-3]=7; return d
        if w==8: d.reverse(); return d
        if w==9: return d+d, d*2, d.copy(), list(reversed(d))
        if w==10:
            e=d; e+=[1,2]; e*=2; return e, d is e
        if w==11: return d==deque([1,2]), d<deque([2]), d[5]
    attempt((w,t),go)
attempt('a', lambda: deque(5)); attempt('b', lambda: deque([],-1)); attempt('c', lambda: deque([],'a')); attempt('d', lambda: deque()['a']); attempt('f', lambda: deque()+[1]); attempt('g', lambda: deque([1]).remove(5)); attempt('h', lambda: deque([1]).index(5)); attempt('i', lambda: deque([1,2],1).insert(0,5)); attempt('j', lambda: deque([1])[0:1])
def f():
    d=deque([1,2,3])
    for x in d: d.append(1)
attempt('k', f)
class Q(deque):
    def __init__(s,*a): super().__init__(*a); s.z=1
q=Q([1,2]); q.append(3); print(q, q.z, type(q.copy()), len(q), list(q), q==deque([1,2,3]), deque([1,2,3])==q)
d=deque(); d.append(d); print(d); d.clear()
dd=defaultdict(list); dd['a'].append(1); dd['b']; print(dd, dd['a'], dd.get('z'), 'z' in dd, dd.default_factory, len(dd), dd==dict(dd), isinstance(dd,dict))
dd=defaultdict(int,{1:2},x=3); dd['y']+=5; print(dd, dd.copy(), type(dd.copy()), dd|{9:9}, {8:8}|dd, sorted(map(str,dd))); dd.default_factory=None; attempt('l', lambda: dd['nope']); print(defaultdict(), defaultdict(None,{1:1}))
attempt('m', lambda: defaultdict(5)); attempt('n', lambda: defaultdict(list)[[]])
class DD(defaultdict):
    def __missing__(self,k): self[k]=k*2; return self[k]
x=DD(); print(x[4], x, x.pop(4), x)
nested=defaultdict(lambda: defaultdict(int)); nested['a']['b']+=1; print(nested['a'], dict(nested['a']))
o=OrderedDict([('a',1),('b',2),('c',3)]); o.move_to_end('a'); print(o, list(o)); o.move_to_end('c',last=False); print(o, o.popitem(last=False), o.popitem(), o)
print(OrderedDict(a=1,b=2)==OrderedDict(b=2,a=1), OrderedDict(a=1,b=2)=={'b':2,'a':1}, OrderedDict(), OrderedDict({1:2}), o|{5:6}, type(o|{5:6}), {5:6}|o, o.copy(), list(reversed(OrderedDict(a=1,b=2))), OrderedDict.fromkeys('ab',0))
print(o.keys(), o.values(), o.items(), o!=OrderedDict(o), repr(o), isinstance(o,dict)); attempt('o', lambda: o.move_to_end('zz')); attempt('p', lambda: OrderedDict().popitem()); attempt('q', lambda: o.pop('zz')); print(o.pop('zz',5), o.setdefault('k',9), o)
class LRU(OrderedDict):
    def __init__(s,n): super().__init__(); s.n=n
    def __getitem__(s,k): v=super().__getitem__(k); s.move_to_end(k); return v
    def __setitem__(s,k,v):
        super().__setitem__(k,v)
        if len(s)>s.n: del s[next(iter(s))]
l=LRU(2); l[1]=1; l[2]=2; l[1]; l[3]=3; print(l, list(l.items()))
o=OrderedDict((i,i) for i in range(20000))
while len(o)>3: o.popitem(last=False)
print(o)
m={}; _count_elements(m,'abracadabra'); print(m)
