#include "bench_output.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <fallline/memory.hpp>
#include <string>
#include <utility>

#include "console.hpp"

namespace fallline::tool {
namespace {

using bench::Machine;
using bench::Measurement;
using bench::Seconds;
using bench::Subject;
using bench::Unit;

constexpr double giga = 1e9;
constexpr double milli = 1e-3;

const char* cells_of(const Measurement& m) { return m.cells == CellType::u8 ? "u8" : "f32"; }

/// Median, least and greatest in milliseconds; rate; share and peak.
std::string figures(const Measurement& m) {
  const Seconds& s = m.seconds;
  return fmt::format("{:>9.3f} {:>9.3f} {:>9.3f} {:>8.1f} {:>8.1f} {:>6.1f} %", s.median / milli,
                     s.least / milli, s.greatest / milli, m.rate() / giga, m.peak / giga,
                     m.percent_of_peak());
}

void print_set_header() {
  fmt::print(
      "\n{:<10} {:<8} {:>7} {:>9} {:>7} {:>5} {:>5} {:>8} {:<13} {:<13} {:<10} {:>9} {:>9} "
      "{:>9} {:>8} {:>8} {:>8} {:>12}\n",
      "what", "isa", "threads", "N", "D", "C", "cells", "batch", "loss", "optimizer", "arithmetic",
      "ms", "least", "greatest", "GFLOP/s", "peak", "of peak", "examples/s");
}

void print_set_row(const Measurement& m) {
  const std::string batch = m.batch_size == 0 ? "" : std::to_string(m.batch_size);
  fmt::print("{:<10} {:<8} {:>7} {:>9} {:>7} {:>5} {:>5} {:>8} {:<13} {:<13} {:<10} {} {:>12.0f}\n",
             name_of(m.subject), name_of(m.instruction_set), m.threads, m.examples, m.features,
             m.classes, cells_of(m), batch, m.loss, m.optimizer, m.arithmetic, figures(m),
             m.examples_per_second());
}

void print_step_header() {
  fmt::print("\n{:<14} {:<8} {:>7} {:>11} {:>9} {:>9} {:>9} {:>8} {:>8} {:>8}\n", "step of", "isa",
             "threads", "parameters", "ms", "least", "greatest", "GB/s", "triad", "of triad");
}

void print_step_row(const Measurement& m) {
  fmt::print("{:<14} {:<8} {:>7} {:>11} {}\n", m.optimizer, name_of(m.instruction_set), m.threads,
             m.parameters, figures(m));
}

}  // namespace

void BenchTables::print(const bench::Finding& finding) {
  std::visit([this](const auto& one) { print(one); }, finding);
  (void)std::fflush(stdout);
}

void BenchTables::print(const Machine& m) {
  fmt::print(
      "machine  {}, {} {}: {:.1f} GFLOP/s of multiply-adds, {:.1f} GB/s of a = b + s c over "
      "3 x {}\n",
      name_of(m.instruction_set), m.threads, m.threads == 1 ? "thread" : "threads", m.flops / giga,
      m.triad / giga, format_bytes(m.array_bytes));
}

void BenchTables::print(const Measurement& m) {
  if (m.subject == Subject::optimizers) {
    if (!std::exchange(on_steps_, true)) print_step_header();
    print_step_row(m);
  } else {
    if (!std::exchange(on_sets_, true)) print_set_header();
    print_set_row(m);
  }
}

void print_bench_csv(const bench::Result& result) {
  fmt::print(
      "what,data,instruction_set,threads,examples,features,classes,cells,batch_size,loss,"
      "optimizer,arithmetic,parameters,seconds,least_seconds,greatest_seconds,repeats,"
      "examples_per_second,unit,per_second,peak_per_second,percent_of_peak\n");
  for (const Machine& m : result.machines)
    for (const auto& [unit, peak] : {std::pair{"flop", m.flops}, {"byte", m.triad}})
      fmt::print("machine,,{},{},,,,,,,,,,,,,,,{},{},{},100\n", name_of(m.instruction_set),
                 m.threads, unit, peak, peak);
  for (const Measurement& m : result.measurements)
    fmt::print("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
               name_of(m.subject), csv_cell(m.data), name_of(m.instruction_set), m.threads,
               m.examples, m.features, m.classes, cells_of(m), m.batch_size, m.loss, m.optimizer,
               m.arithmetic, m.parameters, m.seconds.median, m.seconds.least, m.seconds.greatest,
               m.seconds.repeats, m.examples_per_second(), m.unit == Unit::bytes ? "byte" : "flop",
               m.rate(), m.peak, m.percent_of_peak());
}

}  // namespace fallline::tool
