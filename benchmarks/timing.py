"""Timing of several contestants in turn: the best of several rounds."""

import time
import warnings

FEWEST, MOST = 2, 15  # rounds
ENOUGH = 8.0  # seconds after which no further rounds start, except the fewest


def best_of(contestants, rounds=MOST):
    """Return the shortest time of each contestant in seconds, by name.

    The rounds alternate between the contestants, so that a slow minute of the machine
    affects all of them. A contestant should take some tenths of a second, because the
    BLAS threads of the one before keep spinning for nearly a tenth.
    """
    best, spent = {}, 0.0
    for number in range(rounds):
        for name, run in contestants.items():
            start = time.perf_counter()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                run()
            seconds = time.perf_counter() - start
            best = shorter(best, {name: seconds})
            spent += seconds
        if spent > ENOUGH and number + 1 >= FEWEST:
            break
    return best


def shorter(times, others):
    """Return the shorter time of each contestant."""
    return times | {k: min(v, times.get(k, v)) for k, v in others.items()}
