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

from itertools import *
import operator
print(list(islice(count(5),3)), list(islice(count(1.5,0.5),3)), count(10), count(10,2), list(islice(count(2**63-1),3)))
print(list(islice(cycle('ab'),5)), list(cycle([])), list(repeat(1,3)), repeat('x'), repeat('x',2), list(repeat(1,-1)))
print(list(accumulate([1,2,3,4])), list(accumulate([1,2,3],operator.mul)), list(accumulate([1,2],initial=10)), list(accumulate([])), list(accumulate([3,1,2],max)), list(accumulate('abc')))
print(list(chain([1],(2,),'ab')), list(chain.from_iterable(['ab',[1]])), list(chain()), list(chain([])))
for r in range(5):
    print(list(combinations('abcd',r)), list(combinations_with_replacement('ab',r)), list(permutations('abc',r)), list(product('ab',repeat=r))[:9])
print(list(permutations([1,2,3])), list(product([1,2],'ab',[True])), list(product()), list(product([],[1])), list(combinations([],0)), list(combinations_with_replacement([],0)), list(combinations_with_replacement([],2)))
print(list(compress('abcdef',[1,0,1,0,1])), list(dropwhile(lambda x:x<3,[1,2,3,1])), list(takewhile(lambda x:x<3,[1,2,3,1])), list(filterfalse(None,[0,1,2,''])), list(filterfalse(lambda x:x%2,range(6))))
for k,g in groupby('aaabbbccaa'): print(k, list(g))
for k,g in groupby([1,2,4,5,7,8], key=lambda x:x//3): print(k, list(g), end=' ')
print()
gs=[(k,g) for k,g in groupby('aabb')]; print([(k,list(g)) for k,g in gs])
g=groupby('aabbb'); k,gg=next(g); print(k,next(gg)); k2,g2=next(g); print(k2,list(gg),list(g2))
for a in [(5,),(2,5),(2,9,2),(0,None),(None,None,None),(1,None,3),(3,3),(5,2)]: print(list(islice(range(8),*a)), end=' ')
print()
attempt('a', lambda: islice([1])); attempt('b', lambda: islice([1],-1)); attempt('c', lambda: islice([1],'a')); attempt('d', lambda: islice([1],0,5,0)); attempt('e', lambda: islice([1],-1,5)); attempt('f', lambda: islice(5,1))
it=iter(range(10)); print(list(islice(it,2)), next(it), list(islice(it,1,5,2)), list(it))
print(list(pairwise('abcd')), list(pairwise('a')), list(pairwise([])), list(starmap(pow,[(2,3),(3,2)])), list(starmap(lambda *a:a,[[1],(1,2),'ab'])))
a,b,c=tee(iter([1,2,3]),3); print(next(a),next(a),list(b),list(a),list(c)); print(tee([],0), len(tee([])))
x,y=tee(range(500)); print(sum(x), sum(y)); 
x,=tee(range(5),1); next(x); import copy; z=x.__copy__(); print(list(x), list(z))
print(list(zip_longest('abc',[1],fillvalue='-')), list(zip_longest()), list(zip_longest([1,2],[3,4,5])))
attempt('g', lambda: combinations([1],-1)); attempt('h', lambda: product([1],repeat=-1)); attempt('i', lambda: permutations([1],'a')); attempt('j', lambda: permutations([1],-1)); attempt('k', lambda: count('a')); attempt('l2', lambda: list(chain(5))); attempt('m', lambda: cycle(5)); attempt('n', lambda: list(starmap(pow,[5]))); attempt('o', lambda: next(iter(chain()))); attempt('p', lambda: tee([1],-1))
class C(count): pass
c=C(3); print(next(c), next(c), isinstance(c,count))
print(list(map(lambda a,b:a+b,[1,2],[3,4,5])), list(zip()), list(zip([1])), list(zip([1,2],'ab',(3,4))), list(enumerate('ab',5)), list(enumerate('a',2**63-1)), list(filter(lambda x:x>1,[1,2,3])))
attempt('q', lambda: list(zip([1,2],[1],strict=True))); attempt('r', lambda: list(zip([1],[1,2],strict=True))); attempt('s', lambda: list(zip([1],[1],[1,2],strict=True))); attempt('t', lambda: list(zip([1,2],[1,2],[1],strict=True))); attempt('u', lambda: zip(1)); attempt('v', lambda: zip([1],2)); attempt('w', lambda: map(abs)); attempt('x', lambda: map(abs,5)); attempt('y', lambda: enumerate(5)); attempt('z', lambda: filter(None,5)); attempt('A', lambda: reversed({1})); attempt('B', lambda: reversed(5)); attempt('C', lambda: enumerate()); attempt('D', lambda: list(map(5,[1]))); attempt('E', lambda: next([])); attempt('F', lambda: next(iter([]))); attempt('G', lambda: iter(5)); attempt('H', lambda: iter(5,6)); attempt('I', lambda: enumerate([1],'a'))
print(next(iter([]),'dflt'), list(iter(iter([1,2]).__next__,2)), [type(x).__name__ for x in (iter([]),iter(()),iter('a'),iter({}),iter({}.values()),iter({}.items()),iter(set()),iter(range(1)),iter(b''),reversed([]),reversed({}),iter(int,1),zip(),map(int,[]),enumerate([]))])
class Seq:
    def __getitem__(self,i):
        if i>3: raise IndexError
        return i*i
    def __len__(self): return 4
print(list(Seq()), list(reversed(Seq())), 4 in Seq(), list(enumerate(Seq())))
class It:
    def __init__(s): s.n=0
    def __iter__(s): return s
    def __next__(s):
        s.n+=1
        if s.n>3: raise StopIteration('done')
        return s.n
print(list(It()), tuple(It()), set(It()), sum(It()), max(It()), sorted(It(),reverse=True), dict(zip(It(),It())), list(map(str,It())))
try: it=It(); [next(it) for _ in range(5)]
except StopIteration as e: print('stop', e.value)
class Bad:
    def __iter__(s): return 5
attempt('J', lambda: list(Bad()))
class Bad2: __iter__=None
attempt('K', lambda: list(Bad2()))
def gen():
    x = yield 1
    return 7
g=gen(); next(g)
try: next(g)
except StopIteration as e: print(e.value)
print(sum([[1],[2]],[]), sum((0.1,)*10), sum([1,2.5,True]), sum([],5), sum([2**62,2**62,2**62]), all([]), any([]), all([1,0]), any([0,2]))
attempt('L', lambda: sum(['a'])); attempt('M', lambda: sum(['a'],'')); attempt('N', lambda: max()); attempt('O', lambda: max([])); attempt('P', lambda: max(5)); attempt('Q', lambda: max([],default=3)); attempt('R', lambda: max(1,2,default=3)); attempt('S', lambda: min('a',1)); attempt('T', lambda: max([1,2],key=5)); attempt('U', lambda: sum(5))
print(max('abc','b',key=len), min([3,-5,2],key=abs), max([(1,'a'),(1,'b')]), min(1,True), max(True,1), max([1,1.0]))
