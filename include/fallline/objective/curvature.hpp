#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/workers.hpp>

namespace fallline {

/// The second moment of the preprocessed features with the bias's 1 appended, M = (1/N) Σ z zᵀ.
struct FeatureMoment {
  double largest = 0;  ///< λ_max(M), by power iteration; a slight underestimate
  double trace = 0;    ///< the mean of ‖z‖²
};

/// Measures M on at most 1024 examples, evenly spaced over the source.
///
/// With κ the curvature of the loss in the scores, the objective's curvature in the parameters is
/// at most κ·λ_max(M) + λ₂: gradient descent on all examples lowers it for rates below 2 over that
/// (Nesterov, Introductory Lectures on Convex Optimization, 2004, section 1.2.3).
[[nodiscard]] FeatureMoment feature_moment(const Dataset& data, const Preprocessing& preprocessing,
                                           Workers& workers);

}  // namespace fallline
