from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): "abstract"
    @property
    @abstractmethod
    def name(self): ...
    def describe(self): return f"{self.name} {self.area()}"
    @classmethod
    @abstractmethod
    def make(cls): ...
    @staticmethod
    @abstractmethod
    def st(): ...
class Partial(Shape):
    def area(self): return 1
class Full(Partial):
    name = "full"
    @classmethod
    def make(cls): return cls()
    @staticmethod
    def st(): return "static"
print(Full.make().describe(), Full.st(), isinstance(Full(), Shape), sorted(Shape.__abstractmethods__), sorted(Partial.__abstractmethods__), Full.__abstractmethods__)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
class One(ABC):
    @abstractmethod
    def only(self): return "base body"
attempt("abstract:", lambda: Shape()); attempt("partial:", lambda: Partial()); attempt("one:", lambda: One())
class Uses(One):
    def only(self): return super().only() + "!"
print(Uses().only())
class Virtual: pass
Shape.register(Virtual); print(issubclass(Virtual, Shape), isinstance(Virtual(), Shape))
class Duck(ABC):
    @classmethod
    def __subclasshook__(cls, c): return True if any("quack" in k.__dict__ for k in c.__mro__) else NotImplemented
class Q:
    def quack(self): pass
print(issubclass(Q, Duck), isinstance(Q(), Duck), isinstance(5, Duck))
class NoAbstract(ABC): pass
print(type(NoAbstract()).__name__, abstractmethod(len) is len if False else "ok", getattr(One.only, "__isabstractmethod__"))
