import time
t0 = time.time(); p0 = time.perf_counter(); m0 = time.monotonic()
time.sleep(0.01)
print(time.time() > t0, 0.009 < time.perf_counter() - p0 < 5, time.monotonic() > m0, time.process_time() >= 0)
print(type(time.time_ns()).__name__, time.perf_counter_ns() > 0, time.time() > 1.6e9)
g = time.gmtime(0); print(g.tm_year, g.tm_mon, g.tm_mday, g.tm_hour, g.tm_min, g.tm_sec, g.tm_wday, g.tm_yday, g[0], len(g))
print(time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1700000000)), time.strftime("%a %A %b %B %d %j %p %I %y %%", time.gmtime(1700000000)))
print(time.asctime(time.gmtime(0)), time.ctime(0), time.mktime(time.localtime(1000000)) == 1000000)
print(time.strptime("2024-02-29", "%Y-%m-%d").tm_yday, time.strptime("10:30:05", "%H:%M:%S")[3:6])
def attempt(label, function):
    try:
        print(label, function())
    except Exception as error:
        print(label, type(error).__name__ + ":", error)
attempt("negative sleep:", lambda: time.sleep(-1))
attempt("sleep text:", lambda: time.sleep("a"))
attempt("strptime:", lambda: time.strptime("x", "%Y"))
