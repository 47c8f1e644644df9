/* Optimizers: how the gradient of some parameters moves them.

   x, g, m, u, v (size) are parameters, gradient and slots. */

/* The gradient of the mean, from that of the sum. */
static void NAME(normalise_gradient)(REAL *g, ptrdiff_t size, REAL weight_sum) {
    for (ptrdiff_t i = 0; i < size; i++) g[i] /= weight_sum;
}

/* The same with the gradient of the penalty, whose value is returned. */
static double NAME(normalise_penalised)(REAL *restrict g, const REAL *restrict x,
                                        ptrdiff_t size, REAL alpha, REAL l1,
                                        REAL weight_sum) {
    for (ptrdiff_t i = 0; i < size; i++) g[i] = (g[i] + alpha * x[i]) / weight_sum;
    double penalty = alpha != 0 ? 0.5 * alpha * NAME(dot)(x, x, size) : 0;
    if (l1 != 0)
        for (ptrdiff_t i = 0; i < size; i++)
            penalty += (double)l1 * (x[i] < 0 ? -x[i] : x[i]);
    return penalty;
}

static void NAME(sgd)(REAL *restrict x, const REAL *restrict g, REAL *restrict v,
                      ptrdiff_t size, REAL rate, REAL momentum, int nesterov) {
    if (momentum == 0)
        for (ptrdiff_t i = 0; i < size; i++) x[i] -= rate * g[i];
    else if (nesterov)
        for (ptrdiff_t i = 0; i < size; i++) {
            REAL step = rate * g[i];
            v[i] = momentum * v[i] - step;
            x[i] += momentum * v[i] - step;
        }
    else
        for (ptrdiff_t i = 0; i < size; i++) {
            v[i] = momentum * v[i] - rate * g[i];
            x[i] += v[i];
        }
}

/* In the order of scikit-learn's operations, so that the same numbers overflow. */
static void NAME(adam)(REAL *restrict x, const REAL *restrict g, REAL *restrict m,
                       REAL *restrict v, ptrdiff_t size, REAL rate, double beta_1,
                       double beta_2, REAL epsilon) {
    /* rounded once: 1 - beta_2 of a float has lost two of its seven digits */
    const REAL keep_1 = (REAL)beta_1, take_1 = (REAL)(1 - beta_1);
    const REAL keep_2 = (REAL)beta_2, take_2 = (REAL)(1 - beta_2);
    for (ptrdiff_t i = 0; i < size; i++) {
        m[i] = keep_1 * m[i] + take_1 * g[i];
        v[i] = keep_2 * v[i] + take_2 * (g[i] * g[i]);
        x[i] -= rate * m[i] / (SQRT(v[i]) + epsilon);
    }
}

static void NAME(rmsprop)(REAL *restrict x, const REAL *restrict g, REAL *restrict u,
                          REAL *restrict v, ptrdiff_t size, REAL rate, REAL momentum,
                          double rho, REAL epsilon) {
    const REAL keep = (REAL)rho, take = (REAL)(1 - rho);
    for (ptrdiff_t i = 0; i < size; i++) {
        v[i] = keep * v[i] + take * (g[i] * g[i]);
        u[i] = momentum * u[i] + g[i] / (SQRT(v[i]) + epsilon);
        x[i] -= rate * u[i];
    }
}

/* Adam's rate with the biases of its moments corrected. */
static double NAME(corrected_rate)(const Optimizer *optimizer, double rate) {
    if (optimizer->kind != ADAM) return rate;
    return rate * sqrt(1 - pow(optimizer->beta_2, (double)optimizer->t)) /
           (1 - pow(optimizer->beta_1, (double)optimizer->t));
}

/* The weight decay of the optimizer: x times a factor just below 1. */
static void NAME(decay)(REAL *x, ptrdiff_t size, REAL factor) {
    if (factor != 1)
        for (ptrdiff_t i = 0; i < size; i++) x[i] *= factor;
}

/* Move x (size), which are the parameters from an offset on. */
static void NAME(step)(const Optimizer *optimizer, REAL *x, const REAL *g, ptrdiff_t offset,
                       ptrdiff_t size, REAL rate) {
    REAL *slot_1 = (REAL *)optimizer->slots[0] + offset;
    REAL *slot_2 = (REAL *)optimizer->slots[1] + offset;
    switch (optimizer->kind) {
    case SGD:
        NAME(sgd)(x, g, slot_1, size, rate, (REAL)optimizer->momentum,
                  optimizer->nesterov != 0);
        break;
    case ADAM:
        NAME(adam)(x, g, slot_1, slot_2, size, rate, optimizer->beta_1, optimizer->beta_2,
                   (REAL)optimizer->epsilon);
        break;
    case RMSPROP:
        NAME(rmsprop)(x, g, slot_1, slot_2, size, rate, (REAL)optimizer->momentum,
                      optimizer->rho, (REAL)optimizer->epsilon);
    }
}

/* Draw x towards zero by a threshold, and to zero what is nearer. The threshold is divided
   by sqrt(v) + epsilon, unless v is NULL. */
static void NAME(soft_threshold)(REAL *restrict x, const REAL *restrict v, ptrdiff_t size,
                                 REAL threshold, REAL epsilon) {
    for (ptrdiff_t i = 0; i < size; i++) {
        REAL t = v ? threshold / (SQRT(v[i]) + epsilon) : threshold;
        x[i] = x[i] > t ? x[i] - t : (x[i] < -t ? x[i] + t : 0);
    }
}

/* The step for the l1 penalty: a threshold of l1 times how far a steady gradient of one
   would have moved x. */
static void NAME(proximal_step)(const Optimizer *optimizer, REAL *x, ptrdiff_t offset,
                                ptrdiff_t size, REAL rate, REAL l1) {
    const REAL *slot_2 = (const REAL *)optimizer->slots[1] + offset;
    const REAL threshold = l1 * rate, epsilon = (REAL)optimizer->epsilon;
    const REAL with_momentum = threshold / (REAL)(1 - optimizer->momentum);
    switch (optimizer->kind) {
    case SGD: NAME(soft_threshold)(x, NULL, size, with_momentum, epsilon); break;
    case ADAM: NAME(soft_threshold)(x, slot_2, size, threshold, epsilon); break;
    case RMSPROP: NAME(soft_threshold)(x, slot_2, size, with_momentum, epsilon);
    }
}
