"""A million points: what is written stays below 300 KB and is quickly drawn."""
import matplotlib.pyplot as plt
import numpy as np

r = np.random.RandomState(0)
count = 1_000_000
walk = np.cumsum(r.randn(count))


def size(draw):
    fig, ax = plt.subplots()
    draw(ax)
    text = fig.to_svg()
    plt.close(fig)
    return len(text) <= 300_000 or len(text)


print(size(lambda ax: ax.plot(walk)))
print(size(lambda ax: ax.plot(r.randn(count), r.randn(count))))
print(size(lambda ax: ax.plot(walk, "o-")))
print(size(lambda ax: ax.scatter(r.randn(count), r.randn(count), s=4)))
print(size(lambda ax: ax.scatter(r.rand(count), r.rand(count), s=1, c=r.rand(count))))
print(size(lambda ax: ax.scatter(r.randn(count), r.randn(count), c=r.rand(count), alpha=0.3)))
print(size(lambda ax: ax.hist(walk, bins=2000)))
print(size(lambda ax: ax.fill_between(np.arange(count), walk - 50, walk + 50)))
print(size(lambda ax: ax.imshow(r.rand(1000, 1000))))
