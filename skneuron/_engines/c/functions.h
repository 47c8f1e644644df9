/* Elementary functions: polynomials without branches, so that loops over them vectorise.

   Accurate to four units in the last place, and exact at the ends: 0, 1 or infinity where
   the result is one of them, NaN where x is. */

typedef union {
    REAL f;
    INT i;
} Bits;

/* exp(x) = 2^k exp(r), |r| <= log(2) / 2 (Cody and Waite); 0 for subnormals. */
static inline REAL NAME(exp)(REAL x) {
    REAL c = x < EXP_LOWEST ? EXP_LOWEST : x;
    c = c > EXP_HIGHEST ? EXP_HIGHEST : c;
    Bits shifted, y;
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
    Bits shifted, power;
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

/* log(x) = k log(2) + log(1 + f), 1 + f within [sqrt(1/2), sqrt(2)]; with s = f / (2 + f),
   log(1 + f) = 2 atanh(s) = f - f²/2 + s (f²/2 + R(s²)), which loses nothing near f = 0. */
static inline REAL NAME(log)(REAL x) {
    Bits y, half;
    REAL subnormal = x < SMALLEST_NORMAL ? (REAL)MANTISSA_BITS : 0;
    y.f = x < SMALLEST_NORMAL ? x / EPSILON_OF_ONE : x;
    half.f = SQRT_HALF;
    INT exponent = (y.i - half.i) >> MANTISSA_BITS;
    y.i -= (INT)((UINT)exponent << MANTISSA_BITS);
    REAL k = (REAL)exponent - subnormal;
    REAL f = y.f - 1, s = f / (2 + f), square = s * s, h = (REAL)0.5 * f * f;
    REAL R = square * ATANH_REST(square);
    REAL result = k * LN2_HIGH - ((h - (s * (h + R) + k * LN2_LOW)) - f);
    result = x == (REAL)INFINITY ? x : result;
    result = x == 0 ? -(REAL)INFINITY : result;
    return x >= 0 ? result : (REAL)NAN;
}

/* log(1 + x) for x >= 0: what 1 + x has lost of x is put back. */
static inline REAL NAME(log1p)(REAL x) {
    REAL y = 1 + x;
    return NAME(log)(y) + (x - (y - 1)) / y;
}

/* cos(2 pi x) and sin(2 pi x): x turns are k quarters and r / (2 pi) turns, |r| <= pi / 4,
   without rounding. Arbitrary numbers in [-1, 1] where turns are too many to have quarters,
   from QUARTERS_SHIFT / 3 on; NaN where x is NaN or infinite. */
static inline void NAME(cos_sin)(REAL x, REAL *cosine, REAL *sine) {
    Bits shifted, c, s;
    shifted.f = x + QUARTERS_SHIFT;
    REAL part = x - (shifted.f - QUARTERS_SHIFT);
    part = part > (REAL)0.125 ? (REAL)0.125 : part;
    part = part < (REAL)-0.125 ? (REAL)-0.125 : part;
    REAL r = part * (REAL)TWO_PI, square = r * r;
    REAL odd = r * SIN_OVER_R(square), even = COS(square);
    UINT k = (UINT)shifted.i;
    c.f = k & 1 ? odd : even;
    s.f = k & 1 ? even : odd;
    c.i ^= (INT)(((k + 1) & 2) << (8 * sizeof(REAL) - 2));
    s.i ^= (INT)((k & 2) << (8 * sizeof(REAL) - 2));
    *cosine = c.f;
    *sine = s.f;
}

/* For tests: one of the functions above over an array. */
static void NAME(apply)(int function, const void *from, void *to, ptrdiff_t n) {
    const REAL *x = from;
    REAL *y = to, ignored;
    // clang-format off
    switch (function) {
    case 0: for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(exp)(x[i]); break;
    case 1: for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(tanh)(x[i]); break;
    case 2: for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(logistic)(x[i]); break;
    case 3: for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(log)(x[i]); break;
    case 4: for (ptrdiff_t i = 0; i < n; i++) y[i] = NAME(log1p)(x[i]); break;
    case 5: for (ptrdiff_t i = 0; i < n; i++) NAME(cos_sin)(x[i], &y[i], &ignored); break;
    case 6: for (ptrdiff_t i = 0; i < n; i++) NAME(cos_sin)(x[i], &ignored, &y[i]); break;
    }
    // clang-format on
}
