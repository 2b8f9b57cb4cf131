import Foundation
import Testing

/// Programs that ask for more memory than there is get Python's exception, and can go on.
@Suite(.serialized) struct MemoryLimitTests {
    private static let programs: [String: String] = [
        "a list that grows": "x = []\n    while True: x.append(0)",
        "lists in lists": "x = []\n    while True: x = [x]",
        "a text that doubles": "x = 'x'\n    while True: x += x",
        "a text that grows": "x = 'x' * 1000\n    while True: x += 'y' * 50000000",
        "a dict that grows": "x = {}\n    i = 0\n    while True: x[i] = i; i += 1",
        "a set that grows": "x = set()\n    i = 0\n    while True: x.add(i); i += 1",
        "bytes that double": "x = bytearray(b'x')\n    while True: x += x",
        "objects": "x = []\n    while True: x.append(object())",
        "instances": "class A: pass\n    x = None\n    while True: a = A(); a.next = x; x = a",
        "a list of a range": "x = list(range(10 ** 9))",
        "a sorted range": "x = sorted(range(10 ** 9))",
        "a tuple of a generator": "x = tuple(i for i in range(10 ** 9))",
        "a set of a range": "x = set(range(10 ** 9))",
        "a repeated text": "x = 'x' * 3000000000",
        "a repeated list": "x = [0] * 500000000",
        "a comprehension": "x = [i for i in range(10 ** 9)]",
        "tuples in tuples": "x = ()\n    while True: x = (x, x[:])",
        "a tuple that doubles": "x = (1,)\n    while True: x += x",
        "bytes made anew": "x = b'x'\n    while True: x += x",
        "bytes replaced": "x = b'x' * 1000\n    while True: x = x.replace(b'x', b'xx')",
        "bytes joined": "x = b','.join(b'abc' for i in range(10 ** 9))",
        "a deque that grows": "import collections\n    x = collections.deque()\n    while True: x.append(0)",
        "a deque of a range": "import collections\n    x = collections.deque(range(10 ** 9))",
        "a repeated deque": "import collections\n    x = collections.deque([0]) * 500000000",
        "sets in a list": "x = []\n    while True: x.append({len(x)})",
        "strings in a list": "x = []\n    while True: x.append(str(len(x)))",
        "floats sorted": "x = sorted(i * 0.5 for i in range(10 ** 9))",
        "a sort by a key": "x = sorted(range(60000000), key=str)",
        "a text replaced": "x = 'x' * 1000\n    while True: x = x.replace('x', 'xx')",
        "a text split": "x = ('a,' * 300000000).split(',')",
        "a copied set": "x = [set(range(1000000))]\n    while True: x.append(x[0].copy())",
        "a copied dict": "x = [dict.fromkeys(range(1000000))]\n    while True: x.append(x[0].copy())",
        "generators in a list": "x = []\n    def a(): yield 1\n    while True: x.append(a())",
        "functions in a list": "x = []\n    while True: x.append(lambda: 1)",
        "a join": "x = ''.join('abc' for i in range(10 ** 9))",
    ]

    @Test("memory that runs out is MemoryError", arguments: programs.keys.sorted())
    func exhaustion(kind: String) throws {
        let shell = try Shell()
        let statement = try #require(Self.programs[kind])
        try shell.write(
            """
            try:
                \(statement)
            except MemoryError as error:
                x = a = None
                print("caught", repr(error))
            print(len([0] * 1000000))
            """, to: "program.py")
        let result = try shell.run("ulimit -v 2500000; qnb run program.py")
        #expect(result.status == 0, "\(kind): \(result.output.suffix(600))")
        #expect(result.output == "caught MemoryError()\n1000000\n", "\(kind)")
    }
}
