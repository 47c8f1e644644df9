"""The same training in PyTorch on the CPU: a plain loop over tensors, float32."""

from itertools import pairwise

import numpy as np

try:
    import torch
except ImportError:
    torch = None


def version():
    """Return PyTorch's version, or None if it is not installed."""
    return None if torch is None else torch.__version__


def trainer(work, X, y, n_threads):
    """Return a function that trains on `work`; the data are converted beforehand."""
    torch.set_num_threads(n_threads)
    params = work.params
    X = torch.tensor(X, dtype=torch.float32)
    if work.kind == "classifier":
        y, n_outputs = torch.tensor(y), len(np.unique(y))
        loss = torch.nn.CrossEntropyLoss()
    else:
        y, n_outputs = torch.tensor(y, dtype=torch.float32)[:, None], 1
        loss = torch.nn.MSELoss()
    sizes = [X.shape[1], *np.atleast_1d(params["hidden_layer_sizes"]), n_outputs]
    activation = {
        "tanh": torch.nn.Tanh,
        "logistic": torch.nn.Sigmoid,
        "relu": torch.nn.ReLU,
    }[params.get("activation", "relu")]
    batch_size = work.batch_size(len(X))

    def train():
        torch.manual_seed(0)
        layers = []
        for fan_in, fan_out in pairwise(sizes):
            layers += [torch.nn.Linear(int(fan_in), int(fan_out)), activation()]
        network = torch.nn.Sequential(*layers[:-1])
        weights = network.parameters()
        if params.get("solver") == "sgd":
            optimizer = torch.optim.SGD(weights, params["learning_rate_init"])
        else:
            optimizer = torch.optim.Adam(weights, 1e-3, fused=True)
        for _ in range(params["max_iter"]):
            for rows in torch.randperm(len(X)).split(batch_size):
                optimizer.zero_grad()
                batch = (X, y) if len(rows) == len(X) else (X[rows], y[rows])
                loss(network(batch[0]), batch[1]).backward()
                optimizer.step()

    return train
