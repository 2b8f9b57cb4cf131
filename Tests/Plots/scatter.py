"""A golden picture: points with sizes, colours and a colour bar."""
import matplotlib.pyplot as plt
import numpy as np

r = np.random.RandomState(3)
fig, (a, b) = plt.subplots(1, 2, figsize=(9, 4))
points = a.scatter(r.rand(40), r.rand(40), s=r.rand(40) * 200, c=r.rand(40), alpha=0.6)
fig.colorbar(points, ax=a, label="weight")
for place, marker in enumerate("ov^<>spP*hHxX+Dd|_1234."):
    b.scatter(place % 6, place // 6, marker=marker, edgecolor="black" if marker in "os^" else None)
b.set_title("markers")
print(fig.to_svg(), end="")
