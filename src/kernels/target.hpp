#pragma once

#include <string_view>

namespace fallline::kernels {

/// The instruction set whose copy of the kernels a call runs now, in Highway's words, e.g. "AVX3":
/// asked of that copy itself.
[[nodiscard]] std::string_view instruction_set();

}  // namespace fallline::kernels
