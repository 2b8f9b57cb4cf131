import argparse
p = argparse.ArgumentParser(prog="tool", description="Does things.", epilog="The end.")
p.add_argument("path", help="the input"); p.add_argument("rest", nargs="*"); p.add_argument("-n", "--number", type=int, default=5, help="a number (default: %(default)s)"); p.add_argument("-v", "--verbose", action="store_true"); p.add_argument("--rate", type=float); p.add_argument("--mode", choices=["fast", "slow"], default="fast"); p.add_argument("--tag", action="append"); p.add_argument("-c", action="count", default=0); p.add_argument("--pair", nargs=2, type=int, metavar=("A", "B")); p.add_argument("--no-cache", dest="cache", action="store_false"); p.add_argument("--opt", nargs="?", const="const", default="dflt"); p.add_argument("--const", action="store_const", const=9)
print(p.parse_args(["in.txt"])); print(p.parse_args(["in", "a", "b", "-n", "7", "-v", "--rate=0.5", "--mode", "slow", "--tag", "x", "--tag", "y", "-ccc", "--pair", "1", "2", "--no-cache", "--opt", "--const"]))
a = p.parse_args(["f", "-n3", "--verb", "--opt", "o"]); print(a.path, a.number, a.verbose, a.opt, vars(a)["cache"], a == p.parse_args(["f", "-n3", "-v", "--opt", "o"]), "path" in a)
print(p.parse_known_args(["f", "--unknown", "x"])); print(p.format_usage()); print(p.format_help())
import sys, io
def attempt(label, args, parser=p):
    err, sys.stderr = sys.stderr, io.StringIO()
    try: print(label, parser.parse_args(args))
    except SystemExit as e: text = sys.stderr.getvalue(); print(label, "exit", e.code, text.splitlines()[-1] if text else "")
    finally: sys.stderr = err
attempt("missing:", []); attempt("bad int:", ["f", "-n", "x"]); attempt("bad choice:", ["f", "--mode", "zz"]); attempt("unknown:", ["f", "--zzz"]); attempt("needs value:", ["f", "--rate"]); attempt("pair:", ["f", "--pair", "1"]); attempt("help:", ["--help"])
q = argparse.ArgumentParser(prog="q", add_help=False); g = q.add_mutually_exclusive_group(required=True); g.add_argument("--a", action="store_true"); g.add_argument("--b", action="store_true"); print(q.parse_args(["--a"])); attempt("exclusive:", ["--a", "--b"], q); attempt("required group:", [], q)
r = argparse.ArgumentParser(prog="r"); r.add_argument("--req", required=True); r.add_argument("--version", action="version", version="%(prog)s 1.0"); attempt("required:", [], r); attempt("version:", ["--version"], r)
s = argparse.ArgumentParser(prog="s"); sub = s.add_subparsers(dest="command"); one = sub.add_parser("one", help="first"); one.add_argument("x", type=int); two = sub.add_parser("two"); two.add_argument("--y"); two.set_defaults(func=len); print(s.parse_args(["one", "5"]), s.parse_args(["two", "--y", "z"]).y, s.parse_args([])); attempt("subcommand:", ["three"], s)
t = argparse.ArgumentParser(prog="t"); t.add_argument("xs", nargs="+", type=int); t.add_argument("--flag", action=argparse.BooleanOptionalAction, default=True); grp = t.add_argument_group("group", "grouped"); grp.add_argument("--in-group"); print(t.parse_args(["1", "2", "--no-flag"]), t.parse_args(["--", "-5"]) if True else ""); print(t.format_help())
print(argparse.Namespace(a=1, b="x"), argparse.ArgumentParser(prog="u", formatter_class=argparse.RawDescriptionHelpFormatter, description="raw\n  text").format_help())
