#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fallline/bench/synthetic.hpp>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/random.hpp>
#include <memory>
#include <utility>

#include "data/cell_memory.hpp"

namespace fallline::bench {
namespace {

void require_within(const char* field, std::size_t value, std::size_t least, std::size_t most) {
  if (value < least || value > most)
    throw usage_error(fmt::format("{} is {}", field, value),
                      fmt::format("it must be {} to {}", least, most));
}

/// Cells of the set from the `first` on, made of 64 random bits at a time.
void draw_bytes(const Random& random, std::uint64_t first, std::span<std::byte> out) {
  for (std::size_t i = 0; i < out.size(); i += sizeof(std::uint64_t)) {
    const std::uint64_t bits = random.bits((first + i) / sizeof bits);
    std::memcpy(&out[i], &bits, std::min(sizeof bits, out.size() - i));
  }
}

/// 24 bits make a float.
void draw_floats(const Random& random, std::uint64_t first, std::span<std::byte> out) {
  for (std::size_t i = 0; i < out.size(); i += 2 * sizeof(float)) {
    const std::uint64_t bits = random.bits((first + i) / (2 * sizeof(float)));
    const float pair[] = {static_cast<float>(bits >> 40) * 0x1p-23F - 1,
                          static_cast<float>(bits & 0xFFFFFF) * 0x1p-23F - 1};
    std::memcpy(&out[i], pair, std::min(sizeof pair, out.size() - i));
  }
}

}  // namespace

void SyntheticOptions::validate() const {
  constexpr std::size_t most = 1'000'000'000;
  require_within("examples", examples, 1, most);
  require_within("features", features, 1, most);
  require_within("classes", classes, 2, 1'000'000);
}

std::uint64_t SyntheticOptions::bytes() const {
  return examples * (features * bytes_of(cells) + sizeof(void*) + sizeof(std::int32_t));
}

Dataset synthetic(const SyntheticOptions& o, Workers& workers) {
  o.validate();
  require_memory(o.bytes(), o.memory_limit, "the synthetic set", "use fewer examples or features");
  const std::size_t row = o.features * bytes_of(o.cells);
  DatasetParts parts{.name = "synthetic", .cells = o.cells, .features = o.features};
  parts.storage_bytes = o.examples * row;
  const auto cells = data::make_cells<std::byte>(parts.storage_bytes);
  constexpr std::size_t piece = std::size_t{1} << 20;
  const Random random(o.seed, Purpose::synthetic_set);
  workers.for_each((parts.storage_bytes + piece - 1) / piece, [&](std::size_t p) {
    const std::size_t size = std::min(piece, parts.storage_bytes - p * piece);
    const auto draw = o.cells == CellType::u8 ? draw_bytes : draw_floats;
    draw(random, p * piece, {&cells[p * piece], size});
  });
  const Random labels(o.seed, Purpose::synthetic_set, 1);
  for (std::size_t i = 0; i < o.examples; ++i) {
    parts.rows.push_back(&cells[i * row]);
    parts.labels.push_back(static_cast<std::int32_t>(labels.below(i, o.classes)));
  }
  for (std::size_t c = 0; c < o.classes; ++c) parts.class_names.push_back(std::to_string(c));
  parts.storage.push_back(cells);
  return Dataset(std::move(parts));
}

}  // namespace fallline::bench
