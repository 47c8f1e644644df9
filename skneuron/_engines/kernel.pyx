# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
# cython: initializedcheck=False, freethreading_compatible=True
"""The compiled kernel: runs of epochs in C, with the GIL released.

# Design

- c/ has the arithmetic, written once for both precisions; c/training.h is forward,
  backward and step, as numpy.py; the files beside it are what these need.
- c/job.h has the structures that describe a call. This file fills them in. It knows
  activations, losses, optimizers, layers and their scalars by the names in c/names.c.
- C trusts these structures. So all that it indexes by is checked here, where they are
  filled in: the attributes of an estimator may have been edited, or come from a file.
"""

from cpython.buffer cimport (
    PyBUF_FORMAT,
    PyBUF_STRIDES,
    PyBuffer_Release,
    PyObject_GetBuffer,
)
from cpython.mem cimport PyMem_Calloc, PyMem_Free
from libc.stddef cimport ptrdiff_t
from libc.stdint cimport int64_t, uint32_t
from libc.string cimport memcpy

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
    enum: IDENTITY
    enum: MAX_LAYERS
    enum: MAX_PARTS
    enum: MAX_CONSTANTS
    enum: MAX_SLOTS
    enum: ONE_PER_OUTPUT

    ctypedef struct Part:
        void *values
        ptrdiff_t rows, columns, offset
        double rate
        int decays, penalised

    ctypedef struct Layer:
        int kind
        ptrdiff_t n_inputs, n_outputs
        int activation
        double *constants
        double dropout
        ptrdiff_t n_columns
        const ptrdiff_t *columns
        int n_parts
        Part *parts

    ctypedef struct Network:
        int n_layers
        Layer *layers
        ptrdiff_t n_parameters
        void *vector

    ctypedef struct Objective:
        int loss
        const double *constants
        int n_columns
        const ptrdiff_t *columns
        double alpha, l1

    ctypedef struct Matrix:
        const char *values
        ptrdiff_t row_stride, column_stride
        int is_double

    ctypedef struct Samples:
        Matrix X
        const unsigned char *labels
        const void *targets
        const void *sample_weight
        const ptrdiff_t *rows
        ptrdiff_t n_rows

    ctypedef struct Optimizer:
        int kind
        void **slots
        int64_t t

    ctypedef struct StepRule:
        pass

    ctypedef struct Call:
        int n_threads
        char *memory
        int (*interrupted)() noexcept nogil
        int was_interrupted

    ctypedef struct Run:
        ptrdiff_t batch_size, n_epochs
        const double *learning_rates
        StepRule rule
        uint32_t dropout_seed, epoch
        void *gradient
        double *losses
        double *norms
        ptrdiff_t n_finished

    ctypedef struct Kernel:
        int (*has_its_parts)(const Layer *) noexcept nogil
        ptrdiff_t (*memory_size)(const Network *, ptrdiff_t) noexcept nogil
        double (*sums)(
            const Network *,
            const Objective *,
            const Samples *,
            void *gradient,
            double *weight_sum,
            Call *,
        ) noexcept nogil
        void (*train)(
            const Network *,
            const Objective *,
            const Samples *,
            Optimizer *,
            Run *,
            Call *,
        ) noexcept nogil
        void (*raw_outputs)(
            const Network *, void *, const Matrix *, ptrdiff_t, Call *
        ) noexcept nogil
        void (*apply)(int, const void *, void *, ptrdiff_t) noexcept nogil
        const char *instructions

    const Kernel *skneuron_kernel(int)

    ctypedef struct Named:
        const char *name
        int count

    ctypedef struct Scalar:
        const char *name
        ptrdiff_t offset
        double neutral

    const Named *skneuron_activations
    const Named *skneuron_losses
    const Named *skneuron_optimizers
    const Named *skneuron_layers
    const Scalar *skneuron_hyperparameters
    const Scalar *skneuron_step_rules


cdef dict codes(const Named *table):
    """Return the code of each name in a list: its place."""
    found = {}
    while table[len(found)].name != NULL:
        found[table[len(found)].name.decode("ascii")] = len(found)
    return found


ACTIVATIONS = codes(skneuron_activations)
LOSSES = codes(skneuron_losses)
OPTIMIZERS = codes(skneuron_optimizers)
LAYERS = codes(skneuron_layers)
MOST_LAYERS = MAX_LAYERS
MOST_NUMBERS = 2**40  # in a part, so that no size in C overflows


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
    """Raise unless a call is sound."""
    if not holds:
        raise ValueError(f"The compiled engine got arrays that do not fit: {what}.")
    return 0


cdef int code_of(dict names, name) except -1:
    """Return the code of a name, which must be known."""
    if name not in names:
        require(False, f"it has no {name!r}")
    return names[name]


cdef dict numbers_of(const Scalar *table):
    """Return the row of each name in a table of scalars."""
    found = {}
    while table[len(found)].name != NULL:
        found[table[len(found)].name.decode("ascii")] = len(found)
    return found


cdef dict HYPERPARAMETERS = numbers_of(skneuron_hyperparameters)
cdef dict STEP_RULES = numbers_of(skneuron_step_rules)


cdef int set_scalars(
    const Scalar *table, dict names, void *structure, dict values
) except -1:
    """Set the numbers of a structure by their names, the others to neutral values."""
    cdef Py_ssize_t number
    for number in range(len(names)):
        (<double *> (<char *> structure + table[number].offset))[0] = (
            table[number].neutral
        )
    for name, value in values.items():
        number = code_of(names, name)
        (<double *> (<char *> structure + table[number].offset))[0] = value
    return 0


# ---- networks ----


cdef class Plan:
    """A network and perhaps an objective as C structures; used by many calls.

    Parameters
    ----------
    layers : sequence of tuple
        Each is (kind, n_inputs, n_outputs, activation, dropout, parts, columns). The
        kind is a key of `LAYERS`, the activation a pair of a key of `ACTIVATIONS` and
        its constants. Each of the parts is (shape, offset in the vector of all
        parameters, rate, decays, penalised). The columns are the inputs that the layer
        treats apart.
    loss : (name, constants, columns) or None
        A key of `LOSSES`, and the number of outputs of each column of the targets.
        With None, the plan is good for raw outputs only.
    alpha, l1 : float
    """

    cdef Layer *layers
    cdef Network network
    cdef Objective objective
    cdef bint has_loss
    cdef list kept  # the arrays that layers and objective point into
    cdef readonly Py_ssize_t n_features, n_outputs

    def __cinit__(self, layers, loss=None, double alpha=0.0, double l1=0.0):
        require(1 <= len(layers) <= MAX_LAYERS, "there are too few or too many layers")
        self.layers = <Layer *> PyMem_Calloc(len(layers), sizeof(Layer))
        if self.layers == NULL:
            raise MemoryError
        self.network.n_layers = len(layers)
        self.network.layers = self.layers
        self.kept = []
        n_units = layers[0][1]
        for number, layer in enumerate(layers):
            require(layer[1] == n_units, "a layer takes other inputs than it gets")
            n_units = layer[2]
            self.kept.append(fill_layer(&self.layers[number], layer))
        self.network.n_parameters = length_of_vector(layers)
        self.n_features, self.n_outputs = layers[0][1], n_units
        self.has_loss = loss is not None
        if self.has_loss:
            self.kept.append(fill_loss(&self.objective, self.n_outputs, loss))
        self.objective.alpha, self.objective.l1 = alpha, l1

    def __dealloc__(self):
        PyMem_Free(self.layers)


cdef fill_layer(Layer *layer, description):
    """Fill in a layer without the addresses of its parts.

    Returns the array that it points into, to be kept.
    """
    kind, n_inputs, n_outputs, activation, dropout, parts, columns = description
    require(min(n_inputs, n_outputs) >= 1, "a layer has no units")
    name, constants = activation
    layer.kind = code_of(LAYERS, kind)
    layer.n_inputs, layer.n_outputs = n_inputs, n_outputs
    layer.activation = code_of(ACTIVATIONS, name)
    expected = skneuron_activations[layer.activation].count
    fits = len(constants) == expected <= MAX_CONSTANTS
    require(fits, "the constants of an activation are not as many as it has")
    for number, constant in enumerate(constants):
        layer.constants[number] = constant
    require(0 <= dropout < 1, "dropout is not a fraction")
    layer.dropout = dropout
    fits = all(0 <= column < n_inputs for column in columns)
    require(fits, "some columns are not inputs of their layer")
    cdef ptrdiff_t[::1] inputs = np.array([*columns, 0], np.intp)
    layer.n_columns, layer.columns = len(columns), &inputs[0]
    require(len(parts) <= MAX_PARTS, "a layer has too many parts")
    layer.n_parts = len(parts)
    for number, part in enumerate(parts):
        fill_part(&layer.parts[number], part)
    require(skneuron_kernel(True).has_its_parts(layer), "parts are of another layer")
    return inputs


cdef int fill_part(Part *part, description) except -1:
    """Fill in a part without its address."""
    shape, part.offset, part.rate, part.decays, part.penalised = description
    rows, columns = (*shape, 1)[:2]
    require(1 <= len(shape) <= 2, "a part has more than two dimensions")
    fits = rows >= 1 and columns >= 1 and rows * columns <= MOST_NUMBERS
    require(fits, "a part is too small or too large")
    part.rows, part.columns = rows, columns
    return 0


cdef length_of_vector(layers):
    """Return how many parameters there are, whose parts must cover the vector."""
    parts = [(offset, shape) for layer in layers for shape, offset, *_ in layer[5]]
    end = 0
    for offset, shape in sorted(parts):
        require(offset == end, "parts overlap, or leave gaps")
        end += np.prod(shape, dtype=object)
    return end


cdef fill_loss(Objective *objective, n_outputs, description):
    """Fill in the loss; return the arrays that it points into, to be kept."""
    name, constants, columns = description
    objective.loss = code_of(LOSSES, name)
    fits = min(columns) >= 1 and sum(columns) == n_outputs
    require(fits, "the loss is of other outputs")
    expected = skneuron_losses[objective.loss].count
    if expected == ONE_PER_OUTPUT:
        expected = max(columns)
    require(len(constants) == expected, "the loss has other constants")
    cdef double[::1] numbers = np.array([*constants, 0.0], np.float64)
    cdef ptrdiff_t[::1] outputs = np.array(columns, np.intp)
    objective.constants = &numbers[0]
    objective.n_columns, objective.columns = len(columns), &outputs[0]
    return numbers, outputs


cdef Network network_at(Plan plan, Layer *layers, void *vector, size_t size):
    """Return a network whose parts are in a vector of numbers of some bytes each.

    Layers is memory for those of one call, which may run beside others of the plan.
    """
    cdef Network network = plan.network
    cdef Part *part
    memcpy(layers, plan.layers, network.n_layers * sizeof(Layer))
    network.layers, network.vector = layers, vector
    for number in range(network.n_layers):
        for index in range(layers[number].n_parts):
            part = &layers[number].parts[index]
            part.values = <char *> vector + part.offset * size
    return network


cdef class Arrays:
    """The parts of a network in arrays of any kind, which are copied only if C cannot
    read them in place."""

    cdef Py_buffer *views
    cdef int n_views

    def __cinit__(self, int n_layers):
        self.views = <Py_buffer *> PyMem_Calloc(n_layers * MAX_PARTS, sizeof(Py_buffer))
        if self.views == NULL:
            raise MemoryError

    def __dealloc__(self):
        for number in range(self.n_views):
            PyBuffer_Release(&self.views[number])
        PyMem_Free(self.views)

    cdef int point(self, Part *part, array, bint is_double) except -1:
        """Let a part point to the numbers of an array."""
        cdef Py_buffer *view = &self.views[self.n_views]
        if not self.take(array, is_double):
            dtype = np.float64 if is_double else np.float32
            array = np.array(array, dtype, order="C")
            require(self.take(array, is_double), "an array cannot be read")
        fits = part.rows == view.shape[0]
        if view.ndim == 2:
            fits = fits and part.columns == view.shape[1]
        else:
            fits = fits and view.ndim == 1 and part.columns == 1
        require(fits, "the weights are of another network")
        part.values = view.buf
        return 0

    cdef bint take(self, array, bint is_double) except -1:
        """Take the next view from an array if C can read it."""
        cdef Py_buffer *view = &self.views[self.n_views]
        PyObject_GetBuffer(array, view, PyBUF_FORMAT | PyBUF_STRIDES)
        if is_readable(view, is_double):
            self.n_views += 1
            return True
        PyBuffer_Release(view)
        return False


cdef bint is_readable(const Py_buffer *view, bint is_double) noexcept:
    """Return whether a buffer is C-contiguous, aligned and of this precision."""
    cdef Py_ssize_t size = 8 if is_double else 4
    cdef Py_ssize_t stride = size
    cdef bint right = (
        view.itemsize == size
        and view.ndim >= 1
        and view.format != NULL
        and view.format[0] == (c'd' if is_double else c'f')
        and view.format[1] == 0
        and <size_t> view.buf % size == 0
    )
    if not right:
        return False
    for axis in range(view.ndim - 1, -1, -1):
        right = right and (view.shape[axis] == 1 or view.strides[axis] == stride)
        stride *= view.shape[axis]
    return right


cdef Arrays network_of(
    Network *network, Plan plan, Layer *layers, arrays, bint is_double
):
    """Let a network point to arrays, which are to be kept while it is in use."""
    cdef Arrays kept = Arrays(plan.network.n_layers)
    memcpy(layers, plan.layers, plan.network.n_layers * sizeof(Layer))
    network[0] = plan.network
    network.layers = layers
    require(len(arrays) == plan.network.n_layers, "the arrays are of other layers")
    for number in range(plan.network.n_layers):
        its_arrays = arrays[number]
        fits = len(its_arrays) == layers[number].n_parts
        require(fits, "the arrays are of other layers")
        for index in range(layers[number].n_parts):
            kept.point(&layers[number].parts[index], its_arrays[index], is_double)
    return kept


# ---- samples ----


cdef Matrix matrix(const real_of_x[:, :] X, Plan plan) except *:
    """Return X as C reads it."""
    cdef Matrix result
    cdef Py_ssize_t size = sizeof(real_of_x)
    require(X.shape[0] >= 1, "X has no rows")
    require(X.shape[1] == plan.n_features, "X has other features than the network")
    aligned = X.strides[0] % size == X.strides[1] % size == 0
    require(aligned and <size_t> &X[0, 0] % size == 0, "X is not aligned")
    result.values = <const char *> &X[0, 0]
    result.row_stride, result.column_stride = X.strides[0], X.strides[1]
    result.is_double = real_of_x is double
    return result


cdef Samples all_samples(
    const real_of_x[:, :] X,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] sample_weight,
    Plan plan,
) except *:
    """Return all samples in their order."""
    cdef Samples samples
    cdef Py_ssize_t n = X.shape[0]
    require(plan.has_loss, "there is no loss")
    require(labels is not None or targets is not None, "there are no targets")
    samples.X = matrix(X, plan)
    samples.n_rows, samples.rows = n, NULL
    samples.labels, samples.targets, samples.sample_weight = NULL, NULL, NULL
    if labels is not None:
        fits = labels.shape[0] == n and labels.shape[1] == plan.n_outputs
        require(fits, "the labels are not those of X, or of the outputs")
        samples.labels = &labels[0, 0]
    if targets is not None:
        fits = targets.shape[0] == n and targets.shape[1] == plan.n_outputs
        require(fits, "the targets are not those of X, or of the outputs")
        samples.targets = <const void *> &targets[0, 0]
    if sample_weight is not None:
        fits = sample_weight.shape[0] == n
        require(fits, "the sample weights are not those of X")
        samples.sample_weight = <const void *> &sample_weight[0]
    return samples


cdef bint are_rows(const ptrdiff_t[:, ::1] rows, Py_ssize_t n_samples) noexcept nogil:
    """Return whether all of these are rows of so many samples."""
    cdef Py_ssize_t i
    cdef size_t n = n_samples
    cdef bint wrong = False
    cdef const ptrdiff_t *row = &rows[0, 0]
    for i in range(rows.shape[0] * rows.shape[1]):
        wrong |= <size_t> row[i] >= n
    return not wrong


# ---- calls ----


cdef Optimizer fill_optimizer(
    name, dict hyperparameters, list slots, long long t
) except *:
    """Return an optimizer without the addresses of its slots."""
    cdef Optimizer optimizer
    optimizer.kind = code_of(OPTIMIZERS, name)
    optimizer.t = t
    set_scalars(
        skneuron_hyperparameters, HYPERPARAMETERS, &optimizer, hyperparameters
    )
    fits = len(slots) == skneuron_optimizers[optimizer.kind].count <= MAX_SLOTS
    require(fits, "the optimizer's state has other arrays")
    return optimizer


def train_epochs(
    Plan plan not None,
    const real_of_x[:, :] X not None,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] sample_weight,
    const ptrdiff_t[:, ::1] rows,
    real[::1] vector not None,
    Py_ssize_t batch_size,
    optimizer not None,
    dict hyperparameters not None,
    list slots not None,
    long long t,
    const double[::1] learning_rates not None,
    dict rule not None,
    unsigned int dropout_seed,
    unsigned int epoch,
    int n_threads,
):
    """Step through the rows of each epoch.

    The optimizer is a key of `OPTIMIZERS`; its hyperparameters and those of the rule
    are set by name.

    Returns
    -------
    losses, norms : list of float
        Of each finished epoch the mean loss, and the norm of the gradient at the last
        step.
    t : int
        The number of steps taken.
    error : BaseException or None
        Raised by the handler of a signal in the middle of an epoch.
    """
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef Layer layers[MAX_LAYERS]
    cdef Call call
    cdef Run run
    cdef real[::1] slot
    cdef Samples samples = all_samples(X, labels, targets, sample_weight, plan)
    cdef Optimizer solver = fill_optimizer(optimizer, hyperparameters, slots, t)
    fits = vector.shape[0] == plan.network.n_parameters
    require(fits, "the weights are of another network")
    cdef Network network = network_at(plan, layers, &vector[0], sizeof(real))
    for index in range(MAX_SLOTS):  # those that it does not have stand for the first
        slot = slots[index if index < len(slots) else 0]
        fits = slot is not None and slot.shape[0] == vector.shape[0]
        require(fits, "the optimizer's state is of another network")
        solver.slots[index] = &slot[0]
    run.n_epochs = learning_rates.shape[0]
    require(run.n_epochs >= 1, "there is no epoch")
    if rows is not None:
        require(rows.shape[0] == run.n_epochs, "the rows are of other epochs")
        require(rows.shape[1] >= 1, "an epoch has no rows")
        require(are_rows(rows, X.shape[0]), "some rows are outside of X")
        samples.rows, samples.n_rows = &rows[0, 0], rows.shape[1]
    require(batch_size >= 1, "a batch has no rows")
    run.batch_size = min(batch_size, samples.n_rows)
    run.learning_rates = &learning_rates[0]
    set_scalars(skneuron_step_rules, STEP_RULES, &run.rule, rule)
    run.dropout_seed, run.epoch = dropout_seed, epoch
    cdef double[::1] losses = np.empty(run.n_epochs)
    cdef double[::1] norms = np.empty(run.n_epochs)
    run.losses, run.norms = &losses[0], &norms[0]
    dtype = np.float64 if real is double else np.float32
    cdef real[::1] gradient = np.empty(vector.shape[0], dtype)
    run.gradient = &gradient[0]
    cdef char[::1] memory = np.empty(
        kernel.memory_size(&network, run.batch_size), np.int8
    )
    call = Call(n_threads, &memory[0], interrupted, False)
    with nogil:
        kernel.train(&network, &plan.objective, &samples, &solver, &run, &call)
    error = None
    if call.was_interrupted:
        try:
            raise_pending()
        except BaseException as raised:
            error = raised
    return (
        [losses[i] for i in range(run.n_finished)],
        [norms[i] for i in range(run.n_finished)],
        solver.t,
        error,
    )


def sums(
    Plan plan not None,
    const real_of_x[:, :] X not None,
    const unsigned char[:, ::1] labels,
    const real[:, ::1] targets,
    const real[::1] sample_weight,
    const real[::1] vector not None,
    int n_threads,
):
    """Return the sum of the losses, its gradient, and the sum of the weights."""
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef Layer layers[MAX_LAYERS]
    cdef Call call
    cdef double loss, weight_sum
    cdef Samples samples = all_samples(X, labels, targets, sample_weight, plan)
    fits = vector.shape[0] == plan.network.n_parameters
    require(fits, "the weights are of another network")
    cdef Network network = network_at(plan, layers, <void *> &vector[0], sizeof(real))
    result = np.empty(vector.shape[0], np.float64 if real is double else np.float32)
    cdef real[::1] gradient = result
    cdef char[::1] memory = np.empty(
        kernel.memory_size(&network, samples.n_rows), np.int8
    )
    call = Call(n_threads, &memory[0], interrupted, False)
    with nogil:
        loss = kernel.sums(
            &network, &plan.objective, &samples, &gradient[0], &weight_sum, &call
        )
    if call.was_interrupted:
        raise_pending()
    return loss, result, weight_sum


def raw_outputs(
    Plan plan not None,
    const real_of_x[:, :] X not None,
    layers not None,
    real[:, ::1] outputs not None,
    int n_threads,
):
    """Write the outputs of the last layer for all samples.

    Layers has the arrays of each layer. They are read in place if they are contiguous
    and of the precision of the outputs.
    """
    cdef const Kernel *kernel = skneuron_kernel(real is double)
    cdef Layer memory_of_layers[MAX_LAYERS]
    cdef Network network
    cdef Call call
    cdef Py_ssize_t n_rows = X.shape[0]
    cdef Matrix samples = matrix(X, plan)
    fits = outputs.shape[0] == n_rows and outputs.shape[1] == plan.n_outputs
    require(fits, "the outputs are not those of X, or of the network")
    _kept = network_of(&network, plan, memory_of_layers, layers, real is double)
    cdef char[::1] memory = np.empty(kernel.memory_size(&network, n_rows), np.int8)
    call = Call(n_threads, &memory[0], interrupted, False)
    with nogil:
        kernel.raw_outputs(&network, &outputs[0, 0], &samples, n_rows, &call)
    if call.was_interrupted:
        raise_pending()


def apply(int function, const real[::1] x not None):
    """Return exp (0), tanh (1), logistic (2), log (3), log(1 + x) (4), cos(2 pi x) (5)
    or sin(2 pi x) (6), as in C."""
    require(0 <= function <= 6 and x.shape[0] >= 1, "there is nothing to apply")
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
