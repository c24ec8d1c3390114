// The scalar workloads with CppAD: a new recording each time, then one reverse sweep.
//
// usage: cppad FOLDER dag1e6|moons337      prints `metric value unit` lines
#include "harness.hpp"
#include <cppad/cppad.hpp>

using Number = CppAD::AD<double>;

// Comparisons are not recorded: the tape is used once.
static void start(std::vector<Number> &leaves) { CppAD::Independent(leaves, 0, false); }
static std::vector<double> backward(std::vector<Number> &leaves, const Number &root) {
  std::vector<Number> roots(1, root);
  CppAD::ADFun<double> tape(leaves, roots);
  return tape.Reverse(1, std::vector<double>(1, 1.0));
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  std::string folder = arguments[1];
  CppAD::thread_alloc::hold_memory(true);
  if (!strcmp(arguments[2], "dag1e6")) {
    Dag dag(folder);
    std::vector<Number> all(dag.leaves + dag.operations);
    measureDag(dag, [&] {
      std::vector<Number> leaves(dag.values.begin(), dag.values.end());
      start(leaves);
      std::copy(leaves.begin(), leaves.end(), all.begin());
      dag.evaluate(all);
      return backward(leaves, all.back());
    });
  } else {
    std::vector<double> data = numbers(folder + "/moons.txt"), w = numbers(folder + "/mlp337.txt");
    if (data.size() != 300 || w.size() != 337) return 2;
    measureMoons([&] {
      std::vector<Number> leaves(w.begin(), w.end());
      start(leaves);
      Number loss = moonsLoss(leaves, data);
      std::vector<double> gradients = backward(leaves, loss);
      for (int i = 0; i < 337; i++) w[i] -= 0.1 * gradients[i];
      return CppAD::Value(loss);
    });
  }
}
