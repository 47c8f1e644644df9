"""Timing: several contestants in turn, the best of several rounds."""

import time
import warnings

ROUNDS = 5
LONG = 20.0  # seconds; of a contestant that takes longer, fewer rounds are enough


def best_of(contestants, rounds=ROUNDS):
    """Return the shortest time in seconds of each, by name.

    The rounds alternate between the contestants, so that a slower minute of the machine
    is one for all of them. A contestant should take some tenths of a second: for nearly
    one, BLAS threads of the one before it go on spinning.
    """
    best, spent = {}, 0.0
    for number in range(rounds):
        for name, run in contestants.items():
            start = time.perf_counter()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                run()
            seconds = time.perf_counter() - start
            best[name] = min(best.get(name, seconds), seconds)
            spent += seconds
        if spent > LONG and number >= 2:
            break
    return best
