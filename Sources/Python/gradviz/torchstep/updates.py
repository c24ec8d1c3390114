"""What an optimizer does with a parameter, in the words of its rule."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional

Terms = List[Dict[str, Any]]


def rate(options: Dict[str, Any]) -> Optional[float]:
    """The learning rate, which may be a tensor."""
    value = options.get("lr")
    return None if value is None else float(value)


def rule(name: str, options: Dict[str, Any], isClipped: bool) -> Optional[List[str]]:
    """The lines of an optimizer's rule; None for plain gradient descent."""
    decay = float(options.get("weight_decay", 0) or 0)
    clip = ["g ← clipped g"] if isClipped else []
    decayed = [f"g ← g + {_text(decay)}·w"] if decay else []
    if name == "SGD":
        lines = clip + decayed + _sgd(options)
        return lines if len(lines) > 1 else None
    if name in ("Adam", "AdamW"):
        isApart = name == "AdamW" or options.get("decoupled_weight_decay", False)
        first, second = (float(beta) for beta in options["betas"])
        before = ([f"w ← w − lr·{_text(decay)}·w"] if decay else []) if isApart else decayed
        return clip + before + [
            f"m ← {_text(first)}·m + {_text(1 - first)}·g", f"v ← {_text(second)}·v + {_text(1 - second)}·g²",
            f"m̂ = m/(1 − {_text(first)}ᵗ),  v̂ = v/(1 − {_text(second)}ᵗ)", f"w ← w − lr·m̂/(√v̂ + {_text(options['eps'])})",
        ]
    if name == "RMSprop" and not options.get("centered"):
        alpha, momentum = float(options["alpha"]), float(options.get("momentum", 0))
        step = f"g/(√v + {_text(options['eps'])})"
        last = [f"m ← {_text(momentum)}·m + {step}", "w ← w − lr·m"] if momentum else [f"w ← w − lr·{step}"]
        return clip + decayed + [f"v ← {_text(alpha)}·v + {_text(1 - alpha)}·g²"] + last
    if name == "Adagrad":
        slower = float(options.get("lr_decay", 0))
        lr = f"lr/(1 + {_text(slower)}·(t − 1))" if slower else "lr"
        return clip + decayed + ["s ← s + g²", f"w ← w − {lr}·g/(√s + {_text(options['eps'])})"]
    return clip + [f"w ← {name}(w, g)"]


def _sgd(options: Dict[str, Any]) -> List[str]:
    momentum, dampening = float(options.get("momentum", 0)), float(options.get("dampening", 0))
    if not momentum:
        return ["w ← w − lr·g"]
    own = f"{_text(1 - dampening)}·g" if dampening else "g"
    mean = f"m ← {_text(momentum)}·m + {own}" + ("  (t > 1; else m ← g)" if dampening else "")
    return [mean, f"w ← w − lr·(g + {_text(momentum)}·m)" if options.get("nesterov") else "w ← w − lr·m"]


def terms(
    name: str, options: Dict[str, Any], values: List[float], gradients: List[float], isClipped: bool,
    before: Dict[str, Any], after: Dict[str, Any],
) -> Terms:
    """The intermediate results between a parameter's gradient and its step, from what the optimizer keeps."""
    decay = float(options.get("weight_decay", 0) or 0)
    isApart = name == "AdamW" or options.get("decoupled_weight_decay", False)
    own = [g + decay * w for g, w in zip(gradients, values)] if decay and not isApart else gradients
    result: Terms = [{"name": "g", "value": own}] if isClipped or decay and not isApart else []
    zeros = [0.0] * len(values)

    def old(symbol: str, key: str) -> None:
        result.append({"name": symbol, "before": True, "value": before.get(key) or zeros})

    if name == "SGD" and options.get("momentum") and after.get("momentum_buffer"):
        old("m", "momentum_buffer")
        result.append({"name": "m", "value": after["momentum_buffer"]})
    elif name in ("Adam", "AdamW") and after.get("exp_avg"):
        first, second = (float(beta) for beta in options["betas"])
        t = float(after.get("step", 1))
        old("m", "exp_avg")
        old("v", "exp_avg_sq")
        result.append({"name": "m̂", "value": [m / (1 - first**t) for m in after["exp_avg"]]})
        result.append({"name": "√v̂", "value": [math.sqrt(v / (1 - second**t)) for v in after["exp_avg_sq"]]})
    elif name == "RMSprop" and after.get("square_avg"):
        old("v", "square_avg")
        result.append({"name": "√v", "value": [math.sqrt(v) for v in after["square_avg"]]})
        if options.get("momentum") and after.get("momentum_buffer"):
            old("m", "momentum_buffer")
            result.append({"name": "m", "value": after["momentum_buffer"]})
    elif name == "Adagrad" and after.get("sum"):
        old("s", "sum")
        result.append({"name": "√s", "value": [math.sqrt(s) for s in after["sum"]]})
    return result


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _text(value: Any) -> str:
    """A number of a rule: 0.9, and 10⁻⁸ for 1e-08."""
    number = float(value)
    if number == 0 or abs(number) >= 1e-3:
        return f"{round(number, 6):g}"
    mantissa, exponent = f"{number:e}".split("e")
    power = "10" + str(int(exponent)).translate(_RAISED)
    digits = mantissa.rstrip("0").rstrip(".")
    return power if digits == "1" else f"{digits}·{power}"
