#pragma once

#include <fallline/optim/optimizer.hpp>
#include <string>
#include <vector>

namespace fallline::test {

/// Options of all optimizers that take steps from given gradients: plain ones, and those with
/// everything before and behind them.
inline std::vector<OptimizerOptions> every_optimizer() {
  std::vector<OptimizerOptions> list;
  for (const OptimizerInfo& info : optimizers()) {
    if (info.whole) continue;
    list.push_back({.name = std::string(info.name)});
    list.push_back({.name = std::string(info.name),
                    .settings = {{"clip-norm", 3}, {"clip-value", 0.5}, {"weight-decay", 0.1}}});
  }
  list.push_back({.name = "rmsprop", .settings = {{"centered", 1}, {"momentum", 0.9}}});
  return list;
}

}  // namespace fallline::test
