#pragma once

#include <fallline/data/open.hpp>
#include <string>
#include <vector>

namespace fallline {

/// What in the training part of a source is likely a mistake, a sentence each.
///
/// - A label that looks like a quantity, for N examples in C classes: more than half as many
///   classes as examples, N ≥ 10; or whole numbers alone, C ≥ 20, with fewer than ten examples a
///   class (not of pictures, of which that is a usual set). scikit-learn 1.6 and newer warn by the
///   first rule.
/// - A feature that counts the examples, 0, 1, 2, … or 1, 2, 3, …, from the first to the last: of
///   at least 10 examples, or of 3 where its name says so ("", id, index, row, Unnamed: 0).
[[nodiscard]] std::vector<std::string> warnings_of(const Source& source);

}  // namespace fallline
