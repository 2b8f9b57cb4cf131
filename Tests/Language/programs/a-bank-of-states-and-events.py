from enum import Enum, auto
from dataclasses import dataclass, field
from collections import deque
class State(Enum): IDLE = auto(); RUNNING = auto(); DONE = auto(); FAILED = auto()
@dataclass
class Task:
    name: str
    cost: int
    needs: list = field(default_factory=list)
    state: State = State.IDLE
class Cycle(Exception): pass
def order(tasks):
    done, visiting, out = set(), [], []
    def visit(t):
        if t.name in done: return
        if t.name in visiting: raise Cycle(" -> ".join(visiting + [t.name]))
        visiting.append(t.name)
        for n in t.needs: visit(tasks[n])
        visiting.pop(); done.add(t.name); out.append(t)
    for t in tasks.values(): visit(t)
    return out
ts = {t.name: t for t in (Task("build", 5, ["fetch"]), Task("fetch", 2), Task("test", 3, ["build"]), Task("docs", 1, ["fetch"]))}
q, clock = deque(order(ts)), 0
while q: t = q.popleft(); t.state = State.RUNNING; clock += t.cost; t.state = State.DONE if t.cost != 3 else State.FAILED; print(f"{clock:>3} {t.name:<6} {t.state.name}")
print(ts["test"]); ts["fetch"].needs.append("test")
try: order(ts)
except Cycle as e: print("cycle:", e)
