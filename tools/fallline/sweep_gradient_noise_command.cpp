#include <fmt/format.h>

#include <fallline/model/model_file.hpp>
#include <fallline/tune/gradient_noise.hpp>
#include <memory>
#include <optional>
#include <string>

#include "narration.hpp"
#include "streams.hpp"
#include "sweep_command.hpp"

namespace fallline::tool {
namespace {

struct GradientNoiseArguments : SweepArguments {
  tune::GradientNoiseOptions sweep;
  StartArguments start;
  std::string plot;
};

void print_duplicates(const tune::Duplicates& d) {
  fmt::print(
      "\n{} distinct examples, and the same {} times over, {} in all\n"
      "  loss      {:.9g} and {:.9g}\n"
      "  gradient  {:.2g} of its size apart (rounding of such sums: about {:.2g})\n"
      "  seconds   {:.4f} and {:.4f}\n",
      d.distinct, d.copies, d.distinct * d.copies, d.loss, d.loss_of_copies, d.gradient_difference,
      d.rounding, d.seconds, d.seconds_of_copies);
}

void print_text(const tune::GradientNoise& n) {
  fmt::print("|g| {:.5g} over {} examples; {} batches of each size\n\n", n.gradient_norm,
             n.examples, n.draws);
  fmt::print("{:>8} {:>14} {:>16}\n", "batch", "|g_b - g|/|g|", "angle");
  for (const tune::BatchNoise& s : n.sizes)
    fmt::print("{:>8} {:>#14.4g} {:>8.2f} degrees\n", s.size, s.distance, s.angle);
  if (n.exponent)
    fmt::print(
        "\nexponent    {:.3f} ± {:.3f}: the distance goes as b^{:.3f}; independent draws "
        "give -0.5\n",
        *n.exponent, n.exponent_error, *n.exponent);
  fmt::print("noise       as large as the gradient in batches of {:.3g}\n", n.noise_scale);
  if (n.duplicates) print_duplicates(*n.duplicates);
}

void print_csv(const tune::GradientNoise& n) {
  fmt::print("batch_size,distance,mean_distance,angle_degrees,log_error\n");
  for (const tune::BatchNoise& s : n.sizes)
    fmt::print("{},{},{},{},{}\n", s.size, s.distance, s.mean_distance, s.angle, s.error);
}

int run(GradientNoiseArguments& a) {
  use_instruction_set(a.common);
  a.sweep.training = options_of(a.training, a.data, a.common);
  a.sweep.validate();
  const std::optional<Classifier> start = model_of(a.start, a.common);
  require_output(a.common, {"sweep-gradient-noise"});
  require_chart(a.plot);
  const Parts parts = parts_of(a, start ? &start->schema : nullptr);
  watch_interrupts();
  Workers workers(a.common.threads);
  const tune::GradientNoise noise = tune::measure_gradient_noise(
      parts, a.sweep, workers, start ? &*start : nullptr,
      [&](const tune::BatchNoise& s) {
        if (!a.common.quiet) tell("batches  of {}: distance {:.4g}\n", s.size, s.distance);
      },
      &interrupt);
  const std::string json = tune::json(noise);
  const bool all = deliver({[&] { write_output(a.common, json); },
                            [&] {
                              if (a.common.format == "json") fmt::print("{}", json);
                              if (a.common.format == "csv") print_csv(noise);
                              if (a.common.format == "text") print_text(noise);
                            },
                            [&] {
                              if (!a.plot.empty()) tune::chart(noise).write(a.plot);
                            }});
  return status_of_sweep(noise.interrupted, all);
}

}  // namespace

void add_sweep_gradient_noise(CLI::App& sweep, int& status) {
  auto a = std::make_shared<GradientNoiseArguments>();
  CLI::App* app = sweep.add_subcommand(
      "gradient-noise", "How far the gradients of batches are from that of all examples");
  add_sweep_data(*app, *a);
  app->add_option("--largest", a->sweep.largest, "Batches are of 1, 2, 4, ... up to this")
      ->group("Sweep");
  app->add_option("--draws", a->sweep.draws, "Batches of each size")->group("Sweep");
  app->add_option("--distinct", a->sweep.distinct, "Distinct examples of the duplicates")
      ->group("Sweep");
  app->add_option("--copies", a->sweep.copies, "Copies of each; 0: leaves that experiment out")
      ->group("Sweep");
  add_start(*app, a->start);
  app->add_option("--initial-scale", a->training.options.initial_scale,
                  "W starts as this times N(0,1)")
      ->group("Sweep");
  add_plot(*app, a->plot, "Draw the distance against the batch size into FILE.svg");
  add_sweep_output(*app, *a);
  app->callback([a, &status] { status = run(*a); });
}

}  // namespace fallline::tool
