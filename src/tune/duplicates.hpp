#pragma once

#include <fallline/tune/gradient_noise.hpp>
#include <fallline/workers.hpp>

#include "tune/start.hpp"

namespace fallline::tune {

/// The loss and the gradient of K examples, evenly spaced over `data`, and of as many copies.
[[nodiscard]] Duplicates measure_duplicates(const Dataset& data, const Start& start,
                                            std::size_t distinct, std::size_t copies,
                                            Workers& workers);

}  // namespace fallline::tune
