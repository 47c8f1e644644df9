/* What the Python side asks of the C side, in either precision. */

#ifndef SKNEURON_JOB_H
#define SKNEURON_JOB_H

#include <stddef.h>
#include <stdint.h>

enum {
    IDENTITY, LOGISTIC, TANH, RELU, LEAKY_RELU, ELU, SOFTPLUS, GELU, SILU, MISH,
    N_ACTIVATIONS
};
enum {
    BINARY_LOG, MULTINOMIAL_LOG, LOGISTIC_SQUARED, SOFTMAX_SQUARED, HALF_SQUARED,
    ABSOLUTE, HUBER, QUANTILE, POISSON, GAMMA, BINARY_SMOOTHED, MULTINOMIAL_SMOOTHED,
    QUANTILES, N_LOSSES
};
enum { NO_OPTIMIZER, SGD, ADAM, RMSPROP, N_OPTIMIZERS };

#define MAX_LAYERS 65 /* of weights */

/* Pointers to void are to the precision of the job. */
typedef struct {
    /* the objective */
    int n_layers;             /* of weights */
    const ptrdiff_t *sizes;   /* n_layers + 1: features, units, outputs */
    const int *activations;   /* n_layers - 1 codes */
    const double *constants;  /* two for each of them */
    int loss;
    const double *loss_constants;
    int n_columns;            /* of the targets, each with a loss of its own */
    const ptrdiff_t *columns; /* how many outputs each of them has */
    double alpha, l1;
    int fit_intercept;
    const double *dropout;    /* n_layers - 1 rates, or NULL */
    /* the samples */
    const char *X; /* float or double, any strides (in bytes) */
    ptrdiff_t row_stride, column_stride;
    int x_is_double;
    const unsigned char *labels; /* (n_samples x outputs) or NULL */
    const void *targets;         /* the same of numbers, or NULL */
    const void *weights;         /* (n_samples) or NULL */
    const ptrdiff_t *rows;       /* which samples, or NULL for all in their order */
    ptrdiff_t n_rows, batch_size;
    /* the parameters, their gradient, raw outputs, memory to work in */
    void *vector, *gradient, *outputs;
    char *work;
    int n_threads; /* at most */
    /* the run: rows, rate, loss, and the gradient's norm at the last step, of each epoch */
    ptrdiff_t n_epochs, rows_stride;
    const double *rates;
    double max_grad_norm; /* infinite where gradients may be of any size */
    uint32_t dropout_seed, epoch;
    double *losses, *norms;
    ptrdiff_t n_finished;
    /* the optimizer */
    int optimizer;
    double momentum;
    int nesterov;
    double beta_1, beta_2, epsilon, rho, weight_decay;
    void *moment_1, *moment_2;
    int64_t t;
    /* the world outside */
    int (*interrupted)(void);
    int was_interrupted;
} Job;

/* The functions of one precision, compiled for one instruction set. */
typedef struct {
    ptrdiff_t (*work_size)(const Job *); /* bytes */
    double (*objective)(Job *);
    void (*train)(Job *);
    void (*raw_outputs)(Job *);
    void (*apply)(int function, const void *x, void *y, ptrdiff_t n);
    const char *instructions;
} Kernel;

/* The kernels for the widest instructions that this processor has. */
const Kernel *skneuron_kernel(int is_double);

#endif
