"""Numbers as the JSON of a graph has them: the shortest decimals, and summaries of many."""

from __future__ import annotations

import math
import struct
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple, Union

Number = Union[int, float]
Json = Union[None, bool, int, float, str, List[Any], Dict[str, Any]]

BINS = 16


def shortest(number: float, dtype: Optional[str]) -> float:
    """The number with the fewest digits that is the same in a type of less precision.

    >>> shortest(0.10000000149011612, "float32")
    0.1
    """
    if dtype != "float32" or number != number or math.isinf(number) or number == int(number):
        return number
    for digits in (6, 7, 8):
        short = float(f"{number:.{digits}g}")
        if struct.unpack("f", struct.pack("f", short))[0] == number:
            return short
    return float(f"{number:.9g}")


def plain(number: Number, dtype: Optional[str] = None) -> Json:
    """A number as JSON has it: a word for one that is not finite."""
    number = float(number)
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e15 and (number != 0 or math.copysign(1, number) > 0):
        return int(number)
    return shortest(number, dtype)


def flattened(value: Any) -> Tuple[List[float], List[int]]:
    """The numbers of nested lists row by row, and their shape; also of anything with ``tolist()``.

    >>> flattened([[1, 2], [3, 4]])
    ([1.0, 2.0, 3.0, 4.0], [2, 2])
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        return [float(value)], []
    numbers: List[float] = []
    inner: Optional[List[int]] = None
    for item in value:
        own, shape = flattened(item)
        if inner is not None and inner != shape:
            raise ValueError("the rows differ in their length")
        inner = shape
        numbers += own
    return numbers, [len(value)] + (inner or [])


def summary(numbers: Sequence[float]) -> Dict[str, Json]:
    """The least, the greatest, the mean, the deviation, the count of NaN and a histogram."""
    finite = [number for number in numbers if math.isfinite(number)]
    nans = sum(1 for number in numbers if number != number)
    low, high = (min(finite), max(finite)) if finite else (math.nan, math.nan)
    mean = math.fsum(finite) / len(finite) if finite else math.nan
    variance = math.fsum((number - mean) ** 2 for number in finite) / len(finite) if finite else math.nan
    return {
        "count": len(numbers), "min": plain(low), "max": plain(high), "mean": plain(mean),
        "std": plain(math.sqrt(variance) if variance == variance else math.nan), "nan": nans,
        "histogram": histogram(finite, low, high),
    }


def histogram(numbers: Iterable[float], low: float, high: float) -> List[int]:
    """How many numbers are in each of ``BINS`` equal parts."""
    counts = [0] * BINS
    for number in numbers:
        place = int((number - low) / (high - low) * BINS) if high > low else 0
        counts[min(max(place, 0), BINS - 1)] += 1
    return counts


def attribute(value: Any) -> Json:
    """An attribute of an operation as JSON has it: numbers, texts and lists; anything else by its words."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return plain(value)
    if isinstance(value, (list, tuple)):
        return [attribute(item) for item in value][:4096]
    if isinstance(value, slice):
        return ":".join("" if part is None else str(part) for part in (value.start, value.stop, value.step))
    return str(value)[:200]
