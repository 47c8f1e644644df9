/* Prediction: the raw outputs of many rows. */

typedef struct {
    const Network *network;
    const Layout *layout;
    const Matrix *X;
    REAL *outputs; /* (n_rows, n_outputs) */
    REAL *blocks;  /* (n_shares, block_size) */
    ptrdiff_t start, n, n_shares;
} Prediction;

/* out (n, n_outputs) = z' */
static void NAME(write_outputs)(REAL *out, const REAL *z, ptrdiff_t n, ptrdiff_t n_outputs,
                                ptrdiff_t ld) {
    for (ptrdiff_t i = 0; i < n; i++)
        for (ptrdiff_t j = 0; j < n_outputs; j++) out[i * n_outputs + j] = z[j * ld + i];
}

/* Predict a share of the rows, in the memory of one block. */
static void NAME(share_task)(void *context, ptrdiff_t index) {
    const Prediction *some = context;
    const Layout *at = some->layout;
    const Network *network = some->network;
    const ptrdiff_t n_outputs = NAME(last_layer)(network)->n_outputs;
    const ptrdiff_t end = some->start + some->n * (index + 1) / some->n_shares;
    Block block = {.start = some->start + some->n * index / some->n_shares};
    block.memory = some->blocks + index * at->block_size;
    for (; block.start < end; block.start += block.n) {
        const ptrdiff_t left = end - block.start;
        block.n = left < at->block_rows ? left : at->block_rows;
        block.ld = NAME(leading)(block.n);
        NAME(gather)(block.memory, some->X, NULL, block.start, block.n,
                     network->layers[0].n_inputs, block.ld);
        NAME(forward)(network, at, block, 0, NULL);
        NAME(write_outputs)(some->outputs + block.start * n_outputs,
                            block.memory + at->a[network->n_layers] * block.ld, block.n,
                            n_outputs, block.ld);
    }
}

/* Rows between two looks at signals: whole blocks for every share. */
static ptrdiff_t NAME(rows_between_signals)(const Network *network, const Layout *layout) {
    ptrdiff_t least = layout->most_blocks * layout->block_rows;
    double times = EFFORT_BETWEEN_SIGNALS / NAME(effort)(network, layout, least);
    return times > 1 ? least * (ptrdiff_t)times : least;
}

/* outputs (n_rows, n_outputs) of all rows of X; of some, where a signal has ended it */
static void NAME(raw_outputs)(const Network *network, void *outputs, const Matrix *X,
                              ptrdiff_t n_rows, Call *call) {
    Layout layout;
    NAME(lay_out)(&layout, network, n_rows);
    Prediction some = {.network = network,
                       .layout = &layout,
                       .X = X,
                       .outputs = outputs,
                       .n_shares = layout.most_blocks};
    some.blocks = (REAL *)(((uintptr_t)call->memory + 63) / 64 * 64);
    /* forward alone, a third of the work of training */
    Team *team = NAME(team)(network, &layout, n_rows / 3, n_rows, call->n_threads);
    const ptrdiff_t most = NAME(rows_between_signals)(network, &layout);
    double effort = 0;
    for (some.start = 0; some.start < n_rows; some.start += some.n) {
        const ptrdiff_t left = n_rows - some.start;
        some.n = left < most ? left : most;
        skneuron_team_run(team, NAME(share_task), &some, some.n_shares);
        effort += NAME(effort)(network, &layout, some.n);
        if (NAME(interrupted)(call, &effort)) break;
    }
    skneuron_team_end(team);
}
