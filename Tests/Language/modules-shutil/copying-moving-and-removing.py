import shutil, os, tempfile
b = tempfile.mkdtemp(); os.chdir(b)
os.makedirs("a/b"); open("a/1.txt", "w").write("one") and None; open("a/b/2.txt", "w").write("two")
print(shutil.copy("a/1.txt", "c.txt"), shutil.copyfile("a/1.txt", "d.txt"), shutil.copy2("a/1.txt", "a/b"), open("c.txt").read())
print(shutil.copytree("a", "t"), sorted(os.listdir("t")), sorted(os.listdir("t/b")), shutil.copytree("a", "t", dirs_exist_ok=True), shutil.move("c.txt", "moved.txt"), os.path.exists("c.txt"), shutil.move("moved.txt", "t"), sorted(os.listdir("t")))
shutil.rmtree("t"); print(os.path.exists("t")); shutil.rmtree("none", ignore_errors=True); print(shutil.which("sh") is not None, shutil.which("no-such-program"), shutil.disk_usage("/").total > 0, shutil.get_terminal_size().columns)
with open("d.txt") as src, open("e.txt", "w") as dst: shutil.copyfileobj(src, dst)
print(open("e.txt").read())
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("copy missing:", lambda: shutil.copy("none", "x")); attempt("same file:", lambda: shutil.copyfile("d.txt", "d.txt")); attempt("rmtree missing:", lambda: shutil.rmtree("none")); attempt("tree exists:", lambda: shutil.copytree("a", "a/b")); attempt("move missing:", lambda: shutil.move("none", "x"))
print(sorted(shutil.copytree("a", "z", ignore=shutil.ignore_patterns("*.txt")) and os.listdir("z")))
os.chdir("/"); shutil.rmtree(b); print(os.path.exists(b))
