for text in ("math.sqr", "math.floorr", "random.shufle", "os.path.jion"):
    module, name = text.rsplit(".", 1)
    m = __import__(module, fromlist=["x"])
    try: getattr(m, name)
    except AttributeError as e: print(str(e).replace("posixpath", "os.path"))
