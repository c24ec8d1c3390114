// The least that a tape of numbers must do, by hand: two operands and two local derivatives for each operation,
// one gradient. What gradviz' engine is measured against.
//
// usage: tape FOLDER dag1e6|moons337      prints `metric value unit` lines
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <algorithm>
#include <string>
#include <time.h>
#include <vector>

struct Node { int32_t a, b; double da, db; };
static Node *nodes;
static int32_t length, capacity;
static std::vector<double> gradients;

static inline int32_t push(int32_t a, double da, int32_t b, double db) {
  if (__builtin_expect(length == capacity, 0)) {
    capacity = capacity ? capacity * 2 : 1 << 16;
    nodes = (Node *)std::realloc(nodes, sizeof(Node) * (size_t)capacity);
  }
  nodes[length] = {a, b, da, db};
  return length++;
}
struct Number {
  double value; int32_t place;
  Number(double v = 0) : value(v), place(0) {}   // place 0 takes the gradients of constants
  Number(double v, int32_t p) : value(v), place(p) {}
};
static inline Number leaf(double x) { return {x, push(0, 0, 0, 0)}; }
static inline Number operator+(Number x, Number y) { return {x.value + y.value, push(x.place, 1, y.place, 1)}; }
static inline Number operator*(Number x, Number y) {
  return {x.value * y.value, push(x.place, y.value, y.place, x.value)};
}
static inline Number relu(Number x) { return {x.value > 0 ? x.value : 0, push(x.place, x.value > 0, 0, 0)}; }
static inline Number tanh_of(Number x) { double t = std::tanh(x.value); return {t, push(x.place, 1 - t * t, 0, 0)}; }
static inline Number exp_of(Number x) { double t = std::exp(x.value); return {t, push(x.place, t, 0, 0)}; }

static void backward(int32_t root) {
  gradients.assign(length, 0.0);
  double *g = gradients.data();
  g[root] = 1;
  for (int32_t i = root; i >= 0; i--) {
    double upstream = g[i];
    if (upstream == 0) continue;
    g[nodes[i].a] += nodes[i].da * upstream;
    g[nodes[i].b] += nodes[i].db * upstream;
  }
}
static double now() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}
static double median(std::vector<double> v) { std::sort(v.begin(), v.end()); return v[v.size() / 2]; }
static std::vector<double> numbers(const std::string &path) {
  std::vector<double> all;
  FILE *file = fopen(path.c_str(), "r");
  for (double x; file && fscanf(file, "%lf", &x) == 1;) all.push_back(x);
  if (file) fclose(file);
  return all;
}

static void dag(const std::string &folder) {
  FILE *file = fopen((folder + "/dag.bin").c_str(), "rb");
  int32_t head[2];
  if (!file || fread(head, 4, 2, file) != 2) exit(2);
  std::vector<int32_t> records(3 * (size_t)head[1]);
  std::vector<double> leaves(head[0]);
  if (fread(records.data(), 4, records.size(), file) != records.size()) exit(2);
  if (fread(leaves.data(), 8, leaves.size(), file) != leaves.size()) exit(2);
  fclose(file);
  std::vector<Number> values(head[0] + head[1]);
  std::vector<double> times;
  for (int run = 0; run < 12; run++) {
    double start = now();
    length = 0;
    push(0, 0, 0, 0);
    for (int i = 0; i < head[0]; i++) values[i] = leaf(leaves[i]);
    const int32_t *p = records.data();
    for (int i = head[0]; i < head[0] + head[1]; i++, p += 3) {
      Number a = values[p[1]];
      switch (p[0]) {
        case 0: values[i] = a + values[p[2]]; break;
        case 1: values[i] = a * values[p[2]]; break;
        case 2: values[i] = tanh_of(a); break;
        default: values[i] = exp_of(a);
      }
    }
    backward(values.back().place);
    if (run) times.push_back((now() - start) * 1e9 / head[1]);
  }
  double check = 0;
  for (int i = 0; i < head[0]; i++) check += std::fabs(gradients[values[i].place]);
  printf("check %.12g sum\ntotal %g ns/op\n", check, median(times));
}

static void moons(const std::string &folder) {
  std::vector<double> data = numbers(folder + "/moons.txt"), w = numbers(folder + "/mlp337.txt"), times;
  if (data.size() != 300 || w.size() != 337) exit(2);
  for (int step = 0; step < 1020; step++) {
    double start = now();
    length = 0;
    push(0, 0, 0, 0);
    Number p[337], first[16], second[16], total, squares;
    for (int i = 0; i < 337; i++) p[i] = leaf(w[i]);
    for (int s = 0; s < 100; s++) {
      const Number *q = p;
      for (int i = 0; i < 16; i++, q += 3)
        first[i] = relu(q[2] + q[0] * Number(data[3 * s]) + q[1] * Number(data[3 * s + 1]));
      for (int i = 0; i < 16; i++, q += 17) {
        Number sum = q[16];
        for (int j = 0; j < 16; j++) sum = sum + q[j] * first[j];
        second[i] = relu(sum);
      }
      Number score = q[16];
      for (int j = 0; j < 16; j++) score = score + q[j] * second[j];
      total = total + relu(Number(1) + score * Number(-data[3 * s + 2]));
    }
    for (int i = 0; i < 337; i++) squares = squares + p[i] * p[i];
    Number loss = total * Number(0.01) + squares * Number(1e-4);
    backward(loss.place);
    for (int i = 0; i < 337; i++) w[i] -= 0.1 * gradients[p[i].place];
    if (step >= 20) times.push_back((now() - start) * 1e6);
    if (step == 19) printf("check %.12g loss\n", loss.value);
  }
  printf("step %g us\n", median(times));
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  if (!strcmp(arguments[2], "dag1e6")) dag(arguments[1]); else moons(arguments[1]);
}
