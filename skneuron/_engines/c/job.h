/* The structures that Python fills in, and the names it knows them by; in either precision.

   Pointers to void point to numbers of the precision in use. Each list below is a table of
   what the kernel knows: the enumerations, the names and the fields come from it. */

#ifndef SKNEURON_JOB_H
#define SKNEURON_JOB_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "layers.h"

// clang-format off
/* X(name, number of constants) */
#define ACTIVATIONS(X)                                                                     \
    X(IDENTITY, 0)                                                                         \
    X(LOGISTIC, 0)                                                                         \
    X(TANH, 0)                                                                             \
    X(RELU, 0)                                                                             \
    X(LEAKY_RELU, 1)                                                                       \
    X(ELU, 2)                                                                              \
    X(SOFTPLUS, 0)                                                                         \
    X(GELU, 0)                                                                             \
    X(SILU, 0)                                                                             \
    X(MISH, 0)

/* X(name, number of constants) */
#define LOSSES(X)                                                                          \
    X(BINARY_LOG, 0)                                                                       \
    X(MULTINOMIAL_LOG, 0)                                                                  \
    X(LOGISTIC_SQUARED, 0)                                                                 \
    X(SOFTMAX_SQUARED, 0)                                                                  \
    X(HALF_SQUARED, 0)                                                                     \
    X(ABSOLUTE, 0)                                                                         \
    X(HUBER, 1)                                                                            \
    X(QUANTILE, 1)                                                                         \
    X(POISSON, 0)                                                                          \
    X(GAMMA, 0)                                                                            \
    X(BINARY_SMOOTHED, 1)                                                                  \
    X(MULTINOMIAL_SMOOTHED, 1)                                                             \
    X(QUANTILES, ONE_PER_OUTPUT)

/* X(name, number of slots: arrays of state with an element for each parameter) */
#define OPTIMIZERS(X)                                                                      \
    X(SGD, 1)                                                                              \
    X(ADAM, 2)                                                                             \
    X(RMSPROP, 2)

/* X(name, value without it) */
#define HYPERPARAMETERS(X)                                                                 \
    X(momentum, 0)                                                                         \
    X(nesterov, 0)                                                                         \
    X(beta_1, 0)                                                                           \
    X(beta_2, 0)                                                                           \
    X(rho, 0)                                                                              \
    X(epsilon, 0)                                                                          \
    X(weight_decay, 0)

/* X(name, value without it) */
#define STEP_RULES(X)                                                                      \
    X(max_grad_norm, INFINITY) /* longer gradients are scaled down to it */
// clang-format on

#define ONE_PER_OUTPUT -1

#define CODE(name, ...) name,
enum { ACTIVATIONS(CODE) N_ACTIVATIONS };
enum { LOSSES(CODE) N_LOSSES };
enum { OPTIMIZERS(CODE) N_OPTIMIZERS };
enum { LAYERS(CODE) N_LAYER_KINDS };
#undef CODE

#define MAX_LAYERS 65
#define MAX_PARTS 4     /* of a layer */
#define MAX_CONSTANTS 2 /* of an activation */
#define MAX_SLOTS 2

/* ---- the network ---- */

/* An array of parameters, and the rules by which it is trained. */
typedef struct {
    void *values;            /* (rows, columns) */
    ptrdiff_t rows, columns; /* a vector is one column */
    ptrdiff_t offset;        /* in the vector of all parameters */
    double rate;             /* factor for the learning rate; 0: not trained */
    int decays, penalised;   /* by weight_decay; by alpha and l1 */
} Part;

typedef struct {
    int kind; /* of LAYERS */
    ptrdiff_t n_inputs, n_outputs;
    int activation; /* of the outputs */
    double constants[MAX_CONSTANTS];
    double dropout; /* fraction of the outputs dropped in training */
    ptrdiff_t n_columns;
    const ptrdiff_t *columns; /* (n_columns,) inputs that the layer treats apart */
    int n_parts;
    Part parts[MAX_PARTS];
} Layer;

typedef struct {
    int n_layers;
    Layer *layers;          /* (n_layers,) */
    ptrdiff_t n_parameters; /* of all parts */
    void *vector;           /* (n_parameters,) of all parts, in training */
} Network;

/* The function minimised: the mean loss, plus a penalty divided by the weight sum. */
typedef struct {
    int loss;
    const double *constants;  /* of the loss */
    int n_columns;            /* of the targets; the loss is summed over them */
    const ptrdiff_t *columns; /* (n_columns,): the number of outputs of each */
    double alpha, l1;
} Objective;

/* ---- the samples ---- */

/* The user's X, read in place. */
typedef struct {
    const char *values;                  /* (n_samples, n_features) */
    ptrdiff_t row_stride, column_stride; /* in bytes */
    int is_double;                       /* or float */
} Matrix;

typedef struct {
    Matrix X;
    const unsigned char *labels; /* (n_samples, n_outputs), or NULL */
    const void *targets;         /* the same as numbers, or NULL */
    const void *sample_weight;   /* (n_samples,), or NULL */
    const ptrdiff_t *rows;       /* (n_epochs, n_rows) indices, or NULL for all samples */
    ptrdiff_t n_rows;
} Samples;

/* ---- the optimizer ---- */

#define FIELD(name, ...) double name;
typedef struct {
    int kind;
    HYPERPARAMETERS(FIELD)
    void *slots[MAX_SLOTS]; /* (n_parameters,) each */
    int64_t t;              /* steps taken */
} Optimizer;

/* How the gradient of a batch becomes a step, beside the optimizer. */
typedef struct {
    STEP_RULES(FIELD)
} StepRule;
#undef FIELD

static inline int skneuron_clips(const StepRule *rule) {
    return rule->max_grad_norm < INFINITY;
}

/* The factor for a gradient of this norm. */
static inline double skneuron_clip_factor(const StepRule *rule, double norm) {
    return norm > rule->max_grad_norm ? rule->max_grad_norm / norm : 1;
}

/* ---- the run ---- */

/* What a call works with: threads, memory, signals. */
typedef struct {
    int n_threads; /* at most */
    char *memory;  /* of memory_size bytes */
    int (*interrupted)(void);
    int was_interrupted;
} Call;

/* Some epochs in a row, and their results. */
typedef struct {
    ptrdiff_t batch_size, n_epochs;
    const double *learning_rates; /* (n_epochs,) */
    StepRule rule;
    uint32_t dropout_seed, epoch; /* the key of dropout's masks */
    void *gradient;               /* (n_parameters,), to work in */
    double *losses, *norms;       /* (n_epochs,); norms are those of the last gradients */
    ptrdiff_t n_finished;
} Run;

/* ---- the kernel ---- */

/* The functions of one precision, compiled for one instruction set. */
typedef struct {
    int (*has_its_parts)(const Layer *layer);
    ptrdiff_t (*memory_size)(const Network *network, ptrdiff_t batch_rows);
    double (*sums)(const Network *network, const Objective *objective,
                   const Samples *samples, void *gradient, double *weight_sum, Call *call);
    void (*train)(const Network *network, const Objective *objective,
                  const Samples *samples, Optimizer *optimizer, Run *run, Call *call);
    void (*raw_outputs)(const Network *network, void *outputs, const Matrix *X,
                        ptrdiff_t n_rows, Call *call);
    void (*apply)(int function, const void *x, void *y, ptrdiff_t n);
    const char *instructions;
} Kernel;

/* The kernels for the widest instructions that this processor has. */
const Kernel *skneuron_kernel(int is_double);

/* ---- names ---- */

/* A row of a list: its code is its place. */
typedef struct {
    const char *name;
    int count; /* of constants or slots */
} Named;

/* A number that is set by its name. */
typedef struct {
    const char *name;
    ptrdiff_t offset; /* in the structure */
    double neutral;
} Scalar;

/* All of them end with a name of NULL. */
extern const Named skneuron_activations[], skneuron_losses[], skneuron_optimizers[],
    skneuron_layers[];
extern const Scalar skneuron_hyperparameters[], skneuron_step_rules[];

#endif
