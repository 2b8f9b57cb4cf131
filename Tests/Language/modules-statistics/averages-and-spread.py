import statistics as s
d = [1, 2, 2, 3, 4, 7, 9]
print(s.mean(d), s.mean([1.5, 2.5]), s.mean([1, 2]), s.fmean([1, 2, 3]), s.median(d), s.median([1, 2, 3, 4]), s.median_low([1, 2, 3, 4]), s.median_high([1, 2, 3, 4]), s.mode(d), s.mode("aab"), s.multimode([1, 1, 2, 2, 3]), s.geometric_mean([1, 4, 16]), s.harmonic_mean([2, 4]))
print(s.stdev(d), s.pstdev(d), s.variance(d), s.pvariance(d), s.variance([1.0, 2.0, 4.0]), s.stdev([2, 2]), s.quantiles(d), s.quantiles(range(1, 11), n=10), s.quantiles([1, 2, 3], n=2, method="inclusive"), s.median_grouped([1, 2, 2, 3]))
print(s.correlation([1, 2, 3], [2, 4, 7]), s.covariance([1, 2, 3], [1, 5, 7]), s.linear_regression([1, 2, 3], [2, 4, 6]), s.mean([0.1] * 10), s.mean(range(5)), s.mean(x for x in (1, 2, 6)))
n = s.NormalDist(0, 1); print(n.mean, n.stdev, n.pdf(0), n.cdf(1), round(n.inv_cdf(0.9), 6))
for f in (lambda: s.mean([]), lambda: s.median([]), lambda: s.stdev([1]), lambda: s.mode([]), lambda: s.mean(["a"]), lambda: s.harmonic_mean([-1]), lambda: s.fmean([]), lambda: s.pvariance([]), lambda: s.quantiles([1])):
    try: print(f())
    except (s.StatisticsError, TypeError) as e: print(type(e).__name__ + ":", e)
