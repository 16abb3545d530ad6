#pragma once

#include <array>
#include <cstddef>
#include <fallline/optim/dot.hpp>
#include <fallline/optim/optimizer.hpp>
#include <fallline/optim/strong_wolfe.hpp>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace fallline {

struct Lbfgs {
  double history = 10;  ///< m, pairs that are remembered, 1 to 1000
  double c1 = 1e-4;     ///< of the line search (strong_wolfe.hpp), 0 < c1 < c2
  double c2 = 0.9;      ///< c2 < 1

  /// @throws Error(usage) naming a field and its bound.
  void validate() const;

  static auto fields() {
    return std::array{Field<Lbfgs>{"history", &Lbfgs::history}, Field<Lbfgs>{"c1", &Lbfgs::c1},
                      Field<Lbfgs>{"c2", &Lbfgs::c2}};
  }
  static std::optional<Lbfgs> of(Preset preset) {
    if (preset == Preset::course || preset == Preset::tf1) return std::nullopt;
    return Lbfgs{.history = preset == Preset::torch ? 100.0 : 10.0};
  }
};

/// L-BFGS with a strong Wolfe line search, for a cost that is the same function at every step.
///
///     d = −H g,  H by the two-loop recursion over the last m pairs s = w' − w, y = g' − g
///     w' = w + a d,  a by the line search
///
/// Nocedal and Wright, "Numerical Optimization", 2nd edition, algorithms 7.4 and 7.5, with
/// H₀ = s·y/y·y (equation 7.20). Pairs with s·y ≤ 1e-10 ‖s‖‖y‖ are left out.
///
/// Each step looks at one trial of the line search. Where the search fails, the pairs are dropped
/// and the steepest descent is tried; where that fails too, the optimizer is stuck. It is stuck as
/// well where ten steps on end lower the value by no more than its rounding, 10 ε_T |f|, and do not
/// halve ‖g‖².
template <class T>
class LbfgsOptimizer final : public Optimizer<T> {
 public:
  /// @throws Error(usage)
  LbfgsOptimizer(const Lbfgs& settings, std::size_t parameters);

  void step(const Step& now, std::span<const T> old, std::span<const T> gradient, std::span<T> next,
            Workers* workers) override;
  [[nodiscard]] double gain() const override { return 1; }
  [[nodiscard]] bool searches() const override { return true; }
  [[nodiscard]] bool taken() const override { return taken_; }
  [[nodiscard]] bool stuck() const override { return stuck_; }

  /// The base of the line, its gradient, the direction; then s and y of every pair in turn.
  [[nodiscard]] std::span<std::vector<T>> state() override { return state_; }

 private:
  enum Slot : std::size_t { base, base_gradient, direction, pairs };

  std::vector<T>& s(std::size_t k) { return state_[pairs + 2 * k]; }
  std::vector<T>& y(std::size_t k) { return state_[pairs + 2 * k + 1]; }
  double dot(std::span<const T> a, std::span<const T> b) { return dot_(a, b, workers_); }

  void begin(double value, std::span<const T> w, std::span<const T> gradient);
  void aim();
  void remember(std::span<const T> w, std::span<const T> gradient);
  [[nodiscard]] bool gets_on();
  void give_up_or_restart();
  void give_up();

  Lbfgs settings_;
  std::size_t most_;  // pairs
  std::vector<std::vector<T>> state_;
  std::vector<double> rho_;    // 1/(s·y) of each pair
  std::vector<double> alpha_;  // of the two loops
  std::size_t count_ = 0;      // pairs remembered
  std::size_t newest_ = 0;
  double scale_ = 1;  // H₀
  double value_ = 0;  // at the base
  std::optional<StrongWolfe> search_;
  double lowest_ = std::numeric_limits<double>::infinity();  // the value, and ‖g‖², when a step
  double least_ = std::numeric_limits<double>::infinity();   // last got on
  int idle_ = 0;                                             // steps since
  bool taken_ = false;
  bool stuck_ = false;
  optim::Dot<T> dot_;
  Workers* workers_ = nullptr;
};

extern template class LbfgsOptimizer<float>;
extern template class LbfgsOptimizer<double>;

}  // namespace fallline
