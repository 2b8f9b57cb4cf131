import os.path as p
print(p.join("a", "b"), p.join("a/", "b", "c.txt"), p.join("a", "/b"), p.join("", "x"), p.join("a", ""), p.join("a"))
print(p.split("/a/b.txt"), p.split("b"), p.split("/"), p.split("a/b/"), p.dirname("/a/b"), p.basename("/a/b"), p.basename("a/"), p.dirname("x"))
print(p.splitext("a/b.tar.gz"), p.splitext(".bashrc"), p.splitext("noext"), p.splitext("a.b/c"))
print(p.normpath("a//b/../c/./d"), p.normpath("../x/.."), p.normpath("/../a"), p.normpath(""), p.abspath("/a/../b"), p.isabs("/a"), p.isabs("a"))
print(p.relpath("/a/b/c", "/a/d"), p.relpath("/a", "/a"), p.commonpath(["/a/b/c", "/a/b/d"]), p.commonprefix(["abc", "abd"]), p.splitdrive("/a"))
print(p.exists("/"), p.exists("/no/such"), p.isdir("/"), p.isfile("/"), p.islink("/"), p.isfile(__file__), p.getsize(__file__) > 10, p.getmtime(__file__) > 0, p.samefile("/", "/"))
print(p.expanduser("x"), p.expanduser("~") != "~", p.expandvars("$QNB_NOT_SET/x"), p.realpath("/") , p.sep)
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("join int:", lambda: p.join("a", 5))
attempt("join none:", lambda: p.join(None, "a"))
attempt("getsize:", lambda: p.getsize("/no/such"))
attempt("commonpath:", lambda: p.commonpath([]))
attempt("commonpath mix:", lambda: p.commonpath(["/a", "b"]))
attempt("exists int list:", lambda: p.exists([]))
attempt("splitext none:", lambda: p.splitext(None))
