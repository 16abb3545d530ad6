#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace fallline {

/// A convention: how one library, or one course, writes an optimizer's formula and sets its
/// numbers. docs/optimizers.md says how they differ.
enum class Preset : std::uint8_t {
  standard,  ///< the paper's numbers in PyTorch's form: ε outside the root, averages corrected
  course,    ///< momentum as an average; ε inside the root
  torch,     ///< PyTorch's numbers and form
  optax,     ///< Optax's
  tf1,  ///< TensorFlow 1's `tf.train`: ε beside the uncorrected root, accumulators at 1 or 0.1
};

[[nodiscard]] std::string_view name_of(Preset preset);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Preset preset_named(std::string_view name);

/// A setting of the struct S by its name on the command line. A struct that lists its fields, as
/// `static auto fields()`, can be chosen and set at run time (optimizer.hpp).
template <class S>
struct Field {
  std::string_view name;
  std::variant<double S::*, bool S::*> member;
};

}  // namespace fallline
