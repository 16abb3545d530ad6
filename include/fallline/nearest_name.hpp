#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fallline {

/// The name that `word` most likely misspells.
///
/// That is the nearest by insertions, deletions, replacements and swaps of neighbours (Damerau,
/// 1964; no place is changed twice), where at most a third of the longer of the two is wrong;
/// letters of either case are alike. Where none is so near: the only name that begins with `word`,
/// if that has three letters. Of names as near as each other the first. Nothing where none fits.
[[nodiscard]] std::optional<std::string_view> nearest_name(std::string_view word,
                                                           std::span<const std::string_view> known);

/// "did you mean 'softmax'? " for the beginning of an error's advice, or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> known);

}  // namespace fallline
