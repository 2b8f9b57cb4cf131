import tempfile, os
with tempfile.TemporaryDirectory() as d:
    print(os.path.isdir(d)); p = os.path.join(d, "f"); open(p, "w").close(); print(os.listdir(d))
print(os.path.exists(d))
with tempfile.NamedTemporaryFile("w+", suffix=".txt", prefix="pre") as f: f.write("abc"); f.seek(0); print(f.read(), f.name.endswith(".txt"), os.path.basename(f.name).startswith("pre"), os.path.exists(f.name)); n = f.name
print(os.path.exists(n))
with tempfile.NamedTemporaryFile("wb", delete=False) as f: f.write(b"kept")
print(open(f.name, "rb").read()); os.unlink(f.name)
with tempfile.TemporaryFile() as f: f.write(b"x"); f.seek(0); print(f.read())
fd, path = tempfile.mkstemp(".s"); os.close(fd); print(os.path.exists(path), path.endswith(".s")); os.remove(path)
m = tempfile.mkdtemp(prefix="p_"); print(os.path.basename(m).startswith("p_"), os.path.isdir(tempfile.gettempdir())); os.rmdir(m)
t = tempfile.TemporaryDirectory(); print(os.path.isdir(t.name)); t.cleanup(); print(os.path.isdir(t.name))
