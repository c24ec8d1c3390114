"""JAX: a function's jaxpr, evaluated equation by equation, with the gradient of every intermediate value."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

import jax
import jax.numpy as jnp

from .step import Step
from .trace import Node, Trace

_NAMES = {
    "add": "add", "add_any": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "neg": "negate",
    "max": "maximum", "min": "minimum", "pow": "power", "exp": "exp", "log": "log", "tanh": "tanh",
    "logistic": "sigmoid", "sin": "sin", "cos": "cos", "sqrt": "sqrt", "abs": "abs", "tan": "tan", "log1p": "log1p",
    "expm1": "expm1", "erf": "erf", "sign": "sign", "floor": "floor", "ceil": "ceil", "lt": "less", "le": "lessOrEqual",
    "gt": "greater", "ge": "greaterOrEqual", "eq": "equal", "ne": "notEqual", "reshape": "reshape",
    "squeeze": "reshape", "expand_dims": "reshape", "rsqrt": "rsqrt", "square": "square",
    "convert_element_type": "identity", "copy": "identity", "copy_p": "identity", "reduce_precision": "identity",
    "stop_gradient": "stopGradient",
}
_REDUCTIONS = {"reduce_sum": "sum", "reduce_max": "amax", "reduce_min": "amin"}
_CALLS = ("jaxpr", "call_jaxpr", "fun_jaxpr")
#: What has a derivative of its own, which is not that of its inside: one box, as a function of PyTorch's autograd.
_OWN_DERIVATIVES = ("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr")
_MOST_STEPS = 64


def record_jax(
    function: Callable[..., Any], *arguments: Any, argnums: Any = 0, names: Optional[Sequence[str]] = None,
    title: Optional[str] = None, limit: int = 4096,
) -> Step:
    """Records ``function(*arguments)`` and, where it is one number, the gradients of everything in it.

    ``jit`` and ``scan`` are opened. The function is pure, as JAX asks for, so it may be evaluated more than once.

    :param argnums: the arguments that are learned.
    :param names: of the arguments; by default those of the function's parameters.
    """
    learned = {argnums} if isinstance(argnums, int) else set(argnums)
    for place in sorted(learned):
        if not 0 <= place < max(len(arguments), 1):
            raise ValueError(f"argnums={place} is not an argument: there are {len(arguments)}, counted from 0")
    closed, shape = jax.make_jaxpr(function, return_shape=True)(*arguments)
    if not closed.jaxpr.outvars:
        raise TypeError("the function returns nothing; its result is the loss, or a tuple that begins with it")
    flat = jax.tree_util.tree_leaves(arguments)
    trace = Trace(f"jax {jax.__version__}", title=title or getattr(function, "__name__", None), limit=limit)
    taps: List[Any] = []
    evaluation = _Evaluation(trace, taps)
    nodes = [
        trace.leaf(_list(value), name=name, role="parameter" if place in learned else "input", dtype=_type(value),
                   shape=list(jnp.shape(value)))
        for (name, place), value in zip(_paths(function, arguments, names), flat)
    ]
    for node, value in zip(nodes, flat):
        if not jnp.issubdtype(jnp.result_type(value), jnp.inexact):
            node.members["requiresGradient"] = False
    constants = [evaluation.constant(value) for value in closed.consts]
    results = evaluation.run(closed.jaxpr, list(zip(closed.consts, constants)), list(zip(flat, nodes)))
    value, node = results[0]
    if jnp.shape(value) == () and jnp.issubdtype(jnp.result_type(value), jnp.floating) and node in trace.nodes:
        trace.loss(node)
        if not node.is_named:
            trace.name(node, "loss")
        _differentiate(closed, flat, nodes, taps, trace)
    return trace.step


def _differentiate(closed: Any, flat: List[Any], nodes: List[Node], taps: List[Any], trace: Trace) -> None:
    """One gradient towards zeros that are added to each value on the way."""
    zeros = [jnp.zeros(jnp.shape(value), jnp.result_type(value)) for value, _ in taps]
    places = [place for place, value in enumerate(flat) if jnp.issubdtype(jnp.result_type(value), jnp.inexact)]

    def tapped(learned: List[Any], added: List[Any]) -> Any:
        inputs = list(flat)
        for place, value in zip(places, learned):
            inputs[place] = value
        evaluation = _Evaluation(None, None, added)
        return evaluation.run(
            closed.jaxpr, [(value, None) for value in closed.consts], [(value, None) for value in inputs])[0][0]

    own, inner = jax.grad(tapped, argnums=(0, 1))([flat[place] for place in places], zeros)
    for place, gradient in zip(places, own):
        trace.gradient(nodes[place], _list(gradient))
    for (_, node), gradient in zip(taps, inner):
        trace.gradient(node, _list(gradient))


class _Evaluation:
    """Evaluates a jaxpr; with a trace it records, with zeros it adds them."""

    def __init__(self, trace: Optional[Trace], taps: Optional[List[Any]], added: Optional[List[Any]] = None):
        self.trace = trace
        self.taps = taps
        self.added = list(added or [])

    def constant(self, value: Any) -> Optional[Node]:
        if self.trace is None:
            return None
        return self.trace.leaf(_list(value), role="constant", dtype=_type(value), shape=list(jnp.shape(value)))

    def run(self, jaxpr: Any, constants: List[Any], inputs: List[Any], scope: str = "") -> List[Tuple[Any, Any]]:
        known: Dict[Any, Tuple[Any, Any]] = dict(zip(jaxpr.constvars, constants))
        known.update(zip(jaxpr.invars, inputs))

        def read(variable: Any) -> Tuple[Any, Any]:
            if hasattr(variable, "val"):
                return variable.val, self.constant(variable.val)
            return known[variable]

        for equation in jaxpr.eqns:
            operands = [read(variable) for variable in equation.invars]
            own = str(equation.source_info.name_stack or "") or scope
            known.update(zip(equation.outvars, self._equation(equation, operands, own)))
        return [read(variable) for variable in jaxpr.outvars]

    def _equation(self, equation: Any, operands: List[Tuple[Any, Any]], scope: str) -> List[Tuple[Any, Any]]:
        name = equation.primitive.name
        if name == "scan" and equation.params["length"] <= _MOST_STEPS:
            return self._scan(equation.params, operands, scope)
        inner = next((equation.params[key] for key in _CALLS if equation.params.get(key) is not None), None)
        if inner is not None and name not in ("scan", "while", "cond", *_OWN_DERIVATIVES):
            jaxpr = getattr(inner, "jaxpr", inner)
            constants = [(value, self.constant(value)) for value in getattr(inner, "consts", [])]
            label = str(equation.params.get("name", "") or "")
            label = "" if label.startswith("_") or label == "<lambda>" else label
            return self.run(jaxpr, constants, operands, "/".join(part for part in (scope, label) if part))
        bound = equation.primitive.get_bind_params(equation.params)
        extra, params = bound if isinstance(bound, tuple) else ((), bound)
        results = equation.primitive.bind(*extra, *[value for value, _ in operands], **params)
        several = equation.primitive.multiple_results
        results = list(results) if several else [results]
        return [
            self._result(equation, operands, value, place if len(results) > 1 else None, scope)
            for place, value in enumerate(results)
        ]

    def _result(self, equation: Any, operands: Any, value: Any, place: Optional[int], scope: str) -> Tuple[Any, Any]:
        isTapped = jnp.issubdtype(jnp.result_type(value), jnp.inexact)
        if self.trace is None:
            return (value + self.added.pop(0) if isTapped else value), None
        node = self._record(equation, [node for _, node in operands], [each for each, _ in operands], value, place)
        if scope:
            node.members["scope"] = scope.replace("/", ".")
        if isTapped:
            self.taps.append((value, node))  # type: ignore[union-attr]
        elif not node.is_leaf:
            node.members["requiresGradient"] = False
        return value, node

    def _record(self, equation: Any, nodes: List[Node], values: List[Any], value: Any, place: Optional[int]) -> Node:
        assert self.trace is not None
        operation, operands, attributes, members = _operation(equation, nodes, values, value)
        if place is not None:
            members["output"] = place
        if not operands:
            members["role"] = "constant"
        return self.trace.operation(
            operation, operands, _list(value), attributes=attributes, dtype=_type(value),
            shape=list(jnp.shape(value)), **members)

    def _scan(self, params: Dict[str, Any], operands: List[Any], scope: str) -> List[Tuple[Any, Any]]:
        """A loop is as many copies of its body as it has steps."""
        count, carried = params["num_consts"], params["num_carry"]
        constants, carry, inputs = operands[:count], operands[count : count + carried], operands[count + carried :]
        body = params["jaxpr"]
        own = [(value, self.constant(value)) for value in body.consts]
        outputs: List[List[Any]] = []
        steps = range(params["length"])
        for step in reversed(steps) if params["reverse"] else steps:
            rows = [self._taken(value, node, step) for value, node in inputs]
            results = self.run(body.jaxpr, own, constants + carry + rows, f"{scope}step{step + 1}")
            carry = results[:carried]
            outputs.append(results[carried:])
        if params["reverse"]:
            outputs.reverse()
        return carry + [self._stacked([row[place] for row in outputs]) for place in range(len(outputs[0]))]

    def _taken(self, value: Any, node: Any, step: int) -> Tuple[Any, Any]:
        return self._made(value[step], lambda: ("index", [node], {}, {"position": [step]}))

    def _stacked(self, rows: List[Tuple[Any, Any]]) -> Tuple[Any, Any]:
        return self._made(jnp.stack([value for value, _ in rows]), lambda: ("stack", [n for _, n in rows], {"dim": 0}, {}))

    def _made(self, value: Any, words: Callable[[], Any]) -> Tuple[Any, Any]:
        isTapped = jnp.issubdtype(jnp.result_type(value), jnp.inexact)
        if self.trace is None:
            return (value + self.added.pop(0) if isTapped else value), None
        operation, operands, attributes, members = words()
        node = self.trace.operation(
            operation, operands, _list(value), attributes=attributes, dtype=_type(value), shape=list(jnp.shape(value)),
            **members)
        if isTapped:
            self.taps.append((value, node))  # type: ignore[union-attr]
        return value, node


def _operation(equation: Any, nodes: List[Node], values: List[Any], value: Any) -> Tuple[str, List[Node], Any, Any]:
    """An equation in the words of a graph."""
    name, params = equation.primitive.name, equation.params
    if name in _OWN_DERIVATIVES:
        return _function_name(equation), nodes, {}, {}
    if name in _NAMES:
        return _NAMES[name], nodes, {}, {}
    if name in _REDUCTIONS:
        return _REDUCTIONS[name], nodes, {"dim": list(params["axes"])}, {}
    if name == "integer_pow":
        return "power", nodes, {}, {"exponent": params["y"]}
    if name == "transpose":
        order = list(params["permutation"])
        return "transpose", nodes, {}, {"position": order} if len(order) > 2 else {}
    if name == "concatenate":
        return "concat", nodes, {}, {"axis": params["dimension"]}
    if name == "select_n" and len(nodes) == 3:
        return "where", [nodes[0], nodes[2], nodes[1]], {}, {}
    if name == "broadcast_in_dim" and len(nodes) == 1:
        rank, kept = len(params["shape"]), list(params["broadcast_dimensions"])
        shape = list(jnp.shape(values[0]))
        # NumPy's rules add axes in front only; the same numbers in another shape need no broadcasting.
        if int(jnp.size(value)) == int(jnp.size(values[0])):
            return "reshape", nodes, {}, {}
        if kept == list(range(rank - len(shape), rank)):
            return "expand", nodes, {}, {}
    if name == "dot_general":
        (left, right), (batchLeft, batchRight) = params["dimension_numbers"]
        a, b = jnp.ndim(values[0]), jnp.ndim(values[1])
        isPlain = list(left) == [a - 1] and list(right) == [max(b - 2, 0)] and not batchLeft and not batchRight
        if isPlain and b <= 2:
            return "matrixMultiply", nodes, {}, {}
    shown = {key: each for key, each in params.items() if isinstance(each, (bool, int, float, str, tuple, list))}
    return name, nodes, {**shown}, {}


def _function_name(equation: Any) -> str:
    """The function behind a call with a derivative of its own, such as relu."""
    inner = next((equation.params[key] for key in _CALLS if equation.params.get(key) is not None), None)
    info = getattr(getattr(inner, "jaxpr", inner), "debug_info", None)
    return str(getattr(info, "func_name", "") or "").strip("_<>") or equation.primitive.name


def _paths(function: Any, arguments: Sequence[Any], names: Optional[Sequence[str]]) -> List[Tuple[str, int]]:
    if names is None:
        try:
            names = list(inspect.signature(function).parameters)
        except (TypeError, ValueError):
            names = []
    result = []
    for place, argument in enumerate(arguments):
        base = names[place] if place < len(names) else f"x{place + 1}"
        for path, _ in jax.tree_util.tree_flatten_with_path(argument)[0]:
            keys = [str(getattr(key, "key", getattr(key, "idx", getattr(key, "name", key)))) for key in path]
            result.append((".".join([base] + keys) if keys else base, place))
    return result


def _list(value: Any) -> Any:
    array = jnp.asarray(value)
    if jnp.issubdtype(array.dtype, jnp.floating):
        array = array.astype(jnp.float32) if array.dtype.itemsize < 4 else array
    elif not jnp.issubdtype(array.dtype, jnp.integer) and array.dtype != jnp.bool_:
        return None
    return array.tolist()


def _type(value: Any) -> str:
    return str(jnp.result_type(value))
