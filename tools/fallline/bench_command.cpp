#include <fmt/format.h>

#include <fallline/bench/bench.hpp>
#include <fallline/bench/chart.hpp>
#include <fallline/data/parts.hpp>
#include <fallline/error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch_size.hpp"
#include "bench_output.hpp"
#include "checks.hpp"
#include "command.hpp"
#include "console.hpp"
#include "data_arguments.hpp"
#include "spelling.hpp"
#include "streams.hpp"

namespace fallline::tool {
namespace {

struct BenchArguments {
  Common common;
  DataArguments data;
  bench::Options options;
  std::vector<std::string> what;
  std::vector<std::string> isa;
  std::vector<std::string> batch_sizes{"64", "256", "1024"};
  std::vector<std::string> losses{"softmax"};
  std::vector<std::string> arithmetics{"auto"};
  std::string cells = "u8";
  std::string chart;
  std::vector<CLI::Option*> of_synthetic_sets;
};

template <class T>
CLI::Option* add_list(CLI::App& app, const std::string& name, std::vector<T>& list,
                      const std::string& help) {
  return app.add_option(name, list, help)->delimiter(',')->allow_extra_args(false);
}

void add_sets(CLI::App& app, BenchArguments& a) {
  bench::Options& o = a.options;
  a.of_synthetic_sets = {
      add_list(app, "--examples", o.examples, "N of the sets"),
      add_list(app, "--features", o.features, "D of the sets"),
      add_list(app, "--classes", o.classes, "C of the sets"),
      app.add_option("--cells", a.cells, "u8 or f32")->check(one_of({"u8", "f32"}))};
  for (CLI::Option* option : a.of_synthetic_sets) option->group("Synthetic sets");
}

void add_descent(CLI::App& app, BenchArguments& a) {
  bench::Options& o = a.options;
  add_list(app, "-b,--batch-size", a.batch_sizes, "Examples a step; full: all")->group("Descent");
  add_list(app, "--loss", a.losses, "softmax, hinge, squared-hinge")->group("Descent");
  add_list(app, "--arithmetic", a.arithmetics, "Of epochs: float, integer, auto")->group("Descent");
  add_list(app, "--optimizer", o.optimizers, "Of epochs and of steps")
      ->default_str("sgd in epochs, else all")
      ->group("Descent");
  app.add_option("--learning-rate,--lr", o.learning_rate, "Low, so that no set diverges")
      ->group("Descent");
  add_list(app, "--parameters", o.parameters, "P of single steps")->group("Descent");
}

void add_machines(CLI::App& app, BenchArguments& a) {
  add_list(app, "--isa", a.isa, "Instruction sets: baseline, avx2, avx512, or all of the machine")
      ->envname("FALLLINE_ISA")
      ->default_str("the machine's best")
      ->group("Machine");
  add_list(app, "--threads", a.options.threads, "Threads; 0: as many as this process may use")
      ->check(CLI::Range(0, 1024))
      ->group("Machine");
  add_memory(app, a.common);
}

bench::Options options_of(const BenchArguments& a) {
  bench::Options o = a.options;
  if (!a.what.empty()) o.subjects.clear();
  for (const std::string& name : a.what) o.subjects.push_back(bench::subject_named(name));
  for (const std::string& name : a.isa) {
    if (name == "all")
      o.instruction_sets = instruction_sets();
    else
      o.instruction_sets.push_back(instruction_set_named(name));
  }
  o.cells = a.cells == "u8" ? CellType::u8 : CellType::f32;
  o.batch_sizes.clear();
  for (const std::string& size : a.batch_sizes) o.batch_sizes.push_back(batch_size_named(size));
  o.losses.clear();
  for (const std::string& name : a.losses) o.losses.push_back(loss_kind(name));
  o.arithmetics.clear();
  for (const std::string& name : a.arithmetics) o.arithmetics.push_back(arithmetic_named(name));
  o.memory_limit = a.common.memory;
  o.validate();
  return o;
}

std::optional<Dataset> data_of(const BenchArguments& a) {
  if (a.data.path.empty()) return {};
  for (const CLI::Option* option : a.of_synthetic_sets)
    if (option->count() > 0)
      throw usage_error(option->get_name() + " is of synthetic sets, and data are named",
                        "leave one of them out");
  const Source source = load(a.data, a.common);
  narrate_data(source.train, source.format, a.common.quiet);
  return divide(source, {.test = 0, .validation = 0}).train;
}

int run(const BenchArguments& a) {
  const bench::Options options = options_of(a);
  if (!a.chart.empty()) bench::require_varied(options);
  require_chart(a.chart);
  const std::optional<Dataset> data = data_of(a);
  BenchTables tables;
  const bench::Result result = bench::run(options, data, [&](const bench::Finding& finding) {
    if (a.common.format == "text") tables.print(finding);
  });
  const bool all = deliver({[&] {
                              if (a.common.format == "json") fmt::print("{}", bench::json(result));
                              if (a.common.format == "csv") print_bench_csv(result);
                            },
                            [&] {
                              if (!a.chart.empty()) bench::chart(result).write(a.chart);
                            }});
  return all ? Exit::success : Exit::failure;
}

}  // namespace

void add_bench(CLI::App& program, int& status) {
  auto a = std::make_shared<BenchArguments>();
  CLI::App* app = program.add_subcommand(
      "bench", "Speed beside what this machine can do, measured in the same run");
  add_path(*app, a->data, "File or directory with the data; without one, synthetic sets");
  add_list(*app, "--what", a->what, "machine, epoch, evaluation, optimizers")
      ->default_str("all of them");
  app->add_option("--repeats", a->options.repeats, "Times that each is timed; the median counts");
  app->add_option("--seed", a->options.seed, "Seed of synthetic sets and of the shuffle")
      ->check(not_negative);
  add_sets(*app, *a);
  add_descent(*app, *a);
  app->add_option("--chart", a->chart,
                  "Draw the seconds against the quantity given as a list into FILE.svg")
      ->check([](const std::string& file) {
        return std::string(file.ends_with(".svg") ? "" : "is an SVG picture: name it FILE.svg");
      })
      ->group("Output");
  add_format(*app, a->common, true);
  add_quiet(*app, a->common);
  add_machines(*app, *a);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
