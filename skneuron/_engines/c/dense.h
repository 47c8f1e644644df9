/* Dense: z = W' x + b. Parts: W (n_inputs, n_outputs), b (n_outputs). */

static int NAME(dense_has_its_parts)(const Layer *layer) {
    const Part *W = &layer->parts[0], *b = &layer->parts[1];
    return layer->n_parts == 2 && W->rows == layer->n_inputs &&
           W->columns == layer->n_outputs && b->rows == layer->n_outputs && b->columns == 1;
}

/* The errors once more, (n, n_outputs) padded to whole vectors. */
static ptrdiff_t NAME(dense_kept_units)(const Layer *layer) {
    return NAME(padded)(layer->n_outputs, PAD);
}

static void NAME(add_bias)(REAL *z, const REAL *bias, ptrdiff_t units, ptrdiff_t ld) {
    if (ld == 1)
        for (ptrdiff_t j = 0; j < units; j++) z[j] += bias[j];
    else
        for (ptrdiff_t j = 0; j < units; j++)
            for (ptrdiff_t i = 0; i < ld; i++) z[j * ld + i] += bias[j];
}

/* z (n_outputs, ld) = W' x; x (n_inputs, ld), W (n_inputs, n_outputs) */
static void NAME(weights_by)(REAL *z, const REAL *x, const REAL *W, ptrdiff_t n_inputs,
                             ptrdiff_t n_outputs, ptrdiff_t ld) {
    if (ld > 1) {
        const Term product = {W, x, 1, n_outputs, ld, n_inputs};
        NAME(multiply)(&product, 1, z, ld, n_outputs, ld, 0);
    } else
        NAME(multiply_row)(z, x, W, n_inputs, n_outputs);
}

/* below (n_inputs, ld) = W error; error (n_outputs, ld) */
static void NAME(weights_times)(REAL *below, const REAL *error, const REAL *W,
                                ptrdiff_t n_inputs, ptrdiff_t n_outputs, ptrdiff_t ld) {
    if (ld > 1) {
        const Term product = {W, error, n_outputs, 1, ld, n_outputs};
        NAME(multiply)(&product, 1, below, ld, n_inputs, ld, 0);
    } else
        for (ptrdiff_t k = 0; k < n_inputs; k++)
            below[k] = NAME(dot)(W + k * n_outputs, error, n_outputs);
}

static void NAME(dense_forward)(const Layer *layer, REAL *z, REAL *kept, const REAL *x,
                                ptrdiff_t ld) {
    const REAL *W = layer->parts[0].values, *b = layer->parts[1].values;
    (void)kept;
    NAME(weights_by)(z, x, W, layer->n_inputs, layer->n_outputs, ld);
    NAME(add_bias)(z, b, layer->n_outputs, ld);
}

static void NAME(dense_backward)(const Layer *layer, REAL *below, REAL *kept,
                                 const REAL *error, ptrdiff_t n, ptrdiff_t ld) {
    const ptrdiff_t n_inputs = layer->n_inputs, n_outputs = layer->n_outputs;
    const REAL *W = layer->parts[0].values;
    if (ld > 1)
        NAME(transpose)(error, ld, kept, NAME(padded)(n_outputs, PAD), n_outputs, n);
    if (below) NAME(weights_times)(below, error, W, n_inputs, n_outputs, ld);
}

/* g (rows, columns) = the outer product of x and error. */
static void NAME(outer)(REAL *g, const REAL *x, const REAL *error, ptrdiff_t rows,
                        ptrdiff_t columns) {
    for (ptrdiff_t k = 0; k < rows; k++)
        for (ptrdiff_t j = 0; j < columns; j++) g[k * columns + j] = x[k] * error[j];
}

static void NAME(weights_gradient)(REAL *g, ptrdiff_t from, ptrdiff_t rows,
                                   ptrdiff_t columns, const Values *blocks,
                                   ptrdiff_t n_blocks, int add) {
    Term terms[MAX_BLOCKS];
    if (blocks[0].ld == 1) { /* a batch of one row */
        NAME(outer)(g, blocks[0].x + from, blocks[0].error, rows, columns);
        return;
    }
    for (ptrdiff_t b = 0; b < n_blocks; b++)
        terms[b] = (Term){
            .s = blocks[b].x + from * blocks[b].ld,
            .row = blocks[b].ld,
            .column = 1,
            .B = blocks[b].kept,
            .ld = NAME(padded)(columns, PAD),
            .depth = blocks[b].n,
        };
    NAME(multiply)(terms, n_blocks, g, columns, rows, columns, add);
}

static void NAME(bias_gradient)(REAL *g, ptrdiff_t from, ptrdiff_t rows,
                                const Values *blocks, ptrdiff_t n_blocks, int add) {
    if (!add) memset(g, 0, rows * sizeof(REAL));
    for (ptrdiff_t b = 0; b < n_blocks; b++) {
        const REAL *error = blocks[b].error + from * blocks[b].ld;
        for (ptrdiff_t j = 0; j < rows; j++)
            g[j] += NAME(sum)(error + j * blocks[b].ld, blocks[b].n);
    }
}

static void NAME(dense_gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t from,
                                 ptrdiff_t rows, const Values *blocks, ptrdiff_t n_blocks,
                                 int add) {
    if (part == 0)
        NAME(weights_gradient)(g, from, rows, layer->n_outputs, blocks, n_blocks, add);
    else
        NAME(bias_gradient)(g, from, rows, blocks, n_blocks, add);
}
