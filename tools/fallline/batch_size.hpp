#pragma once

#include <cstddef>
#include <string>

namespace fallline::tool {

/// A batch size as a person writes it: a number from 1, `full` or `auto`. @throws Error(usage)
[[nodiscard]] std::size_t batch_size_named(const std::string& text);

}  // namespace fallline::tool
