# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, freethreading_compatible=True
"""The compiled kernel: runs of epochs in C, with the GIL released.

# Design

- c/ has the arithmetic, written once for both precisions: c/network.h is forward,
  backward and step, as numpy.py; the files beside it are what these need.
- A `Job` says all that a call is about. This file fills it in and lets it run.
- C trusts a job. So all that it indexes by is checked here, where jobs are filled in:
  the attributes of an estimator may have been edited, or come out of a file.
"""

from libc.stddef cimport ptrdiff_t
from libc.stdint cimport int64_t, uint32_t

from itertools import pairwise

import numpy as np

cdef extern from *:
    """
    #if defined(__clang__)
    #define SKNEURON_COMPILER "clang " __clang_version__
    #elif defined(__GNUC__)
    #define SKNEURON_COMPILER "gcc " __VERSION__
    #elif defined(_MSC_VER)
    #define SKNEURON_COMPILER "MSVC"
    #else
    #define SKNEURON_COMPILER "an unnamed C compiler"
    #endif
    """
    const char *SKNEURON_COMPILER

cdef extern from "job.h" nogil:
    enum: MAX_LAYERS
    enum: N_ACTIVATIONS
    enum: QUANTILES
    enum: N_LOSSES
    enum: SGD
    enum: N_OPTIMIZERS

    ctypedef struct Job:
        int n_layers
        const ptrdiff_t *sizes
        const int *activations
        const double *constants
        int loss
        const double *loss_constants
        int n_columns
        const ptrdiff_t *columns
        double alpha, l1
        int fit_intercept
        const double *dropout
        const char *X
        ptrdiff_t row_stride, column_stride
        int x_is_double
        const unsigned char *labels
        const void *targets
        const void *weights
        const ptrdiff_t *rows
        ptrdiff_t n_rows, batch_size
        void *vector
        void *gradient
        void *outputs
        char *work
        int n_threads
        ptrdiff_t n_epochs, rows_stride
        const double *rates
        double max_grad_norm
        uint32_t dropout_seed, epoch
        double *losses
        double *norms
        ptrdiff_t n_finished
        int optimizer
        double momentum
        int nesterov
        double beta_1, beta_2, epsilon, rho, weight_decay
        void *moment_1
        void *moment_2
        int64_t t
        int (*interrupted)() noexcept nogil
        int was_interrupted

    ctypedef struct Kernel:
        ptrdiff_t (*work_size)(const Job *) noexcept nogil
        double (*objective)(Job *) noexcept nogil
        void (*train)(Job *) noexcept nogil
        void (*raw_outputs)(Job *) noexcept nogil
        void (*apply)(int, const void *, void *, ptrdiff_t) noexcept nogil
        const char *instructions

    const Kernel *skneuron_kernel(int)


ctypedef fused real:
    float
    double

ctypedef fused real_of_x:
    float
    double


cdef extern from "Python.h":
    # not cpython.exc's, which would swallow the exception in a noexcept function
    int check_signals "PyErr_CheckSignals"() noexcept


cdef int interrupted() noexcept nogil:
    """Whether the handler of a signal, such as Ctrl-C, has set an exception."""
    with gil:
        return check_signals() != 0


cdef int raise_pending() except -1:
    """Raise the exception that `interrupted` has seen being set."""
    return -1


cdef int require(bint holds, str what) except -1:
    """Raise unless a job is sound."""
    if not holds:
        raise ValueError(f"The compiled engine got arrays that do not fit: {what}.")
    return 0


cdef class Plan:
    """What a network and a loss are, in the C side's codes; reused from call to call.

    Parameters
    ----------
    sizes : sequence of int
        Features, units of each hidden layer, outputs.
    activations : sequence of (code, constant, constant)
        One for each hidden layer.
    loss : (code, constants, columns)
        What it is, and how many outputs each column of the targets has.
    alpha, l1 : float
    fit_intercept : bool
    dropout : sequence of float
        One rate for each hidden layer, or none at all.
    """

    cdef Job job
    cdef object kept  # the arrays that job points into
    cdef readonly Py_ssize_t n_features, n_outputs
    cdef readonly object n_parameters
    cdef bint loss_fits

    def __cinit__(
        self,
        sizes,
        activations,
        loss,
        double alpha,
        double l1,
        bint fit_intercept,
        dropout,
    ):
        cdef ptrdiff_t[::1] layer_sizes = np.array(sizes, np.intp)
        cdef int[::1] codes = np.array([a[0] for a in activations] or [0], np.intc)
        cdef double[::1] constants = np.array(
            [c for a in activations for c in a[1:]] or [0.0]
        )
        cdef double[::1] rates = np.array(dropout or [0.0])
        code, of_loss, outputs = loss
        cdef double[::1] loss_constants = np.array(of_loss or [0.0], np.float64)
        cdef ptrdiff_t[::1] columns = np.array(outputs, np.intp)
        self.kept = (layer_sizes, codes, constants, rates, loss_constants, columns)
        n_layers = len(sizes) - 1
        require(1 <= n_layers <= MAX_LAYERS, "there are too few or too many layers")
        require(min(sizes) >= 1, "a layer has no units")
        require(len(activations) == n_layers - 1, "activations are of other layers")
        known = all(0 <= a[0] < N_ACTIVATIONS and len(a) == 3 for a in activations)
        require(known, "an activation is not known")
        require(len(dropout) in (0, n_layers - 1), "dropout is of other layers")
        self.n_features, self.n_outputs = sizes[0], sizes[n_layers]
        self.n_parameters = sum([(i + 1) * o for i, o in pairwise(map(int, sizes))])
        self.loss_fits = (
            0 <= code < N_LOSSES
            and min(outputs) >= 1
            and sum(outputs) == self.n_outputs
            and (code != QUANTILES or len(of_loss) >= max(outputs))
        )
        self.job.n_layers = n_layers
        self.job.sizes = &layer_sizes[0]
        self.job.activations = &codes[0]
        self.job.constants = &constants[0]
        self.job.loss, self.job.loss_constants = code, &loss_constants[0]
        self.job.n_columns, self.job.columns = len(outputs), &columns[0]
        self.job.alpha, self.job.l1 = alpha, l1
        self.job.fit_intercept = fit_intercept
        self.job.dropout = &rates[0] if dropout else NULL
        self.job.interrupted = interrupted


cdef int check_samples(
    Plan plan,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const real[::1] vector,
) except -1:
    """Raise where arrays are not of the shapes that a plan stands for."""
    cdef Py_ssize_t n = X.shape[0], size = sizeof(real_of_x)
    require(n >= 1, "X has no rows")
    require(X.shape[1] == plan.n_features, "X has other features than the network")
    aligned = X.strides[0] % size == X.strides[1] % size == 0
    require(aligned and <size_t> &X[0, 0] % size == 0, "X is not aligned")
    require(vector.shape[0] == plan.n_parameters, "the weights are of another network")
    if labels is not None or targets is not None:
        require(plan.loss_fits, "the loss is of other outputs")
    if labels is not None:
        fits = labels.shape[0] == n and labels.shape[1] == plan.n_outputs
        require(fits, "the labels are not those of X, or of the outputs")
    if targets is not None:
        fits = targets.shape[0] == n and targets.shape[1] == plan.n_outputs
        require(fits, "the targets are not those of X, or of the outputs")
    if weights is not None:
        require(weights.shape[0] == n, "the sample weights are not those of X")
    return 0


cdef bint are_rows(const ptrdiff_t[:, ::1] rows, Py_ssize_t n_samples) noexcept nogil:
    """Whether all of these are rows of so many samples."""
    cdef Py_ssize_t i
    cdef size_t n = n_samples
    cdef bint wrong = False
    cdef const ptrdiff_t *row = &rows[0, 0]
    for i in range(rows.shape[0] * rows.shape[1]):
        wrong |= <size_t> row[i] >= n
    return not wrong


cdef int give_samples(
    Job *job,
    Plan plan,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const real[::1] vector,
) except -1:
    check_samples(plan, X, labels, targets, weights, vector)
    job[0] = plan.job
    job.X = <const char *> &X[0, 0]
    job.row_stride, job.column_stride = X.strides[0], X.strides[1]
    job.x_is_double = real_of_x is double
    job.labels = NULL if labels is None else &labels[0, 0]
    job.targets = NULL if targets is None else <const void *> &targets[0, 0]
    job.weights = NULL if weights is None else <const void *> &weights[0]
    job.n_rows = job.batch_size = X.shape[0]
    job.vector = <void *> &vector[0]
    return 0


def train_epochs(
    Plan plan not None,
    const real_of_x[:, :] X not None,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const ptrdiff_t[:, ::1] rows,
    real[::1] vector not None,
    Py_ssize_t batch_size,
    dict optimizer not None,
    const double[::1] rates not None,
    double max_grad_norm,
    unsigned int dropout_seed,
    unsigned int epoch,
    real[::1] moment_1,
    real[::1] moment_2,
    long long t,
    int n_threads,
):
    """Step through each epoch's rows.

    Returns
    -------
    losses, norms : list of float
        Of each epoch that was finished the mean loss, and the norm of the gradient at
        the last step.
    t : int
        The count of steps.
    error : BaseException or None
        What a signal's handler raised in the middle of an epoch.
    """
    cdef Job job
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    give_samples(&job, plan, X, labels, targets, weights, vector)
    require(labels is not None or targets is not None, "there are no targets")
    require(rates.shape[0] >= 1, "there is no epoch")
    if rows is not None:
        require(rows.shape[0] == rates.shape[0], "the rows are of other epochs")
        require(rows.shape[1] >= 1, "an epoch has no rows")
        require(are_rows(rows, X.shape[0]), "some rows are outside of X")
        job.rows, job.n_rows = &rows[0, 0], rows.shape[1]
        job.rows_stride = rows.shape[1]
    require(batch_size >= 1, "a batch has no rows")
    job.batch_size = min(batch_size, job.n_rows)
    job.optimizer = optimizer["optimizer"]
    require(0 < job.optimizer < N_OPTIMIZERS, "the optimizer is not known")
    fits = moment_1 is not None and moment_1.shape[0] == vector.shape[0]
    require(fits, "the optimizer's state is of another network")
    fits = moment_2 is not None and moment_2.shape[0] == vector.shape[0]
    fits = fits or (moment_2 is None and job.optimizer == SGD)
    require(fits, "the optimizer's state is of another network")
    job.momentum = optimizer.get("momentum", 0)
    job.nesterov = optimizer.get("nesterov", False)
    job.beta_1, job.beta_2 = optimizer.get("beta_1", 0), optimizer.get("beta_2", 0)
    job.rho, job.epsilon = optimizer.get("rho", 0), optimizer.get("epsilon", 0)
    job.weight_decay = optimizer["weight_decay"]
    job.t, job.n_threads = t, n_threads
    job.moment_1 = &moment_1[0]
    job.moment_2 = job.moment_1 if moment_2 is None else <void *> &moment_2[0]
    job.max_grad_norm = max_grad_norm
    job.dropout_seed, job.epoch = dropout_seed, epoch
    cdef double[::1] losses = np.empty(rates.shape[0])
    cdef double[::1] norms = np.empty(rates.shape[0])
    job.n_epochs, job.rates = rates.shape[0], &rates[0]
    job.losses, job.norms = &losses[0], &norms[0]
    cdef real[::1] gradient = np.empty(
        vector.shape[0], np.float64 if real is double else np.float32
    )
    cdef char[::1] work = np.empty(kernel.work_size(&job), np.int8)
    job.gradient, job.work = &gradient[0], &work[0]
    with nogil:
        kernel.train(&job)
    error = None
    if job.was_interrupted:
        try:
            raise_pending()
        except BaseException as raised:
            error = raised
    return (
        [losses[i] for i in range(job.n_finished)],
        [norms[i] for i in range(job.n_finished)],
        job.t,
        error,
    )


def loss_and_gradient(
    Plan plan not None,
    const real_of_x[:, :] X not None,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const real[::1] vector not None,
    int n_threads,
):
    """Return the objective over all samples, and its gradient."""
    cdef Job job
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef double loss
    give_samples(&job, plan, X, labels, targets, weights, vector)
    require(labels is not None or targets is not None, "there are no targets")
    job.n_threads = n_threads
    result = np.empty(vector.shape[0], np.float64 if real is double else np.float32)
    cdef real[::1] gradient = result
    cdef char[::1] work = np.empty(kernel.work_size(&job), np.int8)
    job.gradient, job.work = &gradient[0], &work[0]
    with nogil:
        loss = kernel.objective(&job)
    if job.was_interrupted:
        raise_pending()
    return loss, result


def raw_outputs(
    Plan plan not None,
    const real_of_x[:, :] X not None,
    const real[::1] vector not None,
    int n_threads,
):
    """Return z of the last layer for all samples."""
    cdef Job job
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef const unsigned char[:, ::1] labels = None
    cdef const real[:, ::1] targets = None
    cdef const real[::1] weights = None
    give_samples(&job, plan, X, labels, targets, weights, vector)
    job.n_threads = n_threads
    result = np.empty(
        (job.n_rows, plan.n_outputs), np.float64 if real is double else np.float32
    )
    cdef real[:, ::1] outputs = result
    cdef char[::1] work = np.empty(kernel.work_size(&job), np.int8)
    job.outputs, job.work = &outputs[0, 0], &work[0]
    with nogil:
        kernel.raw_outputs(&job)
    if job.was_interrupted:
        raise_pending()
    return result


def apply(int function, const real[::1] x not None):
    """Return exp (0), tanh (1), logistic (2), log (3) or log(1 + x) (4), as in C."""
    require(0 <= function <= 4 and x.shape[0] >= 1, "there is nothing to apply")
    result = np.empty(x.shape[0], np.float64 if real is double else np.float32)
    cdef real[::1] y = result
    skneuron_kernel(real is double).apply(function, &x[0], &y[0], x.shape[0])
    return result


def compiler() -> str:
    """Name the C compiler that built this module."""
    return SKNEURON_COMPILER.decode("ascii")


def instructions() -> str:
    """Name the set of instructions that this processor runs."""
    return skneuron_kernel(True).instructions.decode("ascii")
