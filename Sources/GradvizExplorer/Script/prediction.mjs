// Predict: which gradients are to be found.

import { inOrder } from "./drawing.mjs";
import { loss } from "./page.mjs";

/** The gradients to find, in the order of their computation. */
export const exercise = inOrder.filter(i => i !== loss);
