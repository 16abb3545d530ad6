#include <fmt/format.h>

#include <fallline/error.hpp>
#include <fallline/schedule/bounds.hpp>

namespace fallline::schedule {

void require(bool holds, std::string_view field, double value, std::string_view bound) {
  if (!holds)
    throw usage_error(fmt::format("{} is {}", field, value), fmt::format("it must be {}", bound));
}

}  // namespace fallline::schedule
