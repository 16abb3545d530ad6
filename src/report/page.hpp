#pragma once

#include <string_view>

namespace fallline::report {

/// The page as it was built from web/, empty where it was not: what comes before the data and what
/// comes after them.
struct Page {
  std::string_view before;
  std::string_view after;
};
[[nodiscard]] Page page();

}  // namespace fallline::report
