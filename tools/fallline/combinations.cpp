#include "combinations.hpp"

#include <fallline/error.hpp>

namespace fallline::tool {
namespace {

/// A word of the command line, with what stands in its place.
struct Place {
  std::string name;                       ///< of the option that it is the value of, or empty
  std::vector<std::string> alternatives;  ///< the word, or each of its values
  std::vector<std::string> values;        ///< the same without the option
};

bool has_one_value(const CLI::Option& option) {
  const std::string& name = option.get_single_name();
  return option.get_group() == "Reading" || name == "data" || name == "test";
}

Error empty_value(const std::string& list, const std::string& name) {
  return usage_error("--" + name + " has an empty value in '" + list + "'",
                     "give values with commas between them");
}

/// In a list of models the commas between units and settings are theirs.
bool begins_model(const std::string& piece) {
  return piece == "linear" || piece.starts_with("mlp:") || piece.ends_with(".toml");
}

std::vector<std::string> values_in(const std::string& list, const std::string& name) {
  std::vector<std::string> values;
  for (const std::string& piece : CLI::detail::split(list, ',')) {
    if (piece.empty()) throw empty_value(list, name);
    const bool setting = piece.find('=') < piece.find(':');
    const bool goes_on = name == "schedule" ? setting : name == "model" && !begins_model(piece);
    if (goes_on && !values.empty())
      values.back() += "," + piece;
    else
      values.push_back(piece);
  }
  return values;
}

Place place_of(const CLI::Option* option, const std::string& value, const std::string& before) {
  if (option == nullptr || has_one_value(*option)) return {"", {before + value}, {value}};
  Place place{.name = option->get_single_name(), .alternatives = {}, .values = {}};
  place.values = values_in(value, place.name);
  for (const std::string& one : place.values) place.alternatives.push_back(before + one);
  return place;
}

/// The option named by a word such as `--lr`, where it takes a value.
const CLI::Option* taking_value(const CLI::App& app, const std::string& word) {
  if (word.size() < 2 || word.front() != '-') return nullptr;
  const CLI::Option* option = app.get_option_no_throw(word);
  return option != nullptr && option->get_expected_max() > 0 ? option : nullptr;
}

std::vector<Place> places_of(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (words[i].starts_with("--") && equals != std::string::npos) {
      const std::string flag = words[i].substr(0, equals);
      places.push_back(place_of(taking_value(app, flag), words[i].substr(equals + 1), flag + "="));
      continue;
    }
    places.push_back({.name = "", .alternatives = {words[i]}, .values = {}});
    const CLI::Option* option = taking_value(app, words[i]);
    if (option != nullptr && i + 1 < words.size())
      places.push_back(place_of(option, words[++i], ""));
  }
  return places;
}

}  // namespace

Combinations combinations_of(const CLI::App& app, const std::vector<std::string>& words) {
  Combinations all{.names = {}, .values = {{}}, .words = {{}}};
  for (const Place& place : places_of(app, words)) {
    const bool varied = place.alternatives.size() > 1;
    if (varied) all.names.push_back(place.name);
    Combinations longer{.names = all.names, .values = {}, .words = {}};
    for (std::size_t c = 0; c < all.words.size(); ++c)
      for (std::size_t v = 0; v < place.alternatives.size(); ++v) {
        longer.words.push_back(all.words[c]);
        longer.words.back().push_back(place.alternatives[v]);
        longer.values.push_back(all.values[c]);
        if (varied) longer.values.back().push_back(place.values[v]);
      }
    all = std::move(longer);
  }
  return all;
}

}  // namespace fallline::tool
