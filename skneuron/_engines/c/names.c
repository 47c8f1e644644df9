/* The names by which Python calls what the lists of job.h and layers.h have. */

#include "job.h"

#define ROW(name, count) {#name, count},
const Named skneuron_activations[] = {ACTIVATIONS(ROW){NULL, 0}};
const Named skneuron_losses[] = {LOSSES(ROW){NULL, 0}};
const Named skneuron_optimizers[] = {OPTIMIZERS(ROW){NULL, 0}};

#define KIND(name, prefix) {#name, 0},
const Named skneuron_layers[] = {LAYERS(KIND){NULL, 0}};

#define HYPERPARAMETER(name, neutral) {#name, offsetof(Optimizer, name), neutral},
const Scalar skneuron_hyperparameters[] = {HYPERPARAMETERS(HYPERPARAMETER){NULL, 0, 0}};

#define STEP_RULE(name, neutral) {#name, offsetof(StepRule, name), neutral},
const Scalar skneuron_step_rules[] = {STEP_RULES(STEP_RULE){NULL, 0, 0}};
