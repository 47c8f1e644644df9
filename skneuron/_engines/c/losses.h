/* Losses: value, and gradient by the raw outputs.

   z (outputs, ld) becomes the gradient; the sum of the losses, weighted by w, is returned.
   y (outputs, ld) targets, w (n) sample weights or NULL, scratch (3, ld). */

#define CLIP(x, low, high) ((x) < (low) ? (low) : ((x) > (high) ? (high) : (x)))

/* -log of p within the bounds of _negative_log in losses.py */
static inline REAL NAME(negative_log)(REAL p) {
    return -NAME(log)(CLIP(p, EPSILON, 1 - EPSILON));
}

/* z becomes softmax(z), over the outputs. */
static void NAME(softmax)(REAL *z, REAL *scratch, ptrdiff_t outputs, ptrdiff_t ld,
                          ptrdiff_t n) {
    REAL *restrict top = scratch, *restrict sums = scratch + ld;
    for (ptrdiff_t i = 0; i < n; i++) top[i] = z[i];
    for (ptrdiff_t j = 1; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++)
            top[i] = z[j * ld + i] > top[i] ? z[j * ld + i] : top[i];
    for (ptrdiff_t i = 0; i < n; i++) sums[i] = 0;
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++) {
            REAL e = NAME(exp)(z[j * ld + i] - top[i]);
            z[j * ld + i] = e;
            sums[i] += e;
        }
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++) z[j * ld + i] /= sums[i];
}

static double NAME(multinomial_log)(REAL *z, const REAL *y, const REAL *w, REAL *scratch,
                                    ptrdiff_t outputs, ptrdiff_t ld, ptrdiff_t n) {
    REAL *restrict truth = scratch;
    for (ptrdiff_t i = 0; i < n; i++) truth[i] = 0;
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++) {
            truth[i] += y[j * ld + i] * z[j * ld + i];
            z[j * ld + i] -= y[j * ld + i];
        }
    for (ptrdiff_t i = 0; i < n; i++) truth[i] = NAME(negative_log)(truth[i]);
    return w ? NAME(wide_dot)(truth, w, n) : NAME(wide_sum)(truth, n);
}

static double NAME(multinomial_smoothed)(REAL smoothing, REAL *z, const REAL *y,
                                         const REAL *w, REAL *scratch, ptrdiff_t outputs,
                                         ptrdiff_t ld, ptrdiff_t n) {
    REAL *restrict losses = scratch, share = smoothing / outputs;
    for (ptrdiff_t i = 0; i < n; i++) losses[i] = 0;
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++) {
            REAL t = (1 - smoothing) * y[j * ld + i] + share;
            losses[i] += t * NAME(negative_log)(z[j * ld + i]);
            z[j * ld + i] -= t;
        }
    return w ? NAME(wide_dot)(losses, w, n) : NAME(wide_sum)(losses, n);
}

static double NAME(softmax_squared)(REAL *z, const REAL *y, const REAL *w, REAL *scratch,
                                    ptrdiff_t outputs, ptrdiff_t ld, ptrdiff_t n) {
    REAL *restrict mean = scratch, *restrict losses = scratch + ld;
    for (ptrdiff_t i = 0; i < n; i++) mean[i] = losses[i] = 0;
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++) {
            REAL error = z[j * ld + i] - y[j * ld + i];
            mean[i] += z[j * ld + i] * error;
            losses[i] += (REAL)0.5 * error * error;
        }
    for (ptrdiff_t j = 0; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++)
            z[j * ld + i] *= z[j * ld + i] - y[j * ld + i] - mean[i];
    return w ? NAME(wide_dot)(losses, w, n) : NAME(wide_sum)(losses, n);
}

/* The losses that are sums over the outputs. */
static double NAME(separable)(int code, REAL p, REAL *z, const REAL *y, const REAL *w,
                              REAL *restrict losses, ptrdiff_t outputs, ptrdiff_t ld,
                              ptrdiff_t n) {
    double total = 0;
#define EACH(VALUE, GRADIENT)                                                              \
    for (ptrdiff_t j = 0; j < outputs; j++) {                                              \
        for (ptrdiff_t i = 0; i < n; i++) {                                                \
            REAL x = z[j * ld + i], t = y[j * ld + i];                                     \
            losses[i] = (VALUE);                                                           \
            z[j * ld + i] = (GRADIENT);                                                    \
        }                                                                                  \
        total += w ? NAME(wide_dot)(losses, w, n) : NAME(wide_sum)(losses, n);             \
    }                                                                                      \
    break;
    switch (code) {
    case BINARY_LOG: /* t is 0 or 1 */
        EACH(NAME(negative_log)(t * NAME(logistic)(x) + (1 - t) * (1 - NAME(logistic)(x))),
             NAME(logistic)(x) - t)
    case BINARY_SMOOTHED:
#define SOFT ((1 - p) * t + p / 2)
        EACH(SOFT * NAME(negative_log)(NAME(logistic)(x)) +
                 (1 - SOFT) * NAME(negative_log)(1 - NAME(logistic)(x)),
             NAME(logistic)(x) - SOFT)
#undef SOFT
    case LOGISTIC_SQUARED:
        EACH((REAL)0.5 * (NAME(logistic)(x) - t) * (NAME(logistic)(x) - t),
             (NAME(logistic)(x) - t) * NAME(logistic)(x) * (1 - NAME(logistic)(x)))
    case HALF_SQUARED: EACH((REAL)0.5 * ((x - t) * (x - t)), x - t)
    case ABSOLUTE: EACH(x > t ? x - t : t - x, (REAL)((x > t) - (x < t)))
    case HUBER:
        EACH(CLIP(x - t, -p, p) * (x - t - (REAL)0.5 * CLIP(x - t, -p, p)),
             CLIP(x - t, -p, p))
    case QUANTILE: EACH((x > t ? 1 - p : -p) * (x - t), x > t ? 1 - p : -p)
    case POISSON:
        EACH((t > 0 ? t * NAME(log)(t > 0 ? t : 1) : 0) - t * x - t + NAME(exp)(x),
             NAME(exp)(x) - t)
    case GAMMA: EACH(x - NAME(log)(t) + t * NAME(exp)(-x) - 1, 1 - t * NAME(exp)(-x))
    }
#undef EACH
    return total;
}

/* p of the first output is z, that of each further one softplus(z) above it. */
static NOINLINE double NAME(quantiles)(const double *levels, REAL *z, const REAL *y,
                                       const REAL *w, REAL *scratch, ptrdiff_t outputs,
                                       ptrdiff_t ld, ptrdiff_t n) {
#define SOFTPLUS(x) (((x) > 0 ? (x) : 0) + NAME(log1p)(NAME(exp)((x) > 0 ? -(x) : (x))))
    REAL *restrict p = scratch, *restrict slopes = scratch + ld;
    REAL *restrict losses = scratch + 2 * ld;
    for (ptrdiff_t i = 0; i < n; i++) {
        p[i] = z[i];
        slopes[i] = losses[i] = 0;
    }
    for (ptrdiff_t j = 1; j < outputs; j++)
        for (ptrdiff_t i = 0; i < n; i++) p[i] += SOFTPLUS(z[j * ld + i]);
    for (ptrdiff_t j = outputs - 1; j >= 0; j--) { /* a step also moves all p above it */
        REAL q = (REAL)levels[j];
        for (ptrdiff_t i = 0; i < n; i++) {
            REAL x = z[j * ld + i], error = p[i] - y[j * ld + i];
            REAL slope = error > 0 ? 1 - q : -q;
            losses[i] += slope * error;
            slopes[i] += slope;
            p[i] -= SOFTPLUS(x);
            z[j * ld + i] = j ? slopes[i] * NAME(logistic)(x) : slopes[i];
        }
    }
#undef SOFTPLUS
    return w ? NAME(wide_dot)(losses, w, n) : NAME(wide_sum)(losses, n);
}

/* The loss of one column of the targets. */
static double NAME(column_loss)(int code, const double *constants, REAL *z, const REAL *y,
                                const REAL *w, REAL *scratch, ptrdiff_t outputs,
                                ptrdiff_t ld, ptrdiff_t n) {
    const REAL constant = (REAL)constants[0];
    switch (code) {
    case MULTINOMIAL_LOG:
        NAME(softmax)(z, scratch, outputs, ld, n);
        return NAME(multinomial_log)(z, y, w, scratch, outputs, ld, n);
    case MULTINOMIAL_SMOOTHED:
        NAME(softmax)(z, scratch, outputs, ld, n);
        return NAME(multinomial_smoothed)(constant, z, y, w, scratch, outputs, ld, n);
    case SOFTMAX_SQUARED:
        NAME(softmax)(z, scratch, outputs, ld, n);
        return NAME(softmax_squared)(z, y, w, scratch, outputs, ld, n);
    case QUANTILES: return NAME(quantiles)(constants, z, y, w, scratch, outputs, ld, n);
    default: return NAME(separable)(code, constant, z, y, w, scratch, outputs, ld, n);
    }
}

/* The loss over all columns; z becomes the weighted gradient. */
static double NAME(loss)(const Objective *objective, REAL *z, const REAL *y, const REAL *w,
                         REAL *scratch, ptrdiff_t outputs, ptrdiff_t ld, ptrdiff_t n) {
    double total = 0;
    ptrdiff_t first = 0;
    for (int c = 0; c < objective->n_columns; first += objective->columns[c++])
        total +=
            NAME(column_loss)(objective->loss, objective->constants, z + first * ld,
                              y + first * ld, w, scratch, objective->columns[c], ld, n);
    for (ptrdiff_t j = 0; j < outputs && w; j++)
        for (ptrdiff_t i = 0; i < n; i++) z[j * ld + i] *= w[i];
    /* scikit-learn reports the mean over outputs, and descends the sum */
    return objective->loss == HALF_SQUARED ? total / outputs : total;
}
