#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fallline/data/warnings.hpp>
#include <optional>

#include "data/text.hpp"

namespace fallline {
namespace {

bool is_whole_number(const std::string& name) {
  const std::size_t sign = name.starts_with('-') ? 1 : 0;
  return name.size() > sign && std::all_of(name.begin() + static_cast<std::ptrdiff_t>(sign),
                                           name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::string> quantity_as_label(const Dataset& data) {
  constexpr std::size_t least_examples = 10;
  constexpr std::size_t many_classes = 20;
  constexpr std::size_t few_examples = 10;
  const std::size_t n = data.size();
  const std::size_t classes = data.classes();
  if (n < least_examples || classes < 2) return std::nullopt;
  const bool numbers = std::ranges::all_of(data.class_names(), is_whole_number);
  const bool thin =
      numbers && !data.shape() && classes >= many_classes && n < few_examples * classes;
  if (2 * classes <= n && !thin) return std::nullopt;
  if (!numbers)
    return fmt::format("the {} examples have {} classes: is this the label's column?", n, classes);
  return fmt::format(
      "the {} examples have {} classes, all of them numbers: is this the label's column, or a "
      "quantity? That would be a regression; here each number is a class of its own",
      n, classes);
}

/// What the tools that write a row's number call it.
bool names_an_index(const std::string& name) {
  constexpr std::array<std::string_view, 9> usual{"",     "id",     "idx",    "index",     "row",
                                                  "rows", "row_id", "number", "unnamed: 0"};
  std::string lower = name;
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(usual, lower) != usual.end();
}

/// Where feature `d` counts the examples: the number that it begins with.
std::optional<int> count_from(const Dataset& data, std::size_t d) {
  const float first = data.cell(0, d);
  if (first != 0 && first != 1) return std::nullopt;
  for (std::size_t i = 1; i < data.size(); ++i)
    if (data.cell(i, d) != static_cast<float>(i) + first) return std::nullopt;
  return static_cast<int>(first);
}

std::optional<std::string> row_index_as_feature(const Dataset& data) {
  constexpr std::size_t least_of_any = 10;
  constexpr std::size_t least_by_name = 3;
  if (data.shape() || data.size() < least_by_name) return std::nullopt;
  const std::vector<std::string>& names = data.feature_names();
  for (std::size_t d = 0; d < data.features(); ++d) {
    const bool by_name = !names.empty() && names_an_index(names[d]);
    if (!by_name && data.size() < least_of_any) continue;
    if (const auto first = count_from(data, d))
      return fmt::format(
          "feature {}{} counts the examples, {}, {}, {}, …: a row index? It is learned from like "
          "any other, and says nothing of new examples: leave its column out",
          d + 1, names.empty() ? "" : ", " + data::shown(names[d]) + ",", *first, *first + 1,
          *first + 2);
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> warnings_of(const Source& source) {
  std::vector<std::string> warnings;
  if (source.train.empty()) return warnings;
  if (source.train.labelled())
    if (auto warning = quantity_as_label(source.train)) warnings.push_back(*std::move(warning));
  if (auto warning = row_index_as_feature(source.train)) warnings.push_back(*std::move(warning));
  return warnings;
}

}  // namespace fallline
