/* Periodic: z = x, then W' cos(2 pi w x_j + b) + c of each column j. Parts, with F
   frequencies and K features: w, b (n_columns, F), W (n_columns F, K), c (n_columns, K). */

static ptrdiff_t NAME(n_frequencies)(const Layer *layer) { return layer->parts[0].columns; }

static int NAME(periodic_has_its_parts)(const Layer *layer) {
    const Part *w = &layer->parts[0], *b = &layer->parts[1];
    const Part *W = &layer->parts[2], *c = &layer->parts[3];
    const ptrdiff_t n = layer->n_columns;
    if (n == 0) return layer->n_parts == 0 && layer->n_outputs == layer->n_inputs;
    return layer->n_parts == 4 && w->rows == n && b->rows == n && c->rows == n &&
           b->columns == w->columns && W->rows == n * w->columns &&
           W->columns == c->columns && layer->n_outputs == layer->n_inputs + n * c->columns;
}

/* kept: what forward and backward compute of each column. */
static REAL *NAME(cosines)(const Layer *layer, REAL *kept, ptrdiff_t column, ptrdiff_t ld) {
    return kept + column * NAME(n_frequencies)(layer) * ld; /* (F, ld) */
}

/* (F, ld) sines, which backward replaces by phi, the derivative of the loss by the angle */
static REAL *NAME(phi)(const Layer *layer, REAL *kept, ptrdiff_t column, ptrdiff_t ld) {
    return NAME(cosines)(layer, kept, layer->n_columns + column, ld);
}

static ptrdiff_t NAME(periodic_kept_units)(const Layer *layer) {
    /* and (F, ld) to work in */
    return layer->n_columns ? (2 * layer->n_columns + 1) * NAME(n_frequencies)(layer) : 0;
}

/* Of one column: cosines, sines (F, ld) of 2 pi w x + b; x (ld) */
static void NAME(waves)(REAL *restrict cosines, REAL *restrict sines,
                        const REAL *restrict x, const REAL *w, const REAL *b,
                        ptrdiff_t frequencies, ptrdiff_t ld) {
    for (ptrdiff_t f = 0; f < frequencies; f++) {
        const REAL shift = b[f] * (REAL)(1 / TWO_PI);
        for (ptrdiff_t i = 0; i < ld; i++) cosines[f * ld + i] = w[f] * x[i] + shift;
    }
    for (ptrdiff_t i = 0; i < frequencies * ld; i++)
        NAME(cos_sin)(cosines[i], &cosines[i], &sines[i]);
}

static void NAME(periodic_forward)(const Layer *layer, REAL *z, REAL *kept, const REAL *x,
                                   ptrdiff_t ld) {
    const Part *parts = layer->parts;
    memcpy(z, x, layer->n_inputs * ld * sizeof(REAL));
    z += layer->n_inputs * ld;
    for (ptrdiff_t j = 0; j < layer->n_columns; j++) {
        const ptrdiff_t F = parts[0].columns, K = parts[3].columns;
        const REAL *w = parts[0].values, *b = parts[1].values;
        const REAL *W = parts[2].values, *c = parts[3].values;
        REAL *cosines = NAME(cosines)(layer, kept, j, ld);
        NAME(waves)(cosines, NAME(phi)(layer, kept, j, ld), x + layer->columns[j] * ld,
                    w + j * F, b + j * F, F, ld);
        NAME(weights_by)(z + j * K * ld, cosines, W + j * F * K, F, K, ld);
        NAME(add_bias)(z + j * K * ld, c + j * K, K, ld);
    }
}

/* Of one column: phi (F, ld) from the sines in its place and slopes, the derivative by the
   cosines; below (ld), unless it is NULL, plus the derivative by x */
static void NAME(waves_backward)(REAL *restrict phi, REAL *restrict below,
                                 const REAL *restrict slopes, const REAL *w,
                                 ptrdiff_t frequencies, ptrdiff_t ld) {
    for (ptrdiff_t i = 0; i < frequencies * ld; i++) phi[i] *= -slopes[i];
    for (ptrdiff_t f = 0; f < frequencies && below; f++) {
        const REAL factor = (REAL)TWO_PI * w[f];
        for (ptrdiff_t i = 0; i < ld; i++) below[i] += factor * phi[f * ld + i];
    }
}

static void NAME(periodic_backward)(const Layer *layer, REAL *below, REAL *kept,
                                    const REAL *error, ptrdiff_t n, ptrdiff_t ld) {
    const Part *parts = layer->parts;
    (void)n;
    if (below) memcpy(below, error, layer->n_inputs * ld * sizeof(REAL));
    error += layer->n_inputs * ld;
    for (ptrdiff_t j = 0; j < layer->n_columns; j++) {
        const ptrdiff_t F = parts[0].columns, K = parts[3].columns;
        const REAL *w = parts[0].values, *W = parts[2].values;
        REAL *slopes = NAME(cosines)(layer, kept, 2 * layer->n_columns, ld);
        NAME(weights_times)(slopes, error + j * K * ld, W + j * F * K, F, K, ld);
        NAME(waves_backward)(NAME(phi)(layer, kept, j, ld),
                             below ? below + layer->columns[j] * ld : NULL, slopes,
                             w + j * F, F, ld);
    }
}

/* g (units), step apart, plus factor times the dot products of a (units, ld) and b (n). */
static void NAME(add_dots)(REAL *g, ptrdiff_t step, REAL factor, const REAL *a,
                           ptrdiff_t units, const REAL *b, ptrdiff_t n, ptrdiff_t ld) {
    ptrdiff_t j = 0;
    for (; j + 4 <= units; j += 4) {
        REAL dots[4];
        NAME(four_dots)(dots, a + j * ld, ld, b, n);
        for (int r = 0; r < 4; r++) g[(j + r) * step] += factor * dots[r];
    }
    for (; j < units; j++) g[j * step] += factor * NAME(dot)(a + j * ld, b, n);
}

/* g (units) plus the sums of the rows of a (units, ld). */
static void NAME(add_sums)(REAL *g, const REAL *a, ptrdiff_t units, ptrdiff_t n,
                           ptrdiff_t ld) {
    for (ptrdiff_t j = 0; j < units; j++) g[j] += NAME(sum)(a + j * ld, n);
}

/* The gradient of some rows of W, all of column j. */
static void NAME(add_amplitudes)(const Layer *layer, REAL *g, ptrdiff_t j, ptrdiff_t from,
                                 ptrdiff_t rows, const Values *block) {
    const ptrdiff_t K = layer->parts[2].columns, n = block->n, ld = block->ld;
    const REAL *error = block->error + (layer->n_inputs + j * K) * ld;
    for (ptrdiff_t k = 0; k < K; k++)
        NAME(add_dots)(g + k, K, 1, block->kept + from * ld, rows, error + k * ld, n, ld);
}

/* The gradient of row j of w, b or c. */
static void NAME(add_row_gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t j,
                                   const Values *block) {
    const ptrdiff_t ld = block->ld, n = block->n, columns = layer->parts[part].columns;
    const REAL *phi = NAME(phi)(layer, block->kept, j, ld);
    const REAL *x = block->x + layer->columns[j] * ld;
    const REAL *error = block->error + (layer->n_inputs + j * columns) * ld;
    switch (part) {
    case 0: NAME(add_dots)(g, 1, (REAL)TWO_PI, phi, columns, x, n, ld); break;
    case 1: NAME(add_sums)(g, phi, columns, n, ld); break;
    case 3: NAME(add_sums)(g, error, columns, n, ld);
    }
}

static void NAME(periodic_gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t from,
                                    ptrdiff_t rows, const Values *blocks,
                                    ptrdiff_t n_blocks, int add) {
    const ptrdiff_t columns = layer->parts[part].columns, end = from + rows;
    const ptrdiff_t of_column = part == 2 ? NAME(n_frequencies)(layer) : 1; /* rows */
    if (!add) memset(g, 0, rows * columns * sizeof(REAL));
    for (ptrdiff_t r = from, next; r < end; r = next) {
        const ptrdiff_t j = r / of_column;
        next = (j + 1) * of_column < end ? (j + 1) * of_column : end;
        REAL *its = g + (r - from) * columns;
        for (ptrdiff_t b = 0; b < n_blocks; b++)
            if (part == 2)
                NAME(add_amplitudes)(layer, its, j, r, next - r, &blocks[b]);
            else
                NAME(add_row_gradient)(layer, part, its, j, &blocks[b]);
    }
}
