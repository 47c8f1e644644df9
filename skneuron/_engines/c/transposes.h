/* Transposes: from rows of samples to rows of units, and back.

   Four by four values at a time, which is a few shuffles. */

#if defined(__GNUC__) && !defined(SKNEURON_PLAIN)
typedef REAL Four
    __attribute__((vector_size(4 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));
#if defined(__clang__)
#define SHUFFLE(x, y, i, j, k, l) __builtin_shufflevector(x, y, i, j, k, l)
#else
typedef INT Indices __attribute__((vector_size(4 * sizeof(REAL))));
#define SHUFFLE(x, y, i, j, k, l) __builtin_shuffle(x, y, (Indices){i, j, k, l})
#endif

static inline void NAME(transpose_four)(Four x[4]) {
    Four even_01 = SHUFFLE(x[0], x[1], 0, 4, 2, 6);
    Four odd_01 = SHUFFLE(x[0], x[1], 1, 5, 3, 7);
    Four even_23 = SHUFFLE(x[2], x[3], 0, 4, 2, 6);
    Four odd_23 = SHUFFLE(x[2], x[3], 1, 5, 3, 7);
    x[0] = SHUFFLE(even_01, even_23, 0, 1, 4, 5);
    x[1] = SHUFFLE(odd_01, odd_23, 0, 1, 4, 5);
    x[2] = SHUFFLE(even_01, even_23, 2, 3, 6, 7);
    x[3] = SHUFFLE(odd_01, odd_23, 2, 3, 6, 7);
}
#undef SHUFFLE

typedef double Doubles
    __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));
typedef float Floats
    __attribute__((vector_size(4 * sizeof(float)), aligned(sizeof(float)), may_alias));

/* The columns of four contiguous rows, as far as they make whole fours. */
#define FOURS(TYPE, VECTOR)                                                                \
    for (; n == 4 && step == sizeof(TYPE) && k + 4 <= columns; k += 4) {                   \
        Four four[4];                                                                      \
        for (int r = 0; r < 4; r++)                                                        \
            four[r] =                                                                      \
                __builtin_convertvector(*(const VECTOR *)((const TYPE *)x[r] + k), Four);  \
        NAME(transpose_four)(four);                                                        \
        for (int c = 0; c < 4; c++) *(Four *)(out + (k + c) * ld) = four[c];               \
    }
#else
#define FOURS(TYPE, VECTOR)
#endif

/* out (columns x ld) = the n <= 4 rows that x points to, step bytes from column to column
 */
#define TRANSPOSE(TYPE, VECTOR)                                                            \
    static void NAME(transpose_##TYPE)(const char *const *x, ptrdiff_t step, REAL *out,    \
                                       ptrdiff_t ld, ptrdiff_t n, ptrdiff_t columns) {     \
        ptrdiff_t k = 0;                                                                   \
        FOURS(TYPE, VECTOR)                                                                \
        for (; k < columns; k++)                                                           \
            for (ptrdiff_t r = 0; r < n; r++)                                              \
                out[k * ld + r] = (REAL) * (const TYPE *)(x[r] + k * step);                \
    }
TRANSPOSE(double, Doubles)
TRANSPOSE(float, Floats)
#undef TRANSPOSE
#undef FOURS

/* by_row (n, ld_row) = x'; x (units, ld). Four units and four columns at a time, beyond the
   last ones, too: ld is a multiple of four, and so is ld_row. */
static void NAME(transpose)(const REAL *x, ptrdiff_t ld, REAL *by_row, ptrdiff_t ld_row,
                            ptrdiff_t units, ptrdiff_t n) {
    const ptrdiff_t columns = NAME(padded)(n, 4);
    for (ptrdiff_t j = 0; j < units; j += 4) {
        const char *rows[4];
        for (ptrdiff_t r = 0; r < 4; r++)
            rows[r] = (const char *)(x + (j + r < units ? j + r : j) * ld);
        if (sizeof(REAL) == sizeof(double))
            NAME(transpose_double)(rows, sizeof(double), by_row + j, ld_row, 4, columns);
        else
            NAME(transpose_float)(rows, sizeof(float), by_row + j, ld_row, 4, columns);
    }
}
