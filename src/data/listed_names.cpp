#include "data/listed_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
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

std::vector<std::size_t> places_of(const std::vector<std::string>& wanted,
                                   const std::vector<std::string>& found, const std::string& file) {
  std::unordered_map<std::string_view, std::size_t> place;
  std::unordered_set<std::string_view> twice;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (!place.emplace(found[i], i).second) twice.insert(found[i]);
  std::vector<std::size_t> places;
  std::vector<std::string> missing;
  for (const std::string& name : wanted) {
    if (twice.contains(name))
      throw bad_input({.file = file},
                      fmt::format("has two columns called {}, and columns are taken by their names",
                                  shown(name)),
                      "give each column a name of its own");
    const auto at = place.find(name);
    if (at == place.end())
      missing.push_back(name);
    else
      places.push_back(at->second);
  }
  if (!missing.empty())
    throw bad_input({.file = file},
                    fmt::format("has no column {}, which the model needs", listed(missing)),
                    "its features are " + listed(wanted));
  return places;
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
