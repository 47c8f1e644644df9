/* The kinds of layers: the one table by which the network knows them.

   A kind is a header with the functions of `LayerKind`, as scale.h. To add one, enter it in
   the list, by the `kernel_name` of the Python class and the prefix of its functions, and
   include it below. */

#ifndef LAYERS
// clang-format off
#define LAYERS(X)                                                                          \
    X(DENSE, dense)                                                                        \
    X(SCALE, scale)                                                                        \
    X(PERIODIC, periodic)
// clang-format on
#endif

#ifdef REAL /* in each precision */

/* What the gradient of a layer needs of a block of rows. */
typedef struct {
    const REAL *x;     /* (n_inputs, ld) inputs */
    const REAL *error; /* (n_outputs, ld) derivative of the loss by z */
    REAL *kept;        /* (kept_units, ld) written by forward and backward */
    ptrdiff_t n, ld;   /* rows in use, distance from unit to unit */
} Values;

typedef struct {
    /* Whether the parts have the shapes that the functions below rely on. */
    int (*has_its_parts)(const Layer *layer);

    /* The size of kept, in units: times ld. */
    ptrdiff_t (*kept_units)(const Layer *layer);

    /* z (n_outputs, ld) from x (n_inputs, ld), before the activation */
    void (*forward)(const Layer *layer, REAL *z, REAL *kept, const REAL *x, ptrdiff_t ld);

    /* below (n_inputs, ld), the derivative of the loss by x, unless it is NULL; from error
       (n_outputs, ld), that by z */
    void (*backward)(const Layer *layer, REAL *below, REAL *kept, const REAL *error,
                     ptrdiff_t n, ptrdiff_t ld);

    /* The gradient g (rows, columns) of some rows of a part: the sum over the blocks, or g
       plus that. */
    void (*gradient)(const Layer *layer, int part, REAL *g, ptrdiff_t from, ptrdiff_t rows,
                     const Values *blocks, ptrdiff_t n_blocks, int add);
} LayerKind;

#include "dense.h"
#include "scale.h"
#include "periodic.h"

#define KIND(name, prefix)                                                                 \
    {NAME(prefix##_has_its_parts), NAME(prefix##_kept_units), NAME(prefix##_forward),      \
     NAME(prefix##_backward), NAME(prefix##_gradient)},
static const LayerKind NAME(layer_kinds)[] = {LAYERS(KIND)};
#undef KIND

static const LayerKind *NAME(kind)(const Layer *layer) {
    return &NAME(layer_kinds)[layer->kind];
}

static int NAME(has_its_parts)(const Layer *layer) {
    return NAME(kind)(layer)->has_its_parts(layer);
}

#endif
