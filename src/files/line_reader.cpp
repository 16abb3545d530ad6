#include "files/line_reader.hpp"

#include <algorithm>
#include <fallline/error.hpp>
#include <fallline/memory.hpp>

namespace fallline {

LineReader::LineReader(const std::filesystem::path& path)
    : name_(path.string()), file_(path), block_(std::size_t{1} << 16U) {}

bool LineReader::fill() {
  at_ = 0;
  end_ = file_.read(block_);
  return end_ != 0;
}

bool LineReader::next(std::string& line) {
  line.clear();
  ended_ = false;
  if (at_ == end_ && !fill()) return false;
  ++row_;
  while (!ended_ && (at_ != end_ || fill())) {
    const char* first = block_.data() + at_;
    const char* last = std::find(first, static_cast<const char*>(block_.data() + end_), '\n');
    if (line.size() + static_cast<std::size_t>(last - first) > most_bytes)
      throw bad_input({.file = name_, .row = row_},
                      "the line has more than " + format_bytes(most_bytes),
                      "is it the right file?");
    line.append(first, last);
    ended_ = last != block_.data() + end_;
    at_ = static_cast<std::size_t>(last - block_.data()) + (ended_ ? 1 : 0);
  }
  return true;
}

}  // namespace fallline
