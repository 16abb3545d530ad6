#pragma once

#include <cstddef>
#include <filesystem>

#include "ordered_json.hpp"

namespace fallline::report {

/// Lines that are shown one by one; of more, about half as many blocks.
inline constexpr std::size_t most_lines = 4000;

/// A file of JSON lines as columns:
///
///     {"lines": N, "block": n,
///      "x": {"step": […], …},                        of the last line of each block of n
///      "series": [{"key": "loss", "value": […]},     n = 1
///                 {"key": "loss", "layer": "conv1", "mean": […], "low": […], "high": […]}]}
///
/// Every number of a line is a series but those that count steps, epochs, examples, attempts or
/// seconds; those in "layers", a list of objects with a "name", are series of that layer. What is
/// not finite is null, and is left out of means.
///
/// The file is read twice and never held. The last line of a file that is still being written may
/// be incomplete: it is left out.
/// @throws Error(bad_input) with the row that is no JSON object
[[nodiscard]] Json columns_of(const std::filesystem::path& file);

}  // namespace fallline::report
