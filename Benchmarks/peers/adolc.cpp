// The scalar workloads with ADOL-C: a new trace each time that keeps its values, then one reverse sweep.
//
// usage: adolc FOLDER dag1e6|moons337      prints `metric value unit` lines
#include "harness.hpp"
#include <adolc/adolc.h>

// Large enough that no trace goes to disk; what is not used is never touched.
static const unsigned BUFFER = 1u << 25;

template <class F> static std::vector<double> gradients(int leaves, F record) {
  std::vector<double> found(leaves);
  double upstream = 1;
  trace_on(1, 1, BUFFER, BUFFER, BUFFER, BUFFER);
  record();
  trace_off();
  fos_reverse(1, 1, leaves, &upstream, found.data());
  return found;
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  std::string folder = arguments[1];
  double result;
  if (!strcmp(arguments[2], "dag1e6")) {
    Dag dag(folder);
    std::vector<adouble> all(dag.leaves + dag.operations);
    measureDag(dag, [&] {
      return gradients(dag.leaves, [&] {
        for (int i = 0; i < dag.leaves; i++) all[i] <<= dag.values[i];
        dag.evaluate(all);
        all.back() >>= result;
      });
    });
  } else {
    std::vector<double> data = numbers(folder + "/moons.txt"), w = numbers(folder + "/mlp337.txt");
    if (data.size() != 300 || w.size() != 337) return 2;
    std::vector<adouble> p(337);
    measureMoons([&] {
      std::vector<double> g = gradients(337, [&] {
        for (int i = 0; i < 337; i++) p[i] <<= w[i];
        adouble loss = moonsLoss(p, data);
        loss >>= result;
      });
      for (int i = 0; i < 337; i++) w[i] -= 0.1 * g[i];
      return result;
    });
  }
}
