#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fallline/data/dataset.hpp>
#include <fallline/error.hpp>
#include <unordered_map>
#include <utility>

#include "checked_size.hpp"

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
  const auto classes = static_cast<std::int32_t>(p.class_names.size());
  const auto wrong =
      std::ranges::find_if(p.labels, [classes](std::int32_t y) { return y < 0 || y >= classes; });
  if (wrong != p.labels.end())
    throw bad_input({.file = p.name, .row = std::uint64_t(wrong - p.labels.begin()) + 1},
                    fmt::format("class {} is outside 0..{}", *wrong, classes - 1));
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

Dataset Dataset::subset(std::span<const std::size_t> indices) const {
  auto parts = std::make_shared<DatasetParts>();
  parts->name = parts_->name;
  parts->cells = parts_->cells;
  parts->features = parts_->features;
  parts->class_names = parts_->class_names;
  parts->feature_names = parts_->feature_names;
  parts->shape = parts_->shape;
  parts->storage = parts_->storage;
  parts->storage_bytes = parts_->storage_bytes;
  parts->rows.reserve(indices.size());
  for (const std::size_t i : indices) parts->rows.push_back(parts_->rows.at(i));
  if (!parts_->labels.empty()) {
    parts->labels.reserve(indices.size());
    for (const std::size_t i : indices) parts->labels.push_back(parts_->labels.at(i));
  }
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
                                  names.size(), fmt::join(names, ", ")),
                      "use a set with the same classes, or train on this one");
    parts->labels[i] = found->second;
  }
  return Dataset(std::shared_ptr<const DatasetParts>(std::move(parts)));
}

}  // namespace fallline
