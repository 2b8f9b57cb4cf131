from typing import List, Dict, Optional, Union, Any, Callable, Tuple, TypeVar, Generic, NamedTuple, TypedDict, Protocol, Literal, Iterable, Iterator, cast, overload, TYPE_CHECKING, Final, ClassVar, Type, Set, Sequence, Mapping, runtime_checkable, get_type_hints, NoReturn, Annotated, NewType, Generator
print(List[int], Dict[str, int], Optional[int], Union[int, str], Any, Callable[[int], str], Tuple[int, ...], Literal["a", 1], Union[int, None] == Optional[int], Type[int], Set[str], list[int], dict[str, list[int]], tuple[int, ...], int | None, Iterable[int])
T = TypeVar("T"); print(T, TYPE_CHECKING, cast(int, "not converted"))
class Box(Generic[T]):
    def __init__(self, v: T) -> None: self.v = v
    def get(self) -> T: return self.v
print(Box(5).get(), Box[int]("x").v, Box[int].__origin__ is Box)
class P(NamedTuple):
    x: int
    y: str = "d"
    def both(self): return f"{self.x}{self.y}"
print(P(1), P(1).both(), P(2, "z")._asdict(), P._fields, P(1) == (1, "d"), P._field_defaults)
class TD(TypedDict, total=False): a: int; b: str
print(TD(a=1), type(TD(a=1)).__name__, TD(b="x")["b"])
class Speaks(Protocol):
    def speak(self) -> str: ...
class Dog:
    def speak(self): return "woof"
def say(s: Speaks) -> str: return s.speak()
print(say(Dog()))
@runtime_checkable
class HasLen(Protocol):
    def __len__(self) -> int: ...
print(isinstance([], HasLen), isinstance(5, HasLen))
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x): return x
print(f(1), f("a"), get_type_hints(Box.get) != None)
UserId = NewType("UserId", int); print(UserId(5), UserId.__name__)
x: Final = 5; y: "List[Undefined]" = []; z: Annotated[int, "meta"] = 3
def g(a: Optional[List[int]] = None, *, cb: Callable[..., Any] = print) -> Dict[str, Any]: return {"a": a}
print(g([1]), g.__annotations__["a"], x, y, z, get_type_hints(g)["a"])
import typing as t; print(t.List[t.Any], t.get_origin(List[int]), t.get_args(Dict[str, int]), t.get_args(int | str))
def gen() -> Generator[int, None, None]: yield 1
print(list(gen()), Optional[Union[int, str]], List["Forward"])
