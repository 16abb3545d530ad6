#pragma once

#include <cstdint>
#include <fallline/data/parts.hpp>
#include <fallline/train/options.hpp>
#include <string_view>

namespace fallline::tune {

/// Refuses a sweep that cannot fit: what training takes, and `more` bytes.
/// @throws Error(not_enough_memory)
void require_room(const Parts& parts, const TrainOptions& options, std::size_t threads,
                  std::uint64_t more, std::string_view what);

}  // namespace fallline::tune
