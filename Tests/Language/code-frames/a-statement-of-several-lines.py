def f(*a): return 1
f(1,
  f(2),
  undefined,
  4)
