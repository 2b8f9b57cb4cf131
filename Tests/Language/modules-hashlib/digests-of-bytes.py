import hashlib
for n in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"): h = hashlib.new(n); h.update(b"hello "); h.update(b"world"); print(n, h.hexdigest(), h.digest_size, h.block_size, h.name)
print(hashlib.sha256().hexdigest(), hashlib.md5(b"").hexdigest(), hashlib.sha256(b"abc").digest()[:4], hashlib.sha1("é".encode()).hexdigest(), hashlib.sha256(b"a" * 100000).hexdigest(), hashlib.md5(b"x", usedforsecurity=False).hexdigest(), hashlib.sha256(bytearray(b"abc")).hexdigest()[:8])
h = hashlib.sha256(b"a"); c = h.copy(); h.update(b"b"); print(h.hexdigest()[:8], c.hexdigest()[:8], "sha256" in hashlib.algorithms_available, "md5" in hashlib.algorithms_guaranteed)
for f in (lambda: hashlib.sha256("text"), lambda: hashlib.new("nope"), lambda: hashlib.md5(5), lambda: hashlib.sha256().update("a")):
    try: f()
    except (TypeError, ValueError) as e: print(type(e).__name__ + ":", e)
