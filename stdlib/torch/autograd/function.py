"""Operations whose gradient the program writes."""

from _torch import Tensor, _record_function, is_grad_enabled, zeros
from torch.autograd.grad_mode import enable_grad, no_grad


class FunctionCtx:
    """What `forward` leaves for `backward`."""

    def __init__(self):
        self.needs_input_grad = ()
        self._saved = ()
        self._versions = ()
        self._dirty = ()
        self._non_differentiable = ()
        self._materialize = True
        self._once = False
        self._freed = False

    def save_for_backward(self, *tensors):
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError(f"save_for_backward can only save variables, but argument is of type {type(tensor).__name__}")
        self._saved = tensors
        self._versions = tuple(None if tensor is None else tensor._version for tensor in tensors)

    @property
    def saved_tensors(self):
        if self._freed:
            raise RuntimeError(
                "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). "
                "Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you "
                "need to backward through the graph a second time or if you need to access saved tensors after calling backward."
            )
        for tensor, version in zip(self._saved, self._versions):
            if tensor is not None and tensor._version != version:
                kind = tensor.type()
                raise RuntimeError(
                    "one of the variables needed for gradient computation has been modified by an inplace operation: "
                    f"[{kind} {list(tensor.shape)}] is at version {tensor._version}; expected version {version} instead. Hint: enable anomaly "
                    "detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
                )
        return self._saved

    def mark_dirty(self, *tensors):
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors):
        self._non_differentiable = tensors

    def set_materialize_grads(self, value):
        self._materialize = value


class Function:
    """Subclasses define `forward(ctx, …)` and `backward(ctx, *gradients)` as static methods and are used through `apply`."""

    @staticmethod
    def forward(*args, **kwargs):
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def backward(ctx, *grad_outputs):
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD."
        )

    @classmethod
    def apply(cls, *args, **kwargs):
        ctx = FunctionCtx()
        recording = is_grad_enabled()
        ctx.needs_input_grad = tuple(isinstance(arg, Tensor) and arg.requires_grad for arg in args)
        with no_grad():
            if "setup_context" in cls.__dict__:
                result = cls.forward(*args, **kwargs)
                cls.setup_context(ctx, args, result)
            else:
                result = cls.forward(ctx, *args, **kwargs)
        inputs = [arg for arg in args if isinstance(arg, Tensor)]
        if not recording or not any(ctx.needs_input_grad):
            return result
        outputs = list(result) if isinstance(result, (tuple, list)) else [result]
        places = [
            index for index, output in enumerate(outputs)
            if isinstance(output, Tensor) and output.is_floating_point() and not any(output is other for other in ctx._non_differentiable)
        ]
        recorded = _record_function(cls.__name__ + "Backward", inputs, [outputs[index] for index in places], _Backward(cls, ctx, args, outputs, places))
        for index, output in zip(places, recorded):
            outputs[index] = output
        if isinstance(result, (tuple, list)):
            return tuple(outputs)
        return outputs[0]


class _Backward:
    """Turns the gradients of the recorded outputs into those of the inputs."""

    def __init__(self, function, ctx, args, outputs, places):
        self.function = function
        self.ctx = ctx
        self.is_tensor = [isinstance(arg, Tensor) for arg in args]
        self.shapes = [tuple(output.shape) if isinstance(output, Tensor) else None for output in outputs]
        self.places = places

    def __call__(self, *gradients):
        grads = [None] * len(self.shapes)
        if self.ctx._materialize:
            grads = [None if shape is None else zeros(shape) for shape in self.shapes]
        for index, gradient in zip(self.places, gradients):
            grads[index] = gradient
        results = self.function.backward(self.ctx, *grads)
        if not isinstance(results, (tuple, list)):
            results = (results,)
        expected = len(self.is_tensor)
        if len(results) > expected and all(value is None for value in results[expected:]):
            results = results[:expected]
        if len(results) != expected:
            raise RuntimeError(f"function {self.function.__name__}Backward returned an incorrect number of gradients (expected {expected}, got {len(results)})")
        return [value for value, tensor in zip(results, self.is_tensor) if tensor]


def once_differentiable(fn):
    """Marks a backward that records no gradients of its own."""

    def wrapper(ctx, *args):
        with no_grad():
            return fn(ctx, *args)

    return wrapper


class NestedIOFunction(Function):
    pass
