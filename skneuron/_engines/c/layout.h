/* Layout: how rows are cut into blocks, parameters into pieces, and memory into matrices.

   A batch is processed in blocks of rows, small enough for the cache; the gradient over all
   blocks is computed and stepped along in pieces of the parameters. Matrices are
   feature-major: the values of one unit for the rows of a block are adjacent, so that loops
   vectorise however few units there are. */

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

/* A range of the vector of parameters, under the rules of one part: some rows of a large
   part, or several small parts. */
typedef struct {
    const Part *rules;
    ptrdiff_t offset, size;
    int first_slice, n_slices;
} Piece;

/* Places of matrices in a block, in units: times ld, in numbers. Those of a layer have the
   index of its outputs; 0 has the inputs of the network. */
typedef struct {
    ptrdiff_t a[MAX_LAYERS + 1];     /* (units, ld) outputs, those of the last raw */
    ptrdiff_t slope[MAX_LAYERS + 1]; /* (units, ld) f'(z), times the mask of dropout */
    ptrdiff_t error[MAX_LAYERS + 1]; /* (units, ld) derivative of the loss by z */
    ptrdiff_t kept[MAX_LAYERS + 1];  /* what the layer keeps for the gradient */
    ptrdiff_t y, sample_weight, scratch;
    ptrdiff_t block_rows, block_size, most_blocks; /* size in numbers; blocks of a pass */
    ptrdiff_t n_units;
    int n_slices, n_pieces;
    Slice slices[MAX_PIECES];
    Piece pieces[MAX_PIECES];
} Layout;

/* A single row is contiguous, several are padded to whole vectors. */
static ptrdiff_t NAME(leading)(ptrdiff_t n) { return n == 1 ? 1 : NAME(padded)(n, PAD); }

/* Blocks of n rows; the last one takes up to PAD more than the others, which would make a
   small block by themselves. */
static ptrdiff_t NAME(n_blocks)(const Layout *layout, ptrdiff_t n) {
    ptrdiff_t rows = layout->block_rows;
    return n <= rows ? 1 : (n + rows - PAD - 1) / rows;
}

/* Whether the derivative of the loss by z differs from that by the outputs. */
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

/* Whether a part follows in the vector, under the same rules, and fits. */
static int NAME(can_join)(const Piece *piece, const Part *part, ptrdiff_t most) {
    return piece->offset + piece->size == part->offset &&
           piece->size + part->rows * part->columns <= most &&
           piece->rules->rate == part->rate && piece->rules->decays == part->decays &&
           piece->rules->penalised == part->penalised;
}

static void NAME(add_part)(Layout *layout, const Part *part, int l, int p, ptrdiff_t most) {
    const ptrdiff_t rows = NAME(padded)(most / part->columns + 1, 8);
    Piece *last = layout->n_pieces ? &layout->pieces[layout->n_pieces - 1] : NULL;
    if (last && NAME(can_join)(last, part, most)) {
        layout->slices[layout->n_slices++] = (Slice){l, p, 0, part->rows};
        last->size += part->rows * part->columns;
        last->n_slices++;
        return;
    }
    for (ptrdiff_t from = 0; from < part->rows; from += rows) {
        const ptrdiff_t left = part->rows - from, some = left < rows ? left : rows;
        layout->pieces[layout->n_pieces++] = (Piece){
            .rules = part,
            .offset = part->offset + from * part->columns,
            .size = some * part->columns,
            .first_slice = layout->n_slices,
            .n_slices = 1,
        };
        layout->slices[layout->n_slices++] = (Slice){l, p, from, some};
    }
}

/* The first parts of all layers, then the second, ...: in most networks that is the order
   of the vector, so that small ones can join. */
static void NAME(cut_pieces)(Layout *layout, const Network *network) {
    ptrdiff_t most = network->n_parameters / PIECES;
    if (most < SMALLEST_PIECE) most = SMALLEST_PIECE;
    layout->n_slices = layout->n_pieces = 0;
    for (int p = 0; p < MAX_PARTS; p++)
        for (int l = 0; l < network->n_layers; l++)
            if (p < network->layers[l].n_parts)
                NAME(add_part)(layout, &network->layers[l].parts[p], l, p, most);
}

static void NAME(lay_out)(Layout *layout, const Network *network, ptrdiff_t batch_rows) {
    NAME(lay_out_matrices)(layout, network);
    NAME(lay_out_blocks)(layout, batch_rows);
    NAME(cut_pieces)(layout, network);
}

/* Bytes of memory for calls with batches of so many rows. */
static ptrdiff_t NAME(memory_size)(const Network *network, ptrdiff_t batch_rows) {
    Layout layout;
    NAME(lay_out)(&layout, network, batch_rows);
    return (layout.most_blocks + 2 * layout.n_pieces) * (ptrdiff_t)sizeof(double) +
           layout.most_blocks * layout.block_size * (ptrdiff_t)sizeof(REAL) + 64;
}
