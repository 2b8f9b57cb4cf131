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

for t in range(80):
    n=[rnd(5),rnd(70),rnd(300),1000][rnd(4)]; kind=rnd(7)
    l=[rnd([5,50,10**6][rnd(3)] if rnd(2) else 1000) for _ in range(n)]
    if kind==1: l=[x/7 for x in l]
    if kind==2: l=['%05x'%x if x%3 else 'é%d'%x for x in l]
    if kind==3: l=[(x%5,x) for x in l]
    if kind==4: l=[x if x%2 else float(x) for x in l]
    if kind==5: l=l[:n//2]+sorted(l[n//2:])
    if kind==6: l=sorted(l)[::-1]+sorted(l)
    r=bool(rnd(2)); k=[None,None,lambda v:-len(str(v)),str,lambda v:(str(v)[-1:],)][rnd(5)]
    print(t, kind, sum((i+1)*hash(repr(v).encode()[-1]) for i,v in enumerate(sorted(l,key=k,reverse=r))), sorted(l,key=k,reverse=r)[:7])
nan=float('nan')
print(sorted([3.0,nan,1.0,2.0,nan,0.5]*5)); print(sorted([3,nan,1,2,nan,0.5]*20, reverse=True))
class N:
    def __init__(s,v): s.v=v
    def __lt__(s,o): log.append((s.v,o.v)); return s.v<o.v
for n in (3,10,40,100,300):
    log=[]; l=[N(rnd(30)) for _ in range(n)]; l.sort(); print(n, [x.v for x in l][:10], len(log), hash(tuple(log)))
    log=[]; min(l); max(l,key=lambda x:x.v); print(log[:5])
print(sorted([True,False,1,0,2.5]), sorted(['b','A','a','B'],key=str.lower), sorted('banana'), sorted({3,1,2}), sorted({'b':1,'a':2}), sorted([[2],[1,5],[1]]), sorted([b'b',b'a']))
