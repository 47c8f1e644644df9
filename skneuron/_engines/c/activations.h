/* Activations: z (size) becomes f(z); slope (size), unless it is NULL, f'(z). */

static void NAME(activate)(REAL *restrict z, REAL *restrict slope, int code,
                           const double *constants, ptrdiff_t size) {
    REAL p = (REAL)constants[0], q = (REAL)constants[1];
#define EACH(VALUE, SLOPE)                                                                 \
    if (slope)                                                                             \
        for (ptrdiff_t i = 0; i < size; i++) {                                             \
            REAL x = z[i], a = (VALUE);                                                    \
            z[i] = a;                                                                      \
            slope[i] = (SLOPE);                                                            \
            (void)x;                                                                       \
        }                                                                                  \
    else                                                                                   \
        for (ptrdiff_t i = 0; i < size; i++) {                                             \
            REAL x = z[i];                                                                 \
            z[i] = (VALUE);                                                                \
        }                                                                                  \
    break;
    switch (code) {
    case IDENTITY: EACH(x, (REAL)1)
    case LOGISTIC: EACH(NAME(logistic)(x), a * (1 - a))
    case TANH: EACH(NAME(tanh)(x), 1 - a * a)
    case RELU: /* NaN stays; the sum keeps the store from becoming a branch */
        EACH((x <= 0 ? (REAL)0 : x) + (REAL)0, x <= 0 ? (REAL)0 : (REAL)1)
    case LEAKY_RELU: EACH(x > 0 ? x : p * x, x > 0 ? (REAL)1 : p)
    case ELU: EACH(q * (x > 0 ? x : p * NAME(expm1)(x < 0 ? x : 0)), x > 0 ? q : a + q * p)
    case SOFTPLUS:
        EACH((x > 0 ? x : 0) + NAME(log1p)(NAME(exp)(x > 0 ? -x : x)), NAME(logistic)(x))
    case GELU:
        EACH((REAL)0.5 * x * (1 + ERF(x * SQRT_HALF)),
             (REAL)0.5 * (1 + ERF(x * SQRT_HALF)) +
                 x * NAME(exp)((REAL)-0.5 * x * x) * INVERSE_SQRT_2_PI)
    case SILU: EACH(x * NAME(logistic)(x), NAME(logistic)(x) + a * (1 - NAME(logistic)(x)))
    case MISH:
        EACH(x * NAME(tanh_softplus)(x),
             NAME(tanh_softplus)(x) +
                 x * (1 - NAME(tanh_softplus)(x) * NAME(tanh_softplus)(x)) *
                     NAME(logistic)(x))
    }
#undef EACH
}
