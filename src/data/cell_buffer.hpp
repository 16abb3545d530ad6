#pragma once

#include <cstddef>
#include <cstdint>
#include <fallline/data/dataset.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace fallline::data {

/// The cells of a text table in one buffer: bytes for as long as every cell is written as a whole
/// number in 0..255, floats from the first that is not.
class CellBuffer {
 public:
  /// @param most    cells that there may be
  /// @param beside  bytes held beside the cells
  /// @throws Error(not_enough_memory) where they cannot fit as bytes; so does `add` for floats.
  CellBuffer(std::string file, std::size_t most, std::uint64_t beside, std::uint64_t memory_limit);

  /// Cells whose number is smaller than any that is kept.
  [[nodiscard]] std::size_t tiny() const { return tiny_; }

  /// Appends a cell. False, and nothing is appended, where it is no finite number.
  [[nodiscard]] bool add(std::string_view text);

  [[nodiscard]] CellType type() const { return floats_ ? CellType::f32 : CellType::u8; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Gives the cells to `parts`, as rows of `parts.features`.
  void move_to(DatasetParts& parts) &&;

 private:
  void widen();

  std::string file_;
  std::size_t most_;
  std::uint64_t beside_;
  std::uint64_t memory_limit_;
  std::size_t size_ = 0;
  std::size_t tiny_ = 0;
  std::shared_ptr<std::uint8_t[]> bytes_;
  std::shared_ptr<float[]> floats_;
};

}  // namespace fallline::data
