class M:
    def __enter__(self): return self
    def __exit__(self, *a): return False
with M() as m:
    with M():
        x = {"a": 1}
        x["b"]
