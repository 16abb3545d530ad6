#include "chart/xml_text.hpp"

#include <nlohmann/json.hpp>

namespace fallline::chart {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// `text` with every byte that is no part of a character replaced, by those who know UTF-8.
std::string valid_utf8(std::string_view text) {
  using nlohmann::json;
  const std::string quoted = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(quoted).get<std::string>();
}

std::string_view written(const char& c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return static_cast<unsigned char>(c) < 0x20 ? replacement : std::string_view(&c, 1);
  }
}

}  // namespace

std::string xml_text(std::string_view text, std::size_t longest) {
  std::string out;
  std::size_t characters = 0;
  const std::string valid = valid_utf8(text);
  for (const char& c : valid) {
    const bool begins_one = (c & 0xC0) != 0x80;
    if (begins_one && characters++ == longest) return out + "…";
    out += written(c);
  }
  return out;
}

}  // namespace fallline::chart
