from pathlib import Path, PurePath, PurePosixPath
p = Path("/a/b/c.tar.gz")
print(p, repr(p), str(p), p.name, p.stem, p.suffix, p.suffixes, p.parent, list(p.parents), p.parts, p.anchor, p.root, p.is_absolute(), p.as_posix())
print(Path("a") / "b" / Path("c"), "x" / Path("y"), Path("a", "b"), Path("a").joinpath("b", "c"), Path("a") / "/abs", Path(), Path("."), Path("a//b/./c"), Path("a/../b"), Path("~"))
print(p.with_name("d.txt"), p.with_suffix(".zip"), p.with_stem("q"), Path("a").with_suffix(".py"), p.relative_to("/a"), p.is_relative_to("/a"), p.match("*.gz"), p.match("b/*.gz"), p.match("*.py"))
print(Path("a") == Path("a"), Path("a") < Path("b"), hash(Path("a")) == hash(Path("a")), sorted([Path("b"), Path("a")]), {Path("a"): 1}[Path("a")], Path("a") == "a", f"{p}", "%s" % p, p.as_uri())
print(PurePath("a/b").parent, PurePosixPath("/x").name, isinstance(p, PurePath), Path(Path("n")), Path(".hidden").suffix, Path("a.").suffix, Path("dir/").name, Path("/").name, Path("/").parent)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("relative_to:", lambda: p.relative_to("/x"))
attempt("with_name empty:", lambda: Path("/").with_name("x"))
attempt("with_suffix bad:", lambda: p.with_suffix("zip"))
attempt("divide int:", lambda: p / 5)
attempt("int:", lambda: Path(5))
attempt("plus:", lambda: p + "x")
