class MyError(Exception):
    pass
class Coded(MyError):
    def __init__(self, code): super().__init__(code); self.code = code
    def __str__(self): return f"code {self.code}"
raise Coded(7)
