// What CppAD and ADOL-C share on the scalar workloads: the inputs, the clock, the network for any type of number, and
// the lines `metric value unit` that run.py reads. The tape by hand, which promises are measured against, does not
// include it: built by GCC with the helpers moved here, its moons337 took 123 µs instead of 105.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <time.h>
#include <vector>

inline double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}
inline double median(std::vector<double> v) { std::sort(v.begin(), v.end()); return v[v.size() / 2]; }
inline std::vector<double> numbers(const std::string &path) {
  std::vector<double> all;
  FILE *file = fopen(path.c_str(), "r");
  for (double x; file && fscanf(file, "%lf", &x) == 1;) all.push_back(x);
  if (file) fclose(file);
  return all;
}

struct Dag {
  int32_t leaves, operations;
  std::vector<int32_t> records;   // operation, a, b
  std::vector<double> values;     // of the leaves
  explicit Dag(const std::string &folder) {
    FILE *file = fopen((folder + "/dag.bin").c_str(), "rb");
    if (!file || fread(&leaves, 4, 1, file) != 1 || fread(&operations, 4, 1, file) != 1) exit(2);
    records.resize(3 * (size_t)operations);
    values.resize(leaves);
    if (fread(records.data(), 4, records.size(), file) != records.size()) exit(2);
    if (fread(values.data(), 8, values.size(), file) != values.size()) exit(2);
    fclose(file);
  }
  // The leaves are in `all` already.
  template <class Number> void evaluate(std::vector<Number> &all) const {
    const int32_t *p = records.data();
    for (int i = leaves; i < leaves + operations; i++, p += 3) {
      switch (p[0]) {
        case 0: all[i] = all[p[1]] + all[p[2]]; break;
        case 1: all[i] = all[p[1]] * all[p[2]]; break;
        case 2: all[i] = tanh(all[p[1]]); break;
        default: all[i] = exp(all[p[1]]);
      }
    }
  }
};

template <class Number> Number relu(const Number &x) { return x > 0.0 ? x : Number(0.0); }

// Maximum margin and L2 of the 2-16-16-1 network on 100 samples (x0 x1 y); `p` are its 337 parameters.
template <class Number> Number moonsLoss(const std::vector<Number> &p, const std::vector<double> &data) {
  Number first[16], second[16], total = 0.0, squares = 0.0;
  for (int s = 0; s < 100; s++) {
    const Number *q = p.data();
    for (int i = 0; i < 16; i++, q += 3) first[i] = relu(Number(q[2] + q[0] * data[3 * s] + q[1] * data[3 * s + 1]));
    for (int i = 0; i < 16; i++, q += 17) {
      Number sum = q[16];
      for (int j = 0; j < 16; j++) sum += q[j] * first[j];
      second[i] = relu(sum);
    }
    Number score = q[16];
    for (int j = 0; j < 16; j++) score += q[j] * second[j];
    total += relu(Number(1.0 - data[3 * s + 2] * score));
  }
  for (const Number &w : p) squares += w * w;
  return total * 0.01 + squares * 1e-4;
}

// `gradients` records the dag, sweeps back and returns d(last operation) / d(leaf).
template <class F> void measureDag(const Dag &dag, F gradients) {
  std::vector<double> times, found;
  for (int run = 0; run < 6; run++) {
    double start = now();
    found = gradients();
    if (run) times.push_back((now() - start) * 1e9 / dag.operations);
  }
  double check = 0;
  for (double g : found) check += std::fabs(g);
  printf("check %.12g sum\ntotal %g ns/op\n", check, median(times));
}

// `step` moves the parameters by -0.1 gradients and returns the loss before.
template <class F> void measureMoons(F step) {
  std::vector<double> times;
  for (int k = 0; k < 220; k++) {
    double start = now(), loss = step();
    if (k >= 20) times.push_back((now() - start) * 1e6);
    if (k == 19) printf("check %.12g loss\n", loss);
  }
  printf("step %g us\n", median(times));
}
