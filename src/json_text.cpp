#include "json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fallline/memory.hpp>
#include <vector>

namespace fallline {
namespace {

/// How much there is in a text, as its brackets, commas, colons and quotes tell. Up to the first
/// mistake in the text a parser sees the same ones, so that it never makes more.
class Extent {
 public:
  Extent(std::string_view text, const Where& where, const JsonBounds& bounds)
      : text_(text), where_(where), bounds_(bounds) {}

  void look() {
    for (; at_ < text_.size(); ++at_) {
      switch (text_[at_]) {
        case '"':
          pass_string();
          break;
        case '[':
        case '{':
          open();
          break;
        case ']':
        case '}':
          if (!keys_.empty()) keys_.pop_back();
          break;
        case ',':
          ++values_;
          break;
        case ':':
          add_key();
          break;
        default:
          break;
      }
    }
  }

  /// What a value made of it takes: its growing lists and its texts, and the text itself.
  [[nodiscard]] std::uint64_t bytes() const {
    constexpr std::uint64_t of_value = 48;
    constexpr std::uint64_t of_container = 128;
    constexpr std::uint64_t of_key = 112;
    return 2 * text_.size() + of_value * (values_ + 1) + of_container * containers_ +
           of_key * all_keys_;
  }

 private:
  void pass_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\') ++at_;
  }

  void open() {
    ++values_;
    ++containers_;
    keys_.push_back(0);
    if (keys_.size() > bounds_.depth)
      refuse(fmt::format("is nested more than {} levels deep", bounds_.depth));
  }

  void add_key() {
    ++all_keys_;
    if (!keys_.empty() && ++keys_.back() > bounds_.keys)
      refuse(fmt::format("has more than {} keys in one object", bounds_.keys));
  }

  [[noreturn]] void refuse(std::string problem) const {
    Where where = where_;
    where.byte = where.byte.value_or(0) + at_;
    throw bad_input(where, std::move(problem), "no file that fallline writes is");
  }

  std::string_view text_;
  const Where& where_;
  const JsonBounds& bounds_;
  std::size_t at_ = 0;
  std::vector<std::uint64_t> keys_;  // of each object that is open
  std::uint64_t values_ = 0;
  std::uint64_t containers_ = 0;
  std::uint64_t all_keys_ = 0;
};

}  // namespace

void require_bounded_json(std::string_view text, const Where& where, const JsonBounds& bounds,
                          std::uint64_t memory_limit) {
  Extent extent(text, where, bounds);
  extent.look();
  // A line of a history is not worth asking the machine what it has.
  constexpr std::uint64_t small = 1 << 20;
  if (memory_limit != 0 || extent.bytes() > small)
    require_memory(extent.bytes(), memory_limit, where.file, "leave the file out");
}

}  // namespace fallline
