#include "data/cell_buffer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fallline/memory.hpp>
#include <utility>

#include "data/cell_memory.hpp"
#include "data/cell_value.hpp"
#include "data/text.hpp"

namespace fallline::data {
namespace {

constexpr const char* advice = "allow more memory, or read a part of the rows";

/// The value of 1 to 3 digits up to 255; else -1.
int byte_value(std::string_view text) {
  if (text.empty() || text.size() > 3) return -1;
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value <= 255 ? value : -1;
}

}  // namespace

CellBuffer::CellBuffer(std::string file, std::size_t most, std::uint64_t beside,
                       std::uint64_t memory_limit)
    : file_(std::move(file)), most_(most), beside_(beside), memory_limit_(memory_limit) {
  require_memory(beside_ + most_, memory_limit_,
                 fmt::format("{}: text and up to {} cells", file_, most_), advice);
  bytes_ = make_cells<std::uint8_t>(most_);
}

bool CellBuffer::add(std::string_view text) {
  if (!floats_) {
    if (const int byte = byte_value(text); byte >= 0) {
      bytes_[size_++] = static_cast<std::uint8_t>(byte);
      return true;
    }
  }
  const auto value = number(text);
  if (!value || !std::isfinite(*value)) return false;
  if (!floats_) widen();
  const float kept = cell_value(*value);
  if (kept == 0 && is_not_zero(text)) ++tiny_;
  floats_[size_++] = kept;
  return true;
}

void CellBuffer::widen() {
  require_memory(beside_ + size_ + sizeof(float) * most_, memory_limit_,
                 fmt::format("{}: text and up to {} cells in single precision", file_, most_),
                 advice);
  floats_ = make_cells<float>(most_);
  std::copy_n(bytes_.get(), size_, floats_.get());
  bytes_.reset();
}

void CellBuffer::move_to(DatasetParts& parts) && {
  parts.cells = type();
  parts.storage_bytes = size_ * bytes_of(parts.cells);
  const auto* first = floats_ ? reinterpret_cast<const std::byte*>(floats_.get())
                              : reinterpret_cast<const std::byte*>(bytes_.get());
  const std::size_t row_bytes = parts.features * bytes_of(parts.cells);
  parts.rows.reserve(size_ / parts.features);
  for (std::size_t at = 0; at < parts.storage_bytes; at += row_bytes)
    parts.rows.push_back(first + at);
  if (floats_) {
    parts.storage.push_back(std::move(floats_));
  } else {
    parts.storage.push_back(std::move(bytes_));
  }
}

}  // namespace fallline::data
