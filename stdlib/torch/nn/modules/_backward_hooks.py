"""What `register_full_backward_hook` needs around a call: the gradients of inputs and outputs."""

from _torch import Tensor
from torch.autograd.function import Function


class BackwardWatch:
    """Calls backward hooks with the gradients of a module's inputs and outputs."""

    def __init__(self, module, hooks, pre_hooks):
        self.module = module
        self.hooks = hooks
        self.pre_hooks = pre_hooks
        self.grad_outputs = None
        self.input_count = 0
        self.watches_input = False

    def inputs(self, args):
        self.input_count = len(args)
        places = [i for i, arg in enumerate(args) if isinstance(arg, Tensor) and arg.requires_grad]
        self.watches_input = len(places) > 0
        if not places:
            return args
        watch = self

        class BackwardHookFunction(Function):
            @staticmethod
            def forward(ctx, *tensors):
                return tuple(tensor.view(tensor.shape) for tensor in tensors) if len(tensors) > 1 else tensors[0].view(tensors[0].shape)

            @staticmethod
            def backward(ctx, *grads):
                return watch.run(places, grads)

        watched = BackwardHookFunction.apply(*[args[i] for i in places])
        if not isinstance(watched, tuple):
            watched = (watched,)
        args = list(args)
        for i, tensor in zip(places, watched):
            args[i] = tensor
        return tuple(args)

    def run(self, places, grads):
        grad_inputs = [None] * self.input_count
        for i, grad in zip(places, grads):
            grad_inputs[i] = grad
        grad_inputs = tuple(grad_inputs)
        for hook in self.hooks:
            result = hook(self.module, grad_inputs, self.grad_outputs)
            if result is not None:
                result = result if isinstance(result, tuple) else (result,)
                if len(result) != len(grad_inputs):
                    raise RuntimeError(f"Backward hook returned an invalid number of grad_input, got {len(result)}, but expected {len(grad_inputs)}")
                grad_inputs = result
        return tuple(grad_inputs[i] for i in places)

    def outputs(self, result):
        outputs = result if isinstance(result, tuple) else (result,)
        places = [i for i, output in enumerate(outputs) if isinstance(output, Tensor) and output.requires_grad]
        if not places:
            return result
        watch = self

        class BackwardHookFunction(Function):
            @staticmethod
            def forward(ctx, *tensors):
                return tuple(tensor.view(tensor.shape) for tensor in tensors) if len(tensors) > 1 else tensors[0].view(tensors[0].shape)

            @staticmethod
            def backward(ctx, *grads):
                return watch.received(len(outputs), places, grads)

        watched = BackwardHookFunction.apply(*[outputs[i] for i in places])
        if not isinstance(watched, tuple):
            watched = (watched,)
        changed = list(outputs)
        for i, tensor in zip(places, watched):
            changed[i] = tensor
        return tuple(changed) if isinstance(result, tuple) else changed[0]

    def received(self, count, places, grads):
        grad_outputs = [None] * count
        for i, grad in zip(places, grads):
            grad_outputs[i] = grad
        grad_outputs = tuple(grad_outputs)
        for hook in self.pre_hooks:
            result = hook(self.module, grad_outputs)
            if result is not None:
                grad_outputs = result if isinstance(result, tuple) else (result,)
        self.grad_outputs = grad_outputs
        if not self.watches_input:
            for hook in self.hooks:
                hook(self.module, (None,) * self.input_count, grad_outputs)
        return tuple(grad_outputs[i] for i in places)
