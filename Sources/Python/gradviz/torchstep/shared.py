"""The hooks and patches of the process, which all recordings share: each call goes to the recording of its own thread."""

from __future__ import annotations

import sys
import threading
from typing import Any, Callable, List, Optional

import torch
from torch.nn.modules import module as _modules
from torch.optim import optimizer as _optimizer


class Shared:
    """Hooks are there from the beginning of the first recording to the end of the last: one that went in between would take
    those of another thread away in the middle of a step."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._lock = threading.Lock()
        self._count = 0
        self._undo: List[Callable[[], Any]] = []

    @property
    def recording(self) -> Optional[Any]:
        """That of this thread."""
        return getattr(self._local, "recording", None)

    def begin(self, recording: Any) -> None:
        with self._lock:
            if self._count == 0:
                self._install()
            self._count += 1
        self._local.recording = recording

    def end(self) -> None:
        self._local.recording = None
        with self._lock:
            self._count -= 1
            if self._count == 0:
                while self._undo:
                    self._undo.pop()()

    def _install(self) -> None:
        hooks = [
            _modules.register_module_forward_pre_hook(self._enter_module),
            _modules.register_module_forward_hook(self._leave_module, always_call=True),
        ]
        if hasattr(_optimizer, "register_optimizer_step_pre_hook"):
            hooks.append(_optimizer.register_optimizer_step_pre_hook(self._enter_step))
            hooks.append(_optimizer.register_optimizer_step_post_hook(self._leave_step))
        self._undo += [hook.remove for hook in hooks]
        self._patch_functions()
        self._patch_backward()
        self._patch_compiled()

    def _patch_functions(self) -> None:
        original = torch.autograd.Function.__dict__["apply"]

        def apply(function: Any, *args: Any, **kwargs: Any) -> Any:
            run = original.__get__(None, function)
            recording = self.recording
            return run(*args, **kwargs) if recording is None else recording.apply_function(function, run, args, kwargs)

        def restore() -> None:
            torch.autograd.Function.apply = original

        torch.autograd.Function.apply = classmethod(apply)
        self._undo.append(restore)

    def _patch_backward(self) -> None:
        """`torch.autograd.backward` cannot be followed by a mode before PyTorch 2.5."""
        original = torch.autograd.backward
        if "has_torch_function" in original.__code__.co_names:
            return

        def backward(*args: Any, **kwargs: Any) -> Any:
            recording = self.recording
            return original(*args, **kwargs) if recording is None else recording.run_backward(original, args, kwargs)

        def restore() -> None:
            torch.autograd.backward = original

        torch.autograd.backward = backward
        self._undo.append(restore)

    def _patch_compiled(self) -> None:
        """Compiled models run as they are written."""
        stance = getattr(torch.compiler, "set_stance", None)
        if stance is not None:
            eager = stance("force_eager")
            eager.__enter__()
            self._undo.append(lambda: eager.__exit__(None, None, None))
            return
        # Before PyTorch 2.6; what is not loaded has compiled nothing.
        frames: Any = sys.modules.get("torch._dynamo.eval_frame")
        if frames is None:
            return
        original = frames.set_eval_frame
        frames.set_eval_frame = lambda callback: original(None)

        def restore() -> None:
            frames.set_eval_frame = original

        self._undo.append(restore)

    def _enter_module(self, module: torch.nn.Module, inputs: Any) -> None:
        if self.recording is not None:
            self.recording.scopes.enter(module)

    def _leave_module(self, module: torch.nn.Module, inputs: Any, outputs: Any) -> None:
        if self.recording is not None:
            self.recording.scopes.leave(module, outputs)

    def _enter_step(self, optimizer: Any, args: Any, kwargs: Any) -> Any:
        return None if self.recording is None else self.recording.optimizers.enter(optimizer, args, kwargs)

    def _leave_step(self, optimizer: Any, args: Any, kwargs: Any) -> None:
        if self.recording is not None:
            self.recording.optimizers.leave(optimizer)


#: Of this process.
shared = Shared()
