# torch.einsum: named dimensions, diagonals, ellipses, what is refused.
import torch

torch.manual_seed(0)
a, b, c = torch.randn(2, 3), torch.randn(3, 4), torch.randn(5, 3, 3)
x, y = torch.randn(2, 1, 3, 4), torch.randn(5, 4, 2)


def show(equation, *operands):
    try:
        result = torch.einsum(equation, *operands)
    except RuntimeError as error:
        print(equation, "RuntimeError:", error)
    else:
        print(equation, list(result.shape), f"{result.sum():.4f} {result.flatten()[-1]:.4f}")


show("ij,jk->ik", a, b)
show("ij,jk", a, b)
show("ij->ji", a)
show("ij->", a)
show("ij->j", a)
show("bii->bi", c)
show("bii->b", c)
show("i,j->ij", a[0], b[0])
show("ij,ij->i", a, a)
show("ij,jk,kl->il", a, b, b.t())
show("...ij,...jk->...ik", x, y)
show("...ij,...jk", x, y)
show("b...->...b", x)
show("...", x)
show("...->", x)
show("i...,i...->...", x, x)
show("bhqd,bhkd->bhqk", x, x)
show(" i j , j k -> k i ", a, b)
show("ij,jk->ik", a, c[0, :2])
show("ij,jk->ik", a)
show("ij->ik", a)
show("ijk->i", a)
show("i...jk->i", a)
w = torch.randn(3, 4, requires_grad=True)
torch.einsum("...i,ij->...j", torch.ones(2, 5, 3), w).sum().backward()
print(w.grad)
