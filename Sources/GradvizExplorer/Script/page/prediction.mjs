// Predict: which gradients are to be found.

import { loss, order } from "./page.mjs";

/** The gradients to find, in the order of their computation. */
export const exercise = order.filter(i => i !== loss);
