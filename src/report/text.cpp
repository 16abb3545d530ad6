#include "report/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace fallline::report {
namespace {

const char* escape_of(char c) {
  switch (c) {
    case '<':
      return "\\u003c";
    case '>':
      return "\\u003e";
    case '&':
      return "\\u0026";
    default:
      return nullptr;
  }
}

}  // namespace

std::string for_html(const Json& json) {
  constexpr bool ascii = true;
  const std::string text = json.dump(-1, ' ', ascii, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  // Outside strings JSON has none of these.
  for (const char c : text) {
    if (const char* escape = escape_of(c)) {
      safe += escape;
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string data_uri(std::string_view type, std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = fmt::format("data:{};base64,", type);
  uri.reserve(uri.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view three = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < three.size() ? static_cast<std::uint8_t>(three[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      uri += k <= three.size() ? digits[bits >> (18 - 6 * k) & 63U] : '=';
  }
  return uri;
}

Json seven_digits(double value) {
  if (!std::isfinite(value)) return {};
  return std::strtod(fmt::format("{:.7g}", value).c_str(), nullptr);
}

void shorten(Json& json) {
  constexpr std::size_t long_list = 64;
  if (!json.is_structured()) return;
  const bool numbers = json.is_array() && json.size() >= long_list;
  for (Json& item : json) {
    if (numbers && item.is_number_float()) item = seven_digits(item.get<double>());
    shorten(item);
  }
}

}  // namespace fallline::report
