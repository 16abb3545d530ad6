#pragma once

#include <cstddef>
#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/objective/measure.hpp>
#include <fallline/workers.hpp>
#include <span>
#include <vector>

namespace fallline::tune {

/// What one plain step reaches at each of many learning rates: the objective at w − α g.
///
///     f(α) = (W − αG) z + b − α g_b = f − α s,      f = W z + b,   s = G z + g_b
///
/// One pass over the examples gives f and s, and with them the loss at any number of rates: C
/// multiply-adds an example and rate in place of C·D. It differs from the objective of the weights
/// w − α g by rounding alone. The bits do not depend on the workers.
///
/// @param w, g   parameters and a direction, C·D + C numbers each, laid out as in `Linear`
/// @param rates  α, within what a float holds
/// @returns a measure a rate, without gradient norms
[[nodiscard]] std::vector<Measure> measure_steps(const Dataset& data,
                                                 const Preprocessing& preprocessing,
                                                 const Loss& loss, const Penalty& penalty,
                                                 std::span<const float> w, std::span<const float> g,
                                                 std::span<const double> rates, Workers& workers);

/// from, … , to: so many rates a decade, each from·10^{k/n} in six digits, so that what is printed
/// is what was tried.
/// @throws Error(usage) unless 1e-30 ≤ from ≤ to ≤ 1e30 and 1 ≤ per_decade ≤ 100.
[[nodiscard]] std::vector<double> rates_between(double from, double to, std::size_t per_decade);

/// `rate` in six digits.
[[nodiscard]] double in_six_digits(double rate);

}  // namespace fallline::tune
