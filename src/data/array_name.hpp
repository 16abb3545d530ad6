#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::data {

enum class Use : std::uint8_t { train, test, validation };

/// What the name of an array or of its file tells: `x_train`, `train-labels-idx1-ubyte.gz`.
struct ArrayName {
  Use use = Use::train;  ///< train, too, where the name is silent
  bool labels = false;
  std::string set;  ///< the words that say neither, so that several sets can be told apart
};

/// @returns nothing where the name tells neither features nor labels.
[[nodiscard]] std::optional<ArrayName> array_name(std::string_view name);

/// Which of some named arrays is what; empty: there is none.
struct ArrayChoice {
  std::string train;
  std::string train_labels;
  std::string test;
  std::string test_labels;
  std::vector<std::string> class_names;  ///< what the labels number; empty: they are the names
  std::vector<std::string> notes;
};

/// @param place  the file or directory that holds them, for messages
/// @throws Error(bad_input) where no array has a training part's name, or two have the same part.
[[nodiscard]] ArrayChoice choose_arrays(const std::string& place,
                                        const std::vector<std::string>& names);

}  // namespace fallline::data
