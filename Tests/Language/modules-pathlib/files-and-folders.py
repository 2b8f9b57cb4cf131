from pathlib import Path
import tempfile
b = Path(tempfile.mkdtemp())
f = b / "f.txt"; print(f.write_text("héllo\nx"), f.read_text(), f.exists(), f.is_file(), f.is_dir(), b.is_dir(), f.stat().st_size)
print(f.read_text(encoding="utf-8").splitlines(), (b / "g.bin").write_bytes(b"\x00\x01"), (b / "g.bin").read_bytes())
(b / "d").mkdir(); (b / "x/y/z").mkdir(parents=True); (b / "d").mkdir(exist_ok=True); (b / "d/t.py").touch(); (b / "x/y/u.py").write_text("")
print(sorted(p.name for p in b.iterdir()), sorted(p.name for p in b.glob("*.txt")), sorted(str(p.relative_to(b)) for p in b.rglob("*.py")), sorted(str(p.relative_to(b)) for p in b.glob("**/*.py")), sorted(p.name for p in b.glob("*/*")))
with f.open() as h: print(h.readline())
with (b / "w").open("w") as h: h.write("w")
n = f.rename(b / "renamed"); print(n.name, f.exists(), n.read_text()[:2]); n.replace(b / "again"); print(sorted(p.name for p in b.iterdir()))
(b / "w").unlink(); (b / "none").unlink(missing_ok=True); (b / "d/t.py").unlink(); (b / "d").rmdir()
print((b / "d").exists(), b.resolve().is_absolute(), Path.cwd().is_absolute(), Path(__file__).name, Path(__file__).resolve().parent.name, Path("a").absolute().is_absolute(), Path.home().is_absolute())
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", str(error).replace(str(b), "BASE"))
attempt("read:", lambda: (b / "none").read_text())
attempt("unlink:", lambda: (b / "none").unlink())
attempt("mkdir:", lambda: (b / "x").mkdir())
attempt("mkdir parents:", lambda: (b / "q/r").mkdir())
attempt("rmdir:", lambda: (b / "x").rmdir())
attempt("iterdir:", lambda: list((b / "none").iterdir()))
attempt("write text:", lambda: (b / "t").write_text(5))
import shutil; shutil.rmtree(b); print(b.exists())
