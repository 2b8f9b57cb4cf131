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

from _functools import partial, reduce, cmp_to_key, _lru_cache_wrapper
import operator, heapq, bisect
print(reduce(lambda a,b:a+b,[1,2,3]), reduce(lambda a,b:a+b,[],5), reduce(max,[1,5,2],3)); attempt('a', lambda: reduce(max,[])); attempt('b', lambda: reduce(max,5))
def f(*a,**k): return a,k
p=partial(f,1,x=2); print(p(), p(5), p(5,x=3,y=4), p.args, p.keywords, p.func is f); q=partial(p,9,z=1); print(q(), q.args, q.func is f); attempt('c', lambda: partial()); attempt('d', lambda: partial(5)); p.name='n'; print(p.name, repr(partial(int,base=2)), partial(int,base=2)('101'))
class A:
    def m(self,x): return x
    pm=partial(f,7)
print(A().pm(1), sorted([3,1,2],key=cmp_to_key(lambda a,b:b-a)), max([1,2],key=cmp_to_key(lambda a,b:b-a))); 
calls=[]
def slow(x,y=0): calls.append(x); return x*2
class CI(tuple):
    def __new__(cls,*a): return super().__new__(cls,a)
c=_lru_cache_wrapper(slow,2,False,CI); print(c(1),c(1),c(2),c(3),c(1),c(1,y=2),c(1,y=2), calls, c.cache_info()); c.cache_clear(); print(c.cache_info()); c.attr=5; print(c.attr)
u=_lru_cache_wrapper(slow,None,True,CI); u(1);u(1.0);u(True);u(1); print(u.cache_info()); z=_lru_cache_wrapper(slow,0,False,CI); z(1);z(1); print(z.cache_info()); attempt('e', lambda: u([]))
class B:
    def __init__(s): s.n=0
    def g(s,x): s.n+=1; return x
    g=_lru_cache_wrapper(g,5,False,CI)
b=B(); print(b.g(1),b.g(1),b.n)
fib=_lru_cache_wrapper(lambda n: n if n<2 else fib(n-1)+fib(n-2),None,False,CI); print(fib(80))
from operator import itemgetter, attrgetter, methodcaller
print(itemgetter(1)([1,2]), itemgetter(0,'a')({0:1,'a':2}), itemgetter(slice(1,3))('abcd'), attrgetter('real')(5), attrgetter('__class__.__name__','real')(5), methodcaller('upper')('a'), methodcaller('split',',',maxsplit=1)('a,b,c'), itemgetter(1), itemgetter(1,2), attrgetter('a.b'), methodcaller('x',1,y=2))
attempt('f', lambda: itemgetter()); attempt('g', lambda: itemgetter(5)([1])); attempt('h', lambda: attrgetter(5)); attempt('i', lambda: attrgetter('zz')(1))
for n in 'add sub mul truediv floordiv mod pow lshift rshift and_ or_ xor lt le eq ne ge gt is_ is_not'.split(): print(n, getattr(operator,n)(13,3), end=' ')
print(); print(operator.neg(3), operator.not_(3), operator.truth([]), operator.invert(5), operator.abs(-3), operator.index(True), operator.concat([1],[2]), operator.contains([1],1), operator.countOf([1,1],1), operator.indexOf([3,4],4), operator.getitem({1:2},1), operator.length_hint(iter([1,2])), operator.length_hint(5,9), operator.call(max,1,2), operator.iadd([1],[2]))
attempt('j', lambda: operator.concat(1,2)); attempt('k', lambda: operator.indexOf([1],5)); attempt('l', lambda: operator.add(1)); attempt('m', lambda: operator.index('a'))
h=[]; 
for i in range(200): heapq.heappush(h, rnd(50))
print(h[:20], [heapq.heappop(h) for _ in range(50)], heapq.heappushpop(h,5), heapq.heapreplace(h,3)); l=[rnd(99) for _ in range(50)]; heapq.heapify(l); print(l); print(heapq.nlargest(3,l), heapq.nsmallest(3,l,key=lambda x:-x), list(heapq.merge([1,4],[2,3])), list(heapq.merge([4,1],[3,2],reverse=True)))
attempt('n', lambda: heapq.heappop([])); attempt('o', lambda: heapq.heappush(5,1)); attempt('p', lambda: heapq.heappush([1],'a')); h=[(2,'b'),(1,'z')]; heapq.heapify(h); heapq.heappush(h,(1,'a')); print([heapq.heappop(h) for _ in range(3)])
a=[1,2,2,3]; print(bisect.bisect(a,2), bisect.bisect_left(a,2), bisect.bisect_right(a,5), bisect.bisect([3,2,1],-2,key=lambda x:-x), bisect.bisect(a,2,0,2)); bisect.insort(a,2.5); bisect.insort_left(a,2); print(a); attempt('q', lambda: bisect.bisect([1],1,-1))
