#pragma once

#include <string_view>

namespace fallline::schedule {

/// @throws Error(usage) that names the field (`"final of cosine"`), its value and its bound, unless
///         it `holds`.
void require(bool holds, std::string_view field, double value, std::string_view bound);

}  // namespace fallline::schedule
