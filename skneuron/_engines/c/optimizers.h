/* Optimizers: how the gradient of a part of the parameters moves them. */

/* The mean instead of the sum, with the penalty's; returns the penalty of x. */
static double NAME(finish)(REAL *restrict g, const REAL *restrict x, ptrdiff_t size,
                           REAL alpha, REAL l1, REAL weight_sum) {
    for (ptrdiff_t i = 0; i < size; i++) g[i] = (g[i] + alpha * x[i]) / weight_sum;
    double penalty = alpha != 0 ? 0.5 * alpha * NAME(dot)(x, x, size) : 0;
    if (l1 != 0)
        for (ptrdiff_t i = 0; i < size; i++) penalty += (double)l1 * (x[i] < 0 ? -x[i] : x[i]);
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

/* In the order of scikit-learn's operations, so that what overflows is the same. */
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

/* Adam's rate with the biases of its moments corrected, at step t. */
static double NAME(corrected_rate)(const Job *job, double rate) {
    if (job->optimizer != ADAM) return rate;
    return rate * sqrt(1 - pow(job->beta_2, (double)job->t)) /
           (1 - pow(job->beta_1, (double)job->t));
}

/* Move the parameters from .. from + size, shrunk by a factor before; does nothing
   without an optimizer. */
static void NAME(step)(const Job *job, ptrdiff_t from, ptrdiff_t size, REAL rate,
                       REAL shrink) {
    if (job->optimizer == NO_OPTIMIZER) return;
    REAL *x = (REAL *)job->vector + from, *g = (REAL *)job->gradient + from;
    REAL *m = (REAL *)job->moment_1 + from, *v = (REAL *)job->moment_2 + from;
    if (shrink != 1)
        for (ptrdiff_t i = 0; i < size; i++) x[i] *= shrink;
    switch (job->optimizer) {
    case SGD:
        NAME(sgd)(x, g, m, size, rate, (REAL)job->momentum, job->nesterov);
        break;
    case ADAM:
        NAME(adam)(x, g, m, v, size, rate, job->beta_1, job->beta_2,
                   (REAL)job->epsilon);
        break;
    case RMSPROP:
        NAME(rmsprop)(x, g, m, v, size, rate, (REAL)job->momentum, job->rho,
                      (REAL)job->epsilon);
    }
}

/* Draw x towards zero by l1 times how far a steady gradient of one would have moved it,
   and to zero what is nearer. */
static void NAME(shrink)(const Job *job, ptrdiff_t from, ptrdiff_t size, REAL rate, REAL l1) {
    REAL *restrict x = (REAL *)job->vector + from;
    const REAL *restrict v = (const REAL *)job->moment_2 + from;
    REAL far = l1 * rate, epsilon = (REAL)job->epsilon;
    int adaptive = job->optimizer != SGD;
    if (job->optimizer != ADAM) far /= (REAL)(1 - job->momentum);
    for (ptrdiff_t i = 0; i < size; i++) {
        REAL t = adaptive ? far / (SQRT(v[i]) + epsilon) : far;
        x[i] = x[i] > t ? x[i] - t : (x[i] < -t ? x[i] + t : 0);
    }
}
