#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/schema.hpp>
#include <string>
#include <vector>

namespace fallline {

/// A dataset as a schema has it.
struct Arranged {
  Dataset data;
  std::vector<std::string> notes;  ///< what was put right, one sentence each
};

/// `data` with the features of `schema`, in its order; labels and classes stay as they are.
///
/// - Where both name their features, they are matched by name: another order is put right, features
///   that the schema has not are left out.
/// - Pictures of the same size may have their channels first or last: they are put right, too.
/// - Sparse data may end before the last feature (the rest is 0) or go on behind it (that is left
///   out).
/// - All else must have as many features as the schema, and is taken in the order it has.
///
/// Cells are copied only where their order changes.
///
/// @throws Error(bad_input) where a feature is missing, by its name; where a name stands twice;
///         where the number of features, the size of the pictures or the index base is another.
[[nodiscard]] Arranged arrange(const Dataset& data, const Schema& schema);

/// @throws Error(bad_input) where features or classes are not the same in the same order, so that
///         parameters of the two would not mean the same.
/// @param one, other  what the two are called in the message
void require_same(const Schema& a, const Schema& b, const std::string& one,
                  const std::string& other);

}  // namespace fallline
