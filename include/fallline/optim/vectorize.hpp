#pragma once

#include <cstddef>
#include <fallline/instruction_set.hpp>

#if defined(__x86_64__) && defined(__GNUC__)
#define FALLLINE_X86_SETS 1
#else
#define FALLLINE_X86_SETS 0
#endif

namespace fallline::optim {

// Each compiler is told that the iterations are independent. g++ at -O2 vectorises only where the
// number of iterations is known, hence the blocks; clang would first unroll such a block.
#ifdef __clang__
// Without optimisation, or with a sanitizer, it cannot, and need not say so.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpass-failed"
#define FALLLINE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety) unroll(disable)")
#define FALLLINE_WIDE
#else
#define FALLLINE_INDEPENDENT _Pragma("GCC ivdep")
#define FALLLINE_WIDE ",prefer-vector-width=512"
#endif

/// body(i) for every i in [first, last), the iterations in any order.
template <class Body>
[[gnu::always_inline]] inline void iterate(const Body& body, std::size_t first, std::size_t last) {
  constexpr std::size_t block = 64;
  const Body local = body;  // its numbers stay in registers
  std::size_t i = first;
  for (; i + block <= last; i += block) {
    FALLLINE_INDEPENDENT
    for (std::size_t k = 0; k < block; ++k) local(i + k);
  }
  for (; i < last; ++i) local(i);
}

// One copy of the loop for each instruction set; `flatten` inlines the body into it, where the
// compiler vectorises it with that set. Contraction into FMA must be off (the package's compile
// options see to it), or the copies would round differently.
template <class Body>
[[gnu::flatten]] void iterate_baseline(const Body& body, std::size_t first, std::size_t last) {
  iterate(body, first, last);
}

#if FALLLINE_X86_SETS
template <class Body>
[[gnu::flatten, gnu::target("avx2")]] void iterate_avx2(const Body& body, std::size_t first,
                                                        std::size_t last) {
  iterate(body, first, last);
}

template <class Body>
[[gnu::flatten, gnu::target("avx512f,avx512vl,avx512dq,avx512bw" FALLLINE_WIDE)]] void
iterate_avx512(const Body& body, std::size_t first, std::size_t last) {
  iterate(body, first, last);
}
#endif

/// The copy for an instruction set.
template <class Body>
[[nodiscard]] auto iterate_in(InstructionSet set)
    -> void (*)(const Body&, std::size_t, std::size_t) {
#if FALLLINE_X86_SETS
  if (set == InstructionSet::avx512) return &iterate_avx512<Body>;
  if (set == InstructionSet::avx2) return &iterate_avx2<Body>;
#endif
  (void)set;
  return &iterate_baseline<Body>;
}

#ifdef __clang__
#pragma clang diagnostic pop
#endif
#undef FALLLINE_INDEPENDENT
#undef FALLLINE_WIDE

}  // namespace fallline::optim
