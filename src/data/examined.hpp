#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "data/reader.hpp"
#include "files/contents.hpp"
#include "files/mapped_file.hpp"

namespace fallline::data {

/// A path as the readers are shown it, with what its head lies in.
class Examined {
 public:
  /// @throws Error(bad_input) where there is nothing at `path`, or it cannot be read.
  explicit Examined(const std::filesystem::path& path);
  Examined(const Examined&) = delete;
  Examined& operator=(const Examined&) = delete;

  [[nodiscard]] const Candidate& candidate() const { return candidate_; }

 private:
  Candidate candidate_;
  std::shared_ptr<const MappedFile> file_;
  std::vector<std::byte> unpacked_;
};

/// The contents of a candidate, never empty.
/// @throws Error(not_enough_memory) before it is mapped or unpacked; Error(bad_input) where it
///         holds nothing.
[[nodiscard]] Contents contents_of(const Candidate& candidate, std::uint64_t memory_limit);

}  // namespace fallline::data
