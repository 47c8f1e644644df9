# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, freethreading_compatible=True
"""The compiled kernel: runs of epochs in C, with the GIL released.

# Design

- c/ has the arithmetic, written once for both precisions: c/network.h is forward,
  backward and step, as _numpy.py; the files beside it are what these need.
- A `Job` says all that a call is about. This file fills it in and lets it run.
"""

from libc.stddef cimport ptrdiff_t
from libc.stdint cimport int64_t, uint32_t

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
    cdef public Py_ssize_t n_outputs

    def __init__(
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
        self.n_outputs = layer_sizes[len(sizes) - 1]
        self.job.n_layers = len(sizes) - 1
        self.job.sizes = &layer_sizes[0]
        self.job.activations = &codes[0]
        self.job.constants = &constants[0]
        self.job.loss, self.job.loss_constants = code, &loss_constants[0]
        self.job.n_columns, self.job.columns = len(outputs), &columns[0]
        self.job.alpha, self.job.l1 = alpha, l1
        self.job.fit_intercept = fit_intercept
        self.job.dropout = &rates[0] if dropout else NULL
        self.job.interrupted = interrupted


cdef void give_samples(
    Job *job,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const real[::1] vector,
) noexcept:
    job.X = <const char *> &X[0, 0]
    job.row_stride, job.column_stride = X.strides[0], X.strides[1]
    job.x_is_double = real_of_x is double
    job.labels = NULL if labels is None else &labels[0, 0]
    job.targets = NULL if targets is None else <const void *> &targets[0, 0]
    job.weights = NULL if weights is None else <const void *> &weights[0]
    job.n_rows = job.batch_size = X.shape[0]
    job.vector = <void *> &vector[0]


def train_epochs(
    Plan plan,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const ptrdiff_t[:, :] rows,
    real[::1] vector,
    Py_ssize_t batch_size,
    dict optimizer,
    const double[::1] rates,
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
    cdef Job job = plan.job
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    give_samples(&job, X, labels, targets, weights, vector)
    if rows is not None:
        job.rows, job.n_rows = &rows[0, 0], rows.shape[1]
        job.rows_stride = rows.strides[0] // <ptrdiff_t> sizeof(ptrdiff_t)
    job.batch_size = min(batch_size, job.n_rows)
    job.optimizer = optimizer["optimizer"]
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
    Plan plan,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const real[::1] vector,
    int n_threads,
):
    """Return the objective over all samples, and its gradient."""
    cdef Job job = plan.job
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef double loss
    give_samples(&job, X, labels, targets, weights, vector)
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
    Plan plan, const real_of_x[:, :] X, const real[::1] vector, int n_threads
):
    """Return z of the last layer for all samples."""
    cdef Job job = plan.job
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef const unsigned char[:, ::1] labels = None
    cdef const real[:, ::1] targets = None
    cdef const real[::1] weights = None
    give_samples(&job, X, labels, targets, weights, vector)
    job.n_threads = n_threads
    result = np.empty(
        (job.n_rows, plan.n_outputs), np.float64 if real is double else np.float32
    )
    cdef real[:, ::1] outputs = result
    cdef char[::1] work = np.empty(kernel.work_size(&job), np.int8)
    job.outputs, job.work = &outputs[0, 0], &work[0]
    with nogil:
        kernel.raw_outputs(&job)
    return result


def apply(int function, const real[::1] x):
    """Return exp (0), tanh (1), logistic (2), log (3) or log(1 + x) (4), as in C."""
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
