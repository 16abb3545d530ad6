#include <algorithm>
#include <cctype>
#include <fallline/nearest_name.hpp>
#include <vector>

namespace fallline {
namespace {

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

/// The number of edits, from three rows of the usual table: row i says what it takes from the first
/// i letters of `a` to the first j of `b`.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> above(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::move(above);
    above = std::move(row);
  }
  return above.back();
}

std::optional<std::string_view> only_one_beginning_with(std::string_view word,
                                                        std::span<const std::string_view> known) {
  constexpr std::size_t fewest_letters = 3;
  if (word.size() < fewest_letters) return std::nullopt;
  std::optional<std::string_view> found;
  for (const std::string_view name : known) {
    if (!in_lower_case(name).starts_with(word)) continue;
    if (found) return std::nullopt;
    found = name;
  }
  return found;
}

}  // namespace

std::optional<std::string_view> nearest_name(std::string_view given,
                                             std::span<const std::string_view> known) {
  // A longer one is no slip of the fingers, and its table would be large.
  constexpr std::size_t longest = 64;
  if (given.empty() || given.size() > longest) return std::nullopt;
  const std::string word = in_lower_case(given);
  std::optional<std::string_view> nearest;
  std::size_t least = 0;
  for (const std::string_view name : known) {
    const std::size_t edits = edits_between(word, in_lower_case(name));
    const std::size_t most = std::max<std::size_t>(1, std::max(word.size(), name.size()) / 3);
    if (edits > most || edits >= name.size() || (nearest && edits >= least)) continue;
    nearest = name;
    least = edits;
  }
  return nearest ? nearest : only_one_beginning_with(word, known);
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  const auto name = nearest_name(word, known);
  return name ? "did you mean '" + std::string(*name) + "'? " : std::string();
}

}  // namespace fallline
