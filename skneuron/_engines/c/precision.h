/* The kernel in the precision that is defined, and then no longer defined. */

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

#undef REAL
#undef INT
#undef UINT
#undef NAME
#undef MANTISSA_BITS
#undef ROUNDING_SHIFT
#undef EXP_LOWEST
#undef EXP_HIGHEST
#undef LOG2_E
#undef LN2_HIGH
#undef LN2_LOW
#undef SMALLEST_NORMAL
#undef EPSILON_OF_ONE
#undef EXPM1_OVER_R
#undef ATANH_REST
#undef EPSILON
#undef SQRT_HALF
#undef INVERSE_SQRT_2_PI
#undef ERF
#undef SQRT
#undef CLIP
