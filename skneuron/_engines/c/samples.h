/* Samples: from the rows of the user's arrays to the matrices of a block. */

/* The sample at a position of the epoch; rows is NULL where all go in their order. */
static ptrdiff_t NAME(sample_at)(const ptrdiff_t *rows, ptrdiff_t position) {
    return rows ? rows[position] : position;
}

/* out (n_features, ld) = n rows of X, 0 where ld is beyond them */
static void NAME(gather)(REAL *out, const Matrix *X, const ptrdiff_t *rows, ptrdiff_t start,
                         ptrdiff_t n, ptrdiff_t n_features, ptrdiff_t ld) {
    if (n < ld) memset(out, 0, n_features * ld * sizeof(REAL));
    for (ptrdiff_t i = 0; i < n; i += 4) {
        const char *x[4];
        const ptrdiff_t some = n - i < 4 ? n - i : 4;
        for (ptrdiff_t r = 0; r < some; r++)
            x[r] = X->values + NAME(sample_at)(rows, start + i + r) * X->row_stride;
        if (X->is_double)
            NAME(transpose_double)(x, X->column_stride, out + i, ld, some, n_features);
        else
            NAME(transpose_float)(x, X->column_stride, out + i, ld, some, n_features);
    }
}

/* y (n_outputs, ld) and sample_weight (ld), the latter only if there are weights */
static void NAME(gather_targets)(REAL *y, REAL *sample_weight, const Samples *samples,
                                 const ptrdiff_t *rows, ptrdiff_t start, ptrdiff_t n,
                                 ptrdiff_t n_outputs, ptrdiff_t ld) {
    const REAL *targets = samples->targets, *weights = samples->sample_weight;
    for (ptrdiff_t i = 0; i < n; i++) {
        const ptrdiff_t row = NAME(sample_at)(rows, start + i);
        for (ptrdiff_t j = 0; j < n_outputs; j++)
            y[j * ld + i] = samples->labels ? (REAL)samples->labels[row * n_outputs + j]
                                            : targets[row * n_outputs + j];
        if (weights) sample_weight[i] = weights[row];
    }
}

/* The sum of the weights of n samples; their number where sample_weight is NULL. */
static double NAME(weight_sum)(const REAL *sample_weight, const ptrdiff_t *rows,
                               ptrdiff_t start, ptrdiff_t n) {
    if (!sample_weight) return (double)n;
    double total = 0;
    for (ptrdiff_t i = start; i < start + n; i++)
        total += sample_weight[NAME(sample_at)(rows, i)];
    return total;
}
