// Follows a run as it happens: a listener is told of every event, in order.
#include <cstdlib>
#include <fallline/fallline.hpp>
#include <iostream>
#include <string>

namespace {

/// Draws the training loss of every epoch as a bar, and counts the steps.
class Bars : public fallline::Listener {
 public:
  void on(const fallline::Event& event) override {
    if (const auto* started = std::get_if<fallline::RunStarted>(&event))
      std::cout << started->plan.steps_per_epoch << " steps an epoch\n";
    if (std::holds_alternative<fallline::StepTaken>(event)) ++steps;
    if (const auto* epoch = std::get_if<fallline::EpochEnded>(&event)) {
      const double loss = epoch->training.loss;
      std::cout << std::string(static_cast<std::size_t>(6 * loss), '#') << ' ' << loss
                << (epoch->best ? "  best so far" : "") << '\n';
      if (epoch->epoch == 1) first = loss;
      last = loss;
    }
    if (const auto* ended = std::get_if<fallline::RunEnded>(&event))
      std::cout << "stopped: " << fallline::name_of(ended->result.stop) << '\n';
  }

  std::uint64_t steps = 0;
  double first = 0;
  double last = 0;
};

}  // namespace

int main() {
  const fallline::Source source = fallline::embedded({.train = 2500, .test = 500});
  const fallline::Parts parts = fallline::divide(source);
  fallline::Workers workers;
  Bars bars;
  fallline::Listener* const listeners[] = {&bars};
  const fallline::TrainOptions options{
      .loss = {.kind = fallline::LossKind::hinge}, .epochs = 12, .patience = 4};
  const fallline::TrainResult result = fallline::train(parts, options, workers, listeners);
  return bars.steps == result.steps && bars.last < bars.first ? EXIT_SUCCESS : EXIT_FAILURE;
}
