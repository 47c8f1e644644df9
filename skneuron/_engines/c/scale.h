/* Scale: z = x s, input by input. Parts: s (n_inputs). */

static int NAME(scale_has_its_parts)(const Layer *layer) {
    const Part *s = &layer->parts[0];
    return layer->n_parts == 1 && layer->n_outputs == layer->n_inputs &&
           s->rows == layer->n_inputs && s->columns == 1;
}

static ptrdiff_t NAME(scale_kept_units)(const Layer *layer) {
    (void)layer;
    return 0;
}

/* out (units, ld) = x (units, ld) times the factor of each unit */
static void NAME(multiply_units)(REAL *restrict out, const REAL *restrict x,
                                 const REAL *restrict factors, ptrdiff_t units,
                                 ptrdiff_t ld) {
    for (ptrdiff_t j = 0; j < units; j++)
        for (ptrdiff_t i = 0; i < ld; i++) out[j * ld + i] = x[j * ld + i] * factors[j];
}

static void NAME(scale_forward)(const Layer *layer, REAL *z, REAL *kept, const REAL *x,
                                ptrdiff_t ld) {
    (void)kept;
    NAME(multiply_units)(z, x, layer->parts[0].values, layer->n_inputs, ld);
}

static void NAME(scale_backward)(const Layer *layer, REAL *below, REAL *kept,
                                 const REAL *error, ptrdiff_t n, ptrdiff_t ld) {
    (void)kept;
    (void)n;
    if (below)
        NAME(multiply_units)(below, error, layer->parts[0].values, layer->n_inputs, ld);
}

static void NAME(scale_gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t from,
                                 ptrdiff_t rows, const Values *blocks, ptrdiff_t n_blocks,
                                 int add) {
    (void)layer;
    (void)part;
    if (!add) memset(g, 0, rows * sizeof(REAL));
    for (ptrdiff_t b = 0; b < n_blocks; b++) {
        const ptrdiff_t ld = blocks[b].ld, n = blocks[b].n;
        const REAL *x = blocks[b].x + from * ld, *error = blocks[b].error + from * ld;
        for (ptrdiff_t j = 0; j < rows; j++)
            g[j] += NAME(dot)(x + j * ld, error + j * ld, n);
    }
}
