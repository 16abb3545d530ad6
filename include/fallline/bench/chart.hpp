#pragma once

#include <fallline/bench/bench.hpp>
#include <fallline/line_chart.hpp>

namespace fallline::bench {

/// Seconds against the first of examples, features, classes, parameters, batch size and threads
/// that the measurements vary, on logarithmic axes: a line for each choice of the rest. Where the
/// work grows with that quantity, a line through the last point of the first shows the proportion.
/// @throws Error(usage) where none of them varies.
[[nodiscard]] LineChart chart(const Result& result);

/// Refuses options whose result would have nothing to draw. @throws Error(usage)
void require_varied(const Options& options);

}  // namespace fallline::bench
