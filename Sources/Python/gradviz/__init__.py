"""The picture of your own training step.

    import gradviz
    with gradviz.record(model) as step:
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    step.draw("backward", "backward.svg")

``record`` is for PyTorch, ``record_jax`` for JAX, ``graph`` for micrograd, microgpt and their kin, and ``trace`` for
anything else.
"""

from __future__ import annotations

from typing import Any

from .program import ProgramError
from .scalars import graph
from .step import Step
from .trace import Node, Trace, trace

__all__ = ["Node", "ProgramError", "Step", "Trace", "graph", "record", "record_jax", "trace"]
__version__ = "0.1.0"


def record(*models: Any, **options: Any) -> Any:
    """Records one training step of PyTorch: what runs inside ``with gradviz.record(model) as step:``.

    :param models: the modules (``torch.nn.Module``) whose parameters and scopes are named; none is needed.
    :param names: tensors by the names that figures give them, ``{"w": w}``; none by default.
    :param targets: tensors that are given, not computed, such as labels; one by itself, or several; none by default.
    :param limit: of a value with more entries than these, 4096 by default, only a summary is kept.
    :param expand: composites that open to plain operations, such as ``{"linear", "lstm"}``; ``"all"`` opens all that
        can be; none by default.
    :param title: what stands above the figures; by default the class of the first module.
    :returns: the recording, a :class:`gradviz.torchstep.Recording`. After the block it is the step: ``draw``, ``save``,
        and in a notebook the figure.
    :raises TypeError: for an argument that is not a module, or an unknown option.
    :raises ValueError: for an unknown name in ``expand``.
    """
    from .torchstep import Recording

    return Recording(*models, **options)


def record_jax(function: Any, *arguments: Any, **options: Any) -> Step:
    """Records a function of JAX and its gradients; see :func:`gradviz.jaxpr.record_jax` for its options."""
    from .jaxpr import record_jax as record_function

    return record_function(function, *arguments, **options)


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext gradviz`` adds the cell magic ``%%grad``."""
    from .notebook import load_ipython_extension as load

    load(ipython)
