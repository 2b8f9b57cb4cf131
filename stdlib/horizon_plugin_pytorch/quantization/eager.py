"""Eager mode: the names of the documented interface, carried out on the traced model."""

from horizon_plugin_pytorch.quantization.fx import convert_fx, prepare_qat_fx


def fuse_modules(model, modules_to_fuse, inplace=False, fuser_func=None, fuse_custom_config_dict=None):
    """Checks the lists of names; `prepare_qat` fuses what belongs together."""
    groups = modules_to_fuse if modules_to_fuse and isinstance(modules_to_fuse[0], (list, tuple)) else [modules_to_fuse]
    for group in groups:
        for name in group:
            model.get_submodule(name)
    if inplace:
        return model
    import copy

    return copy.deepcopy(model)


def prepare_qat(model, mapping=None, inplace=False, optimize_graph=False, hybrid=False):
    """Prepares a model whose modules carry `qconfig` attributes."""
    import copy

    return prepare_qat_fx(model if inplace else copy.deepcopy(model), {}, optimize_graph=optimize_graph, hybrid=hybrid)


def convert(module, mapping=None, inplace=False, remove_qconfig=True, fast_mode=False):
    return convert_fx(module, inplace=inplace)
