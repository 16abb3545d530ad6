#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fallline/data/embedded.hpp>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <fallline/workers.hpp>
#include <memory>
#include <utility>

#include "data/cell_memory.hpp"
#include "data/embedded/scene.hpp"

namespace fallline {
namespace {

using namespace data;

constexpr std::size_t most_pictures = 1'000'000'000;
constexpr std::size_t classes = figures.size();

/// Independent streams of random numbers; part of what every picture is.
struct Streams {
  std::uint32_t pictures, order;
};
constexpr Streams train_streams{.pictures = 0, .order = 2};
constexpr Streams test_streams{.pictures = 1, .order = 3};

/// The classes of the ten pictures of `block`: each once, in any order (Fisher and Yates).
std::array<std::int32_t, classes> class_order(std::uint64_t seed, std::uint32_t stream,
                                              std::size_t block) {
  Draws draws(seed, stream, block);
  std::array<std::int32_t, classes> order{};
  for (std::uint32_t i = 0; i < classes; ++i) {
    const std::uint32_t j = draws.below(i + 1);
    order[i] = order[j];
    order[j] = static_cast<std::int32_t>(i);
  }
  return order;
}

DatasetParts blank_part(std::size_t count) {
  DatasetParts parts{.name = "embedded", .cells = CellType::u8, .features = picture_bytes};
  parts.shape = ImageShape{.channels = 3, .height = side, .width = side};
  for (const Figure& figure : figures) parts.class_names.emplace_back(figure.name);
  parts.labels.resize(count);
  parts.rows.resize(count);
  parts.storage_bytes = count * picture_bytes;
  return parts;
}

Dataset draw_part(std::uint64_t seed, Streams streams, std::size_t count, Workers& workers) {
  DatasetParts parts = blank_part(count);
  const auto cells = make_cells<std::uint8_t>(parts.storage_bytes);
  const auto draw_block = [&](std::size_t block) {
    const auto order = class_order(seed, streams.order, block);
    const std::size_t first = block * classes;
    for (std::size_t i = first; i < std::min(first + classes, count); ++i) {
      Draws draws(seed, streams.pictures, i);
      std::uint8_t* const row = &cells[i * picture_bytes];
      parts.labels[i] = order[i - first];
      parts.rows[i] = reinterpret_cast<const std::byte*>(row);
      draw_scene(figures[static_cast<std::size_t>(parts.labels[i])], draws,
                 std::span<std::uint8_t, picture_bytes>(row, picture_bytes));
    }
  };
  workers.for_each((count + classes - 1) / classes, draw_block);
  parts.storage.push_back(cells);
  return Dataset(std::move(parts));
}

}  // namespace

void EmbeddedOptions::validate() const {
  if (train < 1 || train > most_pictures)
    throw usage_error(fmt::format("train is {}: it must be 1 to {}", train, most_pictures));
  if (test > most_pictures)
    throw usage_error(fmt::format("test is {}: it must be 0 to {}", test, most_pictures));
}

Source embedded(const EmbeddedOptions& options) {
  options.validate();
  constexpr std::size_t each = picture_bytes + sizeof(void*) + sizeof(std::int32_t);
  require_memory((options.train + options.test) * each, options.memory_limit, "the embedded set",
                 "draw fewer pictures");
  Workers workers(options.threads);
  Source source;
  source.format = "embedded";
  source.train = draw_part(options.seed, train_streams, options.train, workers);
  if (options.test != 0) source.test = draw_part(options.seed, test_streams, options.test, workers);
  source.notes.push_back(fmt::format("{} training and {} test pictures drawn with seed {}.",
                                     options.train, options.test, options.seed));
  return source;
}

}  // namespace fallline
