#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/landscape/site.hpp>
#include <fallline/model/parameter_block.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline::landscape {

enum class DirectionKind : std::uint8_t { random, gradient, towards, principal, axis, given };

/// What length a direction has.
enum class Scaling : std::uint8_t {
  none,     ///< its own
  weights,  ///< ‖W₁‖ = ‖W‖, over all parameters
  /// Every row of a matrix has the length of the same row of W; biases stay where they are.
  /// Networks whose layers are scaled up and down against each other then have one picture.
  filter,
};

[[nodiscard]] std::string_view name_of(DirectionKind kind);
[[nodiscard]] std::string_view name_of(Scaling scaling);
/// @throws Error(usage) that lists the names.
[[nodiscard]] Scaling scaling_named(std::string_view name);

/// The length that a direction of a kind has where nothing is said: random ones those of the rows,
/// gradients and principal ones that of W, the others their own.
[[nodiscard]] Scaling usual_scaling(DirectionKind kind);

/// A direction W₁ in the space of the parameters.
struct Direction {
  DirectionKind kind = DirectionKind::given;
  std::string about;  ///< what it is, for a person
  Scaling scaled = Scaling::none;
  std::vector<float> values;  ///< P numbers

  [[nodiscard]] double norm() const;
};

/// P draws of N(0,1); directions of another `number` are independent.
[[nodiscard]] Direction random_direction(std::size_t parameters, std::uint64_t seed,
                                         std::uint32_t number);

/// ∂L/∂W at the model's weights: L rises along it.
[[nodiscard]] Direction gradient_direction(Site& site);

/// W′ − W: the other weights lie at 1.
/// @throws Error(usage) where there are not as many of them.
[[nodiscard]] Direction direction_towards(const Site& site, std::span<const float> other,
                                          const std::string& name);
/// The same towards another model.
[[nodiscard]] Direction direction_towards(const Site& site, const Classifier& other,
                                          const std::string& name);

/// Parameter k alone, by 1. @throws Error(usage) where there is none of that number.
[[nodiscard]] Direction axis_direction(const Site& site, std::size_t k);

/// Gives a direction its length.
///
/// `filter` follows Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural
/// nets", NeurIPS 2018, section 4: d_r ← d_r ‖W_r‖/‖d_r‖ for each row r. Biases have no row to
/// speak of; as in the paper's program, the direction is 0 there.
///
/// @param w       the weights, P numbers; @param blocks  what they are made of
/// @throws Error(usage) where nothing is left: W or the direction is 0.
[[nodiscard]] Direction scaled(Direction direction, Scaling scaling, std::span<const float> w,
                               std::span<const ParameterBlock> blocks);

/// The cosine of the angle between two directions; 0 where one is 0.
[[nodiscard]] double cosine(const Direction& one, const Direction& other);

}  // namespace fallline::landscape
