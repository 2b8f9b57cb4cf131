"""Jacobians and Hessians of functions."""

from _torch import _grad, stack, zeros_like


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False, strategy="reverse-mode"):
    """The Jacobian of `func` at `inputs`: a tensor for one input and output, tuples otherwise."""
    single = not isinstance(inputs, tuple)
    points = (inputs,) if single else inputs
    points = tuple(x if create_graph and x.requires_grad else x.detach().clone().requires_grad_(True) for x in points)
    outputs = func(*points)
    one = not isinstance(outputs, tuple)
    rows = []
    for output in (outputs,) if one else outputs:
        columns = [[] for _ in points]
        flat = output.reshape(-1)
        for index in range(flat.numel()):
            grads = _grad((flat[index],), points, (None,), True, create_graph, True)
            for column, point, value in zip(columns, points, grads):
                column.append(zeros_like(point) if value is None else value)
        row = tuple(stack(column).reshape(tuple(output.shape) + tuple(point.shape)) for column, point in zip(columns, points))
        rows.append(row[0] if single else row)
    return rows[0] if one else tuple(rows)


def hessian(func, inputs, create_graph=False, strict=False, vectorize=False, outer_jacobian_strategy="reverse-mode"):
    """The Hessian of a function of one scalar result."""

    def gradient(x):
        return jacobian(func, x, create_graph=True)

    return jacobian(gradient, inputs, create_graph=create_graph)
