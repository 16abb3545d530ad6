#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/gradient/difference.hpp>
#include <fallline/gradient/scheme.hpp>
#include <fallline/model/parameter_block.hpp>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fallline {

enum class Verdict : std::uint8_t { pass, fail, inconclusive };

[[nodiscard]] std::string_view name_of(Verdict verdict);

struct GradientCheckOptions {
  Scheme scheme = Scheme::central;
  double step = 0;              ///< h; 0: by the type of the coordinates
  double tolerance = 1e-6;      ///< of the relative error
  std::size_t coordinates = 0;  ///< at most so many, drawn at random; 0: all
  std::uint64_t seed = 1;
  std::size_t worst = 5;                  ///< coordinates that the result lists
  std::vector<std::size_t> indices = {};  ///< those to check, in place of drawn ones

  /// @throws Error(usage) naming the first option out of its bounds.
  void validate() const;
};

/// What a difference says of one coordinate of a gradient.
///
///     error = |a − n| / max(|a|, |n|),    0 where both are 0; a analytic, n numerical
///
/// Pass: the error is within the tolerance. Otherwise inconclusive, where f has a kink between the
/// points (and a lies between the slopes on either side), or where |a − n| is within what the
/// rounding of f makes of n; else it fails. The scale has no floor: a wrong gradient does not pass
/// for being small.
struct CheckedCoordinate {
  std::size_t index = 0;
  double analytic = 0;
  double numerical = 0;
  double error = 0;
  Verdict verdict = Verdict::pass;
  bool kink = false;  ///< why it is inconclusive; else rounding
};

/// What is known of a coordinate by differences.
struct Slope {
  Difference difference;
  bool kink = false;  ///< between the points that were looked at
};

[[nodiscard]] CheckedCoordinate judge(std::size_t index, double analytic, const Slope& slope,
                                      double tolerance);

/// The coordinates of a block, counted.
struct CheckedBlock {
  std::string name;
  std::size_t checked = 0;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t kinks = 0;       ///< inconclusive for a kink
  std::size_t unresolved = 0;  ///< inconclusive for rounding
  CheckedCoordinate worst;     ///< of those that passed or failed, the one with the largest error

  /// Fail where one failed; else pass where at least half could be judged.
  [[nodiscard]] Verdict verdict() const;
  void add(const CheckedCoordinate& coordinate);
  /// The coordinates of another block as well.
  void add(const CheckedBlock& other);
};

struct GradientCheck {
  CheckedBlock all;  ///< of all blocks
  std::vector<CheckedBlock> blocks;
  std::vector<CheckedCoordinate> worst;  ///< failed ones first, by error, the largest first
  Scheme scheme = Scheme::central;
  double step = 0;
  double tolerance = 0;

  [[nodiscard]] Verdict verdict() const { return all.verdict(); }
};

/// Puts coordinates together; `blocks` cover them.
[[nodiscard]] GradientCheck summary_of(std::span<const CheckedCoordinate> coordinates,
                                       std::span<const ParameterBlock> blocks,
                                       const GradientCheckOptions& options);

/// `options.indices`, or `options.coordinates` of n, each once, in ascending order; all where that
/// is 0.
[[nodiscard]] std::vector<std::size_t> checked_coordinates(std::size_t n,
                                                           const GradientCheckOptions& options);

/// Compares `gradient` with differences of f at x, whose coordinates are left as they were. Where
/// the first difference does not agree, curvature and kinks are looked into: one with twice the
/// step takes the error of order h² off, and one-sided ones that stay apart as the step halves are
/// a kink.
///
/// @param blocks  of the parameters; none: one block of all
/// @throws Error(usage) where sizes disagree; what f throws
[[nodiscard]] GradientCheck check_gradient(const std::function<double(std::span<const double>)>& f,
                                           std::span<double> x, std::span<const double> gradient,
                                           const GradientCheckOptions& options = {},
                                           std::span<const ParameterBlock> blocks = {});
[[nodiscard]] GradientCheck check_gradient(const std::function<double(std::span<const float>)>& f,
                                           std::span<float> x, std::span<const double> gradient,
                                           const GradientCheckOptions& options = {},
                                           std::span<const ParameterBlock> blocks = {});

}  // namespace fallline
