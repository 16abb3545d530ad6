#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <fallline/model/network.hpp>

namespace fallline {

/// Bytes that scores and confusion take while `examples` are evaluated.
[[nodiscard]] std::uint64_t evaluation_bytes(const Network& network, CellType cells,
                                             std::size_t examples, std::size_t threads);

/// What the figures of a run on `data` take: the confusion of its three parts, counted and written,
/// and the names, which every part and the model have for their own.
[[nodiscard]] std::uint64_t figures_bytes(const Dataset& data);

}  // namespace fallline
