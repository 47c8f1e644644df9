/* The kernel in the precision that is defined, and then no longer defined. */

/* Types whose definitions depend on the precision. */
#define Bits NAME(Bits)
#define Block NAME(Block)
#define Doubles NAME(Doubles)
#define Eight NAME(Eight)
#define Floats NAME(Floats)
#define Four NAME(Four)
#define Indices NAME(Indices)
#define LayerKind NAME(LayerKind)
#define Layout NAME(Layout)
#define Pass NAME(Pass)
#define Piece NAME(Piece)
#define Prediction NAME(Prediction)
#define Slice NAME(Slice)
#define Term NAME(Term)
#define Values NAME(Values)
#define Vector NAME(Vector)

#include "functions.h"
#include "activations.h"
#include "products.h"
#include "transposes.h"
#include "losses.h"
#include "optimizers.h"
#include "dropout.h"
#include "layers.h"
#include "layout.h"
#include "sharing.h"
#include "samples.h"
#include "network.h"
#include "training.h"
#include "prediction.h"

#undef Bits
#undef Block
#undef Doubles
#undef Eight
#undef Floats
#undef Four
#undef Indices
#undef LayerKind
#undef Layout
#undef Pass
#undef Piece
#undef Prediction
#undef Slice
#undef Term
#undef Values
#undef Vector
#undef REAL
#undef INT
#undef UINT
#undef NAME
#undef MANTISSA_BITS
#undef ROUNDING_SHIFT
#undef QUARTERS_SHIFT
#undef EXP_LOWEST
#undef EXP_HIGHEST
#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef SMALLEST_NORMAL
#undef EPSILON_OF_ONE
#undef EXPM1_OVER_R
#undef ATANH_REST
#undef SIN_OVER_R
#undef COS
#undef EPSILON
#undef SQRT_HALF
#undef INVERSE_SQRT_2_PI
#undef ERF
#undef SQRT
#undef CLIP
