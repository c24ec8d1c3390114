"""What an optimizer does with a parameter, in the words of its rule."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Sequence, Tuple

from .. import numbers as _numbers

Terms = List[Dict[str, Any]]
_PLAIN = "w ← w − lr·g"


def rate(options: Dict[str, Any]) -> Optional[float]:
    """The learning rate, which may be a tensor."""
    value = options.get("lr")
    if value is None:
        return None
    return _numbers.shortest(float(value), str(getattr(value, "dtype", "")).replace("torch.", ""))


def joint_rule(parts: Sequence[Tuple[str, Dict[str, Any], str]], changed: List[str]) -> Optional[List[str]]:
    """The rule of all parameters, given as optimizer, options and name: what holds for some of them names these.

    `changed` is what was done with the gradients before the step.

    `lr` is the rate of the first; another one stands in its lines as a number.
    """
    kinds: Dict[Tuple[Tuple[str, ...], Optional[float]], List[str]] = {}
    for optimizer, options, name in parts:
        lines = rule(optimizer, options, changed) or [_PLAIN]
        kinds.setdefault((tuple(lines), rate(options)), []).append(name)
    first = rate(parts[0][1])
    if len(kinds) == 1:
        return rule(*parts[0][:2], changed)
    own = [([_with_rate(line, lr, first) for line in lines], names) for (lines, lr), names in kinds.items()]
    order: List[str] = []
    # From the last on, so that of lines in one place those of the first come first.
    for lines, _ in reversed(own):
        at = 0
        for line in lines:
            if line in order[at:]:
                at = order.index(line, at) + 1
            else:
                order.insert(at, line)
                at += 1
    result = []
    for line in order:
        users = [names for lines, names in own if line in lines]
        shown = _several([name for names in users for name in names])
        result.append(line if len(users) == len(own) else f"{line}  ({shown})")
    return result


def _with_rate(line: str, lr: Optional[float], first: Optional[float]) -> str:
    if lr is None or lr == first:
        return line
    return line.replace("lr", _text(lr)) if "lr" in line else f"{line}, lr = {_text(lr)}" if "(w, g)" in line else line


def _several(names: List[str]) -> str:
    return ", ".join(names if len(names) < 4 else names[:2] + [f"… +{len(names) - 2}"])


def rule(name: str, options: Dict[str, Any], changed: List[str]) -> Optional[List[str]]:
    """The lines of an optimizer's rule; None for plain gradient descent."""
    decay = float(options.get("weight_decay", 0) or 0)
    clip = changed + (["g ← −g"] if options.get("maximize") else [])
    decayed = [f"g ← g + {_text(decay)}·w"] if decay else []
    if name == "SGD":
        lines = clip + decayed + _sgd(options)
        return lines if len(lines) > 1 else None
    if name in ("Adam", "AdamW"):
        isApart = name == "AdamW" or options.get("decoupled_weight_decay", False)
        first, second = (float(beta) for beta in options["betas"])
        most = "(max v)" if options.get("amsgrad") else "v"
        before = ([f"w ← w − lr·{_text(decay)}·w"] if decay else []) if isApart else decayed
        return clip + before + [
            f"m ← {_text(first)}·m + {_text(1 - first)}·g", f"v ← {_text(second)}·v + {_text(1 - second)}·g²",
            f"m̂ = m/(1 − {_text(first)}ᵗ),  v̂ = {most}/(1 − {_text(second)}ᵗ)",
            f"w ← w − lr·m̂/(√v̂ + {_text(options['eps'])})",
        ]
    if name == "RMSprop":
        return clip + decayed + _rmsprop(options)
    if name == "Adagrad":
        slower = float(options.get("lr_decay", 0))
        lr = f"lr/(1 + {_text(slower)}·(t − 1))" if slower else "lr"
        return clip + decayed + ["s ← s + g²", f"w ← w − {lr}·g/(√s + {_text(options['eps'])})"]
    if name == "Adadelta":
        rho, eps = float(options["rho"]), _text(options["eps"])
        return clip + decayed + [
            f"v ← {_text(rho)}·v + {_text(1 - rho)}·g²", f"d = g·√(u + {eps})/√(v + {eps})",
            f"u ← {_text(rho)}·u + {_text(1 - rho)}·d²", "w ← w − lr·d"]
    if name == "Adamax":
        first, second = (float(beta) for beta in options["betas"])
        return clip + decayed + [
            f"m ← {_text(first)}·m + {_text(1 - first)}·g", f"u ← max({_text(second)}·u, |g| + {_text(options['eps'])})",
            f"w ← w − lr·m/(u·(1 − {_text(first)}ᵗ))"]
    return clip + [f"w ← {name}(w, g)"]


def _rmsprop(options: Dict[str, Any]) -> List[str]:
    alpha, momentum = float(options["alpha"]), float(options.get("momentum", 0))
    means = [f"v ← {_text(alpha)}·v + {_text(1 - alpha)}·g²"]
    if options.get("centered"):
        means.append(f"a ← {_text(alpha)}·a + {_text(1 - alpha)}·g")
    step = f"g/({_deviation(options)} + {_text(options['eps'])})"
    last = [f"m ← {_text(momentum)}·m + {step}", "w ← w − lr·m"] if momentum else [f"w ← w − lr·{step}"]
    return means + last


def _deviation(options: Dict[str, Any]) -> str:
    return "√(v − a²)" if options.get("centered") else "√v"


def _sgd(options: Dict[str, Any]) -> List[str]:
    momentum, dampening = float(options.get("momentum", 0)), float(options.get("dampening", 0))
    if not momentum:
        return [_PLAIN]
    own = f"{_text(1 - dampening)}·g" if dampening else "g"
    mean = f"m ← {_text(momentum)}·m + {own}" + ("  (t > 1; else m ← g)" if dampening else "")
    return [mean, f"w ← w − lr·(g + {_text(momentum)}·m)" if options.get("nesterov") else "w ← w − lr·m"]


def terms(
    name: str, options: Dict[str, Any], values: List[float], gradients: List[float], changed: List[str],
    before: Dict[str, Any], after: Dict[str, Any],
) -> Terms:
    """The intermediate results between a parameter's gradient and its step, from what the optimizer keeps."""
    decay = float(options.get("weight_decay", 0) or 0)
    isApart = name == "AdamW" or options.get("decoupled_weight_decay", False)
    isUp = bool(options.get("maximize"))
    own = [-g for g in gradients] if isUp else gradients
    own = [g + decay * w for g, w in zip(own, values)] if decay and not isApart else own
    result: Terms = [{"name": "g", "value": own}] if changed or isUp or decay and not isApart else []
    zeros = [0.0] * len(values)

    def old(symbol: str, key: str) -> None:
        result.append({"name": symbol, "before": True, "value": before.get(key) or zeros})

    if name == "SGD" and options.get("momentum") and after.get("momentum_buffer"):
        old("m", "momentum_buffer")
        result.append({"name": "m", "value": after["momentum_buffer"]})
    elif name in ("Adam", "AdamW") and after.get("exp_avg"):
        first, second = (float(beta) for beta in options["betas"])
        t = float(after.get("step", 1))
        squares = after.get("max_exp_avg_sq") if options.get("amsgrad") else after["exp_avg_sq"]
        if squares is None:
            return []
        old("m", "exp_avg")
        old("v", "exp_avg_sq")
        result.append({"name": "m̂", "value": [m / (1 - first**t) for m in after["exp_avg"]]})
        result.append({"name": "√v̂", "value": [math.sqrt(v / (1 - second**t)) for v in squares]})
    elif name == "RMSprop" and after.get("square_avg"):
        old("v", "square_avg")
        if options.get("centered"):
            old("a", "grad_avg")
        means = after.get("grad_avg") or zeros
        result.append({"name": _deviation(options), "value": [
            math.sqrt(max(v - a * a, 0)) for v, a in zip(after["square_avg"], means)]})
        if options.get("momentum") and after.get("momentum_buffer"):
            old("m", "momentum_buffer")
            result.append({"name": "m", "value": after["momentum_buffer"]})
    elif name == "Adadelta" and after.get("square_avg") and after.get("acc_delta"):
        old("v", "square_avg")
        old("u", "acc_delta")
        eps, past = float(options["eps"]), before.get("acc_delta") or zeros
        result.append({"name": "d", "value": [
            g * math.sqrt(u + eps) / math.sqrt(v + eps) for g, u, v in zip(own, past, after["square_avg"])]})
    elif name == "Adamax" and after.get("exp_avg") and after.get("exp_inf"):
        old("m", "exp_avg")
        old("u", "exp_inf")
        result.append({"name": "m", "value": after["exp_avg"]})
        result.append({"name": "u", "value": after["exp_inf"]})
    elif name == "Adagrad" and after.get("sum"):
        old("s", "sum")
        result.append({"name": "√s", "value": [math.sqrt(s) for s in after["sum"]]})
    return result


def alike(terms: List[Terms], gradients: Sequence[List[float]]) -> List[Terms]:
    """The terms of all parameters in the same columns: g where some have it, and nothing where others differ."""
    if any(own[:1] and own[0]["name"] == "g" for own in terms):
        terms = [
            own if not own or own[0]["name"] == "g" else [{"name": "g", "value": gradient}] + own
            for own, gradient in zip(terms, gradients)
        ]
    names = next(([term["name"] for term in own] for own in terms if own), [])
    return [own if [term["name"] for term in own] == names else [] for own in terms]


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
