"""Steps of a training: from the parameters of one evaluation to those of the next, by an optimizer's rule."""

import itertools

from evaluating import seeded
from evaluating.evaluator import Evaluation, count_of
from evaluating.optimizers import Optimizer


def trained(program, given, steps):
    """Parameters after so many steps, and (loss, rate) of each; the loss after the last one besides."""
    learned, history = {}, []
    optimizer = Optimizer(program)
    loss_name = program.declarations("loss")[0].name
    chosen = seeded.batches(program, count_of(program)) if program.is_cut else itertools.repeat(None)
    for rows in itertools.islice(chosen, steps):
        evaluation = Evaluation(program, given, learned, rows)
        history.append(evaluation.values[loss_name].entries[0].value)
        learned = moved(evaluation, loss_name, optimizer)
    rows = seeded.training_rows(program, count_of(program)) if program.is_cut else None
    return learned, history, Evaluation(program, given, learned, rows).values[loss_name].entries[0].value


def moved(evaluation, loss, optimizer):
    """All parameters after one step; those that no gradient arrives at stay, whatever their decay."""
    learned = {}
    names = evaluation.behind[id(evaluation.values[loss])]
    slopes = evaluation.values[loss].entries[0].tangent
    for name, array in evaluation.values.items():
        if array.entries[0].tangent != {(name, 0): 1.0}:
            continue
        learned[name] = [
            optimizer.moved((name, place), entry.value, slopes.get((name, place), 0.0) if name in names else None)
            for place, entry in enumerate(array.entries)
        ]
    optimizer.step += 1
    return learned
