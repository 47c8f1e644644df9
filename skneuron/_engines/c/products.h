/* Products of matrices: sums that vectorise, and C = S B.

   BLAS would do it, but not in these layouts without a copy, not as fast at these sizes,
   and not without waking its threads; the threads here are the team's. */

static ptrdiff_t NAME(padded)(ptrdiff_t n, ptrdiff_t to) { return (n + to - 1) / to * to; }

#define LANES ((int)(VECTOR_BYTES / sizeof(REAL)))

/* Eight sums side by side, so that the order of additions is the same everywhere. They are
   named as vectors, because compilers make slower ones of the loops. */
#if defined(__GNUC__) && !defined(SKNEURON_PLAIN)
typedef REAL Eight
    __attribute__((vector_size(8 * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));
#define LANE(eight, l) (eight)[l]
#define ADD_EIGHT(sums, x) ((sums) += *(const Eight *)(x))
#define ADD_PRODUCTS(sums, x, y) ((sums) += *(const Eight *)(x) * *(const Eight *)(y))
#else
typedef struct {
    REAL lane[8];
} Eight;
#define LANE(eight, l) (eight).lane[l]
#define ADD_EIGHT(sums, x)                                                                 \
    for (int l = 0; l < 8; l++) (sums).lane[l] += (x)[l];
#define ADD_PRODUCTS(sums, x, y)                                                           \
    for (int l = 0; l < 8; l++) (sums).lane[l] += (x)[l] * (y)[l];
#endif

static inline REAL NAME(total)(Eight sums) {
    return ((LANE(sums, 0) + LANE(sums, 1)) + (LANE(sums, 2) + LANE(sums, 3))) +
           ((LANE(sums, 4) + LANE(sums, 5)) + (LANE(sums, 6) + LANE(sums, 7)));
}

static inline REAL NAME(sum)(const REAL *x, ptrdiff_t n) {
    Eight sums = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8) ADD_EIGHT(sums, x + i);
    REAL total = NAME(total)(sums);
    for (; i < n; i++) total += x[i];
    return total;
}

static inline REAL NAME(dot)(const REAL *x, const REAL *y, ptrdiff_t n) {
    Eight sums = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8) ADD_PRODUCTS(sums, x + i, y + i);
    REAL total = NAME(total)(sums);
    for (; i < n; i++) total += x[i] * y[i];
    return total;
}

/* The dot products of four rows of x, ld apart, with y; the same numbers as one by one. */
static inline void NAME(four_dots)(REAL out[4], const REAL *x, ptrdiff_t ld, const REAL *y,
                                   ptrdiff_t n) {
    Eight sums[4] = {{0}};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int r = 0; r < 4; r++) ADD_PRODUCTS(sums[r], x + r * ld + i, y + i);
    for (int r = 0; r < 4; r++) out[r] = NAME(total)(sums[r]);
    for (; i < n; i++)
        for (int r = 0; r < 4; r++) out[r] += x[r * ld + i] * y[i];
}
#undef LANE
#undef ADD_EIGHT
#undef ADD_PRODUCTS

/* The same in double: sums over many squares or losses overflow in float. */
static inline double NAME(wide_sum)(const REAL *x, ptrdiff_t n) {
    double lane[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int l = 0; l < 8; l++) lane[l] += x[i + l];
    double total = ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
                   ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (; i < n; i++) total += x[i];
    return total;
}

static inline double NAME(wide_dot)(const REAL *x, const REAL *y, ptrdiff_t n) {
    double lane[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int l = 0; l < 8; l++) lane[l] += (double)x[i + l] * y[i + l];
    double total = ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
                   ((lane[4] + lane[5]) + (lane[6] + lane[7]));
    for (; i < n; i++) total += (double)x[i] * y[i];
    return total;
}

/* A term of a sum of products S B: S (rows x depth) is any matrix that a pointer and two
   steps describe, S(r, k) = s[r * row + k * column]; B (depth x ld) has rows of its own. */
typedef struct {
    const REAL *s, *B;
    ptrdiff_t row, column, ld, depth;
} Term;

#if defined(__GNUC__) && !defined(SKNEURON_PLAIN)
typedef REAL Vector
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));

/* Loops of so few turns are to be written out, or their sums are not in registers. */
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

// clang-format off
/* C (R x V vectors), from row r and column c, = the sum of the terms, or C plus that.
   With R and V known it all stays in registers. */
static inline __attribute__((always_inline)) void NAME(tile)(
    const int R, const int V, const Term *terms, ptrdiff_t n_terms, ptrdiff_t r0,
    ptrdiff_t c0, REAL *C, ptrdiff_t ldc, int add) {
    Vector sums[TILE_ROWS][TILE_VECTORS];
    UNROLL for (int r = 0; r < R; r++)
        UNROLL for (int v = 0; v < V; v++) {
            Vector *c = (Vector *)(C + r * ldc + v * LANES);
            sums[r][v] = add ? *c : (Vector){0};
        }
    for (ptrdiff_t t = 0; t < n_terms; t++) {
        const ptrdiff_t row = terms[t].row, column = terms[t].column, ld = terms[t].ld;
        const REAL *s = terms[t].s + r0 * row, *B = terms[t].B + c0;
        for (ptrdiff_t k = 0; k < terms[t].depth; k++) {
            Vector b[TILE_VECTORS];
            UNROLL for (int v = 0; v < V; v++)
                b[v] = *(const Vector *)(B + k * ld + v * LANES);
            UNROLL for (int r = 0; r < R; r++) {
                REAL x = s[r * row + k * column];
                UNROLL for (int v = 0; v < V; v++) sums[r][v] += x * b[v];
            }
        }
    }
    UNROLL for (int r = 0; r < R; r++)
        UNROLL for (int v = 0; v < V; v++)
            *(Vector *)(C + r * ldc + v * LANES) = sums[r][v];
}
// clang-format on

/* The same where the V vectors reach beyond the columns of C. */
static inline __attribute__((always_inline)) void NAME(edge_tile)(
    const int R, const int V, const Term *terms, ptrdiff_t n_terms, ptrdiff_t r0,
    ptrdiff_t c0, REAL *C, ptrdiff_t ldc, int add, ptrdiff_t columns) {
    REAL whole[TILE_ROWS * TILE_VECTORS * LANES];
    const int ld = V * LANES;
    for (int r = 0; r < R && add; r++)
        for (ptrdiff_t c = 0; c < columns; c++) whole[r * ld + c] = C[r * ldc + c];
    NAME(tile)(R, V, terms, n_terms, r0, c0, whole, ld, add);
    for (int r = 0; r < R; r++)
        for (ptrdiff_t c = 0; c < columns; c++) C[r * ldc + c] = whole[r * ld + c];
}

/* All rows of V vectors' columns. */
static inline __attribute__((always_inline)) void NAME(panel)(
    const int V, const Term *terms, ptrdiff_t n_terms, ptrdiff_t c0, REAL *C, ptrdiff_t ldc,
    ptrdiff_t rows, ptrdiff_t columns, int add) {
    ptrdiff_t r = 0;
    C += c0;
#define ROWS(R)                                                                            \
    for (; r + (R) <= rows; r += (R)) {                                                    \
        if (columns - c0 >= V * LANES)                                                     \
            NAME(tile)(R, V, terms, n_terms, r, c0, C + r * ldc, ldc, add);                \
        else                                                                               \
            NAME(edge_tile)(R, V, terms, n_terms, r, c0, C + r * ldc, ldc, add,            \
                            columns - c0);                                                 \
    }
    ROWS(TILE_ROWS)
    ROWS(4)
    ROWS(2)
    ROWS(1)
#undef ROWS
}

/* C (rows x columns) = the sum of the terms, or C plus that. Rows of B can be read up to
   the next multiple of LANES; C ends where it ends. */
static inline __attribute__((always_inline)) void NAME(multiply)(
    const Term *terms, ptrdiff_t n_terms, REAL *C, ptrdiff_t ldc, ptrdiff_t rows,
    ptrdiff_t columns, int add) {
    for (ptrdiff_t c = 0; c < columns;) {
        ptrdiff_t vectors = (columns - c + LANES - 1) / LANES;
        /* four are better taken as two and two than as three and one */
        int V = vectors >= TILE_VECTORS && vectors != 4 ? TILE_VECTORS : (vectors > 1) + 1;
        if (V == 3)
            NAME(panel)(TILE_VECTORS, terms, n_terms, c, C, ldc, rows, columns, add);
        else if (V == 2)
            NAME(panel)(2, terms, n_terms, c, C, ldc, rows, columns, add);
        else
            NAME(panel)(1, terms, n_terms, c, C, ldc, rows, columns, add);
        c += V * LANES;
    }
}
#else
static void NAME(multiply)(const Term *terms, ptrdiff_t n_terms, REAL *C, ptrdiff_t ldc,
                           ptrdiff_t rows, ptrdiff_t columns, int add) {
    for (ptrdiff_t r = 0; r < rows; r++) {
        for (ptrdiff_t c = 0; c < columns && !add; c++) C[r * ldc + c] = 0;
        for (const Term *t = terms; t < terms + n_terms; t++)
            for (ptrdiff_t k = 0; k < t->depth; k++) {
                REAL s = t->s[r * t->row + k * t->column];
                for (ptrdiff_t c = 0; c < columns; c++)
                    C[r * ldc + c] += s * t->B[k * t->ld + c];
            }
    }
}
#endif

/* z (columns) = W' x; x (rows), W (rows, columns). Reading W takes all the time, so several
   rows are read side by side; the order of additions is that of one row at a time. */
static void NAME(multiply_row)(REAL *restrict z, const REAL *restrict x,
                               const REAL *restrict W, ptrdiff_t rows, ptrdiff_t columns) {
    enum { AT_ONCE = 6 };
    ptrdiff_t k = 0;
    for (ptrdiff_t j = 0; j < columns; j++) z[j] = 0;
    for (; k + AT_ONCE <= rows; k += AT_ONCE)
        for (ptrdiff_t j = 0; j < columns; j++) {
            REAL total = z[j];
            for (int r = 0; r < AT_ONCE; r++) total += x[k + r] * W[(k + r) * columns + j];
            z[j] = total;
        }
    for (; k < rows; k++)
        for (ptrdiff_t j = 0; j < columns; j++) z[j] += x[k] * W[k * columns + j];
}

#undef LANES
#undef UNROLL
