#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <fallline/data/dataset.hpp>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "checked_size.hpp"
#include "data/cell_memory.hpp"
#include "data/number_scale.hpp"
#include "data/text.hpp"
#include "utf8.hpp"

namespace fallline {
namespace {

void check(const DatasetParts& p) {
  const Where where{.file = p.name};
  if (p.features == 0) throw bad_input(where, "the examples have no features");
  if (!p.labels.empty() && p.labels.size() != p.rows.size())
    throw bad_input(where, fmt::format("{} labels for {} examples", p.labels.size(), p.rows.size()),
                    "give one label an example");
  if (p.shape && p.shape->features() != p.features)
    throw bad_input(where, fmt::format("a picture of {}x{}x{} has not {} features", p.shape->height,
                                       p.shape->width, p.shape->channels, p.features));
  if (!p.feature_names.empty() && p.feature_names.size() != p.features)
    throw bad_input(
        where, fmt::format("{} feature names for {} features", p.feature_names.size(), p.features));
  require_utf8(p.class_names, where, "class name");
  require_utf8(p.feature_names, where, "feature name");
  const auto classes = static_cast<std::int32_t>(p.class_names.size());
  const auto wrong =
      std::ranges::find_if(p.labels, [classes](std::int32_t y) { return y < 0 || y >= classes; });
  if (wrong != p.labels.end())
    throw bad_input({.file = p.name, .row = std::uint64_t(wrong - p.labels.begin()) + 1},
                    fmt::format("class {} is outside 0..{}", *wrong, classes - 1));
}

/// All that the examples of `p` have in common.
DatasetParts without_examples(const DatasetParts& p) {
  return {.name = p.name,
          .cells = p.cells,
          .features = p.features,
          .rows = {},
          .labels = {},
          .class_names = p.class_names,
          .feature_names = p.feature_names,
          .shape = p.shape,
          .label = p.label,
          .index_base = p.index_base,
          .storage = p.storage,
          .storage_bytes = p.storage_bytes};
}

bool side_by_side(std::span<const std::size_t> places) {
  for (std::size_t d = 0; d < places.size(); ++d)
    if (places[d] == Dataset::no_place || places[d] != places[0] + d) return false;
  return !places.empty();
}

/// Copies the cells at `places` of each row of `from` into rows of `to`.
void gather(const DatasetParts& from, std::span<const std::size_t> places, DatasetParts& to) {
  const std::size_t width = bytes_of(from.cells);
  const std::uint64_t bytes = product(from.rows.size(), places.size() * width);
  require_memory(bytes, 0, from.name + ", its columns in the order of the model,",
                 "give it with the columns in that order");
  const auto cells = data::make_cells<std::byte>(bytes);
  std::byte* out = cells.get();
  for (const std::byte* row : from.rows) {
    to.rows.push_back(out);
    for (const std::size_t place : places) {
      if (place == Dataset::no_place)
        std::memset(out, 0, width);
      else
        std::memcpy(out, row + place * width, width);
      out += width;
    }
  }
  to.storage = {cells};
  to.storage_bytes = bytes;
}

/// The first names, as a message can hold them.
std::string first_of(const std::vector<std::string>& names) {
  constexpr std::size_t most = 20;
  const std::span few = std::span(names).first(std::min(most, names.size()));
  return fmt::format("{}{}", fmt::join(few, ", "), few.size() < names.size() ? ", …" : "");
}

}  // namespace

std::size_t ImageShape::features() const { return product(product(channels, height), width); }

const std::shared_ptr<const DatasetParts>& Dataset::nothing() {
  static const auto parts = std::make_shared<const DatasetParts>();
  return parts;
}

Dataset::Dataset(DatasetParts parts) {
  check(parts);
  parts_ = std::make_shared<const DatasetParts>(std::move(parts));
}

float Dataset::cell(std::size_t i, std::size_t d) const {
  const std::byte* row = parts_->rows[i];
  if (cells() == CellType::u8) return static_cast<float>(row[d]);
  float value = 0;
  std::memcpy(&value, row + 4 * d, sizeof value);
  return value;
}

void Dataset::copy_row(std::size_t i, std::span<float> out) const {
  const std::byte* row = parts_->rows[i];
  if (cells() == CellType::f32) {
    std::memcpy(out.data(), row, features() * sizeof(float));
  } else {
    std::transform(row, row + features(), out.begin(),
                   [](std::byte b) { return static_cast<float>(b); });
  }
}

Schema Dataset::schema() const {
  return {.features = features(),
          .feature_names = feature_names(),
          .class_names = class_names(),
          .shape = shape(),
          .label = parts_->label,
          .index_base = parts_->index_base,
          .scale = data::scale_of(*this)};
}

Dataset Dataset::subset(std::span<const std::size_t> indices) const {
  auto parts = std::make_shared<DatasetParts>(without_examples(*parts_));
  parts->rows.reserve(indices.size());
  for (const std::size_t i : indices) parts->rows.push_back(parts_->rows.at(i));
  if (!parts_->labels.empty()) {
    parts->labels.reserve(indices.size());
    for (const std::size_t i : indices) parts->labels.push_back(parts_->labels.at(i));
  }
  return Dataset(std::shared_ptr<const DatasetParts>(std::move(parts)));
}

Dataset Dataset::with_features(std::span<const std::size_t> places, const Schema& schema) const {
  auto parts = std::make_shared<DatasetParts>(without_examples(*parts_));
  parts->features = places.size();
  parts->feature_names = schema.feature_names;
  parts->shape = schema.shape;
  parts->labels = parts_->labels;
  if (side_by_side(places)) {
    const std::size_t offset = places.front() * bytes_of(cells());
    for (const std::byte* row : parts_->rows) parts->rows.push_back(row + offset);
  } else {
    gather(*parts_, places, *parts);
  }
  check(*parts);
  return Dataset(std::shared_ptr<const DatasetParts>(std::move(parts)));
}

Dataset Dataset::with_classes(const std::vector<std::string>& names) const {
  if (names == class_names()) return *this;
  std::unordered_map<std::string, std::int32_t> number;
  for (const std::string& name : names)
    number.emplace(name, static_cast<std::int32_t>(number.size()));
  auto parts = std::make_shared<DatasetParts>(*parts_);
  parts->class_names = names;
  for (std::size_t i = 0; i < parts->labels.size(); ++i) {
    const std::string& name = class_names()[static_cast<std::size_t>(parts_->labels[i])];
    const auto found = number.find(name);
    if (found == number.end())
      throw bad_input({.file = parts_->name, .row = i + 1},
                      fmt::format("class '{}' is not one of the {} known classes ({})", name,
                                  names.size(), first_of(names)),
                      "use a set with the same classes, or train on this one");
    parts->labels[i] = found->second;
  }
  return Dataset(std::shared_ptr<const DatasetParts>(std::move(parts)));
}

}  // namespace fallline
