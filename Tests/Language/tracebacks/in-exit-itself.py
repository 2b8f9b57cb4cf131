class M:
    def __enter__(self): return self
    def __exit__(self, *a): raise RuntimeError("from exit")
with M():
    1 / 0
