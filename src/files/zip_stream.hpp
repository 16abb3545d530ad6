#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "files/atomic_file.hpp"

namespace fallline {

/// Writes a zip archive of stored (uncompressed) members, streamed, of any size: every record is
/// in the Zip64 form (PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.5.3).
class ZipStream {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;

  explicit ZipStream(AtomicFile& file) : file_(file) {}

  /// Adds a member. `produce` gives its contents to a sink, piece by piece, and is called twice,
  /// as the check sum stands before the contents: it must give the same both times.
  void add(const std::string& name, const std::function<void(const Sink&)>& produce);

  /// Ends the archive; the file is left to its owner to commit.
  void finish();

 private:
  struct Member {
    std::string name;
    std::uint64_t offset;
    std::uint64_t bytes;
    std::uint32_t check_sum;
  };

  void write(std::string_view text);

  AtomicFile& file_;
  std::uint64_t written_ = 0;
  std::vector<Member> members_;
};

}  // namespace fallline
