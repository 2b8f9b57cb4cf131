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

attempt('a', lambda: [1,2,3] < [1,2,4])
attempt('b', lambda: [1,2] < [1,'a'])
attempt('c', lambda: [1,2] == (1,2))
attempt('d', lambda: [1] + (2,))
attempt('e', lambda: (1,) + [2])
attempt('f', lambda: [1] * 1.5)
attempt('g', lambda: [1] * 'a')
attempt('h', lambda: 2 * [1,2])
attempt('i', lambda: [0] * 10**12 and 1)
attempt('j', lambda: [0] * 10**20)
attempt('k', lambda: [1].index(5))
attempt('l', lambda: [1].remove(5))
attempt('m', lambda: [].pop())
attempt('n', lambda: [1].pop(4))
attempt('o', lambda: [1]['a'])
attempt('p', lambda: [1][10**30])
attempt('q', lambda: (1,)[3])
attempt('r', lambda: (1,)['x'])
attempt('s', lambda: (1,).index(3))
attempt('t', lambda: list(5))
attempt('u', lambda: tuple(5))
attempt('v', lambda: list(1,2))
attempt('w', lambda: list.append(5,1))
attempt('x', lambda: list.__len__(5))
attempt('y', lambda: [].append())
attempt('z', lambda: [].append(1,2))
attempt('A', lambda: [].insert(1))
attempt('B', lambda: list(x=1))
attempt('C', lambda: hash([]))
attempt('D', lambda: {[]: 1})
attempt('E', lambda: {1,[]})
attempt('F', lambda: hash((1,[])))
l=[1]; l.append(l); print(l); t=(l,); print(t)
d={}; d['d']=d; print(d)
def setx(): l=[1,2,3]; l[0:2]=5
attempt('G', setx)
def sety(): l=[1,2,3]; l[::2]=[1]
attempt('H', sety)
def sety(): l=[1,2,3]; l[::2]=1
attempt('I', sety)
def setz(): l=[1,2,3]; l[5]=1
attempt('J', setz)
def setz(): l=[1,2,3]; del l[5]
attempt('K', setz)
def setz(): l=[1,2,3]; l['a']=5
attempt('L', setz)
def setz(): (1,2)[0]=1
attempt('M', setz)
def setz(): del (1,2)[0]
attempt('N', setz)
attempt('O', lambda: [1,2,3].sort(5))
attempt('P', lambda: sorted())
attempt('Q', lambda: sorted([1],[2]))
attempt('R', lambda: sorted([1,'a']))
attempt('S', lambda: sorted([3,1,2],key=5))
def modify():
    l=[3,1,2]
    def k(x): l.append(1); return x
    l.sort(key=k)
attempt('T', modify)
def fail():
    l=[3,1,2,5,4]
    try: l.sort(key=lambda x: 1//(x-2))
    finally: print(l)
attempt('U', fail)
x=[1]; y=x; x+=(2,3); print(x, x is y); x*=2; print(x is y, x); x*=0; print(y)
def f(): x=[1]; x+=5
attempt('V', f)
class L(list):
    def __init__(self, *a): super().__init__(a); self.q=1
l=L(1,2,3); print(l, l.q, l[1:], type(l[1:]), l+[1], l==[1,2,3], [1,2,3]==l, len(l), bool(l), 2 in l, list(l), sorted(l), l*2)
l.append(9); print(l, l.count(9), l.copy(), type(l.copy()))
class T(tuple):
    def __new__(cls,a,b): return super().__new__(cls,(a,b))
t=T(1,2); print(t, hash(t)==hash((1,2)), t==(1,2), t[0], {t:1}[(1,2)], type(t+(1,)), isinstance(t,tuple))
a,b=t; print(a,b)
print(list(reversed([1,2,3])), list(reversed((1,2))), list(reversed('añb')), list(reversed(range(3,9,2))))
it=iter([1,2,3]); next(it); print(it.__length_hint__()); print(list(it), list(it))
l=[1,2,3]
for x in l:
    if x<3 and len(l)<6: l.append(x+10)
print(l)
print([1,2,3].__contains__(2), list.__add__([1],[2]), [1].__eq__(1), [1].__lt__([2]))
print([[]]*3, [*range(3)], (1,2)*2, ()*5, (1,)*0)
print(max([1,2],[1,3]), min('b','a'), [1,[2,(3,)]], [None,True,1.5,'x',b'y'])
print(list.__doc__ is None or True, [].__class__, list.__name__)
print([1,2,2].count(2), (1,1).count(1), [1.0,True].count(1), [3,4].index(4,-1), (5,6,5).index(5,1))
attempt('W', lambda: [3,4].index(3,1))
attempt('X', lambda: [1].index(1,'a'))
