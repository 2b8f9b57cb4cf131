"""Functions of PyTorch that have nothing to do here, said so when they are called."""


def compile(model=None, *, fullgraph=False, dynamic=None, backend="inductor", mode=None, options=None, disable=False):
    """Returns the model as it is: operations already run natively."""
    if model is None:
        return lambda fn: fn
    return model


def vmap(func, in_dims=0, out_dims=0, randomness="different", chunk_size=None):
    """`func` over slices of its tensor arguments, stacked: a loop, without fusion."""
    from _torch import stack

    def mapped(*args):
        dims = in_dims if isinstance(in_dims, tuple) else (in_dims,) * len(args)
        size = next(arg.shape[dim] for arg, dim in zip(args, dims) if dim is not None)
        results = [func(*[arg if dim is None else arg.select(dim, index) for arg, dim in zip(args, dims)]) for index in range(size)]
        return stack(results, out_dims)

    return mapped
