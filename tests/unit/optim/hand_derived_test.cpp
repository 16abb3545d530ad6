#include <gtest/gtest.h>

#include <cmath>
#include <fallline/optim/optimizer.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace fallline {
namespace {

// One parameter, w₀ = 1, g₁ = 4, g₂ = −2, rate 1/2. Every row gives w₁ and w₂, worked out by hand
// from the formula with the numbers of the preset written in; ε stands where that preset has it.
constexpr double rate = 0.5;
constexpr double g1 = 4;
constexpr double g2 = -2;

using Pair = std::pair<double, double>;

/// w₁ and w₂ from the two updates.
Pair after(double u1, double u2) { return {1 - rate * u1, 1 - rate * u1 - rate * u2}; }

// v₁ = 4, v₂ = 0.9·4 − 2 = 1.6.
Pair heavy_ball() { return after(4, 1.6); }
// v₁ = 4, u₁ = 4 + 0.9·4 = 7.6;  v₂ = 1.6, u₂ = −2 + 0.9·1.6 = −0.56.
Pair nesterov() { return after(7.6, -0.56); }
// v₁ = 0.1·4 = 0.4;  v₂ = 0.9·0.4 − 0.1·2 = 0.16.
Pair ewma_momentum() { return after(0.4, 0.16); }

/// s₁ = β s₀ + (1−β)·16;  s₂ = β s₁ + (1−β)·4;  outside or inside the root ε.
Pair rmsprop(double beta, double outside, double inside, double s0) {
  const double s1 = beta * s0 + (1 - beta) * 16;
  const double s2 = beta * s1 + (1 - beta) * 4;
  return after(4 / (std::sqrt(s1 + inside) + outside), -2 / (std::sqrt(s2 + inside) + outside));
}

// m₁ = 0.4, v₁ = 0.016: m̂₁ = 4, v̂₁ = 16.  m₂ = 0.36 − 0.2 = 0.16, m̂₂ = 0.16/0.19;
// v₂ = 0.015984 + 0.004 = 0.019984, v̂₂ = 0.019984/0.001999.
constexpr double m2_hat = 0.16 / 0.19;
constexpr double v2_hat = 0.019984 / 0.001999;
Pair adam_outside() { return after(4 / (4 + 1e-8), m2_hat / (std::sqrt(v2_hat) + 1e-8)); }
Pair adam_inside() { return after(4 / std::sqrt(16 + 1e-8), m2_hat / std::sqrt(v2_hat + 1e-8)); }
// α√(1−β₂^t)/(1−β₁^t) · m/(√v + ε)
Pair adam_tf1() {
  return after(std::sqrt(0.001) / 0.1 * 0.4 / (std::sqrt(0.016) + 1e-8),
               std::sqrt(0.001999) / 0.19 * 0.16 / (std::sqrt(0.019984) + 1e-8));
}
// w ← w − α (u + λ w)
Pair adamw(double decay) {
  const double w1 = 1 - rate * (4 / (4 + 1e-8) + decay * 1);
  const double w2 = w1 - rate * (m2_hat / (std::sqrt(v2_hat) + 1e-8) + decay * w1);
  return {w1, w2};
}
// μ_t = 0.9 (1 − ½·0.96^(0.004 t)):  m̂ = μ_{t+1} m/(1 − μ₁⋯μ_{t+1}) + (1−μ_t) g/(1 − μ₁⋯μ_t)
Pair nadam_scheduled() {
  const auto mu = [](double t) { return 0.9 * (1 - 0.5 * std::pow(0.96, 0.004 * t)); };
  const double p1 = mu(1);
  const double p2 = p1 * mu(2);
  const double p3 = p2 * mu(3);
  const double u1 = mu(2) * 0.4 / (1 - p2) + (1 - mu(1)) * 4 / (1 - p1);
  const double u2 = mu(3) * 0.16 / (1 - p3) - (1 - mu(2)) * 2 / (1 - p2);
  return after(u1 / (4 + 1e-8), u2 / (std::sqrt(v2_hat) + 1e-8));
}
// 0.9 m/(1 − 0.9^(t+1)) + 0.1 g/(1 − 0.9^t)
Pair nadam_constant() {
  const double u1 = 0.9 * 0.4 / 0.19 + 0.1 * 4 / 0.1;
  const double u2 = 0.9 * 0.16 / 0.271 - 0.1 * 2 / 0.19;
  return after(u1 / (4 + 1e-8), u2 / (std::sqrt(v2_hat) + 1e-8));
}
// v₂ = 0.019984 > v₁: the largest so far is v itself …
Pair amsgrad_of_v() { return adam_outside(); }
// … but of v̂ it is v̂₁ = 16 > v̂₂ = 9.997.
Pair amsgrad_of_corrected() { return after(4 / (4 + 1e-8), m2_hat / (4 + 1e-8)); }
// s₁ = s₀ + 16, s₂ = s₀ + 20.
Pair adagrad(double s0, double outside, double inside) {
  return after(4 / (std::sqrt(s0 + 16 + inside) + outside),
               -2 / (std::sqrt(s0 + 20 + inside) + outside));
}
// s₁ = (1−ρ)·16, u₁ = √ε/√(s₁+ε)·4, d₁ = (1−ρ) u₁²;  s₂ = ρ s₁ + (1−ρ)·4, u₂ = −√(d₁+ε)/√(s₂+ε)·2.
Pair adadelta(double rho, double eps) {
  const double s1 = (1 - rho) * 16;
  const double u1 = std::sqrt(eps) / std::sqrt(s1 + eps) * 4;
  const double d1 = (1 - rho) * u1 * u1;
  const double s2 = rho * s1 + (1 - rho) * 4;
  return after(u1, -std::sqrt(d1 + eps) / std::sqrt(s2 + eps) * 2);
}
// sign(0.4) = 1, m₁ = 0.01·4;  sign(0.9·0.04 − 0.1·2) = −1.
Pair lion(double decay) {
  const double w1 = 1 - rate * (1 + decay * 1);
  return {w1, w1 - rate * (-1 + decay * w1)};
}

/// "NAME PRESET" → what two steps lead to.
std::map<std::string, Pair> by_hand() {
  return {{"sgd standard", after(4, -2)},
          {"sgd course", after(4, -2)},
          {"sgd torch", after(4, -2)},
          {"sgd optax", after(4, -2)},
          {"sgd tf1", after(4, -2)},
          {"heavy-ball standard", heavy_ball()},
          {"heavy-ball torch", heavy_ball()},
          {"heavy-ball optax", heavy_ball()},
          {"heavy-ball tf1", heavy_ball()},
          {"nesterov standard", nesterov()},
          {"nesterov torch", nesterov()},
          {"nesterov optax", nesterov()},
          {"nesterov tf1", nesterov()},
          {"ewma-momentum standard", ewma_momentum()},
          {"ewma-momentum course", ewma_momentum()},
          {"rmsprop standard", rmsprop(0.9, 1e-8, 0, 0)},
          {"rmsprop course", rmsprop(0.9, 0, 1e-8, 0)},
          {"rmsprop torch", rmsprop(0.99, 1e-8, 0, 0)},
          {"rmsprop optax", rmsprop(0.9, 0, 1e-8, 0)},
          {"rmsprop tf1", rmsprop(0.9, 0, 1e-10, 1)},
          {"adam standard", adam_outside()},
          {"adam course", adam_inside()},
          {"adam torch", adam_outside()},
          {"adam optax", adam_outside()},
          {"adam tf1", adam_tf1()},
          {"adamw standard", adamw(0.01)},
          {"adamw torch", adamw(0.01)},
          {"adamw optax", adamw(1e-4)},
          {"nadam standard", nadam_scheduled()},
          {"nadam torch", nadam_scheduled()},
          {"nadam optax", nadam_constant()},
          {"amsgrad standard", amsgrad_of_v()},
          {"amsgrad torch", amsgrad_of_v()},
          {"amsgrad optax", amsgrad_of_corrected()},
          {"adagrad standard", adagrad(0, 1e-10, 0)},
          {"adagrad torch", adagrad(0, 1e-10, 0)},
          {"adagrad optax", adagrad(0.1, 0, 1e-7)},
          {"adagrad tf1", adagrad(0.1, 0, 0)},
          {"adadelta standard", adadelta(0.9, 1e-6)},
          {"adadelta torch", adadelta(0.9, 1e-6)},
          {"adadelta optax", adadelta(0.9, 1e-6)},
          {"adadelta tf1", adadelta(0.95, 1e-8)},
          {"lion standard", lion(0)},
          {"lion optax", lion(1e-3)}};
}

template <class T>
Pair two_steps(const OptimizerOptions& options) {
  const auto optimizer = make_optimizer<T>(options, 1);
  std::vector<T> w{1};
  optimizer->step({.t = 1, .rate = rate}, w, std::vector<T>{g1}, w, nullptr);
  const double w1 = w[0];
  optimizer->step({.t = 2, .rate = rate}, w, std::vector<T>{g2}, w, nullptr);
  return {w1, w[0]};
}

TEST(HandDerived, TwoStepsOfEveryOptimizerInEveryPreset) {
  const auto rows = by_hand();
  int compared = 0;
  for (const OptimizerInfo& info : optimizers()) {
    for (const Preset preset :
         {Preset::standard, Preset::course, Preset::torch, Preset::optax, Preset::tf1}) {
      if (info.whole || !settings_of(info.name, preset)) continue;
      const std::string key = std::string(info.name) + " " + std::string(name_of(preset));
      ASSERT_TRUE(rows.contains(key)) << key << " has no row";
      const OptimizerOptions options{.name = std::string(info.name), .preset = preset};
      const Pair expected = rows.at(key);
      const Pair in_double = two_steps<double>(options);
      EXPECT_NEAR(in_double.first, expected.first, 1e-14) << key;
      EXPECT_NEAR(in_double.second, expected.second, 1e-14) << key;
      const Pair in_float = two_steps<float>(options);
      EXPECT_NEAR(in_float.first, expected.first, 1e-6) << key;
      EXPECT_NEAR(in_float.second, expected.second, 1e-6) << key;
      ++compared;
    }
  }
  EXPECT_EQ(compared, static_cast<int>(rows.size()));  // and nothing else is expected
}

struct Variant {
  const char* name;
  Preset preset;
  std::map<std::string, double, std::less<>> settings;
  Pair expected;
};

TEST(HandDerived, TheVariantsThatSettingsChoose) {
  // v₁ = g₁ undamped, v₂ = 0.9·4 − 0.5·2 = 2.6.
  const Pair dampened = after(4, 2.6);
  // v̂₂ = 0.16/0.19.
  const Pair corrected = after(4, 0.16 / 0.19);
  // s₁ = 1.6, m₁ = 0.4: variance 1.44; s₂ = 1.44 + 0.4 = 1.84, m₂ = 0.16: 1.8144.
  const Pair centered = after(4 / (1.2 + 1e-8), -2 / (std::sqrt(1.8144) + 1e-8));
  // u of plain RMSProp with s₁ = 1.6, s₂ = 1.84, then v₁ = u₁, v₂ = 0.5 u₁ + u₂.
  const double u1 = 4 / (std::sqrt(1.6) + 1e-8);
  const double u2 = -2 / (std::sqrt(1.84) + 1e-8);
  const Pair with_ball = after(u1, 0.5 * u1 + u2);
  const double decayed = 1 - rate * (u1 + 0.25);
  const Pair decayed_ball = {decayed, decayed - rate * (0.5 * u1 + u2 + 0.25 * decayed)};
  // m₁ = 0.4, v₁ = 0.016; m₂ = 0.16, v₂ = 0.019984.
  const Pair uncorrected =
      after(0.4 / (std::sqrt(0.016) + 1e-8), 0.16 / (std::sqrt(0.019984) + 1e-8));
  const std::vector<Variant> variants{
      {"heavy-ball", Preset::torch, {{"dampening", 0.5}}, dampened},
      {"ewma-momentum", Preset::course, {{"bias-correction", 1}}, corrected},
      {"rmsprop", Preset::standard, {{"centered", 1}}, centered},
      {"rmsprop", Preset::standard, {{"momentum", 0.5}}, with_ball},
      {"rmsprop", Preset::standard, {{"momentum", 0.5}, {"rate-in-trace", 1}}, with_ball},
      {"adam", Preset::standard, {{"bias-correction", 0}}, uncorrected},
      {"sgd", Preset::standard, {{"clip-value", 1}}, after(1, -1)},
      {"sgd", Preset::standard, {{"clip-norm", 3}}, after(3, -2)},
      // The decay is not part of the velocity, wherever the rate stands: w − ½·(¼ w) beside v.
      {"rmsprop", Preset::standard, {{"momentum", 0.5}, {"weight-decay", 0.25}}, decayed_ball},
      {"rmsprop",
       Preset::standard,
       {{"momentum", 0.5}, {"rate-in-trace", 1}, {"weight-decay", 0.25}},
       decayed_ball},
      // w₁ = 1 − ½(4 + ¼·1), w₂ = w₁ − ½(−2 + ¼ w₁).
      {"sgd", Preset::standard, {{"weight-decay", 0.25}}, {-1.125, -1.125 - 0.5 * (-2 - 0.28125)}},
  };
  for (const Variant& v : variants) {
    const Pair found =
        two_steps<double>({.name = v.name, .preset = v.preset, .settings = v.settings});
    EXPECT_NEAR(found.first, v.expected.first, 1e-14) << v.name;
    EXPECT_NEAR(found.second, v.expected.second, 1e-14) << v.name;
  }
}

TEST(HandDerived, WhenTheRateChangesItMattersWhereItStands) {
  // Rates ½ and ¼: rate·velocity gives ¼(0.5 u₁ + u₂), velocity of rate·u gives 0.5·½u₁ + ¼u₂.
  const double u1 = 4 / (std::sqrt(1.6) + 1e-8);
  const double u2 = -2 / (std::sqrt(1.84) + 1e-8);
  for (const double inside : {0.0, 1.0}) {
    const auto optimizer = make_optimizer<double>(
        {.name = "rmsprop", .settings = {{"momentum", 0.5}, {"rate-in-trace", inside}}}, 1);
    std::vector<double> w{1};
    optimizer->step({.t = 1, .rate = 0.5}, w, std::vector<double>{g1}, w, nullptr);
    optimizer->step({.t = 2, .rate = 0.25}, w, std::vector<double>{g2}, w, nullptr);
    const double second = inside == 1 ? 0.25 * u1 + 0.25 * u2 : 0.125 * u1 + 0.25 * u2;
    EXPECT_NEAR(w[0], 1 - 0.5 * u1 - second, 1e-14);
  }
}

}  // namespace
}  // namespace fallline
