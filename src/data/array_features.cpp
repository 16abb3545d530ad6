#include <fmt/format.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>
#include <memory>
#include <utility>

#include "data/array.hpp"
#include "data/array_elements.hpp"
#include "data/cell_memory.hpp"
#include "data/cell_value.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

constexpr std::uint64_t most_channels = 4;

/// Where the elements of a row lie: element d of row i is at i * row_step + places[d].
struct ArrayLayout {
  std::uint64_t row_step = 0;
  std::vector<std::uint64_t> places;
};

std::uint64_t columns_of(const Array& array) {
  std::uint64_t columns = 1;
  for (std::size_t k = 1; k < array.dims.size(); ++k) columns = product(columns, array.dims[k]);
  return columns;
}

/// One step from an index k to the next is steps[k] elements.
std::vector<std::uint64_t> steps_of(const Array& array) {
  std::vector<std::uint64_t> steps(array.dims.size());
  std::uint64_t step = 1;
  for (std::size_t n = 0; n < steps.size(); ++n) {
    const std::size_t k = array.column_major ? n : steps.size() - 1 - n;
    steps[k] = step;
    step = product(step, array.dims[k]);
  }
  return steps;
}

ArrayLayout layout_of(const Array& array) {
  const std::vector<std::uint64_t> steps = steps_of(array);
  ArrayLayout layout{steps[0], std::vector<std::uint64_t>(columns_of(array))};
  for (std::uint64_t d = 0; d < layout.places.size(); ++d) {
    std::uint64_t rest = d;
    for (std::size_t k = array.dims.size() - 1; k >= 1; rest /= array.dims[k], --k)
      layout.places[d] += rest % array.dims[k] * steps[k];
  }
  return layout;
}

/// A value as a cell. @throws Error(bad_input) where single precision has none for it.
template <class Value>
float cell(const Array& array, Value value, std::uint64_t row, std::uint64_t column,
           std::uint64_t element) {
  const auto narrowed = static_cast<float>(value);
  if (std::isfinite(narrowed)) return cell_value(narrowed);
  const auto wide = static_cast<double>(value);
  const Where where{.file = array.file,
                    .row = row + 1,
                    .column = column + 1,
                    .byte = array.first_byte + element * array.element_bytes};
  if (std::isfinite(wide))
    throw bad_input(where, fmt::format("{} is too large for single precision", wide),
                    "scale the column");
  throw bad_input(where,
                  std::isnan(wide) ? "the cell is not a number (NaN)" : "the cell is infinite",
                  "fill it in, or remove the row");
}

/// Calls `take` with each cell, row by row, and returns how many are 0 where the array's are not.
template <class Take>
std::size_t for_each_cell(const Array& array, Take take) {
  const ArrayLayout layout = layout_of(array);
  const std::byte* first = array.contents.bytes.data();
  std::size_t tiny = 0;
  with_loader(array, [&](auto value_at) {
    for (std::uint64_t i = 0; i < array.dims[0]; ++i) {
      for (std::uint64_t d = 0; d < layout.places.size(); ++d) {
        const std::uint64_t element = i * layout.row_step + layout.places[d];
        const auto value = value_at(first + element * array.element_bytes);
        const float kept = cell(array, value, i, d, element);
        if (kept == 0 && value != 0) ++tiny;
        take(kept);
      }
    }
  });
  return tiny;
}

void require_examples(const Array& array) {
  const Where where{.file = array.file};
  if (is_text(array.element))
    throw bad_input(where, "holds text, where features are numbers", "give it as the labels");
  if (array.dims.size() < 2)
    throw bad_input(where, "has one dimension, as labels have",
                    "features have two or more: name the file that holds them");
  if (array.dims[0] == 0) throw bad_input(where, "holds no examples");
  if (columns_of(array) == 0) throw bad_input(where, "its examples have no features");
}

std::optional<ImageShape> shape_of(const Array& array, std::vector<std::string>& notes) {
  const auto& dims = array.dims;
  const std::string dimensions = fmt::format("{}: {}", array.file, fmt::join(dims, "x"));
  if (dims.size() == 3) return ImageShape{.height = dims[1], .width = dims[2]};
  if (dims.size() == 4 && dims[3] <= most_channels) {
    notes.push_back(dimensions + " is read as pictures of height x width x channels");
    return ImageShape{dims[3], dims[1], dims[2], dims[3] > 1};
  }
  if (dims.size() == 4 && dims[1] <= most_channels) {
    notes.push_back(dimensions + " is read as pictures of channels x height x width");
    return ImageShape{dims[1], dims[2], dims[3]};
  }
  if (dims.size() > 3)
    notes.push_back(dimensions + " is read as plain rows: no dimension can be channels");
  return std::nullopt;
}

bool stays_in_place(const Array& array) {
  if (array.column_major && array.dims[0] > 1) return false;
  if (array.element == Element::u8 || array.element == Element::truth) return true;
  const auto address = reinterpret_cast<std::uintptr_t>(array.contents.bytes.data());
  return array.element == Element::f32 && !array.big_endian && address % alignof(float) == 0;
}

void set_rows(DatasetParts& parts, const std::byte* first, std::uint64_t rows) {
  const std::uint64_t row_bytes = parts.features * bytes_of(parts.cells);
  parts.rows.reserve(rows);
  for (std::uint64_t i = 0; i < rows; ++i) parts.rows.push_back(first + i * row_bytes);
  parts.storage_bytes = rows * row_bytes;
}

/// Whether all are as cells keep them; looks at every one, as does what throws at a bad one.
bool holds_cell_values(const Array& array) {
  if (array.element != Element::f32) return true;
  return for_each_cell(array, [](float) {}) == 0;
}

void keep(DatasetParts& parts, const Array& array) {
  parts.cells = array.element == Element::f32 ? CellType::f32 : CellType::u8;
  set_rows(parts, array.contents.bytes.data(), array.dims[0]);
  parts.storage.push_back(array.contents.owner);
}

/// Returns how many cells are too small to be kept.
std::size_t convert(DatasetParts& parts, const Array& array) {
  parts.cells = CellType::f32;
  auto cells = make_cells<float>(array.dims[0] * parts.features);
  float* next = cells.get();
  const std::size_t tiny = for_each_cell(array, [&next](float value) { *next++ = value; });
  set_rows(parts, reinterpret_cast<const std::byte*>(cells.get()), array.dims[0]);
  parts.storage.push_back(std::move(cells));
  return tiny;
}

}  // namespace

DatasetParts features_of(const Array& array, std::uint64_t memory_limit,
                         std::vector<std::string>& notes) {
  require_examples(array);
  DatasetParts parts{.name = array.file, .features = columns_of(array)};
  const bool in_place = stays_in_place(array);
  constexpr std::uint64_t beside_a_row = sizeof(void*) + sizeof(std::int32_t);
  const std::uint64_t cells = product(product(array.dims[0], parts.features), sizeof(float));
  const bool walked = !in_place || array.element == Element::f32;
  const std::uint64_t beside =
      array.dims[0] * beside_a_row + (walked ? parts.features * sizeof(std::uint64_t) : 0);
  const auto require_room = [&](bool copied) {
    require_memory(sum(array.contents.bytes.size() + beside, copied ? cells : 0), memory_limit,
                   array.file, "allow more memory, or give fewer rows");
  };
  require_room(!in_place);
  parts.shape = shape_of(array, notes);
  if (in_place && holds_cell_values(array)) {
    keep(parts, array);
    return parts;
  }
  require_room(true);
  const std::size_t tiny = convert(parts, array);
  if (!in_place)
    notes.push_back(array.file + ": the cells are converted to rows of single precision");
  if (tiny > 0) notes.push_back(array.file + ": " + tiny_cells_note(tiny));
  return parts;
}

}  // namespace fallline::data
