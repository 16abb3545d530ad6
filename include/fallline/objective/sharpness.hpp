#pragma once

#include <fallline/data/dataset.hpp>
#include <fallline/data/preprocessing.hpp>
#include <fallline/loss/loss.hpp>
#include <fallline/loss/penalty.hpp>
#include <fallline/model/network.hpp>
#include <fallline/workers.hpp>
#include <span>

namespace fallline {

/// The largest curvature of an objective at w, |λ|_max of its Hessian, by power iteration with
///
///     H v ≈ (∇L(w + εv) − ∇L(w − εv)) / 2ε,    ‖v‖ = 1, ε = ‖w‖/1000
///
/// on at most 1024 examples, evenly spaced: 8 products, which leave it some percent too small. Of a
/// ReLU network it is the curvature as a step of that size sees it, the kinks in between included.
/// Plain descent on all examples lowers a quadratic with that curvature for rates below 2/λ.
///
/// Pearlmutter 1994, section 1, for the difference; the rest as in `feature_moment`.
///
/// @param w  P numbers
[[nodiscard]] double sharpness(const Dataset& data, const Preprocessing& preprocessing,
                               const Network& network, const Loss& loss, const Penalty& penalty,
                               std::span<const float> w, Workers& workers);

}  // namespace fallline
