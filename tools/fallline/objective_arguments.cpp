#include "objective_arguments.hpp"

namespace fallline::tool {

void add_objective(CLI::App& app, Loss& loss, Penalty& penalty, std::string& loss_name,
                   std::string& preprocessing) {
  constexpr const char* group = "Objective";
  app.add_option("--loss", loss_name, "softmax, hinge or squared-hinge")->group(group);
  app.add_option("--delta", loss.delta, "Margin of the hinges")->group(group);
  app.add_option("--l2", penalty.l2, "Penalty l2 * |W|^2 / 2 (mind the half)")->group(group);
  app.add_option("--l1", penalty.l1, "Penalty l1 * |W|_1")->group(group);
  app.add_option("--preprocess", preprocessing,
                 "none, mean, global, channel, feature; auto: global for pictures, else feature")
      ->group(group);
}

}  // namespace fallline::tool
