#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <fallline/optim/chain.hpp>
#include <fallline/optim/link.hpp>
#include <fallline/optim/optimizer.hpp>

namespace fallline {
namespace {

template <class... Links>
class ChainOptimizer final : public Optimizer {
 public:
  explicit ChainOptimizer(std::size_t parameters, Links... links) : chain_(parameters, links...) {}

  void step(std::uint64_t t, double rate, std::span<const float> old,
            std::span<const float> gradient, std::span<float> next) override {
    chain_.step(t, rate, old, gradient, next);
  }

  [[nodiscard]] double gain() const override { return chain_.gain(); }

 private:
  Chain<float, Links...> chain_;
};

template <class... Links>
std::unique_ptr<Optimizer> over(std::size_t parameters, Links... links) {
  return std::make_unique<ChainOptimizer<Links...>>(parameters, links...);
}

using Options = OptimizerOptions;

struct Row {
  OptimizerInfo info;
  std::unique_ptr<Optimizer> (*make)(const Options&, std::size_t parameters);
};

// A new optimizer is one row here.
constexpr std::array table{
    Row{{"sgd", "w <- w - lr g"}, [](const Options&, std::size_t p) { return over(p); }},
    Row{{"heavy-ball", "v <- mu v + g;  w <- w - lr v"},
        [](const Options& o, std::size_t p) { return over(p, HeavyBall{.momentum = o.momentum}); }},
    Row{{"ewma-momentum", "v <- b v + (1-b) g;  w <- w - lr v"},
        [](const Options& o, std::size_t p) {
          return over(p, EwmaMomentum{.beta = o.momentum, .bias_correction = o.bias_correction});
        }},
};

}  // namespace

std::unique_ptr<Optimizer> make_optimizer(const OptimizerOptions& options, std::size_t parameters) {
  for (const Row& row : table)
    if (row.info.name == options.name) return row.make(options, parameters);
  std::vector<std::string_view> names;
  names.reserve(table.size());
  for (const Row& row : table) names.push_back(row.info.name);
  throw usage_error(fmt::format("there is no optimizer '{}'", options.name),
                    fmt::format("choose {}", fmt::join(names, ", ")));
}

std::vector<OptimizerInfo> optimizers() {
  std::vector<OptimizerInfo> list;
  list.reserve(table.size());
  for (const Row& row : table) list.push_back(row.info);
  return list;
}

}  // namespace fallline
