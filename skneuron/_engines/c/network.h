/* The network: forward and backward through its layers, for a block of rows. */

static const Layer *NAME(last_layer)(const Network *network) {
    return &network->layers[network->n_layers - 1];
}

/* The outputs of each layer and, with_slope, their derivatives by z; with the dropout of a
   run unless that is NULL. */
static void NAME(forward)(const Network *network, const Layout *at, Block block,
                          int with_slope, const Run *dropout) {
    const ptrdiff_t ld = block.ld;
    uint32_t pair = 0; /* of units, over all layers */
    for (int l = 0; l < network->n_layers; l++) {
        const Layer *layer = &network->layers[l];
        const ptrdiff_t units = layer->n_outputs;
        REAL *z = block.memory + at->a[l + 1] * ld;
        REAL *slope = with_slope && NAME(has_slope)(layer)
                          ? block.memory + at->slope[l + 1] * ld
                          : NULL;
        NAME(kind)(layer)->forward(layer, z, block.memory + at->kept[l + 1] * ld,
                                   block.memory + at->a[l] * ld, ld);
        if (slope || layer->activation != IDENTITY)
            NAME(activate)(z, slope, layer->activation, layer->constants, units * ld);
        if (dropout && layer->dropout > 0)
            NAME(drop_out)(z, slope, layer->dropout, dropout->dropout_seed, dropout->epoch,
                           pair, block.start, units, ld, block.n);
        pair += (uint32_t)(units + 1) / 2;
    }
}

static void NAME(multiply_by_slope)(REAL *restrict error, const REAL *restrict slope,
                                    ptrdiff_t size) {
    for (ptrdiff_t i = 0; i < size; i++) error[i] *= slope[i];
}

/* The error of every layer, from that by the outputs of the last. */
static void NAME(backward)(const Network *network, const Layout *at, Block block) {
    const ptrdiff_t ld = block.ld;
    for (int l = network->n_layers; l > 0; l--) {
        const Layer *layer = &network->layers[l - 1];
        REAL *error = block.memory + at->error[l] * ld;
        REAL *kept = block.memory + at->kept[l] * ld;
        REAL *below = l > 1 ? block.memory + at->error[l - 1] * ld : NULL;
        if (NAME(has_slope)(layer))
            NAME(multiply_by_slope)(error, block.memory + at->slope[l] * ld,
                                    layer->n_outputs * ld);
        NAME(kind)(layer)->backward(layer, below, kept, error, block.n, ld);
    }
}
