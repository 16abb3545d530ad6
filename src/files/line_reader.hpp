#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "files/regular_file.hpp"

namespace fallline {

/// The lines of a file of any length, one after another in bounded memory.
class LineReader {
 public:
  /// What a line may have; no line that fallline writes comes near it.
  static constexpr std::size_t most_bytes = std::size_t{16} << 20U;

  /// @throws Error(bad_input) as `RegularFile`
  explicit LineReader(const std::filesystem::path& path);

  /// The next line, without its end. False at the end of the file.
  /// @throws Error(bad_input) where a line is longer than `most_bytes`
  [[nodiscard]] bool next(std::string& line);

  /// The number of the last line, from 1.
  [[nodiscard]] std::uint64_t row() const { return row_; }
  /// Whether the last line had an end.
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  [[nodiscard]] bool fill();

  std::string name_;
  RegularFile file_;
  std::vector<char> block_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::uint64_t row_ = 0;
  bool ended_ = false;
};

}  // namespace fallline
