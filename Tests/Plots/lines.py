"""A golden picture: lines, dashes, markers, legend, grid, labels."""
import matplotlib.pyplot as plt
import numpy as np

x = np.linspace(0, 10, 60)
fig, ax = plt.subplots()
ax.plot(x, np.sin(x), label="sin(x)")
ax.plot(x, np.cos(x), "--", label="cos(x)", lw=2)
ax.plot(x[::6], np.sin(x[::6]) / 2, "s:", color="tab:green", label="samples")
ax.plot([0, 5, 10], [-0.5, -0.8, -0.5], "k-.", marker="o", markerfacecolor="none", alpha=0.5)
ax.set_title("Waves & <tags>")
ax.set_xlabel("time [s]")
ax.set_ylabel("amplitude")
ax.legend()
ax.grid(True)
print(fig.to_svg(), end="")
