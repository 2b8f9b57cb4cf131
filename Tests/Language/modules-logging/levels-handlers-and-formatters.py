import logging, sys, io
logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
logging.debug("hidden"); logging.info("info %d", 5); logging.warning("warn %s %s", "a", [1]); logging.error("err"); logging.critical("crit")
log = logging.getLogger("app.db"); log.info("child"); print(log.name, log.level, log.getEffectiveLevel(), log.parent.name, log.isEnabledFor(logging.DEBUG), logging.getLogger("app.db") is log, logging.getLogger().name)
log.setLevel(logging.ERROR); log.warning("hidden"); log.error("shown"); log.log(logging.CRITICAL, "by log")
buf = io.StringIO(); h = logging.StreamHandler(buf); h.setFormatter(logging.Formatter("[%(levelname)-8s] %(name)s %(lineno)d %(funcName)s %(message)s")); h.setLevel(logging.WARNING)
own = logging.getLogger("own"); own.addHandler(h); own.propagate = False; own.setLevel("DEBUG")
def f(): own.warning("in f"); own.info("below the handler's level")
f(); print(buf.getvalue(), end="")
buf.truncate(0); buf.seek(0)
try: 1 / 0
except ZeroDivisionError: own.exception("failed")
lines = buf.getvalue().splitlines(); print(lines[0], lines[1], lines[-1])
own.error("with info", exc_info=False); print(logging.getLevelName(20), logging.getLevelName("ERROR"), logging.DEBUG, logging.WARN, own.handlers == [h], own.hasHandlers())
class F(logging.Filter):
    def filter(self, r): return "secret" not in r.getMessage()
own.addFilter(F()); buf.truncate(0); buf.seek(0); own.error("a secret"); own.error("public"); print(buf.getvalue(), end="")
own.removeHandler(h); own.addHandler(logging.NullHandler()); own.error("nowhere")
logging.addLevelName(25, "NOTICE"); logging.log(25, "custom level"); logging.getLogger("extra").info("%(k)s", {"k": "mapping"})
class L(logging.Handler):
    def emit(self, record): print("handled", record.levelno, record.msg, record.args, self.format(record))
x = logging.getLogger("custom"); x.addHandler(L()); x.propagate = False; x.error("hi %s", "there"); logging.disable(logging.ERROR); x.error("disabled"); logging.disable(logging.NOTSET); x.warning("enabled")
fmt = logging.Formatter("{levelname} {message}", style="{"); r = logging.LogRecord("n", 20, "p", 1, "m %s", ("a",), None); print(fmt.format(r), r.getMessage(), r.levelname)
a = logging.LoggerAdapter(logging.getLogger("ad"), {"u": 1}); a.info("adapted")
