#include "data/listed_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "data/text.hpp"

namespace fallline::data {

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 12;
  std::string list;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    list += (i == 0 ? "" : ", ") + shown(names[i]);
  return list + (names.size() > most ? fmt::format(" and {} more", names.size() - most) : "");
}

Error missing_columns(const std::string& file, const std::vector<std::string>& missing,
                      const std::vector<std::string>& needed) {
  return bad_input({.file = file},
                   fmt::format("has no column {}, which the model needs", listed(missing)),
                   "its features are " + listed(needed));
}

void note_columns(const std::vector<std::string>& found, const std::vector<std::string>& wanted,
                  std::vector<std::string>& notes) {
  const std::unordered_set<std::string> needed(wanted.begin(), wanted.end());
  std::vector<std::string> kept;
  std::vector<std::string> left_out;
  for (const std::string& name : found) (needed.contains(name) ? kept : left_out).push_back(name);
  if (kept != wanted)
    notes.emplace_back(
        "the columns stand in another order than in training: they are taken by "
        "their names");
  if (!left_out.empty())
    notes.push_back(fmt::format("{} {} not among the model's features, and {} left out",
                                listed(left_out), left_out.size() == 1 ? "is" : "are",
                                left_out.size() == 1 ? "is" : "are"));
}

}  // namespace fallline::data
