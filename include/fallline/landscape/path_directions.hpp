#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <fallline/data/parts.hpp>
#include <fallline/landscape/directions.hpp>
#include <fallline/train/options.hpp>
#include <fallline/workers.hpp>
#include <functional>
#include <optional>

namespace fallline::landscape {

/// The two principal directions of a run's path, of length 1: a run is made again, and those found
/// in which its points vary most (path_plane.hpp). Same parts and options, same path.
/// @param iterates  points of the path that are kept, at least 2
/// @param progress  told what share is done
/// @returns nothing after an interrupt
/// @throws as `train`
[[nodiscard]] std::optional<std::array<Direction, 2>> path_directions(
    const Parts& parts, const TrainOptions& training, Workers& workers, std::size_t iterates = 100,
    const std::function<void(double)>& progress = {}, const std::atomic<bool>* interrupt = nullptr);

}  // namespace fallline::landscape
