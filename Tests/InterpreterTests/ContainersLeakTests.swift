import Diagnostics
import Interpreter
import Library
import Testing

/// Programs that use containers and built-in functions in a circle: the heap must hold as many objects afterwards as before.
@Suite struct ContainersLeakTests {
    static let programs: [(name: String, body: String)] = [
        ("slices", "l = [[i] for i in range(9)]; l[2:5] = [1]; del l[::2]; l[1:1] = l; l[::-1]; t = tuple(l)[1:]; l *= 2; l += t; l.clear()"),
        ("sorting", "sorted('hello'); sorted([[2], [1]], key=lambda x: x[0], reverse=True); [(i % 3, str(i)) for i in range(50)].sort()"),
        ("a key that fails", "l = [[3], [1], [0]]\ntry: l.sort(key=lambda x: 1 // x[0])\nexcept ZeroDivisionError: pass"),
        ("a list changed while it is sorted", "l = [[3], [1]]\ntry: l.sort(key=lambda x: l.append(x) or x)\nexcept ValueError: pass"),
        (
            "dicts",
            "d = {str(i): [i] for i in range(30)}; d.pop('3'); d.popitem(); d.setdefault('x', []); d |= {'y': 1}; d == dict(d); list(d.items()); {**d}"
        ),
        ("failing updates", "for bad in ([1], [[1]], 5):\n    try: {}.update(bad)\n    except (TypeError, ValueError): pass"),
        (
            "views",
            "k = {str(i): i for i in range(5)}; k.keys() & {'1'}; k.items() ^ {('1', 1)}; k.keys() - ['1']; k.items() | [('a', [])[:1]]; repr(k.values())"
        ),
        (
            "sets",
            "s = {str(i) for i in range(40)}; t = {str(i) for i in range(20, 60)}; s & t; s - t; s ^ t; s | t; s -= t; s ^= t; s.pop(); frozenset(s) == s; {frozenset(s)}"
        ),
        (
            "iterators",
            "list(zip('abc', [[1], [2]])); list(map(lambda a, b: [a, b], 'ab', 'cd')); list(filter(None, [[], [1]])); list(enumerate('ab')); next(iter([]), []); max([[1], [2]], key=len); min('b', 'a'); sum([[1], [2]], [])"
        ),
        ("strict zip", "try: list(zip([[1], [2]], [[1]], strict=True))\nexcept ValueError: pass"),
        (
            "derived classes",
            "class L(list): pass\nclass D(dict):\n    def __missing__(self, key): return [key]\nclass T(tuple): pass\nL([[1]]) + [2]; D(a=[1])['b']; T([[1]]) == ([1],); repr(L([D()]))"
        ),
        ("cycles", "l = []; l.append(l); d = {}; d['d'] = d; repr(l); repr(d); t = (l, d)"),
        ("attributes", "getattr(5, 'zz', []); hasattr([], 'zz'); dir([]); isinstance([], (str, (int, list))); vars(type('X', (), {'a': []})())"),
        (
            "itertools",
            "from itertools import chain, groupby, product, tee, islice, accumulate, zip_longest, permutations, cycle, pairwise, compress\n[list(g) for k, g in groupby([[1], [1], [2]])]; a, b = tee([[1], [2]]); list(a); next(b); list(chain([[1]], [[2]])); list(product('ab', repeat=2)); list(islice(cycle([[1]]), 5)); list(accumulate([[1], [2]])); list(zip_longest('ab', [[1]])); list(permutations([[1], [2]])); list(pairwise([[1], [2], [3]])); list(compress([[1], [2]], [0, 1]))"
        ),
        (
            "collections",
            "from _collections import deque, defaultdict, OrderedDict\nd = deque([[i] for i in range(20)], 10); d.rotate(3); d.append([]); d.popleft(); d + d; d * 3; repr(d); x = defaultdict(list); x['a'].append([]); o = OrderedDict(a=[1], b=[2]); o.move_to_end('a'); o.move_to_end('b', last=False); o.popitem(last=False); repr(o); o | {'c': []}"
        ),
        (
            "functools",
            "from _functools import partial, reduce, cmp_to_key\nreduce(lambda a, b: a + b, [[1], [2]]); p = partial(dict, a=[1]); p(b=[2]); partial(p, c=1)(); sorted([[2], [1]], key=cmp_to_key(lambda a, b: a[0] - b[0]))"
        ),
        (
            "heaps",
            "from _heapq import heappush, heappop, heapify, heappushpop\nh = []\nfor i in range(20): heappush(h, (-i, [i]))\nheappop(h); heappushpop(h, (5, [])); heapify(h)"
        ),
        (
            "generators",
            "def g(n):\n    for i in range(n):\n        got = yield [i]\n        if got: yield [got]\ndef d(n): yield from g(n); return [n]\nx = g(3); next(x); x.send([1]); y = d(4); next(y); next(y); list(d(3)); sum((len(v) for v in g(5)), 0)\ntry: y.throw(ValueError([1]))\nexcept ValueError: pass\nz = g(9); next(z); z.close()"
        ),
        (
            "exceptions",
            "class E(Exception): pass\nclass F(E):\n    def __init__(self, a): self.a = a; super().__init__(a)\ndef f(x):\n    try: raise E([x], 'y')\n    except E as e: raise F([x]) from e\nfor i in range(5):\n    try: f(i)\n    except F as e: e.args, e.a, e.__cause__.args, e.__traceback__\n    try: raise KeyError\n    except KeyError as e: e.args"
        ),
        (
            "constructors",
            "class C:\n    tags = [1]\n    def __init__(self, a, b): self.a = a; self.b = b\n    @property\n    def p(self): return [self.a]\n    def m(self): return [self]\nfor i in range(4):\n    c = C([i], []); c.p; c.tags; f = c.m; f(); c.m()\n    try: C(1)\n    except TypeError: pass\n    try: c.missing\n    except AttributeError: pass"
        ),
        (
            "calls into Swift",
            "for i in range(4):\n    'a,b'.split(); 'a,b'.split(','); 'x'.join([str(i)]); [[i]].pop(); {'a': [i]}.get('b'); {'a': [i]}.pop('a', None); max([i], [2]); int(str(i)); sorted([[2], [1]])\n    for bad in ('x'.split, [].pop, {}.pop):\n        try: bad([i], [], [], [])\n        except (TypeError, IndexError, KeyError): pass"
        ),
        ("generic aliases", "list[int]; dict[str, list[int]] == dict[str, list[int]]; repr(tuple[int, ...] | None); list[int]([1])"),
    ]

    @Test(arguments: programs)
    func leavesTheHeapAsItWas(_ program: (name: String, body: String)) throws {
        let session = Session(arguments: [""], folder: "")
        let indented = program.body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        try session.run(SourceText(name: "leak.py", text: "def main():\n\(indented)\n"))
        let call = SourceText(name: "call.py", text: "for _ in range(3): main()\n")
        // Caches and interned names settle in the first rounds.
        for _ in 0..<3 { try session.run(call) }
        session.vm.heap.collectCycles()
        let before = session.vm.heap.liveCount
        for _ in 0..<3 { try session.run(call) }
        session.vm.heap.collectCycles()
        #expect(session.vm.heap.liveCount == before, "\(program.name) leaks \(session.vm.heap.liveCount - before) objects")
    }
}
