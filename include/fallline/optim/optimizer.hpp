#pragma once

#include <cstddef>
#include <fallline/optim/settings.hpp>
#include <fallline/optim/stepper.hpp>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

/// An optimizer at work on P parameters of type T (float or double), whatever its formula.
template <class T>
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// One step from the parameters `old`, where the cost is `now.value` and its gradient
  /// `gradient`; `next` may be `old`. Allocates nothing.
  virtual void step(const Step& now, std::span<const T> old, std::span<const T> gradient,
                    std::span<T> next, Workers* workers) = 0;

  /// True where a step may be made in parts: no parameter's update needs to know of the others.
  [[nodiscard]] virtual bool in_parts() const { return false; }

  /// Makes a step ready that `part` makes, for as many parameters from `first` on as `gradient`,
  /// their part of it, has numbers; only where `in_parts`. Parts that cover all parameters once, in
  /// any order and on any threads, are the step.
  virtual void begin_parts(const Step& /*now*/, std::span<const T> /*old*/, std::span<T> /*next*/) {
  }
  virtual void part(std::size_t /*first*/, std::span<const T> /*gradient*/) {}

  /// What a constant update is multiplied by in the long run, before the rate: 1/(1−μ) where there
  /// is a heavy ball, else 1.
  [[nodiscard]] virtual double gain() const = 0;

  /// The state, slot by slot, P numbers each; it may be written.
  [[nodiscard]] virtual std::span<std::vector<T>> state() = 0;

  /// True where it searches along a line: its trials may have a higher or an infinite cost, and
  /// the learning rate is not asked for.
  [[nodiscard]] virtual bool searches() const { return false; }

  /// True where the point last given to `step` was taken; false where it was a trial that was not.
  [[nodiscard]] virtual bool taken() const { return true; }

  /// True once it finds no lower cost: the search failed. `next` was then the lowest it knew.
  [[nodiscard]] virtual bool stuck() const { return false; }
};

/// A chain behind the interface.
template <class T, class... Links>
class ChainOptimizer final : public Optimizer<T> {
 public:
  ChainOptimizer(const Chain<Links...>& chain, std::size_t parameters)
      : stepper_(chain, parameters) {}

  void step(const Step& now, std::span<const T> old, std::span<const T> gradient, std::span<T> next,
            Workers* workers) override {
    stepper_.step(now, old, gradient, next, workers);
  }
  [[nodiscard]] bool in_parts() const override { return !stepper_.chain().needs_norm(); }
  void begin_parts(const Step& now, std::span<const T> old, std::span<T> next) override {
    stepper_.begin(now, old, next);
  }
  void part(std::size_t first, std::span<const T> gradient) override {
    stepper_.part(first, gradient);
  }
  [[nodiscard]] double gain() const override { return stepper_.chain().gain(); }
  [[nodiscard]] std::span<std::vector<T>> state() override { return stepper_.state(); }

 private:
  Stepper<T, Links...> stepper_;
};

template <class T, class... Links>
[[nodiscard]] std::unique_ptr<Optimizer<T>> make_optimizer(const Chain<Links...>& chain,
                                                           std::size_t parameters) {
  return std::make_unique<ChainOptimizer<T, Links...>>(chain, parameters);
}

/// An optimizer by name. Every one is
///
///     chain(ClipByNorm, ClipByValue, its own links, AddDecayedWeights, ScaleByRate)
///
/// and has the settings of these beside its own.
struct OptimizerOptions {
  std::string name = "sgd";  ///< see `optimizers()`; "momentum" is the one that the preset means
  Preset preset = Preset::standard;
  std::map<std::string, double, std::less<>> settings;  ///< what differs from the preset

  bool operator==(const OptimizerOptions&) const = default;
};

/// @throws Error(usage) for a name, a setting or a preset that is not known or does not go with
/// the others, and for a setting out of its bounds.
template <class T>
[[nodiscard]] std::unique_ptr<Optimizer<T>> make_optimizer(const OptimizerOptions& options,
                                                           std::size_t parameters);
extern template std::unique_ptr<Optimizer<float>> make_optimizer(const OptimizerOptions&,
                                                                 std::size_t);
extern template std::unique_ptr<Optimizer<double>> make_optimizer(const OptimizerOptions&,
                                                                  std::size_t);

struct OptimizerInfo {
  std::string_view name;
  std::string_view formula;  ///< the update in one line, before the rate
  std::string_view source;   ///< the paper
  /// How far `train` lets a step of the rate in every parameter move a score (plan.hpp), for an
  /// adaptive optimizer; 0: the rate comes from the curvature of the objective.
  double first_move = 0;
  bool whole = false;  ///< for the whole batch only
};

/// All optimizers, in the order of the table.
[[nodiscard]] std::vector<OptimizerInfo> optimizers();

/// The one that `name` means under `preset`.
/// @throws Error(usage) for an unknown name.
[[nodiscard]] OptimizerInfo optimizer_named(std::string_view name,
                                            Preset preset = Preset::standard);

/// A setting and its value; flags are 0 or 1.
struct Setting {
  std::string_view name;
  double value = 0;
  bool flag = false;
  bool common = false;  ///< that every optimizer on given gradients has
};

struct SettingInfo {
  std::string_view name;
  std::string_view meaning;  ///< in a few words
  bool flag = false;
  std::vector<std::string_view> optimizers;  ///< that have it
};

/// What a setting of that name is, in a few words: one name means one thing in every optimizer.
/// Empty for a name that none has.
[[nodiscard]] std::string_view meaning_of(std::string_view setting);

/// The settings of an optimizer with the values of the preset; none where the preset's library has
/// no such optimizer.
[[nodiscard]] std::optional<std::vector<Setting>> settings_of(std::string_view name, Preset preset);

/// The settings that these options lead to.
/// @throws Error(usage) as `make_optimizer`.
[[nodiscard]] std::vector<Setting> settings_in_force(const OptimizerOptions& options);

/// All settings that some optimizer has, once each, in the order of the table.
[[nodiscard]] std::vector<SettingInfo> optimizer_settings();

}  // namespace fallline
