#include "kernels/peak.hpp"

#include <algorithm>
#include <chrono>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/peak.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace fallline::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Enough independent sums to hide the latency of a multiply-add, two a cycle: 4 or 5 cycles, or 6
// of a multiplication and an addition where there is no such instruction. With the two factors they
// are few enough for 16 registers.
constexpr int chains = 12;

/// `rounds` of one multiply-add on each chain; returns the operations done.
double multiply_add(int rounds, float* sink) {
  const hn::ScalableTag<float> f;
  using V = hn::Vec<decltype(f)>;
  V sum[chains];
  for (int i = 0; i < chains; ++i) sum[i] = hn::Set(f, static_cast<float>(i));
  const V a = hn::Set(f, *sink);
  const V b = hn::Set(f, 1e-9F);
  for (int r = 0; r < rounds; ++r)
    for (V& s : sum) s = hn::MulAdd(s, a, b);
  for (int i = 1; i < chains; ++i) sum[0] = hn::Add(sum[0], sum[i]);
  *sink = hn::GetLane(sum[0]);
  return 2.0 * rounds * chains * static_cast<double>(hn::Lanes(f));
}

}  // namespace fallline::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace fallline::kernels {

HWY_EXPORT(multiply_add);

double peak_flops(Workers& workers) {
  using Clock = std::chrono::steady_clock;
  // Pieces of a quarter of a millisecond: a thread that was parked, and takes longer than one to
  // wake, finds others left, and is awake the next time.
  constexpr int rounds = 125'000;
  constexpr std::size_t pieces = 8;  // of each thread
  constexpr int repeats = 6;
  double best = 0;
  for (int k = 0; k < repeats; ++k) {
    const auto start = Clock::now();
    workers.for_each(pieces * workers.threads(), [](std::size_t) {
      float sink = 0.999F;
      (void)HWY_DYNAMIC_DISPATCH(multiply_add)(rounds, &sink);
      volatile float keep = sink;
      (void)keep;
    });
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    float sink = 0.999F;
    const double operations = HWY_DYNAMIC_DISPATCH(multiply_add)(1, &sink) * rounds;
    best = std::max(best, operations * static_cast<double>(pieces * workers.threads()) / seconds);
  }
  return best;
}

}  // namespace fallline::kernels
#endif
