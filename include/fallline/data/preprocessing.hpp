#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace fallline {

class Workers;

/// What is done to the features before the score function sees them.
enum class PreprocessingKind : std::uint8_t {
  automatic,  ///< `global` for pictures, `feature` for everything else
  none,       ///< the features as they are
  mean,       ///< subtract each feature's mean
  global,     ///< and divide by one standard deviation, common to all features
  channel,    ///< subtract each colour channel's mean, divide by its standard deviation
  feature,    ///< subtract each feature's mean, divide by its standard deviation
};

[[nodiscard]] std::string_view name_of(PreprocessingKind kind);
/// @throws Error(usage) for a name that is no preprocessing.
[[nodiscard]] PreprocessingKind preprocessing_kind(std::string_view name);

/// z_d = (x_d − mean_d) · scale_d, fitted on the training examples and stored with the model.
///
/// A feature that never changes has scale 0: it says nothing, and must not explode where it does
/// change later.
struct Preprocessing {
  PreprocessingKind kind = PreprocessingKind::none;
  std::vector<float> mean;   ///< D numbers
  std::vector<float> scale;  ///< D numbers, ≥ 0

  /// z = x: D features left as they are.
  [[nodiscard]] static Preprocessing identity(std::size_t features);

  /// Means and population standard deviations over all of `data`, in one pass for bytes (exact
  /// integer sums) and two for floats (in double). The same for any number of workers.
  /// @throws Error(usage) where `channel` is asked of examples that are no pictures.
  [[nodiscard]] static Preprocessing fit(PreprocessingKind kind, const Dataset& data,
                                         Workers& workers);

  bool operator==(const Preprocessing&) const = default;
};

}  // namespace fallline
