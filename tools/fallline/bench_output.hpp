#pragma once

#include <fallline/bench/bench.hpp>

namespace fallline::tool {

/// Prints findings as they are made, as tables on standard output: the machine, epochs and
/// evaluations, steps.
class BenchTables {
 public:
  void print(const bench::Finding& finding);

 private:
  void print(const bench::Machine& machine);
  void print(const bench::Measurement& measurement);

  bool on_sets_ = false;
  bool on_steps_ = false;
};

/// One row a measurement, and two for each machine: its operations and its bytes a second.
void print_bench_csv(const bench::Result& result);

}  // namespace fallline::tool
