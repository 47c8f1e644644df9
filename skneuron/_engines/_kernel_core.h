/* The inner loops of the compiled engine, for one precision.

   Included by _kernel_core.c for double and for float, with REAL, INT, UINT, NAME(x) and the
   constants of exp defined. Matrices are feature-major: the values of one unit for the
   whole batch lie side by side, so that loops run over the batch, and vectorise however
   few units there are.

   exp and tanh are branch-free polynomials; the rarer functions are the C library's.
   Nothing here needs -ffast-math: NaN and infinity keep their meaning, and sums that are
   to vectorise have lanes of their own. */

/* ---- elementary functions ---- */

/* exp(x) = 2^k exp(r), |r| <= log(2) / 2 (Cody and Waite); 0 where it would be subnormal. */
static inline REAL NAME(exp)(REAL x) {
    REAL c = x < EXP_LOWEST ? EXP_LOWEST : x;
    c = c > EXP_HIGHEST ? EXP_HIGHEST : c;
    union { REAL f; INT i; } shifted, y;
    shifted.f = c * LOG2_E + ROUNDING_SHIFT;
    REAL k = shifted.f - ROUNDING_SHIFT;
    REAL r = (c - k * LN2_HIGH) - k * LN2_LOW;
    y.f = 1 + r * EXPM1_OVER_R(r);
    y.i += (INT)((UINT)shifted.i << MANTISSA_BITS);
    REAL result = x > EXP_HIGHEST ? (REAL)INFINITY : y.f;
    result = x < EXP_LOWEST ? (REAL)0 : result;
    return x != x ? x : result;
}

/* exp(x) - 1 for x <= 40, without cancellation near 0. */
static inline REAL NAME(expm1)(REAL x) {
    REAL c = x < -40 ? (REAL)-40 : x;
    union { REAL f; INT i; } shifted, power;
    shifted.f = c * LOG2_E + ROUNDING_SHIFT;
    REAL k = shifted.f - ROUNDING_SHIFT;
    REAL r = (c - k * LN2_HIGH) - k * LN2_LOW;
    power.f = 1;
    power.i += (INT)((UINT)shifted.i << MANTISSA_BITS);
    REAL y = power.f * (r * EXPM1_OVER_R(r)) + (power.f - 1);
    return x != x ? x : y;
}

static inline REAL NAME(tanh)(REAL x) {
    REAL size = x < 0 ? -x : x;
    REAL c = size > 20 ? (REAL)20 : size;
    REAL e = NAME(expm1)(2 * c);
    REAL y = e / (e + 2);
    y = x < 0 ? -y : y;
    return x != x ? x : y;
}

static inline REAL NAME(logistic)(REAL x) { return 1 / (1 + NAME(exp)(-x)); }

/* tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2) with e = exp(x) */
static inline REAL NAME(tanh_softplus)(REAL x) {
    REAL e = NAME(exp)(x > 20 ? (REAL)20 : x);
    REAL n = e * (e + 2);
    return x != x ? x : n / (n + 2);
}

MULTIVERSION REAL NAME(sum)(const REAL *x, ptrdiff_t n) {
    REAL lane[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int l = 0; l < 8; l++) lane[l] += x[i + l];
    REAL total = ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
                 ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (; i < n; i++) total += x[i];
    return total;
}

/* For tests: one of the functions above over an array. */
MULTIVERSION void NAME(apply)(int function, const REAL *x, REAL *y, ptrdiff_t n) {
    if (function == 0) for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(exp)(x[i]);
    else if (function == 1) for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(tanh)(x[i]);
    else for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(logistic)(x[i]);
}

/* ---- activations ----
   IN  z (units x n) without bias, bias (units) or NULL
   OUT z becomes a; slope, where not NULL, f'(z) */

MULTIVERSION void NAME(activate)(int code, REAL p, REAL q, const REAL *bias, REAL *z,
                                 REAL *slope, ptrdiff_t units, ptrdiff_t n) {
    if (bias && n == 1)
        for (ptrdiff_t j = 0; j < units; j++) z[j] += bias[j];
    else if (bias)
        for (ptrdiff_t j = 0; j < units; j++)
            for (ptrdiff_t i = 0; i < n; i++) z[j * n + i] += bias[j];
    ptrdiff_t size = units * n;
#define EACH(VALUE, SLOPE)                                                             \
    if (slope)                                                                         \
        for (ptrdiff_t i = 0; i < size; i++) {                                         \
            REAL x = z[i], a = (VALUE);                                                \
            z[i] = a;                                                                  \
            slope[i] = (SLOPE);                                                        \
            (void)x;                                                                   \
        }                                                                              \
    else                                                                               \
        for (ptrdiff_t i = 0; i < size; i++) {                                         \
            REAL x = z[i];                                                             \
            z[i] = (VALUE);                                                            \
        }                                                                              \
    break;
    switch (code) {
    case IDENTITY: EACH(x, (REAL)1)
    case LOGISTIC: EACH(NAME(logistic)(x), a * (1 - a))
    case TANH: EACH(NAME(tanh)(x), 1 - a * a)
    case RELU: EACH(x < 0 ? (REAL)0 : x, a != 0 ? (REAL)1 : (REAL)0)
    case LEAKY_RELU: EACH(x > 0 ? x : p * x, x > 0 ? (REAL)1 : p)
    case ELU: EACH(q * (x > 0 ? x : p * NAME(expm1)(x < 0 ? x : 0)), x > 0 ? q : a + q * p)
    case SOFTPLUS:
        EACH((x > 0 ? x : 0) + LOG1P(NAME(exp)(x > 0 ? -x : x)), NAME(logistic)(x))
    case GELU:
        EACH((REAL)0.5 * x * (1 + ERF(x * SQRT_HALF)),
             (REAL)0.5 * (1 + ERF(x * SQRT_HALF)) +
                 x * NAME(exp)((REAL)-0.5 * x * x) * INVERSE_SQRT_2_PI)
    case SILU:
        EACH(x * NAME(logistic)(x), NAME(logistic)(x) + a * (1 - NAME(logistic)(x)))
    case MISH:
        EACH(x * NAME(tanh_softplus)(x),
             NAME(tanh_softplus)(x) +
                 x * (1 - NAME(tanh_softplus)(x) * NAME(tanh_softplus)(x)) *
                     NAME(logistic)(x))
    }
#undef EACH
}

/* ---- layers ----
   W (fan_in x fan_out) in rows; a (fan_in x n), z and delta (fan_out x n). For layers too
   small for BLAS to be worth its call; n == 1 runs over units instead of the batch. */

MULTIVERSION void NAME(forward)(const REAL *W, const REAL *a, REAL *z, ptrdiff_t fan_in,
                                ptrdiff_t fan_out, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < fan_out * n; i++) z[i] = 0;
    for (ptrdiff_t k = 0; k < fan_in; k++)
        if (n == 1)
            for (ptrdiff_t j = 0; j < fan_out; j++) z[j] += a[k] * W[k * fan_out + j];
        else
            for (ptrdiff_t j = 0; j < fan_out; j++) {
                REAL w = W[k * fan_out + j];
                for (ptrdiff_t i = 0; i < n; i++) z[j * n + i] += w * a[k * n + i];
            }
}

static inline REAL NAME(dot)(const REAL *x, const REAL *y, ptrdiff_t n) {
    REAL lane[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int l = 0; l < 8; l++) lane[l] += x[i + l] * y[i + l];
    REAL total = ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
                 ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (; i < n; i++) total += x[i] * y[i];
    return total;
}

/* previous (fan_in x n) = W delta, times slope */
MULTIVERSION void NAME(backward)(const REAL *W, const REAL *delta, const REAL *slope,
                                 REAL *previous, ptrdiff_t fan_in, ptrdiff_t fan_out,
                                 ptrdiff_t n) {
    for (ptrdiff_t k = 0; k < fan_in; k++) {
        REAL *row = previous + k * n;
        if (n == 1) {
            row[0] = NAME(dot)(W + k * fan_out, delta, fan_out) * slope[k];
            continue;
        }
        for (ptrdiff_t i = 0; i < n; i++) row[i] = 0;
        for (ptrdiff_t j = 0; j < fan_out; j++) {
            REAL w = W[k * fan_out + j];
            for (ptrdiff_t i = 0; i < n; i++) row[i] += w * delta[j * n + i];
        }
        for (ptrdiff_t i = 0; i < n; i++) row[i] *= slope[k * n + i];
    }
}

/* g (fan_in x fan_out) += a delta' */
MULTIVERSION void NAME(weight_gradient)(const REAL *a, const REAL *delta, REAL *g,
                                        ptrdiff_t fan_in, ptrdiff_t fan_out,
                                        ptrdiff_t n) {
    for (ptrdiff_t k = 0; k < fan_in; k++)
        if (n == 1)
            for (ptrdiff_t j = 0; j < fan_out; j++)
                g[k * fan_out + j] += a[k] * delta[j];
        else
            for (ptrdiff_t j = 0; j < fan_out; j++)
                g[k * fan_out + j] += NAME(dot)(a + k * n, delta + j * n, n);
}

/* g (units) += sums of delta over the batch */
MULTIVERSION void NAME(bias_gradient)(const REAL *delta, REAL *g, ptrdiff_t units,
                                      ptrdiff_t n) {
    for (ptrdiff_t j = 0; j < units; j++) g[j] += NAME(sum)(delta + j * n, n);
}

MULTIVERSION void NAME(multiply)(REAL *x, const REAL *factor, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) x[i] *= factor[i];
}

/* ---- losses ----
   IN  z, y (outputs x n), w (n) or NULL
   OUT z becomes the weighted gradient; returns the weighted sum */

MULTIVERSION double NAME(loss)(int code, REAL p, REAL *z, const REAL *y, const REAL *w,
                               REAL *scratch, ptrdiff_t outputs, ptrdiff_t n) {
    double total = 0;
    if (code == MULTINOMIAL_LOG || code == SOFTMAX_SQUARED) {
        REAL *top = scratch, *sums = scratch + n;
        for (ptrdiff_t i = 0; i < n; i++) top[i] = z[i];
        for (ptrdiff_t j = 1; j < outputs; j++)
            for (ptrdiff_t i = 0; i < n; i++)
                top[i] = z[j * n + i] > top[i] ? z[j * n + i] : top[i];
        for (ptrdiff_t i = 0; i < n; i++) sums[i] = 0;
        for (ptrdiff_t j = 0; j < outputs; j++)
            for (ptrdiff_t i = 0; i < n; i++) {
                REAL e = NAME(exp)(z[j * n + i] - top[i]);
                z[j * n + i] = e;
                sums[i] += e;
            }
        for (ptrdiff_t j = 0; j < outputs; j++)
            for (ptrdiff_t i = 0; i < n; i++) z[j * n + i] /= sums[i];
    }
    if (code == MULTINOMIAL_LOG) {
        REAL *truth = scratch;
        for (ptrdiff_t i = 0; i < n; i++) truth[i] = 0;
        for (ptrdiff_t j = 0; j < outputs; j++)
            for (ptrdiff_t i = 0; i < n; i++) {
                truth[i] += y[j * n + i] * z[j * n + i];
                z[j * n + i] -= y[j * n + i];
            }
        for (ptrdiff_t i = 0; i < n; i++)
            total -= (w ? w[i] : 1) * LOG(CLIP(truth[i], EPSILON, 1 - EPSILON));
    } else if (code == SOFTMAX_SQUARED) {
        REAL *mean = scratch;
        for (ptrdiff_t i = 0; i < n; i++) mean[i] = 0;
        for (ptrdiff_t j = 0; j < outputs; j++)
            for (ptrdiff_t i = 0; i < n; i++) {
                REAL error = z[j * n + i] - y[j * n + i];
                mean[i] += z[j * n + i] * error;
                total += (double)((w ? w[i] : 1) * (REAL)0.5 * error * error);
            }
        for (ptrdiff_t j = 0; j < outputs; j++)
            for (ptrdiff_t i = 0; i < n; i++)
                z[j * n + i] *= z[j * n + i] - y[j * n + i] - mean[i];
    } else {
        REAL *losses = scratch;
#define EACH(VALUE, GRADIENT)                                                              for (ptrdiff_t j = 0; j < outputs; j++) {                                                  for (ptrdiff_t i = 0; i < n; i++) {                                                        REAL x = z[j * n + i], t = y[j * n + i];                                               losses[i] = (VALUE);                                                                   z[j * n + i] = (GRADIENT);                                                         }                                                                                      if (w)                                                                                     for (ptrdiff_t i = 0; i < n; i++) losses[i] *= w[i];                               total += NAME(sum)(losses, n);                                                     }                                                                                      break;
        switch (code) {
        case BINARY_LOG:
            EACH(-LOG(CLIP(t != 0 ? NAME(logistic)(x) : 1 - NAME(logistic)(x), EPSILON,
                           1 - EPSILON)),
                 NAME(logistic)(x) - t)
        case LOGISTIC_SQUARED:
            EACH((REAL)0.5 * (NAME(logistic)(x) - t) * (NAME(logistic)(x) - t),
                 (NAME(logistic)(x) - t) * NAME(logistic)(x) * (1 - NAME(logistic)(x)))
        case HALF_SQUARED: EACH((REAL)0.5 * (x - t) * (x - t), x - t)
        case ABSOLUTE: EACH(x > t ? x - t : t - x, (REAL)((x > t) - (x < t)))
        case HUBER:
            EACH(CLIP(x - t, -p, p) * (x - t - (REAL)0.5 * CLIP(x - t, -p, p)),
                 CLIP(x - t, -p, p))
        case QUANTILE: EACH((x > t ? 1 - p : -p) * (x - t), x > t ? 1 - p : -p)
        case POISSON:
            EACH((t > 0 ? t * LOG(t) : 0) - t * x - t + NAME(exp)(x), NAME(exp)(x) - t)
        case GAMMA:
            EACH(x - LOG(t) + t * NAME(exp)(-x) - 1, 1 - t * NAME(exp)(-x))
        }
#undef EACH
    }
    if (w)
        for (ptrdiff_t j = 0; j < outputs; j++) NAME(multiply)(z + j * n, w, n);
    return total;
}

/* ---- the step ---- */

/* The penalty, and the mean instead of the sum; returns the sum of squared weights. */
MULTIVERSION double NAME(finish)(REAL *g, const REAL *vector, ptrdiff_t n_weights,
                                 ptrdiff_t size, REAL alpha, REAL weight_sum) {
    double squares = 0;
    REAL lane[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n_weights; i += 8)
        for (int l = 0; l < 8; l++) {
            REAL x = vector[i + l];
            lane[l] += x * x;
            g[i + l] = (g[i + l] + alpha * x) / weight_sum;
        }
    for (int l = 0; l < 8; l++) squares += lane[l];
    for (; i < n_weights; i++) {
        squares += (double)vector[i] * vector[i];
        g[i] = (g[i] + alpha * vector[i]) / weight_sum;
    }
    for (; i < size; i++) g[i] /= weight_sum;
    return squares;
}

MULTIVERSION void NAME(sgd)(REAL *restrict x, const REAL *restrict g, REAL *restrict v,
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

MULTIVERSION void NAME(adam)(REAL *restrict x, const REAL *restrict g, REAL *restrict m,
                             REAL *restrict v, ptrdiff_t size, REAL rate, REAL beta_1,
                             REAL beta_2, REAL epsilon) {
    for (ptrdiff_t i = 0; i < size; i++) {
        m[i] = beta_1 * m[i] + (1 - beta_1) * g[i];
        v[i] = beta_2 * v[i] + (1 - beta_2) * g[i] * g[i];
        x[i] -= rate * m[i] / (SQRT(v[i]) + epsilon);
    }
}

/* ---- from samples to batches ---- */

/* Copy rows start.. of X to out, as (n x features) or, by_feature, (features x n). */
static void NAME(gather)(const Job *job, ptrdiff_t start, ptrdiff_t n,
                         ptrdiff_t features, int by_feature, REAL *out) {
    for (ptrdiff_t i = 0; i < n; i++) {
        const char *row = job->X + (job->rows ? job->rows[start + i] : start + i) * job->row_stride;
        REAL *to = by_feature ? out + i : out + i * features;
        ptrdiff_t step = by_feature ? n : 1;
        if (job->x_is_double && job->column_stride == sizeof(double))
            for (ptrdiff_t k = 0; k < features; k++)
                to[k * step] = (REAL)((const double *)row)[k];
        else if (job->column_stride == sizeof(float) && !job->x_is_double)
            for (ptrdiff_t k = 0; k < features; k++)
                to[k * step] = (REAL)((const float *)row)[k];
        else
            for (ptrdiff_t k = 0; k < features; k++) {
                const char *x = row + k * job->column_stride;
                to[k * step] =
                    (REAL)(job->x_is_double ? *(const double *)x : *(const float *)x);
            }
    }
}

/* ---- the network ---- */

typedef void NAME(Gemm)(char *, char *, int *, int *, int *, REAL *, REAL *, int *, REAL *,
                        int *, REAL *, REAL *, int *);

static int NAME(by_loops)(ptrdiff_t fan_in, ptrdiff_t fan_out, ptrdiff_t n) {
    return n == 1 || fan_in * fan_out <= SMALL_LAYER;
}

/* REALs that the work on a chunk of n rows needs. */
static ptrdiff_t NAME(work_size)(const Job *job, ptrdiff_t n) {
    ptrdiff_t size = job->sizes[0];
    for (int l = 1; l <= job->n_layers; l++) size += 3 * job->sizes[l];
    return (size + job->sizes[job->n_layers] + 3) * n;
}

/* Cut the work space up into a[0..L] and, where wanted, slope[1..L] and delta[1..L];
   return what is left of it. */
static REAL *NAME(lay_out)(const Job *job, ptrdiff_t n, REAL **a, REAL **slope,
                           REAL **delta) {
    REAL *free = job->work;
    for (int l = 0; l <= job->n_layers; l++) {
        ptrdiff_t size = job->sizes[l] * n;
        a[l] = free;
        free += size;
        if (l == 0 || !slope) continue;
        slope[l] = free;
        delta[l] = free + size;
        free += 2 * size;
    }
    return free;
}

/* IN  rows start .. start + n
   OUT a[0], the chunk of X; a[l] of every layer, the last one raw; slope, unless NULL */
static void NAME(forward_chunk)(const Job *job, ptrdiff_t start, ptrdiff_t n, REAL **a,
                                REAL **slope) {
    const REAL *W = job->vector, *bias = W;
    for (int l = 0; l < job->n_layers; l++) bias += job->sizes[l] * job->sizes[l + 1];
    NAME(gather)(job, start, n, job->sizes[0],
                 NAME(by_loops)(job->sizes[0], job->sizes[1], n), a[0]);
    for (int l = 0; l < job->n_layers; l++) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1];
        if (NAME(by_loops)(fan_in, fan_out, n))
            NAME(forward)(W, a[l], a[l + 1], fan_in, fan_out, n);
        else {
            int rows = (int)n, in = (int)fan_in, out = (int)fan_out;
            REAL one = 1, zero = 0;
            ((NAME(Gemm) *)job->gemm)(l ? "N" : "T", "T", &rows, &out, &in, &one, a[l],
                                      l ? &rows : &in, (REAL *)W, &out, &zero, a[l + 1],
                                      &rows);
        }
        int hidden = l < job->n_layers - 1;
        NAME(activate)(hidden ? job->activations[l] : IDENTITY,
                       hidden ? (REAL)job->constants[2 * l] : 0,
                       hidden ? (REAL)job->constants[2 * l + 1] : 0, bias, a[l + 1],
                       hidden && slope ? slope[l + 1] : NULL, fan_out, n);
        W += fan_in * fan_out;
        bias += fan_out;
    }
}

/* Add the gradient of rows start .. start + n to job->gradient; return their loss. */
static double NAME(gradient_chunk)(const Job *job, ptrdiff_t start, ptrdiff_t n) {
    REAL *a[MAX_LAYERS + 1], *slope[MAX_LAYERS + 1], *delta[MAX_LAYERS + 1];
    int last = job->n_layers;
    ptrdiff_t outputs = job->sizes[last];
    REAL *y = NAME(lay_out)(job, n, a, slope, delta);
    REAL *w = y + outputs * n, *scratch = w + n;

    /* forward */
    NAME(forward_chunk)(job, start, n, a, slope);
    for (ptrdiff_t i = 0; i < n; i++) {
        ptrdiff_t row = job->rows ? job->rows[start + i] : start + i;
        for (ptrdiff_t j = 0; j < outputs; j++)
            y[j * n + i] = job->labels ? (REAL)job->labels[row * outputs + j]
                                       : ((const REAL *)job->targets)[row * outputs + j];
        if (job->weights) w[i] = ((const REAL *)job->weights)[row];
    }
    double value = NAME(loss)(job->loss, (REAL)job->loss_constant, a[last], y,
                              job->weights ? w : NULL, scratch, outputs, n);

    /* backward */
    ptrdiff_t n_weights = 0, n_biases = 0;
    for (int l = 0; l < last; l++) {
        n_weights += job->sizes[l] * job->sizes[l + 1];
        n_biases += job->sizes[l + 1];
    }
    const REAL *W = (const REAL *)job->vector + n_weights;
    REAL *g = (REAL *)job->gradient + n_weights, *g_bias = g + n_biases;
    delta[last] = a[last];
    for (int l = last - 1; l >= 0; l--) {
        ptrdiff_t fan_in = job->sizes[l], fan_out = job->sizes[l + 1];
        int loops = NAME(by_loops)(fan_in, fan_out, n);
        int rows = (int)n, in = (int)fan_in, out = (int)fan_out;
        REAL one = 1, zero = 0;
        W -= fan_in * fan_out;
        g -= fan_in * fan_out;
        g_bias -= fan_out;
        if (loops)
            NAME(weight_gradient)(a[l], delta[l + 1], g, fan_in, fan_out, n);
        else
            ((NAME(Gemm) *)job->gemm)("T", l ? "N" : "T", &out, &in, &rows, &one,
                                      delta[l + 1], &rows, a[l], l ? &rows : &in, &one, g,
                                      &out);
        if (job->fit_intercept) NAME(bias_gradient)(delta[l + 1], g_bias, fan_out, n);
        if (l == 0) break;
        if (loops)
            NAME(backward)(W, delta[l + 1], slope[l], delta[l], fan_in, fan_out, n);
        else {
            ((NAME(Gemm) *)job->gemm)("N", "N", &rows, &in, &out, &one, delta[l + 1],
                                      &rows, (REAL *)W, &out, &zero, delta[l], &rows);
            NAME(multiply)(delta[l], slope[l], fan_in * n);
        }
    }
    return value;
}

/* The objective over rows start .. start + n, its gradient in job->gradient. Returns NaN,
   and no gradient, where these rows have no weight. */
static double NAME(objective)(const Job *job, ptrdiff_t start, ptrdiff_t n) {
    ptrdiff_t n_weights = 0, size = 0;
    for (int l = 0; l < job->n_layers; l++) {
        n_weights += job->sizes[l] * job->sizes[l + 1];
        size += (job->sizes[l] + 1) * job->sizes[l + 1];
    }
    const REAL *weights = job->weights;
    double weight_sum = weights ? 0 : (double)n;
    if (weights)
        for (ptrdiff_t i = start; i < start + n; i++)
            weight_sum += weights[job->rows ? job->rows[i] : i];

    memset(job->gradient, 0, size * sizeof(REAL));
    double value = 0;
    for (ptrdiff_t i = 0; i < n; i += job->chunk)
        value += NAME(gradient_chunk)(job, start + i,
                                      n - i < job->chunk ? n - i : job->chunk);
    if (job->loss == HALF_SQUARED) value /= job->sizes[job->n_layers];
    double squares = NAME(finish)(job->gradient, job->vector, n_weights, size,
                                  (REAL)job->alpha, (REAL)weight_sum);
    return (value + 0.5 * job->alpha * squares) / weight_sum;
}

static int NAME(has_weight)(const Job *job, ptrdiff_t start, ptrdiff_t n) {
    const REAL *weights = job->weights;
    if (!weights) return 1;
    for (ptrdiff_t i = start; i < start + n; i++)
        if (weights[job->rows ? job->rows[i] : i] != 0) return 1;
    return 0;
}

static void NAME(step)(Job *job) {
    ptrdiff_t size = 0;
    for (int l = 0; l < job->n_layers; l++)
        size += (job->sizes[l] + 1) * job->sizes[l + 1];
    if (job->optimizer == SGD) {
        NAME(sgd)(job->vector, job->gradient, job->moment_1, size, (REAL)job->rate,
                  (REAL)job->momentum, job->nesterov);
        return;
    }
    job->t += 1;
    double correction = sqrt(1 - pow(job->beta_2, (double)job->t)) /
                        (1 - pow(job->beta_1, (double)job->t));
    NAME(adam)(job->vector, job->gradient, job->moment_1, job->moment_2, size,
               (REAL)(job->rate * correction), (REAL)job->beta_1, (REAL)job->beta_2,
               (REAL)job->epsilon);
}

/* One epoch; returns the mean of the batches' objectives. */
static double NAME(train_epoch)(Job *job) {
    double total = 0, multiplications = 0, per_row = 0;
    ptrdiff_t seen = 0;
    for (int l = 0; l < job->n_layers; l++)
        per_row += 3.0 * job->sizes[l] * job->sizes[l + 1];
    for (ptrdiff_t start = 0; start < job->n_rows; start += job->batch_size) {
        ptrdiff_t n = job->n_rows - start;
        if (n > job->batch_size) n = job->batch_size;
        if (!NAME(has_weight)(job, start, n)) continue;
        total += NAME(objective)(job, start, n) * n;
        seen += n;
        NAME(step)(job);
        multiplications += per_row * n;
        if (multiplications > WORK_BETWEEN_SIGNALS) {
            multiplications = 0;
            if (job->interrupted()) {
                job->was_interrupted = 1;
                break;
            }
        }
    }
    return total / seen;
}

/* Raw outputs of all rows, (n_rows x outputs). */
static double NAME(raw_outputs)(const Job *job) {
    REAL *a[MAX_LAYERS + 1], *out = job->outputs;
    ptrdiff_t outputs = job->sizes[job->n_layers];
    for (ptrdiff_t start = 0; start < job->n_rows; start += job->chunk) {
        ptrdiff_t n = job->n_rows - start;
        if (n > job->chunk) n = job->chunk;
        NAME(lay_out)(job, n, a, NULL, NULL);
        NAME(forward_chunk)(job, start, n, a, NULL);
        for (ptrdiff_t i = 0; i < n; i++)
            for (ptrdiff_t j = 0; j < outputs; j++)
                out[(start + i) * outputs + j] = a[job->n_layers][j * n + i];
    }
    return 0;
}
