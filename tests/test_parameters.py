"""Parameters stay views of one vector."""

import copy
import pickle
from itertools import chain

import numpy as np
import pytest

from skneuron._network.network import Network
from skneuron._network.parameters import Parameters
from skneuron.activations import ACTIVATIONS

SIZES = (3, 4, 2)


def network(sizes):
    return Network.feed_forward(sizes, [ACTIVATIONS["relu"]] * (len(sizes) - 2))


@pytest.fixture
def parameters():
    made = Parameters.zeros(network(SIZES), np.dtype(np.float64))
    made.vector[:] = np.arange(made.vector.size)
    return made


def test_weights_come_first_then_biases(parameters):
    W1, W2 = parameters.weights
    b1, b2 = parameters.biases
    assert [a.shape for a in (W1, W2, b1, b2)] == [(3, 4), (4, 2), (4,), (2,)]
    parts = [a.ravel() for a in (W1, W2, b1, b2)]
    assert (np.concatenate(parts) == np.arange(26)).all()
    assert parameters.network.penalised == (slice(0, 20),)


@pytest.mark.parametrize(
    "duplicate",
    [
        lambda p: p,
        lambda p: p.copy(),
        copy.deepcopy,
        lambda p: pickle.loads(pickle.dumps(p)),
    ],
    ids=["itself", "copy", "deepcopy", "pickle"],
)
def test_views_stay_views(parameters, duplicate):
    twin = duplicate(parameters)
    assert (twin.vector == parameters.vector).all()
    twin.vector[:] = -1
    assert all(
        (a == -1).all() for a in (*twin.weights, *twin.biases, *chain(*twin.layers))
    )


def test_a_pickle_holds_the_numbers_once(parameters):
    big = Parameters.zeros(network((100, 100, 10)), np.dtype(np.float64))
    assert len(pickle.dumps(big)) < 1.1 * big.vector.nbytes


def test_from_arrays_copies(parameters):
    again = Parameters.from_arrays(
        parameters.network, parameters.layers, np.dtype(np.float32)
    )
    assert again.network.sizes == SIZES
    assert again.vector.dtype == np.float32
    assert (again.vector == parameters.vector).all()
    assert not np.shares_memory(again.vector, parameters.vector)
