"""A golden picture: NaN and infinities, one point, nothing, equal values, tiny and huge values."""
import matplotlib.pyplot as plt

nan, inf = float("nan"), float("inf")
fig, axes = plt.subplots(2, 3, figsize=(11, 6))
axes[0, 0].plot([1, 2, nan, 4, 5, inf, 7], [1, nan, 3, 4, 5, 6, -inf], "o-")
axes[0, 1].plot([3], [4], "o")
axes[0, 2].plot([], [])
axes[1, 0].plot([1, 1, 1], [2, 2, 2], "o-")
axes[1, 1].plot([1e-300, 2e-300], [1e300, 5e300])
axes[1, 2].bar([1, 2, 3], [nan, inf, 2])
print(fig.to_svg(), end="")
