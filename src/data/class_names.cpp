#include "data/class_names.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fallline/error.hpp>
#include <set>

#include "data/examined.hpp"
#include "data/text.hpp"

namespace fallline::data {

std::vector<std::string> read_class_names(const std::filesystem::path& path,
                                          std::uint64_t memory_limit) {
  std::vector<std::string> names;
  std::set<std::string_view> known;
  const Text text = read_text(Examined(path).candidate(), memory_limit);
  require_utf8_lines(text.content, path.string());
  for (std::string_view rest = text.content; !rest.empty();) {
    const std::size_t end = rest.find_first_of("\r\n");
    const std::string_view name = trimmed(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (name.empty()) continue;
    if (!known.insert(name).second)
      throw bad_input({.file = path.string()},
                      fmt::format("names the class {} twice", shown(name)));
    names.emplace_back(name);
  }
  if (names.empty()) throw bad_input({.file = path.string()}, "names no classes");
  return names;
}

LabelMap with_names(LabelMap numbers, const std::vector<std::string>& names,
                    const std::string& place) {
  std::vector<std::int32_t> number_of;
  for (const std::string& text : numbers.class_names) {
    std::size_t number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || number >= names.size())
      throw bad_input({.file = place},
                      fmt::format("the label {} does not number one of the {} class names",
                                  shown(text), names.size()),
                      "labels count from 0, in the order of the names");
    number_of.push_back(static_cast<std::int32_t>(number));
  }
  for (std::int32_t& label : numbers.labels) label = number_of[static_cast<std::size_t>(label)];
  numbers.class_names = names;
  return numbers;
}

}  // namespace fallline::data
