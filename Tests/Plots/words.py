"""A golden picture: annotations, text boxes, rotation, words as positions."""
import matplotlib.pyplot as plt

fig, ax = plt.subplots()
ax.plot(["Mon", "Tue", "Wed", "Thu"], [1, 4, 2, 3], "o-")
ax.annotate("peak", xy=("Tue", 4), xytext=(2.2, 3.8), arrowprops=dict(arrowstyle="->"))
ax.annotate("low", (0, 1), xytext=(12, -4), textcoords="offset points", color="tab:red")
ax.text(0.05, 0.95, "note\ntwo lines", transform=ax.transAxes, va="top", bbox=dict(facecolor="wheat", alpha=0.5))
ax.text(2, 2.5, "turned", rotation=45, ha="center", weight="bold", style="italic", fontsize=14)
ax.set_xlabel("day", fontsize=12)
print(fig.to_svg(), end="")
