"""Trading time for memory: here the whole graph is kept."""


def checkpoint(function, *args, use_reentrant=None, preserve_rng_state=True, **kwargs):
    """Calls the function; nothing is recomputed, so results and gradients are the same."""
    return function(*args, **kwargs)


def checkpoint_sequential(functions, segments, input, use_reentrant=None, **kwargs):
    for function in list(functions):
        input = function(input)
    return input
