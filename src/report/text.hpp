#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ordered_json.hpp"

namespace fallline::report {

/// JSON that may stand in a <script> of an HTML page: pure ASCII without <, > and &, so that no
/// text in it can end the script, open a comment or be taken for markup; nor are there U+2028 and
/// U+2029.
[[nodiscard]] std::string for_html(const Json& json);

/// `data:TYPE;base64,…` (RFC 2397, RFC 4648).
[[nodiscard]] std::string data_uri(std::string_view type, std::string_view bytes);

/// A number in seven digits, which is more than a chart shows; null where it is not finite.
[[nodiscard]] Json seven_digits(double value);

/// The numbers of long lists in seven digits.
void shorten(Json& json);

}  // namespace fallline::report
