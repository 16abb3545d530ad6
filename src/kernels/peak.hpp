#pragma once

#include <fallline/workers.hpp>

namespace fallline::kernels {

/// Floating-point operations a second that independent fused multiply-adds reach on all workers
/// together, with the instruction set of the kernels: the best of ten rounds, some 10 to 20 ms.
[[nodiscard]] double peak_flops(Workers& workers);

}  // namespace fallline::kernels
