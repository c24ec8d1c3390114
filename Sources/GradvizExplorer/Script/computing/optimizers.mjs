// How parameters follow their gradients: the rules of Autograd/Optimizers, each parameter with a state of its own.

/**
 * @typedef {object} Own - one parameter's state
 * @property {number} first @property {number} second @property {number} count @property {number} power1
 * @property {number} power2
 */

/** By kind: one number's step along its gradient; changes its state. */
const rules = {
  sgd(x, g, own, rate, { momentum, dampening, nesterov }) {
    if (!momentum) return x - rate * g;
    own.first = own.count === 1 ? g : momentum * own.first + (1 - dampening) * g;
    return x - rate * (nesterov ? g + momentum * own.first : own.first);
  },
  rmsprop(x, g, own, rate, { alpha, epsilon, momentum }) {
    own.second = alpha * own.second + (1 - alpha) * g * g;
    const scaled = g / (Math.sqrt(own.second) + epsilon);
    if (!momentum) return x - rate * scaled;
    own.first = momentum * own.first + scaled;
    return x - rate * own.first;
  },
  adagrad(x, g, own, rate, { rateDecay, epsilon }) {
    own.second += g * g;
    return x - rate / (1 + (own.count - 1) * rateDecay) * g / (Math.sqrt(own.second) + epsilon);
  },
  adam(x, g, own, rate, { beta1, beta2, epsilon, decay, decoupled }) {
    own.power1 *= beta1;
    own.power2 *= beta2;
    const begin = decoupled ? x * (1 - rate * decay) : x;
    own.first += (g - own.first) * (1 - beta1);
    own.second = beta2 * own.second + (1 - beta2) * g * g;
    const size = rate / (1 - own.power1);
    return begin - size * own.first / (Math.sqrt(own.second) / Math.sqrt(1 - own.power2) + epsilon);
  },
};

export class Optimizer {
  /**
   * @param {{kind: keyof typeof rules, initial?: number, rates?: number[]} | undefined} method - plain descent if undefined
   */
  constructor(method) {
    this.method = method ?? { kind: "sgd" };
    this.restart();
  }

  restart() {
    this.updates = 0;
    /** @type {Map<number, Own>} */
    this.owns = new Map();
  }

  copy() { return { updates: this.updates, owns: new Map(this.owns) }; }

  /** @param {{updates: number, owns: Map<number, Own>}} copy - not used elsewhere */
  take(copy) { Object.assign(this, copy); }

  /** The rate of the next update: that of the slider, as a schedule changes it. */
  rate(chosen) {
    const { rates } = this.method;
    return rates ? chosen * rates[Math.min(this.updates, rates.length - 1)] / rates[0] : chosen;
  }

  /**
   * The leaves after the next update.
   * @param {number[]} parameters @param {Float64Array} x @param {Float64Array} gradients @param {number} rate
   */
  next(parameters, x, gradients, rate, isTaken = false) {
    const result = x.slice();
    const { method } = this;
    const { decay } = method;
    for (const i of parameters) {
      const own = { first: 0, second: method.initial ?? 0, count: 0, power1: 1, power2: 1, ...this.owns.get(i) };
      own.count += 1;
      const gradient = decay && !method.decoupled ? gradients[i] + decay * x[i] : gradients[i];
      result[i] = rules[method.kind](x[i], gradient, own, this.rate(rate), method);
      if (isTaken) this.owns.set(i, own);
    }
    if (isTaken) this.updates += 1;
    return result;
  }
}
