# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, freethreading_compatible=True
"""The compiled kernel: whole epochs in C, with the GIL released.

# Design

- _kernel_core.h has the arithmetic, written once for both precisions, and put together
  as _numpy.py is: forward, loss, backward, step.
- A `Job` says all that a call is about. This file fills it in and lets it run.
- BLAS is SciPy's, handed over as a pointer.
"""

from libc.stddef cimport ptrdiff_t
from libc.stdint cimport int64_t
from scipy.linalg.cython_blas cimport dgemm, sgemm

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

cdef extern from "_kernel_core.c" nogil:
    ctypedef struct Job:
        int n_layers
        const ptrdiff_t *sizes
        const int *activations
        const double *constants
        int loss
        double loss_constant, alpha
        int fit_intercept
        const char *X
        ptrdiff_t row_stride, column_stride
        int x_is_double
        const unsigned char *labels
        const void *targets
        const void *weights
        const ptrdiff_t *rows
        ptrdiff_t n_rows, batch_size, chunk
        void *vector
        void *gradient
        void *work
        void *outputs
        int optimizer
        double rate, momentum
        int nesterov
        double beta_1, beta_2, epsilon
        void *moment_1
        void *moment_2
        int64_t t
        void *gemm
        int (*interrupted)() noexcept nogil
        int was_interrupted

    double skneuron_train_epoch_f64(Job *)
    double skneuron_train_epoch_f32(Job *)
    double skneuron_objective_f64(const Job *, ptrdiff_t, ptrdiff_t)
    double skneuron_objective_f32(const Job *, ptrdiff_t, ptrdiff_t)
    double skneuron_raw_outputs_f64(const Job *)
    double skneuron_raw_outputs_f32(const Job *)
    ptrdiff_t skneuron_work_size_f64(const Job *, ptrdiff_t)
    void skneuron_apply_f64(int, const double *, double *, ptrdiff_t)
    void skneuron_apply_f32(int, const float *, float *, ptrdiff_t)


cdef ptrdiff_t CHUNK = 512  # rows; their activations should stay in the cache

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
    loss : (code, constant)
    alpha : float
    fit_intercept : bool
    """

    cdef Job job
    cdef object kept  # the arrays that job points into
    cdef public Py_ssize_t n_outputs

    def __init__(self, sizes, activations, loss, double alpha, bint fit_intercept):
        cdef ptrdiff_t[::1] layer_sizes = np.array(sizes, np.intp)
        cdef int[::1] codes = np.array([a[0] for a in activations] or [0], np.intc)
        cdef double[::1] constants = np.array(
            [c for a in activations for c in a[1:]] or [0.0]
        )
        self.kept = (layer_sizes, codes, constants)
        self.n_outputs = layer_sizes[len(sizes) - 1]
        self.job.n_layers = len(sizes) - 1
        self.job.sizes = &layer_sizes[0]
        self.job.activations = &codes[0]
        self.job.constants = &constants[0]
        self.job.loss, self.job.loss_constant = loss
        self.job.alpha = alpha
        self.job.fit_intercept = fit_intercept
        self.job.interrupted = interrupted
        self.job.t = 0


cdef void give_samples(
    Job *job,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const ptrdiff_t[::1] rows,
    const real[::1] vector,
) noexcept:
    job.X = <const char *> &X[0, 0]
    job.row_stride, job.column_stride = X.strides[0], X.strides[1]
    job.x_is_double = real_of_x is double
    job.labels = NULL if labels is None else &labels[0, 0]
    job.targets = NULL if targets is None else <const void *> &targets[0, 0]
    job.weights = NULL if weights is None else <const void *> &weights[0]
    job.rows = NULL if rows is None else &rows[0]
    job.n_rows = X.shape[0] if rows is None else rows.shape[0]
    job.gemm = <void *> dgemm if real is double else <void *> sgemm
    job.vector = <void *> &vector[0]


def train_epoch(
    Plan plan,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const ptrdiff_t[::1] rows,
    real[::1] vector,
    Py_ssize_t batch_size,
    tuple optimizer,
    double rate,
    real[::1] moment_1,
    real[::1] moment_2,
    long long t,
):
    """Step through the rows once; return the mean loss and Adam's count of steps."""
    cdef Job job = plan.job
    cdef double loss
    give_samples(&job, X, labels, targets, weights, rows, vector)
    job.batch_size = min(batch_size, job.n_rows)
    job.chunk = min(job.batch_size, CHUNK)
    dtype = np.float64 if real is double else np.float32
    cdef real[::1] gradient = np.empty(vector.shape[0], dtype)
    cdef real[::1] work = np.empty(skneuron_work_size_f64(&job, job.chunk), dtype)
    job.gradient, job.work = &gradient[0], &work[0]
    job.optimizer, job.momentum, job.nesterov, job.beta_1, job.beta_2, job.epsilon = (
        optimizer
    )
    job.rate, job.t = rate, t
    job.moment_1 = &moment_1[0]
    job.moment_2 = NULL if moment_2 is None else <void *> &moment_2[0]
    job.was_interrupted = 0
    with nogil:
        if real is double:
            loss = skneuron_train_epoch_f64(&job)
        else:
            loss = skneuron_train_epoch_f32(&job)
    if job.was_interrupted:
        raise_pending()
    return loss, job.t


def loss_and_gradient(
    Plan plan,
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] weights,
    const real[::1] vector,
):
    """Return the objective over all samples, and its gradient."""
    cdef Job job = plan.job
    cdef double loss
    cdef const ptrdiff_t[::1] all_rows = None
    give_samples(&job, X, labels, targets, weights, all_rows, vector)
    job.chunk = min(job.n_rows, CHUNK)
    dtype = np.float64 if real is double else np.float32
    result = np.empty(vector.shape[0], dtype)
    cdef real[::1] gradient = result
    cdef real[::1] work = np.empty(skneuron_work_size_f64(&job, job.chunk), dtype)
    job.gradient, job.work = &gradient[0], &work[0]
    with nogil:
        if real is double:
            loss = skneuron_objective_f64(&job, 0, job.n_rows)
        else:
            loss = skneuron_objective_f32(&job, 0, job.n_rows)
    return loss, result


def raw_outputs(Plan plan, const real_of_x[:, :] X, const real[::1] vector):
    """Return z of the last layer for all samples."""
    cdef Job job = plan.job
    cdef const unsigned char[:, ::1] labels = None
    cdef const real[:, ::1] targets = None
    cdef const real[::1] weights = None
    cdef const ptrdiff_t[::1] all_rows = None
    give_samples(&job, X, labels, targets, weights, all_rows, vector)
    job.chunk = min(job.n_rows, CHUNK)
    dtype = np.float64 if real is double else np.float32
    result = np.empty((job.n_rows, plan.n_outputs), dtype)
    cdef real[:, ::1] outputs = result
    cdef real[::1] work = np.empty(skneuron_work_size_f64(&job, job.chunk), dtype)
    job.outputs, job.work = &outputs[0, 0], &work[0]
    with nogil:
        if real is double:
            skneuron_raw_outputs_f64(&job)
        else:
            skneuron_raw_outputs_f32(&job)
    return result


def apply(int function, const real[::1] x):
    """Return exp (0), tanh (1) or logistic (2) of x, as the kernel computes them."""
    result = np.empty(x.shape[0], np.float64 if real is double else np.float32)
    cdef real[::1] y = result
    if real is double:
        skneuron_apply_f64(function, &x[0], &y[0], x.shape[0])
    else:
        skneuron_apply_f32(function, &x[0], &y[0], x.shape[0])
    return result


def compiler() -> str:
    """Name the C compiler that built this module."""
    return SKNEURON_COMPILER.decode("ascii")
