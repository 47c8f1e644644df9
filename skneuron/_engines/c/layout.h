/* Layout: how rows are cut into blocks, parameters into slices, and memory into matrices.

   A batch is processed in blocks of rows, small enough for the cache; the gradient over all
   blocks is computed in slices of the parameters. Matrices are feature-major: the values of
   one unit for the rows of a block are adjacent, so that loops vectorise however few units
   there are. */

/* Some rows of a batch, and the memory of their matrices. */
typedef struct {
    ptrdiff_t start, n, ld; /* first row, number of rows, distance from unit to unit */
    REAL *memory;
} Block;

/* Some rows of a part. */
typedef struct {
    int layer, part;
    ptrdiff_t from, rows;
} Slice;

/* Places of matrices in a block, in units: times ld, in numbers. Those of a layer have the
   index of its outputs; 0 has the inputs of the network. */
typedef struct {
    ptrdiff_t a[MAX_LAYERS + 1];     /* (units, ld) outputs, those of the last raw */
    ptrdiff_t slope[MAX_LAYERS + 1]; /* (units, ld) f'(z), times the mask of dropout */
    ptrdiff_t error[MAX_LAYERS + 1]; /* (units, ld) derivative of the loss by z */
    ptrdiff_t kept[MAX_LAYERS + 1];  /* what the layer keeps for the gradient */
    ptrdiff_t y, sample_weight, scratch;
    ptrdiff_t block_rows, block_size, most_blocks; /* size in numbers; blocks of a pass */
    ptrdiff_t n_units, n_slices;
    Slice slices[SLICES + MAX_LAYERS * MAX_PARTS];
} Layout;

/* A single row is contiguous, several are padded to whole vectors. */
static ptrdiff_t NAME(leading)(ptrdiff_t n) { return n == 1 ? 1 : NAME(padded)(n, PAD); }

/* Blocks of n rows; the last one takes up to PAD more than the others, which would make a
   small block by themselves. */
static ptrdiff_t NAME(n_blocks)(const Layout *layout, ptrdiff_t n) {
    ptrdiff_t rows = layout->block_rows;
    return n <= rows ? 1 : (n + rows - PAD - 1) / rows;
}

/* Whether the derivative by the outputs of a layer differs from that by z. */
static int NAME(has_slope)(const Layer *layer) {
    return layer->activation != IDENTITY || layer->dropout > 0;
}

static void NAME(lay_out_matrices)(Layout *layout, const Network *network) {
    ptrdiff_t at = network->layers[0].n_inputs;
    layout->a[0] = 0;
    layout->n_units = at;
    for (int l = 1; l <= network->n_layers; l++) {
        const Layer *layer = &network->layers[l - 1];
        const ptrdiff_t units = layer->n_outputs;
        layout->n_units += units;
        layout->error[l] = layout->a[l] = at; /* the loss writes over the raw outputs */
        at += units;
        layout->slope[l] = at;
        at += NAME(has_slope)(layer) ? units : 0;
        if (l < network->n_layers) {
            layout->error[l] = at;
            at += units;
        }
        layout->kept[l] = at;
        at += NAME(kind)(layer)->kept_units(layer);
    }
    layout->y = at;
    layout->sample_weight = layout->y + network->layers[network->n_layers - 1].n_outputs;
    layout->scratch = layout->sample_weight + 1;
}

static void NAME(lay_out_blocks)(Layout *layout, ptrdiff_t batch_rows) {
    ptrdiff_t times = NARROW_UNITS / layout->n_units;
    ptrdiff_t rows = BLOCK_ROWS * (times < 1 ? 1 : (times > 10 ? 10 : times));
    layout->block_rows = rows < batch_rows ? rows : batch_rows;
    ptrdiff_t most_rows = rows + PAD < batch_rows ? rows + PAD : batch_rows;
    layout->block_size =
        NAME(padded)((layout->scratch + 3) * NAME(leading)(most_rows), PAD);

    ptrdiff_t most = PASS_BYTES / (layout->block_size * (ptrdiff_t)sizeof(REAL));
    if (most > PASS_ROWS / layout->block_rows) most = PASS_ROWS / layout->block_rows;
    ptrdiff_t wanted = NAME(n_blocks)(layout, batch_rows);
    layout->most_blocks = most < 1 ? 1 : (most < wanted ? most : wanted);
}

static void NAME(cut_slices)(Layout *layout, const Network *network) {
    ptrdiff_t size = network->n_parameters / SLICES;
    if (size < SMALLEST_SLICE) size = SMALLEST_SLICE;
    layout->n_slices = 0;
    for (int l = 0; l < network->n_layers; l++)
        for (int p = 0; p < network->layers[l].n_parts; p++) {
            const Part *part = &network->layers[l].parts[p];
            ptrdiff_t rows = NAME(padded)(size / part->columns + 1, 8);
            for (ptrdiff_t from = 0; from < part->rows; from += rows) {
                ptrdiff_t left = part->rows - from;
                layout->slices[layout->n_slices++] =
                    (Slice){l, p, from, left < rows ? left : rows};
            }
        }
}

static void NAME(lay_out)(Layout *layout, const Network *network, ptrdiff_t batch_rows) {
    NAME(lay_out_matrices)(layout, network);
    NAME(lay_out_blocks)(layout, batch_rows);
    NAME(cut_slices)(layout, network);
}

/* Bytes of memory for calls with batches of so many rows. */
static ptrdiff_t NAME(memory_size)(const Network *network, ptrdiff_t batch_rows) {
    Layout layout;
    NAME(lay_out)(&layout, network, batch_rows);
    return (layout.most_blocks + 2 * layout.n_slices) * (ptrdiff_t)sizeof(double) +
           layout.most_blocks * layout.block_size * (ptrdiff_t)sizeof(REAL) + 64;
}
