#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/tune/batch_size_sweep.hpp>
#include <memory>
#include <string>
#include <vector>

#include "batch_size.hpp"
#include "checks.hpp"
#include "narration.hpp"
#include "optimizer_arguments.hpp"
#include "streams.hpp"
#include "sweep_command.hpp"

namespace fallline::tool {
namespace {

struct BatchSizeSweepArguments : SweepArguments {
  std::string sizes = "16,32,64,128,256,512,1024";
  std::size_t seeds = 1;
  std::string plot;
};

/// `mean`, and with several runs `mean ± deviation`.
std::string figure(const tune::Spread& s, std::size_t runs) {
  return runs < 2 ? fmt::format("{:#.5g}", s.mean)
                  : fmt::format("{:#.5g} ± {:.1g}", s.mean, s.deviation);
}

void print_text(const tune::BatchSizeSweep& s) {
  fmt::print("{:>6} {:>11} {:>12} {:>9} {:>18} {:>18} {:>10}\n", "batch", "rate", "examples/s",
             "seconds", fmt::format("after {} epochs", s.epochs),
             fmt::format("after {:.3g} s", s.seconds), "accuracy");
  for (const tune::BatchSizeFigures& f : s.sizes)
    fmt::print("{:>6} {:>11.4g} {:>12.0f} {:>9.3f} {:>18} {:>18} {:>8.2f} %\n", f.size,
               f.learning_rate, f.examples_per_second.mean, f.seconds.mean,
               figure(f.loss_after_epochs, f.runs), figure(f.loss_after_seconds, f.runs),
               100 * f.accuracy.mean);
  fmt::print("\nsuggestion  {}: {}\n", s.suggestion ? std::to_string(*s.suggestion) : "none",
             s.reason);
}

void print_csv(const tune::BatchSizeSweep& s) {
  fmt::print(
      "batch_size,learning_rate,runs,examples_per_second,examples_per_second_deviation,seconds,"
      "seconds_deviation,loss_after_epochs,loss_after_epochs_deviation,loss_after_seconds,"
      "loss_after_seconds_deviation,accuracy,accuracy_deviation,suggested\n");
  for (const tune::BatchSizeFigures& f : s.sizes) {
    fmt::print("{},{},{}", f.size, f.learning_rate, f.runs);
    for (const tune::Spread* spread : {&f.examples_per_second, &f.seconds, &f.loss_after_epochs,
                                       &f.loss_after_seconds, &f.accuracy})
      fmt::print(",{},{}", spread->mean, spread->deviation);
    fmt::print(",{}\n", s.suggestion == f.size);
  }
}

std::vector<std::size_t> numbers(const std::string& list) {
  std::vector<std::size_t> sizes;
  for (const std::string& word : CLI::detail::split(list, ','))
    sizes.push_back(batch_size_named(word));
  return sizes;
}

int run(const BatchSizeSweepArguments& a) {
  use_instruction_set(a.common);
  const tune::BatchSizeOptions options{.training = options_of(a.training, a.data, a.common),
                                       .sizes = numbers(a.sizes),
                                       .seeds = a.seeds};
  options.validate();
  require_output(a.common, {"sweep-batch-size"});
  require_chart(a.plot);
  const Parts parts = parts_of(a);
  watch_interrupts();
  Workers workers(a.common.threads);
  const tune::BatchSizeSweep sweep = tune::sweep_batch_sizes(
      parts, options, workers,
      [&](const tune::BatchSizeRun& r) {
        if (!a.common.quiet)
          tell("run      batches of {}, seed {}: loss {:.5g} in {:.2f} s\n", r.size, r.seed, r.loss,
               r.seconds);
      },
      &interrupt);
  const std::string json = tune::json(sweep);
  const bool all = deliver({[&] { write_output(a.common, json); },
                            [&] {
                              if (a.common.format == "json") fmt::print("{}", json);
                              if (a.common.format == "csv") print_csv(sweep);
                              if (a.common.format == "text") print_text(sweep);
                            },
                            [&] {
                              if (!a.plot.empty()) tune::chart(sweep).write(a.plot);
                            }});
  return status_of_sweep(sweep.interrupted, all);
}

}  // namespace

void add_sweep_batch_size(CLI::App& sweep, int& status) {
  auto a = std::make_shared<BatchSizeSweepArguments>();
  CLI::App* app = sweep.add_subcommand(
      "batch-size", "Throughput, loss after equal epochs and equal seconds of every batch size");
  app->add_option("sizes", a->sizes, "Batch sizes, as 16,32,64");
  add_sweep_data(*app, *a);
  app->add_option("--seeds", a->seeds, "Runs of each size, with --seed and the seeds after it")
      ->group("Sweep");
  add_optimizer(*app, a->training.options.optimizer);
  add_rate(*app, a->training);
  app->add_option("--epochs", a->training.options.epochs, "Passes over the data of each run; 0: 10")
      ->check(not_negative)
      ->group("Descent");
  add_steps(*app, a->training);
  add_plot(*app, a->plot, "Draw the losses against the seconds into FILE.svg");
  add_sweep_output(*app, *a);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
