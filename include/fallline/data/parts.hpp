#pragma once

#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/data/open.hpp>
#include <string>
#include <vector>

namespace fallline {

/// A source divided by use. Parts may be empty, except the training part.
struct Parts {
  Dataset train;                      ///< descended on
  Dataset validation;                 ///< chooses the best epoch
  Dataset test;                       ///< looked at once, at the end
  std::vector<std::string> notes;     ///< the source's, and where a part was held out
  std::vector<std::string> warnings;  ///< what is likely a mistake (warnings.hpp)
};

/// The same parts, validation and test with the features of the training part, in its order, and
/// its classes: what trains on parts takes them so.
/// @throws Error(bad_input) where they do not fit (`arrange`), or have no labels to be judged by.
[[nodiscard]] Parts agreeing(const Parts& parts);

/// How a source is divided. The same shares and seed give the same parts.
struct Shares {
  double test = 0.2;        ///< held out where the source has no test part; 0: none
  double validation = 0.1;  ///< of the training part; 0: none
  std::uint64_t seed = 1;
};

/// Divides a source into its parts, stratified by class, drawn by the seed.
/// @throws Error(usage) for a share outside [0, 1); Error(bad_input) where there is nothing to
///         learn: no examples, no labels, or fewer than two classes.
[[nodiscard]] Parts divide(const Source& source, const Shares& shares = {});

}  // namespace fallline
