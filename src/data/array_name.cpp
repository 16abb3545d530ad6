#include "data/array_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/error.hpp>
#include <map>
#include <utility>

namespace fallline::data {
namespace {

template <std::size_t N>
bool among(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

constexpr std::array<std::string_view, 5> features_words{"x", "data", "image", "images",
                                                         "features"};
constexpr std::array<std::string_view, 7> labels_words{"y",       "label", "labels", "target",
                                                       "targets", "class", "classes"};
constexpr std::array<std::string_view, 2> train_words{"train", "training"};
constexpr std::array<std::string_view, 2> test_words{"test", "t10k"};
constexpr std::array<std::string_view, 3> validation_words{"val", "valid", "validation"};
constexpr std::array<std::string_view, 7> format_words{"idx1",  "idx2", "idx3", "idx4",
                                                       "ubyte", "npy",  "gz"};

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (c == '_' || c == '-' || c == '.' || c == ' ') {
      words.emplace_back();
    } else {
      words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  std::erase(words, "");
  return words;
}

using Slot = std::pair<Use, bool>;

/// Takes what the choice was made from; two names for one slot are refused.
std::map<Slot, std::string> slots_of(const std::string& place,
                                     const std::vector<std::string>& names,
                                     std::vector<std::string>& notes) {
  std::map<Slot, std::string> slots;
  std::optional<std::string> set;
  for (const std::string& name : names) {
    const auto told = array_name(name);
    if (!told) {
      notes.push_back(fmt::format("{}: {} is left out: its name tells neither features nor labels",
                                  place, name));
      continue;
    }
    if (set && *set != told->set)
      throw bad_input({.file = place},
                      fmt::format("holds several sets: '{}' and '{}'", *set, told->set),
                      "name the file with the features of one");
    set = told->set;
    const auto [slot, is_new] = slots.try_emplace({told->use, told->labels}, name);
    if (!is_new)
      throw bad_input({.file = place},
                      fmt::format("{} and {} could both be the same part", slot->second, name),
                      "keep one of them");
  }
  return slots;
}

}  // namespace

std::optional<ArrayName> array_name(std::string_view name) {
  ArrayName told;
  bool features = false;
  for (const std::string& word : words_of(name)) {
    if (among(features_words, word)) {
      features = true;
    } else if (among(labels_words, word)) {
      told.labels = true;
    } else if (among(test_words, word)) {
      told.use = Use::test;
    } else if (among(validation_words, word)) {
      told.use = Use::validation;
    } else if (!among(train_words, word) && !among(format_words, word)) {
      told.set += (told.set.empty() ? "" : " ") + word;
    }
  }
  if (features == told.labels) return std::nullopt;
  return told;
}

ArrayChoice choose_arrays(const std::string& place, const std::vector<std::string>& names) {
  ArrayChoice choice;
  auto slots = slots_of(place, names, choice.notes);
  choice.train = slots[{Use::train, false}];
  choice.train_labels = slots[{Use::train, true}];
  if (choice.train.empty())
    throw bad_input({.file = place},
                    fmt::format("has no features to train on among {}", fmt::join(names, ", ")),
                    "call them x and y, or x_train, y_train, x_test and y_test");
  const bool has_test = !slots[{Use::test, false}].empty();
  const Use second = has_test ? Use::test : Use::validation;
  choice.test = slots[{second, false}];
  choice.test_labels = slots[{second, true}];
  const std::string& validation = slots[{Use::validation, false}];
  if (!validation.empty())
    choice.notes.push_back(
        fmt::format("{}: {} is {}", place, validation,
                    has_test ? "left out, as there is a test part" : "the test part"));
  return choice;
}

}  // namespace fallline::data
